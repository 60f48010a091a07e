import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Follow-up after 1, 3 and 5 years")
struct FollowUpsTests {
    private func contracted(_ exchange: Exchange, on day: String) async throws -> Dealing {
        let deal = try await Dealing(exchange, ["trl": 5])
        try await deal.skipToNegotiation()
        try await deal.contract(on: day)
        return deal
    }

    private func record(_ deal: Dealing, _ year: Int64, _ more: JSON) async throws -> JSON {
        var parameters: JSON = ["dealId": .string(deal.id), "side": "demand", "year": .integer(year)]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return try await deal.exchange.kit.call("matching.followUps.record", parameters)
    }

    private func outcome(_ deal: Dealing) async throws -> JSON {
        try await deal.exchange.kit.call("matching.outcomes.get", ["dealId": .string(deal.id)])
    }

    @Test func whatIsDueIsSaidAndSaidAgainWhenNobodyAnswers() async throws {
        let exchange = try await Exchange()
        let today = Day.inSeoul(at: exchange.kit.now)
        let deal = try await contracted(exchange, on: today.adding(months: -12).adding(days: 1).description)
        func events() async throws -> [String] {
            try await exchange.types().filter { $0.contains("followUp") }.map { String($0.dropFirst(23)) }
        }
        func states() async throws -> [String] {
            let list = try await exchange.kit.call("matching.followUps.list", ["dealId": .string(deal.id)])
            return list["items"]?.array?.compactMap { $0["state"]?.string } ?? []
        }
        try await exchange.kit.advance(seconds: 0)
        #expect(try await events() == [])
        #expect(try await states() == ["ahead", "ahead", "ahead"])
        try await exchange.kit.advance(seconds: 86_400)
        #expect(try await events() == ["due"])
        #expect(try await states() == ["due", "ahead", "ahead"])
        try await exchange.kit.advance(seconds: 90 * 86_400)
        #expect(try await events() == ["due", "overdue"])
        #expect(try await states() == ["overdue", "ahead", "ahead"])
        let open = try await exchange.kit.call("matching.followUps.list", ["isOpen": true])
        #expect(open["items"]?.array?.compactMap { $0["year"]?.integer } == [1])
        _ = try await record(deal, 1, ["status": "inProgress", "trl": 6])
        #expect(try await states() == ["recorded", "ahead", "ahead"])
        let early = try await exchange.kit.fault(
            "matching.followUps.record",
            ["dealId": .string(deal.id), "side": "demand", "year": 3, "status": "failed", "reason": "marketChange"])
        #expect(early.data["rule"]?.string == "followUp.early")
    }

    @Test func whatWasFoundDecidesTheOutcomeAndUnknownStaysUnknown() async throws {
        let deal = try await contracted(try await Exchange(), on: "2021-02-20")
        let first = try await record(deal, 1, ["status": "inProgress", "trl": 6, "jobs": 2])
        #expect(first.at("/entries/0/sales")?.integer == nil && first.at("/entries/0/jobs")?.integer == 2)
        _ = try await record(deal, 3, ["status": "succeeded", "trl": 9, "sales": 1_200_000_000, "jobs": 11])
        #expect(try await outcome(deal)["succeeded"]?.bool == true)
        // A late answer about an earlier year does not undo what is known of a later one.
        _ = try await record(deal, 1, ["status": "inProgress", "trl": 7, "note": "시작품 정정"])
        #expect(try await outcome(deal)["succeeded"]?.bool == true)
        _ = try await record(deal, 5, ["status": "unknown"])
        #expect(try await outcome(deal)["succeeded"]?.bool == true)
        let corrected = try await record(
            deal, 5, ["status": "failed", "reason": "other", "note": "핵심 인력 이탈로 생산 중단", "sales": 0])
        #expect(corrected["entries"]?.array?.count == 2 && corrected.at("/entries/1/sales")?.integer == 0)
        let decided = try await outcome(deal)
        #expect(decided["succeeded"]?.bool == false && decided["reason"]?.string == "other")
        #expect(
            decided["history"]?.array?.compactMap { $0["status"]?.string } == [
                "inProgress", "succeeded", "unknown", "failed",
            ])
        let trl = try await deal.exchange.kit.database.trlReached(of: deal.id)
        #expect(trl == 9, "the year that knows it last")
    }

    /// Of each year the last record counts: one that was taken back keeps no earlier year's from counting.
    @Test func whatWasTakenBackOfALaterYearStandsInNoWay() async throws {
        let deal = try await contracted(try await Exchange(), on: "2021-02-20")
        _ = try await record(deal, 3, ["status": "succeeded", "note": "다른 거래의 결과"])
        _ = try await record(deal, 3, ["status": "unknown", "note": "잘못 적음"])
        _ = try await record(deal, 1, ["status": "failed", "reason": "marketChange"])
        #expect(try await outcome(deal)["succeeded"]?.bool == false)
    }

    @Test func onlyThePartiesAnswerAndOnlySoundly() async throws {
        let deal = try await contracted(try await Exchange(), on: "2021-02-20")
        let base: JSON = ["dealId": .string(deal.id), "side": "demand", "year": 1]
        for (more, pointer) in [
            (["status": "failed"], "/reason"), (["status": "unknown", "year": 2], "/year"),
            (["status": "unknown", "sales": -1], "/sales"), (["status": "unknown", "trl": 10], "/trl"),
            (["status": "unknown", "jobs": -1], "/jobs"),
        ] as [(JSON, String)] {
            var parameters = base
            for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
            #expect(try await deal.exchange.kit.fault("matching.followUps.record", parameters).pointers == [pointer])
        }
        var parameters = base
        parameters["status"] = "unknown"
        #expect(
            try await deal.exchange.fault("matching.followUps.record", parameters, as: "institute")?.code
                == .forbidden)
        let none = try await deal.exchange.kit.call(
            "matching.followUps.list", [:], principal: "stranger", roles: [.viewer])
        #expect(none["items"]?.array == [])
    }
}

extension Database {
    fileprivate func trlReached(of deal: String) async throws -> Int? {
        try await read { db in
            try db.row("SELECT trl_reached FROM deal_contract WHERE deal_id = ?", deal)?.getIfPresent("trl_reached")
        }
    }
}
