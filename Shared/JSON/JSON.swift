/// A JSON value (RFC 8259). Whole numbers stay whole: won amounts never pass through a `Double`.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Members)

    /// The members of an object in the order they were written. Equality does not look at the order.
    public struct Members: Sendable {
        public struct Member: Sendable, Hashable {
            public let key: String
            public var value: JSON
        }

        public private(set) var entries: [Member]

        public init() { entries = [] }

        /// The keys must differ from each other; the parser and the encoder see to that.
        init(unique entries: [Member]) { self.entries = entries }

        public init(uniqueKeysWithValues pairs: some Sequence<(String, JSON)>) {
            entries = pairs.map { Member(key: $0.0, value: $0.1) }
        }

        public var keys: [String] { entries.map(\.key) }
        public var count: Int { entries.count }
        public var isEmpty: Bool { entries.isEmpty }

        public subscript(key: String) -> JSON? {
            get { entries.first { $0.key == key }?.value }
            set {
                let place = entries.firstIndex { $0.key == key }
                switch (place, newValue) {
                case (let place?, let value?): entries[place].value = value
                case (let place?, nil): entries.remove(at: place)
                case (nil, let value?): entries.append(Member(key: key, value: value))
                case (nil, nil): break
                }
            }
        }
    }
}

extension JSON.Members: Sequence {
    public func makeIterator() -> some IteratorProtocol<(key: String, value: JSON)> {
        entries.lazy.map { (key: $0.key, value: $0.value) }.makeIterator()
    }
}

extension JSON.Members: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.entries == right.entries
            || left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // A sum, because the order must not matter.
        hasher.combine(entries.reduce(0) { $0 &+ $1.hashValue })
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Members(uniqueKeysWithValues: elements))
    }
}

extension JSON {
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var members = object ?? Members()
            members[key] = newValue
            self = .object(members)
        }
    }

    public subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    public var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    public var object: Members? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The value at a JSON Pointer (RFC 6901), such as `/items/0/id`; `""` is the value itself.
    public func at(_ pointer: String) -> JSON? {
        guard !pointer.isEmpty else { return self }
        guard pointer.first == "/" else { return nil }
        var value = self
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let key = String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
            switch value {
            case .array(let items):
                guard let index = Int(key), items.indices.contains(index) else { return nil }
                value = items[index]
            case .object(let members):
                guard let member = members[key] else { return nil }
                value = member
            default: return nil
            }
        }
        return value
    }

    /// What kind of value this is, in the words of JSON Schema.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

/// One step of a JSON Pointer, escaped (RFC 6901, section 3).
public func pointerStep(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return "/" + key }
    return "/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
}
