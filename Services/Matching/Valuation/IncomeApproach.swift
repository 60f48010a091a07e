import Vocabulary

/// The income approach of Korean technology valuation:
///
///     technology value = Σ FCF_t ÷ (1 + r)^t × industry factor × technology strength
///     FCF_t = operating profit × (1 − tax) + depreciation − capital expenditure − increase of working capital
///
/// Every amount is a whole number of won. A product with a rate, and a present value, is exact and then rounded once,
/// half to even; what the table shows adds up to what it ends with.
struct IncomeApproach: Hashable, Sendable {
    /// One choice of the uncertain inputs.
    struct Case: Hashable, Sendable {
        var life: Int
        /// Of the forecast sales, in basis points.
        var revenue = 10_000
        var operatingMargin: Int
        var tax: Int
        var workingCapital: Int
        var discount: Int
        var industryFactor: Int
        var technologyStrength: Int
        var terminalGrowth: Int?
    }

    struct Year: Codable, Hashable, Sendable {
        let year: Int
        let revenue: Won
        let operatingProfit: Won
        let tax: Won
        let depreciation: Won
        let capitalExpenditure: Won
        let workingCapitalIncrease: Won
        /// Of investment and working capital, in the last year.
        let recovery: Won
        let freeCashFlow: Won
        let presentValue: Won
    }

    let years: [Year]
    /// Present value of what comes after the life; absent when nothing is assumed to.
    let terminalValue: Won?
    /// 사업가치: the sum of present values.
    let businessValue: Won
    /// 기술가치.
    let technologyValue: Won

    /// Refused where a value is beyond every amount, which a growth just below the discount rate makes it.
    init(_ inputs: ValuationInputs, _ choice: Case) throws(Won.Overflow) {
        var years: [Year] = []
        var workingCapital = Ratio.rounded(
            inputs.revenueBefore.amount, times: Int64(choice.workingCapital), over: 10_000)
        var unrecovered: Int64 = 0
        var capitalInWork: Int64 = 0
        var lastFlow: Int64 = 0
        for index in 0..<choice.life {
            let revenue = Ratio.rounded(inputs.revenue.won[index].amount, times: Int64(choice.revenue), over: 10_000)
            let profit = Ratio.rounded(revenue, times: Int64(choice.operatingMargin), over: 10_000)
            let tax = max(0, Ratio.rounded(profit, times: Int64(choice.tax), over: 10_000))
            let depreciation = inputs.depreciation.won[index].amount
            let spent = inputs.capitalExpenditure.won[index].amount
            let needed = Ratio.rounded(revenue, times: Int64(choice.workingCapital), over: 10_000)
            let increase = needed - workingCapital
            workingCapital = needed
            unrecovered += spent - depreciation
            capitalInWork += increase
            let isLast = index == choice.life - 1
            let recovery = isLast && inputs.recovery.isAssumed ? max(0, unrecovered) + capitalInWork : 0
            lastFlow = profit - tax + depreciation - spent - increase
            let flow = lastFlow + recovery
            years.append(
                Year(
                    year: inputs.firstYear + index, revenue: Won(revenue), operatingProfit: Won(profit),
                    tax: Won(tax), depreciation: Won(depreciation), capitalExpenditure: Won(spent),
                    workingCapitalIncrease: Won(increase), recovery: Won(recovery), freeCashFlow: Won(flow),
                    presentValue: Won(Ratio.discounted(flow, basisPoints: choice.discount, years: index + 1))))
        }
        self.years = years
        // FCF × (1 + g) ÷ (r − g) at the end of the life, discounted like that year's.
        terminalValue = choice.terminalGrowth.map { growth in
            let after = Ratio.rounded(
                lastFlow, times: Int64(10_000 + growth), over: Int64(choice.discount - growth))
            return Won(Ratio.discounted(after, basisPoints: choice.discount, years: choice.life))
        }
        businessValue = try Won.sum([terminalValue ?? .zero] + years.map(\.presentValue))
        guard businessValue.amount.magnitude <= Won.largest.amount.magnitude else { throw Won.Overflow() }
        technologyValue = Self.technologyValue(
            of: businessValue, industryFactor: choice.industryFactor, technologyStrength: choice.technologyStrength)
    }

    static func technologyValue(of business: Won, industryFactor: Int, technologyStrength: Int) -> Won {
        Won(
            Ratio.quotient(
                Int128(business.amount) * Int128(industryFactor) * Int128(technologyStrength), over: 100_000_000))
    }

    /// 로열티공제법, as a cross-check: the royalties, after tax, that an owner need not pay.
    static func reliefFromRoyalty(_ inputs: ValuationInputs, _ choice: Case, royalty: Int) -> Won {
        let values = (0..<choice.life).map { index in
            let revenue = Ratio.rounded(inputs.revenue.won[index].amount, times: Int64(choice.revenue), over: 10_000)
            let saved = Ratio.quotient(
                Int128(revenue) * Int128(royalty) * Int128(10_000 - choice.tax), over: 100_000_000)
            return Ratio.discounted(saved, basisPoints: choice.discount, years: index + 1)
        }
        return Won(values.reduce(0, +))
    }
}

extension ValuationInputs {
    var expected: IncomeApproach.Case {
        IncomeApproach.Case(
            life: life.years, operatingMargin: operatingMargin.basisPoints, tax: tax.basisPoints,
            workingCapital: workingCapital.basisPoints,
            discount: wacc.basisPoints + sizePremium.basisPoints + technologyRiskPremium.basisPoints,
            industryFactor: industryFactor.basisPoints, technologyStrength: technologyStrength.basisPoints,
            terminalGrowth: terminalGrowth?.basisPoints)
    }

    /// The technology value of every combination of the ends of the inputs that have an interval.
    func extremes() throws(Won.Overflow) -> [Won] {
        var values: [Won] = []
        for choice in extremesOfCashFlow {
            let business = try IncomeApproach(self, choice).businessValue
            for factor in industryFactor.ends {
                values += technologyStrength.ends.map { strength in
                    IncomeApproach.technologyValue(
                        of: business, industryFactor: factor, technologyStrength: strength)
                }
            }
        }
        return values
    }

    /// The parts of the discount rate go together, since they only count by their sum.
    private var extremesOfCashFlow: [IncomeApproach.Case] {
        var cases = [expected]
        func vary(_ values: [Int], _ set: (inout IncomeApproach.Case, Int) -> Void) {
            guard values.count > 1 else { return }
            cases = cases.flatMap { choice in
                values.map { value in
                    var other = choice
                    set(&other, value)
                    return other
                }
            }
        }
        vary(life.ends) { $0.life = $1 }
        if revenueLow != nil || revenueHigh != nil {
            vary([revenueLow ?? 10_000, revenueHigh ?? 10_000]) { $0.revenue = $1 }
        }
        vary(operatingMargin.ends) { $0.operatingMargin = $1 }
        vary(tax.ends) { $0.tax = $1 }
        vary(workingCapital.ends) { $0.workingCapital = $1 }
        let parts = [wacc, sizePremium, technologyRiskPremium].map(\.ends)
        if parts.contains(where: { $0.count > 1 }) {
            vary([parts.reduce(0) { $0 + ($1.min() ?? 0) }, parts.reduce(0) { $0 + ($1.max() ?? 0) }]) {
                $0.discount = $1
            }
        }
        if let terminalGrowth { vary(terminalGrowth.ends) { $0.terminalGrowth = $1 } }
        return cases
    }
}
