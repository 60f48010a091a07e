import JSON

/// One row of a published regression, recomputed.
struct CoefficientAudit: Codable, Sendable, Hashable {
    let name: Bilingual
    /// As printed.
    let b: Double
    let standardError: Double
    let printedT: Double
    let line: Int
    /// B / SE, and what it can be when B, SE and t were rounded as printed.
    let recomputedT: Double
    let lowT: Double
    let highT: Double
    let isConsistent: Bool

    /// - Parameter decimals: how many B and SE were printed with.
    init(_ ko: String, _ en: String, b: Double, standardError: Double, t: Double, decimals: Int, line: Int) {
        let half = (0..<decimals).reduce(0.5) { half, _ in half / 10 }
        name = Bilingual(ko: ko, en: en)
        self.b = b
        self.standardError = standardError
        printedT = t
        self.line = line
        recomputedT = b / standardError
        lowT = (b - half) / (standardError + half)
        highT = (b + half) / (standardError - half)
        isConsistent = lowT - 0.0005 <= t && t <= highT + 0.0005
    }
}

/// What F, R² and the number of cases must have to do with each other.
struct FitAudit: Codable, Sendable, Hashable {
    let printedF: Double
    let printedP: Double
    let printedRSquared: Double
    let printedAdjustedRSquared: Double
    let line: Int
    let cases: Int
    let predictors: Int
    /// From R², the cases and the predictors.
    let recomputedF: Double
    /// From F, the cases and the predictors.
    let recomputedRSquared: Double
    let recomputedAdjustedRSquared: Double
    /// Within the rounding of the printed R².
    let isConsistent: Bool

    init(
        f: Double, p: Double, rSquared: Double, adjusted: Double, cases: Int, predictors: Int, line: Int
    ) {
        let below = Double(cases - predictors - 1)
        let above = Double(predictors)
        printedF = f
        printedP = p
        printedRSquared = rSquared
        printedAdjustedRSquared = adjusted
        self.line = line
        self.cases = cases
        self.predictors = predictors
        recomputedF = rSquared / above / ((1 - rSquared) / below)
        recomputedRSquared = f * above / (f * above + below)
        recomputedAdjustedRSquared = 1 - (1 - recomputedRSquared) * Double(cases - 1) / below
        isConsistent = abs(recomputedRSquared - rSquared) <= 0.0005 + 1e-9
    }
}
