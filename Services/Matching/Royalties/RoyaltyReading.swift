import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.royalties.account`, `dues`, `payments`, `overdue` and `totals`: accounts and lists, for the parties of each
/// contract; every total can be followed to its entries by the lists with the same filters.
enum RoyaltyReading {
    struct OfDeal: Codable, Sendable {
        let dealId: DealID
    }

    struct Account: Codable, Sendable {
        let dealId: DealID
        let standing: [RoyaltyAccount.Standing]
        let due: Won
        let paid: Won
        let open: Won
        let credit: Won
        /// What is open and past its day.
        let overdue: Won
    }

    struct List: Codable, Sendable, Constrained {
        let dealId: DealID?
        let technologyId: TechnologyID?
        let organisationId: OrganisationID?
        /// On which side of its contracts that organisation is; either when left out.
        let side: Side?
        /// The calendar year of payment; of what is due, that of its day.
        let year: Int?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = [
            "limit": .range(1...200), "after": .length(1...60), "year": .range(1900...2200),
        ]
    }

    struct Overdue: Codable, Sendable {
        let due: RoyaltyDue
        let open: Won
        let daysLate: Int
    }

    enum Key: String, Codable, CaseIterable, Sendable {
        case technology, organisation, year

        var column: String {
            switch self {
            case .technology: "technology_id"
            case .organisation: "supply_organisation_id"
            case .year: "year"
            }
        }
    }

    struct Totals: Codable, Sendable, Constrained {
        let by: Key
        let technologyId: TechnologyID?
        let organisationId: OrganisationID?
        let side: Side?
        let year: Int?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = [
            "limit": .range(1...200), "after": .length(1...60), "year": .range(1900...2200),
        ]
    }

    /// 기술료 that was paid, under one key. Its entries are those of `payments` with that technology or year, or with that
    /// organisation on the supply side.
    struct Total: Codable, Sendable {
        let key: String
        let paid: Won
        /// Entries that it adds up, reversals among them.
        let entries: Int
    }

    static let methods: [Method] = [
        .query(
            "matching.royalties.account", Bilingual(ko: "계약의 기술료 계정을 조회한다", en: "Reads a contract's account"),
            role: .viewer
        ) { (p: OfDeal, r: Read) throws -> Account in
            try Deal.find(p.dealId, r.db).requireParty(r.db, r.call)
            let account = try RoyaltyAccount.of(p.dealId, r.db)
            let today = Day.inSeoul(at: r.now)
            return Account(
                dealId: p.dealId, standing: account.standing, due: account.due, paid: account.paid,
                open: account.open, credit: account.credit,
                overdue: try Won.sum(account.standing.filter { $0.due.dueOn < today }.map(\.open)))
        },
        .query(
            "matching.royalties.dues",
            Bilingual(ko: "납부 의무 기록을 되돌림까지 조회한다", en: "Lists what became due, with reversals"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<RoyaltyDue> in
            try dues(p, r).page(
                in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: RoyaltyDue.init)
        },
        .query(
            "matching.royalties.payments",
            Bilingual(ko: "납부 기록을 되돌림까지 조회한다", en: "Lists payments, with reversals"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<RoyaltyPayment> in
            var listing = listing("royalty_payment", p, r)
            listing.add("year = ?", p.year)
            return try listing.page(
                in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: RoyaltyPayment.init)
        },
        .query(
            "matching.royalties.overdue",
            Bilingual(ko: "기한이 지난 미납 기술료를 조회한다", en: "Lists what is open and past its day"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<Overdue> in
            let today = Day.inSeoul(at: r.now)
            var listing = dues(p, r)
            listing.add("open > 0")
            listing.add("due_on < ?", today)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.due.id.description) { row in
                let due = try RoyaltyDue(row)
                return Overdue(due: due, open: try row.get("open"), daysLate: today - due.dueOn)
            }
        },
        .query(
            "matching.royalties.totals",
            Bilingual(
                ko: "납부된 기술료를 기술·기관·연도별로 더한다", en: "Adds up paid royalties by technology, institution or year"),
            role: .viewer
        ) { (p: Totals, r: Read) throws -> Page<Total> in try totals(p, r) },
    ]

    static let jobs = [
        Job.inParts("mark overdue royalties", every: .seconds(60)) { (w: Write) throws in
            let rows = try w.db.rows(
                """
                SELECT * FROM royalty_due WHERE open > 0 AND overdue_at IS NULL AND due_on < ? ORDER BY due_on
                LIMIT \(batch)
                """, Day.inSeoul(at: w.now))
            for row in rows {
                let due = try RoyaltyDue(row)
                try w.db.run("UPDATE royalty_due SET overdue_at = ? WHERE id = ?", w.now, due.id)
                w.audit(subject: due.dealId.description)
                try w.emit(
                    "matching.royalty.overdue", subject: due.dealId.description,
                    ["dealId": due.dealId.description, "id": due.id.description, "dueOn": due.dueOn.description])
            }
            return rows.count == batch
        }
    ]
    private static let batch = 100

    private static func dues(_ p: List, _ r: Read) -> Listing {
        var listing = listing("royalty_due", p, r)
        listing.add("due_on >= ?", p.year.flatMap { Day(year: $0, month: 1, day: 1) })
        listing.add("due_on <= ?", p.year.flatMap { Day(year: $0, month: 12, day: 31) })
        return listing
    }

    private static func listing(_ table: String, _ p: List, _ r: Read) -> Listing {
        var listing = Listing("SELECT * FROM \(table)")
        listing.add("deal_id = ?", p.dealId)
        for part in scope(p.technologyId, p.organisationId, p.side, r.call) {
            listing.add(part.condition, all: part.values)
        }
        return listing
    }

    /// What was asked for, within what the caller may see: contracts of the organisations for which he acts.
    private static func scope(
        _ technology: TechnologyID?, _ organisation: OrganisationID?, _ side: Side?, _ call: Call
    ) -> [(condition: String, values: [any SQLValue])] {
        var parts: [(String, [any SQLValue])] = []
        if let technology { parts.append(("technology_id = ?", [technology])) }
        if let organisation {
            let columns = (side.map { [$0] } ?? Side.allCases).map { "\($0.rawValue)_organisation_id = ?" }
            parts.append(("(\(columns.joined(separator: " OR ")))", columns.map { _ in organisation }))
        }
        if !call.actsForOthers {
            let mine = "(SELECT organisation_id FROM representative WHERE principal = ?)"
            parts.append(
                (
                    "(demand_organisation_id IN \(mine) OR supply_organisation_id IN \(mine))",
                    [call.principal, call.principal]
                ))
        }
        return parts
    }

    private static func totals(_ p: Totals, _ r: Read) throws -> Page<Total> {
        let column = p.by.column
        let limit = p.limit ?? Listing.defaultLimit
        var parts = scope(p.technologyId, p.organisationId, p.side, r.call)
        if let year = p.year { parts.append(("year = ?", [year])) }
        if let after = p.after {
            guard p.by != .year || Int(after) != nil else { throw Listing.notACursor(after) }
            parts.append(("\(column) > ?", [p.by == .year ? Int(after) ?? 0 : after]))
        }
        let filter = parts.isEmpty ? "" : " WHERE " + parts.map(\.condition).joined(separator: " AND ")
        let rows = try r.db.rows(
            """
            SELECT \(column) AS key, SUM(amount) AS paid, COUNT(*) AS entries FROM royalty_payment\(filter)
            GROUP BY \(column) ORDER BY \(column) LIMIT ?
            """, parts.flatMap(\.values) + [limit + 1])
        let items = try rows.prefix(limit).map { row in
            Total(
                key: p.by == .year ? "\(try row.get("key") as Int)" : try row.get("key"), paid: try row.get("paid"),
                entries: try row.get("entries"))
        }
        return Page(items: items, next: rows.count > limit ? items.last?.key : nil)
    }
}
