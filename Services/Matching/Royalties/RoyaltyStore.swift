import JSON
import ServiceKit
import Storage
import Vocabulary

extension RoyaltyDue {
    init(_ row: Row) throws {
        id = try row.get("id")
        dealId = try row.get("deal_id")
        kind = try row.get("kind")
        number = try row.get("number")
        dueOn = try row.get("due_on")
        amount = try row.get("amount")
        netSales = try row.getIfPresent("net_sales")
        reverses = try row.getIfPresent("reverses")
        reason = try row.getIfPresent("reason")
        at = try row.get("at")
        principal = try row.get("principal")
    }

    func insert(_ contract: Contract, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO royalty_due (id, deal_id, technology_id, demand_organisation_id, supply_organisation_id, kind,
                number, due_on, amount, net_sales, reverses, reason, open, at, principal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
            """,
            id, dealId, contract.technologyId, contract.demandOrganisationId, contract.supplyOrganisationId, kind,
            number, dueOn, amount, netSales, reverses, reason, at, principal)
    }

    static func find(_ id: ID<RoyaltyDueKind>, _ db: Connection) throws -> RoyaltyDue {
        guard let row = try db.row("SELECT * FROM royalty_due WHERE id = ?", id) else {
            throw Fault.notFound(kind: "royalty due", id: id.description)
        }
        return try RoyaltyDue(row)
    }
}

extension RoyaltyPayment {
    init(_ row: Row) throws {
        id = try row.get("id")
        dealId = try row.get("deal_id")
        paidOn = try row.get("paid_on")
        amount = try row.get("amount")
        reference = try row.get("reference")
        reverses = try row.getIfPresent("reverses")
        reason = try row.getIfPresent("reason")
        at = try row.get("at")
        principal = try row.get("principal")
    }

    func insert(_ contract: Contract, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO royalty_payment (id, deal_id, technology_id, demand_organisation_id, supply_organisation_id,
                paid_on, year, amount, reference, reverses, reason, at, principal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, dealId, contract.technologyId, contract.demandOrganisationId, contract.supplyOrganisationId, paidOn,
            paidOn.year, amount, reference, reverses, reason, at, principal)
    }

    static func find(_ id: ID<RoyaltyPaymentKind>, _ db: Connection) throws -> RoyaltyPayment {
        guard let row = try db.row("SELECT * FROM royalty_payment WHERE id = ?", id) else {
            throw Fault.notFound(kind: "royalty payment", id: id.description)
        }
        return try RoyaltyPayment(row)
    }
}

extension RoyaltyAccount {
    static func of(_ deal: DealID, _ db: Connection) throws -> RoyaltyAccount {
        let dues = try db.rows("SELECT * FROM royalty_due WHERE deal_id = ?", deal).map(RoyaltyDue.init)
        let paid = try db.row("SELECT SUM(amount) AS paid FROM royalty_payment WHERE deal_id = ?", deal)
        return try RoyaltyAccount(dues: dues, paid: try paid?.getIfPresent("paid") ?? .zero)
    }

    /// Writes what is open of each due beside it, and the sums beside the contract, so that lists and totals over many
    /// contracts need not settle each of them again. They follow from the entries, and only this function writes them.
    @discardableResult
    static func settle(_ deal: DealID, _ db: Connection) throws -> RoyaltyAccount {
        let account = try of(deal, db)
        try db.run("UPDATE royalty_due SET open = 0 WHERE deal_id = ? AND open <> 0", deal)
        for standing in account.standing where standing.open > .zero {
            try db.run("UPDATE royalty_due SET open = ? WHERE id = ?", standing.open, standing.due.id)
        }
        try db.run(
            "UPDATE deal_contract SET royalties_due = ?, royalties_paid = ? WHERE deal_id = ?", account.due,
            account.paid, deal)
        return account
    }
}

extension Contract {
    /// The dues of the fixed fee, made when the contract is.
    func scheduleFixedFee(_ w: Write) throws {
        for (index, payment) in (terms.fixedFee?.payments ?? []).enumerated() {
            let due = RoyaltyDue(
                id: .new(at: w.now), dealId: dealId, kind: .fixed, number: index + 1, dueOn: payment.dueOn,
                amount: payment.amount, netSales: nil, reverses: nil, reason: nil, at: w.now,
                principal: w.call.principal)
            try due.insert(self, w.db)
        }
        try RoyaltyAccount.settle(dealId, w.db)
    }

    /// The first and the last day of a contract year, from 1; nil when the contract does not last that long.
    func period(ofYear year: Int) -> (first: Day, last: Day)? {
        let first = terms.startsOn.adding(months: 12 * (year - 1))
        if let end = terms.endsOn, first > end { return nil }
        let last = terms.startsOn.adding(months: 12 * year).adding(days: -1)
        return (first, terms.endsOn.map { min($0, last) } ?? last)
    }
}
