import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Outcomes of deals")
struct OutcomesTests {
    /// A deal whose technology was transferred.
    private func committed(_ exchange: Exchange) async throws -> String {
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let deal = try await exchange.agreedDeal(demand, technology)
        let hold = try await exchange.kit.call(
            "matching.technologies.hold",
            ["technologyId": .string(technology), "demandId": .string(demand), "holder": "test"])
        try await exchange.kit.call("matching.technologies.post", ["id": hold["id"] ?? .null])
        return deal
    }

    private func rows(_ exchange: Exchange) async throws -> [[String]] {
        try await exchange.kit.database.read { db in
            try db.rows("SELECT * FROM deal_outcome").map {
                ["\(try $0.get("succeeded") as Int)", try $0.getIfPresent("reason") ?? "-"]
            }
        }
    }

    @Test func aDecisionIsKeptAndItsCorrectionsStayInTheHistory() async throws {
        let exchange = try await Exchange()
        let deal = try await committed(exchange)
        func record(_ more: JSON) async throws -> JSON {
            var parameters: JSON = ["dealId": .string(deal), "side": "demand"]
            for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
            return try await exchange.kit.call(
                "matching.outcomes.record", parameters, principal: "company", roles: [.viewer, .member])
        }
        let failed = try await record(["status": "failed", "reason": "marketChange"])
        #expect(failed["succeeded"]?.bool == false && failed["reason"]?.string == "marketChange")
        #expect(try await rows(exchange) == [["0", "marketChange"]])
        let unknown = try await record(["status": "unknown"])
        #expect(unknown["succeeded"]?.bool == false, "what could not be found out changes nothing")
        let corrected = try await record(["status": "succeeded", "note": "2년 차 양산"])
        #expect(corrected["succeeded"]?.bool == true && corrected["reason"]?.string == nil)
        #expect(try await rows(exchange) == [["1", "-"]])
        let open = try await record(["status": "inProgress"])
        #expect(open["succeeded"]?.bool == nil && open["decidedAt"]?.string == nil)
        #expect(try await rows(exchange).isEmpty)
        #expect(
            open["history"]?.array?.compactMap { $0["status"]?.string } == [
                "failed", "unknown", "succeeded", "inProgress",
            ])
        #expect(try await exchange.types().count { $0 == "ieum.matching.deal.outcome" } == 4)
        #expect(try await !exchange.kit.events.contains { $0.text.contains("marketChange") }, "for the parties alone")
    }

    @Test func whatIsNotSoundIsRefusedByItsField() async throws {
        let exchange = try await Exchange()
        let deal: JSON = .string(try await committed(exchange))
        for (parameters, pointer) in [
            (["dealId": deal, "side": "demand", "status": "failed"], "/reason"),
            (["dealId": deal, "side": "demand", "status": "succeeded", "reason": "marketChange"], "/reason"),
            (["dealId": deal, "side": "demand", "status": "failed", "reason": "other"], "/note"),
            (["dealId": deal, "side": "demand", "status": "failed", "reason": "bad luck"], "/reason"),
        ] as [(JSON, String)] {
            #expect(try await exchange.kit.fault("matching.outcomes.record", parameters).pointers == [pointer])
        }
        let words: JSON = ["dealId": deal, "side": "demand", "status": "unknown"]
        #expect(try await exchange.fault("matching.outcomes.record", words, as: "institute")?.code == .forbidden)
        #expect(
            try await exchange.fault("matching.outcomes.get", ["dealId": deal], as: "stranger")?.code == .forbidden)
    }

    @Test func nothingComesOfWhatWasNotTransferred() async throws {
        let exchange = try await Exchange()
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let deal = try await exchange.agreedDeal(demand, technology)
        let fault = try await exchange.kit.fault(
            "matching.outcomes.record", ["dealId": .string(deal), "side": "supply", "status": "succeeded"])
        #expect(fault.data["rule"]?.string == "deal.notCommitted")
    }
}
