import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Fund

@Suite struct CoinvestmentTests {
    @Test func aHoldIsPostedOnce() async throws {
        let scene = try await Scene(committed: 10_000, cash: 4_000)
        let id = try await scene.approved(3_000)
        let held = try await scene.hold(id)
        #expect(held["state"] == "held" && held["amount"] == 3_000)
        #expect(held["expiresAt"] == .string(scene.kit.now.adding(seconds: 600).description))
        var statement = try await scene.statement()
        #expect(statement["cash"] == 4_000 && statement["pending"] == 3_000 && statement["available"] == 1_000)
        let posted = try await scene.kit.call("fund.coinvestments.post", ["id": held["id"] ?? .null])
        #expect(posted["state"] == "posted" && posted["postedAmount"] == 3_000)
        #expect(try await scene.kit.call("fund.coinvestments.post", ["id": held["id"] ?? .null]) == posted)
        #expect(try await scene.kit.call("fund.coinvestments.get", ["id": held["id"] ?? .null]) == posted)
        for method in ["void", "renew"] {
            let refused = try await scene.kit.fault("fund.coinvestments.\(method)", ["id": held["id"] ?? .null])
            #expect(refused.code == .conflict && refused.data["state"] == "posted" && refused.data["id"] == held["id"])
        }
        statement = try await scene.statement()
        #expect(statement["cash"] == 1_000 && statement["pending"] == 0 && statement["invested"] == 3_000)
        let types = try await scene.eventTypes()
        #expect(types.filter { $0 == "ieum.fund.coinvestment.posted" }.count == 1)
        let transfers = try await scene.kit.call("fund.ledger.transfers", ["reference": held["id"] ?? .null])
        #expect(transfers["items"]?.array?.compactMap { $0["kind"]?.string } == ["pending", "post"])
        try await scene.expectSound()
    }

    @Test func aPartOfAHoldIsPostedAndTheRestIsFree() async throws {
        let scene = try await Scene(committed: 10_000, cash: 3_000)
        let id = try await scene.approved(3_000)
        let held = try await scene.hold(id)
        let over = try await scene.kit.fault("fund.coinvestments.post", ["id": held["id"] ?? .null, "amount": 3_001])
        #expect(over.code == .conflict && over.data["available"] == 3_000)
        try await scene.kit.call("fund.coinvestments.post", ["id": held["id"] ?? .null, "amount": 1_000])
        let other = try await scene.kit.fault("fund.coinvestments.post", ["id": held["id"] ?? .null, "amount": 999])
        #expect(other.code == .conflict && other.data["postedAmount"] == 1_000)
        #expect(try await scene.statement()["available"] == 2_000)
        let rest = try await scene.hold(id, 2_000)
        #expect(rest["state"] == "held")
        let item = try await scene.kit.call("fund.cases.get", ["id": .string(id)])
        #expect(item["posted"] == 1_000 && item["held"] == 2_000)
        try await scene.expectSound()
    }

    @Test func voidingAndExpiringReleaseTheMoney() async throws {
        let scene = try await Scene(committed: 10_000, cash: 3_000)
        let id = try await scene.approved(3_000)
        let first = try await scene.hold(id)
        let voided = try await scene.kit.call(
            "fund.coinvestments.void", ["id": first["id"] ?? .null, "reason": "flow cancelled"])
        #expect(voided["state"] == "voided" && voided["reason"] == "flow cancelled")
        #expect(try await scene.kit.call("fund.coinvestments.void", ["id": first["id"] ?? .null]) == voided)
        let late = try await scene.kit.fault("fund.coinvestments.post", ["id": first["id"] ?? .null])
        #expect(late.code == .conflict && late.data["state"] == "voided")

        let second = try await scene.hold(id, seconds: 60)
        try await scene.kit.advance(seconds: 30)
        let renewed = try await scene.kit.call(
            "fund.coinvestments.renew", ["id": second["id"] ?? .null, "ttlSeconds": 60])
        #expect(renewed["expiresAt"] == .string(scene.kit.now.adding(seconds: 60).description))
        let shorter = try await scene.kit.call(
            "fund.coinvestments.renew", ["id": second["id"] ?? .null, "ttlSeconds": 1])
        #expect(shorter["expiresAt"] == renewed["expiresAt"])
        try await scene.kit.advance(seconds: 59)
        #expect(try await scene.statement()["available"] == 0)
        try await scene.kit.advance(seconds: 1)
        #expect(try await scene.statement()["available"] == 3_000)
        for method in ["post", "renew"] {
            let refused = try await scene.kit.fault("fund.coinvestments.\(method)", ["id": second["id"] ?? .null])
            #expect(refused.code == .conflict && refused.data["state"] == "expired")
        }
        let void = try await scene.kit.call("fund.coinvestments.void", ["id": second["id"] ?? .null])
        #expect(void["state"] == "expired")
        #expect(try await scene.eventTypes().filter { $0 == "ieum.fund.coinvestment.expired" }.count == 1)
        try await scene.expectSound()
    }

    @Test func whatIsHeldNeverExceedsTheApprovalOrTheCash() async throws {
        let scene = try await Scene(committed: 10_000, cash: 3_000)
        let id = try await scene.approved(2_000)
        _ = try await scene.hold(id, 1_500)
        let approval = try await scene.kit.fault("fund.coinvestments.hold", ["caseId": .string(id), "holder": "x"])
        #expect(approval.code == .conflict && approval.data["available"] == 500 && approval.data["requested"] == 2_000)
        #expect(approval.data["limitedBy"] == "approvedAmount")
        let other = try await scene.approved(2_000, company: "둘째 회사")
        let cash = try await scene.kit.fault("fund.coinvestments.hold", ["caseId": .string(other), "holder": "x"])
        #expect(cash.code == .conflict && cash.data["available"] == 1_500 && cash.data["limitedBy"] == "cash")
        let proposed = try await scene.propose(5)
        let early = try await scene.kit.fault("fund.coinvestments.hold", ["caseId": .string(proposed), "holder": "x"])
        #expect(early.data["rule"] == "case.notApproved")
        let bad = try await scene.kit.fault(
            "fund.coinvestments.hold", ["caseId": .string(id), "amount": 0, "holder": "", "ttlSeconds": 86_401])
        #expect(Set(bad.fieldPointers) == ["/amount", "/holder", "/ttlSeconds"])
        let list = try await scene.kit.call("fund.coinvestments.list", ["caseId": .string(id)])
        #expect(list["items"]?.array?.count == 1)
        let missing = try await scene.kit.fault(
            "fund.coinvestments.get", ["id": "coi_00000000000070008000000000000000"])
        #expect(missing.code == .notFound)
        try await scene.expectSound()
    }

    @Test func aMatchingPartnerInvestsWonForWon() async throws {
        let scene = try await Scene(committed: 10_000, cash: 5_000)
        let investor = try await scene.kit.call(
            "fund.partners.register", ["kind": "investor", "name": ["ko": "민간 투자사", "en": "Private investor"]]
        ).text("id")
        let id = try await scene.approved(2_000, extra: ["matchingPartnerId": .string(investor)])
        let none = try await scene.kit.fault("fund.coinvestments.hold", ["caseId": .string(id), "holder": "x"])
        #expect(none.code == .conflict && none.data["limitedBy"] == "pledge" && none.data["available"] == 0)
        #expect(try await scene.statement()["available"] == 5_000)
        try await scene.commit(2_500, kind: "matching", partner: investor)
        let held = try await scene.hold(id)
        #expect(try await scene.statement().at("/matching/open") == 500)
        try await scene.kit.call("fund.coinvestments.renew", ["id": held["id"] ?? .null, "ttlSeconds": 900])
        #expect(try await scene.statement().at("/matching/pending") == 2_000)
        try await scene.kit.call("fund.coinvestments.post", ["id": held["id"] ?? .null, "amount": 1_200])
        let matching = try #require(try await scene.statement()["matching"])
        #expect(matching["invested"] == 1_200 && matching["open"] == 1_300 && matching["pledged"] == 2_500)
        #expect(try await scene.statement()["invested"] == 1_200)
        try await scene.expectSound()
    }

    @Test func aRepeatedKeyChangesNothing() async throws {
        let scene = try await Scene(committed: 10_000, cash: 5_000)
        let id = try await scene.approved(2_000)
        let params: JSON = ["caseId": .string(id), "amount": 500, "holder": "flw_1"]
        let first = try await scene.kit.call("fund.coinvestments.hold", params, key: "k1")
        #expect(try await scene.kit.call("fund.coinvestments.hold", params, key: "k1") == first)
        #expect(try await scene.statement()["pending"] == 500)
    }

    /// Fifty clients want 30 each of 1,000: exactly 33 get it, the others are told what is left.
    @Test func parallelHoldsNeverExceedTheCash() async throws {
        let scene = try await Scene(committed: 100_000, cash: 1_000)
        let id = try await scene.approved(50_000)
        let outcomes = await withTaskGroup(of: Result<String, Fault>.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        return .success(try await scene.hold(id, 30).text("id"))
                    } catch let fault as Fault {
                        return .failure(fault)
                    } catch {
                        return .failure(Fault(.internalError))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let held = outcomes.compactMap { try? $0.get() }
        #expect(held.count == 33)
        for case .failure(let fault) in outcomes {
            #expect(fault.code == .conflict && fault.data["available"] == 10 && fault.data["requested"] == 30)
        }
        let statement = try await scene.statement()
        #expect(statement["pending"] == 990 && statement["available"] == 10)
        await withTaskGroup(of: Void.self) { group in
            for (index, id) in held.enumerated() {
                group.addTask {
                    let method = index.isMultiple(of: 2) ? "post" : "void"
                    _ = try? await scene.kit.call("fund.coinvestments.\(method)", ["id": .string(id)])
                }
            }
        }
        #expect(try await scene.statement()["invested"] == 510)
        #expect(try await scene.statement()["cash"] == 490)
        try await scene.expectSound()
    }
}
