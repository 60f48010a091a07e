import JSON
import ServiceKit
import Storage
import Vocabulary

/// Why a demand has no supply, as the ranking itself sees it: what would have to be otherwise for the best offer to
/// reach the score.
enum GapReason: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    /// No published offer of the demand's fields shares even a word with it.
    case noOffer
    /// An offer would do, but it was transferred exclusively to somebody else.
    case taken
    /// An offer would do if it had reached the stage that is needed.
    case belowStage
    /// An offer would do if it were in the demand's region.
    case otherRegion
    /// There are offers, and their text has too little of the demand.
    case weakText

    var name: Bilingual {
        switch self {
        case .noOffer: Bilingual(ko: "같은 분야에 낱말 하나라도 겹치는 공급이 없음", en: "no offer in its fields shares a word with it")
        case .taken: Bilingual(ko: "맞는 기술이 이미 다른 곳에 독점 이전됨", en: "what fits was transferred exclusively to others")
        case .belowStage: Bilingual(ko: "맞는 기술이 필요한 TRL에 이르지 못함", en: "what fits is below the stage that is needed")
        case .otherRegion: Bilingual(ko: "맞는 기술이 다른 지역에만 있음", en: "what fits is in other regions only")
        case .weakText: Bilingual(ko: "있는 공급의 내용이 수요와 멂", en: "what is offered is too far from what is wanted")
        }
    }
}

/// The best scores that there are for one demand, and those that there would be if one thing were otherwise.
struct GapEvidence: Sendable, Hashable {
    /// Of what may be had; nil when nothing shares a word with the demand.
    var best: Double?
    var bestTechnology: TechnologyID?
    /// Of what was transferred exclusively already.
    var taken: Double?
    /// If what is below the stage needed had reached it.
    var atStage: Double?
    /// If what is elsewhere were in the demand's region.
    var inRegion: Double?
    /// If both.
    var atStageInRegion: Double?
    /// Whether any offer of the demand's fields shares a word with it; of a demand without fields, any offer.
    var isFieldServed = false

    /// Nil when the demand is met.
    func reason(below threshold: Double) -> GapReason? {
        func reaches(_ score: Double?) -> Bool { score.map { $0 >= threshold } ?? false }
        if reaches(best) { return nil }
        if reaches(taken) { return .taken }
        if reaches(atStage) { return .belowStage }
        if reaches(inRegion) { return .otherRegion }
        if reaches(atStageInRegion) { return .belowStage }
        return isFieldServed ? .weakText : .noOffer
    }
}

extension GapEvidence {
    /// How many of the nearest offers are asked about.
    private static let candidates = 20

    init(of demand: Profile<DemandKind>, _ assessor: Assessor, _ r: Read) throws {
        let prepared = assessor.prepare(demand)
        let fields = CaseSet(demand.fields)
        func isPossible(_ traits: Traits) -> Bool {
            traits.organisation != demand.organisationId && !(traits.validUntil.map { $0 <= r.now } ?? false)
        }
        func serves(_ other: CaseSet<ScienceField>) -> Bool { fields.isEmpty || !fields.isDisjoint(with: other) }
        let nearest = assessor.nearest(to: prepared, depth: Recommendations.depth, accept: isPossible)
        let ids = Array(nearest.prefix(Self.candidates))
        let rows = try Profile<TechnologyKind>.find(ids, r.db)
        let filters = MatchFilters(includeHeld: true)
        for case let technology? in ids.map({ rows[$0] }) {
            guard HardFilter.ofTechnology(technology, for: demand, filters, r.now) == nil else { continue }
            func score(_ change: (inout Profile<TechnologyKind>) -> Void = { _ in }) -> Double {
                var changed = technology
                change(&changed)
                return Score.sigmoid(assessor.logit(prepared, assessor.prepare(changed)))
            }
            if serves(technology.facts.fields) { isFieldServed = true }
            let real = score()
            if try HardFilter.unavailable(technology, filters, r.db, r.now) != nil {
                taken = max(taken ?? 0, real)
                continue
            }
            if real > best ?? -1 { (best, bestTechnology) = (real, technology.id) }
            let isBelow = if let has = technology.trl, let needs = demand.trl { has < needs } else { false }
            let isElsewhere = technology.region != nil && demand.region != nil && technology.region != demand.region
            if isBelow { atStage = max(atStage ?? 0, score { $0.trl = demand.trl }) }
            if isElsewhere { inRegion = max(inRegion ?? 0, score { $0.region = demand.region }) }
            if isBelow, isElsewhere {
                let both = score { ($0.trl, $0.region) = (demand.trl, demand.region) }
                atStageInRegion = max(atStageInRegion ?? 0, both)
            }
        }
        if !isFieldServed {
            let inField = assessor.nearest(to: prepared, depth: 1) { isPossible($0) && serves($0.facts.fields) }
            isFieldServed = !inField.isEmpty
        }
    }
}
