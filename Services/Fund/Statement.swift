import JSON
import ServiceKit
import Storage
import Vocabulary

/// Where a fund stands, to the won, from the ledger alone. What the books do not know yet is open, not zero.
struct Statement: Codable, Sendable {
    let fundId: FundID
    let name: Bilingual
    let asOf: Instant
    /// The size aimed at.
    let target: Figure
    /// What the partners have promised, corrections included.
    let committed: Won
    /// Called by notices to partners: open as long as capital calls are not kept here.
    let called: Figure
    let paidIn: Won
    /// Promised and not paid in.
    let uncalled: Won
    /// PIC on the basis of what was paid in: paid in of committed.
    let paidInShare: Share
    let cash: Won
    /// Of the cash: held by co-investments or other pending transfers.
    let pending: Won
    /// Of the cash: what may still be held.
    let available: Won
    /// Disbursed, at cost.
    let invested: Won
    let expenses: Won
    let income: Won
    /// Invested in companies of the region, of all that is invested.
    let regionalShare: Share
    let obligations: [ObligationStatus]
    let matching: Matching
    /// Needs a valuation, which is not kept here yet.
    let netAssetValue: Figure
    let distributed: Figure

    /// What partners invest beside the fund, won for won (F17).
    struct Matching: Codable, Sendable {
        let pledged: Won
        let open: Won
        let pending: Won
        let invested: Won
    }
}

extension Statement {
    static func of(_ id: FundID, db: Connection, now: Instant) throws -> Statement {
        let fund = try Funds.get(id, db)
        let accounts = Accounts(db: db, now: now)
        let cash = try accounts.find(.cash, of: id)
        let committed = try accounts.standing(.committed, of: id)
        let uncalled = try accounts.standing(.uncalled, of: id)
        let paidIn = try committed - uncalled
        let invested = try Portfolio.invested(id, db)
        let notKept = Bilingual(ko: "아직 기록하지 않는 항목입니다.", en: "Not kept here yet.")
        return Statement(
            fundId: id, name: fund.name, asOf: now,
            target: fund.targetAmount.map { .known($0) }
                ?? .open(reason: Bilingual(ko: "목표액이 정해지지 않았습니다.", en: "No target was stated.")),
            committed: committed, called: .open(reason: notKept), paidIn: paidIn, uncalled: uncalled,
            paidInShare: Share(part: paidIn, whole: committed), cash: try cash?.standing() ?? .zero,
            pending: cash?.creditsPending ?? .zero,
            available: try cash.flatMap { try $0.balance.available($0.bound) } ?? .zero,
            invested: try accounts.standing(.investments, of: id), expenses: try accounts.standing(.expenses, of: id),
            income: try accounts.standing(.income, of: id),
            regionalShare: Share(part: invested.inRegion, whole: invested.total),
            obligations: fund.obligations.map { ObligationStatus($0, invested: invested, committed: committed) },
            matching: try matching(id, accounts), netAssetValue: .open(reason: notKept),
            distributed: .open(reason: notKept))
    }

    private static func matching(_ id: FundID, _ accounts: Accounts) throws -> Matching {
        let pledged = try accounts.all(.pledged, of: id)
        return Matching(
            pledged: try accounts.standing(.pledges, of: id),
            open: try Won.sum(pledged.compactMap { try $0.balance.available($0.bound) }),
            pending: try Won.sum(pledged.map(\.creditsPending)),
            invested: try accounts.standing(.matched, of: id))
    }
}
