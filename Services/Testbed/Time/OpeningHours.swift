import JSON
import Vocabulary

/// A day of the week in Seoul.
enum Weekday: String, Codable, CaseIterable, Sendable {
    case mon, tue, wed, thu, fri, sat, sun

    init(_ day: Day) { self = Weekday.allCases[day.weekday] }
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

    func inSeoul(on day: Day) -> Instant { day.startInSeoul.adding(seconds: Int64(minutes) * 60) }

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
    /// When it is open inside `window`. No rules at all (`nil`) means always; an empty list means never.
    static func spans(_ rules: [OpeningRule]?, within window: Range<Instant>) -> Spans {
        guard let rules else { return Spans(merging: [window]) }
        guard !window.isEmpty else { return .none }
        var parts: [Range<Instant>] = []
        // From the day before, whose night shift may reach into the window.
        var day = Day.inSeoul(at: window.lowerBound).adding(days: -1)
        while day.startInSeoul <= window.upperBound {
            for rule in rules where rule.days.contains(Weekday(day)) {
                let closing = rule.close.minutes <= rule.open.minutes ? day.adding(days: 1) : day
                parts.append(rule.open.inSeoul(on: day)..<rule.close.inSeoul(on: closing))
            }
            day = day.adding(days: 1)
        }
        return Spans(merging: parts).clamped(to: window)
    }
}
