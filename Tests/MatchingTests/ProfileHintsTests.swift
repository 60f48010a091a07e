import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("What reviewers and owners are told beside the text")
struct ProfileHintsTests {
    @Test func aNumberOfTwoOrganisationsIsShownToTheReviewer() async throws {
        let exchange = try await Exchange()
        let patent: JSON = ["iprStatus": ["granted"], "patents": ["10-1234567"]]
        let first = try await exchange.technology("먼저", patent)
        #expect(try await !exchange.types().contains("ieum.matching.patent.shared"))
        let other = try await exchange.kit.call(
            "matching.technologies.create",
            [
                "organisationId": .string(exchange.company), "title": "나중", "summary": "나중", "iprStatus": ["granted"],
                "patents": ["제10-1234567호"],
            ]
        ).text("id")
        try await exchange.kit.call("matching.technologies.submit", ["id": .string(other)])
        let waiting = try await exchange.kit.call("matching.technologies.queue")
        #expect(waiting.at("/items/0/sharedPatents/0/number")?.string == "10-1234567")
        #expect(waiting.at("/items/0/sharedPatents/0/others/0/id")?.string == first)
        // Everybody reads the events: they wait until both are public.
        #expect(try await !exchange.types().contains("ieum.matching.patent.shared"))
        let passed: JSON = ["points": 5]
        try await exchange.kit.call(
            "matching.technologies.review",
            [
                "id": .string(other), "version": 1,
                "score": ["advantages": passed, "clarity": passed, "cooperation": passed, "language": passed],
            ], principal: "reviewer")
        let event = try await exchange.kit.events.last { $0["type"]?.string == "ieum.matching.patent.shared" }
        #expect(event?.at("/data/profileIds")?.texts == [other, first])
        // One organisation may name its own patent twice.
        let own = try await exchange.technology("우리 다른 기술", publish: false, patent)
        try await exchange.kit.call("matching.technologies.submit", ["id": .string(own)])
        let second = try await exchange.kit.call("matching.technologies.queue")
        #expect(second.at("/items/0/sharedPatents/0/others")?.array?.count == 1)
    }

    @Test func theOwnerSeesWhyOthersDeclined() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let technology = try await exchange.technology("거절될 기술")
        let reasons = ["tooEarly", "benefitUnclear", "tooEarly"]
        for (number, reason) in reasons.enumerated() {
            let demand = try await exchange.demand("수요 \(number)")
            let deal = try await kit.call(
                "matching.deals.propose",
                ["demandId": .string(demand), "technologyId": .string(technology), "side": "supply"])
            try await kit.call(
                "matching.deals.decline",
                ["id": try #require(deal["id"]), "side": "demand", "reason": .string(reason)])
        }
        // What the owner itself declines is no news to it.
        let last = try await exchange.demand("수요 끝")
        let deal = try await kit.call(
            "matching.deals.propose",
            ["demandId": .string(last), "technologyId": .string(technology), "side": "demand"])
        try await kit.call(
            "matching.deals.decline", ["id": try #require(deal["id"]), "side": "supply", "reason": "termsUnsuitable"])
        let told = try await kit.call(
            "matching.technologies.declines", ["id": .string(technology)], principal: "institute", roles: [.viewer])
        #expect(told["items"]?.array?.compactMap { $0["reason"]?.string } == ["tooEarly", "benefitUnclear"])
        #expect(told["items"]?.array?.compactMap { $0["count"]?.integer } == [2, 1])
        #expect(told["deals"]?.integer == 4 && told["declined"]?.integer == 3)
        let foreign = try await exchange.fault(
            "matching.technologies.declines", ["id": .string(technology)], as: "company")
        #expect(foreign?.code == .forbidden)
    }
}
