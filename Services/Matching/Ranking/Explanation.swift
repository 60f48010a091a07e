import JSON
import ServiceKit
import Storage
import Vocabulary

/// Why a pair is recommended, or why not: the score with its reasons, what stands against the pair whatever its score,
/// where it stands in both lists, and what would have to change. All of it from the functions that make the lists.
struct Explanation: Codable, Sendable {
    struct Ask: Codable, Sendable, Constrained {
        let demandId: DemandID
        let technologyId: TechnologyID
        let filters: MatchFilters?
        /// Computes with an earlier version of the weights, such as the one an older answer names.
        let weightsVersion: Int?
        static let constraints: [String: Schema.Constraint] = ["weightsVersion": .range(0...1_000_000)]
    }

    /// A circumstance of which nothing is known.
    struct Unknown: Codable, Sendable {
        let component: Component
        let side: Side
        let ko: String
        let en: String
    }

    /// What one component takes away: how much higher the logit would be with this one alone at its best.
    struct Cost: Codable, Sendable {
        let component: Component
        let logit: Double
        /// How many would still come before it, of those the demand's list considers.
        let beforeThen: Int
        let ko: String
        let en: String
    }

    /// Where the pair stands in the list that one of the two is recommended.
    struct Place: Codable, Sendable {
        /// From 1, as `matching.recommend` orders them; absent when the pair is not in the list.
        let rank: Int?
        /// Of the listed, those that come before it, or would.
        let before: Int
        /// How many the list can show: of the 200 nearest texts those that nothing stands against.
        let considered: Int
        /// Its place by text alone, from 1; absent when it is not among the first 1,000.
        let textPlace: Int?
        /// The logit it would need more to be among the first ten; absent when it is.
        let lacksToFirstTen: Double?
        let ko: String
        let en: String
    }

    let demandId: DemandID
    let technologyId: TechnologyID
    let score: Double
    let probability: Calibrations.Probability?
    let logit: Double
    let demandScore: Double
    let supplyScore: Double
    let reasons: [Reason]
    /// Circumstances of which nothing is known; they count 0.
    let neutral: [Unknown]
    /// Words of the demand that the technology has.
    let matched: [MatchedWord]
    /// Words of the demand that the technology lacks, with what they would have added to its BM25 score.
    let missing: [MatchedWord]
    /// Why the pair is not recommended whatever its score; empty when it may be.
    let hardFilters: [HardFilter]
    let isRecommendable: Bool
    /// Among the technologies for the demand, and among the demands for the technology.
    let inDemandsList: Place
    let inTechnologysList: Place
    /// What costs most first.
    let costs: [Cost]
    let weightsVersion: Int
    let calibration: Calibrations.Standing

    /// How far down the nearest texts are counted.
    static let farthest = 1_000

    init(_ p: Ask, _ catalogue: Catalogue, _ r: Read) throws {
        let assessor = try Assessor(catalogue, r.db, at: r.now, version: p.weightsVersion, countsExposure: true)
        let demand = assessor.prepare(try Profile.visible(p.demandId, r))
        let technology = assessor.prepare(try Profile.visible(p.technologyId, r))
        let assessment = assessor.assess(demand, technology)
        let score = assessment.score
        demandId = p.demandId
        technologyId = p.technologyId
        self.score = score.value
        logit = score.logit
        (demandScore, supplyScore, reasons) = (score.demandScore, score.supplyScore, score.reasons)
        neutral = Component.circumstances.flatMap { component in
            Side.allCases.compactMap { side -> Unknown? in
                guard assessment.known.value(of: component, side) == nil, component.applies(to: side) else {
                    return nil
                }
                let sentence = assessment.known.sentence(component, side)
                return Unknown(component: component, side: side, ko: sentence.ko, en: sentence.en)
            }
        }
        matched = Array(assessment.demandEvidence.words.prefix(Recommendations.wordLimit))
        missing = Array(assessment.demandEvidence.missing.prefix(Recommendations.wordLimit))
        let demandsSilences = try PairSilences<TechnologyKind>.about(demand.profile, r)
        let technologysSilences = try PairSilences<DemandKind>.about(technology.profile, r)
        let silences = [
            demandsSilences.last[technology.profile.id], technologysSilences.last[demand.profile.id],
        ]
        hardFilters =
            try HardFilter.ofPair(demand.profile, technology.profile, p.filters, r.db, r.now)
            + [HardFilter.full(technology.profile, p.filters, assessor.experience)].compactMap(\.self)
            + silences.compactMap { $0?.refusal(demand.profile, technology.profile, at: r.now) }
        isRecommendable = hardFilters.isEmpty
        let openTechnologies = Recommendations.open(to: demand.profile, p.filters, r.now)
        let technologies = try Self.listed(
            assessor.scored(near: demand, depth: Recommendations.depth, accept: openTechnologies), r.db
        ) {
            try Recommendations.lists($0, for: demand.profile, p.filters, demandsSilences, assessor, r.db, r.now)
        }
        let openDemands = Recommendations.open(to: technology.profile, nil, r.now)
        let demands = try Self.listed(
            assessor.scored(near: technology, depth: Recommendations.depth, accept: openDemands), r.db
        ) { Recommendations.lists($0, for: technology.profile, nil, technologysSilences, r.now) }
        inDemandsList = Place(of: technology.profile.id, technologies, logit: score.logit) {
            assessor.scored(near: demand, depth: Self.farthest, accept: openTechnologies)
        }
        inTechnologysList = Place(of: demand.profile.id, demands, logit: score.logit) {
            assessor.scored(near: technology, depth: Self.farthest, accept: openDemands)
        }
        costs = Self.costs(assessment, assessor.weights) { logit in
            Place.before(technology.profile.id, technologies, logit)
        }
        weightsVersion = assessor.weightsVersion
        let calibrator = try Calibrator(r.db, assessor.experience, weightsVersion: weightsVersion)
        calibration = calibrator.standing
        probability = calibrator.probability(score.logit)
    }

    /// Those that the list shows, in its order.
    private static func listed<Kind>(
        _ scored: [Assessor.Scored<ID<Kind>>], _ db: Connection, accept: (Profile<Kind>) throws -> Bool
    ) throws -> [Assessor.Scored<ID<Kind>>] {
        let rows = try Profile<Kind>.find(scored.map(\.key), db)
        return try scored.filter { try rows[$0.key].map(accept) ?? false }
    }

    private static func costs(_ assessment: Assessment, _ weights: Weights, before: (Double) -> Int) -> [Cost] {
        Component.allCases.compactMap { component -> Cost? in
            guard let best = assessment.values.best(component) else { return nil }
            let logit = Score.joined(best, weights)
            let cost = logit - assessment.score.logit
            // The sentence of the side that sees it worst.
            let reasons = assessment.score.reasons.filter { $0.component == component }
            guard cost > 1e-9, let reason = reasons.min(by: { $0.value < $1.value }) else { return nil }
            let shown = "\((cost * 100).rounded() / 100)"
            return Cost(
                component: component, logit: cost, beforeThen: before(logit),
                ko: "\(reason.ko): 로짓 \(shown)만큼 깎입니다", en: "\(reason.en): costs \(shown) of the logit")
        }.sorted { $0.logit > $1.logit }
    }
}

extension Explanation.Place {
    /// - Parameters:
    ///   - listed: best joint score first.
    ///   - farther: more of the nearest texts, asked for one that is not listed.
    fileprivate init<Key: Equatable>(
        of key: Key, _ listed: [Assessor.Scored<Key>], logit: Double, farther: () -> [Assessor.Scored<Key>]
    ) {
        let index = listed.firstIndex { $0.key == key }
        rank = index.map { $0 + 1 }
        before = index ?? Self.before(key, listed, logit)
        considered = listed.count
        let place = index.map { listed[$0].place } ?? farther().first { $0.key == key }?.place
        textPlace = place.map { $0 + 1 }
        let others = listed.filter { $0.key != key }
        lacksToFirstTen = before >= 10 ? max(0, others[9].logit - logit) : nil
        let by =
            textPlace.map {
                Bilingual(ko: "글로는 \($0)번째로 가깝습니다", en: "by text it is number \($0)")
            } ?? Bilingual(ko: "글이 가까운 1,000건 안에 들지 않습니다", en: "its text is not among the nearest 1,000")
        let standing =
            rank.map { Bilingual(ko: "\(listed.count)건 중 \($0)번째", en: "Number \($0) of \(listed.count)") }
            ?? Bilingual(ko: "목록의 \(listed.count)건에 들지 않음", en: "Not among the \(listed.count) of the list")
        ko = "\(standing.ko); \(by.ko)"
        en = "\(standing.en); \(by.en)"
    }

    fileprivate static func before<Key: Equatable>(_ key: Key, _ listed: [Assessor.Scored<Key>], _ logit: Double) -> Int
    {
        listed.count { $0.key != key && $0.logit > logit }
    }
}

extension Component {
    /// Some circumstances concern one side only: a technology's capacity, a firm's means, a supplier's record.
    func applies(to side: Side) -> Bool {
        switch self {
        case .capacity, .record: side == .demand
        case .firm: side == .supply
        default: true
        }
    }
}
