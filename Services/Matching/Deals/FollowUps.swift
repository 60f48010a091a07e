import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.followUps.*`: what became of the technology one, three and five years after the contract. What could not
/// be found out stays unknown: it is left out, not put down as 0.
enum FollowUps {
    static let years = [1, 3, 5]
    /// How long after its day an answer counts as overdue: a judgement of this project.
    static let graceDays = 90

    struct Record: Codable, Sendable, Constrained {
        let dealId: DealID
        let side: Side
        let year: Int
        let status: CommercialStatus
        /// The technology's stage by now.
        let trl: TRL?
        /// Since the last follow-up, of products with the technology.
        let sales: Won?
        /// That exist because of it.
        let jobs: Int?
        /// Put into it since the last follow-up.
        let investment: Won?
        /// Of a failure.
        let reason: FailureReason?
        let note: String?
        static let constraints: [String: Schema.Constraint] = [
            "year": .range(1...5), "jobs": .range(0...1_000_000), "note": .length(1...2_000),
        ]
    }

    struct Entry: Codable, Sendable {
        let step: Int
        let at: Instant
        let principal: String
        let side: Side
        let status: CommercialStatus
        let trl: TRL?
        let sales: Won?
        let jobs: Int?
        let investment: Won?
        let reason: FailureReason?
        let note: String?
    }

    struct FollowUp: Codable, Sendable {
        enum State: String, Codable, CaseIterable, Sendable {
            case ahead, due, overdue, recorded
        }

        /// The cursor of lists: its day first.
        let place: String
        let dealId: DealID
        let technologyId: TechnologyID
        let year: Int
        let dueOn: Day
        let state: State
        /// What was recorded last counts; those before it are corrected by it.
        let entries: [Entry]
    }

    struct List: Codable, Sendable, Constrained {
        let dealId: DealID?
        let organisationId: OrganisationID?
        /// Those whose day has come and that nobody has answered.
        let isOpen: Bool?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200), "after": .length(1...80)]
    }

    static let methods: [Method] = [
        .command(
            "matching.followUps.record",
            Bilingual(
                ko: "1·3·5년차 사업화 추적 결과를 기록하거나 정정한다",
                en: "Records, or corrects, what was found one, three or five years after the contract")
        ) { (p: Record, w: Write) throws -> FollowUp in try record(p, w) },
        .query(
            "matching.followUps.list",
            Bilingual(ko: "사업화 추적 일정을 조회한다", en: "Lists follow-ups in the order of their days"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<FollowUp> in try list(p, r) },
    ]

    static let jobs = [
        Job.inParts("announce follow-ups", every: .seconds(60)) { (w: Write) throws in
            let today = Day.inSeoul(at: w.now)
            let due = try announce("due", "due_at", until: today, w)
            let overdue = try announce("overdue", "overdue_at", until: today.adding(days: -graceDays), w)
            return due || overdue
        }
    ]
    private static let batch = 100

    /// The three days on which a contract is followed up.
    static func schedule(_ contract: Contract, _ db: Connection) throws {
        for year in years {
            let day = contract.signedOn.adding(months: 12 * year)
            try db.run(
                """
                INSERT INTO follow_up (place, deal_id, year, due_on, demand_organisation_id, supply_organisation_id,
                    technology_id) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                "\(day)/\(contract.dealId)/\(year)", contract.dealId, year, day, contract.demandOrganisationId,
                contract.supplyOrganisationId, contract.technologyId)
        }
    }

    private static func announce(_ event: String, _ column: String, until day: Day, _ w: Write) throws -> Bool {
        let rows = try w.db.rows(
            """
            SELECT * FROM follow_up WHERE recorded_at IS NULL AND \(column) IS NULL AND due_on <= ? ORDER BY due_on
            LIMIT \(batch)
            """, day)
        for row in rows {
            let deal: DealID = try row.get("deal_id")
            let year: Int = try row.get("year")
            let dueOn: Day = try row.get("due_on")
            try w.db.run("UPDATE follow_up SET \(column) = ? WHERE deal_id = ? AND year = ?", w.now, deal, year)
            w.audit(subject: deal.description)
            try w.emit(
                "matching.followUp.\(event)", subject: deal.description,
                ["dealId": deal.description, "year": "\(year)", "dueOn": dueOn.description])
        }
        return rows.count == batch
    }

    private static func record(_ p: Record, _ w: Write) throws -> FollowUp {
        let deal = try Deals.mine(p.dealId, p.side, w)
        _ = try Contract.find(deal.id, w.db)
        let finding = OutcomeFinding(status: p.status, reason: p.reason, note: p.note)
        let faults = finding.faults() + amountFaults(p)
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        guard let row = try w.db.row("SELECT * FROM follow_up WHERE deal_id = ? AND year = ?", deal.id, p.year) else {
            throw Fault.invalid(
                "/year", .integer(Int64(p.year)),
                Bilingual(ko: "1, 3, 5년차만 추적합니다", en: "follow-ups are after 1, 3 and 5 years"))
        }
        let dueOn: Day = try row.get("due_on")
        guard dueOn <= Day.inSeoul(at: w.now) else {
            throw Fault.failedPrecondition(
                rule: "followUp.early",
                Bilingual(
                    ko: "\(dueOn)부터 기록할 수 있습니다. 그 전의 결과는 matching.outcomes.record로 남기세요.",
                    en: "It can be recorded from \(dueOn). An earlier outcome goes into matching.outcomes.record."),
                data: ["dueOn": .string(dueOn.description)])
        }
        try w.db.run(
            """
            INSERT INTO follow_up_record (deal_id, year, step, at, principal, side, status, trl, sales, jobs,
                investment, reason, note)
            SELECT ?, ?, COUNT(*) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM follow_up_record WHERE deal_id = ? AND year = ?
            """,
            deal.id, p.year, w.now, w.call.principal, p.side, p.status, p.trl, p.sales, p.jobs, p.investment,
            p.reason, p.note, deal.id, p.year)
        try w.db.run("UPDATE follow_up SET recorded_at = ? WHERE deal_id = ? AND year = ?", w.now, deal.id, p.year)
        try w.db.run(
            "UPDATE deal_contract SET trl_reached = ? WHERE deal_id = ?", try trlReached(deal.id, w.db), deal.id)
        // What is known of a later year is not undone by a late answer about an earlier one.
        let later = try w.db.row(
            """
            SELECT 1 AS one FROM follow_up_record AS r WHERE deal_id = ? AND year > ? AND status <> 'unknown' AND step =
                (SELECT MAX(step) FROM follow_up_record AS l WHERE l.deal_id = r.deal_id AND l.year = r.year)
            """, deal.id, p.year)
        if later == nil { _ = try deal.keep(finding, w) }
        w.audit(subject: deal.id.description, reason: p.note)
        try w.emit(
            "matching.followUp.recorded", subject: deal.id.description,
            ["dealId": deal.id.description, "year": "\(p.year)"])
        return try FollowUp(row, recorded: true, w.db, w.now)
    }

    private static func amountFaults(_ p: Record) -> [FieldError] {
        [("sales", p.sales), ("investment", p.investment)].compactMap { name, amount in
            amount.flatMap { $0.fault("/\(name)", atLeast: .zero) }
        }
    }

    /// By the last record of the latest year that knows it.
    private static func trlReached(_ deal: DealID, _ db: Connection) throws -> TRL? {
        try db.row(
            """
            SELECT trl FROM follow_up_record AS r WHERE deal_id = ? AND trl IS NOT NULL AND step =
                (SELECT MAX(step) FROM follow_up_record AS l WHERE l.deal_id = r.deal_id AND l.year = r.year)
            ORDER BY year DESC LIMIT 1
            """, deal
        )?.get("trl")
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<FollowUp> {
        var listing = Listing("SELECT * FROM follow_up")
        listing.add("deal_id = ?", p.dealId)
        if let id = p.organisationId {
            listing.add("(demand_organisation_id = ? OR supply_organisation_id = ?)", all: [id, id])
        }
        if !r.call.actsForOthers {
            let mine = "(SELECT organisation_id FROM representative WHERE principal = ?)"
            listing.add(
                "(demand_organisation_id IN \(mine) OR supply_organisation_id IN \(mine))",
                all: [r.call.principal, r.call.principal])
        }
        if let isOpen = p.isOpen {
            let today = Day.inSeoul(at: r.now)
            listing.add(
                isOpen ? "(recorded_at IS NULL AND due_on <= ?)" : "(recorded_at IS NOT NULL OR due_on > ?)", today)
        }
        return try listing.page(in: r.db, by: "place", after: p.after, limit: p.limit, cursor: \.place) {
            try FollowUp($0, recorded: $0.getIfPresent("recorded_at") != (nil as Instant?), r.db, r.now)
        }
    }
}

extension FollowUps.FollowUp {
    fileprivate init(_ row: Row, recorded: Bool, _ db: Connection, _ now: Instant) throws {
        place = try row.get("place")
        dealId = try row.get("deal_id")
        technologyId = try row.get("technology_id")
        year = try row.get("year")
        dueOn = try row.get("due_on")
        let today = Day.inSeoul(at: now)
        state =
            recorded
            ? .recorded
            : today < dueOn ? .ahead : today - dueOn >= FollowUps.graceDays ? .overdue : .due
        let rows = try db.rows(
            "SELECT * FROM follow_up_record WHERE deal_id = ? AND year = ? ORDER BY step DESC LIMIT 20", dealId, year)
        entries = try rows.reversed().map { row in
            FollowUps.Entry(
                step: try row.get("step"), at: try row.get("at"), principal: try row.get("principal"),
                side: try row.get("side"), status: try row.get("status"), trl: try row.getIfPresent("trl"),
                sales: try row.getIfPresent("sales"), jobs: try row.getIfPresent("jobs"),
                investment: try row.getIfPresent("investment"), reason: try row.getIfPresent("reason"),
                note: try row.getIfPresent("note"))
        }
    }
}
