import JSON
import Testing
import Vocabulary

@testable import Matching

@Suite("Circumstances of a pair")
struct CircumstancesTests {
    private func random(_ g: inout SeededGenerator) -> Circumstances {
        func sometimes<T>(_ value: T) -> T? { Bool.random(using: &g) ? value : nil }
        var known = Circumstances()
        known.demandCluster = sometimes(Cluster("대덕특구"))
        known.supplyCluster = sometimes(Cluster(Bool.random(using: &g) ? "대덕 특구" : "오송"))
        known.capacity = sometimes(Int.random(in: 0...5, using: &g))
        known.load = Int.random(in: 0...7, using: &g)
        known.demandLeft = sometimes(.seconds(Int.random(in: 0...20_000_000, using: &g)))
        known.technologyLeft = sometimes(.seconds(Int.random(in: 0...20_000_000, using: &g)))
        known.firm = FirmFacts(
            ownInvestment: sometimes(Bool.random(using: &g)), governmentSupport: sometimes(Bool.random(using: &g)))
        known.partners = Int.random(in: 0...4, using: &g)
        let decided = Int.random(in: 0...30, using: &g)
        known.outcomes = OutcomeTally(succeeded: Int.random(in: 0...decided, using: &g), decided: decided)
        known.record = OutcomeTally(succeeded: decided / 2, decided: decided)
        known.allOutcomes = OutcomeTally(succeeded: 40, decided: 100)
        known.demandAnswers = AnswerEffect(
            stage: Double.random(in: -9...9, using: &g), industry: Double.random(in: -9...9, using: &g), partnership: 0)
        known.technologyShown = Shown(count: Int.random(in: 0...100, using: &g), cap: sometimes(30))
        return known
    }

    @Test(arguments: 0..<200)
    func everyValueIsBoundedAndTheReasonsAddUp(_ seed: Int) {
        var g = SeededGenerator(state: UInt64(seed))
        let known = random(&g)
        var weights = Weights.standard
        weights.circumstances.record = Double.random(in: 0...5, using: &g)
        for component in Component.circumstances {
            for side in Side.allCases {
                let value = known.value(of: component, side) ?? 0
                #expect((-1...1).contains(value), "\(component) \(value)")
                let sentence = known.sentence(component, side)
                #expect(!sentence.ko.isEmpty && !sentence.en.isEmpty)
            }
        }
        let facts = FactValues(demand: Facts(trl: TRL(6)), technology: Facts(trl: TRL(3)), weights: weights)
        let score = Score(
            demandText: Double.random(in: 0...1, using: &g), supplyText: 0.2, facts: facts, weights: weights,
            circumstance: known.value
        ) { component, side in known.sentence(component, side ?? .demand) }
        #expect(abs(score.reasons.reduce(0) { $0 + $1.contribution } - score.logit) < 1e-9)
        for reason in score.reasons { #expect(reason.contribution == reason.weight * reason.value) }
        // The kept values give the same score again.
        let demandText = score.reasons.first { $0.component == .text && $0.side == .demand }?.value ?? -1
        let values = PairValues(demandText: demandText, supplyText: 0.2, facts: facts, known)
        #expect(abs(Score.joined(values, weights) - score.logit) < 1e-12)
    }

    @Test func nothingKnownChangesNothing() {
        let facts = FactValues(demand: Facts(), technology: Facts(), weights: .standard)
        for side in Side.allCases {
            let without = Score.logit(side, text: 0.5, facts: facts, weights: .standard)
            let with = Score.logit(side, text: 0.5, facts: facts, weights: .standard) {
                Circumstances.unknown.value(of: $0, side)
            }
            #expect(without == with)
        }
    }

    @Test func eachGrowsWithWhatSpeaksForThePair() {
        func known(_ change: (inout Circumstances) -> Void) -> Circumstances {
            var known = Circumstances()
            change(&known)
            return known
        }
        func rises(_ component: Component, _ side: Side, _ steps: [(inout Circumstances) -> Void]) {
            let values = steps.map { known($0).value(of: component, side) ?? 0 }
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(component): \(values)")
        }
        rises(.capacity, .demand, [3, 2, 1, 0].map { load in { ($0.capacity, $0.load) = (3, load) } })
        rises(.validity, .demand, [1, 30, 60, 90].map { days in { $0.technologyLeft = .seconds(days * 86_400) } })
        rises(.partners, .supply, [0, 1, 2, 3].map { count in { $0.partners = count } })
        rises(
            .firm, .supply,
            [(false, false), (nil, false), (nil, nil), (nil, true), (true, true)].map { own, support in
                { $0.firm = FirmFacts(ownInvestment: own, governmentSupport: support) }
            })
        rises(
            .outcomes, .demand,
            [0, 3, 6, 10].map { succeeded in
                {
                    $0.outcomes = OutcomeTally(succeeded: succeeded, decided: 10)
                    $0.allOutcomes = OutcomeTally(succeeded: 50, decided: 100)
                }
            })
        rises(
            .exposure, .demand,
            [200, 90, 31, 30].map { count in { $0.technologyShown = Shown(count: count, cap: 30) } })
        #expect(known { $0.technologyLeft = .seconds(900 * 86_400) }.value(of: .validity, .demand) == 0)
        #expect(known { $0.capacity = 2 }.value(of: .capacity, .supply) == nil)
        #expect(known { $0.firm.ownInvestment = true }.value(of: .firm, .demand) == nil)
    }

    @Test func sentencesNameTheNumbers() {
        var known = Circumstances()
        (known.capacity, known.load) = (3, 2)
        #expect(known.sentence(.capacity, .demand).ko.contains("3건 가운데 2건"))
        known.outcomes = OutcomeTally(succeeded: 3, decided: 7)
        #expect(known.sentence(.outcomes, .demand).en.hasPrefix("3 of 7 outcomes"))
        known.outcomes = OutcomeTally(succeeded: 3, decided: 4)
        #expect(known.value(of: .outcomes, .demand) == nil)
        #expect(known.sentence(.outcomes, .demand).en.hasPrefix("Only 4 outcomes"))
        known.firm.ownInvestment = true
        #expect(
            known.sentence(.firm, .supply).en.contains("4.96") && known.sentence(.firm, .supply).ko.contains("4.96"))
        known.technologyShown = Shown(count: 61, cap: 30)
        #expect(known.sentence(.exposure, .demand).ko.contains("61번"))
    }

    @Test func theFirmsMeansFollowTheStudysRatios() throws {
        // C:663-664: 63.3 % of successes and 25.8 % of failures: ln 2.45 and ln 0.49 (matching-notes 3.1).
        let factor = try #require(FirmFacts.factors.first { $0.key == "ownInvestment" })
        #expect(abs(factor.association.logLikelihoodRatio(true) - 0.90) < 0.005)
        #expect(abs(factor.association.logLikelihoodRatio(false) + 0.70) < 0.005)
        let both = try #require(FirmFacts(ownInvestment: true, governmentSupport: true).value)
        #expect(abs(both - hyperbolicTangent((0.898 + 0.943) / 2)) < 0.01)
    }

    @Test func smoothingFollowsItsPrior() {
        let all = OutcomeTally(succeeded: 0, decided: 0)
        #expect(abs(all.base - 139.0 / 321) < 1e-12)
        #expect(abs(OutcomeTally(succeeded: 5, decided: 5).rate(base: 0.4) - 9.0 / 15) < 1e-12)
        let seen = OutcomeTally(succeeded: 40, decided: 100)
        #expect(OutcomeTally(succeeded: 40, decided: 100).value(among: seen).map { abs($0) < 0.02 } == true)
        #expect(OutcomeTally(succeeded: 4, decided: 4).value(among: seen) == nil)
    }
}
