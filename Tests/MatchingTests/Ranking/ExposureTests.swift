import JSON
import Testing
import Vocabulary

@testable import Matching

@Suite("Exposure")
struct ExposureTests {
    @Test func aQuestionCountsOnceADayAndTheWindowSlides() {
        var window = ExposureWindow<Int, String>()
        #expect(window.show(["a", "b"], to: 1, on: 10) == ["a", "b"])
        #expect(window.show(["a", "b"], to: 1, on: 10).isEmpty)
        #expect(window.show(["a"], to: 1, on: 11) == ["a"] && window.shown("a").count == 2)
        // Who asked matters on that day only; of the days before the counts are kept.
        #expect(window.days[10]?.pairs.isEmpty == true && window.days[11]?.pairs.count == 1)
        window.advance(to: 16)
        #expect(window.shown("a").count == 2)
        window.advance(to: 17)
        #expect(window.shown("a").count == 1 && window.shown("b").count == 0 && window.sum == 1)
        window.advance(to: 18)
        #expect(window.totals.isEmpty && window.days.isEmpty && window.cap == nil)
    }

    @Test func theCapIsAMultipleOfTheFairShareAndNeverBelowItsFloor() {
        var window = ExposureWindow<Int, Int>()
        for asker in 0..<30 { _ = window.show([0], to: asker, on: 1) }
        // Alone, it has all of the fair share.
        #expect(window.cap == 90 && window.shown(0).value == nil)
        for key in 1..<30 { _ = window.show([key], to: 0, on: 1) }
        #expect(window.cap == 20 && window.shown(1).value == nil)
        #expect(window.shown(0).value == 20.0 / 30 - 1)
    }

    /// 600 needs ask for ten of 200 offers. One offer fits each need far better than all others; of the rest a tenth
    /// is a little better for everybody, which is enough to have nearly all places.
    @Test func equalOffersShareThePlacesAndABetterOneStays() {
        let (before, after) = (simulate(0), simulate(Weights.Circumstances.standard.exposure))
        #expect(before.bestStays && after.bestStays)
        #expect(after.top < before.top * 0.6, "the first twentieth: \(before.top) and \(after.top)")
        #expect(after.gini < before.gini * 0.9, "Gini: \(before.gini) and \(after.gini)")
        #expect(before.loss == 0 && after.loss < 0.2, "lost of the logit: \(after.loss)")
    }

    private func simulate(_ weight: Double) -> (top: Double, gini: Double, loss: Double, bestStays: Bool) {
        var g = SeededGenerator(state: 11)
        var window = ExposureWindow<Int, Int>()
        let (offers, needs) = (200, 600)
        let appeal = (0..<offers).map { $0 < 20 ? 0.3 + Double.random(in: 0...0.1, using: &g) : 0.0 }
        var (loss, best) = (0.0, 0)
        for need in 0..<needs {
            let fitting = 20 + need % 180
            let logits = appeal.indices.map { offer in
                appeal[offer] + Double.random(in: -0.1...0.1, using: &g) + (offer == fitting ? 2 : 0)
            }
            let ranked = logits.indices.map { offer in
                (offer: offer, score: logits[offer] + weight * (window.shown(offer).value ?? 0))
            }.sorted { ($1.score, $0.offer) < ($0.score, $1.offer) }.prefix(10).map(\.offer)
            let ideal = logits.sorted(by: >).prefix(10).reduce(0, +)
            loss += (ideal - ranked.reduce(0) { $0 + logits[$1] }) / 10
            if ranked.first == fitting { best += 1 }
            _ = window.show(ranked, to: need, on: 1)
        }
        let counts = (0..<offers).map { Double(window.totals[$0] ?? 0) }.sorted(by: >)
        let sum = counts.reduce(0, +)
        let weighted = counts.reversed().enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        let gini = 2 * weighted / (Double(offers) * sum) - Double(offers + 1) / Double(offers)
        return (counts.prefix(10).reduce(0, +) / sum, gini, loss / Double(needs), best == needs)
    }
}
