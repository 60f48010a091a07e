import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.gaps.list`, `get`, `summary` and `link`: the gap signals for those who plan, fund and survey.
enum GapSignals {
    enum Standing: String, Codable, CaseIterable, Sendable { case open, closed }

    struct List: Codable, Sendable, Constrained {
        /// Default: open ones.
        let state: Standing?
        let reason: GapReason?
        let field: ScienceField?
        let industry: StrategicIndustry?
        let ksicSection: KSICSection?
        let region: Region?
        let limit: Int?
        let after: GapID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Get: Codable, Sendable {
        /// One of the two.
        let id: GapID?
        let demandId: DemandID?
    }

    struct Step: Codable, Sendable {
        let step: Int
        let at: Instant
        let state: GapSignal.State
        let reason: GapReason?
        let bestTechnologyId: TechnologyID?
        let bestScore: Double?
    }

    /// What takes a signal up.
    enum LinkKind: String, Codable, CaseIterable, Sendable, SQLValue {
        case survey, plan, programme, posting, fund, other
    }

    struct Link: Codable, Sendable {
        let kind: LinkKind
        /// The other's own identifier.
        let reference: String
        let note: String?
        let principal: String
        let at: Instant
    }

    struct AddLink: Codable, Sendable, Constrained {
        let id: GapID
        let kind: LinkKind
        let reference: String
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["reference": .length(1...200), "note": .length(1...500)]
    }

    struct Detail: Codable, Sendable {
        let signal: GapSignal
        let history: [Step]
        let links: [Link]
    }

    enum Grouping: String, Codable, CaseIterable, Sendable { case field, industry, ksicSection, region, reason }

    struct Ask: Codable, Sendable {
        let by: Grouping
    }

    struct Group: Codable, Sendable {
        /// Absent for demands that do not say.
        let code: String?
        let name: Bilingual
        let open: Int
        /// Of so many published demands that were looked at. By `reason` there is no share: only gaps have one.
        let examined: Int?
        let share: Double?
    }

    struct Summary: Codable, Sendable {
        let by: Grouping
        /// The most open ones first. A demand of two fields counts in both.
        let items: [Group]
        let open: Int
        let examined: Int
        /// Published, and not looked at yet.
        let unexamined: Int
        let threshold: Double
    }

    static let methods: [Method] = [
        .query(
            "matching.gaps.list", Bilingual(ko: "공급이 없는 수요의 신호 목록", en: "Lists signals of demands without supply"),
            role: .viewer
        ) { (p: List, r: Read) throws -> Page<GapSignal> in try list(p, r.db) },
        .query(
            "matching.gaps.get", Bilingual(ko: "공백 신호와 이력, 연결을 조회한다", en: "Reads a gap signal, its history and links"),
            role: .viewer
        ) { (p: Get, r: Read) throws -> Detail in try detail(p, r.db) },
        .query(
            "matching.gaps.summary",
            Bilingual(ko: "공백을 분야·산업·지역·이유별로 분모와 함께 센다", en: "Counts gaps by group, with the denominator"),
            role: .viewer
        ) { (p: Ask, r: Read) throws -> Summary in try summary(p.by, r.db) },
        .command(
            "matching.gaps.link",
            Bilingual(ko: "조사·계획 등이 공백 신호를 받아 갔음을 잇는다", en: "Says that a survey, a plan … takes a gap up"),
            role: .member, idempotent: true
        ) { (p: AddLink, w: Write) throws -> Detail in
            let signal = try find(p.id, w.db)
            try w.db.run(
                """
                INSERT INTO gap_link (gap_id, kind, reference, note, principal, at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (gap_id, kind, reference) DO NOTHING
                """, signal.id, p.kind, p.reference, p.note, w.call.principal, w.now)
            try w.emit("matching.gap.linked", subject: signal.id.description, p)
            return try detail(signal, w.db)
        },
    ]

    private static func find(_ id: GapID, _ db: Connection) throws -> GapSignal {
        guard let row = try db.row("\(GapSignal.select) WHERE g.id = ? AND g.opened_times > 0", id) else {
            throw Fault.notFound(kind: "gap", id: id.description)
        }
        return try GapSignal(row)
    }

    private static func detail(_ p: Get, _ db: Connection) throws -> Detail {
        switch (p.id, p.demandId) {
        case (let id?, nil): return try detail(find(id, db), db)
        case (nil, let demand?): return try detail(find(GapSignal.identifier(of: demand), db), db)
        default:
            let rule = Bilingual(ko: "id와 demandId 가운데 하나만 주어야 합니다", en: "give exactly one of id and demandId")
            throw Fault.invalid([
                FieldError("/id", p.id.map { .string($0.description) }, rule),
                FieldError("/demandId", p.demandId.map { .string($0.description) }, rule),
            ])
        }
    }

    private static func detail(_ signal: GapSignal, _ db: Connection) throws -> Detail {
        Detail(
            signal: signal,
            history: try db.rows("SELECT * FROM gap_history WHERE gap_id = ? ORDER BY step LIMIT 500", signal.id).map {
                Step(
                    step: try $0.get("step"), at: try $0.get("at"), state: try $0.get("state"),
                    reason: try $0.getIfPresent("reason"),
                    bestTechnologyId: try $0.getIfPresent("best_technology_id"),
                    bestScore: try $0.getIfPresent("best_score"))
            },
            links: try db.rows(
                "SELECT * FROM gap_link WHERE gap_id = ? ORDER BY kind, reference LIMIT 200", signal.id
            ).map {
                Link(
                    kind: try $0.get("kind"), reference: try $0.get("reference"), note: try $0.getIfPresent("note"),
                    principal: try $0.get("principal"), at: try $0.get("at"))
            })
    }

    private static func list(_ p: List, _ db: Connection) throws -> Page<GapSignal> {
        var listing = Listing(GapSignal.select)
        switch p.state ?? .open {
        case .open: listing.add("g.state = 'open'")
        case .closed: listing.add("g.state IN ('met', 'gone') AND g.opened_times > 0")
        }
        listing.add("g.reason = ?", p.reason)
        listing.add("p.region = ?", p.region)
        let codes: [(String, String?)] = [
            ("field", p.field?.rawValue), ("industry", p.industry?.rawValue), ("ksic", p.ksicSection?.rawValue),
        ]
        for case (let scheme, let code?) in codes {
            listing.add(
                "g.demand_id IN (SELECT profile_id FROM profile_code WHERE scheme = ? AND code = ?)",
                all: [scheme, code])
        }
        return try listing.page(
            in: db, by: "g.id", after: p.after, limit: p.limit, cursor: \.id.description, item: GapSignal.init)
    }

    private static func summary(_ grouping: Grouping, _ db: Connection) throws -> Summary {
        let table =
            switch grouping {
            case .field: coded("field")
            case .industry: coded("industry")
            case .ksicSection: coded("ksic")
            case .region: "SELECT p.region AS code, g.state FROM gap g JOIN profile p ON p.id = g.demand_id"
            case .reason: "SELECT g.reason AS code, g.state FROM gap g"
            }
        let state = grouping == .reason ? "g.state = 'open'" : "g.state IN ('open', 'met')"
        let rows = try db.rows(
            """
            SELECT code, COUNT(*) AS examined, SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS open
            FROM (\(table) WHERE \(state)) AS counted GROUP BY code ORDER BY open DESC, code
            """)
        let groups = try rows.map { row in
            let code: String? = try row.getIfPresent("code")
            let (open, examined): (Int, Int) = (try row.get("open"), try row.get("examined"))
            let hasShare = grouping != .reason
            return Group(
                code: code, name: grouping.name(of: code), open: open, examined: hasShare ? examined : nil,
                share: hasShare ? Double(open) / Double(examined) : nil)
        }
        func count(_ condition: String) throws -> Int {
            try db.row("SELECT COUNT(*) AS count FROM \(condition)")?.get("count") ?? 0
        }
        let examined = try count("gap WHERE state IN ('open', 'met')")
        return Summary(
            by: grouping, items: groups, open: try count("gap WHERE state = 'open'"), examined: examined,
            unexamined: max(0, try count("profile WHERE side = 'demand' AND state = 'published'") - examined),
            threshold: GapWatch.threshold)
    }

    private static func coded(_ scheme: String) -> String {
        """
        SELECT c.code AS code, g.state FROM gap g
        LEFT JOIN profile_code c ON c.profile_id = g.demand_id AND c.scheme = '\(scheme)'
        """
    }
}

extension GapSignals.Grouping {
    fileprivate func name(of code: String?) -> Bilingual {
        guard let code else { return Bilingual(ko: "밝히지 않음", en: "not stated") }
        let name: Bilingual? =
            switch self {
            case .field: ScienceField(rawValue: code)?.name
            case .industry: StrategicIndustry(rawValue: code)?.name
            case .ksicSection: KSICSection(rawValue: code)?.name
            case .region: Region(rawValue: code)?.name
            case .reason: GapReason(rawValue: code)?.name
            }
        return name ?? Bilingual(ko: code, en: code)
    }
}
