import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("What ranking learns")
struct ExperienceTests {
    private func explain(_ exchange: Exchange, _ demand: String, _ technology: String) async throws -> JSON {
        try await exchange.kit.call(
            "matching.explain", ["demandId": .string(demand), "technologyId": .string(technology)])
    }

    private func reason(_ component: String, _ explained: JSON) -> JSON? {
        explained["reasons"]?.array?.first { $0["component"]?.string == component }
    }

    @Test func declaredCapacityClusterAndMeansCount() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서")
        let before = try await explain(exchange, demand, technology)
        let company: JSON = [
            "organisationId": .string(exchange.company), "cluster": "대덕 특구", "ownInvestment": true,
            "source": "2025 감사보고서",
        ]
        #expect(try await exchange.fault("matching.standings.declare", company, as: "institute")?.code == .forbidden)
        try await kit.call("matching.standings.declare", company, principal: "company", roles: [.viewer, .member])
        try await kit.call(
            "matching.standings.declare",
            ["organisationId": .string(exchange.institute), "cluster": "대덕특구", "capacity": 2, "source": "TLO"])
        let after = try await explain(exchange, demand, technology)
        #expect(reason("cluster", after)?["value"]?.double == 1 && reason("capacity", after)?["value"]?.double == 1)
        #expect(reason("firm", after)?["side"] == "supply")
        #expect((after["logit"]?.double ?? 0) > (before["logit"]?.double ?? 0))
        let sum = after["reasons"]?.array?.reduce(0.0) { $0 + ($1["contribution"]?.double ?? .nan) } ?? .nan
        #expect(abs(sum - (after["logit"]?.double ?? 0)) < 1e-9)

        // Two agreed deals take both places; then nobody is recommended it, and the reason is said.
        for _ in 0..<2 {
            _ = try await exchange.agreedDeal(try await exchange.demand("다른 센서"), try await exchange.technology("센서 둘"))
        }
        let full = try await explain(exchange, demand, technology)
        #expect(full.at("/hardFilters/0/rule") == "technology.noCapacity")
        #expect(reason("capacity", full)?["ko"]?.string?.contains("2건 가운데 2건") == true)
        let ask: JSON = ["demandId": .string(demand)]
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array == [])
        let standing = try await kit.call("matching.standings.get", ["organisationId": .string(exchange.institute)])
        #expect(standing["load"]?.integer == 2 && standing.at("/standing/capacity")?.integer == 2)
        // A technology with people of its own is counted by itself.
        let own = try await kit.call(
            "matching.standings.declareTechnology",
            ["technologyId": .string(technology), "capacity": 1, "source": "연구실"])
        #expect(own["load"]?.integer == 0)
        #expect(try await kit.call("matching.recommend", ask).at("/items/0/id")?.string == technology)
    }

    @Test func outcomesOfTheSameKindAndEarlierPartnersCount() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let facts: JSON = ["trl": 6, "industries": ["space"], "partnerships": ["licence"]]
        for number in 0..<6 {
            let demand = try await exchange.demand("위성 센서", facts)
            let deal = try await exchange.agreedDeal(demand, try await exchange.technology("위성 센서", facts))
            let technology = try await kit.call("matching.deals.get", ["id": .string(deal)])["technologyId"] ?? .null
            let hold = try await kit.call(
                "matching.technologies.hold",
                ["technologyId": technology, "demandId": .string(demand), "holder": "test"])
            try await kit.call("matching.technologies.post", ["id": hold["id"] ?? .null])
            var outcome: JSON = ["dealId": .string(deal), "side": "demand", "status": "succeeded"]
            if number == 0 {
                outcome["status"] = "failed"
                outcome["reason"] = "marketChange"
            }
            try await kit.call("matching.outcomes.record", outcome)
        }
        let demand = try await exchange.demand("위성 센서", facts)
        let technology = try await exchange.technology("위성 센서", facts)
        let explained = try await explain(exchange, demand, technology)
        let outcomes = try #require(reason("outcomes", explained))
        #expect(outcomes["en"]?.string?.hasPrefix("5 of 6 outcomes") == true, "\(outcomes)")
        #expect((outcomes["value"]?.double ?? 0) > 0 && (outcomes["contribution"]?.double ?? 1) <= 0.3)
        #expect(reason("partners", explained)?["en"]?.string?.contains("6 transfers") == true)
        #expect(reason("record", explained)?["contribution"]?.double == 0)
        #expect(explained.at("/calibration/outcomes")?.integer == 6)
        #expect(explained.at("/calibration/calibrated") == false && explained["probability"]?.object == nil)
        // Another stage is another kind.
        let early = try await exchange.technology("위성 센서", ["trl": 2, "industries": ["space"]])
        #expect(reason("outcomes", try await explain(exchange, demand, early)) == nil)
        let tooFew = try await kit.fault("matching.calibration.fit")
        #expect(tooFew.code == .failedPrecondition && tooFew.data["outcomes"]?.integer == 6)
    }

    @Test func withEnoughOutcomesThatScoresTellApartAProbabilityStandsBesideTheScore() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서")
        try await decide(exchange, demand, technology, 240)
        let fitted = try await kit.call("matching.calibration.fit", principal: "op")
        #expect(fitted["isInUse"] == true && fitted["method"] == "platt" && fitted["fittedBy"] == "op")
        #expect(fitted.at("/report/outcomes")?.integer == 240)
        let ask: JSON = ["demandId": .string(demand)]
        let answer = try await kit.call("matching.recommend", ask)
        #expect(answer.at("/calibration/calibrated") == true && answer.at("/calibration/version")?.integer == 1)
        let probability = try #require(answer.at("/items/0/probability"))
        let low = try #require(probability["low"]?.double)
        let high = try #require(probability["high"]?.double)
        let value = try #require(probability["value"]?.double)
        #expect(low < value && value < high)
        // A probability is of the weights whose scores were fitted.
        let weights = try await kit.call("matching.weights.get")["weights"] ?? .null
        try await kit.call("matching.weights.set", ["weights": weights, "reason": "새 판"])
        let later = try await kit.call("matching.recommend", ask)
        #expect(later.at("/calibration/calibrated") == false && later.at("/items/0/probability")?.object == nil)
        #expect(try await kit.call("matching.calibration.get").at("/last/version")?.integer == 1)
    }

    /// Decided deals whose kept text values mostly tell success from failure, written as if long ago.
    private func decide(_ exchange: Exchange, _ demand: String, _ technology: String, _ count: Int) async throws {
        let (company, institute, now) = (exchange.company, exchange.institute, exchange.kit.now)
        try await exchange.kit.database.write { db in
            var g = SeededGenerator(state: 5)
            for _ in 0..<count {
                let id = DealID.new(at: now)
                let text = Double.random(in: 0...1, using: &g)
                let succeeded = Double.random(in: 0..<1, using: &g) < text
                try db.run(
                    """
                    INSERT INTO deal (id, demand_id, technology_id, demand_organisation_id, supply_organisation_id,
                        state, created_at, updated_at, changed) VALUES (?, ?, ?, ?, ?, 'withdrawn', ?, ?, 1)
                    """, id, demand, technology, company, institute, now, now)
                let values = PairValues(
                    demandText: text, supplyText: 0.1,
                    facts: FactValues(demand: Facts(), technology: Facts(), weights: .standard), .unknown)
                try db.run(
                    "INSERT INTO deal_score (deal_id, logit, weights_version, body, at) VALUES (?, ?, 0, ?, ?)", id,
                    Score.joined(values, .standard), try JSON.encode(values).text, now)
                try db.run(
                    "INSERT INTO deal_outcome (deal_id, demand_id, technology_id, succeeded, at) VALUES (?, ?, ?, ?, ?)",
                    id, demand, technology, succeeded, now)
            }
            _ = try RankingClock.next(db)
        }
    }

    @Test func whatIsShownIsCountedAndKeptOverARestart() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ranking-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "matching.sqlite").path
        let exchange = try await Exchange(path: path)
        let technology = try await exchange.technology("센서")
        for number in 0..<5 {
            let ask: JSON = ["demandId": .string(try await exchange.demand("센서 \(number)"))]
            // Asking again shows it to nobody else.
            for _ in 0..<2 { try await exchange.kit.call("matching.recommend", ask) }
        }
        try await exchange.kit.advance(seconds: 31)
        let rows = try await exchange.kit.database.read { db in
            try db.rows("SELECT shown FROM profile_exposure WHERE profile_id = ?", technology).map {
                try $0.get("shown") as Int
            }
        }
        #expect(rows == [5])
        exchange.kit.database.close()
        let again = try TestService(Matching.service, path: path)
        let exposure = Exposure()
        let moment = again.now
        try await again.database.read { db in try exposure.begin(db, at: moment) }
        #expect(TechnologyID(technology).map { exposure.shown($0).count } == 5)
    }

    @Test func whoIsShownBeyondItsShareYieldsToEqualsAndSaysSo() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let often = try await exchange.technology("위성 센서")
        let filler = try await exchange.technology("드론 관제")
        for number in 0..<30 {
            let demand = try await exchange.demand(number < 3 ? "드론 \(number)" : "위성 \(number)")
            try await kit.call("matching.recommend", ["demandId": .string(demand)])
        }
        let seldom = try await exchange.technology("위성 센서")
        let demand = try await exchange.demand("위성 센서")
        let ask: JSON = ["demandId": .string(demand)]
        // 27 of 30 places are not more than three times the fair share of two.
        #expect(try await kit.call("matching.recommend", ask).at("/items/0/id")?.string == often)
        _ = filler
        for number in 0..<30 {
            let other = try await exchange.technology("재료 \(number)x")
            let asking = try await exchange.demand("\(number)x")
            try await kit.call("matching.recommend", ["demandId": .string(asking)])
            _ = other
        }
        let later = try await kit.call("matching.recommend", ask)
        #expect(later["items"]?.array?.compactMap { $0["id"]?.string } == [seldom, often])
        let why = try await explain(exchange, demand, often)
        #expect(reason("exposure", why)?["en"]?.string?.hasPrefix("Shown 28 times in 7 days") == true)
        #expect((reason("exposure", why)?["contribution"]?.double ?? 0) < 0)
    }

    @Test func whatWasLearntMovesWithAMergedOrganisation() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let twin = try await kit.call(
            "matching.organisations.create", ["kind": "institute", "nameKo": "다라 연구원", "region": "KR-30"]
        ).text("id")
        let demand = try await exchange.demand("위성 센서")
        _ = try await exchange.agreedDeal(demand, try await exchange.technology("위성 센서"))
        try await kit.call(
            "matching.standings.declare",
            ["organisationId": .string(exchange.institute), "capacity": 1, "source": "TLO"])
        let ask: JSON = ["organisationId": .string(twin)]
        #expect(try await kit.call("matching.standings.get", ask)["load"]?.integer == 0)
        try await kit.call(
            "matching.organisations.merge",
            ["keep": .string(twin), "drop": .string(exchange.institute), "reason": "같다"])
        let after = try await kit.call("matching.standings.get", ask)
        #expect(after["load"]?.integer == 1 && after.at("/standing/capacity")?.integer == 1)
        let answers = try await kit.call("matching.feedback.list", ask)
        #expect(answers["items"]?.array?.compactMap { $0["answer"]?.string } == ["interested"])
    }

    /// The values of a proposal give, with other weights, the score that those weights give the pair.
    @Test func keptValuesAreScoredWithAnyWeights() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("위성 영상 센서", ["trl": 7, "fields": ["NC"]])
        let technology = try await exchange.technology("위성 통신 센서", ["trl": 4, "fields": ["NC"]])
        let deal = try await kit.call(
            "matching.deals.propose",
            ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"])
        var weights = try await kit.call("matching.weights.get")["weights"] ?? .null
        (weights["textHalf"], weights["trlBelow"]) = (0.5, 1.5)
        weights["circumstances"] = try JSON.encode(Weights.Circumstances.none)
        try await kit.call("matching.weights.set", ["weights": weights, "reason": "다른 모양"])
        let now = try await explain(exchange, demand, technology)["logit"]?.double ?? .nan
        let id = try deal.text("id")
        let (moment, changed) = (kit.now, try weights.decode(Weights.self))
        let kept = try await kit.database.write { db in
            try db.run(
                "INSERT INTO deal_outcome (deal_id, demand_id, technology_id, succeeded, at) VALUES (?, ?, ?, 1, ?)",
                id, demand, technology, moment)
            return try DealScores.decided(changed, db)
        }
        #expect(kept.count == 1 && abs((kept.first?.logit ?? .nan) - now) < 1e-9, "\(kept) and \(now)")
    }
}
