import JSON
import ServiceKit
import Storage
import Vocabulary

enum ContributionKind: IDKind { static let prefix = "ctr" }
typealias ContributionID = ID<ContributionKind>

/// What partners have paid in of what they promised. Never more than is unfunded; a mistake is reversed by a new row.
enum Contributions {
    struct Record: Codable, Sendable, Constrained {
        /// Chosen by the client: the same id with the same content is recorded once.
        let id: ContributionID?
        let fundId: FundID
        let partnerId: PartnerID
        let amount: Won
        let paidOn: Day?

        static let constraints: [String: Schema.Constraint] = ["amount": .range(1...)]
    }

    struct Reverse: Codable, Sendable, Constrained {
        let id: ContributionID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Contribution: Codable, Sendable {
        let id: ContributionID
        let fundId: FundID
        let partnerId: PartnerID
        let amount: Won
        let paidOn: Day?
        /// The contribution that this one takes back.
        let reverses: ContributionID?
        let reversedBy: ContributionID?
        let reason: String?
        let transferId: TransferID
        let recordedAt: Instant
    }

    struct List: Codable, Sendable, Constrained {
        let fundId: FundID?
        let partnerId: PartnerID?
        let limit: Int?
        let after: ContributionID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Plan: Codable, Sendable, Constrained {
        let fundId: FundID
        let amount: Won

        static let constraints: [String: Schema.Constraint] = ["amount": .range(1...)]
    }

    /// What each partner would pay of an amount, in proportion to what is unfunded, exact to the won (largest remainder).
    struct Allocation: Codable, Sendable {
        struct Part: Codable, Sendable, Hashable {
            let partnerId: PartnerID
            let unfunded: Won
            let amount: Won
        }

        let fundId: FundID
        let amount: Won
        let unfunded: Won
        let parts: [Part]
    }

    static let methods: [Method] = [
        .command(
            "fund.contributions.record",
            Bilingual(ko: "약정액의 납입을 기록한다", en: "Records that a partner paid in part of its commitment"),
            role: .member
        ) { (p: Record, w: Write) throws -> Contribution in try record(p, w) },
        .command(
            "fund.contributions.reverse",
            Bilingual(ko: "납입 기록을 반대 기록으로 되돌린다", en: "Takes a contribution back by a record the other way"),
            role: .operator
        ) { (p: Reverse, w: Write) throws -> Contribution in try reverse(p, w) },
        .query("fund.contributions.get", Bilingual(ko: "납입 하나", en: "One contribution"), role: .viewer) {
            (p: ByID<ContributionKind>, r: Read) throws -> Contribution in try get(p.id, r.db)
        },
        .query("fund.contributions.list", Bilingual(ko: "납입 목록", en: "Contributions"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Contribution> in
            var listing = Listing(select)
            listing.add("c.fund_id = ?", p.fundId)
            listing.add("c.partner_id = ?", p.partnerId)
            return try listing.page(
                in: r.db, by: "c.id", after: p.after, limit: p.limit, cursor: \.id.description, item: read)
        },
        .query(
            "fund.contributions.plan",
            Bilingual(
                ko: "출자요청액을 미납입 약정 비율로 원 단위까지 나눈다",
                en: "Shares an amount out over the partners by what is unfunded, exact to the won"),
            role: .viewer
        ) { (p: Plan, r: Read) throws -> Allocation in try plan(p, r) },
    ]

    private static func record(_ p: Record, _ w: Write) throws -> Contribution {
        if let id = p.id, let earlier = try find(id, w.db) { return try same(earlier, as: p) }
        try Funds.require(p.fundId, w.db)
        _ = try Partners.get(p.partnerId, w.db)
        try Expiry.sweep(w, fund: p.fundId)
        let accounts = Accounts(db: w.db, now: w.now)
        let uncalled = try accounts.find(.uncalled, of: p.fundId, partner: p.partnerId)
        let unfunded = try uncalled.flatMap { try $0.balance.available($0.bound) } ?? .zero
        guard let uncalled, p.amount <= unfunded else {
            throw Fault.conflict(
                Bilingual(
                    ko: "미납입 약정액(unfunded)보다 많이 납입할 수 없습니다.",
                    en: "No more can be paid in than is unfunded; record a commitment first, or less."),
                data: ["unfunded": .integer(unfunded.amount), "requested": .integer(p.amount.amount)])
        }
        let id = p.id ?? ContributionID.new(at: w.now)
        let transfer = try Journal(db: w.db, now: w.now).post(
            Journal.Entry(
                fund: p.fundId, purpose: .contribution, debit: try accounts.open(.cash, of: p.fundId).id,
                credit: uncalled.id, amount: p.amount, reference: id.description))
        let contribution = Contribution(
            id: id, fundId: p.fundId, partnerId: p.partnerId, amount: p.amount, paidOn: p.paidOn, reverses: nil,
            reversedBy: nil, reason: nil, transferId: transfer.id, recordedAt: w.now)
        try insert(contribution, w)
        try w.emit("fund.contribution.recorded", subject: id.description, contribution)
        return contribution
    }

    private static func same(_ earlier: Contribution, as p: Record) throws -> Contribution {
        guard earlier.fundId == p.fundId, earlier.partnerId == p.partnerId, earlier.amount == p.amount,
            earlier.paidOn == p.paidOn, earlier.reverses == nil
        else {
            throw Fault.conflict(
                Bilingual(
                    ko: "같은 id로 다른 납입이 이미 있습니다. 새 id를 쓰세요.",
                    en: "Another contribution has this id already. Use a new id."),
                data: ["id": .string(earlier.id.description)])
        }
        return earlier
    }

    private static func reverse(_ p: Reverse, _ w: Write) throws -> Contribution {
        let wrong = try get(p.id, w.db)
        if let other = wrong.reversedBy ?? wrong.reverses {
            throw Fault.conflict(
                Bilingual(
                    ko: "이미 되돌렸거나 되돌리는 기록입니다. 새 납입을 기록하세요.",
                    en: "It was reversed already, or is a reversal itself; record a new contribution instead."),
                data: ["id": .string(wrong.id.description), "other": .string(other.description)])
        }
        try Expiry.sweep(w, fund: wrong.fundId)
        let cash = try Accounts(db: w.db, now: w.now).open(.cash, of: wrong.fundId)
        let available = try cash.balance.available(cash.bound) ?? .zero
        guard wrong.amount <= available else {
            throw Fault.conflict(
                Bilingual(
                    ko: "펀드의 가용 현금이 부족하여 되돌릴 수 없습니다.",
                    en: "The fund has not that much free cash; free or pay in cash first."),
                data: ["available": .integer(available.amount), "requested": .integer(wrong.amount.amount)])
        }
        let transfer = try Journal(db: w.db, now: w.now).undo(wrong.transferId, note: p.reason)
        let reversal = Contribution(
            id: ContributionID.new(at: w.now), fundId: wrong.fundId, partnerId: wrong.partnerId, amount: wrong.amount,
            paidOn: nil, reverses: wrong.id, reversedBy: nil, reason: p.reason, transferId: transfer.id,
            recordedAt: w.now)
        try insert(reversal, w)
        try w.emit("fund.contribution.reversed", subject: wrong.id.description, reversal)
        return reversal
    }

    private static func plan(_ p: Plan, _ r: Read) throws -> Allocation {
        try Funds.require(p.fundId, r.db)
        let open = try Accounts(db: r.db, now: r.now).all(.uncalled, of: p.fundId)
            .map { (partner: $0.partnerId, unfunded: try $0.balance.available($0.bound) ?? .zero) }
        let unfunded = try Won.sum(open.map(\.unfunded))
        guard p.amount <= unfunded else {
            throw Fault.conflict(
                Bilingual(
                    ko: "미납입 약정 총액(unfunded)보다 많습니다.", en: "That is more than is unfunded in all."),
                data: ["unfunded": .integer(unfunded.amount), "requested": .integer(p.amount.amount)])
        }
        let amounts = try p.amount.split(byLargestRemainder: open.map(\.unfunded.amount))
        let parts = zip(open, amounts).compactMap { entry, amount in
            entry.partner.map { Allocation.Part(partnerId: $0, unfunded: entry.unfunded, amount: amount) }
        }
        return Allocation(fundId: p.fundId, amount: p.amount, unfunded: unfunded, parts: parts)
    }

    private static func insert(_ it: Contribution, _ w: Write) throws {
        try w.db.run(
            """
            INSERT INTO contributions (id, fund_id, partner_id, amount, paid_on, transfer_id, reverses, reason,
                recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            it.id, it.fundId, it.partnerId, it.amount, it.paidOn, it.transferId, it.reverses, it.reason, it.recordedAt)
        w.audit(subject: it.id.description, reason: it.reason)
    }

    private static let select = """
        SELECT c.id AS id, c.fund_id AS fund_id, c.partner_id AS partner_id, c.amount AS amount,
            c.paid_on AS paid_on, c.transfer_id AS transfer_id, c.reverses AS reverses, n.id AS reversed_by,
            c.reason AS reason, c.recorded_at AS recorded_at
        FROM contributions c LEFT JOIN contributions n ON n.reverses = c.id
        """

    private static func find(_ id: ContributionID, _ db: Connection) throws -> Contribution? {
        try db.row("\(select) WHERE c.id = ?", id).map(read)
    }

    static func get(_ id: ContributionID, _ db: Connection) throws -> Contribution {
        guard let contribution = try find(id, db) else {
            throw Fault.notFound(kind: "contribution", id: id.description)
        }
        return contribution
    }

    private static func read(_ row: Row) throws -> Contribution {
        Contribution(
            id: try row.get("id"), fundId: try row.get("fund_id"), partnerId: try row.get("partner_id"),
            amount: try row.get("amount"), paidOn: try row.getIfPresent("paid_on"),
            reverses: try row.getIfPresent("reverses"), reversedBy: try row.getIfPresent("reversed_by"),
            reason: try row.getIfPresent("reason"), transferId: try row.get("transfer_id"),
            recordedAt: try row.get("recorded_at"))
    }
}
