import JSON
import ServiceKit
import Storage
import Vocabulary

/// The ledger as it stands: accounts, transfers, and the proof that they agree.
enum LedgerReads {
    struct ListAccounts: Codable, Sendable, Constrained {
        let fundId: FundID
        let kind: Account.Kind?
        let limit: Int?
        let after: AccountID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct ListTransfers: Codable, Sendable, Constrained {
        /// At least one of fundId, accountId and reference.
        let fundId: FundID?
        let accountId: AccountID?
        /// A commitment, contribution or co-investment.
        let reference: String?
        let limit: Int?
        let after: TransferID?

        static let constraints: [String: Schema.Constraint] = [
            "limit": .range(1...200), "reference": .length(1...64),
        ]
    }

    static let methods: [Method] = [
        .query(
            "fund.ledger.accounts", Bilingual(ko: "펀드의 계정과 잔액", en: "The accounts of a fund and their balances"),
            role: .viewer
        ) { (p: ListAccounts, r: Read) throws -> Page<Account> in
            try Funds.require(p.fundId, r.db)
            let accounts = Accounts(db: r.db, now: r.now)
            var listing = Listing("SELECT \(Account.columns) FROM accounts")
            listing.add("fund_id = ?", p.fundId)
            listing.add("kind = ?", p.kind)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try accounts.current($0.map { try Account($0) })
            }
        },
        .query(
            "fund.ledger.account", Bilingual(ko: "계정 하나의 잔액", en: "One account and its balance"), role: .viewer
        ) { (p: ByID<AccountKind>, r: Read) throws -> Account in
            try Accounts(db: r.db, now: r.now).get(p.id)
        },
        .query(
            "fund.ledger.transfers",
            Bilingual(ko: "이체 목록 (기록 순서)", en: "Transfers in the order of recording"), role: .viewer
        ) { (p: ListTransfers, r: Read) throws -> Page<Transfer> in try transfers(p, r) },
        .query(
            "fund.ledger.get", Bilingual(ko: "이체 하나와 그 결과", en: "One transfer and what became of it"),
            role: .viewer
        ) { (p: ByID<TransferKind>, r: Read) throws -> Transfer in
            try Journal(db: r.db, now: r.now).get(p.id)
        },
        .query(
            "fund.ledger.check",
            Bilingual(
                ko: "이체로 잔액을 다시 계산해 원장의 합이 0인지 확인한다",
                en: "Recomputes all balances from the transfers and says whether the ledger sums to zero"),
            role: .viewer
        ) { (p: LedgerCheck.Check, r: Read) throws -> LedgerCheck.Result in
            try LedgerCheck.run(p, r)
        },
    ]

    private static func transfers(_ p: ListTransfers, _ r: Read) throws -> Page<Transfer> {
        guard p.fundId != nil || p.accountId != nil || p.reference != nil else {
            throw Fault.invalid(
                "/fundId", nil,
                Bilingual(
                    ko: "fundId, accountId, reference 중 하나는 있어야 합니다.",
                    en: "Give at least one of fundId, accountId and reference."))
        }
        var listing = Listing(Transfer.select)
        listing.add("t.fund_id = ?", p.fundId)
        listing.add("t.reference = ?", p.reference)
        let after = try p.after.map { try Journal(db: r.db, now: r.now).get($0).sequence }
        if let account = p.accountId {
            if p.reference == nil {
                // Each side from its own index, so that a page costs the same in an account of any size.
                let sides = ["debit", "credit"].map { side in
                    """
                    SELECT id FROM (SELECT id FROM transfers WHERE \(side)_account_id = ? AND sequence > ?
                        ORDER BY sequence LIMIT 201) AS \(side)s
                    """
                }
                listing.add(
                    "t.id IN (\(sides.joined(separator: " UNION ALL ")))",
                    all: [account, after ?? 0, account, after ?? 0])
            } else {
                listing.add("(t.debit_account_id = ? OR t.credit_account_id = ?)", all: [account, account])
            }
        }
        return try listing.page(in: r.db, by: "t.sequence", after: after, limit: p.limit, cursor: \.id.description) {
            try Transfer($0, now: r.now)
        }
    }
}
