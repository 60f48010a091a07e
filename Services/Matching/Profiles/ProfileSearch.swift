import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.demands.search` and `matching.technologies.search`: published profiles by words.
extension Profiles {
    struct Search: Codable, Sendable, Constrained {
        let text: String
        let filters: MatchFilters?
        let limit: Int?
        static var constraints: [String: Schema.Constraint] { ["text": .length(1...2_000), "limit": .range(1...100)] }
    }

    /// A profile found by its words; the score orders one list and says nothing across lists.
    struct Hit: Codable, Sendable {
        let id: ID<Kind>
        let type: ProfileType
        /// Its present version passed a review.
        let isReviewed: Bool
        let title: String
        let summary: String
        let organisationId: OrganisationID
        let score: Double
        let matched: [MatchedWord]
    }

    struct Hits: Codable, Sendable {
        let items: [Hit]
        /// Words of the first hits that were asked too, since the own words found little; empty where they found enough.
        /// `from` names the profiles that they came from.
        let expanded: [Widening.Word]
    }

    static func search(_ catalogue: Catalogue) -> Method {
        .query(
            "matching.\(Kind.plural).search",
            Bilingual(ko: "공개된 \(Kind.name.ko)을(를) 낱말로 찾는다", en: "Finds published profiles (\(Kind.name.en)) by words"),
            role: .viewer
        ) { (p: Search, r: Read) throws -> Hits in
            let tokens = catalogue.tokeniser.tokens(of: p.text)
            let index = Kind.index(try catalogue.current(r.db))
            func found(_ query: Query) throws -> (hits: [Hit], profiles: [Profile<Kind>], best: Double) {
                let statistics = index.statistics(for: query)
                let profiles = try Candidates<Kind>.best(
                    query, statistics: statistics, index: index, wanted: p.limit ?? 20, db: r.db
                ) { $0.isOpen(at: r.now) && p.filters?.refusal(of: $0) == nil }
                var best = 0.0
                let hits = profiles.map { profile in
                    let evidence = Evidence(
                        query: query, tokens: tokens, of: catalogue.tokeniser.vector(of: profile.text), in: statistics)
                    best = max(best, evidence.share)
                    return Hit(
                        id: profile.id, type: profile.type, isReviewed: profile.isReviewed, title: profile.title,
                        summary: profile.summary,
                        organisationId: profile.organisationId, score: evidence.score,
                        matched: Array(evidence.words.prefix(12)))
                }
                return (hits.sorted { ($1.score, $0.id) < ($0.score, $1.id) }, profiles, best)
            }
            let first = try found(Query(tokens.vector))
            guard Widening.isWeak(first.best), !first.hits.isEmpty else { return Hits(items: first.hits, expanded: []) }
            let texts = Dictionary(uniqueKeysWithValues: first.profiles.map { ($0.id, $0.text) })
            let read = first.hits.prefix(Widening.documents).map { hit in
                (
                    name: hit.id.description, tokens: catalogue.tokeniser.tokens(of: texts[hit.id] ?? ""),
                    score: hit.score
                )
            }
            guard let widening = Widening(Query(tokens.vector), read, catalogue.tokeniser.thesaurus) else {
                return Hits(items: first.hits, expanded: [])
            }
            return Hits(items: try found(widening.query).hits, expanded: widening.words)
        }
    }
}
