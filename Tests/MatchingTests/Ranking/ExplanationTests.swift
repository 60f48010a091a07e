import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Why, and why not")
struct ExplanationTests {
    private func explain(_ exchange: Exchange, _ demand: String, _ technology: String, _ more: JSON = [:]) async throws
        -> JSON
    {
        var ask: JSON = ["demandId": .string(demand), "technologyId": .string(technology)]
        for (key, value) in more.object ?? JSON.Members() { ask[key] = value }
        return try await exchange.kit.call("matching.explain", ask)
    }

    @Test func placesInBothListsAreThoseOfTheLists() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("표면 분해능 질량분석 장비", ["trl": 6])
        var offers: [String] = []
        for trl in [6, 5, 4, 3, 2, 1] {
            offers.append(try await exchange.technology("표면 분해능 질량분석 장비", ["trl": .integer(Int64(trl))]))
        }
        let list = try await exchange.kit.call("matching.recommend", ["demandId": .string(demand)])
        #expect(list["items"]?.array?.compactMap { $0["id"]?.string } == offers)
        for (place, offer) in offers.enumerated() {
            let why = try await explain(exchange, demand, offer)
            #expect(why.at("/inDemandsList/rank")?.integer == Int64(place + 1))
            #expect(why.at("/inDemandsList/before")?.integer == Int64(place))
            #expect(why.at("/inDemandsList/considered")?.integer == 6)
            #expect(why.at("/inTechnologysList/rank")?.integer == 1)
        }
        let last = try await explain(exchange, demand, offers[5])
        let cost = try #require(last["costs"]?.array?.first { $0["component"] == "trl" })
        #expect(cost["en"]?.string?.contains("5 below the TRL that is needed (1 of 6): costs") == true)
        #expect(cost["beforeThen"]?.integer == 0)
        let first = try await explain(exchange, demand, offers[0])
        let gain = (first["logit"]?.double ?? 0) - (last["logit"]?.double ?? 0)
        #expect(abs((cost["logit"]?.double ?? 0) - gain) < 1e-9)
        #expect(first["costs"]?.array?.contains { $0["component"] == "trl" } == false)
    }

    @Test func whatSharesNoWordIsFarAwayAndSaysSo() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("심해 광물 채굴")
        let technology = try await exchange.technology("라이브 셀 이미징")
        let why = try await explain(exchange, demand, technology)
        #expect(why.at("/inDemandsList/rank")?.integer == nil && why.at("/inDemandsList/textPlace")?.integer == nil)
        #expect(why.at("/inDemandsList/en")?.string?.contains("not among the nearest 1,000") == true)
        #expect(why.at("/costs/0/component") == "text" && why["isRecommendable"] == true)
    }

    @Test func draftsOfOthersAreNotThereAndUnknownCircumstancesAreNeutral() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("센서", publish: false)
        let technology = try await exchange.technology("센서")
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology)]
        #expect(try await exchange.fault("matching.explain", pair, as: "stranger")?.code == .notFound)
        let own = try await explain(exchange, demand, technology)
        #expect(own.at("/hardFilters/0/rule") == "demand.notPublished")
        let neutral = own["neutral"]?.array ?? []
        func seen(_ one: JSON) -> String { "\(one["component"]?.string ?? "") \(one["side"]?.string ?? "")" }
        let unknown = Set(neutral.map(seen))
        // What is published has an end of validity; a draft has none yet.
        #expect(unknown.isSuperset(of: ["capacity demand", "firm supply", "partners demand", "validity supply"]))
        #expect(neutral.allSatisfy { $0["ko"]?.string?.contains("중립") == true })
        let reasons = (own["reasons"]?.array ?? []).map(seen)
        #expect(reasons.contains("validity demand") && unknown.isDisjoint(with: reasons))
    }

    @Test func anOlderVersionOfTheWeightsGivesTheOlderScore() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서", ["trl": 7])
        let technology = try await exchange.technology("센서", ["trl": 2])
        let before = try await explain(exchange, demand, technology)
        var weights = try await kit.call("matching.weights.get")["weights"] ?? .null
        var side = weights["demand"] ?? .null
        side["trl"] = 4
        weights["demand"] = side
        try await kit.call("matching.weights.set", ["weights": weights, "reason": "단계를 더 본다"], principal: "op")
        // Who sends no circumstances leaves them as the program came with them.
        weights["circumstances"] = nil
        let second = try await kit.call("matching.weights.set", ["weights": weights, "reason": "옛 형식"])
        #expect(second.at("/weights/circumstances/partners")?.double == 0.8)
        let now = try await explain(exchange, demand, technology)
        #expect(now["weightsVersion"]?.integer == 2 && now["logit"] != before["logit"])
        let replayed = try await explain(exchange, demand, technology, ["weightsVersion": 0])
        #expect(replayed["logit"] == before["logit"] && replayed["reasons"] == before["reasons"])
        let history = try await kit.call("matching.weights.history", ["limit": 2])
        #expect(history["items"]?.array?.compactMap { $0["version"]?.integer } == [2, 1, 0])
        #expect(history.at("/items/1/setBy") == "op" && history.at("/items/1/reason") == "단계를 더 본다")
        #expect(try await kit.call("matching.weights.get", ["version": 1])["version"]?.integer == 1)
        #expect(try await kit.fault("matching.weights.get", ["version": 9]).code == .notFound)
        var circumstances = try JSON.encode(Weights.Circumstances.standard)
        circumstances["feedback"] = 0.5
        weights["circumstances"] = circumstances
        let fault = try await kit.fault("matching.weights.set", ["weights": weights, "reason": "x"])
        #expect(fault.pointers == ["/weights/circumstances/feedback"])
    }
}
