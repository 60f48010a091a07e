import JSON

/// One term of a score: `contribution = weight · value`, and the contributions of all terms add up to the logit.
struct Reason: Codable, Sendable, Hashable {
    let component: Component
    /// Whose view it is; nil for what concerns both.
    let side: Side?
    let weight: Double
    let value: Double
    let contribution: Double
    let ko: String
    let en: String
}

/// How well one demand and one technology fit, as a number in 0...1. It is a score for ordering, not a probability.
///
/// Each side has its own logit, base + Σ weight · value over what the profiles state and over what is known beside
/// them (values in -1...1, 0 where nothing is), and its own score σ(logit). Both are joined by the harmonic
/// mean h = 2ab/(a+b), which is high only when both are; and since logit h = (A + B)/2 - ln cosh((A - B)/2), the
/// joint score is a sum too: half of each side's terms, and one term for how far the two sides are apart.
struct Score: Sendable {
    let demandLogit: Double
    let supplyLogit: Double
    let reasons: [Reason]

    var demandScore: Double { Self.sigmoid(demandLogit) }
    var supplyScore: Double { Self.sigmoid(supplyLogit) }
    var logit: Double { Self.joined(demandLogit, supplyLogit) }
    var value: Double { Self.sigmoid(logit) }

    static func sigmoid(_ logit: Double) -> Double { 1 / (1 + exponential(-logit)) }

    static func reciprocity(_ one: Double, _ other: Double) -> Double { -logCosh((one - other) / 2) }

    static func joined(_ one: Double, _ other: Double) -> Double { (one + other) / 2 + reciprocity(one, other) }

    /// A text share 0...1 of the query's own score, bent so that ordinary good matches (a tenth to a third of the
    /// words) use most of the scale.
    static func textValue(share: Double, half: Double) -> Double { share <= 0 ? 0 : share / (share + half) }

    /// - Parameter circumstance: the value of a circumstance as this side sees it; nil where nothing is known.
    static func logit(
        _ side: Side, text: Double, facts: FactValues, weights: Weights,
        circumstance: (Component) -> Double? = { _ in nil }
    ) -> Double {
        let directed = weights.directed(side)
        var logit = directed.base + directed.text * text
        for component in Component.facts {
            logit += directed.weight(of: component) * (facts.value(of: component) ?? FactValues.unknown)
        }
        for component in Component.circumstances {
            let weight = weights.circumstances.weight(of: component)
            if weight != 0, let value = circumstance(component) { logit += weight * value }
        }
        return logit
    }

    /// - Parameters:
    ///   - demandText: the text value as the demand side sees it, from `textValue`.
    ///   - circumstance: as of `logit`; those of which nothing is known give no reason.
    ///   - sentence: what a person reads about a component (`side` tells whose view it is).
    init(
        demandText: Double, supplyText: Double, facts: FactValues, weights: Weights,
        circumstance: (Component, Side) -> Double? = { _, _ in nil }, sentence: (Component, Side?) -> Bilingual
    ) {
        demandLogit = Self.logit(.demand, text: demandText, facts: facts, weights: weights) {
            circumstance($0, .demand)
        }
        supplyLogit = Self.logit(.supply, text: supplyText, facts: facts, weights: weights) {
            circumstance($0, .supply)
        }
        var reasons: [Reason] = []
        func add(_ component: Component, _ side: Side?, weight: Double, value: Double) {
            let text = sentence(component, side)
            reasons.append(
                Reason(
                    component: component, side: side, weight: weight, value: value, contribution: weight * value,
                    ko: text.ko, en: text.en))
        }
        for component in [Component.text] + Component.facts + Component.circumstances + [.base] {
            for side in Side.allCases {
                let half = weights.weight(of: component, side) / 2
                switch component {
                case _ where Component.circumstances.contains(component):
                    if let value = circumstance(component, side) { add(component, side, weight: half, value: value) }
                case .base: add(component, side, weight: half, value: 1)
                case .text: add(component, side, weight: half, value: side == .demand ? demandText : supplyText)
                default: add(component, side, weight: half, value: facts.value(of: component) ?? FactValues.unknown)
                }
            }
        }
        add(.reciprocity, nil, weight: 1, value: Self.reciprocity(demandLogit, supplyLogit))
        self.reasons = reasons
    }
}
