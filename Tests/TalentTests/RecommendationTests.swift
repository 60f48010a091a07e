import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Talent

@Suite struct RecommendationTests {
    @Test func recommendsPeopleMaskedBestFirstWithReasons() async throws {
        let world = try World()
        let best = try await world.register()
        let weaker = try await world.register([
            "name": "Jane Doe", "region": "KR-11", "skills": [["skill": "robotics", "level": "basic"]],
            "industries": [],
        ])
        _ = try await world.register(["skills": [["skill": "PLC"]]])
        let posting = try await world.posting()
        let answer = try await world.kit.call("talent.recommend", ["postingId": posting])
        let items = try #require(answer["items"]?.array)
        #expect(items.compactMap { $0["id"] } == [best, weaker])
        #expect(items[0]["title"] == "김○○ · 연구" && items[1].at("/person/name") == "J. D.")
        let scores = items.compactMap { $0["score"]?.double }
        #expect(scores[0] > 0.9 && scores[1] < scores[0] && scores[1] > 0)
        let reasons = try #require(items[0]["reasons"]?.array)
        #expect(
            reasons.compactMap { $0["component"]?.string }
                == ["skills", "availability", "region", "industry", "kind", "attention"])
        for reason in reasons {
            let value = reason["value"]?.double ?? -1
            #expect((0...1).contains(value) && reason["weight"] != nil)
            #expect(reason["ko"]?.string?.isEmpty == false && reason["en"]?.string?.isEmpty == false)
        }
        let sums = reasons.reduce(into: (0.0, 0.0)) { sums, reason in
            sums.0 += (reason["weight"]?.double ?? 0) * (reason["value"]?.double ?? 0)
            sums.1 += reason["weight"]?.double ?? 0
        }
        #expect(abs(sums.0 / sums.1 - scores[0]) < 0.001, "the reasons explain the score")
        for secret in ["철수", "Doe", "chulsoo", "010-"] { #expect(!answer.text.contains(secret)) }
    }

    @Test func rulesOutWithAReason() async throws {
        let world = try World()
        let posting = try await world.posting()
        let busy = try await world.register()
        try await world.kit.call("talent.engagements.hold", world.hold(busy, 0, 60, 70))
        let picky = try await world.register(["seeks": ["employment"]])
        let unskilled = try await world.register(["skills": [["skill": "PLC"]]])
        let declined = try await world.register()
        let interest = try await world.kit.call(
            "talent.interests.express", ["postingId": posting, "personId": declined, "side": "organisation"])
        try await world.kit.call(
            "talent.interests.decline", ["id": interest["id"] ?? .null, "side": "person", "reason": "location"])
        let shy = try await world.register(["consents": .null])
        let answer = try await world.kit.call("talent.recommend", ["postingId": posting])
        #expect(answer["items"] == [])
        #expect(answer["excluded"] == ["availability.none": 1, "interest.declined": 1, "kind.unwanted": 1])
        for (person, rule) in [
            (busy, "availability.none"), (picky, "kind.unwanted"), (unskilled, "skill.missing"),
            (declined, "interest.declined"), (shy, "consent.recommendation"),
        ] {
            let explained = try await world.kit.call("talent.explain", ["postingId": posting, "personId": person])
            #expect(explained.at("/blocked/0/rule") == .string(rule) && explained["score"]?.double == 0)
            #expect(explained.at("/blocked/0/ko")?.string?.isEmpty == false)
            // Nothing is said of somebody who did not consent.
            #expect((explained["reasons"] == []) == (person == shy))
        }
    }

    @Test func recommendsPostingsToAPerson() async throws {
        let world = try World()
        let person = try await world.register(principal: "uid:10")
        let near = try await world.posting()
        let far = try await world.posting(["region": "KR-49", "industry": "space"])
        _ = try await world.posting(["publish": false])
        _ = try await world.posting(["skills": [["skill": "NGS", "need": "must"]]])
        let past = try await world.posting(["start": world.day(-20), "end": world.day(-1)])
        let ask: JSON = ["personId": person]
        let answer = try await world.kit.call("talent.recommend", ask, principal: "uid:10", roles: member)
        #expect(answer["items"]?.array?.compactMap { $0["id"] } == [near, far])
        #expect(answer.at("/items/0/posting/title") == answer.at("/items/0/title"))
        #expect(answer.at("/items/0/person") ?? .null == .null)
        let explained = try await world.kit.call("talent.explain", ["postingId": past, "personId": person])
        #expect(explained.at("/blocked/0/rule") == "posting.past")
        let stranger = try await world.fault("talent.recommend", ask, principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "recommendation"])
        #expect(try await world.fault("talent.recommend", ask).data["rule"] == "consent.recommendation")
    }

    @Test func spreadsAttention() async throws {
        let world = try World()
        let (asked, fresh) = (try await world.register(), try await world.register())
        for _ in 0..<3 {
            let posting = try await world.posting()
            try await world.kit.call(
                "talent.interests.express", ["postingId": posting, "personId": asked, "side": "organisation"])
        }
        let posting = try await world.posting()
        let items = try await world.kit.call("talent.recommend", ["postingId": posting])["items"]?.array
        #expect(items?.compactMap { $0["id"] } == [fresh, asked])
        let limited = try await world.kit.call("talent.recommend", ["postingId": posting, "limit": 1])
        #expect(limited["items"]?.array?.compactMap { $0["id"] } == [fresh])
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let (person, posting) = (try await world.register(), try await world.posting())
        #expect(try await world.refuses("talent.recommend", [:], at: ""))
        #expect(try await world.refuses("talent.recommend", ["postingId": posting, "personId": person], at: ""))
        #expect(try await world.refuses("talent.recommend", ["postingId": posting, "limit": 51], at: "/limit"))
        let unknown: JSON = "\(PostingID.new(at: world.kit.now))"
        #expect(try await world.fault("talent.recommend", ["postingId": unknown]).code == .notFound)
        #expect(try await world.fault("talent.explain", ["postingId": unknown, "personId": person]).code == .notFound)
        let nobody: JSON = "\(PersonID.new(at: world.kit.now))"
        #expect(try await world.fault("talent.recommend", ["personId": nobody]).code == .notFound)
        #expect(try await world.fault("talent.explain", ["postingId": posting, "personId": nobody]).code == .notFound)
    }

    @Test func skillMethodsAnswer() async throws {
        let world = try World()
        let found = try await world.kit.call("talent.skills.list", ["text": "로봇"])
        #expect(found["items"]?.array?.contains { $0["code"] == "machines.robotics" } == true)
        #expect(try await world.kit.call("talent.skills.list")["items"]?.array?.count == SkillTerm.all.count)
        let codes = try await world.kit.call("talent.skills.normalise", ["texts": ["딥러닝", "도자기"]])["items"]?.array
        #expect(codes?.compactMap { $0["code"] } == ["ict.machine-learning", "free:도자기"])
        #expect(codes?.compactMap { $0["known"] } == [true, false])
        #expect(try await world.refuses("talent.skills.normalise", ["texts": ["AI", "a@b.kr"]], at: "/texts/1"))
        let discovered = try await world.kit.call("rpc.discover")
        #expect((discovered["methods"]?.array?.count ?? 0) > 30)
    }
}
