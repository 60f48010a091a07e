import JSON
import Testing
import Vocabulary

@testable import Testbed

/// Fees, verdicts, transitions, boxes and search terms: pure tables.
@Suite struct RuleTests {
    @Test(
        arguments: [
            (0, 0), (1, 1), (60_000, 1), (60_001, 2), (3_599_999, 60), (3_600_000, 60), (-5, 0),
        ] as [(Int64, Int64)])
    func everyMinuteBegunCounts(_ milliseconds: Int64, _ minutes: Int64) {
        let start = Instant(milliseconds: 1_795_000_000_000)
        #expect(UsageFee.minutes(from: start, to: start.adding(milliseconds: milliseconds)) == minutes)
    }

    @Test(
        arguments: [
            (50_000, 1, 60, 50_000), (50_000, 2, 90, 150_000), (100, 1, 1, 1), (59, 1, 1, 0), (7, 3, 61, 21),
            (0, 5, 1_000, 0),
        ] as [(Int64, Int, Int64, Int64)])
    func feesAreExactAndRoundedDownOnce(_ perHour: Int64, _ units: Int, _ minutes: Int64, _ fee: Int64) throws {
        #expect(try UsageFee.fee(perHour: Won(perHour), units: units, minutes: minutes) == Won(fee))
    }

    @Test func aFeeThatDoesNotFitIsRefusedAndNotWrapped() {
        #expect(throws: Won.Overflow.self) {
            try UsageFee.fee(perHour: Won.largest, units: 1_000_000, minutes: 1_000_000)
        }
    }

    @Test func demonstrationsMoveForwardOnly() {
        typealias State = DemonstrationState
        let allowed: [(State, State.Action, State)] = [
            (.created, .plan, .planned), (.planned, .plan, .planned), (.planned, .start, .running),
            (.running, .record, .running), (.running, .finish, .finished), (.created, .cancel, .cancelled),
            (.planned, .cancel, .cancelled), (.running, .cancel, .cancelled),
        ]
        for state in State.allCases {
            for action in State.Action.allCases {
                let expected = allowed.first { $0.0 == state && $0.1 == action }?.2
                #expect(state.after(action) == expected, "\(state) \(action)")
            }
        }
    }

    private func measurement(_ name: String, _ value: Double, at minute: Int64) -> Measurement {
        Measurement(
            id: .new(at: .init(milliseconds: 0)), name: name, value: value, unit: "ms", method: "m",
            reservationId: .new(at: .init(milliseconds: 0)), measuredAt: .init(milliseconds: minute * 60_000),
            recordedAt: .init(milliseconds: 0), note: nil)
    }

    @Test func theLatestMeasurementDecidesAndBoundsAreInclusive() {
        let criterion = Criterion(name: "latency", unit: "ms", atLeast: 1, atMost: 20)
        let good = measurement("latency", 20, at: 5)
        let bad = measurement("latency", 20.1, at: 4)
        let verdict = Verdict(criterion, [good, bad, measurement("other", 99, at: 9)])
        #expect(verdict.verdict == .met)
        #expect(verdict.measurementId == good.id)
        #expect(verdict.reservationId == good.reservationId)
        #expect(Verdict(criterion, [bad]).verdict == .notMet)
        #expect(Verdict(criterion, [measurement("latency", 0.9, at: 1)]).verdict == .notMet)
        #expect(Verdict(criterion, []).verdict == .notMeasured)
    }

    @Test func oneFailureFailsAndOneGapLeavesItOpen() {
        let a = Criterion(name: "a", unit: "ms", atLeast: nil, atMost: 1)
        let b = Criterion(name: "b", unit: "ms", atLeast: 1, atMost: nil)
        let met = measurement("a", 1, at: 1)
        #expect(DemonstrationResult([a, b], [met]).outcome == .undetermined)
        #expect(DemonstrationResult([a, b], [met, measurement("b", 0, at: 1)]).outcome == .notMet)
        #expect(DemonstrationResult([a, b], [met, measurement("b", 1, at: 1)]).outcome == .met)
        #expect(DemonstrationResult([a, b], []).outcome == .undetermined)
    }

    @Test(
        arguments: [
            ([127.0, 36, 128, 37], []), ([36, 127, 37, 128], ["/bbox/1", "/bbox/3"]),
            ([-181, -91, 181, 91], ["/bbox/0", "/bbox/1", "/bbox/2", "/bbox/3"]), ([127, 37, 128, 36], ["/bbox/3"]),
            ([170, -10, -170, 10], []),
        ] as [([Double], [String])])
    func boxesAreCheckedWithEveryErrorAtOnce(_ box: [Double], _ pointers: [String]) {
        #expect(SiteMap.boxErrors(box).map(\.pointer) == pointers)
    }

    @Test func termsArePairsInsideAWord() {
        #expect(ResourceSearch.terms(of: "전자현미경 TEM") == ["em", "te", "미경", "자현", "전자", "현미"].sorted())
        #expect(ResourceSearch.terms(of: "팹 A-1") == ["1", "a", "팹"].sorted())
        #expect(ResourceSearch.terms(of: "팹실", indexing: true) == ["실", "팹", "팹실"].sorted())
        #expect(ResourceSearch.terms(of: "···") == [])
        // Typed on a Mac, the syllables arrive in parts.
        #expect(ResourceSearch.terms(of: "\u{1112}\u{1167}\u{11ab}\u{1106}\u{1175}") == ["현미"])
        #expect(
            ResourceSearch.terms(of: "\u{1112}\u{1167}\u{11ab}\u{1106}\u{1175}").map { Array($0.utf8) } == [
                Array("현미".utf8)
            ])
    }

    @Test(arguments: [
        ("NFEC-2019-03-252687", true), ("NFEC-2019-3-252687", false), ("nfec-2019-03-252687", false),
        ("NFEC-2019-03-25", false), ("NFEC-20x9-03-252687", false), ("", false),
    ])
    func registrationNumbersHaveOneForm(_ text: String, _ isValid: Bool) {
        #expect((NFECNumber(text) != nil) == isValid)
    }
}
