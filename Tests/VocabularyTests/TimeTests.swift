import JSON
import Testing
import Vocabulary

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
            ("2026-11-21T07:34:28.123Z", 1_795_246_468_123, "2026-11-21T07:34:28.123Z"),
            ("2026-11-21T16:34:28.123+09:00", 1_795_246_468_123, "2026-11-21T07:34:28.123Z"),
            ("2026-11-20T23:34:28.123-08:00", 1_795_246_468_123, "2026-11-21T07:34:28.123Z"),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900, "2024-02-29T23:59:59.900Z"),
            ("2000-02-29t00:00:00z", 951_782_400_000, "2000-02-29T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            ("2026-11-21T07:34:28.1239999999999Z", 1_795_246_468_123, "2026-11-21T07:34:28.123Z"),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520, "1985-04-12T23:20:50.520Z"),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130, "1937-01-01T11:40:27.870Z"),
            ("1990-12-31T23:59:60Z", 662_688_000_000, "1991-01-01T00:00:00.000Z"),
            ("1990-12-31T15:59:60-08:00", 662_688_000_000, "1991-01-01T00:00:00.000Z"),
            ("2026-11-21T07:34:28-00:00", 1_795_246_468_000, "2026-11-21T07:34:28.000Z"),
        ] as [(String, Int64, String)])
    func reads(text: String, milliseconds: Int64, canonical: String) throws {
        let instant = try #require(Instant(text))
        #expect(instant.milliseconds == milliseconds)
        #expect(instant.description == canonical)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T07:34:28", "2026-11-21 07:34:28Z", "2026-11-21T07:34Z", "2026-11-21T24:00:00Z",
        "2026-11-21T07:60:00Z", "2026-11-21T07:34:61Z", "2026-11-21T07:34:60Z", "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-11-21T07:34:28.Z", "2026-11-21T07:34:28+9:00", "2026-11-21T07:34:28+0900", "2026-11-21T07:34:28+24:00",
        "2026-11-21T07:34:28Z ", "+2026-11-21T07:34:28Z", "26-11-21T07:34:28Z", "0000-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59-01:00", "２０２６-11-21T07:34:28Z",
    ])
    func refuses(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test func everyMomentRoundTrips() throws {
        var random = SplitMix(seed: 3_339)
        for _ in 0..<5_000 {
            let milliseconds = Int64.random(
                in: Instant.earliest.milliseconds...Instant.latest.milliseconds, using: &random)
            let instant = Instant(milliseconds: milliseconds)
            #expect(Instant(instant.description) == instant)
            #expect(try JSON.encode(instant).decode(Instant.self) == instant)
        }
    }

    @Test func offsetsNameTheSameMoment() throws {
        var random = SplitMix(seed: 99)
        for _ in 0..<1_000 {
            let seconds = Int64.random(in: 0...4_000_000_000, using: &random)
            let minutes = Int64.random(in: -1_439...1_439, using: &random)
            let local = Instant(milliseconds: seconds * 1_000 + minutes * 60_000).description.dropLast()
            let sign = minutes < 0 ? "-" : "+"
            let offset = [abs(minutes) / 60, abs(minutes) % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            #expect(Instant("\(local)\(sign)\(offset.joined(separator: ":"))")?.milliseconds == seconds * 1_000)
        }
    }

    @Test func textOrderIsTimeOrder() {
        var random = SplitMix(seed: 5)
        let instants = (0..<500).map { _ in
            Instant(milliseconds: Int64.random(in: 0...4_000_000_000_000, using: &random))
        }
        #expect(instants.sorted().map(\.description) == instants.map(\.description).sorted())
    }

    @Test func arithmeticSaturates() {
        let start = Instant(milliseconds: 1_000)
        #expect(start + .seconds(2) == Instant(milliseconds: 3_000))
        #expect(start + .milliseconds(-1_500) == Instant(milliseconds: -500))
        #expect(start - .seconds(1) == Instant(milliseconds: 0))
        #expect(start.adding(seconds: 600) == Instant(milliseconds: 601_000))
        #expect(Instant(milliseconds: 3_500) - start == .milliseconds(2_500))
        #expect(start.adding(seconds: .max) == Instant(milliseconds: .max))
        #expect(start.adding(seconds: .min).milliseconds < 0)
    }

    @Test func theEndsOfTheRangeHaveATextToo() {
        #expect(Instant(milliseconds: .min).description.hasPrefix("-2922"))
        #expect(Instant(milliseconds: .max).description.hasPrefix("2922"))
        #expect(!Day(number: .max).description.isEmpty && !Day(number: .min).description.isEmpty)
    }

    @Test func nowIsThisCentury() {
        #expect(Instant.now() > Instant(milliseconds: 1_600_000_000_000))
        #expect(Instant.now() < Instant(milliseconds: 4_102_444_800_000))
    }
}

@Suite struct DayTests {
    @Test(arguments: ["1970-01-01", "2026-11-21", "2024-02-29", "0000-03-01", "9999-12-31"])
    func roundTrips(text: String) throws {
        let day = try #require(Day(text))
        #expect(day.description == text)
        #expect(try JSON.encode(day) == .string(text))
        #expect(try JSON.string(text).decode(Day.self) == day)
    }

    @Test(arguments: ["", "2026-11-21Z", "2026-1-1", "2025-02-29", "2026/11/21", "20261121", "2026-11-21T00:00:00Z"])
    func refuses(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func fourHundredYearsOfDaysFollowEachOther() throws {
        let first = try #require(Day("1999-01-01"))
        var expected = (year: 1999, month: 1, day: 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for offset in 0..<146_097 {
            let day = first.adding(days: offset)
            guard (day.year, day.month, day.dayOfMonth) == expected else {
                Issue.record("\(day) stands where \(expected) should")
                return
            }
            let leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            let length = expected.month == 2 && leap ? 29 : lengths[expected.month - 1]
            expected.day += 1
            if expected.day > length { (expected.month, expected.day) = (expected.month + 1, 1) }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
        #expect(first.adding(days: 146_097).description == "2399-01-01")
    }

    @Test func seoulIsNineHoursAhead() throws {
        let evening = try #require(Instant("2026-11-21T14:59:59.999Z"))
        #expect(Day.inSeoul(at: evening).description == "2026-11-21")
        #expect(Day.inSeoul(at: evening.adding(milliseconds: 1)).description == "2026-11-22")
        let day = try #require(Day("2026-11-22"))
        #expect(day.startInSeoul.description == "2026-11-21T15:00:00.000Z")
        #expect(day - (try #require(Day("2026-11-01"))) == 21)
    }
}

@Suite struct IntervalTests {
    private func interval(_ start: Int64, _ end: Int64) throws -> Interval {
        try #require(Interval(start: Instant(milliseconds: start), end: Instant(milliseconds: end)))
    }

    @Test func theEndIsAfterTheStart() {
        let instant = Instant(milliseconds: 5)
        #expect(Interval(start: instant, end: instant) == nil)
        #expect(Interval(start: instant, end: instant.adding(milliseconds: -1)) == nil)
        let json: JSON = ["start": "2026-11-21T10:00:00Z", "end": "2026-11-21T09:00:00Z"]
        #expect(throws: FieldErrors.self) { try json.decode(Interval.self) }
    }

    @Test func halfOpenMeansNeighboursDoNotOverlap() throws {
        let morning = try interval(0, 10)
        #expect(try !morning.overlaps(interval(10, 20)))
        #expect(try !interval(10, 20).overlaps(morning))
        #expect(try morning.overlaps(interval(9, 20)))
        #expect(try morning.overlaps(interval(2, 3)))
        #expect(try morning.intersection(interval(9, 20)) == interval(9, 10))
        #expect(try morning.intersection(interval(10, 20)) == nil)
        #expect(morning.contains(Instant(milliseconds: 0)))
        #expect(!morning.contains(Instant(milliseconds: 10)))
        #expect(try morning.contains(interval(0, 10)))
        #expect(try !morning.contains(interval(0, 11)))
        #expect(morning.duration == .milliseconds(10))
    }

    @Test func jsonHasStartAndEnd() throws {
        let json: JSON = ["start": "2026-11-21T09:00:00.000Z", "end": "2026-11-21T10:00:00.000Z"]
        let interval = try json.decode(Interval.self)
        #expect(interval.duration == .seconds(3_600))
        #expect(try JSON.encode(interval) == json)
    }
}
