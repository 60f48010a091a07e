import JSON
import Testing
import Vocabulary

@testable import Matching

@Suite("What answers change")
struct AnswersTests {
    private let space = Facts(industries: [.space])

    @Test func aReasonBearsOnWhatItIsAboutAndOnNothingElse() {
        var tally = AnswerTally()
        tally.add(.declined, .notAStrategicFit, other: space, forms: [.licence], below: 3)
        #expect(tally.effect(other: space, forms: [.licence], below: 3) == AnswerEffect(industry: -1))
        #expect(tally.effect(other: Facts(industries: [.defence]), forms: [.licence], below: 3).value == nil)
        tally.add(.declined, .termsUnsuitable, other: space, forms: [.merger], below: nil)
        #expect(tally.effect(other: Facts(), forms: [.merger], below: nil) == AnswerEffect(partnership: -1))
        for reason in [
            DeclineReason.benefitUnclear, .commercialRouteUnclear, .descriptionUnclear, .scientificConcern,
            .alternativeInUse,
        ] {
            var other = AnswerTally()
            other.add(.declined, reason, other: space, forms: [.licence], below: 3)
            #expect(other == AnswerTally(), "\(reason)")
        }
    }

    @Test func whatWasTooEarlyMakesWhatIsEarlierToo() {
        var tally = AnswerTally()
        tally.add(.declined, .tooEarly, other: Facts(), forms: [], below: 2)
        let values = (0...5).map { tally.effect(other: Facts(), forms: [], below: $0).value ?? 0 }
        #expect(values[0] == 0 && values[1] == 0 && values[2] < 0 && values[5] == values[2])
        // Interest in something as far below speaks against that.
        tally.add(.interested, nil, other: Facts(), forms: [], below: 3)
        #expect(tally.effect(other: Facts(), forms: [], below: 2).value == nil)
        #expect((tally.effect(other: Facts(), forms: [], below: 5).value ?? 0) < 0)
    }

    @Test func howeverManyAnswersTheEffectStaysBelowItsBound() {
        var tally = AnswerTally()
        var last = 0.0
        for _ in 0..<1_000 {
            tally.add(.notRelevant, .notAStrategicFit, other: space, forms: [], below: nil)
            let value = tally.effect(other: space, forms: [], below: nil).value ?? 0
            #expect(value < last && value > -1)
            last = value
        }
        #expect(abs(AnswerEffect.saturated(3) - 0.5) < 1e-12)
        let most = AnswerEffect(stage: -1_000, industry: -1_000, partnership: -1_000)
        #expect(most.value == -1)
        let facts = FactValues(demand: Facts(), technology: Facts(), weights: .standard)
        var known = Circumstances()
        known.demandAnswers = most
        let with = Score.logit(.demand, text: 0.5, facts: facts, weights: .standard) { known.value(of: $0, .demand) }
        let without = Score.logit(.demand, text: 0.5, facts: facts, weights: .standard)
        #expect(abs(with - without) <= 0.3 + 1e-12)
    }
}
