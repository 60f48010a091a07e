import Vocabulary

/// Some of the cases of a closed list, one bit each.
struct CaseSet<Case: CaseIterable & Hashable & Sendable>: Sendable, Hashable, ExpressibleByArrayLiteral {
    private(set) var bits: UInt32 = 0

    init(bits: UInt32 = 0) { self.bits = bits }

    init(_ cases: some Sequence<Case>) {
        let wanted = Set(cases)
        guard !wanted.isEmpty else { return }
        for (place, candidate) in Case.allCases.enumerated() where wanted.contains(candidate) { bits |= 1 << place }
    }

    init(arrayLiteral elements: Case...) { self.init(elements) }

    var isEmpty: Bool { bits == 0 }
    var count: Int { bits.nonzeroBitCount }
    var cases: [Case] { Case.allCases.enumerated().filter { bits & (1 << UInt32($0.offset)) != 0 }.map(\.element) }

    func intersection(_ other: CaseSet) -> CaseSet { CaseSet(bits: bits & other.bits) }
    func isDisjoint(with other: CaseSet) -> Bool { bits & other.bits == 0 }
}

/// What ranking looks at in a profile beside its text.
struct Facts: Sendable, Hashable {
    /// Of a technology the stage it has reached; of a demand the stage it needs.
    var trl: TRL?
    var region: Region?
    var fields: CaseSet<ScienceField> = []
    var industries: CaseSet<StrategicIndustry> = []
    var sections: CaseSet<KSICSection> = []
    var partnerships: CaseSet<Partnership> = []
}

/// The value of each component for one pair, in 0...1; nil where one side does not say enough to judge, which counts
/// as 0.5: neither for nor against.
struct FactValues: Codable, Sendable, Hashable {
    var field: Double?
    var industry: Double?
    var trl: Double?
    var region: Double?
    var partnership: Double?

    static let unknown = 0.5

    init(demand: Facts, technology: Facts, weights: Weights) {
        field = Self.overlap(demand.fields, technology.fields)
        let industries = Self.overlap(demand.industries, technology.industries)
        let sections = Self.overlap(demand.sections, technology.sections)
        industry = if let industries, let sections { max(industries, sections) } else { industries ?? sections }
        if let needed = demand.trl?.level, let reached = technology.trl?.level {
            trl = Self.stageFit(below: needed - reached, weights: weights)
        }
        if let one = demand.region, let other = technology.region { region = Self.nearness(one, other) }
        partnership =
            demand.partnerships.isEmpty || technology.partnerships.isEmpty
            ? nil : demand.partnerships.isDisjoint(with: technology.partnerships) ? 0 : 1
    }

    func value(of component: Component) -> Double? {
        switch component {
        case .field: field
        case .industry: industry
        case .trl: trl
        case .region: region
        case .partnership: partnership
        default: nil
        }
    }

    mutating func set(_ component: Component, to value: Double) {
        switch component {
        case .field: field = value
        case .industry: industry = value
        case .trl: trl = value
        case .region: region = value
        case .partnership: partnership = value
        default: break
        }
    }

    /// The share of the shorter list that the other list has too.
    private static func overlap<T>(_ one: CaseSet<T>, _ other: CaseSet<T>) -> Double? {
        let shorter = min(one.count, other.count)
        return shorter == 0 ? nil : Double(one.intersection(other).count) / Double(shorter)
    }

    /// 1 at the stage needed, falling fast below it and slowly above it.
    static func stageFit(below: Int, weights: Weights) -> Double {
        let distance = Double(below)
        return exponential(distance > 0 ? -weights.trlBelow * distance : weights.trlAbove * distance)
    }

    /// Same region 1, same wider region 0.6, elsewhere 0.3.
    static func nearness(_ one: Region, _ other: Region) -> Double {
        one == other ? 1 : one.wider == other.wider ? 0.6 : 0.3
    }
}
