import JSON
import ServiceKit
import Vocabulary

/// What a person wrote into a cell, as the value that the field's schema wants. What cannot be read is left as it was
/// written: the schema then says what is wrong with it, by the same rules as in every other request.
enum Cell {
    /// - Parameter field: the field's own name, which may stand before a number (`TRL 4`).
    static func value(_ text: String, _ schema: Schema, field: String = "") -> JSON {
        switch schema.kind {
        case .string(let rules):
            if rules.format == "date-time", let end = endOfDay(text) { return .string(end.description) }
            return .string(text)
        case .integer: return Int64(digits(text, field)).map(JSON.integer) ?? .string(text)
        case .number:
            let written = digits(text, field)
            if let whole = Int64(written) { return .integer(whole) }
            return Double(written).flatMap { $0.isFinite ? JSON.number($0) : nil } ?? .string(text)
        case .boolean: return yesOrNo[ColumnName.plain(text)].map(JSON.bool) ?? .string(text)
        case .choice(let choices): return .string(ChoiceName.meant(by: text, choices) ?? text)
        case .array(let items, _):
            if text.hasPrefix("["), let list = try? JSON(parsing: text) { return value(list, schema) }
            let parts = text.split { $0 == ";" || $0 == "；" || $0.isNewline }.map(\.trimmed).filter { !$0.isEmpty }
            return .array(parts.map { value($0, items) })
        case .object, .dictionary, .any:
            guard text.hasPrefix("{") || text.hasPrefix("["), let parsed = try? JSON(parsing: text) else {
                return .string(text)
            }
            return value(parsed, schema)
        }
    }

    /// A value that came as JSON: texts in it are read as cells are.
    static func value(_ json: JSON, _ schema: Schema, field: String = "") -> JSON {
        switch (json, schema.kind) {
        case (.string(let text), _): return value(text.trimmed, schema, field: field)
        case (.array(let values), .array(let items, _)): return .array(values.map { value($0, items) })
        case (.object(let members), .object(let properties)):
            var read = JSON.Members()
            for (key, member) in members {
                let property = properties.first { $0.name == key }
                read[key] = property.map { value(member, $0.schema) } ?? member
            }
            return .object(read)
        default: return json
        }
    }

    private static let yesOrNo: [String: Bool] = [
        "true": true, "예": true, "네": true, "y": true, "yes": true, "o": true, "1": true, "유": true, "있음": true,
        "false": false, "아니오": false, "아니요": false, "n": false, "no": false, "x": false, "0": false, "무": false,
        "없음": false,
    ]

    /// Without commas of thousands, blanks, the field's own name and the Korean word for a step.
    private static func digits(_ text: String, _ field: String) -> String {
        var plain = text.filter { $0 != "," && !$0.isWhitespace }
        if !field.isEmpty, plain.lowercased().hasPrefix(field.lowercased()) { plain.removeFirst(field.count) }
        if plain.hasSuffix("단계") { plain.removeLast(2) }
        return plain
    }

    /// A day stands for its end in Seoul: what is valid until that day is valid on it.
    private static func endOfDay(_ text: String) -> Instant? {
        let dashed = text.replacing(".", with: "-").replacing("/", with: "-").filter { !$0.isWhitespace }
        let parts = dashed.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, dashed.split(separator: "-").count == 3 else { return nil }
        return Day(year: parts[0], month: parts[1], day: parts[2])?.adding(days: 1).startInSeoul
            .adding(milliseconds: -1)
    }
}

/// Codes by the names that people know them by, in Korean and in English.
enum ChoiceName {
    fileprivate static let lists: [[String: String]] = [
        names(ScienceField.self), names(StrategicIndustry.self), names(KSICSection.self), names(Region.self),
        names(Partnership.self), names(Organisations.Kind.self), names(ProfileType.self), names(IPRStatus.self),
    ]

    private static func names<T: Named & RawRepresentable<String>>(_ type: T.Type) -> [String: String] {
        var names: [String: String] = [:]
        for item in T.allCases {
            for name in [item.rawValue, item.name.ko, item.name.en] { names[ColumnName.plain(name)] = item.rawValue }
        }
        return names
    }

    /// The choice that a text names: the code itself, its name, or what only one name begins with (`대전`).
    static func meant(by text: String, _ choices: [String]) -> String? {
        if choices.contains(text) { return text }
        let plain = ColumnName.plain(text)
        guard !plain.isEmpty else { return nil }
        if let choice = choices.first(where: { ColumnName.plain($0) == plain }) { return choice }
        let wanted = Set(choices)
        guard let list = lists.first(where: { Set($0.values) == wanted }) else { return nil }
        if let exact = list[plain] { return exact }
        let beginning = Set(list.filter { $0.key.hasPrefix(plain) }.values)
        return beginning.count == 1 ? beginning.first : nil
    }
}

extension ChoiceName {
    /// The name of the choice that a text is a misspelling of; nil when it is too far from all of them.
    static func nearest(to text: String, _ choices: [String]) -> String? {
        guard !choices.isEmpty else { return nil }
        let plain = ColumnName.plain(text)
        let wanted = Set(choices)
        let names = lists.first { Set($0.values) == wanted } ?? [:]
        let known = names.isEmpty ? choices : Array(names.keys)
        guard let near = known.sorted().nearest(to: plain) else { return nil }
        let letters = Set(near.unicodeScalars)
        let shared = plain.unicodeScalars.filter(letters.contains).count
        // More than half of the letters must be there.
        guard shared * 2 > max(plain.unicodeScalars.count, 2) else { return nil }
        return names[near].map { "\(near) (\($0))" } ?? near
    }
}

extension Schema {
    /// What a value, or an item of a list, may be chosen from.
    fileprivate static func choices(_ schema: Schema) -> [String] {
        switch schema.kind {
        case .choice(let choices): choices
        case .array(let items, _): choices(items)
        default: []
        }
    }

    var choices: [String] { Schema.choices(self) }
}

extension StringProtocol {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
