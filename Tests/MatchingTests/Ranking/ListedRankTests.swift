import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

/// What an explanation says of a place is what the list does.
@Suite("The rank that is told is the place in the list")
struct ListedRankTests {
    private func pick(_ g: inout SeededGenerator, _ below: Int) -> Int { Int.random(in: 0..<below, using: &g) }

    /// Few words and few stages, so that many scores are equal; some offers are held, transferred or declined.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func inRandomMarkets(seed: UInt64) async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        var g = SeededGenerator(state: seed)
        let words = ["위성", "센서", "이온", "드론"]
        func text() -> String { (0...pick(&g, 3)).map { _ in words[pick(&g, words.count)] }.joined(separator: " ") }
        func facts() -> JSON {
            pick(&g, 2) == 0 ? [:] : ["trl": .integer(Int64(3 + pick(&g, 3))), "fields": ["NC"]]
        }
        var demands: [String] = []
        var offers: [String] = []
        for _ in 0..<8 { demands.append(try await exchange.demand(text(), facts())) }
        for _ in 0..<16 {
            var more = facts()
            more["exclusive"] = .bool(pick(&g, 2) == 0)
            if pick(&g, 6) == 0 { more["type"] = "businessOffer" }
            offers.append(try await exchange.technology(text(), more))
        }
        for _ in 0..<12 {
            let pair: JSON = [
                "demandId": .string(demands[pick(&g, 8)]), "technologyId": .string(offers[pick(&g, 16)]),
            ]
            var answer = pair
            answer["side"] = pick(&g, 2) == 0 ? "demand" : "supply"
            answer["answer"] = ["relevant", "notRelevant", "seenBefore"][pick(&g, 3)]
            try await kit.call("matching.feedback.record", answer)
            if pick(&g, 2) == 0 { _ = try? await kit.call("matching.technologies.hold", pair.with("holder", "t")) }
        }
        for demand in demands {
            for offer in offers { try await compare(exchange, demand, offer) }
        }
    }

    private func compare(_ exchange: Exchange, _ demand: String, _ offer: String) async throws {
        let kit = exchange.kit
        func place(_ id: String, _ ask: JSON) async throws -> Int64? {
            let list = try await kit.call("matching.recommend", ask.with("limit", 100))["items"]?.array ?? []
            return list.firstIndex { $0["id"]?.string == id }.map { Int64($0 + 1) }
        }
        let why = try await kit.call(
            "matching.explain", ["demandId": .string(demand), "technologyId": .string(offer)])
        let inDemands = try await place(offer, ["demandId": .string(demand)])
        let inTechnologys = try await place(demand, ["technologyId": .string(offer)])
        #expect(why.at("/inDemandsList/rank")?.integer == inDemands, "\(why.at("/hardFilters") ?? .null)")
        #expect(why.at("/inTechnologysList/rank")?.integer == inTechnologys, "\(why.at("/hardFilters") ?? .null)")
        if why["isRecommendable"] == true, why.at("/inDemandsList/textPlace")?.integer != nil {
            #expect(inDemands != nil)
        }
    }
}

extension JSON {
    fileprivate func with(_ key: String, _ value: JSON) -> JSON {
        var copy = self
        copy[key] = value
        return copy
    }
}
