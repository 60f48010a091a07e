import JSON
import ServiceKit
import Vocabulary

/// What one side offers the other, and what becomes the contract once both accept it. The forms are those of the
/// Technology Transfer Act, article 2 (C:464): `Partnership`.
struct Terms: Codable, Hashable, Sendable, Constrained {
    /// 정액기술료: a sum that does not depend on sales.
    struct FixedFee: Codable, Hashable, Sendable, Constrained {
        /// In won.
        let total: Won
        /// When how much is due; adds up to the total.
        var payments: [Payment]?
        /// Instead of `payments`: equal parts, of which the largest remainder goes to the first ones.
        var plan: Plan?
        static let constraints: [String: Schema.Constraint] = ["payments": .count(1...120)]
    }

    struct Payment: Codable, Hashable, Sendable {
        let dueOn: Day
        let amount: Won
    }

    struct Plan: Codable, Hashable, Sendable, Constrained {
        let firstOn: Day
        let count: Int
        let everyMonths: Int
        static let constraints: [String: Schema.Constraint] = ["count": .range(1...120), "everyMonths": .range(1...60)]

        func payments(of total: Won) -> [Payment] {
            let parts = (try? total.split(byLargestRemainder: Array(repeating: 1, count: count))) ?? []
            return parts.enumerated().map { index, part in
                Payment(dueOn: firstOn.adding(months: index * everyMonths), amount: part)
            }
        }
    }

    /// 경상기술료: a share of net sales, reported once a contract year.
    struct Running: Codable, Hashable, Sendable, Constrained {
        /// Of net sales: 300 is 3 %.
        let rateBasisPoints: Int
        /// At least this much a contract year, whatever the sales.
        let annualMinimum: Won?
        /// At most this much a contract year.
        let annualCap: Won?
        /// At most this much in all.
        let totalCap: Won?
        static let constraints: [String: Schema.Constraint] = ["rateBasisPoints": .range(1...10_000)]
    }

    let type: Partnership
    let exclusive: Bool
    let territory: String
    let fieldOfUse: String
    let startsOn: Day
    /// Absent: for as long as the rights last.
    let endsOn: Day?
    /// Absent: none is agreed.
    var fixedFee: FixedFee?
    let running: Running?
    static let constraints: [String: Schema.Constraint] = [
        "territory": .length(1...200), "fieldOfUse": .length(1...500),
    ]

    /// The same with the payments of the fixed fee spelt out.
    var spelledOut: Terms {
        guard let fee = fixedFee, let plan = fee.plan else { return self }
        var terms = self
        terms.fixedFee = FixedFee(total: fee.total, payments: plan.payments(of: fee.total), plan: nil)
        return terms
    }

    /// Whether the technology is taken by it: rights pass, or nobody else may have it.
    var takesTechnology: Bool { exclusive || type == .assignment || type == .merger || type == .licence }

    /// Everything that is wrong with them, under a pointer such as `/terms`.
    func faults(at pointer: String) -> [FieldError] {
        var faults: [FieldError] = []
        if !exclusive, type == .assignment || type == .merger {
            faults.append(
                FieldError(
                    "\(pointer)/exclusive", false,
                    Bilingual(
                        ko: "양도와 인수·합병은 독점입니다. true로 하세요",
                        en: "must be true: an assignment or merger leaves nothing to others")))
        }
        if let endsOn, endsOn <= startsOn {
            faults.append(
                FieldError(
                    "\(pointer)/endsOn", .string(endsOn.description),
                    Bilingual(ko: "시작일(\(startsOn)) 뒤여야 합니다", en: "must be after the start, \(startsOn)")))
        }
        return faults + (fixedFee?.faults(at: pointer + "/fixedFee") ?? [])
            + (running?.faults(at: pointer + "/running") ?? [])
    }
}

extension Terms.FixedFee {
    fileprivate func faults(at pointer: String) -> [FieldError] {
        if let fault = Terms.fault("\(pointer)/total", total) { return [fault] }
        switch (payments, plan) {
        case (nil, let plan?):
            guard total.amount < Int64(plan.count) else { return [] }
            return [
                FieldError(
                    "\(pointer)/plan/count", .integer(Int64(plan.count)),
                    Bilingual(ko: "회차가 금액(원)보다 많습니다", en: "there are more parts than won"))
            ]
        case (let payments?, nil): return faults(of: payments, at: pointer + "/payments")
        case (nil, nil), (.some, .some):
            return [
                FieldError(
                    "\(pointer)/payments", nil,
                    Bilingual(ko: "payments와 plan 가운데 하나만 주세요", en: "give either payments or a plan"))
            ]
        }
    }

    private func faults(of payments: [Terms.Payment], at pointer: String) -> [FieldError] {
        let faults = payments.enumerated().compactMap { Terms.fault("\(pointer)/\($0)/amount", $1.amount) }
        let sum = try? Won.sum(payments.map(\.amount))
        guard sum != total else { return faults }
        return faults + [
            FieldError(
                pointer, sum.map { .integer($0.amount) },
                Bilingual(ko: "합이 정액기술료 \(total.amount)원과 같아야 합니다", en: "must add up to the total, \(total.amount) won")
            )
        ]
    }
}

extension Terms.Running {
    fileprivate func faults(at pointer: String) -> [FieldError] {
        var faults: [FieldError] = []
        for (name, amount) in [("annualMinimum", annualMinimum), ("annualCap", annualCap), ("totalCap", totalCap)] {
            if let fault = amount.flatMap({ Terms.fault("\(pointer)/\(name)", $0) }) { faults.append(fault) }
        }
        if let annualMinimum, let cap = [annualCap, totalCap].compactMap({ $0 }).min(), annualMinimum > cap {
            faults.append(
                FieldError(
                    "\(pointer)/annualMinimum", .integer(annualMinimum.amount),
                    Bilingual(ko: "상한 \(cap.amount)원보다 클 수 없습니다", en: "must not be above the cap, \(cap.amount) won")))
        }
        return faults
    }

    /// What a contract year's sales make due: the rate, rounded half to even to the won, not below the minimum, not
    /// above the cap of the year, nor above what the cap in all leaves.
    func due(onSales sales: Won, alreadyDue: Won) throws(Won.Overflow) -> Won {
        var amount = Won(Ratio.rounded(sales.amount, times: Int64(rateBasisPoints), over: 10_000))
        if let annualMinimum { amount = max(amount, annualMinimum) }
        if let annualCap { amount = min(amount, annualCap) }
        if let totalCap { amount = min(amount, max(.zero, try totalCap - alreadyDue)) }
        return amount
    }
}

extension Terms {
    fileprivate static func fault(_ pointer: String, _ amount: Won) -> FieldError? {
        amount.fault(pointer, atLeast: Won(1))
    }
}

extension Won {
    /// 100조: what is above it under one deal is a mistake in the unit, and sums over many deals stay whole.
    static let largestOfADeal = Won(100_000_000_000_000)

    func fault(_ pointer: String, atLeast least: Won) -> FieldError? {
        guard self < least || self > Self.largestOfADeal else { return nil }
        return FieldError(
            pointer, .integer(amount),
            Bilingual(
                ko: "\(least.amount)원 이상 100조원 이하여야 합니다(단위: 원)",
                en: "must be \(least.amount) to 100 trillion won (the unit is won)"))
    }
}

extension Day {
    /// The same day of a later month, or that month's last day.
    func adding(months: Int) -> Day {
        let month = year * 12 + self.month - 1 + months
        for day in [dayOfMonth, 30, 29, 28] where day <= dayOfMonth {
            if let found = Day(year: month / 12, month: month % 12 + 1, day: day) { return found }
        }
        return self
    }
}
