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
    /// So many of the nearest offers are asked what would have to be otherwise.
    private static let candidates = 20

    /// - Parameter threshold: once an offer that may be had reaches it, nothing further is asked. What is taken is
    ///   passed over for as long as offers reach it.
    init(of demand: Profile<DemandKind>, reaching threshold: Double, _ assessor: Assessor, _ r: Read) throws {
        let prepared = assessor.prepare(demand)
        let fields = CaseSet(demand.fields)
        let isPossible = Recommendations.open(to: demand, nil, r.now)
        func serves(_ other: CaseSet<ScienceField>) -> Bool { fields.isEmpty || !fields.isDisjoint(with: other) }
        let nearest = assessor.scored(near: prepared, depth: Recommendations.depth, accept: isPossible)
        let near = nearest.enumerated().prefix { $0.offset < Self.candidates || $0.element.score >= threshold }
        let rows = try Profile<TechnologyKind>.find(near.map(\.element.key), r.db)
        let filters = MatchFilters(includeHeld: true)
        for case let technology? in near.map({ rows[$0.element.key] }) {
            guard HardFilter.ofTechnology(technology, for: demand, filters, r.now) == nil else { continue }
            var offer = assessor.prepare(technology)
            func score() -> Double { Score.sigmoid(assessor.logit(prepared, offer)) }
            if serves(technology.facts.fields) { isFieldServed = true }
            let real = score()
            if try HardFilter.unavailable(technology, filters, r.db, r.now) != nil {
                taken = max(taken ?? 0, real)
                continue
            }
            if real > best ?? -1 { (best, bestTechnology) = (real, technology.id) }
            if real >= threshold { return }
            let isBelow = if let has = technology.trl, let needs = demand.trl { has < needs } else { false }
            let isElsewhere = technology.region != nil && demand.region != nil && technology.region != demand.region
            if isElsewhere {
                offer.traits.facts.region = demand.region
                inRegion = max(inRegion ?? 0, score())
            }
            guard isBelow else { continue }
            offer.traits.facts.trl = demand.trl
            if isElsewhere { atStageInRegion = max(atStageInRegion ?? 0, score()) }
            offer.traits.facts.region = technology.region
            atStage = max(atStage ?? 0, score())
        }
        if !isFieldServed {
            let inField = assessor.scored(near: prepared, depth: 1) { isPossible($0) && serves($0.facts.fields) }
            isFieldServed = !inField.isEmpty
        }
    }
}
