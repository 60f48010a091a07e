import JSON
import ServiceKit
import Storage
import Vocabulary

/// The register of funds (F1-F6, F10; P:1608-1634).
enum Funds {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        /// Invests in other funds (모펀드, P:1619).
        case fundOfFunds
        /// One that a fund of funds invests in (자펀드).
        case child
        /// Invests in companies itself.
        case direct
        /// Citizens donate or invest (P:1623).
        case citizen
    }

    /// The legal form.
    enum Vehicle: String, Codable, CaseIterable, Sendable, SQLValue {
        /// 벤처투자조합
        case ventureAssociation
        /// 신기술사업투자조합
        case newTechnologyAssociation
        /// 개인투자조합
        case personalAssociation
        /// 기관전용 사모집합투자기구
        case privateEquity
        /// 회사
        case company
        case other
    }

    struct Term: Codable, Sendable, Hashable {
        let start: Day?
        /// The last day of the investment period.
        let investmentEnd: Day?
        let end: Day?
    }

    struct Create: Codable, Sendable, Constrained {
        let name: Bilingual
        let kind: Kind
        let vehicle: Vehicle?
        /// The year of formation.
        let vintage: Int?
        /// The fund of funds it belongs to.
        let parentId: FundID?
        let purpose: Bilingual?
        /// The size aimed at; left out where the source states none.
        let targetAmount: Won?
        let term: Term?
        let obligations: [Obligation]?
        /// How its committee decides; `CommitteeRules.standard` unless given.
        let rules: CommitteeRules?

        static let constraints: [String: Schema.Constraint] = [
            "vintage": .range(1980...2100), "targetAmount": .range(1...), "obligations": .count(0...20),
        ]
    }

    struct Fund: Codable, Sendable {
        let id: FundID
        let name: Bilingual
        let kind: Kind
        let vehicle: Vehicle?
        let vintage: Int?
        let parentId: FundID?
        let purpose: Bilingual?
        let targetAmount: Won?
        let term: Term
        let obligations: [Obligation]
        let rules: CommitteeRules
        let createdAt: Instant
    }

    struct List: Codable, Sendable, Constrained {
        let kind: Kind?
        let parentId: FundID?
        let limit: Int?
        let after: FundID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "fund.funds.create", Bilingual(ko: "펀드를 등록하고 계정을 연다", en: "Registers a fund and opens its accounts"),
            role: .member
        ) { (p: Create, w: Write) throws -> Fund in try create(p, w) },
        .query("fund.funds.get", Bilingual(ko: "펀드 하나", en: "One fund"), role: .viewer) {
            (p: ByID<FundKind>, r: Read) throws -> Fund in try get(p.id, r.db)
        },
        .query("fund.funds.list", Bilingual(ko: "펀드 목록", en: "The funds"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Fund> in
            var listing = Listing("SELECT * FROM funds")
            listing.add("kind = ?", p.kind)
            listing.add("parent_id = ?", p.parentId)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: read)
        },
        .query(
            "fund.funds.statement",
            Bilingual(
                ko: "약정·납입·투자·보류·현금·관내 비율 현황",
                en: "What is committed, paid in, invested, pending, in cash, and the regional share"),
            role: .viewer
        ) { (p: ByID<FundKind>, r: Read) throws -> Statement in try Statement.of(p.id, db: r.db, now: r.now) },
    ]

    private static func create(_ p: Create, _ w: Write) throws -> Fund {
        try check(p, w.db)
        let fund = Fund(
            id: FundID.new(at: w.now), name: p.name, kind: p.kind, vehicle: p.vehicle, vintage: p.vintage,
            parentId: p.parentId, purpose: p.purpose, targetAmount: p.targetAmount,
            term: p.term ?? Term(start: nil, investmentEnd: nil, end: nil), obligations: p.obligations ?? [],
            rules: p.rules ?? .standard, createdAt: w.now)
        try w.db.run(
            """
            INSERT INTO funds (id, name_ko, name_en, kind, vehicle, vintage, parent_id, purpose_ko, purpose_en,
                target_amount, term_start, term_investment_end, term_end, obligations, rules, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            fund.id, fund.name.ko, fund.name.en, fund.kind, fund.vehicle, fund.vintage, fund.parentId,
            fund.purpose?.ko, fund.purpose?.en, fund.targetAmount, fund.term.start, fund.term.investmentEnd,
            fund.term.end, try JSON.encode(fund.obligations).text, try JSON.encode(fund.rules).text, w.now)
        let accounts = Accounts(db: w.db, now: w.now)
        for kind in [Account.Kind.cash, .investments, .expenses, .committed, .income] {
            _ = try accounts.open(kind, of: fund.id)
        }
        try w.emit("fund.fund.created", subject: fund.id.description, fund)
        w.audit(subject: fund.id.description, reason: nil)
        return fund
    }

    private static func check(_ p: Create, _ db: Connection) throws {
        var errors = p.name.problems(at: "/name", length: 1...200)
        if let purpose = p.purpose { errors += purpose.problems(at: "/purpose", length: 1...2_000) }
        for (index, obligation) in (p.obligations ?? []).enumerated() {
            errors += obligation.problems(at: "/obligations/\(index)")
        }
        errors += p.rules?.problems(at: "/rules") ?? []
        let days = [("start", p.term?.start), ("investmentEnd", p.term?.investmentEnd), ("end", p.term?.end)]
            .compactMap { name, day in day.map { (name, $0) } }
        for (earlier, later) in zip(days, days.dropFirst()) where later.1 < earlier.1 {
            errors.append(
                FieldError(
                    "/term/\(later.0)", .string(later.1.description),
                    Bilingual(
                        ko: "\(earlier.0)보다 이르면 안 됩니다.", en: "Must not be before \(earlier.0).")))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        guard let parent = p.parentId else { return }
        guard try get(parent, db).kind == .fundOfFunds else {
            throw Fault.failedPrecondition(
                rule: "fund.parentIsFundOfFunds",
                Bilingual(
                    ko: "모펀드(fundOfFunds)만 상위 펀드가 될 수 있습니다.",
                    en: "Only a fund of funds can have child funds; name one, or leave parentId out."),
                data: ["parentId": .string(parent.description)])
        }
    }

    static func get(_ id: FundID, _ db: Connection) throws -> Fund {
        guard let row = try db.row("SELECT * FROM funds WHERE id = ?", id) else {
            throw Fault.notFound(kind: "fund", id: id.description)
        }
        return try read(row)
    }

    /// Refuses an id that no fund has.
    static func require(_ id: FundID, _ db: Connection) throws {
        guard try db.row("SELECT id FROM funds WHERE id = ?", id) != nil else {
            throw Fault.notFound(kind: "fund", id: id.description)
        }
    }

    private static func read(_ row: Row) throws -> Fund {
        let obligations: String = try row.get("obligations")
        let rules: String = try row.get("rules")
        var purpose: Bilingual?
        if let ko: String = try row.getIfPresent("purpose_ko"), let en: String = try row.getIfPresent("purpose_en") {
            purpose = Bilingual(ko: ko, en: en)
        }
        return Fund(
            id: try row.get("id"), name: Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en")),
            kind: try row.get("kind"), vehicle: try row.getIfPresent("vehicle"),
            vintage: try row.getIfPresent("vintage"), parentId: try row.getIfPresent("parent_id"), purpose: purpose,
            targetAmount: try row.getIfPresent("target_amount"),
            term: Term(
                start: try row.getIfPresent("term_start"), investmentEnd: try row.getIfPresent("term_investment_end"),
                end: try row.getIfPresent("term_end")),
            obligations: try JSON(parsing: obligations).decode([Obligation].self),
            rules: try JSON(parsing: rules).decode(CommitteeRules.self), createdAt: try row.get("created_at"))
    }
}
