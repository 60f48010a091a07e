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

    struct Pair: Codable, Sendable {
        let demandId: DemandID
        let technologyId: TechnologyID
        let filters: MatchFilters?
    }

    struct Item: Codable, Sendable {
        /// Of the technology when a demand asked, of the demand when a technology asked.
        let id: String
        let title: String
        let organisationId: OrganisationID
        /// For ordering, 0...1; not a probability.
        let score: Double
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
    }

    struct Explanation: Codable, Sendable {
        let demandId: DemandID
        let technologyId: TechnologyID
        let score: Double
        let logit: Double
        let demandScore: Double
        let supplyScore: Double
        let reasons: [Reason]
        /// Words of the demand that the technology has.
        let matched: [MatchedWord]
        /// Words of the demand that the technology lacks, with what they would have added to its BM25 score.
        let missing: [MatchedWord]
        /// Why the pair is not recommended whatever its score; empty when it may be.
        let hardFilters: [HardFilter]
        let isRecommendable: Bool
        let weightsVersion: Int
    }

    /// How many of the nearest texts are scored with everything else.
    static let depth = 200
    private static let wordLimit = 12

    static func methods(_ catalogue: Catalogue) -> [Method] {
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
            ) { (p: Pair, r: Read) throws -> Explanation in try explain(p, catalogue, r) },
        ]
    }

    private static func technologies(for id: DemandID, _ p: Ask, _ catalogue: Catalogue, _ r: Read) throws -> Answer {
        let assessor = try Assessor(catalogue, r.db)
        let demand = assessor.prepare(try Profile.visible(id, r))
        let found = try technologies(for: demand, limit: p.limit ?? 10, p.filters, assessor, r.db, r.now)
        let items = found.map { technology in
            let assessment = assessor.assess(demand, technology)
            return item(technology.profile, assessment, assessment.demandEvidence)
        }
        return Answer(items: items, weightsVersion: assessor.weightsVersion)
    }

    /// The best technologies for a demand, best first.
    static func technologies(
        for demand: Prepared<DemandKind>, limit: Int, _ filters: MatchFilters?, _ assessor: Assessor,
        _ db: Connection, _ now: Instant
    ) throws -> [Prepared<TechnologyKind>] {
        let likely = open(to: demand.profile, filters, now)
        let ids = assessor.nearest(to: demand, depth: depth, accept: likely)
        return try first(limit, of: ids, db) { technology in
            // The holds are asked last, since that is one more query for each.
            try HardFilter.ofTechnology(technology, for: demand.profile, filters, now) == nil
                && HardFilter.unavailable(technology, filters, db, now) == nil
        }.map(assessor.prepare)
    }

    private static func demands(for id: TechnologyID, _ p: Ask, _ catalogue: Catalogue, _ r: Read) throws -> Answer {
        let assessor = try Assessor(catalogue, r.db)
        let technology = assessor.prepare(try Profile.visible(id, r))
        let likely = open(to: technology.profile, p.filters, r.now)
        let ids = assessor.nearest(to: technology, depth: depth, accept: likely)
        let best = try first(p.limit ?? 10, of: ids, r.db) { demand in
            HardFilter.ofDemand(demand, for: technology.profile, p.filters, r.now) == nil
        }
        let items = best.map { profile in
            let assessment = assessor.assess(assessor.prepare(profile), technology)
            return item(profile, assessment, assessment.supplyEvidence)
        }
        return Answer(items: items, weightsVersion: assessor.weightsVersion)
    }

    /// What the index can tell of whether a profile may be recommended to another.
    private static func open<Kind>(to profile: Profile<Kind>, _ filters: MatchFilters?, _ now: Instant)
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

    private static func item<Kind>(_ profile: Profile<Kind>, _ assessment: Assessment, _ evidence: Evidence) -> Item {
        let score = assessment.score
        return Item(
            id: profile.id.description, title: profile.title, organisationId: profile.organisationId,
            score: score.value, logit: score.logit, demandScore: score.demandScore, supplyScore: score.supplyScore,
            reasons: score.reasons, matched: Array(evidence.words.prefix(wordLimit)))
    }

    private static func explain(_ p: Pair, _ catalogue: Catalogue, _ r: Read) throws -> Explanation {
        let assessor = try Assessor(catalogue, r.db)
        let demand = assessor.prepare(try Profile.visible(p.demandId, r))
        let technology = assessor.prepare(try Profile.visible(p.technologyId, r))
        let assessment = assessor.assess(demand, technology)
        let filters = try HardFilter.ofPair(demand.profile, technology.profile, p.filters, r.db, r.now)
        let score = assessment.score
        return Explanation(
            demandId: p.demandId, technologyId: p.technologyId, score: score.value, logit: score.logit,
            demandScore: score.demandScore, supplyScore: score.supplyScore, reasons: score.reasons,
            matched: Array(assessment.demandEvidence.words.prefix(wordLimit)),
            missing: Array(assessment.demandEvidence.missing.prefix(wordLimit)), hardFilters: filters,
            isRecommendable: filters.isEmpty, weightsVersion: assessor.weightsVersion)
    }
}

extension HardFilter {
    /// Why a technology is not recommended for a demand, as far as the two tell; nil if it may be.
    static func ofTechnology(
        _ technology: Profile<TechnologyKind>, for demand: Profile<DemandKind>, _ filters: MatchFilters?, _ now: Instant
    ) -> HardFilter? {
        closed(technology, now) ?? types(demand, technology) ?? sameOrganisation(demand, technology)
            ?? filters?.refusal(of: technology)
    }

    static func ofDemand(
        _ demand: Profile<DemandKind>, for technology: Profile<TechnologyKind>, _ filters: MatchFilters?, _ now: Instant
    ) -> HardFilter? {
        closed(demand, now) ?? types(demand, technology) ?? sameOrganisation(demand, technology)
            ?? filters?.refusal(of: demand)
    }

    /// All reasons at once, for explanations. Filters of the caller are read as those on the technology.
    static func ofPair(
        _ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>, _ filters: MatchFilters?,
        _ db: Connection, _ now: Instant
    ) throws -> [HardFilter] {
        [
            closed(demand, now), closed(technology, now), types(demand, technology),
            sameOrganisation(demand, technology),
            filters?.refusal(of: technology), try unavailable(technology, filters, db, now),
        ].compactMap(\.self)
    }

    private static func closed<Kind>(_ profile: Profile<Kind>, _ now: Instant) -> HardFilter? {
        guard !profile.isOpen(at: now) else { return nil }
        let state = profile.effectiveState(at: now)
        return HardFilter(
            rule: "\(Kind.noun).notPublished", ko: "\(Kind.name.ko)이(가) 공개 상태가 아닙니다(\(state.name.ko))",
            en: "the \(Kind.name.en) is not published (\(state.rawValue))")
    }

    private static func types(_ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>) -> HardFilter? {
        guard !demand.type.pairs(with: technology.type) else { return nil }
        return HardFilter(
            rule: "pair.types", ko: "유형이 서로 맞지 않습니다(\(demand.type.name.ko)–\(technology.type.name.ko))",
            en: "the types do not meet (\(demand.type.name.en) and \(technology.type.name.en))")
    }

    private static func sameOrganisation(_ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>)
        -> HardFilter?
    {
        guard demand.organisationId == technology.organisationId else { return nil }
        return HardFilter(rule: "pair.sameOrganisation", ko: "같은 기관의 수요와 기술입니다", en: "both belong to one organisation")
    }

    /// Why a technology cannot be had at the moment, by its holds.
    static func unavailable(
        _ technology: Profile<TechnologyKind>, _ filters: MatchFilters?, _ db: Connection, _ now: Instant
    ) throws -> HardFilter? {
        guard technology.exclusive, let live = try TechnologyHolds.live(technology.id.description, db, now) else {
            return nil
        }
        if live.state == .posted {
            return HardFilter(
                rule: "technology.transferred", ko: "이미 다른 곳에 독점으로 이전되었습니다",
                en: "it was transferred exclusively already")
        }
        if filters?.includeHeld == true { return nil }
        return HardFilter(
            rule: "technology.held", ko: "다른 거래를 위해 \(live.expiresAt)까지 보류 중입니다",
            en: "it is held for another deal until \(live.expiresAt)")
    }
}
