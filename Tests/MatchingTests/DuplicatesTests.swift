import Daejeon
import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Duplicates and merge")
struct DuplicatesTests {
    static let tokeniser = Tokeniser()

    /// Title and whole text of every profile of the Daejeon data.
    static let texts: [(title: String, text: String)] = Daejeon.load.compactMap { call in
        guard ["matching.demands.create", "matching.technologies.create"].contains(call.method),
            let title = call.params["title"]?.string
        else { return nil }
        let parts = [title, call.params["summary"]?.string ?? "", call.params["description"]?.string ?? ""]
        return (title, (parts + (call.params["keywords"]?.texts ?? [])).joined(separator: "\n"))
    }

    @Test func differentProfilesOfDaejeonAreNotSuspected() {
        let texts = Self.texts.map { Likeness.Text($0.text, title: $0.title, Self.tokeniser) }
        #expect(texts.count >= 40)
        var most = 0.0
        for i in texts.indices {
            for j in texts.indices where j > i {
                let likeness = Likeness(texts[i], texts[j])
                #expect(likeness.reasons.isEmpty, "\(Self.texts[i].title) / \(Self.texts[j].title): \(likeness)")
                most = max(most, likeness.text)
            }
        }
        // The limit stands well above what different things share.
        #expect(most < Likeness.likeTitleText, "\(most)")
    }

    @Test func copiesWithAFewChangedWordsAreSuspected() {
        for (place, original) in Self.texts.enumerated() {
            var words = original.text.split(separator: " ").map(String.init)
            guard words.count >= 12 else { continue }
            // Every twelfth word is another, and a sentence is added.
            for index in words.indices where (index + place) % 12 == 11 { words[index] = "바꾼낱말" }
            let copy = words.joined(separator: " ") + " 문의를 환영한다"
            let likeness = Likeness(
                Likeness.Text(original.text, title: original.title, Self.tokeniser),
                Likeness.Text(copy, title: original.title + " 기술", Self.tokeniser))
            #expect(!likeness.reasons.isEmpty, "\(original.title): \(likeness)")
        }
    }

    @Test func createHintsAndTheListGroups() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let more: JSON = ["summary": "이차이온 질량분석으로 1 nm 층의 불순물을 ppm 수준까지 깊이 방향으로 분석하는 기술과 장비를 제공한다"]
        let first = try await exchange.technology("이차이온 질량분석 기술", more)
        _ = try await exchange.technology("드론 관제 시스템", ["summary": "여러 대의 드론을 한 번에 관제한다"])
        let copy = try await kit.call(
            "matching.technologies.create",
            [
                "organisationId": .string(exchange.company), "title": "이차이온 질량분석 기술",
                "summary": "이차이온 질량분석으로 1 nm 층의 불순물을 ppm 수준까지 깊이 방향으로 분석하는 기술과 장비 제공",
            ])
        #expect(copy.at("/suspects/0/id")?.string == first && copy.at("/suspects/0/isCertain") == false)
        let twin = try await kit.call(
            "matching.technologies.create",
            ["organisationId": .string(exchange.institute), "title": "이차이온  질량분석기술", "summary": "전혀 다른 말"])
        #expect(twin.at("/suspects/0/id")?.string == first && twin.at("/suspects/0/isCertain") == true)
        #expect(twin["suspects"]?.array?.count == 1 && twin.at("/suspects/0/reasons") == ["sameTitle"])
        try await kit.call("matching.technologies.publish", ["id": copy["id"] ?? .null])
        let list = try await kit.call("matching.technologies.duplicates")
        let group = list["items"]?.array?.first
        #expect(list["items"]?.array?.count == 1 && list["examined"] == 4)
        #expect(group?["id"]?.string == first && group?["suspects"]?.array?.count == 2)
        // Others' drafts are nobody's business.
        let seen = try await kit.call("matching.technologies.duplicates", principal: "stranger", roles: [.viewer])
        #expect(seen.at("/items/0/suspects")?.array?.count == 1)
    }

    @Test func oneStaysWithTheDealsOfBoth() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let keep = try await exchange.technology("질량분석 기술")
        let drop = try await exchange.technology("질량 분석 기술")
        let one = try await exchange.demand("질량분석 수요")
        let other = try await exchange.demand("질량분석 장비 수요")
        let moved = try await exchange.agreedDeal(one, drop)
        let left = try await exchange.agreedDeal(other, drop)
        _ = try await exchange.agreedDeal(other, keep)
        let pair: JSON = ["keep": .string(keep), "drop": .string(drop), "reason": "같은 기술"]

        let hold = try await kit.call(
            "matching.technologies.hold",
            ["technologyId": .string(drop), "demandId": .string(one), "ttlSeconds": 60, "holder": "가나바이오"])
        #expect(try await kit.fault("matching.technologies.merge", pair).data["rule"] == "technology.held")
        try await kit.call("matching.technologies.void", ["id": hold["id"] ?? .null])
        #expect(
            try await exchange.fault("matching.technologies.merge", pair, as: "company")?.code == .forbidden)

        let merged = try await kit.call("matching.technologies.merge", pair)
        #expect(merged["movedDeals"]?.texts == [moved] && merged["leftDeals"]?.texts == [left])
        let gone = try await kit.call("matching.technologies.get", ["id": .string(drop)])
        #expect(gone["state"] == "withdrawn" && gone["mergedInto"]?.string == keep)
        #expect(try await kit.call("matching.deals.get", ["id": .string(moved)])["technologyId"]?.string == keep)
        for (id, action) in [(keep, "merged"), (drop, "mergedInto")] {
            let steps = try await kit.call("matching.technologies.history", ["id": .string(id)])["items"]?.array ?? []
            #expect(steps.last?["action"]?.string == action)
            #expect(steps.last?["reason"]?.string?.contains("같은 기술") == true)
        }
        // Asked again it changes nothing; the one that went stays gone, and leads to the one that stays.
        #expect(try await kit.call("matching.technologies.merge", pair)["movedDeals"] == [])
        let fault = try await kit.fault("matching.technologies.publish", ["id": .string(drop)])
        #expect(fault.data["rule"] == "profile.merged" && fault.data["mergedInto"]?.string == keep)
        let found = try await kit.call("matching.technologies.search", ["text": "질량분석"])["items"]?.array ?? []
        #expect(found.compactMap { $0["id"]?.string } == [keep])
    }

    @Test func organisationsOfOneNameAreFoundAndJoined() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let twin = try await kit.call(
            "matching.organisations.create",
            ["kind": "company", "nameKo": "㈜ 가나 바이오", "businessNumber": "124-81-00998"], principal: "twin"
        ).text("id")
        let list = try await kit.call("matching.organisations.duplicates")["items"]?.array ?? []
        #expect(list.count == 1 && list.first?["id"]?.string == exchange.company)
        #expect(list.first?.at("/suspects/0/id")?.string == twin)

        let demand = try await kit.call(
            "matching.demands.create", ["organisationId": .string(twin), "title": "수요", "summary": "요약"]
        ).text("id")
        try await kit.call("matching.demands.publish", ["id": .string(demand)])
        let technology = try await exchange.technology("기술")
        let deal = try await exchange.agreedDeal(demand, technology)
        let pair: JSON = ["keep": .string(exchange.company), "drop": .string(twin)]
        let merged = try await kit.call("matching.organisations.merge", pair)
        #expect(merged["movedProfiles"] == 1 && merged["movedDeals"] == 1)
        #expect(merged.at("/kept/businessNumber") == "124-81-00998")
        // Who spoke for the one speaks for the other now.
        let read = try await kit.call(
            "matching.deals.get", ["id": .string(deal)], principal: "twin", roles: [.viewer, .member])
        #expect(read["demandOrganisationId"]?.string == exchange.company)
        let profile = try await kit.call("matching.demands.get", ["id": .string(demand)])
        #expect(profile["organisationId"]?.string == exchange.company)
        let gone = try await kit.call("matching.organisations.get", ["id": .string(twin)])
        #expect(gone["mergedInto"]?.string == exchange.company)
        #expect(try await kit.call("matching.organisations.duplicates")["items"] == [])
        #expect(try await kit.call("matching.organisations.list")["items"]?.array?.count == 2)

        let stranger = try await kit.call(
            "matching.organisations.create",
            ["kind": "company", "nameKo": "가나바이오", "businessNumber": "220-81-62517"]
        ).text("id")
        let fault = try await kit.fault(
            "matching.organisations.merge", ["keep": .string(exchange.company), "drop": .string(stranger)])
        #expect(fault.data["rule"] == "merge.businessNumbersDiffer")
    }

    /// What a contract brings is the organisation's that stays, and so is what ranking knows of it.
    @Test func contractsRoyaltiesAndAnswersGoAlong() async throws {
        let deal = try await Dealing(try await Exchange())
        let kit = deal.exchange.kit
        try await deal.skipToNegotiation()
        try await deal.contract()
        try await kit.call(
            "matching.royalties.pay",
            [
                "dealId": .string(deal.id), "side": "demand", "amount": 1_000, "paidOn": "2021-04-01",
                "reference": "이체 1",
            ])
        try await kit.call(
            "matching.standings.declare",
            ["organisationId": .string(deal.exchange.company), "capacity": 7, "source": "신고"])
        let twin = try await kit.call(
            "matching.organisations.create", ["kind": "company", "nameKo": "㈜가나바이오"], principal: "twin",
            roles: [.viewer, .member]
        ).text("id")
        let merged = try await kit.call(
            "matching.organisations.merge", ["keep": .string(twin), "drop": .string(deal.exchange.company)])
        #expect(merged["movedDeals"] == 1)
        for (method, parameters) in [
            ("royalties.dues", ["dealId": .string(deal.id)] as JSON),
            ("royalties.dues", ["organisationId": .string(twin)]),
            ("royalties.payments", ["organisationId": .string(twin)]), ("followUps.list", [:]),
        ] {
            let list = try await kit.call(
                "matching.\(method)", parameters, principal: "twin", roles: [.viewer, .member])
            #expect(list["items"]?.array?.isEmpty == false, "\(method) \(parameters.text)")
        }
        let standing = try await kit.call("matching.standings.get", ["organisationId": .string(twin)])
        #expect(standing.at("/standing/capacity") == 7)
    }

    @Test func legalFormsMakeNoOtherName() {
        for name in ["㈜가나바이오", "(주) 가나바이오", "주식회사 가나 바이오", "가나바이오㈜", "가나바이오"] {
            #expect(OrganisationName.key(name) == "가나바이오")
        }
        #expect(OrganisationName.key("Gana Bio Co., Ltd.") == OrganisationName.key("gana bio"))
        #expect(
            OrganisationName.key("Company") == "company" && OrganisationName.key("가나") != OrganisationName.key("다라"))
    }
}
