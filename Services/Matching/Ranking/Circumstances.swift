import JSON
import Vocabulary

/// What is known of one pair beside the two profiles. Every value lies in -1...1 and is nil, which counts 0, where
/// nothing is known: whoever tells nothing is neither better nor worse for it.
struct Circumstances: Sendable {
    /// The clusters or zones that the two organisations name as theirs.
    var demandCluster: Cluster?
    var supplyCluster: Cluster?
    /// How many agreed deals the technology's people can follow up at once, as declared, and how many they have.
    var capacity: Int?
    var load = 0
    /// How long each profile stays valid; nil for one that names no end.
    var demandLeft: Duration?
    var technologyLeft: Duration?
    /// What the firm that asks declares of itself.
    var firm = FirmFacts()
    /// Where it can be checked.
    var firmSource: String?
    /// Deals of these two organisations that were committed before.
    var partners = 0
    /// Decided outcomes: of pairs like this one, of this supplier, and of all.
    var outcomes = OutcomeTally()
    var record = OutcomeTally()
    var allOutcomes = OutcomeTally()
    /// What each organisation answered before, as far as it concerns this pair.
    var demandAnswers = AnswerEffect()
    var supplyAnswers = AnswerEffect()
    /// How often each profile was shown lately.
    var demandShown = Shown()
    var technologyShown = Shown()

    static let unknown = Circumstances()

    /// Until when a profile must be valid for a deal to be agreed on in time; less counts against it in proportion.
    static let neededValidity = Duration.seconds(90 * 86_400)

    /// The value as this side sees it.
    func value(of component: Component, _ side: Side) -> Double? {
        switch component {
        case .cluster:
            guard let demandCluster, let supplyCluster else { return nil }
            return demandCluster == supplyCluster ? 1 : 0
        case .capacity:
            guard side == .demand, let capacity else { return nil }
            return Self.room(load: load, capacity: capacity)
        case .validity: return (side == .demand ? technologyLeft : demandLeft).map(Self.lasting)
        case .firm: return side == .supply ? firm.value : nil
        case .partners: return partners == 0 ? nil : 1 - exponential(-log1(2) * Double(partners))
        case .outcomes: return outcomes.value(among: allOutcomes)
        case .record: return side == .demand ? record.value(among: allOutcomes) : nil
        case .feedback: return (side == .demand ? demandAnswers : supplyAnswers).value
        case .exposure: return (side == .demand ? technologyShown : demandShown).value
        case .base, .text, .field, .industry, .trl, .region, .partnership, .reciprocity: return nil
        }
    }

    /// 1 with all places free, 0 with half of them, -1 with none.
    static func room(load: Int, capacity: Int) -> Double {
        capacity <= 0 ? -1 : max(-1, min(1, 1 - 2 * Double(load) / Double(capacity)))
    }

    /// 0 while there is time enough, falling to -1 at the end.
    static func lasting(_ left: Duration) -> Double { max(0, min(1, left / neededValidity)) - 1 }
}

/// An innovation cluster, complex or zone by its name; the same one however its name is spaced and cased.
struct Cluster: Sendable, Hashable {
    let name: String
    private let key: String

    init(_ name: String) {
        self.name = name
        key = name.lowercased().filter { !$0.isWhitespace }
    }

    static func == (left: Cluster, right: Cluster) -> Bool { left.key == right.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// What a firm declares of itself, as far as the study compares firms that commercialised with those that did not
/// (C:657-668). An association found among 321 firms, used for ordering; it predicts nothing about one of them.
struct FirmFacts: Codable, Sendable, Hashable {
    /// Own money of 100 million won or more for taking technology up.
    var ownInvestment: Bool?
    var governmentSupport: Bool?

    /// tanh of half the sum of the log likelihood ratios: 0 when nothing is declared.
    var value: Double? {
        let ratios = [("ownInvestment", ownInvestment), ("governmentSupport", governmentSupport)].compactMap {
            key, has -> Double? in
            guard let has, let factor = Self.factors.first(where: { $0.key == key }) else { return nil }
            return factor.association.logLikelihoodRatio(has)
        }
        return ratios.isEmpty ? nil : hyperbolicTangent(ratios.reduce(0, +) / 2)
    }

    static let factors = CommercialisationStudy.published.factors
}

extension OddsRatio {
    /// How much more often it is found, or missed, among successes than among failures.
    func logLikelihoodRatio(_ has: Bool) -> Double {
        has ? log1(shareOfSuccesses / shareOfFailures) : log1((1 - shareOfSuccesses) / (1 - shareOfFailures))
    }
}

/// tanh x, from the exponential of a negative number only, so that it cannot overflow.
func hyperbolicTangent(_ value: Double) -> Double {
    let small = exponential(-2 * abs(value))
    return (value < 0 ? -1 : 1) * (1 - small) / (1 + small)
}
