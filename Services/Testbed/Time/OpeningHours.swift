import JSON
import Vocabulary

/// A day of the week in Seoul.
enum Weekday: String, Codable, CaseIterable, Sendable {
    case mon, tue, wed, thu, fri, sat, sun
}

/// A wall clock time `"HH:MM"`, `"00:00"` to `"24:00"`.
struct ClockTime: Hashable, Sendable, Decodable, TextCoded {
    static let title = Bilingual(ko: "시각(HH:MM)", en: "time of day (HH:MM)")
    static let pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
    static let sample = ClockTime(minutes: 0)

    let minutes: Int

    private init(minutes: Int) { self.minutes = minutes }

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 24 * 60
        else { return nil }
        minutes = hour * 60 + minute
    }

    var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

/// On these days it opens at `open` and closes at `close`, Asia/Seoul. A `close` that is not after `open` is on the
/// next day, so a night shift is one rule.
struct OpeningRule: Codable, Sendable, Hashable, Constrained {
    let days: [Weekday]
    let open: ClockTime
    let close: ClockTime

    static let constraints: [String: Schema.Constraint] = ["days": .count(1...7)]
}

/// Weekly opening hours in Asia/Seoul, which is UTC+9 all year (no daylight saving since 1988).
enum OpeningHours {
    private static let day: Int64 = 86_400_000
    private static let minute: Int64 = 60_000
    private static let offset: Int64 = 9 * 3_600_000

    /// When it is open inside `window`. No rules at all (`nil`) means always; an empty list means never.
    static func spans(_ rules: [OpeningRule]?, within window: Range<Instant>) -> Spans {
        guard let rules else { return Spans(merging: [window]) }
        guard !window.isEmpty else { return .none }
        var parts: [Range<Instant>] = []
        // From the day before, whose night shift may reach into the window.
        for index in localDay(of: window.lowerBound) - 1...localDay(of: window.upperBound) {
            let midnight = index * day - offset
            for rule in rules where rule.days.contains(weekday(of: index)) {
                let nextDay = rule.close.minutes <= rule.open.minutes
                let start = midnight + Int64(rule.open.minutes) * minute
                let end = midnight + Int64(rule.close.minutes) * minute + (nextDay ? day : 0)
                parts.append(Instant(milliseconds: start)..<Instant(milliseconds: end))
            }
        }
        return Spans(merging: parts).clamped(to: window)
    }

    /// Days since 1970-01-01 of the Seoul calendar.
    static func localDay(of instant: Instant) -> Int64 {
        let local = instant.milliseconds + offset
        return local >= 0 ? local / day : (local - day + 1) / day
    }

    /// 1970-01-01 was a Thursday.
    static func weekday(of localDay: Int64) -> Weekday {
        let index = Int((localDay % 7 + 7 + 3) % 7)
        return Weekday.allCases[index]
    }
}
