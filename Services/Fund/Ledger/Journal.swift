import JSON
import ServiceKit
import Storage
import Vocabulary

/// Writes transfers, and nothing else does: each one changes the two accounts by the rules of `Balance` and is
/// recorded in the same transaction, so the debits of all accounts always equal their credits, posted and pending.
///
/// Call `Expiry.sweep` for the fund first: the journal counts everything that is pending in the stored balances.
struct Journal {
    let db: Connection
    let now: Instant

    /// What is to be moved, before the ledger has seen it.
    struct Entry {
        var id: TransferID?
        let fund: FundID
        let purpose: Transfer.Purpose
        let debit: AccountID
        let credit: AccountID
        let amount: Won
        var reference: String?
        var note: String?
        var corrects: TransferID?
    }

    /// A single-phase transfer.
    func post(_ entry: Entry) throws -> Transfer {
        try change(entry.debit, entry.credit) { (balance, bound, side) throws(LedgerRefused) in
            try balance.post(entry.amount, on: side, bound: bound)
        }
        return try record(entry, kind: .single)
    }

    /// The first phase. It ends by `settle`, or by itself at `expiresAt`.
    func reserve(_ entry: Entry, until expiresAt: Instant) throws -> Transfer {
        try change(entry.debit, entry.credit) { (balance, bound, side) throws(LedgerRefused) in
            try balance.reserve(entry.amount, on: side, bound: bound)
        }
        let transfer = try record(entry, kind: .pending, expiresAt: expiresAt)
        try db.run(
            "INSERT INTO open_pendings (transfer_id, fund_id, purpose, expires_at) VALUES (?, ?, ?, ?)",
            transfer.id, entry.fund, entry.purpose, expiresAt)
        return transfer
    }

    /// The second phase: posts (in full unless an amount is given), voids or expires a pending transfer.
    func settle(_ pending: TransferID, as kind: Transfer.Kind, amount: Won? = nil, note: String? = nil) throws
        -> Transfer
    {
        let first = try get(pending)
        guard first.kind == .pending, first.settledBy == nil else {
            throw LedgerFault.settled(first)
        }
        let posting = kind == .post ? amount ?? first.amount : .zero
        guard kind != .post || posting > .zero else { throw LedgerFault.fault(.notPositive, of: nil) }
        try change(first.debitAccountId, first.creditAccountId) { (balance, _, side) throws(LedgerRefused) in
            try balance.settle(first.amount, posting: posting, on: side)
        }
        try db.run("DELETE FROM open_pendings WHERE transfer_id = ?", pending)
        let entry = Entry(
            fund: first.fundId, purpose: first.purpose, debit: first.debitAccountId, credit: first.creditAccountId,
            amount: kind == .post ? posting : first.amount, reference: first.reference, note: note)
        return try record(entry, kind: kind, pendingId: pending)
    }

    /// A transfer the other way. Each transfer can be undone once.
    func undo(_ id: TransferID, note: String) throws -> Transfer {
        let wrong = try get(id)
        guard wrong.kind == .single || wrong.kind == .post else { throw LedgerFault.nothingToCorrect(wrong) }
        if let row = try db.row("SELECT id FROM transfers WHERE corrects = ?", id) {
            throw LedgerFault.corrected(wrong, by: try row.get("id"))
        }
        return try post(
            Entry(
                fund: wrong.fundId, purpose: .correction, debit: wrong.creditAccountId, credit: wrong.debitAccountId,
                amount: wrong.amount, reference: wrong.reference, note: note, corrects: id))
    }

    func find(_ id: TransferID) throws -> Transfer? {
        try db.row("\(Transfer.select) WHERE t.id = ?", id).map { try Transfer($0, now: now) }
    }

    func get(_ id: TransferID) throws -> Transfer {
        guard let transfer = try find(id) else { throw Fault.notFound(kind: "transfer", id: id.description) }
        return transfer
    }

    private func change(
        _ debit: AccountID, _ credit: AccountID,
        _ rule: (inout Balance, Bound, Side) throws(LedgerRefused) -> Void
    ) throws {
        guard debit != credit else { throw LedgerFault.fault(.sameAccount, of: nil) }
        let accounts = Accounts(db: db, now: now)
        for (id, side) in [(debit, Side.debit), (credit, Side.credit)] {
            var account = try accounts.stored(id)
            do throws(LedgerRefused) {
                try rule(&account.balance, account.bound, side)
            } catch {
                throw LedgerFault.fault(error, of: account)
            }
            try accounts.store(account)
        }
    }

    private func record(
        _ entry: Entry, kind: Transfer.Kind, expiresAt: Instant? = nil, pendingId: TransferID? = nil
    ) throws -> Transfer {
        let last = try db.row("SELECT COALESCE(MAX(sequence), 0) AS last FROM transfers")
        let sequence: Int64 = try last?.get("last") ?? 0
        let id = entry.id ?? TransferID.new(at: now)
        try db.run(
            """
            INSERT INTO transfers (id, sequence, fund_id, kind, purpose, debit_account_id, credit_account_id, amount,
                pending_id, corrects, expires_at, reference, note, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, sequence + 1, entry.fund, kind, entry.purpose, entry.debit, entry.credit, entry.amount, pendingId,
            entry.corrects, expiresAt, entry.reference, entry.note, now)
        return Transfer(
            id: id, sequence: sequence + 1, fundId: entry.fund, kind: kind, purpose: entry.purpose,
            debitAccountId: entry.debit, creditAccountId: entry.credit, amount: entry.amount, pendingId: pendingId,
            corrects: entry.corrects, expiresAt: expiresAt, reference: entry.reference, note: entry.note,
            recordedAt: now, state: kind == .pending ? .pending : nil, settledBy: nil)
    }
}

/// The refusals of the ledger as a client sees them.
enum LedgerFault {
    static func fault(_ refused: LedgerRefused, of account: Account?) -> Fault {
        switch refused {
        case .exceedsBound(_, let available):
            .conflict(
                Bilingual(
                    ko: "계정의 한도를 넘습니다. 가능한 금액(available)을 확인하고 다시 요청하세요.",
                    en: "The account has not that much. Read what is available, then ask for no more."),
                data: [
                    "accountId": .string(account?.id.description ?? ""),
                    "kind": .string(account?.kind.rawValue ?? ""), "available": .integer(available.amount),
                ])
        case .exceedsPending(let pending):
            .conflict(
                Bilingual(
                    ko: "보류한 금액보다 많이 확정할 수 없습니다.", en: "No more can be posted than is pending."),
                data: ["pending": .integer(pending.amount)])
        case .notPositive:
            .invalid("/amount", nil, Bilingual(ko: "금액은 1원 이상이어야 합니다.", en: "The amount must be at least one won."))
        case .sameAccount:
            .invalid(
                "/creditAccountId", nil,
                Bilingual(ko: "차변과 대변 계정이 달라야 합니다.", en: "Name two different accounts."))
        case .overflow:
            .invalid("/amount", nil, Bilingual(ko: "금액이 너무 큽니다.", en: "The amount is too large for the account."))
        }
    }

    static func settled(_ transfer: Transfer) -> Fault {
        .conflict(
            Bilingual(
                ko: "보류 중인 이체가 아닙니다. 이체를 다시 조회하세요.",
                en: "The transfer is not pending. Read it again to see what became of it."),
            data: ["id": .string(transfer.id.description), "state": .string(transfer.state?.rawValue ?? "posted")])
    }

    static func nothingToCorrect(_ transfer: Transfer) -> Fault {
        .failedPrecondition(
            rule: "ledger.nothingPosted",
            Bilingual(
                ko: "기장된 이체만 정정할 수 있습니다. 보류는 취소(void)하세요.",
                en: "Only what was posted can be corrected. Void a pending transfer instead."),
            data: ["id": .string(transfer.id.description)])
    }

    static func corrected(_ transfer: Transfer, by other: TransferID) -> Fault {
        .conflict(
            Bilingual(
                ko: "이미 정정된 이체입니다. 정정 이체를 확인하세요.",
                en: "The transfer was corrected already. Look at the correcting transfer."),
            data: ["id": .string(transfer.id.description), "correctedBy": .string(other.description)])
    }
}
