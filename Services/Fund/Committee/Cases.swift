import JSON
import ServiceKit
import Storage
import Vocabulary

/// Investment cases (투자 안건): proposed, put to the vote of the fund's committee, approved or rejected, or withdrawn.
enum Cases {
    enum State: String, Codable, CaseIterable, Sendable, SQLValue {
        case proposed, approved, rejected, withdrawn
    }

    enum Instrument: String, Codable, CaseIterable, Sendable, SQLValue {
        /// 보통주
        case commonShares
        /// 우선주 (상환전환우선주 포함)
        case preferredShares
        /// 전환사채
        case convertibleBond
        /// 신주인수권부사채
        case bondWithWarrant
        /// 조건부지분인수
        case simpleAgreement
        /// 융자
        case loan
        /// 프로젝트 투자
        case project
        /// 자펀드 출자
        case fundInterest
    }

    struct Propose: Codable, Sendable, Constrained {
        let fundId: FundID
        /// One of companyName and organisationId at least.
        let companyName: String?
        let organisationId: OrganisationID?
        let demandId: DemandID?
        let technologyId: TechnologyID?
        let amount: Won
        let instrument: Instrument
        let purpose: String
        /// Whether the money counts for the region (관내).
        let inRegion: Bool
        let industry: StrategicIndustry?
        /// Who invests the same amount beside the fund (F17); it must have pledged to.
        let matchingPartnerId: PartnerID?

        static let constraints: [String: Schema.Constraint] = [
            "companyName": .length(1...200), "amount": .range(1...), "purpose": .length(1...2_000),
        ]
    }

    struct Case: Codable, Sendable {
        let id: CaseID
        let fundId: FundID
        let companyName: String?
        let organisationId: OrganisationID?
        let demandId: DemandID?
        let technologyId: TechnologyID?
        let amount: Won
        let instrument: Instrument
        let purpose: String
        let inRegion: Bool
        let industry: StrategicIndustry?
        let matchingPartnerId: PartnerID?
        let state: State
        let approvedAmount: Won?
        /// Of the approved amount: held now, and invested.
        let held: Won
        let posted: Won
        let proposedAt: Instant
        /// When it was decided or withdrawn.
        let settledAt: Instant?
        let reason: String?
        /// Frozen when it was decided, with its votes; not in lists.
        let minutes: Minutes?
        /// Only in `fund.cases.get` of a proposed case: the votes so far, and what the committee would decide on now.
        var figures: CaseFigures?
        var tally: Tally?
        var votes: [Votes.Vote]?

        /// One key for one company: its organisation, or else its name without regard to case and outer spaces.
        var companyKey: String {
            Cases.companyKey(organisationId, companyName)
        }

        /// Of the approved amount, what is neither held nor invested.
        func remaining() throws -> Won {
            try (approvedAmount ?? .zero) - held - posted
        }
    }

    struct Withdraw: Codable, Sendable, Constrained {
        let id: CaseID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct List: Codable, Sendable, Constrained {
        let fundId: FundID?
        let state: State?
        let demandId: DemandID?
        let limit: Int?
        let after: CaseID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "fund.cases.propose", Bilingual(ko: "투자 안건을 낸다", en: "Proposes an investment to the committee"),
            role: .member
        ) { (p: Propose, w: Write) throws -> Case in try propose(p, w) },
        .command(
            "fund.cases.withdraw", Bilingual(ko: "의결 전 안건을 거둔다", en: "Withdraws a case before it is decided"),
            role: .member
        ) { (p: Withdraw, w: Write) throws -> Case in try withdraw(p, w) },
        .query(
            "fund.cases.get",
            Bilingual(
                ko: "안건 하나: 표결, 의결 전 예상 수치, 회의록",
                en: "One case: its votes, what a decision would change, its minutes"),
            role: .viewer
        ) { (p: ByID<CaseKind>, r: Read) throws -> Case in try detail(p.id, r) },
        .query("fund.cases.list", Bilingual(ko: "안건 목록", en: "The cases"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Case> in
            var listing = Listing("SELECT \(columns) FROM cases")
            listing.add("fund_id = ?", p.fundId)
            listing.add("state = ?", p.state)
            listing.add("demand_id = ?", p.demandId)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try read($0, r.db, r.now)
            }
        },
    ]

    static func companyKey(_ organisation: OrganisationID?, _ name: String?) -> String {
        if let organisation { return organisation.description }
        return "name:" + (name ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }

    private static func propose(_ p: Propose, _ w: Write) throws -> Case {
        guard p.organisationId != nil || companyKey(nil, p.companyName) != companyKey(nil, nil) else {
            throw Fault.invalid(
                "/companyName", p.companyName.map { .string($0) },
                Bilingual(
                    ko: "회사 이름이나 organisationId를 적으세요.", en: "Give the company's name or its organisationId."))
        }
        try Funds.require(p.fundId, w.db)
        if let partner = p.matchingPartnerId { _ = try Partners.get(partner, w.db) }
        let id = CaseID.new(at: w.now)
        try w.db.run(
            """
            INSERT INTO cases (id, fund_id, company_name, organisation_id, company_key, demand_id, technology_id,
                amount, instrument, purpose, in_region, industry, matching_partner_id, state, proposed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, p.fundId, p.companyName, p.organisationId, companyKey(p.organisationId, p.companyName), p.demandId,
            p.technologyId, p.amount, p.instrument, p.purpose, p.inRegion, p.industry, p.matchingPartnerId,
            State.proposed, w.now)
        let item = try get(id, w.db, w.now)
        try w.emit("fund.case.proposed", subject: id.description, item)
        w.audit(subject: id.description, reason: nil)
        return item
    }

    private static func withdraw(_ p: Withdraw, _ w: Write) throws -> Case {
        try requireProposed(try get(p.id, w.db, w.now))
        try w.db.run(
            "UPDATE cases SET state = ?, reason = ?, settled_at = ? WHERE id = ?", State.withdrawn, p.reason, w.now,
            p.id)
        let item = try get(p.id, w.db, w.now)
        try w.emit("fund.case.withdrawn", subject: p.id.description, item)
        w.audit(subject: p.id.description, reason: p.reason)
        return item
    }

    private static func detail(_ id: CaseID, _ r: Read) throws -> Case {
        var item = try get(id, r.db, r.now)
        if item.minutes == nil { item.votes = try Votes.latest(id, r.db) }
        guard item.state == .proposed else { return item }
        item.figures = try CaseFigures.of(item, amount: item.amount, db: r.db, now: r.now)
        item.tally = try Votes.tally(item, rules: try Funds.get(item.fundId, r.db).rules, r.db)
        return item
    }

    static func requireProposed(_ item: Case) throws {
        guard item.state != .proposed else { return }
        throw Fault.conflict(
            Bilingual(
                ko: "이미 의결하거나 거둔 안건입니다. 안건을 다시 조회하세요.",
                en: "The case was decided or withdrawn already; read it again."),
            data: ["id": .string(item.id.description), "state": .string(item.state.rawValue)])
    }

    static func get(_ id: CaseID, _ db: Connection, _ now: Instant) throws -> Case {
        let rows = try db.rows("SELECT \(columns), minutes FROM cases WHERE id = ?", id)
        guard let item = try read(rows, db, now).first else {
            throw Fault.notFound(kind: "case", id: id.description)
        }
        return item
    }

    /// All but the minutes.
    private static let columns = """
        id, fund_id, company_name, organisation_id, demand_id, technology_id, amount, instrument, purpose, in_region,
        industry, matching_partner_id, state, approved_amount, reason, proposed_at, settled_at
        """

    private static func read(_ rows: [Row], _ db: Connection, _ now: Instant) throws -> [Case] {
        guard !rows.isEmpty else { return [] }
        let ids: [CaseID] = try rows.map { row throws in try row.get("id") }
        let used = try db.rows(
            """
            SELECT case_id,
                CAST(SUM(CASE WHEN state = 'held' AND expires_at > ? THEN amount ELSE 0 END) AS BIGINT) AS held,
                CAST(SUM(CASE WHEN state = 'posted' THEN posted_amount ELSE 0 END) AS BIGINT) AS posted
            FROM coinvestments WHERE case_id IN (\(placeholders(ids.count))) GROUP BY case_id
            """, [now] + ids)
        var money: [CaseID: (held: Won, posted: Won)] = [:]
        for row in used { money[try row.get("case_id")] = (try row.get("held"), try row.get("posted")) }
        return try rows.map { row in
            let id: CaseID = try row.get("id")
            let minutes: String? =
                row.columns.contains("minutes") ? try row.getIfPresent("minutes") : nil
            return Case(
                id: id, fundId: try row.get("fund_id"), companyName: try row.getIfPresent("company_name"),
                organisationId: try row.getIfPresent("organisation_id"), demandId: try row.getIfPresent("demand_id"),
                technologyId: try row.getIfPresent("technology_id"), amount: try row.get("amount"),
                instrument: try row.get("instrument"), purpose: try row.get("purpose"),
                inRegion: try row.get("in_region"), industry: try row.getIfPresent("industry"),
                matchingPartnerId: try row.getIfPresent("matching_partner_id"), state: try row.get("state"),
                approvedAmount: try row.getIfPresent("approved_amount"), held: money[id]?.held ?? .zero,
                posted: money[id]?.posted ?? .zero, proposedAt: try row.get("proposed_at"),
                settledAt: try row.getIfPresent("settled_at"), reason: try row.getIfPresent("reason"),
                minutes: try minutes.map { try JSON(parsing: $0).decode(Minutes.self) })
        }
    }
}
