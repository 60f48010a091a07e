import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.gaps`: published demands for which no technology reaches a stated score. A demand that cannot be met is a
/// signal for the plan, not a failure of the one who asked.
enum Gaps {
    struct Ask: Codable, Sendable, Constrained {
        /// Default 0.5.
        let threshold: Double?
        /// How many demands are looked at for this page (default 20); as many or fewer of them are gaps.
        let limit: Int?
        let after: DemandID?
        static let constraints: [String: Schema.Constraint] = ["threshold": .between(0...1), "limit": .range(1...100)]
    }

    struct Gap: Codable, Sendable {
        let id: DemandID
        let title: String
        let organisationId: OrganisationID
        let fields: [ScienceField]
        let industries: [StrategicIndustry]
        let region: Region?
        /// The best that there is, below the threshold; absent when nothing shares a word with the demand.
        let bestTechnologyId: TechnologyID?
        let bestScore: Double?
    }

    struct Answer: Codable, Sendable {
        let items: [Gap]
        let threshold: Double
        /// How many demands this page looked at.
        let examined: Int
        /// Goes into `after` of the next request; absent when all demands have been looked at.
        let next: String?
        let weightsVersion: Int
    }

    static func methods(_ catalogue: Catalogue) -> [Method] {
        [
            .query(
                "matching.gaps",
                Bilingual(
                    ko: "맞는 기술이 없는 공개 수요를 찾는다", en: "Finds published demands that no technology meets above a score"),
                role: .viewer
            ) { (p: Ask, r: Read) throws -> Answer in
                let assessor = try Assessor(catalogue, r.db, at: r.now)
                let threshold = p.threshold ?? 0.5
                var listing = Listing("SELECT * FROM profile")
                listing.add("side = ?", Side.demand)
                listing.add("state = 'published'")
                listing.add("(valid_until IS NULL OR valid_until > ?)", r.now)
                let page = try listing.page(
                    in: r.db, after: p.after, limit: p.limit ?? 20, cursor: \.id.description,
                    item: Profile<DemandKind>.init)
                let gaps = try page.items.compactMap { demand in
                    try gap(demand, below: threshold, assessor, r)
                }
                return Answer(
                    items: gaps, threshold: threshold, examined: page.items.count, next: page.next,
                    weightsVersion: assessor.weightsVersion)
            }
        ]
    }

    private static func gap(
        _ demand: Profile<DemandKind>, below threshold: Double, _ assessor: Assessor, _ r: Read
    ) throws -> Gap? {
        let prepared = assessor.prepare(demand)
        let best = try Recommendations.technologies(
            for: prepared, limit: 1, MatchFilters(includeHeld: true), assessor, r.db, r.now
        ).first
        let score = best.map { Score.sigmoid(assessor.logit(prepared, $0)) }
        if let score, score >= threshold { return nil }
        return Gap(
            id: demand.id, title: demand.title, organisationId: demand.organisationId, fields: demand.fields,
            industries: demand.industries, region: demand.region, bestTechnologyId: best?.profile.id, bestScore: score)
    }
}
