import JSON
import ServiceKit
import Storage
import Vocabulary

/// The ledger as operators and auditors use it. Commitments, contributions and co-investments write it through their own
/// methods; by hand only fees, costs, interest and the like are recorded.
enum Ledger {
    /// Between which accounts a transfer may be recorded by hand: the others are kept by their own methods.
    static let manualKinds: Set<Account.Kind> = [.cash, .expenses, .income]

    struct Record: Codable, Sendable, Constrained {
        /// Chosen by the client: the same id with the same content is recorded once.
        let id: TransferID?
        let debitAccountId: AccountID
        let creditAccountId: AccountID
        let amount: Won
        /// Two-phase: set aside now, post or void later.
        let pending: Bool?
        /// Of a pending transfer, 1 to 2,592,000 (30 days); 86,400 unless given.
        let timeoutSeconds: Int?
        let note: String

        static let constraints: [String: Schema.Constraint] = [
            "amount": .range(1...), "timeoutSeconds": .range(1...2_592_000), "note": .length(1...500),
        ]
    }

    struct PostPending: Codable, Sendable, Constrained {
        let id: TransferID
        /// All of it unless given.
        let amount: Won?

        static let constraints: [String: Schema.Constraint] = ["amount": .range(1...)]
    }

    struct Reasoned: Codable, Sendable, Constrained {
        let id: TransferID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    static let methods: [Method] = [
        .command(
            "fund.ledger.record",
            Bilingual(
                ko: "수수료·이자 등의 이체를 기록하거나 보류한다",
                en: "Records a transfer such as a fee or interest, at once or pending"),
            role: .operator
        ) { (p: Record, w: Write) throws -> Transfer in try record(p, w) },
        .command(
            "fund.ledger.post",
            Bilingual(ko: "보류 이체를 전부 또는 일부 확정한다", en: "Posts a pending transfer, in full or in part"),
            role: .operator
        ) { (p: PostPending, w: Write) throws -> Transfer in
            try settle(p.id, as: .post, amount: p.amount, note: nil, event: "posted", w)
        },
        .command(
            "fund.ledger.void", Bilingual(ko: "보류 이체를 취소한다", en: "Voids a pending transfer"), role: .operator
        ) { (p: Reasoned, w: Write) throws -> Transfer in
            try settle(p.id, as: .void, amount: nil, note: p.reason, event: "voided", w)
        },
        .command(
            "fund.ledger.correct",
            Bilingual(
                ko: "기록한 이체를 반대 이체로 정정한다", en: "Undoes a recorded transfer by one the other way"),
            role: .operator
        ) { (p: Reasoned, w: Write) throws -> Transfer in try correct(p, w) },
    ]

    static func record(_ p: Record, _ w: Write) throws -> Transfer {
        if p.timeoutSeconds != nil && p.pending != true {
            throw Fault.invalid(
                "/timeoutSeconds", p.timeoutSeconds.map { .integer(Int64($0)) },
                Bilingual(
                    ko: "보류(pending) 이체에만 쓸 수 있습니다.", en: "Give a timeout only together with pending: true."))
        }
        let accounts = Accounts(db: w.db, now: w.now)
        let debit = try accounts.get(p.debitAccountId)
        let credit = try accounts.get(p.creditAccountId)
        try checkManual(debit, credit)
        try Expiry.sweep(w, fund: debit.fundId)
        let journal = Journal(db: w.db, now: w.now)
        let entry = Journal.Entry(
            id: p.id, fund: debit.fundId, purpose: .manual, debit: debit.id, credit: credit.id, amount: p.amount,
            note: p.note)
        if let id = p.id, let earlier = try journal.find(id) { return try same(earlier, as: p) }
        let transfer =
            p.pending == true
            ? try journal.reserve(entry, until: w.now.adding(seconds: Int64(p.timeoutSeconds ?? 86_400)))
            : try journal.post(entry)
        try w.emit("fund.transfer.recorded", subject: transfer.id.description, transfer)
        w.audit(subject: transfer.id.description, reason: p.note)
        return transfer
    }

    private static func checkManual(_ debit: Account, _ credit: Account) throws {
        guard debit.fundId == credit.fundId else {
            throw Fault.invalid(
                "/creditAccountId", .string(credit.id.description),
                Bilingual(ko: "같은 펀드의 계정이어야 합니다.", en: "Both accounts must belong to the same fund."))
        }
        let kept = [debit, credit].filter { !manualKinds.contains($0.kind) }
        guard kept.isEmpty else {
            throw Fault.failedPrecondition(
                rule: "ledger.keptByItsMethods",
                Bilingual(
                    ko: "이 계정은 약정·납입·공동투자 메서드로만 기록됩니다.",
                    en: "This account is written by commitments, contributions and co-investments only; use those."),
                data: ["accounts": .array(kept.map { .string($0.kind.rawValue) })])
        }
    }

    /// The transfer that was recorded under the client's id, if it says the same.
    private static func same(_ earlier: Transfer, as p: Record) throws -> Transfer {
        var differs: [JSON] = []
        if earlier.debitAccountId != p.debitAccountId { differs.append("debitAccountId") }
        if earlier.creditAccountId != p.creditAccountId { differs.append("creditAccountId") }
        if earlier.amount != p.amount { differs.append("amount") }
        if earlier.kind != (p.pending == true ? .pending : .single) { differs.append("pending") }
        if earlier.note != p.note { differs.append("note") }
        if let asked = p.timeoutSeconds,
            earlier.expiresAt != earlier.recordedAt.adding(seconds: Int64(asked))
        {
            differs.append("timeoutSeconds")
        }
        guard differs.isEmpty, earlier.purpose == .manual else {
            throw Fault.conflict(
                Bilingual(
                    ko: "같은 id로 다른 이체가 이미 있습니다. 새 id를 쓰세요.",
                    en: "Another transfer has this id already. Use a new id."),
                data: ["id": .string(earlier.id.description), "differs": .array(differs)])
        }
        return earlier
    }

    private static func settle(
        _ id: TransferID, as kind: Transfer.Kind, amount: Won?, note: String?, event: String, _ w: Write
    ) throws -> Transfer {
        let journal = Journal(db: w.db, now: w.now)
        try Expiry.sweep(w, fund: try journal.get(id).fundId)
        let pending = try journal.get(id)
        try checkOwned(pending)
        if let settled = pending.settledBy, let end = try journal.find(settled) {
            let isRepeat = end.kind == kind && (kind != .post || end.amount == amount ?? pending.amount)
            guard isRepeat || kind == .void && end.kind == .expire else { throw LedgerFault.settled(pending) }
            return end
        }
        let transfer = try journal.settle(id, as: kind, amount: amount, note: note)
        try w.emit("fund.transfer.\(event)", subject: id.description, transfer)
        w.audit(subject: id.description, reason: note)
        return transfer
    }

    private static func correct(_ p: Reasoned, _ w: Write) throws -> Transfer {
        let journal = Journal(db: w.db, now: w.now)
        let wrong = try journal.get(p.id)
        try checkOwned(wrong)
        try Expiry.sweep(w, fund: wrong.fundId)
        let transfer = try journal.undo(p.id, note: p.reason)
        try w.emit("fund.transfer.corrected", subject: p.id.description, transfer)
        w.audit(subject: p.id.description, reason: p.reason)
        return transfer
    }

    private static func checkOwned(_ transfer: Transfer) throws {
        guard transfer.purpose == .manual else {
            throw Fault.failedPrecondition(
                rule: "ledger.keptByItsMethods",
                Bilingual(
                    ko: "이 이체는 \(transfer.reference ?? "-")의 메서드로만 바꿀 수 있습니다.",
                    en: "This transfer belongs to \(transfer.reference ?? "another record"); use its own methods."),
                data: ["id": .string(transfer.id.description), "purpose": .string(transfer.purpose.rawValue)])
        }
    }
}
