import JSON
import ServiceKit
import Vocabulary

/// What a valuation by the income approach (수익접근법) is computed from: every input with its unit and its source, and
/// with the interval within which it is uncertain. None of them has a default.
struct ValuationInputs: Codable, Hashable, Sendable, Constrained {
    /// A rate in basis points: 1,250 is 12.5 %.
    struct Rate: Codable, Hashable, Sendable, Constrained {
        let basisPoints: Int
        /// The ends of what is thought possible.
        let low: Int?
        let high: Int?
        let source: String
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...500)]

        var ends: [Int] { low == high && low == nil ? [basisPoints] : [low ?? basisPoints, high ?? basisPoints] }
    }

    /// One amount for each year of the longest life.
    struct Amounts: Codable, Hashable, Sendable, Constrained {
        let won: [Won]
        let source: String
        static let constraints: [String: Schema.Constraint] = ["won": .count(1...30), "source": .length(1...500)]
    }

    /// 기술의 경제적 수명.
    struct Life: Codable, Hashable, Sendable, Constrained {
        let years: Int
        let low: Int?
        let high: Int?
        let source: String
        static let constraints: [String: Schema.Constraint] = [
            "years": .range(1...30), "low": .range(1...30), "high": .range(1...30), "source": .length(1...500),
        ]

        var longest: Int { max(years, high ?? years) }
        var ends: [Int] { Set([low ?? years, years, high ?? years]).sorted() }
    }

    /// What remains at the end of the life: the investment not yet written off and the working capital (투자액 회수 of the
    /// practice guide), or nothing.
    struct Recovery: Codable, Hashable, Sendable, Constrained {
        let isAssumed: Bool
        let source: String
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...500)]
    }

    /// The first year of the cash flows, discounted by one year.
    let firstYear: Int
    let life: Life
    /// Sales of the product that uses the technology.
    let revenue: Amounts
    /// How far sales may miss or exceed the forecast: 8,000 to 11,000 is 80 % to 110 % of it.
    let revenueLow: Int?
    let revenueHigh: Int?
    /// Working capital of the year before follows from it; 0 for a product that is new.
    let revenueBefore: Won
    /// Operating profit of sales.
    let operatingMargin: Rate
    /// Of operating profit, local income tax included.
    let tax: Rate
    let depreciation: Amounts
    let capitalExpenditure: Amounts
    /// Net working capital of sales.
    let workingCapital: Rate
    /// The parts of the discount rate: WACC, the premium for size and the premium for the technology's risk.
    let wacc: Rate
    let sizePremium: Rate
    let technologyRiskPremium: Rate
    /// 산업기술요소: how much of the value in this industry is technology's.
    let industryFactor: Rate
    /// 개별기술강도: how strong this technology is.
    let technologyStrength: Rate
    let recovery: Recovery
    /// Growth of the cash flow for ever after the life; absent, as is usual for a technology: nothing after it.
    let terminalGrowth: Rate?
    /// For the cross-check by relief from royalty: the royalty of comparable licences, of sales.
    let royalty: Rate?
    /// By how much of itself each input is varied in the table of sensitivity; absent 1,000, that is 10 %.
    let sensitivityStep: Int?
    static let constraints: [String: Schema.Constraint] = [
        "firstYear": .range(1900...2200), "revenueLow": .range(0...10_000), "revenueHigh": .range(10_000...100_000),
        "sensitivityStep": .range(1...5_000),
    ]

    private var rates: [(name: String, rate: Rate, range: ClosedRange<Int>)] {
        var rates: [(String, Rate, ClosedRange<Int>)] = [
            ("operatingMargin", operatingMargin, -10_000...10_000), ("tax", tax, 0...5_000),
            ("workingCapital", workingCapital, 0...10_000), ("wacc", wacc, 1...5_000),
            ("sizePremium", sizePremium, 0...3_000), ("technologyRiskPremium", technologyRiskPremium, 0...5_000),
            ("industryFactor", industryFactor, 1...10_000), ("technologyStrength", technologyStrength, 1...10_000),
        ]
        if let terminalGrowth { rates.append(("terminalGrowth", terminalGrowth, -5_000...1_000)) }
        if let royalty { rates.append(("royalty", royalty, 1...5_000)) }
        return rates
    }

    /// Everything that is wrong with them, each at its field under a pointer such as `/inputs`.
    func faults(at pointer: String) -> [FieldError] {
        var faults = rates.flatMap { name, rate, range in rate.faults(at: "\(pointer)/\(name)", within: range) }
        // Before anything is added up: rates that are out of their ranges may have no sum.
        if let terminalGrowth, faults.isEmpty { faults += terminalFaults(terminalGrowth, at: pointer) }
        if let low = life.low, low > life.years { faults.append(Self.outside("\(pointer)/life/low", low)) }
        if let high = life.high, high < life.years { faults.append(Self.outside("\(pointer)/life/high", high)) }
        for (name, amounts) in [
            ("revenue", revenue), ("depreciation", depreciation), ("capitalExpenditure", capitalExpenditure),
        ] { faults += amounts.faults(at: "\(pointer)/\(name)/won", years: life.longest) }
        faults += Amounts(won: [revenueBefore], source: "").faults(at: "\(pointer)/revenueBefore", years: 1)
        if !hasInterval {
            faults.append(
                FieldError(
                    "\(pointer)/revenueLow", nil,
                    Bilingual(
                        ko: "구간(low, high)을 가진 입력이 하나는 있어야 합니다. 가치는 구간과 함께만 보여줍니다",
                        en: "at least one input needs an interval (low, high): a value is never shown as a bare number")
                ))
        }
        return faults
    }

    private var hasInterval: Bool {
        revenueLow != nil || revenueHigh != nil || life.ends.count > 1
            || rates.contains { $0.name != "royalty" && $0.rate.ends.count > 1 }
    }

    private func terminalFaults(_ growth: Rate, at pointer: String) -> [FieldError] {
        var faults: [FieldError] = []
        let discount = [wacc, sizePremium, technologyRiskPremium].reduce(0) { $0 + ($1.ends.min() ?? 0) }
        if (growth.ends.max() ?? 0) >= discount {
            faults.append(
                FieldError(
                    "\(pointer)/terminalGrowth", .integer(Int64(growth.basisPoints)),
                    Bilingual(
                        ko: "할인율(\(discount)bp)보다 작아야 합니다",
                        en: "must be below the discount rate, \(discount) basis points")))
        }
        if recovery.isAssumed {
            faults.append(
                FieldError(
                    "\(pointer)/recovery/isAssumed", true,
                    Bilingual(
                        ko: "영구가치를 두면 투자액을 회수한다고 볼 수 없습니다", en: "what goes on for ever gives no investment back")))
        }
        return faults
    }

    fileprivate static func outside(_ pointer: String, _ value: Int) -> FieldError {
        FieldError(
            pointer, .integer(Int64(value)),
            Bilingual(ko: "low ≤ 값 ≤ high 여야 합니다", en: "low must not be above the value, nor high below it"))
    }
}

extension ValuationInputs.Rate {
    fileprivate func faults(at pointer: String, within range: ClosedRange<Int>) -> [FieldError] {
        var faults: [FieldError] = []
        for (name, value) in [("basisPoints", basisPoints), ("low", low), ("high", high)] {
            guard let value, !range.contains(value) else { continue }
            faults.append(
                FieldError(
                    "\(pointer)/\(name)", .integer(Int64(value)),
                    Bilingual(
                        ko: "\(range.lowerBound)~\(range.upperBound)bp여야 합니다",
                        en: "must be \(range.lowerBound) to \(range.upperBound) basis points")))
        }
        if let low, low > basisPoints { faults.append(ValuationInputs.outside("\(pointer)/low", low)) }
        if let high, high < basisPoints { faults.append(ValuationInputs.outside("\(pointer)/high", high)) }
        return faults
    }
}

extension ValuationInputs.Amounts {
    fileprivate func faults(at pointer: String, years: Int) -> [FieldError] {
        guard won.count == years else {
            return [
                FieldError(
                    pointer, .integer(Int64(won.count)),
                    Bilingual(ko: "수명 \(years)년의 금액이 하나씩 있어야 합니다", en: "needs one amount for each of \(years) years"))
            ]
        }
        return won.enumerated().filter { $0.element < .zero || $0.element > Won.largestOfADeal }.map { index, amount in
            FieldError(
                years == 1 ? pointer : "\(pointer)/\(index)", .integer(amount.amount),
                Bilingual(ko: "0원 이상 100조원 이하여야 합니다(단위: 원)", en: "must be 0 to 100 trillion won (the unit is won)"))
        }
    }
}
