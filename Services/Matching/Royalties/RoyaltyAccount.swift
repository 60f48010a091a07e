import JSON
import ServiceKit
import Storage
import Vocabulary

enum RoyaltyDueKind: IDKind { static let prefix = "due" }
enum RoyaltyPaymentKind: IDKind { static let prefix = "pay" }

/// An amount that became due under a contract, or the reversal of one. Nothing of it is ever changed: a correction is
/// a reversal and a new due.
struct RoyaltyDue: Codable, Hashable, Sendable {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue, Named {
        case fixed, running

        var name: Bilingual {
            switch self {
            case .fixed: Bilingual(ko: "정액기술료", en: "fixed fee")
            case .running: Bilingual(ko: "경상기술료", en: "running royalty")
            }
        }
    }

    let id: ID<RoyaltyDueKind>
    let dealId: DealID
    let kind: Kind
    /// The instalment of the fixed fee, or the contract year of the running royalty, from 1.
    let number: Int
    let dueOn: Day
    /// Negative for a reversal.
    let amount: Won
    /// Of a running royalty: the net sales that were reported.
    let netSales: Won?
    /// The due that this one takes back.
    let reverses: ID<RoyaltyDueKind>?
    let reason: String?
    let at: Instant
    let principal: String
}

/// Money that was paid under a contract, or the reversal of such an entry.
struct RoyaltyPayment: Codable, Hashable, Sendable {
    let id: ID<RoyaltyPaymentKind>
    let dealId: DealID
    let paidOn: Day
    let amount: Won
    /// Such as the number of a bank transfer or a tax invoice.
    let reference: String
    let reverses: ID<RoyaltyPaymentKind>?
    let reason: String?
    let at: Instant
    let principal: String
}

/// What is due and paid under one contract. Payments settle the dues in the order of their days, the oldest first; what
/// is paid beyond them is a credit.
struct RoyaltyAccount: Hashable, Sendable {
    struct Standing: Codable, Hashable, Sendable {
        let due: RoyaltyDue
        let paid: Won
        let open: Won
    }

    /// The dues that stand, without those that were taken back.
    let standing: [Standing]
    let due: Won
    let paid: Won
    let open: Won
    let credit: Won

    init(dues: [RoyaltyDue], paid: Won) throws(Won.Overflow) {
        let reversed = Set(dues.compactMap(\.reverses))
        let live = dues.filter { $0.reverses == nil && !reversed.contains($0.id) }
            .sorted { ($0.dueOn, $0.id) < ($1.dueOn, $1.id) }
        var left = max(.zero, paid)
        var standing: [Standing] = []
        for due in live {
            let settled = min(left, due.amount)
            left = try left - settled
            standing.append(Standing(due: due, paid: settled, open: try due.amount - settled))
        }
        self.standing = standing
        self.paid = paid
        due = try Won.sum(live.map(\.amount))
        open = try Won.sum(standing.map(\.open))
        credit = left
    }

    /// The due of a contract year's sales, if they were reported.
    func running(year: Int) -> RoyaltyDue? {
        standing.first { $0.due.kind == .running && $0.due.number == year }?.due
    }

    /// What running royalties of other years have come to.
    func running(except year: Int) throws(Won.Overflow) -> Won {
        try Won.sum(standing.map(\.due).filter { $0.kind == .running && $0.number != year }.map(\.amount))
    }
}
