import JSON
import ServiceKit
import Storage
import Vocabulary

/// The proof of the books: every balance is computed again from the transfers alone and compared with what is stored,
/// and with what commitments and co-investments say.
enum LedgerCheck {
    struct Check: Codable, Sendable {
        /// All funds unless given.
        let fundId: FundID?
    }

    /// An account, or a figure of another table, that does not agree with the transfers.
    struct Difference: Codable, Sendable, Hashable {
        let subject: String
        let figure: String
        let stored: Won
        let recomputed: Won
    }

    struct FundResult: Codable, Sendable {
        let fundId: FundID
        let isSound: Bool
        let accounts: Int
        /// The sums over all accounts.
        let totals: Balance
        /// Zero: posted debits less posted credits, recomputed.
        let postedSum: Won
        /// Zero: pending debits less pending credits, recomputed.
        let pendingSum: Won
        let differences: [Difference]
        /// Accounts whose limited side is above its limit.
        let belowBound: [AccountID]
    }

    struct Result: Codable, Sendable {
        let isSound: Bool
        let asOf: Instant
        let accounts: Int
        let transfers: Int
        /// The sums over all accounts.
        let totals: Balance
        let postedSum: Won
        let pendingSum: Won
        let funds: [FundResult]
    }

    static func run(_ p: Check, _ r: Read) throws -> Result {
        if let fund = p.fundId { try Funds.require(fund, r.db) }
        let ids: [FundID] =
            if let fund = p.fundId { [fund] } else {
                try r.db.rows("SELECT id FROM funds ORDER BY id").map { try $0.get("id") }
            }
        let funds = try ids.map { try check($0, r.db) }
        var listing = "SELECT COUNT(*) AS n FROM transfers"
        if p.fundId != nil { listing += " WHERE fund_id = ?" }
        let count = try r.db.row(listing, p.fundId.map { [$0] } ?? [])
        var totals = Balance()
        for fund in funds { try totals.add(fund.totals) }
        return Result(
            isSound: funds.allSatisfy(\.isSound) && totals.sumsToZero, asOf: r.now,
            accounts: funds.reduce(0) { $0 + $1.accounts }, transfers: try count?.get("n") ?? 0, totals: totals,
            postedSum: try totals.debitsPosted - totals.creditsPosted,
            pendingSum: try totals.debitsPending - totals.creditsPending, funds: funds)
    }

    private static func check(_ fund: FundID, _ db: Connection) throws -> FundResult {
        let stored = try db.rows("SELECT \(Account.columns) FROM accounts WHERE fund_id = ? ORDER BY id", fund)
            .map { try Account($0) }
        let recomputed = try recompute(fund, db)
        var totals = Balance()
        var differences: [Difference] = []
        for account in stored {
            let balance = recomputed[account.id] ?? Balance()
            try totals.add(balance)
            differences += compare(account, with: balance)
        }
        differences += try crossCheck(fund, recomputed, stored, db)
        let below = stored.filter { !(recomputed[$0.id] ?? Balance()).isSound($0.bound) }.map(\.id)
        return FundResult(
            fundId: fund, isSound: totals.sumsToZero && differences.isEmpty && below.isEmpty, accounts: stored.count,
            totals: totals, postedSum: try totals.debitsPosted - totals.creditsPosted,
            pendingSum: try totals.debitsPending - totals.creditsPending, differences: differences, belowBound: below)
    }

    /// Every balance from the transfers alone: what was posted, and what is pending and was not settled.
    private static func recompute(_ fund: FundID, _ db: Connection) throws -> [AccountID: Balance] {
        var balances: [AccountID: Balance] = [:]
        for (column, side) in [("debit_account_id", Side.debit), ("credit_account_id", Side.credit)] {
            try db.each(
                """
                SELECT t.\(column) AS account,
                    CAST(SUM(CASE WHEN t.kind IN ('single', 'post') THEN t.amount ELSE 0 END) AS BIGINT) AS posted,
                    CAST(SUM(CASE WHEN t.kind = 'pending' AND s.id IS NULL THEN t.amount ELSE 0 END) AS BIGINT)
                        AS pending
                FROM transfers t LEFT JOIN transfers s ON s.pending_id = t.id
                WHERE t.fund_id = ? GROUP BY t.\(column)
                """, [fund]
            ) { row in
                let account: AccountID = try row.get("account")
                var balance = balances[account] ?? Balance()
                switch side {
                case .debit:
                    balance.debitsPosted = try row.get("posted")
                    balance.debitsPending = try row.get("pending")
                case .credit:
                    balance.creditsPosted = try row.get("posted")
                    balance.creditsPending = try row.get("pending")
                }
                balances[account] = balance
            }
        }
        return balances
    }

    private static func compare(_ account: Account, with balance: Balance) -> [Difference] {
        let figures = [
            ("debitsPending", account.debitsPending, balance.debitsPending),
            ("debitsPosted", account.debitsPosted, balance.debitsPosted),
            ("creditsPending", account.creditsPending, balance.creditsPending),
            ("creditsPosted", account.creditsPosted, balance.creditsPosted),
        ]
        return figures.filter { $0.1 != $0.2 }.map { figure, stored, recomputed in
            Difference(subject: account.id.description, figure: figure, stored: stored, recomputed: recomputed)
        }
    }

    /// What is agreed now: the last of each chain of corrections.
    private static let committed = """
        SELECT CAST(COALESCE(SUM(c.amount), 0) AS BIGINT) AS total
        FROM commitments c LEFT JOIN commitments n ON n.corrects = c.id
        WHERE c.fund_id = ? AND c.kind = ? AND n.id IS NULL
        """
    private static let held = """
        SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS total FROM coinvestments
        WHERE fund_id = ? AND state = 'held'
        """
    private static let invested = """
        SELECT CAST(COALESCE(SUM(posted_amount), 0) AS BIGINT) AS total FROM coinvestments
        WHERE fund_id = ? AND state = 'posted'
        """

    /// The other tables against the ledger: what was committed and pledged, what is held and what was invested.
    private static func crossCheck(
        _ fund: FundID, _ balances: [AccountID: Balance], _ accounts: [Account], _ db: Connection
    ) throws -> [Difference] {
        func stored(_ sql: String, _ arguments: (any SQLValue)?...) throws -> Won {
            try db.row(sql, arguments)?.get("total") ?? .zero
        }
        func ledger(_ kind: Account.Kind, _ figure: (Balance) throws -> Won) throws -> Won {
            try Won.sum(accounts.filter { $0.kind == kind }.map { try figure(balances[$0.id] ?? Balance()) })
        }
        let figures = [
            (
                "committed", try stored(committed, fund, Commitments.Kind.capital),
                try ledger(.committed) { try $0.creditsPosted - $0.debitsPosted }
            ),
            (
                "pledged", try stored(committed, fund, Commitments.Kind.matching),
                try ledger(.pledges) { try $0.creditsPosted - $0.debitsPosted }
            ),
            ("held", try stored(held, fund), try ledger(.investments) { $0.debitsPending }),
            (
                "invested", try stored(invested, fund),
                try ledger(.investments) { try $0.debitsPosted - $0.creditsPosted }
            ),
        ]
        return figures.filter { $0.1 != $0.2 }.map { figure, stored, recomputed in
            Difference(subject: fund.description, figure: figure, stored: stored, recomputed: recomputed)
        }
    }
}
