import Daejeon
import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Fund
@testable import Matching
@testable import Talent
@testable import Testbed

/// The demonstration against the services themselves, each in memory: that every call fits, that loading twice changes
/// nothing, and that what the one flow needs can be held and posted.
@Suite struct SeedTests {
    /// The four services and what the calls returned.
    private final class House {
        let kits: [String: TestService]
        var results: [String: JSON] = [:]
        let now: Instant

        init() throws {
            now = try #require(Instant("2026-11-20T03:00:00Z"))
            kits = [
                "matching": try TestService(Matching.service, now: now),
                "fund": try TestService(Fund.service, now: now),
                "testbed": try TestService(Testbed.service, now: now),
                "talent": try TestService(
                    Talent.service(Vault(master: [UInt8](repeating: 7, count: 32))), now: now),
            ]
        }

        func call(_ method: String, _ params: JSON, key: String? = nil) async throws -> JSON {
            let kit = try #require(kits[String(method.prefix { $0 != "." })])
            return try await kit.call(method, params, key: key)
        }

        func load() async throws {
            for seed in Daejeon.load {
                do {
                    results[seed.alias] = try await call(
                        seed.method, seed.parameters(results: results), key: seed.idempotencyKey)
                } catch {
                    Issue.record("\(seed.alias) \(seed.method): \(error)")
                    throw error
                }
            }
        }

        func id(_ alias: String) -> JSON { results[alias]?["id"] ?? .null }
    }

    @Test func loadingTwiceChangesNothing() async throws {
        let house = try House()
        try await house.load()
        let first = house.results
        var events: [String: Int] = [:]
        for (name, kit) in house.kits { events[name] = try await kit.events.count }
        try await house.load()
        #expect(house.results == first)
        for (name, kit) in house.kits { #expect(try await kit.events.count == events[name]) }
    }

    /// The unsolved problems and the technologies that answer them (C:244-260) are found first.
    @Test(arguments: [
        ("dmd-inside-samples", "tec-desktop-tem"), ("dmd-inside-bodies", "tec-optical-endoscope"),
        ("dmd-imaging-signal", "tec-bio-sims"), ("dmd-molecular-samples", "tec-chiral-microscope"),
    ])
    func theAnswerComesFirst(demand: String, technology: String) async throws {
        let house = try House()
        try await house.load()
        let found = try await house.call("matching.recommend", ["demandId": house.id(demand), "limit": 3])
        #expect(found.at("/items/0/id") == house.id(technology))
    }

    @Test func whatTheFlowNeedsCanBeHeldAndPosted() async throws {
        let house = try House()
        try await house.load()
        let plan = Daejeon.commercialize
        let interest = plan.supplyInterest
        _ = try await house.call(interest.method, interest.parameters(results: house.results))
        let input = try plan.input(now: house.now, results: house.results)
        let pair: JSON = ["demandId": house.id(plan.demand), "technologyId": house.id(plan.technology)]
        var proposal = pair
        proposal["side"] = "demand"
        let deal = try await house.call("matching.deals.propose", proposal)
        #expect(deal["state"] == "agreed")
        var technology = pair
        technology["dealId"] = deal["id"]
        for (resource, params) in [
            ("matching.technologies", technology), ("testbed.reservations", input["reservation"] ?? [:]),
            ("talent.engagements", input["engagement"] ?? [:]), ("fund.coinvestments", input["coinvestment"] ?? [:]),
        ] {
            var params = params
            params["holder"] = "flw_test"
            let held = try await house.call("\(resource).hold", params)
            #expect(held["state"] == "held", "\(resource)")
            let posted = try await house.call("\(resource).post", ["id": held["id"] ?? .null])
            #expect(posted["state"] == "posted", "\(resource)")
        }
    }

    @Test func everyPostingFindsSomebody() async throws {
        let house = try House()
        try await house.load()
        for seed in Daejeon.load where seed.method == "talent.postings.create" {
            let found = try await house.call("talent.recommend", ["postingId": house.id(seed.alias)])
            #expect(found["items"]?.array?.isEmpty == false, "\(seed.alias)")
        }
    }
}
