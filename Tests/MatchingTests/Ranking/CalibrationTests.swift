import Testing

@testable import Matching

@Suite("Calibration")
struct CalibrationTests {
    /// Outcomes drawn with a known slope and intercept.
    private func cases(_ count: Int, slope: Double, intercept: Double, seed: UInt64 = 7) -> [Labelled] {
        var g = SeededGenerator(state: seed)
        return (0..<count).map { _ in
            let logit = Double.random(in: -4...4, using: &g)
            let chance = Score.sigmoid(slope * logit + intercept)
            return Labelled(logit: logit, succeeded: Double.random(in: 0..<1, using: &g) < chance)
        }
    }

    @Test func knownParametersAreFoundAgain() throws {
        let fit = try #require(PlattScaling(cases(20_000, slope: 0.8, intercept: -0.5)))
        #expect(abs(fit.slope - 0.8) < 4 * fit.slopeVariance.squareRoot() && abs(fit.slope - 0.8) < 0.06)
        #expect(abs(fit.intercept + 0.5) < 4 * fit.interceptVariance.squareRoot() && abs(fit.intercept + 0.5) < 0.08)
        let interval = fit.interval(1)
        #expect(interval.low < fit.probability(1) && fit.probability(1) < interval.high)
        // A tenth of the outcomes makes the interval about √10 times as wide.
        let few = try #require(PlattScaling(cases(2_000, slope: 0.8, intercept: -0.5)))
        let ratio = (few.interval(1).high - few.interval(1).low) / (interval.high - interval.low)
        #expect(ratio > 2.5 && ratio < 4)
    }

    @Test func scoresThatTellSomethingBeatTheBaseRateAndOthersDoNot() throws {
        func report(_ cases: [Labelled]) -> CalibrationReport {
            CalibrationReport(cases) { PlattScaling($0).map { fit in { fit.probability($0) } } }
        }
        let good = report(cases(400, slope: 1, intercept: 0))
        #expect(good.isBetterThanBaseRate && good.brier < good.baseBrier && good.logLoss < good.baseLogLoss)
        #expect(
            good.bins.reduce(0) { $0 + $1.count } == 400 && good.bins.reduce(0) { $0 + $1.succeeded } == good.succeeded)
        let noise = (1...20).map { report(cases(200, slope: 0, intercept: -0.3, seed: UInt64($0))) }
        // What tells nothing is seldom taken for something.
        #expect(noise.count(where: \.isBetterThanBaseRate) <= 5)
        let rising = try (1...200).count {
            try #require(PlattScaling(cases(200, slope: 0, intercept: -0.3, seed: UInt64($0)))).rises
        }
        #expect((1...20).contains(rising), "\(rising) of 200, ten are expected")
        #expect(try #require(PlattScaling(cases(200, slope: 1, intercept: 0))).rises)
    }

    @Test func separableCasesStayFinite() throws {
        let apart = (0..<200).map { Labelled(logit: Double($0) - 100, succeeded: $0 >= 100) }
        let fit = try #require(PlattScaling(apart))
        #expect(fit.slope.isFinite && fit.slope > 0 && fit.probability(1_000) <= 1 && fit.probability(-1_000) >= 0)
        #expect(PlattScaling([]) == nil && PlattScaling([Labelled(logit: 0, succeeded: true)]) == nil)
    }

    @Test func theStepFunctionNeverFallsAndMeetsWhatWasSeen() throws {
        let fit = try #require(IsotonicScaling(cases(3_000, slope: 1, intercept: 0)))
        let values = stride(from: -5.0, through: 5, by: 0.1).map { fit.probability($0) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + 0.1 })
        let shares = fit.steps.map { Double($0.succeeded) / Double($0.count) }
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 < $1 })
        #expect(abs(fit.probability(0) - 0.5) < 0.1)
        // By hand: 1, 0 | 1 pools the first two.
        let three = [(0.0, true), (1.0, false), (2.0, true)].map { Labelled(logit: $0.0, succeeded: $0.1) }
        #expect(IsotonicScaling(three)?.steps.map(\.count) == [2, 1])
        let interval = fit.interval(0)
        #expect(interval.low > 0.3 && interval.high < 0.7 && interval.low < interval.high)
    }
}
