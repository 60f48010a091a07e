import JSON
import ServiceKit
import Storage
import Vocabulary

enum TransferKind: IDKind { static let prefix = "trf" }
typealias TransferID = ID<TransferKind>

/// One immutable movement between two accounts of a fund. Nothing of it ever changes: what becomes of a pending
/// transfer is another transfer that names it, and a mistake is put right by a transfer the other way.
struct Transfer: Codable, Sendable, Hashable {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        /// Posted at once.
        case single
        /// Sets the amount aside until it is posted, voided or expires.
        case pending
        /// Posts a pending transfer, in full or in part; what is not posted is released.
        case post
        /// Releases a pending transfer; the amount is what was released.
        case void
        /// As void, because its time was over.
        case expire
    }

    enum Purpose: String, Codable, CaseIterable, Sendable, SQLValue {
        case commitment, contribution, coinvestment, matching, manual, correction
    }

    /// What a pending transfer has come to.
    enum State: String, Codable, CaseIterable, Sendable {
        case pending, posted, voided, expired
    }

    let id: TransferID
    /// Gapless over the whole ledger, in the order of recording.
    let sequence: Int64
    let fundId: FundID
    let kind: Kind
    let purpose: Purpose
    let debitAccountId: AccountID
    let creditAccountId: AccountID
    let amount: Won
    /// The pending transfer that this one posts, voids or expires.
    let pendingId: TransferID?
    /// The transfer that this one undoes.
    let corrects: TransferID?
    /// Only of a pending transfer.
    let expiresAt: Instant?
    /// What it is about: a commitment, contribution, case or co-investment.
    let reference: String?
    let note: String?
    let recordedAt: Instant
    /// Only of a pending transfer: what it has come to by now.
    let state: State?
    /// The transfer that ended the pending one.
    let settledBy: TransferID?
}

extension Transfer {
    /// The columns of `transfers t` with what became of it, from `LEFT JOIN transfers s ON s.pending_id = t.id`.
    static let select = """
        SELECT t.id AS id, t.sequence AS sequence, t.fund_id AS fund_id, t.kind AS kind, t.purpose AS purpose,
            t.debit_account_id AS debit_account_id, t.credit_account_id AS credit_account_id, t.amount AS amount,
            t.pending_id AS pending_id, t.corrects AS corrects, t.expires_at AS expires_at, t.reference AS reference,
            t.note AS note, t.recorded_at AS recorded_at, s.id AS settled_by, s.kind AS settled_kind
        FROM transfers t LEFT JOIN transfers s ON s.pending_id = t.id
        """

    init(_ row: Row, now: Instant) throws {
        let kind: Kind = try row.get("kind")
        let expiresAt: Instant? = try row.getIfPresent("expires_at")
        var state: State?
        if kind == .pending {
            state =
                switch try row.getIfPresent("settled_kind") as Kind? {
                case .post: .posted
                case .void: .voided
                case .expire: .expired
                default: expiresAt.map { now >= $0 } ?? false ? .expired : .pending
                }
        }
        self.init(
            id: try row.get("id"), sequence: try row.get("sequence"), fundId: try row.get("fund_id"), kind: kind,
            purpose: try row.get("purpose"), debitAccountId: try row.get("debit_account_id"),
            creditAccountId: try row.get("credit_account_id"), amount: try row.get("amount"),
            pendingId: try row.getIfPresent("pending_id"), corrects: try row.getIfPresent("corrects"),
            expiresAt: expiresAt, reference: try row.getIfPresent("reference"), note: try row.getIfPresent("note"),
            recordedAt: try row.get("recorded_at"), state: state, settledBy: try row.getIfPresent("settled_by"))
    }
}
