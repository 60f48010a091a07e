import JSON
import ServiceKit
import Storage
import Vocabulary

enum CommitmentKind: IDKind { static let prefix = "cmt" }
typealias CommitmentID = ID<CommitmentKind>

/// What partners have promised. A commitment is never edited: a correction is a new row with the full new amount, and
/// the ledger moves the difference.
enum Commitments {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        /// To pay into the fund.
        case capital
        /// To invest beside the fund, won for won (F17, M:721).
        case matching

        /// Where the open part of the promise stands, and where the whole of it.
        var accounts: (open: Account.Kind, total: Account.Kind) {
            switch self {
            case .capital: (.uncalled, .committed)
            case .matching: (.pledged, .pledges)
            }
        }
    }

    struct Make: Codable, Sendable, Constrained {
        let fundId: FundID
        let partnerId: PartnerID
        /// `capital` unless given.
        let kind: Kind?
        let amount: Won
        let agreedOn: Day?

        static let constraints: [String: Schema.Constraint] = ["amount": .range(1...)]
    }

    struct Correct: Codable, Sendable, Constrained {
        let id: CommitmentID
        /// The whole amount that is agreed from now on, not the difference; 0 ends the commitment.
        let amount: Won
        let reason: String
        let agreedOn: Day?

        static let constraints: [String: Schema.Constraint] = ["amount": .range(0...), "reason": .length(1...500)]
    }

    struct Commitment: Codable, Sendable {
        let id: CommitmentID
        let fundId: FundID
        let partnerId: PartnerID
        let kind: Kind
        let amount: Won
        let agreedOn: Day?
        /// The commitment that this one replaces.
        let corrects: CommitmentID?
        /// The one that replaces it; what counts is the last of a chain.
        let correctedBy: CommitmentID?
        let reason: String?
        let transferId: TransferID
        let recordedAt: Instant
    }

    struct List: Codable, Sendable, Constrained {
        let fundId: FundID?
        let partnerId: PartnerID?
        let kind: Kind?
        let limit: Int?
        let after: CommitmentID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "fund.commitments.make", Bilingual(ko: "출자 약정을 기록한다", en: "Records a partner's commitment"),
            role: .member
        ) { (p: Make, w: Write) throws -> Commitment in try make(p, w) },
        .command(
            "fund.commitments.correct",
            Bilingual(
                ko: "약정을 새 기록으로 정정한다", en: "Corrects a commitment by a new one; the old one stays on record"),
            role: .operator
        ) { (p: Correct, w: Write) throws -> Commitment in try correct(p, w) },
        .query("fund.commitments.get", Bilingual(ko: "약정 하나", en: "One commitment"), role: .viewer) {
            (p: ByID<CommitmentKind>, r: Read) throws -> Commitment in try get(p.id, r.db)
        },
        .query(
            "fund.commitments.list",
            Bilingual(ko: "약정 목록 (정정 이력 포함)", en: "Commitments, corrected ones included"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<Commitment> in
            var listing = Listing(select)
            listing.add("c.fund_id = ?", p.fundId)
            listing.add("c.partner_id = ?", p.partnerId)
            listing.add("c.kind = ?", p.kind)
            return try listing.page(
                in: r.db, by: "c.id", after: p.after, limit: p.limit, cursor: \.id.description, item: read)
        },
    ]

    private static func make(_ p: Make, _ w: Write) throws -> Commitment {
        try Funds.require(p.fundId, w.db)
        _ = try Partners.get(p.partnerId, w.db)
        try Expiry.sweep(w, fund: p.fundId)
        return try record(
            kind: p.kind ?? .capital, fund: p.fundId, partner: p.partnerId, from: .zero, to: p.amount,
            agreedOn: p.agreedOn, corrects: nil, reason: nil, event: "made", w)
    }

    private static func correct(_ p: Correct, _ w: Write) throws -> Commitment {
        let wrong = try get(p.id, w.db)
        if let latest = wrong.correctedBy {
            throw Fault.conflict(
                Bilingual(
                    ko: "이미 정정된 약정입니다. 마지막 정정을 고치세요.",
                    en: "This commitment was corrected already; correct the last one of the chain."),
                data: ["id": .string(wrong.id.description), "correctedBy": .string(latest.description)])
        }
        guard p.amount != wrong.amount else {
            throw Fault.invalid(
                "/amount", .integer(p.amount.amount),
                Bilingual(ko: "지금 금액과 같습니다.", en: "This is the amount already; give another."))
        }
        try Expiry.sweep(w, fund: wrong.fundId)
        return try record(
            kind: wrong.kind, fund: wrong.fundId, partner: wrong.partnerId, from: wrong.amount, to: p.amount,
            agreedOn: p.agreedOn, corrects: wrong.id, reason: p.reason, event: "corrected", w)
    }

    private static func record(
        kind: Kind, fund: FundID, partner: PartnerID, from old: Won, to new: Won, agreedOn: Day?,
        corrects: CommitmentID?, reason: String?, event: String, _ w: Write
    ) throws -> Commitment {
        let accounts = Accounts(db: w.db, now: w.now)
        let open = try accounts.open(kind.accounts.open, of: fund, partner: partner)
        let total = try accounts.open(kind.accounts.total, of: fund)
        let isMore = new > old
        let difference = isMore ? try new - old : try old - new
        if !isMore, let room = try open.balance.available(open.bound), difference > room {
            throw Fault.conflict(
                Bilingual(
                    ko: "이미 납입하거나 보류한 금액보다 줄일 수 없습니다. 가능한 최소 금액(least)을 확인하세요.",
                    en: "The commitment cannot go below what was paid in or is held; `least` is possible."),
                data: ["least": .integer(try (old - room).amount), "requested": .integer(new.amount)])
        }
        let id = CommitmentID.new(at: w.now)
        let transfer = try Journal(db: w.db, now: w.now).post(
            Journal.Entry(
                fund: fund, purpose: .commitment, debit: isMore ? open.id : total.id,
                credit: isMore ? total.id : open.id, amount: difference, reference: id.description, note: reason))
        let commitment = Commitment(
            id: id, fundId: fund, partnerId: partner, kind: kind, amount: new, agreedOn: agreedOn, corrects: corrects,
            correctedBy: nil, reason: reason, transferId: transfer.id, recordedAt: w.now)
        try w.db.run(
            """
            INSERT INTO commitments (id, fund_id, partner_id, kind, amount, agreed_on, corrects, reason, transfer_id,
                recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, fund, partner, kind, new, agreedOn, corrects, reason, transfer.id, w.now)
        try w.emit("fund.commitment.\(event)", subject: id.description, commitment)
        w.audit(subject: id.description, reason: reason)
        return commitment
    }

    private static let select = """
        SELECT c.id AS id, c.fund_id AS fund_id, c.partner_id AS partner_id, c.kind AS kind, c.amount AS amount,
            c.agreed_on AS agreed_on, c.corrects AS corrects, n.id AS corrected_by, c.reason AS reason,
            c.transfer_id AS transfer_id, c.recorded_at AS recorded_at
        FROM commitments c LEFT JOIN commitments n ON n.corrects = c.id
        """

    static func get(_ id: CommitmentID, _ db: Connection) throws -> Commitment {
        guard let row = try db.row("\(select) WHERE c.id = ?", id) else {
            throw Fault.notFound(kind: "commitment", id: id.description)
        }
        return try read(row)
    }

    private static func read(_ row: Row) throws -> Commitment {
        Commitment(
            id: try row.get("id"), fundId: try row.get("fund_id"), partnerId: try row.get("partner_id"),
            kind: try row.get("kind"), amount: try row.get("amount"), agreedOn: try row.getIfPresent("agreed_on"),
            corrects: try row.getIfPresent("corrects"), correctedBy: try row.getIfPresent("corrected_by"),
            reason: try row.getIfPresent("reason"), transferId: try row.get("transfer_id"),
            recordedAt: try row.get("recorded_at"))
    }
}
