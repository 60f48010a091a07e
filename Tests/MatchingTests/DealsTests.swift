import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Deals")
struct DealsTests {
    @Test func interestOfBothSidesIsADealAndOpensTheContacts() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서")
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"]
        let proposed = try await kit.call(
            "matching.deals.propose", pair, principal: "company", roles: [.viewer, .member])
        #expect(proposed["state"]?.string == "interest" && proposed["supplyAcceptedAt"]?.string == nil)
        let again = try await kit.call("matching.deals.propose", pair)
        #expect(again["id"] == proposed["id"])
        let id: JSON = .string(try proposed.text("id"))
        let before = try await kit.call("matching.deals.get", ["id": id], principal: "company", roles: [.viewer])
        #expect(before["isContactMasked"]?.bool == true && before["supplyContact"]?.object == nil)
        // Nobody accepts for the other side.
        let accept: JSON = ["id": id, "side": "supply"]
        #expect(try await exchange.fault("matching.deals.accept", accept, as: "company")?.code == .forbidden)
        let agreed = try await kit.call(
            "matching.deals.accept", accept, principal: "institute", roles: [.viewer, .member])
        #expect(agreed["state"]?.string == "agreed")
        let after = try await kit.call("matching.deals.get", ["id": id], principal: "company", roles: [.viewer])
        #expect(after.at("/supplyContact/email")?.string == "tlo@dara.example")
        let history = after["history"]?.array ?? []
        #expect(history.compactMap { $0["action"]?.string } == ["proposed", "accepted", "agreed"])
        #expect(history.compactMap { $0["principal"]?.string } == ["company", "institute", "institute"])
        #expect(try await exchange.fault("matching.deals.get", ["id": id], as: "stranger")?.code == .forbidden)
        let types = try await exchange.types().filter { $0.contains(".deal.") }
        #expect(types == ["proposed", "accepted", "agreed"].map { "ieum.matching.deal.\($0)" })
    }

    @Test func proposalsFromBothSidesMeet() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서")
        func propose(_ side: String) async throws -> JSON {
            try await exchange.kit.call(
                "matching.deals.propose",
                ["demandId": .string(demand), "technologyId": .string(technology), "side": .string(side)])
        }
        let one = try await propose("supply")
        let two = try await propose("demand")
        #expect(one["id"] == two["id"] && two["state"]?.string == "agreed")
    }

    @Test func declineGivesAReasonAndANewProposalIsANewDeal() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서")
        let id = try await exchange.agreedDeal(demand, technology)
        let wrong = try await kit.fault(
            "matching.deals.decline", ["id": "deal_x", "side": "buyer", "reason": "mood", "note": ""])
        #expect(wrong.pointers == ["/id", "/side", "/reason", "/note"])
        let declined = try await kit.call(
            "matching.deals.decline", ["id": .string(id), "side": "supply", "reason": "tooEarly", "note": "2년 뒤"])
        #expect(declined["state"]?.string == "declined" && declined["reason"]?.string == "tooEarly")
        let late = try await kit.fault("matching.deals.accept", ["id": .string(id), "side": "demand"])
        #expect(late.code == .conflict && late.data["state"]?.string == "declined")
        let other = try await exchange.agreedDeal(demand, technology)
        #expect(other != id)
        let withdrawn = try await kit.call("matching.deals.withdraw", ["id": .string(other), "side": "demand"])
        #expect(withdrawn["state"]?.string == "withdrawn" && withdrawn["endedBy"]?.string == "demand")
        let list = try await kit.call("matching.deals.list", ["demandId": .string(demand)])
        #expect(list["items"]?.array?.compactMap { $0["state"]?.string } == ["declined", "withdrawn"])
        for filter: JSON in [
            ["technologyId": .string(technology), "state": "declined"],
            ["organisationId": .string(exchange.company), "state": "declined"],
        ] {
            let found = try await kit.call("matching.deals.list", filter)
            #expect(found["items"]?.array?.compactMap { $0["id"]?.string } == [id])
        }
        let none = try await kit.call("matching.deals.list", [:], principal: "stranger", roles: [.viewer])
        #expect(none["items"]?.array == [])
    }

    @Test func whatIsNotOpenCannotBeProposed() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("센서 기술", publish: false)
        let technology = try await exchange.technology("센서")
        let fault = try await exchange.kit.fault(
            "matching.deals.propose",
            ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"])
        #expect(fault.code == .failedPrecondition && fault.data["rule"]?.string == "demand.notPublished")
    }

    @Test func allEightReasonsAreNamed() {
        #expect(DeclineReason.allCases.count == 8)
        #expect(Set(DeclineReason.allCases.map(\.name.ko)).count == 8)
    }
}
