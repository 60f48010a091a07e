import JSON
import ServiceKit
import Storage
import Vocabulary

/// One co-investment and the pending transfers behind it.
struct Coinvestment: Codable, Sendable {
    let id: CoinvestmentID
    let caseId: CaseID
    let fundId: FundID
    let holder: String
    let amount: Won
    /// As it counts now: past its time a hold is `expired`, whether or not it was swept.
    var state: HoldState
    let heldAt: Instant
    var expiresAt: Instant
    /// What was invested, which may be less than what was held.
    var postedAmount: Won?
    var settledAt: Instant?
    var reason: String?
    /// The pending transfer of the fund's cash; a renewal replaces it.
    var transferId: TransferID
    let matchingPartnerId: PartnerID?
    /// The pending transfer of the matching partner's pledge, of the same amount.
    var matchingTransferId: TransferID?
}

extension Coinvestment {
    init(_ row: Row, now: Instant) throws {
        let state: HoldState = try row.get("state")
        let expiresAt: Instant = try row.get("expires_at")
        self.init(
            id: try row.get("id"), caseId: try row.get("case_id"), fundId: try row.get("fund_id"),
            holder: try row.get("holder"), amount: try row.get("amount"),
            state: state.effective(expiresAt: expiresAt, now: now), heldAt: try row.get("held_at"),
            expiresAt: expiresAt, postedAmount: try row.getIfPresent("posted_amount"),
            settledAt: try row.getIfPresent("settled_at"), reason: try row.getIfPresent("reason"),
            transferId: try row.get("transfer_id"), matchingPartnerId: try row.getIfPresent("matching_partner_id"),
            matchingTransferId: try row.getIfPresent("matching_transfer_id"))
    }

    static func get(_ id: CoinvestmentID, _ db: Connection, _ now: Instant) throws -> Coinvestment {
        guard let row = try db.row("SELECT * FROM coinvestments WHERE id = ?", id) else {
            throw Fault.notFound(kind: "coinvestment", id: id.description)
        }
        return try Coinvestment(row, now: now)
    }

    func insert(_ db: Connection) throws {
        try db.run(
            """
            INSERT INTO coinvestments (id, case_id, fund_id, holder, amount, matching_partner_id, state, held_at,
                expires_at, transfer_id, matching_transfer_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, caseId, fundId, holder, amount, matchingPartnerId, state, heldAt, expiresAt, transferId,
            matchingTransferId)
    }

    func update(_ db: Connection) throws {
        try db.run(
            """
            UPDATE coinvestments SET state = ?, expires_at = ?, posted_amount = ?, settled_at = ?, reason = ?,
                transfer_id = ?, matching_transfer_id = ?
            WHERE id = ?
            """, state, expiresAt, postedAmount, settledAt, reason, transferId, matchingTransferId, id)
    }

    /// Ends the pending transfers: both with the same amount, so that matching stays won for won.
    func settle(as kind: Transfer.Kind, amount: Won?, note: String?, _ w: Write) throws {
        let journal = Journal(db: w.db, now: w.now)
        for transfer in [transferId, matchingTransferId].compactMap({ $0 }) {
            _ = try journal.settle(transfer, as: kind, amount: amount, note: note)
        }
    }
}

/// The money of one hold: the fund's cash and, where a partner matches it, that partner's pledge.
struct Money {
    let item: Cases.Case
    let amount: Won
    let expiresAt: Instant

    init(_ item: Cases.Case, amount: Won, until expiresAt: Instant) {
        self.item = item
        self.amount = amount
        self.expiresAt = expiresAt
    }

    /// Sets it aside, all or nothing.
    func reserve(for id: CoinvestmentID, _ w: Write) throws -> (own: TransferID, matching: TransferID?) {
        let accounts = Accounts(db: w.db, now: w.now)
        let cash = try accounts.open(.cash, of: item.fundId)
        try check(
            cash, "cash",
            Bilingual(
                ko: "펀드의 가용 현금(available)이 부족합니다. 납입을 기록하거나 더 적게 보류하세요.",
                en: "The fund has not that much free cash; record a contribution, or hold less."))
        let own = try reserve(
            .coinvestment, id, debit: try accounts.open(.investments, of: item.fundId), credit: cash, w)
        guard let partner = item.matchingPartnerId else { return (own, nil) }
        let pledged = try accounts.open(.pledged, of: item.fundId, partner: partner)
        try check(
            pledged, "pledge",
            Bilingual(
                ko: "매칭 투자자의 남은 약정(available)이 부족합니다. 매칭 약정을 먼저 기록하세요.",
                en: "The matching partner has not pledged that much; record a matching commitment first."))
        let matching = try reserve(
            .matching, id, debit: try accounts.open(.matched, of: item.fundId), credit: pledged, w)
        return (own, matching)
    }

    private func check(_ account: Account, _ limitedBy: String, _ message: Bilingual) throws {
        let available = try account.balance.available(account.bound) ?? .zero
        guard amount > available else { return }
        throw Coinvestments.short(message, available: available, requested: amount, limitedBy, item)
    }

    private func reserve(
        _ purpose: Transfer.Purpose, _ id: CoinvestmentID, debit: Account, credit: Account, _ w: Write
    ) throws -> TransferID {
        try Journal(db: w.db, now: w.now).reserve(
            Journal.Entry(
                fund: item.fundId, purpose: purpose, debit: debit.id, credit: credit.id, amount: amount,
                reference: id.description), until: expiresAt
        ).id
    }
}
