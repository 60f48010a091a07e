import JSON

/// What each component counts. The defaults are stated priors (matching-notes 3.2), not fitted; the region counts
/// little and the supplier's record not at all, as the evidence says. So do the supply side's own words: how much of
/// a technology's text a need repeats tells the text's length more than the fit (first judged pairs: MRR .70 with a
/// weight of 4, .76 with this one, .80 with none; known items .25, .35, .37). Operators may set others; every version
/// is kept, and a score names the version it was made with.
struct Weights: Codable, Sendable, Hashable {
    /// How one side looks at the other: a logit is `base` plus each weight times its component's value in 0...1.
    struct Directed: Codable, Sendable, Hashable {
        var base: Double
        var text: Double
        var field: Double
        var industry: Double
        var trl: Double
        var region: Double
        var partnership: Double

        func weight(of component: Component) -> Double {
            switch component {
            case .base: base
            case .text: text
            case .field: field
            case .industry: industry
            case .trl: trl
            case .region: region
            case .partnership: partnership
            case .reciprocity: 1
            case .cluster, .capacity, .validity, .firm, .partners, .outcomes, .record, .feedback, .exposure: 0
            }
        }
    }

    /// How the demand side looks at a technology.
    var demand: Directed
    /// How the supply side looks at a demand.
    var supply: Directed
    /// The share of the query's own BM25 score at which the text counts one half.
    var textHalf: Double
    /// How fast the value falls for each step that the technology is below the stage needed.
    var trlBelow: Double
    /// The same for each step above it: too mature is only mildly worse.
    var trlAbove: Double
    /// What is known beside the two profiles; the same for both sides.
    var circumstances: Circumstances

    static let standard = Weights(
        demand: Directed(
            base: -4, text: 4.5, field: 1, industry: 0.8, trl: 1.2, region: 0.3, partnership: 0.6),
        supply: Directed(
            base: -1.6, text: 0.2, field: 1, industry: 0.6, trl: 0.6, region: 0.3, partnership: 1),
        textHalf: 0.12, trlBelow: 0.35, trlAbove: 0.05, circumstances: .standard)

    func directed(_ side: Side) -> Directed { side == .demand ? demand : supply }

    func weight(of component: Component, _ side: Side) -> Double {
        Component.circumstances.contains(component)
            ? circumstances.weight(of: component) : directed(side).weight(of: component)
    }
}

extension Weights: Constrained {
    static let constraints: [String: Schema.Constraint] = [
        "textHalf": .between(0.001...1), "trlBelow": .between(0...5), "trlAbove": .between(0...5),
    ]

    /// Who sets weights without `circumstances` leaves those as the program came with them.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        demand = try members.decode(Directed.self, forKey: .demand)
        supply = try members.decode(Directed.self, forKey: .supply)
        textHalf = try members.decode(Double.self, forKey: .textHalf)
        trlBelow = try members.decode(Double.self, forKey: .trlBelow)
        trlAbove = try members.decode(Double.self, forKey: .trlAbove)
        circumstances = try members.decodeIfPresent(Circumstances.self, forKey: .circumstances) ?? .standard
    }
}

extension Weights.Directed: Constrained {
    static let constraints: [String: Schema.Constraint] = [
        "base": .between(-20...20), "text": .between(0...20), "field": .between(0...20),
        "industry": .between(0...20), "trl": .between(0...20), "region": .between(0...20),
        "partnership": .between(0...20),
    ]
}

/// What a score is made of.
enum Component: String, Codable, CaseIterable, Sendable {
    case base, text, field, industry, trl, region, partnership, reciprocity
    case cluster, capacity, validity, firm, partners, outcomes, record, feedback, exposure

    /// What both profiles state themselves.
    static let facts: [Component] = [.field, .industry, .trl, .region, .partnership]
    /// What is known beside them.
    static let circumstances: [Component] = [
        .cluster, .capacity, .validity, .firm, .partners, .outcomes, .record, .feedback, .exposure,
    ]
}
