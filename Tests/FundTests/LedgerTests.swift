import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Fund

@Suite struct LedgerTests {
    private func fee(
        _ scene: Scene, _ amount: Int64, id: String? = nil, pending: Bool = false, seconds: Int64? = nil
    ) async throws -> JSON {
        var params: JSON = [
            "debitAccountId": .string(try await scene.account("expenses")),
            "creditAccountId": .string(try await scene.account("cash")), "amount": .integer(amount),
            "note": "관리보수", "pending": .bool(pending),
        ]
        params["id"] = id.map { .string($0) }
        params["timeoutSeconds"] = seconds.map { .integer($0) }
        return params
    }

    @Test func aTransferIsRecordedOnceAndCorrectedByOneTheOtherWay() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        let params = try await fee(scene, 300, id: "trf_00000000000070008000000000000001")
        let first = try await scene.kit.call("fund.ledger.record", params)
        #expect(try await scene.kit.call("fund.ledger.record", params) == first)
        var other = params
        other["amount"] = 301
        let differs = try await scene.kit.fault("fund.ledger.record", other)
        #expect(differs.code == .conflict && differs.data["differs"] == ["amount"])
        #expect(try await scene.statement()["cash"] == 700)
        let undone = try await scene.kit.call(
            "fund.ledger.correct", ["id": first["id"] ?? .null, "reason": "중복 지급"])
        #expect(undone["corrects"] == first["id"] && undone["debitAccountId"] == first["creditAccountId"])
        let twice = try await scene.kit.fault(
            "fund.ledger.correct", ["id": first["id"] ?? .null, "reason": "중복 지급"])
        #expect(twice.code == .conflict && twice.data["correctedBy"] == undone["id"])
        #expect(try await scene.statement()["cash"] == 1_000)
        #expect(try await scene.kit.call("fund.ledger.get", ["id": first["id"] ?? .null]) == first)
        try await scene.expectSound()
    }

    @Test func aPendingTransferIsPostedInPartAndVoided() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        let pending = try await scene.kit.call("fund.ledger.record", try await fee(scene, 600, pending: true))
        #expect(pending["state"] == "pending")
        #expect(try await scene.statement()["available"] == 400)
        let over = try await scene.kit.fault("fund.ledger.record", try await fee(scene, 401))
        #expect(over.code == .conflict && over.data["available"] == 400)
        let tooMuch = try await scene.kit.fault("fund.ledger.post", ["id": pending["id"] ?? .null, "amount": 601])
        #expect(tooMuch.code == .conflict && tooMuch.data["pending"] == 600)
        let posted = try await scene.kit.call("fund.ledger.post", ["id": pending["id"] ?? .null, "amount": 250])
        #expect(posted["amount"] == 250 && posted["pendingId"] == pending["id"])
        let repeated = try await scene.kit.call("fund.ledger.post", ["id": pending["id"] ?? .null, "amount": 250])
        #expect(repeated == posted)
        let void = try await scene.kit.fault("fund.ledger.void", ["id": pending["id"] ?? .null, "reason": "x"])
        #expect(void.code == .conflict && void.data["state"] == "posted")
        let statement = try await scene.statement()
        #expect(statement["cash"] == 750 && statement["available"] == 750 && statement["expenses"] == 250)
        let second = try await scene.kit.call("fund.ledger.record", try await fee(scene, 750, pending: true))
        let voided = try await scene.kit.call("fund.ledger.void", ["id": second["id"] ?? .null, "reason": "취소"])
        #expect(voided["kind"] == "void" && voided["amount"] == 750)
        #expect(try await scene.kit.call("fund.ledger.get", ["id": second["id"] ?? .null])["state"] == "voided")
        #expect(try await scene.statement()["available"] == 750)
        try await scene.expectSound()
    }

    @Test func aPendingTransferStopsCountingTheInstantItsTimeIsOver() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        let pending = try await scene.kit.call(
            "fund.ledger.record", try await fee(scene, 1_000, pending: true, seconds: 60))
        try await scene.kit.advance(seconds: 59)
        #expect(try await scene.statement()["available"] == 0)
        try await scene.kit.advance(seconds: 1)
        #expect(try await scene.statement()["available"] == 1_000)
        let late = try await scene.kit.fault("fund.ledger.post", ["id": pending["id"] ?? .null])
        #expect(late.code == .conflict && late.data["state"] == "expired")
        let expired = try await scene.kit.call("fund.ledger.void", ["id": pending["id"] ?? .null, "reason": "x"])
        #expect(expired["kind"] == "expire")
        #expect(try await scene.eventTypes().filter { $0 == "ieum.fund.transfer.expired" }.count == 1)
        try await scene.expectSound()
    }

    @Test func accountsOfOtherMethodsAreNotWrittenByHand() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        var params = try await fee(scene, 1)
        params["debitAccountId"] = .string(try await scene.account("uncalled"))
        let kept = try await scene.kit.fault("fund.ledger.record", params)
        #expect(kept.code == .failedPrecondition && kept.data["rule"] == "ledger.keptByItsMethods")
        let page = try await scene.kit.call("fund.ledger.transfers", ["fundId": .string(scene.fund)])
        let contribution = try #require(page["items"]?.array?.last)
        #expect(contribution["purpose"] == "contribution")
        let correct = try await scene.kit.fault(
            "fund.ledger.correct", ["id": contribution["id"] ?? .null, "reason": "x"])
        #expect(correct.code == .failedPrecondition)
        params = try await fee(scene, 1)
        params["debitAccountId"] = params["creditAccountId"]
        #expect(try await scene.kit.fault("fund.ledger.record", params).fieldPointers == ["/creditAccountId"])
        params = try await fee(scene, 1, seconds: 5)
        #expect(try await scene.kit.fault("fund.ledger.record", params).fieldPointers == ["/timeoutSeconds"])
        params = try await fee(scene, 0, pending: true, seconds: 0)
        params["note"] = ""
        #expect(
            Set(try await scene.kit.fault("fund.ledger.record", params).fieldPointers)
                == ["/amount", "/timeoutSeconds", "/note"])
        let other = try await scene.kit.call(
            "fund.funds.create", ["name": ["ko": "다른 펀드", "en": "Another"], "kind": "direct"])
        let foreign = try await scene.kit.call(
            "fund.ledger.accounts", ["fundId": other["id"] ?? .null, "kind": "cash"])
        params = try await fee(scene, 1)
        params["creditAccountId"] = foreign.at("/items/0/id")
        #expect(try await scene.kit.fault("fund.ledger.record", params).fieldPointers == ["/creditAccountId"])
        params["creditAccountId"] = "acc_00000000000070008000000000000000"
        #expect(try await scene.kit.fault("fund.ledger.record", params).code == .notFound)
        let viewer = await #expect(throws: Fault.self) {
            try await scene.kit.call("fund.ledger.record", params, roles: [.viewer, .member])
        }
        #expect(viewer?.code == .forbidden)
    }

    @Test func transfersArePagedInTheOrderOfRecording() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        for amount in 1...5 { try await scene.kit.call("fund.ledger.record", try await fee(scene, Int64(amount))) }
        let cash = try await scene.account("cash")
        var seen: [Int64] = []
        var after: JSON?
        repeat {
            var params: JSON = ["accountId": .string(cash), "limit": 2]
            params["after"] = after
            let page = try await scene.kit.call("fund.ledger.transfers", params)
            seen += (page["items"]?.array ?? []).compactMap { $0["amount"]?.integer }
            after = page["next"]
        } while after?.string != nil
        #expect(seen == [1_000, 1, 2, 3, 4, 5])
        let contribution = try await scene.kit.call("fund.contributions.list", ["fundId": .string(scene.fund)])
        let about = try await scene.kit.call(
            "fund.ledger.transfers",
            ["accountId": .string(cash), "reference": contribution.at("/items/0/id") ?? .null])
        #expect(about["items"]?.array?.compactMap { $0["amount"]?.integer } == [1_000])
        #expect(try await scene.kit.fault("fund.ledger.transfers").fieldPointers == ["/fundId"])
        let account = try await scene.kit.call("fund.ledger.account", ["id": .string(cash)])
        #expect(account["debitsPosted"] == 1_000 && account["creditsPosted"] == 15)
    }

    @Test func theCheckFindsWhatIsWrong() async throws {
        let scene = try await Scene(cash: 1_000, members: 0)
        try await scene.expectSound()
        let fund = scene.fund
        _ = try await scene.kit.database.write { db in
            try db.run("UPDATE accounts SET debits_posted = 999 WHERE fund_id = ? AND kind = 'cash'", fund)
        }
        let check = try await scene.kit.call("fund.ledger.check", ["fundId": .string(fund)])
        #expect(check["isSound"] == false)
        #expect(check.at("/funds/0/differences/0/figure") == "debitsPosted")
        #expect(check.at("/funds/0/differences/0/stored") == 999)
        #expect(check.at("/funds/0/differences/0/recomputed") == 1_000)
    }
}
