import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.chains.*`, writing: the items of each strategic industry, what goes into what, and who is on it (M12,
/// P:1418-1419). The structure is the operators'; a firm may place itself, an operator alone classes firms.
enum ValueChains {
    struct Define: Codable, Sendable, Constrained {
        let industry: StrategicIndustry
        /// One item a name and industry: defining it again changes it.
        let nameKo: String
        let nameEn: String?
        let stage: ChainStage
        let keywords: [String]?
        let source: String?
        static let constraints: [String: Schema.Constraint] = [
            "nameKo": .length(1...200), "nameEn": .length(1...200), "keywords": .count(0...50),
            "source": .length(1...200),
        ]
    }

    struct Connect: Codable, Sendable, Constrained {
        /// What goes into `to`.
        let from: ItemID
        let to: ItemID
        let source: String?
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...200)]
    }

    struct Disconnect: Codable, Sendable {
        let from: ItemID
        let to: ItemID
    }

    struct Place: Codable, Sendable, Constrained {
        let itemId: ItemID
        let organisationId: OrganisationID
        /// Operators only. Left out, the class that is there stays.
        let firmClass: FirmClass?
        let source: String?
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...200)]
    }

    struct Remove: Codable, Sendable, Constrained {
        let itemId: ItemID
        let organisationId: OrganisationID
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    /// Exactly one of the two profiles.
    struct Link: Codable, Sendable, Constrained {
        let itemId: ItemID
        let demandId: DemandID?
        let technologyId: TechnologyID?
        let source: String?
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...200)]
    }

    struct Done: Codable, Sendable { let itemId: ItemID }

    static let writing: [Method] = [
        .command(
            "matching.chains.define",
            Bilingual(ko: "전략산업의 품목을 정하거나 고친다", en: "Defines or changes an item of an industry"),
            role: .operator, idempotent: true, define),
        .command(
            "matching.chains.connect",
            Bilingual(ko: "한 품목이 다른 품목에 들어감을 정한다", en: "Says that one item goes into another"),
            role: .operator, idempotent: true, connect),
        .command(
            "matching.chains.disconnect", Bilingual(ko: "품목 사이의 연결을 없앤다", en: "Takes back such a connection"),
            role: .operator, idempotent: true
        ) { (p: Disconnect, w: Write) throws -> Done in
            try w.db.run("DELETE FROM chain_edge WHERE from_id = ? AND to_id = ?", p.from, p.to)
            try told("disconnected", p.to, p, w)
            return Done(itemId: p.to)
        },
        .command(
            "matching.chains.place", Bilingual(ko: "기관을 품목에 올린다", en: "Places an organisation on an item"),
            role: .member, idempotent: true, place),
        .command(
            "matching.chains.remove", Bilingual(ko: "기관을 품목에서 내린다", en: "Takes an organisation off an item"),
            role: .member, idempotent: true
        ) { (p: Remove, w: Write) throws -> Done in
            try Representation.require(p.organisationId, w.db, w.call)
            try w.db.run(
                "DELETE FROM chain_place WHERE item_id = ? AND organisation_id = ?", p.itemId, p.organisationId)
            try told("removed", p.itemId, p, reason: p.reason, w)
            return Done(itemId: p.itemId)
        },
        .command(
            "matching.chains.link", Bilingual(ko: "수요나 기술을 품목에 잇는다", en: "Links a demand or a technology to an item"),
            role: .member, idempotent: true
        ) { (p: Link, w: Write) throws -> Done in
            _ = try ChainItem.find(p.itemId, w.db)
            let (profile, side) = try linked(p, w)
            try w.db.run(
                """
                INSERT INTO chain_link (item_id, profile_id, side, source) VALUES (?, ?, ?, ?)
                ON CONFLICT (item_id, profile_id) DO UPDATE SET source = excluded.source
                """, p.itemId, profile, side, p.source)
            try told("linked", p.itemId, p, w)
            return Done(itemId: p.itemId)
        },
        .command(
            "matching.chains.unlink", Bilingual(ko: "수요나 기술의 연결을 푼다", en: "Takes back such a link"), role: .member,
            idempotent: true
        ) { (p: Link, w: Write) throws -> Done in
            let (profile, _) = try linked(p, w)
            try w.db.run("DELETE FROM chain_link WHERE item_id = ? AND profile_id = ?", p.itemId, profile)
            try told("unlinked", p.itemId, p, w)
            return Done(itemId: p.itemId)
        },
    ]

    private static func define(_ p: Define, _ w: Write) throws -> ChainItem {
        let row = try w.db.row(
            """
            INSERT INTO chain_item (id, industry, stage, name_ko, name_en, keywords, source, version, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)
            ON CONFLICT (industry, name_ko) DO UPDATE SET stage = excluded.stage, name_en = excluded.name_en,
                keywords = excluded.keywords, source = excluded.source, version = chain_item.version + 1,
                updated_at = excluded.updated_at
            RETURNING *
            """,
            ItemID.new(at: w.now), p.industry, p.stage, p.nameKo, p.nameEn ?? p.nameKo,
            (p.keywords ?? []).joined(separator: "\n"), p.source, w.now)
        guard let row else { throw Fault.notFound(kind: "item", id: p.nameKo) }
        let item = try ChainItem(row)
        try told("defined", item.id, item, w)
        return item
    }

    private static func connect(_ p: Connect, _ w: Write) throws -> Done {
        let (from, to) = (try ChainItem.find(p.from, w.db), try ChainItem.find(p.to, w.db))
        guard from.industry == to.industry else {
            throw Fault.invalid(
                "/to", .string(p.to.description),
                Bilingual(
                    ko: "'\(from.nameKo)'와 같은 산업(\(from.industry.rawValue))의 품목이어야 합니다",
                    en: "must be of the same industry as '\(from.nameEn)' (\(from.industry.rawValue))"))
        }
        if let circle = ChainGraph.path(from: p.to, to: p.from, in: try edges(of: from.industry, w.db)) {
            let names = try circle.map { try ChainItem.find($0, w.db).nameKo }.joined(separator: " → ")
            throw Fault.failedPrecondition(
                rule: "chain.circle",
                Bilingual(
                    ko: "가치사슬이 돌게 됩니다: \(names). 이 가운데 하나를 matching.chains.disconnect로 먼저 끊으세요.",
                    en: "It would lead in a circle: \(names). Disconnect one of these first."),
                data: ["path": .array(circle.map { .string($0.description) })])
        }
        try w.db.run(
            """
            INSERT INTO chain_edge (from_id, to_id, source) VALUES (?, ?, ?)
            ON CONFLICT (from_id, to_id) DO UPDATE SET source = excluded.source
            """, p.from, p.to, p.source)
        try told("connected", p.to, p, w)
        return Done(itemId: p.to)
    }

    private static func place(_ p: Place, _ w: Write) throws -> ChainPlace {
        _ = try ChainItem.find(p.itemId, w.db)
        _ = try Organisations.find(p.organisationId, w.db)
        try Representation.require(p.organisationId, w.db, w.call)
        if p.firmClass != nil, !w.call.actsForOthers {
            throw Fault.forbidden(permission: "matching.chains.classify")
        }
        try w.db.run(
            """
            INSERT INTO chain_place (item_id, organisation_id, class, source, updated_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (item_id, organisation_id) DO UPDATE SET class = COALESCE(excluded.class, chain_place.class),
                source = COALESCE(excluded.source, chain_place.source), updated_at = excluded.updated_at
            """, p.itemId, p.organisationId, p.firmClass, p.source, w.now)
        let places = try places(on: p.itemId, w.db).filter { $0.organisationId == p.organisationId }
        guard let place = places.first else { throw Fault.notFound(kind: "item", id: p.itemId.description) }
        try told("placed", p.itemId, place, w)
        return place
    }

    /// The profile that is meant, if the caller may say what its own profile is about.
    private static func linked(_ p: Link, _ w: Write) throws -> (id: String, side: Side) {
        switch (p.demandId, p.technologyId) {
        case (let id?, nil):
            try Profile<DemandKind>.own(id, w.read)
            return (id.description, .demand)
        case (nil, let id?):
            try Profile<TechnologyKind>.own(id, w.read)
            return (id.description, .supply)
        default:
            let rule = Bilingual(
                ko: "demandId와 technologyId 가운데 하나만 주어야 합니다", en: "give exactly one of demandId and technologyId")
            throw Fault.invalid([
                FieldError("/demandId", p.demandId.map { .string($0.description) }, rule),
                FieldError("/technologyId", p.technologyId.map { .string($0.description) }, rule),
            ])
        }
    }

    static func edges(of industry: StrategicIndustry, _ db: Connection) throws -> [ChainGraph.Edge] {
        try db.rows(
            """
            SELECT e.from_id, e.to_id FROM chain_edge e JOIN chain_item i ON i.id = e.from_id
            WHERE i.industry = ? ORDER BY e.from_id, e.to_id
            """, industry
        ).map { ChainGraph.Edge(from: try $0.get("from_id"), to: try $0.get("to_id")) }
    }

    static func places(on item: ItemID, _ db: Connection) throws -> [ChainPlace] {
        try db.rows(
            """
            SELECT p.*, o.name_ko, o.name_en, o.kind, o.region FROM chain_place p
            JOIN organisation o ON o.id = p.organisation_id WHERE p.item_id = ? ORDER BY p.organisation_id LIMIT 1000
            """, item
        ).map(ChainPlace.init)
    }

    private static func told(
        _ what: String, _ item: ItemID, _ data: some Encodable, reason: String? = nil, _ w: Write
    ) throws {
        w.audit(subject: item.description, reason: reason)
        try w.emit("matching.chain.\(what)", subject: item.description, data)
    }
}
