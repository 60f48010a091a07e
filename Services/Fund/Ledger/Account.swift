import JSON
import ServiceKit
import Storage
import Vocabulary

enum AccountKind: IDKind { static let prefix = "acc" }
typealias AccountID = ID<AccountKind>

/// An account of a fund: one sum of money seen from one side, with the limit that the ledger keeps for it.
struct Account: Codable, Sendable, Hashable {
    /// The chart of accounts, the same for every fund. Two sets of books, each of which balances by itself:
    /// `cash + investments + expenses + uncalled = committed + income` and `pledged + matched = pledges`.
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        /// Money in the fund's own account.
        case cash
        /// What the fund has invested, at cost.
        case investments
        /// Fees and costs of running the fund.
        case expenses
        /// What each partner has promised and not yet paid in; one for each partner.
        case uncalled
        /// What the partners have promised in all.
        case committed
        /// Interest and other income.
        case income
        /// What each matching partner has promised to invest beside the fund and has not yet; one for each partner.
        case pledged
        /// What matching partners have invested beside the fund.
        case matched
        /// What the matching partners have promised in all.
        case pledges

        var bound: Bound {
            switch self {
            case .cash, .investments, .uncalled, .pledged, .matched: .creditsMustNotExceedDebits
            case .committed, .pledges: .debitsMustNotExceedCredits
            case .expenses, .income: .none
            }
        }

        /// The side on which the account grows.
        var grows: Side {
            switch self {
            case .cash, .investments, .expenses, .uncalled, .pledged, .matched: .debit
            case .committed, .income, .pledges: .credit
            }
        }
    }

    let id: AccountID
    let fundId: FundID
    let kind: Kind
    /// Only for `uncalled` and `pledged`.
    let partnerId: PartnerID?
    /// The kind's.
    let bound: Bound
    var debitsPending: Won
    var debitsPosted: Won
    var creditsPending: Won
    var creditsPosted: Won
    let openedAt: Instant

    var balance: Balance {
        get {
            Balance(
                debitsPending: debitsPending, debitsPosted: debitsPosted, creditsPending: creditsPending,
                creditsPosted: creditsPosted)
        }
        set {
            debitsPending = newValue.debitsPending
            debitsPosted = newValue.debitsPosted
            creditsPending = newValue.creditsPending
            creditsPosted = newValue.creditsPosted
        }
    }

    /// Posted entries only, on the side where the account grows.
    func standing() throws -> Won {
        kind.grows == .debit ? try debitsPosted - creditsPosted : try creditsPosted - debitsPosted
    }
}

extension Account {
    static let columns = """
        id, fund_id, kind, partner_id, debits_pending, debits_posted, credits_pending, credits_posted, opened_at
        """

    init(_ row: Row) throws {
        let (kind, partner): (Kind, String) = (try row.get("kind"), try row.get("partner_id"))
        self.init(
            id: try row.get("id"), fundId: try row.get("fund_id"), kind: kind,
            partnerId: PartnerID(partner), bound: kind.bound, debitsPending: try row.get("debits_pending"),
            debitsPosted: try row.get("debits_posted"), creditsPending: try row.get("credits_pending"),
            creditsPosted: try row.get("credits_posted"), openedAt: try row.get("opened_at"))
    }
}

/// Finding and opening accounts. What is pending past its time counts no more, whether or not it was swept yet.
struct Accounts {
    let db: Connection
    let now: Instant

    func find(_ id: AccountID) throws -> Account? {
        try db.row("SELECT \(Account.columns) FROM accounts WHERE id = ?", id)
            .flatMap { try current([Account($0)]).first }
    }

    func get(_ id: AccountID) throws -> Account {
        guard let account = try find(id) else { throw Fault.notFound(kind: "account", id: id.description) }
        return account
    }

    func find(_ kind: Account.Kind, of fund: FundID, partner: PartnerID? = nil) throws -> Account? {
        try db.row(
            "SELECT \(Account.columns) FROM accounts WHERE fund_id = ? AND kind = ? AND partner_id = ?",
            fund, kind, partner?.description ?? ""
        ).flatMap { try current([Account($0)]).first }
    }

    /// The account, opened now if it is needed for the first time.
    func open(_ kind: Account.Kind, of fund: FundID, partner: PartnerID? = nil) throws -> Account {
        if let account = try find(kind, of: fund, partner: partner) { return account }
        let account = Account(
            id: AccountID.new(at: now), fundId: fund, kind: kind, partnerId: partner, bound: kind.bound,
            debitsPending: .zero, debitsPosted: .zero, creditsPending: .zero, creditsPosted: .zero, openedAt: now)
        try db.run(
            "INSERT INTO accounts (\(Account.columns)) VALUES (?, ?, ?, ?, 0, 0, 0, 0, ?)",
            account.id, fund, kind, partner?.description ?? "", now)
        return account
    }

    /// All accounts of one kind: one, or one for each partner.
    func all(_ kind: Account.Kind, of fund: FundID) throws -> [Account] {
        try current(
            db.rows(
                "SELECT \(Account.columns) FROM accounts WHERE fund_id = ? AND kind = ? ORDER BY partner_id", fund, kind
            ).map { try Account($0) })
    }

    /// Posted entries of one kind, over all partners.
    func standing(_ kind: Account.Kind, of fund: FundID) throws -> Won {
        let grown = kind.grows == .debit ? "debits_posted - credits_posted" : "credits_posted - debits_posted"
        return try db.row(
            """
            SELECT CAST(COALESCE(SUM(\(grown)), 0) AS BIGINT) AS standing FROM accounts
            WHERE fund_id = ? AND kind = ?
            """, fund, kind)?.get("standing") ?? .zero
    }

    /// Accounts of one fund without the pending amounts whose time has passed but which no write has swept yet.
    func current(_ accounts: [Account]) throws -> [Account] {
        guard let fund = accounts.first?.fundId else { return [] }
        var accounts = accounts
        let due = try db.rows(
            """
            SELECT t.debit_account_id AS debit, t.credit_account_id AS credit, t.amount AS amount
            FROM open_pendings o JOIN transfers t ON t.id = o.transfer_id
            WHERE o.fund_id = ? AND o.expires_at <= ?
            """, fund, now)
        for row in due {
            let (debit, credit): (AccountID, AccountID) = (try row.get("debit"), try row.get("credit"))
            for index in accounts.indices where [debit, credit].contains(accounts[index].id) {
                try accounts[index].balance.settle(
                    try row.get("amount"), posting: .zero, on: accounts[index].id == debit ? .debit : .credit)
            }
        }
        return accounts
    }

    /// The account exactly as it is stored; for the journal, which sweeps before it reads.
    func stored(_ id: AccountID) throws -> Account {
        guard let row = try db.row("SELECT \(Account.columns) FROM accounts WHERE id = ?", id) else {
            throw Fault.notFound(kind: "account", id: id.description)
        }
        return try Account(row)
    }

    func store(_ account: Account) throws {
        try db.run(
            """
            UPDATE accounts SET debits_pending = ?, debits_posted = ?, credits_pending = ?, credits_posted = ?
            WHERE id = ?
            """, account.debitsPending, account.debitsPosted, account.creditsPending, account.creditsPosted, account.id)
    }
}
