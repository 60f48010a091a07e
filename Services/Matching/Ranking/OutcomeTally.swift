import JSON
import Storage
import Vocabulary

/// Decided outcomes: how many commercialisations succeeded, of how many.
struct OutcomeTally: Codable, Sendable, Hashable {
    var succeeded = 0
    var decided = 0

    mutating func add(_ hasSucceeded: Bool, _ sign: Int = 1) {
        decided += sign
        if hasSucceeded { succeeded += sign }
    }

    static func += (left: inout OutcomeTally, right: OutcomeTally) {
        left.succeeded += right.succeeded
        left.decided += right.decided
    }

    /// Below so many nothing is concluded.
    static let fewest = 5
    /// How many outcomes the prior counts as.
    static let priorStrength = 10.0

    /// Of all outcomes: smoothed towards the study's 139 of 321 (C:663-664) as 20 outcomes more.
    var base: Double {
        let study = Double(CommercialisationStudy.successes)
        let share = study / (study + Double(CommercialisationStudy.failures))
        return (Double(succeeded) + 20 * share) / (Double(decided) + 20)
    }

    /// The rate smoothed towards the base rate: a Beta prior with that mean.
    func rate(base: Double) -> Double {
        (Double(succeeded) + Self.priorStrength * base) / (Double(decided) + Self.priorStrength)
    }

    /// tanh of half the difference of the two logits: 0 at the base rate; nil below the fewest.
    func value(among all: OutcomeTally) -> Double? {
        guard decided >= Self.fewest else { return nil }
        let base = all.base
        let rate = rate(base: base)
        return hyperbolicTangent((log1(rate / (1 - rate)) - log1(base / (1 - base))) / 2)
    }
}

/// What makes outcomes comparable: how the technology passed, from which stage, into which industry.
struct OutcomeKind: Sendable, Hashable {
    var partnership: Partnership?
    var stage: TRL.Stage?
    var industry: StrategicIndustry?

    /// Every kind that a pair may become: of each form and industry that both name.
    static func of(_ demand: Facts, _ technology: Facts) -> [OutcomeKind] {
        let forms = demand.partnerships.intersection(technology.partnerships).cases
        let industries = demand.industries.intersection(technology.industries).cases
        let stage = technology.trl?.stage
        return (forms.isEmpty ? [nil] : forms.map(\.self)).flatMap { form in
            (industries.isEmpty ? [nil] : industries.map(\.self)).map { industry in
                OutcomeKind(partnership: form, stage: stage, industry: industry)
            }
        }
    }
}
