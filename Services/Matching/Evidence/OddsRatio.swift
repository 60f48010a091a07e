import JSON

/// How much more often something is found among successes than among failures, from counts.
struct OddsRatio: Codable, Sendable, Hashable {
    /// With it and without it, among successes and among failures.
    let successesWith: Int
    let successesWithout: Int
    let failuresWith: Int
    let failuresWithout: Int
    let oddsRatio: Double
    /// Woolf 1955: exp(ln OR ± 1.96 √(1/a + 1/b + 1/c + 1/d)).
    let low95: Double
    let high95: Double
    let shareOfSuccesses: Double
    let shareOfFailures: Double

    /// All four counts must be above 0.
    init(successes: Int, with a: Int, failures: Int, with c: Int) {
        let (b, d) = (successes - a, failures - c)
        successesWith = a
        successesWithout = b
        failuresWith = c
        failuresWithout = d
        oddsRatio = Double(a * d) / Double(b * c)
        let error = [a, b, c, d].reduce(0) { $0 + 1 / Double($1) }.squareRoot()
        let middle = log1(oddsRatio)
        low95 = exponential(middle - 1.959_963_984_540_054 * error)
        high95 = exponential(middle + 1.959_963_984_540_054 * error)
        shareOfSuccesses = Double(a) / Double(successes)
        shareOfFailures = Double(c) / Double(failures)
    }
}
