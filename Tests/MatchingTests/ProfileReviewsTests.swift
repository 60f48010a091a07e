import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Review, renewal and the end of a profile's time")
struct ProfileReviewsTests {
    private static let reviewer = "uid:2000"
    private static let passed = marks(4, clarity: 4)
    private static let held: JSON = [
        "advantages": ["points": 0, "comment": "무엇이 새로운지 없습니다"], "clarity": ["points": 5],
        "cooperation": ["points": 5], "language": ["points": 5],
    ]

    private static func marks(_ points: Int64, clarity: Int64) -> JSON {
        let others: JSON = ["points": .integer(points)]
        return [
            "advantages": others, "clarity": ["points": .integer(clarity)], "cooperation": others, "language": others,
        ]
    }

    /// As its own people do, who are no operators.
    private func own(_ exchange: Exchange, _ verb: String, _ id: String, _ more: JSON = [:]) async throws -> JSON {
        var parameters = more
        parameters["id"] = .string(id)
        return try await exchange.kit.call(
            "matching.technologies.\(verb)", parameters, principal: "institute", roles: [.viewer, .member])
    }

    private func review(_ exchange: Exchange, _ id: String, _ score: JSON, version: Int64 = 1) async throws -> JSON {
        try await exchange.kit.call(
            "matching.technologies.review", ["id": .string(id), "version": .integer(version), "score": score],
            principal: Self.reviewer, roles: [.viewer, .operator])
    }

    private func queue(_ exchange: Exchange, _ more: JSON = [:]) async throws -> JSON {
        try await exchange.kit.call("matching.technologies.queue", more)
    }

    /// Submitted, held, edited, submitted, passed, recommended, told of its end, expired, renewed.
    @Test func theWholeLifeOfAProfile() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("수소 저장 용기")
        let id = try await exchange.technology("수소 저장 용기 기술", publish: false)
        let direct = try await exchange.fault(
            "matching.technologies.publish", ["id": .string(id)], as: "institute")
        #expect(direct?.data["rule"]?.string == "profile.notReviewed")
        #expect(direct?.message.en.contains("matching.technologies.submit") == true)

        #expect(try await own(exchange, "submit", id)["state"]?.string == "submitted")
        #expect(try await own(exchange, "submit", id)["state"]?.string == "submitted")
        #expect(try await queue(exchange).at("/items/0/profile/id")?.string == id)
        // What waits is not public.
        let hidden = try await exchange.fault("matching.technologies.get", ["id": .string(id)], as: "stranger")
        #expect(hidden?.code == .notFound)

        let held = try await review(exchange, id, Self.held)
        #expect(held.at("/profile/state")?.string == "onHold" && held.at("/review/total")?.integer == 15)
        #expect(try await queue(exchange)["items"]?.array == [])
        let told = try await own(exchange, "reviews", id)
        #expect(told.at("/items/0/score/advantages/comment")?.string == "무엇이 새로운지 없습니다")

        _ = try await own(exchange, "update", id, ["advantages": "무게가 절반"])
        _ = try await own(exchange, "submit", id)
        #expect(try await queue(exchange).at("/items/0/earlierReviews")?.integer == 1)
        let passed = try await review(exchange, id, Self.passed, version: 2)
        #expect(passed.at("/profile/state")?.string == "published" && passed.at("/review/grade")?.string == "good")
        #expect(passed.at("/profile/isReviewed")?.bool == true)
        let end = kit.now.adding(seconds: 365 * 86_400)
        #expect(passed.at("/profile/validUntil")?.string == end.description)

        let ask: JSON = ["demandId": .string(demand)]
        #expect(try await kit.call("matching.recommend", ask).at("/items/0/id")?.string == id)
        try await kit.advance(seconds: 334 * 86_400)
        #expect(try await !exchange.types().contains("ieum.matching.technology.expiring"))
        try await kit.advance(seconds: 2 * 86_400)
        try await kit.advance(seconds: 2 * 86_400)
        let notices = try await kit.events.filter { $0["type"]?.string == "ieum.matching.technology.expiring" }
        #expect(notices.map { $0["subject"]?.string } == [id])
        #expect(notices.first?.at("/data/renewWith")?.string == "matching.technologies.prolong")

        try await kit.advance(seconds: 30 * 86_400)
        #expect(try await own(exchange, "get", id)["state"]?.string == "expired")
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array == [])
        // The demand's year is over as well.
        try await kit.call("matching.demands.prolong", ["id": .string(demand)])
        let renewed = try await own(exchange, "prolong", id)
        #expect(renewed["state"]?.string == "published" && renewed["renewals"]?.integer == 1)
        #expect(renewed["isReviewed"]?.bool == true)
        #expect(renewed["validUntil"]?.string == kit.now.adding(seconds: 365 * 86_400).description)
        #expect(try await kit.call("matching.recommend", ask).at("/items/0/id")?.string == id)
        let history = try await own(exchange, "history", id)
        #expect(
            history["items"]?.array?.compactMap { $0["action"]?.string } == [
                "created", "submitted", "held", "edited", "submitted", "published", "expired", "renewed",
            ])
        #expect(history["items"]?.array?.compactMap { $0["principal"]?.string }[2] == Self.reviewer)
    }

    @Test func nobodyReviewsForHisOwnOrganisation() async throws {
        let exchange = try await Exchange()
        let id = try await exchange.technology("자체 검토", publish: false)
        _ = try await own(exchange, "submit", id)
        let parameters: JSON = ["id": .string(id), "version": 1, "score": Self.passed]
        // An operator, but one of the institute's own people.
        let fault = try await exchange.fault(
            "matching.technologies.review", parameters, as: "institute", [.viewer, .member, .operator])
        #expect(fault?.data["rule"]?.string == "review.ownOrganisation")
        let member = try await exchange.fault("matching.technologies.review", parameters, as: Self.reviewer)
        #expect(member?.code == .forbidden)
        let lists = try await exchange.fault("matching.technologies.queue", [:], as: Self.reviewer)
        #expect(lists?.code == .forbidden)
        let reads = try await exchange.fault("matching.technologies.reviews", ["id": .string(id)], as: Self.reviewer)
        #expect(reads?.code == .notFound)
        #expect(try await review(exchange, id, Self.passed).at("/profile/state")?.string == "published")
        let foreign = try await exchange.fault(
            "matching.technologies.reviews", ["id": .string(id)], as: Self.reviewer)
        #expect(foreign?.code == .forbidden)
    }

    @Test func aReviewIsOfTheVersionThatWasRead() async throws {
        let exchange = try await Exchange()
        let id = try await exchange.technology("버전", publish: false)
        _ = try await own(exchange, "submit", id)
        _ = try await own(exchange, "update", id, ["summary": "그 사이에 고침"])
        let stale = await #expect(throws: Fault.self) { try await review(exchange, id, Self.passed) }
        #expect(stale?.code == .conflict && stale?.data["version"]?.integer == 2)
        let silent = await #expect(throws: Fault.self) {
            try await review(exchange, id, Self.marks(2, clarity: 6), version: 2)
        }
        #expect(silent?.pointers == ["/score/clarity/points"])
        let comment = await #expect(throws: Fault.self) {
            try await review(exchange, id, Self.marks(2, clarity: 5), version: 2)
        }
        #expect(
            comment?.pointers == ["/score/advantages/comment", "/score/cooperation/comment", "/score/language/comment"])
        _ = try await review(exchange, id, Self.passed, version: 2)
        let twice = await #expect(throws: Fault.self) { try await review(exchange, id, Self.passed, version: 2) }
        #expect(twice?.data["rule"]?.string == "profile.notInReview")
    }

    /// An operator's publication shows that nobody reviewed it; a member's edit of it waits for a reviewer meanwhile.
    @Test func whatIsPublicWithoutReviewSaysSo() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await exchange.technology("직접 공개")
        #expect(try await own(exchange, "get", id)["isReviewed"]?.bool == false)
        #expect(try await queue(exchange)["items"]?.array == [])
        _ = try await own(exchange, "submit", id)
        let reviewed = try await review(exchange, id, Self.passed)
        #expect(
            reviewed.at("/profile/isReviewed")?.bool == true && reviewed.at("/profile/state")?.string == "published")
        let again = try await exchange.fault("matching.technologies.submit", ["id": .string(id)], as: "institute")
        #expect(again?.data["rule"]?.string == "profile.reviewed")
        // A longer validity is no new content.
        let later = kit.now.adding(seconds: 500 * 86_400).description
        let longer = try await own(exchange, "update", id, ["validUntil": .string(later)])
        #expect(longer["isReviewed"]?.bool == true && longer["version"]?.integer == 1)
        let edited = try await own(exchange, "update", id, ["title": "직접 공개한 것의 새 제목"])
        #expect(edited["isReviewed"]?.bool == false && edited["state"]?.string == "published")
        #expect(try await queue(exchange).at("/items/0/profile/version")?.integer == 2)
        // The same content again is no edit.
        let same = try await own(exchange, "update", id, ["title": "직접 공개한 것의 새 제목"])
        #expect(same["version"]?.integer == 2)
        let rejected = try await review(
            exchange, id,
            [
                "advantages": ["points": 1, "comment": "없음"], "clarity": ["points": 1, "comment": "모호"],
                "cooperation": ["points": 1, "comment": "없음"], "language": ["points": 1, "comment": "비문"],
            ], version: 2)
        #expect(rejected.at("/profile/state")?.string == "rejected")
        let found = try await kit.call("matching.technologies.search", ["text": "직접 공개"])
        #expect(found["items"]?.array == [])
        // The event of what left the public tells nothing of it.
        let event = try await kit.events.last { $0["type"]?.string == "ieum.matching.technology.rejected" }
        #expect(event?.at("/data/state")?.string == "rejected" && event?.at("/data/title") == nil)
    }

    @Test func theQueueIsInTheOrderOfSubmission() async throws {
        let exchange = try await Exchange()
        var ids: [String] = []
        for number in 1...5 { ids.append(try await exchange.technology("기술 \(number)", publish: false)) }
        let order = [ids[3], ids[0], ids[4], ids[2], ids[1]]
        for id in order { _ = try await own(exchange, "submit", id) }
        let first = try await queue(exchange, ["limit": 2])
        let rest = try await queue(exchange, ["after": try #require(first["next"])])
        let read = [first, rest].flatMap { $0["items"]?.array ?? [] }.compactMap { $0.at("/profile/id")?.string }
        #expect(read == order && rest["next"]?.string == nil)
        #expect(try await queue(exchange, ["type": "businessOffer"])["items"]?.array == [])
    }

    /// Whatever takes a profile away takes it from the reviewers too.
    @Test func whatIsWithdrawnOrMergedWaitsNoMore() async throws {
        let exchange = try await Exchange()
        var ids: [String] = []
        for number in 1...3 { ids.append(try await exchange.technology("기술 \(number)", publish: false)) }
        for id in ids { _ = try await own(exchange, "submit", id) }
        _ = try await own(exchange, "withdraw", ids[0])
        let merge: JSON = ["keep": .string(ids[2]), "drop": .string(ids[1])]
        let merged = try await exchange.kit.call("matching.technologies.merge", merge)
        #expect(merged.at("/dropped/state")?.string == "withdrawn")
        let waiting = try await queue(exchange)["items"]?.array ?? []
        #expect(waiting.compactMap { $0.at("/profile/id")?.string } == [ids[2]])
    }

    @Test func renewalIsForWhatWasPublicAndAlwaysLonger() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let draft = try await exchange.technology("초안", publish: false)
        let no = try await exchange.fault("matching.technologies.prolong", ["id": .string(draft)], as: "institute")
        #expect(no?.data["rule"]?.string == "profile.notRenewable")
        let id = try await exchange.technology("공개")
        let same = try await kit.fault("matching.technologies.prolong", ["id": .string(id)])
        #expect(same.pointers == ["/validUntil"])
        try await kit.advance(seconds: 60)
        let longer = try await own(exchange, "prolong", id)
        #expect(longer["renewals"]?.integer == 1 && longer["isReviewed"]?.bool == false)
        _ = try await own(exchange, "withdraw", id)
        let gone = try await exchange.fault("matching.technologies.prolong", ["id": .string(id)], as: "institute")
        #expect(gone?.data["rule"]?.string == "profile.notRenewable")
        let again = try await exchange.fault("matching.technologies.publish", ["id": .string(id)], as: "institute")
        #expect(again?.data["rule"]?.string == "profile.notReviewed")
    }

    @Test func historySaysWhoWhenAndWhatAndOutlivesARestart() async throws {
        let path = "/tmp/ieum-matching-\(UInt64.random(in: .min ... .max)).sqlite"
        let exchange = try await Exchange(path: path)
        let id = try await exchange.technology("이력", publish: false)
        _ = try await own(
            exchange, "update", id, ["trl": 4, "description": .string(String(repeating: "긴 글 ", count: 90))])
        _ = try await own(exchange, "submit", id)
        _ = try await review(exchange, id, Self.passed, version: 2)
        exchange.kit.database.close()
        let kit = try TestService(Matching.service, now: exchange.kit.now, path: path)
        defer { kit.database.close() }
        let ask: JSON = ["id": .string(id)]
        let steps = try await kit.call("matching.technologies.history", ask)["items"]?.array ?? []
        #expect(steps.compactMap { $0["principal"]?.string } == ["uid:1000", "institute", "institute", Self.reviewer])
        #expect(steps.first?["changes"]?.array == [])
        let edit = steps[1]["changes"]?.array ?? []
        #expect(edit.compactMap { $0["member"]?.string }.sorted() == ["description", "trl", "version"])
        let trl = edit.first { $0["member"]?.string == "trl" }
        #expect(trl?["after"]?.integer == 4 && trl?["before"]?.integer == nil)
        #expect(edit.first { $0["member"]?.string == "description" }?["after"]?.string?.count == 201)
        #expect(steps.last?["reason"]?.string == "good 16/20")
        // A page goes on where the last one ended, with the same comparison.
        let page = try await kit.call("matching.technologies.history", ["id": .string(id), "after": 1, "limit": 1])
        #expect(page.at("/items/0/changes")?.array == edit && page["next"]?.string == "2")
        #expect(try await kit.call("matching.technologies.reviews", ask).at("/items/0/total")?.integer == 16)
        #expect(try await kit.call("matching.technologies.get", ask)["isReviewed"]?.bool == true)
    }
}
