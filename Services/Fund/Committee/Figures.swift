import JSON
import ServiceKit
import Storage
import Vocabulary

/// What a decision about a case rests on: the money there is, and what an investment of so much would do to the
/// concentration in one company and to the regional share. Frozen with the minutes of the decision.
struct CaseFigures: Codable, Sendable, Hashable {
    /// The amount the figures are about.
    let amount: Won
    let committed: Won
    let cash: Won
    /// Held by co-investments and other pending transfers.
    let pending: Won
    /// Cash that nothing holds.
    let available: Won
    let uncalled: Won
    /// Approved for other cases and neither invested nor held yet.
    let approvedElsewhere: Won
    let invested: Won
    /// Approved for this company, invested already or not, of the committed capital.
    let concentrationBefore: Share
    let concentrationAfter: Share
    /// Invested in companies of the region, of all that is invested (F7, P:1629).
    let regionalShareBefore: Share
    let regionalShareAfter: Share
}

extension CaseFigures {
    /// As of now, if the amount were invested in the company of the case.
    static func of(_ item: Cases.Case, amount: Won, db: Connection, now: Instant) throws -> CaseFigures {
        let accounts = Accounts(db: db, now: now)
        let cash = try accounts.find(.cash, of: item.fundId)
        let invested = try Portfolio.invested(item.fundId, db)
        let company: Won =
            try db.row(
                """
                SELECT CAST(COALESCE(SUM(approved_amount), 0) AS BIGINT) AS total FROM cases
                WHERE fund_id = ? AND company_key = ? AND state = 'approved' AND id <> ?
                """, item.fundId, item.companyKey, item.id)?.get("total") ?? .zero
        let committed = try accounts.standing(.committed, of: item.fundId)
        return CaseFigures(
            amount: amount, committed: committed, cash: try cash?.standing() ?? .zero,
            pending: cash?.creditsPending ?? .zero,
            available: try cash.flatMap { try $0.balance.available($0.bound) } ?? .zero,
            uncalled: try accounts.standing(.uncalled, of: item.fundId),
            approvedElsewhere: try Portfolio.approvedAndOpen(item.fundId, except: item.id, db, now),
            invested: invested.total, concentrationBefore: Share(part: company, whole: committed),
            concentrationAfter: Share(part: try company + amount, whole: committed),
            regionalShareBefore: Share(part: invested.inRegion, whole: invested.total),
            regionalShareAfter: Share(
                part: item.inRegion ? try invested.inRegion + amount : invested.inRegion,
                whole: try invested.total + amount))
    }
}

/// Sums over what a fund has invested and approved.
enum Portfolio {
    static func invested(_ fund: FundID, _ db: Connection) throws -> Invested {
        var invested = Invested()
        let rows = try db.rows(
            """
            SELECT c.in_region AS in_region, c.industry AS industry, CAST(SUM(i.posted_amount) AS BIGINT) AS total
            FROM coinvestments i JOIN cases c ON c.id = i.case_id
            WHERE i.fund_id = ? AND i.state = 'posted' GROUP BY c.in_region, c.industry
            """, fund)
        for row in rows {
            let amount: Won = try row.get("total")
            invested.total = try invested.total + amount
            if try row.get("in_region") { invested.inRegion = try invested.inRegion + amount }
            if let industry: StrategicIndustry = try row.getIfPresent("industry") {
                invested.byIndustry[industry] = try (invested.byIndustry[industry] ?? .zero) + amount
            }
        }
        return invested
    }

    /// Approved less what is held or posted, over all cases but one.
    static func approvedAndOpen(_ fund: FundID, except id: CaseID, _ db: Connection, _ now: Instant) throws -> Won {
        let approved: Won =
            try db.row(
                """
                SELECT CAST(COALESCE(SUM(approved_amount), 0) AS BIGINT) AS total FROM cases
                WHERE fund_id = ? AND state = 'approved' AND id <> ?
                """, fund, id)?.get("total") ?? .zero
        let used: Won =
            try db.row(
                """
                SELECT CAST(COALESCE(SUM(COALESCE(posted_amount, amount)), 0) AS BIGINT) AS total FROM coinvestments
                WHERE fund_id = ? AND case_id <> ? AND (state = 'posted' OR (state = 'held' AND expires_at > ?))
                """, fund, id, now)?.get("total") ?? .zero
        return try approved - used
    }
}
