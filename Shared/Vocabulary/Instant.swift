#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A moment in UTC, to the millisecond.
///
/// JSON form: RFC 3339 with milliseconds and `Z`, `2026-11-21T07:34:28.123Z`. Any offset is accepted when reading; the
/// zone a person thinks in is kept elsewhere. A leap second (`23:59:60`) is read as the first moment after it, since
/// Unix time has no name for it. SQL form: the integer.
public struct Instant: Hashable, Sendable, Comparable {
    /// Since 1970-01-01T00:00:00Z, without leap seconds.
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The wall clock of this machine.
    public static func now() -> Instant {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// Later by a duration; parts of a millisecond are dropped. Saturates at the ends of the range.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return instant.adding(milliseconds: clamped(seconds, times: 1_000))
            .adding(milliseconds: attoseconds / 1_000_000_000_000_000)
    }

    public static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }

    /// The time from `right` to `left`.
    public static func - (left: Instant, right: Instant) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }

    public func adding(seconds: Int64) -> Instant {
        adding(milliseconds: Self.clamped(seconds, times: 1_000))
    }

    public func adding(milliseconds more: Int64) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(more)
        return Instant(milliseconds: overflow ? (more > 0 ? .max : .min) : sum)
    }

    private static func clamped(_ value: Int64, times factor: Int64) -> Int64 {
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? (value > 0 ? .max : .min) : product
    }
}

extension Instant: CustomStringConvertible, LosslessStringConvertible {
    /// The first and last moments that RFC 3339 can write: the years 0000 to 9999.
    public static let earliest = Instant(milliseconds: -62_167_219_200_000)
    public static let latest = Instant(milliseconds: 253_402_300_799_999)

    private static let dayLength: Int64 = 86_400_000

    /// Reads RFC 3339 section 5.6 (`T` and `Z` in either case, any number of decimals, of which three are kept); nil for
    /// anything else, and for moments before the year 0000 or after 9999 in UTC.
    public init?(_ text: String) {
        var reader = FieldReader(text)
        guard let date = reader.date(), reader.one(of: "Tt") != nil, let hour = reader.number(digits: 2),
            reader.one(of: ":") != nil, let minute = reader.number(digits: 2), reader.one(of: ":") != nil,
            let second = reader.number(digits: 2), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var fraction = 0
        if reader.one(of: ".") != nil {
            guard let milliseconds = Self.fraction(&reader) else { return nil }
            fraction = milliseconds
        }
        guard let offsetMinutes = Self.offset(&reader), reader.isAtEnd else { return nil }
        if second == 60 {
            // A leap second is the last second of a UTC day.
            guard (hour * 60 + minute - offsetMinutes + 1).isMultiple(of: 1_440) else { return nil }
            fraction = 0
        }
        let minutes = (date.dayNumber * 24 + hour) * 60 + minute - offsetMinutes
        let instant = Instant(milliseconds: Int64(minutes) * 60_000 + Int64(second) * 1_000 + Int64(fraction))
        guard instant >= Self.earliest, instant <= Self.latest else { return nil }
        self = instant
    }

    /// At least one digit; those after the third are read and dropped.
    private static func fraction(_ reader: inout FieldReader) -> Int? {
        guard var value = reader.number(digits: 1) else { return nil }
        var places = 1
        while let digit = reader.number(digits: 1) {
            if places < 3 { value = value * 10 + digit }
            places += 1
        }
        while places < 3 {
            value *= 10
            places += 1
        }
        return value
    }

    private static func offset(_ reader: inout FieldReader) -> Int? {
        switch reader.one(of: "Zz+-") {
        case "Z", "z": return 0
        case let sign?:
            guard let hours = reader.number(digits: 2), reader.one(of: ":") != nil,
                let minutes = reader.number(digits: 2), hours <= 23, minutes <= 59
            else { return nil }
            return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
        case nil: return nil
        }
    }

    public var description: String {
        let (days, rest) = milliseconds.flooredDivision(by: Self.dayLength)
        let time = Int(rest)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        CivilDate(dayNumber: Int(days)).append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendPadded(time / 3_600_000, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendPadded(time / 60_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendPadded(time / 1_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        appendPadded(time % 1_000, width: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Int64 {
    /// Rounds towards minus infinity, so that the remainder is never negative.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
