import JSON
import Vocabulary

/// A value with everything that it rests on. It is what the inputs say, not a price, and never stands alone: the
/// interval comes from the inputs' own intervals.
struct ValuationReport: Codable, Hashable, Sendable {
    struct Interval: Codable, Hashable, Sendable {
        let low: Won
        let high: Won
        /// Over how many combinations of the inputs' ends.
        let combinations: Int
    }

    /// What the value becomes when one input is changed and the others stay.
    struct Sensitivity: Codable, Hashable, Sendable {
        let input: String
        let name: Bilingual
        /// What it was changed to, in the input's own unit.
        let minusInput: Int
        let plusInput: Int
        let minusValue: Won
        let plusValue: Won
    }

    /// Relief from royalty, which has no part in the value.
    struct CrossCheck: Codable, Hashable, Sendable {
        let method: Bilingual
        let royaltyBasisPoints: Int
        let value: Won
        /// Of the technology value, in basis points; absent when that is not above 0.
        let ofTechnologyValue: Int?
    }

    let unit: Bilingual
    let discountRateBasisPoints: Int
    /// industry factor × technology strength, in millionths.
    let contributionMillionths: Int
    let years: [IncomeApproach.Year]
    let terminalValue: Won?
    let businessValue: Won
    let technologyValue: Won
    let interval: Interval
    let sensitivity: [Sensitivity]
    let crossCheck: CrossCheck?
    /// What was assumed beside the inputs.
    let assumptions: [Bilingual]

    init(_ inputs: ValuationInputs) throws(Won.Overflow) {
        let expected = inputs.expected
        let result = try IncomeApproach(inputs, expected)
        unit = Bilingual(ko: "원, 명목금액", en: "won, nominal")
        discountRateBasisPoints = expected.discount
        contributionMillionths = Int(
            Ratio.rounded(Int64(expected.industryFactor), times: Int64(expected.technologyStrength), over: 100))
        years = result.years
        terminalValue = result.terminalValue
        businessValue = result.businessValue
        technologyValue = result.technologyValue
        let values = try inputs.extremes()
        interval = Interval(
            low: min(technologyValue, values.min() ?? technologyValue),
            high: max(technologyValue, values.max() ?? technologyValue), combinations: values.count)
        sensitivity = Self.sensitivity(inputs, expected)
        crossCheck = inputs.royalty.map { royalty in
            let value = IncomeApproach.reliefFromRoyalty(inputs, expected, royalty: royalty.basisPoints)
            let technology = result.technologyValue.amount
            return CrossCheck(
                method: Bilingual(ko: "로열티공제법", en: "relief from royalty"), royaltyBasisPoints: royalty.basisPoints,
                value: value,
                ofTechnologyValue: technology > 0
                    ? Int(Ratio.rounded(value.amount, times: 10_000, over: technology)) : nil)
        }
        assumptions = Self.assumptions(inputs)
    }

    /// A row is left out where the change has no value: a discount rate that is no longer above the growth for ever.
    private static func sensitivity(_ inputs: ValuationInputs, _ expected: IncomeApproach.Case) -> [Sensitivity] {
        let step = inputs.sensitivityStep ?? 1_000
        func vary(
            _ input: String, _ ko: String, _ en: String, _ path: WritableKeyPath<IncomeApproach.Case, Int>,
            atMost bound: Int = .max
        ) -> Sensitivity? {
            var (minus, plus) = (expected, expected)
            let change = max(
                1, Int(Ratio.rounded(Int64(abs(expected[keyPath: path])), times: Int64(step), over: 10_000)))
            minus[keyPath: path] -= change
            plus[keyPath: path] = min(bound, plus[keyPath: path] + change)
            return compare(input, Bilingual(ko: ko, en: en), inputs, minus, plus, path)
        }
        let rows = [
            vary("revenue", "매출(추정 대비)", "sales, of the forecast", \.revenue),
            vary("operatingMargin", "영업이익률", "operating margin", \.operatingMargin),
            vary("discountRate", "할인율", "discount rate", \.discount),
            vary("industryFactor", "산업기술요소", "industry factor", \.industryFactor, atMost: 10_000),
            vary("technologyStrength", "개별기술강도", "technology strength", \.technologyStrength, atMost: 10_000),
        ]
        var (shorter, longer) = (expected, expected)
        shorter.life = max(1, expected.life - 1)
        longer.life = min(inputs.revenue.won.count, expected.life + 1)
        let life = Bilingual(ko: "경제적 수명(년)", en: "economic life, years")
        return (rows + [compare("life", life, inputs, shorter, longer, \.life)]).compactMap { $0 }
    }

    private static func compare(
        _ input: String, _ name: Bilingual, _ inputs: ValuationInputs, _ minus: IncomeApproach.Case,
        _ plus: IncomeApproach.Case, _ path: WritableKeyPath<IncomeApproach.Case, Int>
    ) -> Sensitivity? {
        guard minus.terminalGrowth.map({ $0 < minus.discount }) ?? true,
            let lower = try? IncomeApproach(inputs, minus), let higher = try? IncomeApproach(inputs, plus)
        else { return nil }
        return Sensitivity(
            input: input, name: name, minusInput: minus[keyPath: path], plusInput: plus[keyPath: path],
            minusValue: lower.technologyValue, plusValue: higher.technologyValue)
    }

    private static func assumptions(_ inputs: ValuationInputs) -> [Bilingual] {
        var list = [
            Bilingual(
                ko: "현금흐름은 매년 말에 생기는 것으로 보고, 첫해를 1년 할인합니다.",
                en: "Cash flows fall at the end of each year; the first is discounted by one year."),
            Bilingual(
                ko: "영업손실이 난 해의 법인세는 0원이며, 결손금을 이월하지 않습니다.",
                en: "A year of loss bears no tax, and losses are not carried forward."),
            Bilingual(
                ko: "금액은 원 단위이며, 비율을 곱하거나 할인한 값은 정확히 구한 뒤 한 번만 반올림합니다(오사오입).",
                en: "Amounts are whole won; each product and present value is exact and rounded once, half to even."),
            Bilingual(
                ko: "구간은 입력 구간의 끝값을 모두 조합한 값의 최솟값과 최댓값입니다. 확률이 아닙니다.",
                en:
                    "The interval is the lowest and highest value over all combinations of the inputs' ends; no probability."
            ),
        ]
        if inputs.recovery.isAssumed {
            list.append(
                Bilingual(
                    ko: "마지막 해에 (자본적 지출 누계 − 감가상각 누계, 0 이상) + 운전자본 증감 누계를 회수합니다(기술가치평가 실무가이드).",
                    en:
                        "In the last year the investment not written off (not below 0) and the working capital come back "
                        + "(practice guide of technology valuation)."))
        }
        if inputs.terminalGrowth == nil {
            list.append(Bilingual(ko: "수명이 끝난 뒤의 현금흐름은 없습니다.", en: "There is no cash flow after the life."))
        }
        if inputs.sensitivityStep == nil {
            list.append(
                Bilingual(
                    ko: "민감도는 각 입력을 그 값의 ±10%로 바꾼 것입니다(정하지 않아 쓴 기본값).",
                    en: "Sensitivity varies each input by ±10 % of itself (the default, since no step was given)."))
        }
        return list
    }
}
