public import JSON

/// One call of the demonstration's set-up. Parameters refer to results of earlier calls by alias: the text `$tem.id`
/// stands for the member `id` of what the call `tem` returned.
///
/// Calls are made in order with the idempotency key `import:daejeon:<alias>`, so making them twice changes nothing:
/// services never forget keys that begin with `import:`.
public struct SeedCall: Sendable {
    /// Unique among all calls.
    public let alias: String
    public let method: String
    public let params: JSON
    /// Invented, as opposed to registering something that the documents name.
    public let synthetic: Bool

    public init(_ alias: String, _ method: String, _ params: JSON, synthetic: Bool = true) {
        self.alias = alias
        self.method = method
        self.params = params
        self.synthetic = synthetic
    }

    /// The service that serves it: the first part of the method.
    public var service: String { String(method.prefix { $0 != "." }) }

    public var idempotencyKey: String { "import:daejeon:\(alias)" }

    /// The parameters with every reference replaced.
    public func parameters(results: [String: JSON]) throws(UnknownReference) -> JSON {
        try params.resolved(results)
    }

    /// A reference to a call that was not made, or to a member that its result does not have.
    public struct UnknownReference: Error, Hashable {
        public let reference: String

        public init(reference: String) {
            self.reference = reference
        }
    }
}

extension JSON {
    /// Every text `$alias.member` replaced by that member of the alias's result.
    func resolved(_ results: [String: JSON]) throws(SeedCall.UnknownReference) -> JSON {
        switch self {
        case .string(let text) where text.hasPrefix("$"):
            let parts = text.dropFirst().split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2, let value = results[parts[0]]?[parts[1]] else {
                throw SeedCall.UnknownReference(reference: text)
            }
            return value
        case .array(let items):
            var resolved: [JSON] = []
            for item in items { resolved.append(try item.resolved(results)) }
            return .array(resolved)
        case .object(let members):
            var resolved = JSON.Members()
            for (key, value) in members { resolved[key] = try value.resolved(results) }
            return .object(resolved)
        default: return self
        }
    }

    /// All references in it, in order.
    var references: [String] {
        switch self {
        case .string(let text) where text.hasPrefix("$"): [text]
        case .array(let items): items.flatMap(\.references)
        case .object(let members): members.flatMap { $0.value.references }
        default: []
        }
    }

    /// An object without the members that are null: what is left out stays unknown.
    static func given(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSON.Members()
        for (key, value) in members { if let value { object[key] = value } }
        return .object(object)
    }

    /// The identifier that a call will return.
    static func id(of alias: String) -> JSON { .string("$\(alias).id") }

    static func codes<Word: RawRepresentable<String>>(_ words: [Word]) -> JSON? {
        words.isEmpty ? nil : .array(words.map { .string($0.rawValue) })
    }
}

extension Bilingual {
    var json: JSON { ["ko": .string(ko), "en": .string(en)] }
}

extension Sourced {
    /// How a record tells a service where it comes from.
    var citation: String { synthetic ? "synthetic (\(source))" : source.description }
}
