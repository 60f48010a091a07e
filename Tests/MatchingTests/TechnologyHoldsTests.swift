import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Holds on technologies")
struct TechnologyHoldsTests {
    private func hold(_ technology: String, _ demand: String, holder: String = "flow-1", _ more: JSON = [:]) -> JSON {
        var parameters: JSON = [
            "technologyId": .string(technology), "demandId": .string(demand), "holder": .string(holder),
        ]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return parameters
    }

    @Test func postingCommitsTheDeal() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let deal = try await exchange.agreedDeal(demand, technology)
        let held = try await kit.call(
            "matching.technologies.hold", hold(technology, demand, ["dealId": .string(deal), "ttlSeconds": 30]))
        #expect(held["state"]?.string == "held" && held["dealId"]?.string == deal)
        #expect(held["expiresAt"]?.string == kit.now.adding(seconds: 30).description)
        let id: JSON = ["id": .string(try held.text("id"))]
        // While it is held nobody can pull the deal away.
        let locked = try await kit.fault(
            "matching.deals.decline", ["id": .string(deal), "side": "supply", "reason": "tooEarly"])
        #expect(locked.data["rule"]?.string == "deal.held")
        let closed = try await kit.fault("matching.technologies.withdraw", ["id": .string(technology)])
        #expect(closed.data["rule"]?.string == "technology.held")
        try await kit.advance(seconds: 20)
        let renewed = try await kit.call("matching.technologies.renew", ["id": id["id"] ?? .null, "ttlSeconds": 60])
        #expect(renewed["expiresAt"]?.string == kit.now.adding(seconds: 60).description)
        let shorter = try await kit.call("matching.technologies.renew", ["id": id["id"] ?? .null, "ttlSeconds": 5])
        #expect(shorter["expiresAt"] == renewed["expiresAt"], "a hold is never made shorter")
        let posted = try await kit.call("matching.technologies.post", id)
        #expect(posted["state"]?.string == "posted")
        #expect(try await kit.call("matching.technologies.post", id)["state"]?.string == "posted")
        let committed = try await kit.call("matching.deals.get", ["id": .string(deal)])
        #expect(committed["state"]?.string == "committed" && committed["holdId"]?.string == held["id"]?.string)
        let refused = try await kit.fault("matching.technologies.void", id)
        #expect(refused.code == .conflict && refused.data["state"]?.string == "posted")
        // Transferred for good: another gets nothing, and it is no longer recommended.
        let other = try await exchange.demand("센서 기술 또 하나")
        let taken = try await kit.fault("matching.technologies.hold", hold(technology, other, holder: "flow-2"))
        #expect(taken.code == .conflict && taken.data["state"]?.string == "posted")
        let items = try await kit.call("matching.recommend", ["demandId": .string(other)])
        #expect(items["items"]?.array == [])
        let types = try await exchange.types().filter { $0.contains(".hold.") || $0.hasSuffix("committed") }
        #expect(
            types.sorted()
                == ["deal.committed", "hold.held", "hold.posted", "hold.renewed", "hold.renewed"].map {
                    "ieum.matching.\($0)"
                })
    }

    @Test func expiryCountsBeforeTheJobRuns() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let held = try await kit.call("matching.technologies.hold", hold(technology, demand, ["ttlSeconds": 1]))
        let id: JSON = ["id": .string(try held.text("id"))]
        let taken = try await kit.fault("matching.technologies.hold", hold(technology, demand, holder: "flow-2"))
        #expect(taken.data["expiresAt"]?.string == held["expiresAt"]?.string)
        // The same holder asking again has it already.
        let same = try await kit.call("matching.technologies.hold", hold(technology, demand))
        #expect(same["id"] == held["id"])
        try await kit.advance(seconds: 1)
        #expect(try await kit.call("matching.technologies.holdStatus", id)["state"]?.string == "expired")
        #expect(try await exchange.types().contains("ieum.matching.hold.expired"))
        for method in ["post", "renew"] {
            let parameters: JSON = method == "renew" ? ["id": id["id"] ?? .null, "ttlSeconds": 5] : id
            let fault = try await kit.fault("matching.technologies.\(method)", parameters)
            #expect(fault.code == .conflict && fault.data["state"]?.string == "expired")
        }
        #expect(try await kit.call("matching.technologies.void", id)["state"]?.string == "expired")
        let next = try await kit.call("matching.technologies.hold", hold(technology, demand, holder: "flow-2"))
        #expect(next["state"]?.string == "held")
        #expect(
            try await kit.call("matching.technologies.void", ["id": next["id"] ?? .null])["state"]?.string == "voided")
        #expect(
            try await kit.call("matching.technologies.void", ["id": next["id"] ?? .null])["state"]?.string == "voided")
    }

    /// For whom a technology is held is the business of those two.
    @Test func aHoldIsReadByTheTwoWhomItIsAbout() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let deal = try await exchange.agreedDeal(demand, technology)
        let held = try await kit.call(
            "matching.technologies.hold", hold(technology, demand, ["dealId": .string(deal)]), principal: "company",
            roles: [.viewer, .member])
        let id: JSON = ["id": held["id"] ?? .null]
        for principal in ["company", "institute"] {
            #expect(try await exchange.fault("matching.technologies.holdStatus", id, as: principal, [.viewer]) == nil)
        }
        let other = try await exchange.fault("matching.technologies.holdStatus", id, as: "rival", [.viewer])
        #expect(other?.code == .forbidden)
        // Nor does a stranger learn how a deal stands by asking for a hold in its name.
        try await kit.call("matching.technologies.void", id, principal: "company")
        try await kit.call("matching.deals.decline", ["id": .string(deal), "side": "supply", "reason": "tooEarly"])
        let asked = try await exchange.fault(
            "matching.technologies.hold", hold(technology, demand, ["dealId": .string(deal)]), as: "rival")
        #expect(asked?.code == .forbidden)
        #expect(try await !kit.events.contains { $0.text.contains("tooEarly") })
    }

    @Test func ofManyAtOnceOneIsGranted() async throws {
        let exchange = try await Exchange()
        let technology = try await exchange.technology("센서")
        let demand = try await exchange.demand("센서 기술")
        let states = await withTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        let answer = try await exchange.kit.call(
                            "matching.technologies.hold", hold(technology, demand, holder: "flow-\(number)"))
                        return answer["state"]?.string ?? ""
                    } catch let fault as Fault { return fault.code.name } catch { return "\(error)" }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(states.count { $0 == "held" } == 1 && states.count { $0 == "conflict" } == 49)
    }

    @Test func theDatabaseItselfRefusesASecondLiveHold() async throws {
        let exchange = try await Exchange()
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        _ = try await exchange.kit.call("matching.technologies.hold", hold(technology, demand))
        await #expect(throws: StorageError.self) {
            try await exchange.kit.database.write { db in
                try db.run(
                    """
                    INSERT INTO technology_hold SELECT 'hld_2', technology_id, demand_id, deal_id, holder, exclusive,
                        state, expires_at, reason, created_by, created_at, updated_at FROM technology_hold
                    """)
            }
        }
    }

    @Test func whatIsNotExclusiveServesMany() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let technology = try await exchange.technology("공개 소프트웨어", ["exclusive": false])
        for number in 0..<3 {
            let demand = try await exchange.demand("공개 소프트웨어 \(number)")
            let held = try await kit.call(
                "matching.technologies.hold", hold(technology, demand, holder: "flow-\(number)"))
            try await kit.call("matching.technologies.post", ["id": held["id"] ?? .null])
        }
        let fault = try await kit.fault(
            "matching.technologies.update", ["id": .string(technology), "exclusive": true])
        #expect(fault.data["rule"]?.string == "technology.transferred")
    }

    @Test func whatDoesNotFitIsRefused() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let (demand, technology) = (try await exchange.demand("센서 기술"), try await exchange.technology("센서"))
        let wrong = try await kit.fault(
            "matching.technologies.hold",
            ["technologyId": "dmd_1", "demandId": .string(demand), "holder": "", "ttlSeconds": 0])
        #expect(wrong.pointers == ["/technologyId", "/holder", "/ttlSeconds"])
        let draft = try await exchange.technology("초안", publish: false)
        let closed = try await kit.fault("matching.technologies.hold", hold(draft, demand))
        #expect(closed.data["rule"]?.string == "technology.notPublished")
        let deal = try await kit.call(
            "matching.deals.propose",
            ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"])
        let early = try await kit.fault(
            "matching.technologies.hold", hold(technology, demand, ["dealId": deal["id"] ?? .null]))
        #expect(early.data["rule"]?.string == "deal.notAgreed")
        let other = try await exchange.technology("또 하나")
        let mismatch = try await kit.fault(
            "matching.technologies.hold", hold(other, demand, ["dealId": deal["id"] ?? .null]))
        #expect(mismatch.pointers == ["/dealId"])
        // Without an agreed deal the demand side cannot block a technology.
        #expect(
            try await exchange.fault("matching.technologies.hold", hold(other, demand), as: "company")?.code
                == .forbidden)
        let held = try await kit.call("matching.technologies.hold", hold(other, demand))
        let void: JSON = ["id": held["id"] ?? .null]
        #expect(try await exchange.fault("matching.technologies.void", void, as: "company")?.code == .forbidden)
    }
}
