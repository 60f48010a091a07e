/// One thing that is wrong with one field, in the caller's terms.
public struct FieldError: Error, Sendable, Hashable {
    /// Where: a JSON Pointer into the parameters, `""` for the whole.
    public let pointer: String
    /// What stood there; nil when nothing did, or when it must not be repeated (personal data).
    public let value: JSON?
    /// The rule that it breaks.
    public let rule: Bilingual

    public init(_ pointer: String, _ value: JSON?, _ rule: Bilingual) {
        self.pointer = pointer
        self.value = value
        self.rule = rule
    }

    /// `{"pointer": "/amount", "value": -1, "rule": {"ko": "…", "en": "…"}}`, long values shortened.
    public var json: JSON {
        var object: JSON = ["pointer": .string(pointer)]
        if let value { object["value"] = FieldError.shortened(value) }
        object["rule"] = ["ko": .string(rule.ko), "en": .string(rule.en)]
        return object
    }

    private static func shortened(_ value: JSON) -> JSON {
        let text = value.string ?? value.text
        return text.utf8.count <= 200 ? value : .string(String(text.prefix(100)) + "…")
    }
}

/// Everything that is wrong with the parameters of a request, listed at once.
public struct FieldErrors: Error, Sendable, Hashable {
    public let list: [FieldError]

    public init(_ list: [FieldError]) { self.list = list }
}
