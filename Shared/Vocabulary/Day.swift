/// A calendar day without a time or a zone.
///
/// JSON and SQL form: `2026-11-21` (ISO 8601, RFC 3339 full-date), so text order is time order.
public struct Day: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int

    public init(number: Int) {
        self.number = number
    }

    /// Nil unless the day exists, in the years 0000 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        number = date.dayNumber
    }

    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    public func adding(days: Int) -> Day { Day(number: number + days) }

    /// Whole days from `right` to `left`.
    public static func - (left: Day, right: Day) -> Int { left.number - right.number }

    public var year: Int { CivilDate(dayNumber: number).year }
    public var month: Int { CivilDate(dayNumber: number).month }
    public var dayOfMonth: Int { CivilDate(dayNumber: number).day }

    /// From 0, a Monday, to 6. 1970-01-01 was a Thursday.
    public var weekday: Int { ((number + 3) % 7 + 7) % 7 }

    /// Asia/Seoul is nine hours ahead of UTC the whole year.
    private static let seoulOffset: Int64 = 9 * 3_600_000

    /// The day that a calendar in Seoul shows at a moment.
    public static func inSeoul(at instant: Instant) -> Day {
        Day(number: Int((instant.milliseconds + seoulOffset).flooredDivision(by: 86_400_000).quotient))
    }

    /// Midnight in Seoul at the beginning of the day.
    public var startInSeoul: Instant {
        Instant(milliseconds: Int64(number) * 86_400_000 - Self.seoulOffset)
    }
}

extension Day: CustomStringConvertible, LosslessStringConvertible {
    public init?(_ text: String) {
        var reader = FieldReader(text)
        guard let date = reader.date(), reader.isAtEnd else { return nil }
        number = date.dayNumber
    }

    public var description: String {
        var bytes: [UInt8] = []
        CivilDate(dayNumber: number).append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
