import JSON
import ServiceKit
import Storage
import Vocabulary

/// Co-investments: an approved case's money, first held as a pending two-phase transfer of the fund's cash, then posted
/// (disbursed), voided, or expired. The hold shape that all services share; see `HoldState` for its transitions.
enum Coinvestments {
    static let defaultTimeToLive = 600

    struct Hold: Codable, Sendable, Constrained {
        let caseId: CaseID
        /// The approved amount unless given.
        let amount: Won?
        /// Who holds, such as the identifier of a flow.
        let holder: String
        /// 600 unless given.
        let ttlSeconds: Int?

        static let constraints: [String: Schema.Constraint] = [
            "amount": .range(1...), "holder": .length(1...200), "ttlSeconds": .range(1...86_400),
        ]
    }

    struct Renew: Codable, Sendable, Constrained {
        let id: CoinvestmentID
        /// From now; 600 unless given. The hold never gets shorter by it.
        let ttlSeconds: Int?

        static let constraints: [String: Schema.Constraint] = ["ttlSeconds": .range(1...86_400)]
    }

    struct Post: Codable, Sendable, Constrained {
        let id: CoinvestmentID
        /// All that is held unless given; the rest is released.
        let amount: Won?

        static let constraints: [String: Schema.Constraint] = ["amount": .range(1...)]
    }

    struct Void: Codable, Sendable, Constrained {
        let id: CoinvestmentID
        let reason: String?

        static let constraints: [String: Schema.Constraint] = ["reason": .length(0...500)]
    }

    struct List: Codable, Sendable, Constrained {
        let caseId: CaseID?
        let fundId: FundID?
        let holder: String?
        let limit: Int?
        let after: CoinvestmentID?

        static let constraints: [String: Schema.Constraint] = [
            "limit": .range(1...200), "holder": .length(1...200),
        ]
    }

    static let methods: [Method] = [
        .command(
            "fund.coinvestments.hold",
            Bilingual(
                ko: "승인된 안건의 공동투자금을 보류한다", en: "Holds money of the fund for an approved case"),
            role: .member
        ) { (p: Hold, w: Write) throws -> Coinvestment in try hold(p, w) },
        .command(
            "fund.coinvestments.renew", Bilingual(ko: "보류 시간을 늘린다", en: "Keeps a hold for longer"),
            role: .member, idempotent: true
        ) { (p: Renew, w: Write) throws -> Coinvestment in try renew(p, w) },
        .command(
            "fund.coinvestments.post", Bilingual(ko: "보류를 확정하여 집행한다", en: "Posts a hold: the money is invested"),
            role: .member, idempotent: true
        ) { (p: Post, w: Write) throws -> Coinvestment in try post(p, w) },
        .command(
            "fund.coinvestments.void", Bilingual(ko: "보류를 취소한다", en: "Voids a hold: the money is free again"),
            role: .member, idempotent: true
        ) { (p: Void, w: Write) throws -> Coinvestment in try void(p, w) },
        .query("fund.coinvestments.get", Bilingual(ko: "공동투자 하나", en: "One co-investment"), role: .viewer) {
            (p: ByID<CoinvestmentKind>, r: Read) throws -> Coinvestment in
            try Coinvestment.get(p.id, r.db, r.now)
        },
        .query("fund.coinvestments.list", Bilingual(ko: "공동투자 목록", en: "The co-investments"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Coinvestment> in
            var listing = Listing("SELECT * FROM coinvestments")
            listing.add("case_id = ?", p.caseId)
            listing.add("fund_id = ?", p.fundId)
            listing.add("holder = ?", p.holder)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Coinvestment($0, now: r.now)
            }
        },
    ]

    private static func hold(_ p: Hold, _ w: Write) throws -> Coinvestment {
        let item = try Cases.get(p.caseId, w.db, w.now)
        guard item.state == .approved, let approved = item.approvedAmount else {
            throw Fault.failedPrecondition(
                rule: "case.notApproved",
                Bilingual(
                    ko: "승인된 안건이 아닙니다. 투심위 의결을 먼저 받으세요.",
                    en: "The case is not approved; the committee must decide on it first."),
                data: ["caseId": .string(item.id.description), "state": .string(item.state.rawValue)])
        }
        try Expiry.sweep(w, fund: item.fundId)
        let amount = p.amount ?? approved
        let remaining = try item.remaining()
        guard amount <= remaining else {
            throw short(
                Bilingual(
                    ko: "승인액에서 남은 금액(available)을 넘습니다.",
                    en: "No more can be held than is left of the approved amount; ask for what is available."),
                available: remaining, requested: amount, "approvedAmount", item)
        }
        let money = Money(item, amount: amount, until: w.now.adding(seconds: Int64(p.ttlSeconds ?? defaultTimeToLive)))
        let id = CoinvestmentID.new(at: w.now)
        let transfers = try money.reserve(for: id, w)
        let held = Coinvestment(
            id: id, caseId: item.id, fundId: item.fundId, holder: p.holder, amount: amount, state: .held,
            heldAt: w.now, expiresAt: money.expiresAt, postedAmount: nil, settledAt: nil, reason: nil,
            transferId: transfers.own, matchingPartnerId: item.matchingPartnerId,
            matchingTransferId: transfers.matching)
        try held.insert(w.db)
        try tell("held", held, w)
        return held
    }

    private static func renew(_ p: Renew, _ w: Write) throws -> Coinvestment {
        var held = try current(p.id, w)
        _ = try next(held, .renew, w)
        let expiresAt = max(
            held.expiresAt, w.now.adding(seconds: Int64(p.ttlSeconds ?? defaultTimeToLive)))
        guard expiresAt > held.expiresAt else { return held }
        // A transfer never changes: the old reservation ends and one of the same money begins, in one transaction.
        try held.settle(as: .void, amount: nil, note: "renewed", w)
        let money = Money(try Cases.get(held.caseId, w.db, w.now), amount: held.amount, until: expiresAt)
        let transfers = try money.reserve(for: held.id, w)
        held.expiresAt = expiresAt
        held.transferId = transfers.own
        held.matchingTransferId = transfers.matching
        try held.update(w.db)
        try tell("renewed", held, w)
        return held
    }

    private static func post(_ p: Post, _ w: Write) throws -> Coinvestment {
        var held = try current(p.id, w)
        let before = held.state
        held.state = try next(held, .post, w)
        let amount = p.amount ?? held.postedAmount ?? held.amount
        guard before == .held else {
            guard amount == held.postedAmount else {
                throw Fault.conflict(
                    Bilingual(
                        ko: "이미 다른 금액으로 확정되었습니다.", en: "It was posted already, with another amount."),
                    data: [
                        "id": .string(held.id.description), "state": .string(held.state.rawValue),
                        "postedAmount": .integer(held.postedAmount?.amount ?? 0),
                    ])
            }
            return held
        }
        guard amount <= held.amount else {
            throw Fault.conflict(
                Bilingual(ko: "보류한 금액보다 많이 집행할 수 없습니다.", en: "No more can be posted than is held."),
                data: ["available": .integer(held.amount.amount), "requested": .integer(amount.amount)])
        }
        try held.settle(as: .post, amount: amount, note: nil, w)
        held.postedAmount = amount
        held.settledAt = w.now
        try held.update(w.db)
        try tell("posted", held, w)
        return held
    }

    private static func void(_ p: Void, _ w: Write) throws -> Coinvestment {
        var held = try current(p.id, w)
        let before = held.state
        held.state = try next(held, .void, w)
        guard before == .held else { return held }
        try held.settle(as: .void, amount: nil, note: p.reason, w)
        held.settledAt = w.now
        held.reason = p.reason
        try held.update(w.db)
        try tell("voided", held, w)
        return held
    }

    /// Marks and releases what is past its time, of one fund or of all.
    static func expire(_ w: Write, fund: FundID?, limit: Int?) throws {
        var query = "SELECT * FROM coinvestments WHERE state = 'held' AND expires_at <= ?"
        var arguments: [(any SQLValue)?] = [w.now]
        if let fund {
            query += " AND fund_id = ?"
            arguments.append(fund)
        }
        query += " ORDER BY expires_at"
        if let limit { query += " LIMIT \(limit)" }
        for row in try w.db.rows(query, arguments) {
            var held = try Coinvestment(row, now: w.now)
            try held.settle(as: .expire, amount: nil, note: nil, w)
            held.settledAt = w.now
            try held.update(w.db)
            try tell("expired", held, w)
        }
    }

    /// The co-investment after everything past its time in its fund was released.
    private static func current(_ id: CoinvestmentID, _ w: Write) throws -> Coinvestment {
        try Expiry.sweep(w, fund: try Coinvestment.get(id, w.db, w.now).fundId)
        return try Coinvestment.get(id, w.db, w.now)
    }

    private static func next(_ held: Coinvestment, _ action: HoldAction, _ w: Write) throws -> HoldState {
        try held.state.changed(by: action, of: held.id, expiresAt: held.expiresAt, now: w.now)
    }

    private static func tell(_ event: String, _ held: Coinvestment, _ w: Write) throws {
        try w.emit("fund.coinvestment.\(event)", subject: held.id.description, held)
        w.audit(subject: held.id.description, reason: held.reason)
    }

    /// Refused for lack of money: `limitedBy` says of which.
    static func short(
        _ message: Bilingual, available: Won, requested: Won, _ limitedBy: String, _ item: Cases.Case
    ) -> Fault {
        .conflict(
            message,
            data: [
                "available": .integer(available.amount), "requested": .integer(requested.amount),
                "limitedBy": .string(limitedBy), "caseId": .string(item.id.description),
            ])
    }
}
