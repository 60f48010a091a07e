import JSON
import Testing
import Vocabulary

@testable import Testbed

@Suite struct OpeningHoursTests {
    static func instant(_ text: String) throws -> Instant { try #require(Instant(text)) }

    static func rule(_ days: [Weekday], _ open: String, _ close: String) throws -> OpeningRule {
        OpeningRule(days: days, open: try #require(ClockTime(open)), close: try #require(ClockTime(close)))
    }

    @Test func weekdaysAreThoseOfSeoul() throws {
        for (text, weekday) in [("2026-11-21", Weekday.sat), ("1970-01-01", .thu), ("1969-12-31", .wed)] {
            #expect(Weekday(try #require(Day(text))) == weekday)
        }
    }

    @Test func openFromNineToSixOnWeekdays() throws {
        let rules = [try Self.rule([.mon, .tue, .wed, .thu, .fri], "09:00", "18:00")]
        let window = try Self.instant("2026-11-20T00:00:00+09:00")..<Self.instant("2026-11-24T12:00:00+09:00")
        let expected = [
            try Self.instant("2026-11-20T09:00:00+09:00")..<Self.instant("2026-11-20T18:00:00+09:00"),
            try Self.instant("2026-11-23T09:00:00+09:00")..<Self.instant("2026-11-23T18:00:00+09:00"),
            try Self.instant("2026-11-24T09:00:00+09:00")..<Self.instant("2026-11-24T12:00:00+09:00"),
        ]
        #expect(OpeningHours.spans(rules, within: window).ranges == expected)
    }

    @Test func aNightShiftIsOneRuleAndReachesIntoTheWindow() throws {
        let rules = [try Self.rule([.fri], "22:00", "06:00")]
        let window = try Self.instant("2026-11-21T01:00:00+09:00")..<Self.instant("2026-11-22T00:00:00+09:00")
        #expect(
            OpeningHours.spans(rules, within: window).ranges == [
                try Self.instant("2026-11-21T01:00:00+09:00")..<Self.instant("2026-11-21T06:00:00+09:00")
            ])
    }

    @Test func noRulesIsAlwaysAndAnEmptyListIsNever() throws {
        let window = try Self.instant("2026-11-21T00:00:00Z")..<Self.instant("2026-11-22T00:00:00Z")
        #expect(OpeningHours.spans(nil, within: window).ranges == [window])
        #expect(OpeningHours.spans([], within: window).ranges == [])
    }

    @Test func daysThatTouchAtMidnightAreOneStretch() throws {
        let rules = [try Self.rule(Weekday.allCases, "00:00", "24:00")]
        let window = try Self.instant("2026-11-21T00:00:00Z")..<Self.instant("2026-11-28T00:00:00Z")
        #expect(OpeningHours.spans(rules, within: window).ranges == [window])
    }

    @Test(arguments: ["9:00", "24:01", "09:60", "0900", "-1:00", "09:00:00", "", "+9:00", "０9:00"])
    func badClockTimesAreRefused(_ text: String) {
        #expect(ClockTime(text) == nil)
    }

    @Test(arguments: [("00:00", 0), ("09:05", 545), ("23:59", 1_439), ("24:00", 1_440)])
    func clockTimesReadBack(_ text: String, _ minutes: Int) throws {
        let time = try #require(ClockTime(text))
        #expect(time.minutes == minutes)
        #expect(time.description == text)
        #expect(try JSON.encode(time) == .string(text))
    }
}
