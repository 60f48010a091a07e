import JSON
import Testing
import Vocabulary

@testable import Matching

@Suite("Scores")
struct RankingTests {
    private func facts(_ generator: inout SeededGenerator) -> Facts {
        func some<T: CaseIterable & Hashable & Sendable>(_ type: T.Type, _ generator: inout SeededGenerator) -> CaseSet<
            T
        > {
            CaseSet(T.allCases.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        }
        return Facts(
            trl: TRL(Int.random(in: 0...9, using: &generator)),
            region: Bool.random(using: &generator) ? Region.allCases.randomElement(using: &generator) : nil,
            fields: some(ScienceField.self, &generator), industries: some(StrategicIndustry.self, &generator),
            sections: some(KSICSection.self, &generator),
            partnerships: some(Partnership.self, &generator))
    }

    @Test(arguments: 0..<200)
    func reasonsAddUpToTheLogit(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        var weights = Weights.standard
        weights.demand.text = Double.random(in: 0...20, using: &generator)
        weights.supply.base = Double.random(in: -20...20, using: &generator)
        let values = FactValues(demand: facts(&generator), technology: facts(&generator), weights: weights)
        let score = Score(
            demandText: Double.random(in: 0...1, using: &generator),
            supplyText: Double.random(in: 0...1, using: &generator), facts: values, weights: weights
        ) { component, _ in Bilingual(ko: "\(component)", en: "\(component)") }
        let sum = score.reasons.reduce(0) { $0 + $1.contribution }
        #expect(abs(sum - score.logit) < 1e-9)
        for reason in score.reasons { #expect(reason.contribution == reason.weight * reason.value) }
        // The joint score is the harmonic mean of the two sides' scores, computed the other way.
        let (a, b) = (score.demandScore, score.supplyScore)
        #expect(abs(score.value - 2 * a * b / (a + b)) < 1e-9)
        #expect(score.value >= min(a, b) - 1e-12 && score.value <= max(a, b) + 1e-12)
        for side in Side.allCases {
            let own = score.reasons.filter { $0.side == side }.reduce(0) { $0 + 2 * $1.contribution }
            #expect(abs(own - (side == .demand ? score.demandLogit : score.supplyLogit)) < 1e-9)
        }
    }

    @Test func farApartSidesStayFinite() {
        let weights = Weights.standard
        #expect(Score.joined(400, -400).isFinite && Score.joined(-700, -700).isFinite)
        #expect(abs(Score.reciprocity(3, 3)) < 1e-12)
        #expect(Score.reciprocity(1_000, -1_000).isFinite)
        #expect(FactValues.stageFit(below: 8, weights: weights) > 0)
    }

    @Test func belowTheStageCountsMoreThanAbove() {
        let weights = Weights.standard
        #expect(FactValues.stageFit(below: 0, weights: weights) == 1)
        let below = FactValues.stageFit(below: 2, weights: weights)
        let above = FactValues.stageFit(below: -2, weights: weights)
        #expect(abs(below - exponential(-0.7)) < 1e-12 && above > 0.9 && above < 1)
    }

    @Test func valuesOfFacts() {
        let one = Facts(
            trl: TRL(5), region: .daejeon, fields: [.chemistry, .materials], industries: [.space],
            partnerships: [.licence])
        let other = Facts(
            trl: TRL(5), region: .sejong, fields: [.materials], industries: [.defence],
            partnerships: [.licence, .guidance])
        let values = FactValues(demand: one, technology: other, weights: .standard)
        #expect(values.field == 1 && values.industry == 0 && values.trl == 1)
        #expect(values.region == 0.6 && values.partnership == 1)
        let unknown = FactValues(demand: Facts(), technology: other, weights: .standard)
        #expect(Component.facts.allSatisfy { unknown.value(of: $0) == nil })
        #expect(FactValues.nearness(.seoul, .busan) == 0.3 && FactValues.nearness(.jeju, .jeju) == 1)
    }

    @Test func matchedBigramsBecomeTheWordAgain() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        let technology = tokeniser.vector(of: "이차이온 질량분석 기술, 1 nm 분해능")
        index.put(1, technology)
        let tokens = tokeniser.tokens(of: "SIMS로 질량분석장비의 1nm 분해능을 원함, 질량분석")
        let query = Query(tokens.vector)
        let statistics = index.statistics(for: query)
        let evidence = Evidence(query: query, tokens: tokens, of: technology, in: statistics)
        let words = evidence.words.map(\.text)
        #expect(words.contains("질량분석") && words.contains("1nm") && words.contains("분해능"))
        #expect(words.contains("이차이온 질량분석 = secondary ion mass spectrometry"))
        #expect(abs(evidence.words.reduce(0) { $0 + $1.contribution } - evidence.score) < 1e-9)
        #expect(evidence.missing.contains { $0.text == "원함" })
        #expect(!evidence.words.contains { $0.text == "원함" })
    }

    @Test func relatedConceptsAreShownAsSuch() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        let technology = tokeniser.vector(of: "3D프린팅 공정")
        index.put(1, technology)
        let tokens = tokeniser.tokens(of: "주요 부품의 경량화")
        let query = Query(tokens.vector)
        let evidence = Evidence(query: query, tokens: tokens, of: technology, in: index.statistics(for: query))
        #expect(evidence.words.map(\.kind) == [.related])
        #expect(evidence.words.first?.text == "경량화 → 3D프린팅 = 3D printing")
    }
}
