import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.royalties.*`: what is due under contracts and what was paid. Entries are added and taken back by further
/// entries, never changed.
enum Royalties {
    struct Report: Codable, Sendable, Constrained {
        let dealId: DealID
        let side: Side
        /// From 1: the first runs for a year from the contract's start.
        let contractYear: Int
        /// Of the products under the contract in that year.
        let netSales: Won
        let dueOn: Day
        static let constraints: [String: Schema.Constraint] = ["contractYear": .range(1...100)]
    }

    struct Correct: Codable, Sendable, Constrained {
        let id: ID<RoyaltyDueKind>
        let side: Side
        let netSales: Won
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...1_000)]
    }

    struct Pay: Codable, Sendable, Constrained {
        let dealId: DealID
        let side: Side
        let amount: Won
        let paidOn: Day
        let reference: String
        static let constraints: [String: Schema.Constraint] = ["reference": .length(1...200)]
    }

    struct ReversePayment: Codable, Sendable, Constrained {
        let id: ID<RoyaltyPaymentKind>
        let side: Side
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...1_000)]
    }

    static let methods = entries + RoyaltyReading.methods

    private static let entries: [Method] = [
        .command(
            "matching.royalties.report",
            Bilingual(
                ko: "계약연도의 순매출을 보고하면 경상기술료가 정해진다",
                en: "Reports a contract year's net sales, which makes its running royalty due"), role: .member,
            idempotent: true
        ) { (p: Report, w: Write) throws -> RoyaltyDue in try report(p, w) },
        .command(
            "matching.royalties.correct",
            Bilingual(
                ko: "보고한 순매출을 정정한다. 앞의 기록은 되돌리고 새로 적는다",
                en: "Corrects reported sales: takes the due back and makes another")
        ) { (p: Correct, w: Write) throws -> RoyaltyDue in try correct(p, w) },
        .command(
            "matching.royalties.pay", Bilingual(ko: "기술료 납부를 기록한다", en: "Records a payment under a contract")
        ) { (p: Pay, w: Write) throws -> RoyaltyPayment in
            let (deal, contract) = try contract(p.dealId, p.side, w)
            try require("/amount", p.amount, atLeast: Won(1))
            let payment = RoyaltyPayment(
                id: .new(at: w.now), dealId: deal.id, paidOn: try DealSteps.notLater(p.paidOn, "/paidOn", w.now),
                amount: p.amount, reference: p.reference, reverses: nil, reason: nil, at: w.now,
                principal: w.call.principal)
            try payment.insert(contract, w.db)
            return try settled(payment, "paid", w)
        },
        .command(
            "matching.royalties.reversePayment",
            Bilingual(ko: "잘못 적은 납부를 되돌린다", en: "Takes back a payment that was recorded wrongly"), role: .member,
            idempotent: true
        ) { (p: ReversePayment, w: Write) throws -> RoyaltyPayment in
            let wrong = try RoyaltyPayment.find(p.id, w.db)
            let (_, contract) = try contract(wrong.dealId, p.side, w)
            if let done = try w.db.row("SELECT * FROM royalty_payment WHERE reverses = ?", p.id) {
                return try RoyaltyPayment(done)
            }
            guard wrong.reverses == nil else { throw isReversal(p.id.description) }
            let reversal = RoyaltyPayment(
                id: .new(at: w.now), dealId: wrong.dealId, paidOn: wrong.paidOn, amount: try wrong.amount.negated(),
                reference: wrong.reference, reverses: wrong.id, reason: p.reason, at: w.now,
                principal: w.call.principal)
            try reversal.insert(contract, w.db)
            return try settled(reversal, "paymentReversed", w)
        },
    ]

    private static func report(_ p: Report, _ w: Write) throws -> RoyaltyDue {
        let (_, contract) = try contract(p.dealId, p.side, w)
        let running = try running(contract)
        try require("/netSales", p.netSales, atLeast: .zero)
        guard let period = contract.period(ofYear: p.contractYear) else {
            throw Fault.invalid(
                "/contractYear", .integer(Int64(p.contractYear)),
                Bilingual(ko: "계약기간을 벗어납니다", en: "is beyond the contract's end"))
        }
        let today = Day.inSeoul(at: w.now)
        guard period.last < today else {
            throw Fault.invalid(
                "/contractYear", .integer(Int64(p.contractYear)),
                Bilingual(
                    ko: "아직 끝나지 않은 계약연도입니다(\(period.last)까지)", en: "has not ended yet: it lasts until \(period.last)"))
        }
        let latest = max(period.last, today).adding(months: 12)
        guard p.dueOn <= latest else {
            throw Fault.invalid(
                "/dueOn", .string(p.dueOn.description),
                Bilingual(
                    ko: "\(latest)까지의 날이어야 합니다(계약연도가 끝난 날이나 오늘부터 1년)",
                    en: "must be \(latest) at the latest, a year after the contract year or after today"))
        }
        let account = try RoyaltyAccount.of(p.dealId, w.db)
        if let before = account.running(year: p.contractYear) {
            guard before.netSales == p.netSales, before.dueOn == p.dueOn else {
                throw Fault.conflict(
                    Bilingual(
                        ko: "이 계약연도는 이미 보고되었습니다. 정정은 matching.royalties.correct로 하세요.",
                        en: "This contract year was reported already. Correct it by matching.royalties.correct."),
                    data: ["id": .string(before.id.description)])
            }
            return before
        }
        let due = RoyaltyDue(
            id: .new(at: w.now), dealId: p.dealId, kind: .running, number: p.contractYear, dueOn: p.dueOn,
            amount: try running.due(onSales: p.netSales, alreadyDue: try account.running(except: p.contractYear)),
            netSales: p.netSales, reverses: nil, reason: nil, at: w.now, principal: w.call.principal)
        try due.insert(contract, w.db)
        return try settled(due, "reported", w)
    }

    private static func correct(_ p: Correct, _ w: Write) throws -> RoyaltyDue {
        let wrong = try RoyaltyDue.find(p.id, w.db)
        let (_, contract) = try contract(wrong.dealId, p.side, w)
        let running = try running(contract)
        try require("/netSales", p.netSales, atLeast: .zero)
        let account = try RoyaltyAccount.of(wrong.dealId, w.db)
        guard account.standing.contains(where: { $0.due.id == p.id }), wrong.kind == .running else {
            throw isReversal(p.id.description)
        }
        let reversal = RoyaltyDue(
            id: .new(at: w.now), dealId: wrong.dealId, kind: .running, number: wrong.number, dueOn: wrong.dueOn,
            amount: try wrong.amount.negated(), netSales: wrong.netSales, reverses: wrong.id, reason: p.reason,
            at: w.now, principal: w.call.principal)
        try reversal.insert(contract, w.db)
        let due = RoyaltyDue(
            id: .new(at: w.now), dealId: wrong.dealId, kind: .running, number: wrong.number, dueOn: wrong.dueOn,
            amount: try running.due(onSales: p.netSales, alreadyDue: try account.running(except: wrong.number)),
            netSales: p.netSales, reverses: nil, reason: p.reason, at: w.now, principal: w.call.principal)
        try due.insert(contract, w.db)
        return try settled(due, "corrected", w)
    }

    private static func contract(_ id: DealID, _ side: Side, _ w: Write) throws -> (Deal, Contract) {
        let deal = try Deals.mine(id, side, w)
        return (deal, try Contract.find(id, w.db))
    }

    private static func running(_ contract: Contract) throws -> Terms.Running {
        guard let running = contract.terms.running else {
            throw Fault.failedPrecondition(
                rule: "contract.noRunningRoyalty",
                Bilingual(ko: "경상기술료가 없는 계약입니다.", en: "The contract has no running royalty."),
                data: ["dealId": .string(contract.dealId.description)])
        }
        return running
    }

    private static func require(_ pointer: String, _ amount: Won, atLeast least: Won) throws {
        if let fault = amount.fault(pointer, atLeast: least) { throw Fault.invalid([fault]) }
    }

    private static func isReversal(_ id: String) -> Fault {
        .failedPrecondition(
            rule: "royalty.notCorrectable",
            Bilingual(
                ko: "이미 되돌렸거나 정정할 수 없는 기록입니다. matching.royalties.account에서 유효한 기록을 고르세요.",
                en: "It was taken back already, or is no entry of this kind. See matching.royalties.account."),
            data: ["id": .string(id)])
    }

    /// What became due or was paid is said without its amount: events are read by more than the parties.
    private static func settled<Entry: RoyaltyEntry>(_ entry: Entry, _ event: String, _ w: Write) throws -> Entry {
        let account = try RoyaltyAccount.settle(entry.dealId, w.db)
        guard max(account.due, account.paid) <= .largestOfADeal else {
            throw Fault.invalid(
                entry.pointer, nil,
                Bilingual(
                    ko: "한 계약의 합이 100조원을 넘습니다(단위: 원). 금액을 확인하세요",
                    en: "makes more than 100 trillion won under one contract (the unit is won): check the amount"))
        }
        w.audit(subject: entry.dealId.description, reason: entry.reason)
        try w.emit(
            "matching.royalty.\(event)", subject: entry.dealId.description,
            ["dealId": entry.dealId.description, "id": entry.entryId])
        return entry
    }
}

/// Both kinds of entries of a contract's account.
private protocol RoyaltyEntry {
    var dealId: DealID { get }
    var entryId: String { get }
    var reason: String? { get }
    /// The field that an entry's amount follows from.
    var pointer: String { get }
}

extension RoyaltyDue: RoyaltyEntry {
    fileprivate var pointer: String { "/netSales" }
    fileprivate var entryId: String { id.description }
}

extension RoyaltyPayment: RoyaltyEntry {
    fileprivate var pointer: String { "/amount" }
    fileprivate var entryId: String { id.description }
}
