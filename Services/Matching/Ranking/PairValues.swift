import JSON

/// The value of every component for one pair, without texts: enough to compute its score again with any weights.
struct PairValues: Codable, Sendable, Hashable {
    var demandText: Double
    var supplyText: Double
    var facts: FactValues
    /// What weights bend: the text values are of shares bent with this `textHalf`, and the technology is so many steps
    /// below the stage needed (above it: less than 0). Absent, values stay as they are.
    var textHalf: Double?
    var below: Int?
    /// By component; what is not known is not there.
    var demand: [String: Double]
    var supply: [String: Double]

    init(demandText: Double, supplyText: Double, facts: FactValues, _ known: Circumstances) {
        self.demandText = demandText
        self.supplyText = supplyText
        self.facts = facts
        func values(_ side: Side) -> [String: Double] {
            Dictionary(
                uniqueKeysWithValues: Component.circumstances.compactMap { component in
                    known.value(of: component, side).map { (component.rawValue, $0) }
                })
        }
        demand = values(.demand)
        supply = values(.supply)
    }

    /// The same pair with one component at its best: what there is to gain by it. Circumstances that can only count
    /// against a pair are at their best at 0; nil where nothing is known, or nothing can be better.
    func best(_ component: Component) -> PairValues? {
        var values = self
        switch component {
        case .text: (values.demandText, values.supplyText) = (1, 1)
        case .field, .industry, .trl, .region, .partnership:
            guard facts.value(of: component) != nil else { return nil }
            values.facts.set(component, to: 1)
            if component == .trl { values.below = 0 }
        case .cluster, .capacity, .validity, .firm, .feedback, .exposure:
            let best = [.validity, .feedback, .exposure].contains(component) ? 0.0 : 1
            guard demand[component.rawValue] != nil || supply[component.rawValue] != nil else { return nil }
            values.demand[component.rawValue] = demand[component.rawValue].map { max(best, $0) }
            values.supply[component.rawValue] = supply[component.rawValue].map { max(best, $0) }
        case .base, .reciprocity, .partners, .outcomes, .record: return nil
        }
        return values
    }

    func logit(_ side: Side, _ weights: Weights) -> Double {
        let known = side == .demand ? demand : supply
        var text = side == .demand ? demandText : supplyText
        if let textHalf, textHalf != weights.textHalf, text < 1 {
            text = Score.textValue(share: textHalf * text / (1 - text), half: weights.textHalf)
        }
        var facts = facts
        if let below { facts.trl = FactValues.stageFit(below: below, weights: weights) }
        return Score.logit(side, text: text, facts: facts, weights: weights) { known[$0.rawValue] }
    }
}

extension Score {
    static func joined(_ values: PairValues, _ weights: Weights) -> Double {
        joined(values.logit(.demand, weights), values.logit(.supply, weights))
    }
}
