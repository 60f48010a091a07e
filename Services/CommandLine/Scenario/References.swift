import Foundation
import JSON

/// Values that earlier steps captured, and `${…}` in later ones.
///
/// `${name}` alone keeps the value's type; inside a text it is inserted as text. `${name/pointer}` reaches into it.
/// Built in: `${run}` (differs in every run), `${index}` (in parallel steps), `${now}`, `${now+90s}`, `${now-1h}`
/// (RFC 3339; s, m, h, d), `${today}`, `${today+7d}`, `${env:NAME}`.
struct References: Sendable {
    struct Unknown: Error, CustomStringConvertible, Sendable {
        let name: String
        var description: String {
            words("${\(name)} 은(는) 아직 정해지지 않았다", "${\(name)} was not captured by any earlier step")
        }
    }

    private var values: [String: JSON]
    private let clock: @Sendable () -> Date

    init(run: String, clock: @escaping @Sendable () -> Date = { Date() }) {
        values = ["run": .string(run)]
        self.clock = clock
    }

    subscript(name: String) -> JSON? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The value with every reference replaced.
    func resolve(_ value: JSON) throws(Unknown) -> JSON {
        switch value {
        case .string(let text): return try resolve(text)
        case .array(let items):
            var list: [JSON] = []
            for item in items { list.append(try resolve(item)) }
            return .array(list)
        case .object(let members):
            var copy = JSON.Members()
            for (key, item) in members { copy[try resolve(key).string ?? key] = try resolve(item) }
            return .object(copy)
        default: return value
        }
    }

    private func resolve(_ text: String) throws(Unknown) -> JSON {
        guard text.contains("${") else { return .string(text) }
        var rest = text[...]
        var result = ""
        while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let name = String(rest[start.upperBound..<end])
            let found = try value(of: name)
            let after = rest.index(after: end)
            if start.lowerBound == text.startIndex, after == text.endIndex { return found }
            result += rest[..<start.lowerBound] + (found.string ?? found.text)
            rest = rest[after...]
        }
        return .string(result + rest)
    }

    private func value(of name: String) throws(Unknown) -> JSON {
        if let time = time(name) { return .string(time) }
        if name.hasPrefix("env:"), let value = ProcessInfo.processInfo.environment[String(name.dropFirst(4))] {
            return .string(value)
        }
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = parts.first.flatMap({ values[String($0)] }) else { throw Unknown(name: name) }
        guard parts.count == 2 else { return base }
        guard let found = base.at("/" + parts[1]) else { throw Unknown(name: name) }
        return found
    }

    /// `now`, `today` and their offsets.
    private func time(_ name: String) -> String? {
        let base = name.hasPrefix("now") ? "now" : (name.hasPrefix("today") ? "today" : "")
        guard !base.isEmpty else { return nil }
        let offset = name.dropFirst(base.count)
        var seconds = 0.0
        if !offset.isEmpty {
            let sizes: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
            guard let unit = offset.last.flatMap({ sizes[$0] }), let count = Double(offset.dropLast()),
                "+-".contains(offset.first ?? " ")
            else { return nil }
            seconds = count * unit
        }
        let moment = clock().addingTimeInterval(seconds)
        let instant = moment.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return base == "now" ? instant : String(instant.prefix(10))
    }
}
