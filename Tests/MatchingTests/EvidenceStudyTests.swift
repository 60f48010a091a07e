import JSON
import ServiceKit
import Testing

@testable import Matching

@Suite struct EvidenceStudyTests {
    private let study = CommercialisationStudy.published

    /// By hand: 88·135 / (51·47), 51·156 / (88·26), 50·166 / (89·16), each with Woolf's interval.
    @Test(arguments: [
        ("ownInvestment", 4.9562, 3.0708, 7.9993), ("governmentSupport", 3.4773, 2.0268, 5.9656),
        ("patents", 5.8287, 3.1385, 10.8248),
    ])
    func oddsRatiosAreThoseOfTheCounts(_ key: String, _ ratio: Double, _ low: Double, _ high: Double) throws {
        let found = try #require(study.factors.first { $0.key == key }).association
        #expect(abs(found.oddsRatio - ratio) < 0.0001)
        #expect(abs(found.low95 - low) < 0.001)
        #expect(abs(found.high95 - high) < 0.001)
        #expect(
            found.successesWith + found.successesWithout == 139 && found.failuresWith + found.failuresWithout == 182)
    }

    /// The printed percentages: 63.3 and 25.8, 36.7 and 14.3, 36.0 and 8.8.
    @Test func sharesAreThePrintedOnes() {
        let shares = study.factors.map { factor in
            [factor.association.shareOfSuccesses, factor.association.shareOfFailures].map {
                ($0 * 1_000).rounded() / 10
            }
        }
        #expect(shares == [[63.3, 25.8], [36.7, 14.3], [36.0, 8.8]])
    }

    @Test func theTRLRegressionIsConsistent() throws {
        let model = try #require(study.regressions.first { $0.key == "trlIncrease" })
        #expect(model.isConsistent && model.fit.isConsistent && model.coefficients.allSatisfy(\.isConsistent))
        #expect(abs(model.coefficients[1].recomputedT - 2.9095) < 0.0001)
        #expect(abs(model.fit.recomputedRSquared - 0.01998) < 0.00001)
        #expect(abs(model.fit.recomputedAdjustedRSquared - 0.0176) < 0.0001)
    }

    @Test func theFeeRegressionIsFlaggedWithItsRealTValues() throws {
        let model = try #require(study.regressions.first { $0.key == "technologyFee" })
        #expect(!model.isConsistent && !model.fit.isConsistent)
        #expect(model.coefficients.map(\.isConsistent) == [true, false, false, false])
        let real = model.coefficients.map { ($0.recomputedT * 1_000).rounded() / 1_000 }
        #expect(real == [4.773, 6.494, 0.682, 2.848])
        #expect(abs(model.fit.recomputedF - 3.666) < 0.001)
    }

    /// What is written down as a verdict is what the numbers say.
    @Test func verdictsFollowFromTheNumbers() {
        for model in study.regressions {
            let computed = model.fit.isConsistent && model.coefficients.allSatisfy(\.isConsistent)
            #expect(model.isConsistent == computed)
        }
    }

    @Test func itIsServedWithLimitsAndNeverAsAPrediction() async throws {
        let answer = try await TestService(Matching.service).call("matching.evidence")
        #expect(answer["isPrediction"]?.bool == false)
        #expect(answer["limits"]?.array?.contains { $0["key"]?.string == "survivorship" } == true)
        #expect(answer.at("/factors/0/sentence/ko")?.string?.contains("4.96배(95% 신뢰구간 3.07–8.00)") == true)
        for factor in answer["factors"]?.array ?? [] { #expect(factor["lines"]?.array?.isEmpty == false) }
    }
}
