public import JSON

/// What is wrong with a policy file: where, with which value, by which rule.
public struct PolicyMistake: Error, Sendable, Hashable {
    public let line: Int
    /// Such as `principals[2].uid`; empty for the file itself.
    public let field: String
    public let value: String?
    public let rule: Bilingual

    public func text(_ language: Language) -> String {
        let place = language == .ko ? "\(line)번째 줄" : "line \(line)"
        let subject = [field, value.map { "'\($0)'" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return [place, subject, rule.text(language)].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    public var json: JSON {
        var json: JSON = [
            "line": .integer(Int64(line)), "field": .string(field),
            "rule": ["ko": .string(rule.ko), "en": .string(rule.en)],
        ]
        if let value { json["value"] = .string(value) }
        return json
    }
}

/// Everything that is wrong with a policy file, by lines.
public struct PolicyMistakes: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    public let list: [PolicyMistake]

    public init(path: String, _ list: [PolicyMistake]) {
        self.path = path
        self.list = list
    }

    public func text(_ language: Language) -> String {
        list.map { "\(path): \($0.text(language))" }.joined(separator: "\n")
    }

    public var description: String { text(.en) }
}
