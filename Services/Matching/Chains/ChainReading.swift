import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.chains.get`, `item` and `list`: a chain with who is where, what is missing, and what is wanted and
/// offered on each item.
extension ValueChains {
    struct Get: Codable, Sendable { let industry: StrategicIndustry }

    struct List: Codable, Sendable, Constrained {
        let industry: StrategicIndustry?
        /// Items on which this organisation stands.
        let organisationId: OrganisationID?
        let gap: ChainGap.Rule?
        let limit: Int?
        let after: ItemID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Stage: Codable, Sendable {
        let stage: ChainStage
        let ko: String
        let en: String
        /// No item of the chain is at this stage.
        let isEmpty: Bool
        let items: [Entry]
    }

    struct Entry: Codable, Sendable {
        let item: ChainItem
        let organisations: [ChainPlace]
        let gap: ChainGap?
    }

    struct Chain: Codable, Sendable {
        let industry: StrategicIndustry
        let stages: [Stage]
        let edges: [ChainGraph.Edge]
        /// Places of firms on items by class; a firm on two items counts twice.
        let growth: Int
        let leapAgain: Int
        let unclassed: Int
        /// Published profiles that name this industry, whatever item they are about.
        let publishedDemands: Int
        let publishedTechnologies: Int
    }

    /// Why a profile is shown with an item.
    enum Basis: String, Codable, CaseIterable, Sendable {
        /// Somebody said so.
        case link
        /// It shares words with the item and names the item's industry.
        case textAndIndustry
        /// It shares words with the item; that may be chance.
        case text
    }

    struct Related<Kind: ProfileKind>: Codable, Sendable {
        let id: ID<Kind>
        let title: String
        let organisationId: OrganisationID
        let basis: Basis
        /// Words that both have, for what was found by words.
        let words: [String]
    }

    struct Detail: Codable, Sendable {
        let entry: Entry
        let upstream: [ChainItem]
        let downstream: [ChainItem]
        let demands: [Related<DemandKind>]
        let technologies: [Related<TechnologyKind>]
    }

    /// How many profiles are looked for by words.
    private static let found = 10

    static func methods(_ catalogue: Catalogue) -> [Method] {
        writing + [
            .query(
                "matching.chains.get",
                Bilingual(
                    ko: "산업의 가치사슬과 품목별 기업, 빈 곳을 조회한다", en: "Reads the value chain of an industry, firms and gaps"),
                role: .viewer
            ) { (p: Get, r: Read) throws -> Chain in try chain(p.industry, r.db) },
            .query(
                "matching.chains.item",
                Bilingual(
                    ko: "품목의 앞뒤, 기업, 수요와 기술을 조회한다", en: "Reads an item, its neighbours, demands and technologies"),
                role: .viewer
            ) { (p: ByID<ItemKind>, r: Read) throws -> Detail in try detail(p.id, catalogue, r) },
            .query("matching.chains.list", Bilingual(ko: "품목 목록", en: "Lists items"), role: .viewer) {
                (p: List, r: Read) throws -> Page<Entry> in try list(p, r.db)
            },
        ]
    }

    private static func entry(_ item: ChainItem, _ db: Connection) throws -> Entry {
        let places = try places(on: item.id, db)
        return Entry(item: item, organisations: places, gap: ChainGap.of(places))
    }

    private static func chain(_ industry: StrategicIndustry, _ db: Connection) throws -> Chain {
        let items = try db.rows(
            "SELECT * FROM chain_item WHERE industry = ? ORDER BY id LIMIT 500", industry
        ).map { try entry(ChainItem($0), db) }
        let stages = ChainStage.allCases.map { stage in
            let here = items.filter { $0.item.stage == stage }
            return Stage(
                stage: stage, ko: stage.name.ko, en: stage.name.en, isEmpty: here.isEmpty, items: here)
        }
        let firms = items.flatMap(\.organisations).filter { $0.kind == .company }
        func published(_ side: Side) throws -> Int {
            try db.row(
                """
                SELECT COUNT(*) AS count FROM profile_code c JOIN profile p ON p.id = c.profile_id
                WHERE c.scheme = 'industry' AND c.code = ? AND p.side = ? AND p.state = 'published'
                """, industry.rawValue, side)?.get("count") ?? 0
        }
        return Chain(
            industry: industry, stages: stages, edges: try edges(of: industry, db),
            growth: firms.count { $0.firmClass == .growth }, leapAgain: firms.count { $0.firmClass == .leapAgain },
            unclassed: firms.count { $0.firmClass == nil }, publishedDemands: try published(.demand),
            publishedTechnologies: try published(.supply))
    }

    private static func list(_ p: List, _ db: Connection) throws -> Page<Entry> {
        var listing = Listing("SELECT * FROM chain_item")
        listing.add("industry = ?", p.industry)
        listing.add("id IN (SELECT item_id FROM chain_place WHERE organisation_id = ?)", p.organisationId)
        let firms = """
            (SELECT COUNT(*) FROM chain_place p JOIN organisation o ON o.id = p.organisation_id
                WHERE p.item_id = chain_item.id AND o.kind = 'company')
            """
        switch p.gap {
        case .noFirm: listing.add("\(firms) = 0")
        case .singleSupplier: listing.add("\(firms) = 1")
        case nil: break
        }
        return try listing.page(in: db, after: p.after, limit: p.limit, cursor: \.item.id.description) {
            try entry(ChainItem($0), db)
        }
    }

    private static func detail(_ id: ItemID, _ catalogue: Catalogue, _ r: Read) throws -> Detail {
        let item = try ChainItem.find(id, r.db)
        let neighbours = { (of: String, by: String) in
            try r.db.rows(
                "SELECT i.* FROM chain_edge e JOIN chain_item i ON i.id = e.\(of) WHERE e.\(by) = ? ORDER BY i.id", id
            ).map(ChainItem.init)
        }
        return Detail(
            entry: try entry(item, r.db), upstream: try neighbours("from_id", "to_id"),
            downstream: try neighbours("to_id", "from_id"), demands: try related(item, catalogue, r),
            technologies: try related(item, catalogue, r))
    }

    /// Open profiles about an item: those linked first, then by words, the nearest first.
    private static func related<Kind: ProfileKind>(_ item: ChainItem, _ catalogue: Catalogue, _ r: Read) throws
        -> [Related<Kind>]
    {
        let linked = try r.db.rows(
            """
            SELECT p.* FROM chain_link l JOIN profile p ON p.id = l.profile_id
            WHERE l.item_id = ? AND l.side = ? ORDER BY p.id LIMIT 200
            """, item.id, Kind.side
        ).map(Profile<Kind>.init).filter { $0.isOpen(at: r.now) }
        let tokens = catalogue.tokeniser.tokens(of: item.text)
        let query = Query(tokens.vector)
        let index = Kind.index(try catalogue.current(r.db))
        let statistics = index.statistics(for: query)
        let known = Set(linked.map(\.id))
        let byWords = try Candidates<Kind>.best(
            query, statistics: statistics, index: index, wanted: found, db: r.db
        ) { $0.isOpen(at: r.now) && !known.contains($0.id) }
        return linked.map { profile in
            Related(
                id: profile.id, title: profile.title, organisationId: profile.organisationId, basis: .link, words: [])
        }
            + byWords.map { profile in
                let evidence = Evidence(
                    query: query, tokens: tokens, of: catalogue.tokeniser.vector(of: profile.text), in: statistics)
                return Related(
                    id: profile.id, title: profile.title, organisationId: profile.organisationId,
                    basis: profile.industries.contains(item.industry) ? .textAndIndustry : .text,
                    words: evidence.words.prefix(5).map(\.text))
            }
    }
}
