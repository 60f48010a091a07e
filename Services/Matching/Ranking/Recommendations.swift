import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.recommend` and `matching.explain`.
enum Recommendations {
    /// Exactly one of the two is given: technologies for a demand, or demands for a technology.
    struct Ask: Codable, Sendable, Constrained {
        let demandId: DemandID?
        let technologyId: TechnologyID?
        /// Default 10.
        let limit: Int?
        let filters: MatchFilters?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...100)]
    }

    struct Item: Codable, Sendable {
        /// Of the technology when a demand asked, of the demand when a technology asked.
        let id: String
        let type: ProfileType
        /// Its present version passed a review.
        let isReviewed: Bool
        let title: String
        let organisationId: OrganisationID
        /// For ordering, 0...1; not a probability.
        let score: Double
        /// Only where outcomes allow one (`calibration`): that a proposed pair like this comes to the market.
        let probability: Calibrations.Probability?
        let logit: Double
        /// How the demand side and the supply side each see it.
        let demandScore: Double
        let supplyScore: Double
        /// Their contributions add up to the logit.
        let reasons: [Reason]
        /// What the other text has of the asking one's words, the strongest first.
        let matched: [MatchedWord]
    }

    struct Answer: Codable, Sendable {
        let items: [Item]
        let weightsVersion: Int
        let calibration: Calibrations.Standing
    }

    /// How many of the nearest texts are scored with everything else.
    static let depth = 200
    static let wordLimit = 12

    /// Everything that ranks, and what it learns by.
    static func methods(_ catalogue: Catalogue) -> [Method] {
        asking(catalogue) + RankingWeights.methods + Standings.methods(catalogue.experience) + PairAnswers.methods
            + Calibrations.methods(catalogue.experience)
    }

    static func jobs(_ catalogue: Catalogue) -> [Job] { [catalogue.exposure.job()] }

    private static func asking(_ catalogue: Catalogue) -> [Method] {
        [
            .query(
                "matching.recommend",
                Bilingual(
                    ko: "수요에 맞는 기술, 또는 기술에 맞는 수요를 이유와 함께 추천한다",
                    en: "Recommends technologies for a demand, or demands for a technology, with reasons"),
                role: .viewer
            ) { (p: Ask, r: Read) throws -> Answer in
                switch (p.demandId, p.technologyId) {
                case (let id?, nil): return try technologies(for: id, p, catalogue, r)
                case (nil, let id?): return try demands(for: id, p, catalogue, r)
                default:
                    let rule = Bilingual(
                        ko: "demandId와 technologyId 가운데 하나만 주어야 합니다",
                        en: "give exactly one of demandId and technologyId")
                    throw Fault.invalid([
                        FieldError("/demandId", p.demandId.map { .string($0.description) }, rule),
                        FieldError("/technologyId", p.technologyId.map { .string($0.description) }, rule),
                    ])
                }
            },
            .query(
                "matching.explain",
                Bilingual(ko: "한 쌍이 왜 추천되는지, 왜 안 되는지 설명한다", en: "Explains why a pair is recommended, or why not"),
                role: .viewer
            ) { (p: Explanation.Ask, r: Read) throws -> Explanation in try Explanation(p, catalogue, r) },
        ]
    }

    private static func technologies(for id: DemandID, _ p: Ask, _ catalogue: Catalogue, _ r: Read) throws -> Answer {
        let assessor = try Assessor(catalogue, r.db, at: r.now, countsExposure: true)
        let demand = assessor.prepare(try Profile.visible(id, r))
        let silences = try PairSilences<TechnologyKind>.about(demand.profile, r)
        let found = try technologies(
            for: demand, limit: p.limit ?? 10, p.filters, assessor, r.db, r.now, silences: silences)
        let calibrator = try Calibrator(r.db, assessor.experience, weightsVersion: assessor.weightsVersion)
        let items = found.map { technology in
            let assessment = assessor.assess(demand, technology)
            return item(technology.profile, assessment, assessment.demandEvidence, calibrator)
        }
        if demand.profile.isOpen(at: r.now) { assessor.exposure?.show(found.map(\.profile.id), to: id, at: r.now) }
        return Answer(items: items, weightsVersion: assessor.weightsVersion, calibration: calibrator.standing)
    }

    /// The best technologies for a demand, best first.
    ///
    /// - Parameter silences: what its side answered before, where that is to count.
    static func technologies(
        for demand: Prepared<DemandKind>, limit: Int, _ filters: MatchFilters?, _ assessor: Assessor,
        _ db: Connection, _ now: Instant, silences: PairSilences<TechnologyKind>? = nil
    ) throws -> [Prepared<TechnologyKind>] {
        let likely = open(to: demand.profile, filters, now)
        let ids = assessor.nearest(to: demand, depth: depth, accept: likely)
        return try first(limit, of: ids, db) {
            try lists($0, for: demand.profile, filters, silences, assessor, db, now)
        }.map(assessor.prepare)
    }

    /// Whether a technology whose text is near enough stands in the list for a demand. The row decides; the index may
    /// be newer than the snapshot.
    static func lists(
        _ technology: Profile<TechnologyKind>, for demand: Profile<DemandKind>, _ filters: MatchFilters?,
        _ silences: PairSilences<TechnologyKind>?, _ assessor: Assessor, _ db: Connection, _ now: Instant
    ) throws -> Bool {
        guard HardFilter.ofTechnology(technology, for: demand, filters, now) == nil,
            silences?.last[technology.id]?.refusal(demand, technology, at: now) == nil,
            HardFilter.full(technology, filters, assessor.experience) == nil
        else { return false }
        // The holds are asked last, since that is one more query for each.
        return try HardFilter.unavailable(technology, filters, db, now) == nil
    }

    /// The same of a demand in the list for a technology.
    static func lists(
        _ demand: Profile<DemandKind>, for technology: Profile<TechnologyKind>, _ filters: MatchFilters?,
        _ silences: PairSilences<DemandKind>, _ now: Instant
    ) -> Bool {
        HardFilter.ofDemand(demand, for: technology, filters, now) == nil
            && silences.last[demand.id]?.refusal(demand, technology, at: now) == nil
    }

    private static func demands(for id: TechnologyID, _ p: Ask, _ catalogue: Catalogue, _ r: Read) throws -> Answer {
        let assessor = try Assessor(catalogue, r.db, at: r.now, countsExposure: true)
        let technology = assessor.prepare(try Profile.visible(id, r))
        let silences = try PairSilences<DemandKind>.about(technology.profile, r)
        let likely = open(to: technology.profile, p.filters, r.now)
        let ids = assessor.nearest(to: technology, depth: depth, accept: likely)
        let best = try first(p.limit ?? 10, of: ids, r.db) {
            lists($0, for: technology.profile, p.filters, silences, r.now)
        }
        let calibrator = try Calibrator(r.db, assessor.experience, weightsVersion: assessor.weightsVersion)
        let items = best.map { profile in
            let assessment = assessor.assess(assessor.prepare(profile), technology)
            return item(profile, assessment, assessment.supplyEvidence, calibrator)
        }
        if technology.profile.isOpen(at: r.now) { assessor.exposure?.show(best.map(\.id), to: id, at: r.now) }
        return Answer(items: items, weightsVersion: assessor.weightsVersion, calibration: calibrator.standing)
    }

    /// What the index can tell of whether a profile may be recommended to another.
    static func open<Kind>(to profile: Profile<Kind>, _ filters: MatchFilters?, _ now: Instant)
        -> (Traits) -> Bool
    {
        let allowed = filters?.likely() ?? { _ in true }
        let (organisation, type) = (profile.organisationId, profile.type)
        return { traits in
            traits.organisation != organisation && (traits.type.map(type.pairs) ?? true)
                && !(traits.validUntil.map { $0 <= now } ?? false) && allowed(traits)
        }
    }

    /// The first rows of a list that are accepted, in its order; no more are read than needed.
    private static func first<Kind>(
        _ limit: Int, of ids: [ID<Kind>], _ db: Connection, accept: (Profile<Kind>) throws -> Bool
    ) throws -> [Profile<Kind>] {
        var accepted: [Profile<Kind>] = []
        var rest = ids[...]
        while accepted.count < limit, !rest.isEmpty {
            let next = Array(rest.prefix(limit - accepted.count + 4))
            rest = rest.dropFirst(next.count)
            let rows = try Profile<Kind>.find(next, db)
            for id in next where accepted.count < limit {
                if let profile = rows[id], try accept(profile) { accepted.append(profile) }
            }
        }
        return accepted
    }

    private static func item<Kind>(
        _ profile: Profile<Kind>, _ assessment: Assessment, _ evidence: Evidence, _ calibrator: Calibrator
    ) -> Item {
        let score = assessment.score
        return Item(
            id: profile.id.description, type: profile.type, isReviewed: profile.isReviewed, title: profile.title,
            organisationId: profile.organisationId, score: score.value,
            probability: calibrator.probability(score.logit), logit: score.logit,
            demandScore: score.demandScore, supplyScore: score.supplyScore,
            reasons: score.reasons, matched: Array(evidence.words.prefix(wordLimit)))
    }
}
