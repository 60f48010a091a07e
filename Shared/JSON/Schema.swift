/// What a value must look like: checked against parameters, published as JSON Schema (draft 2020-12).
///
/// The schema of a parameter type is read off the type itself by ``Schema/of(_:)``, so that it is never written twice.
public struct Schema: Sendable {
    public indirect enum Kind: Sendable {
        case any
        case boolean
        case integer(min: Int64, max: Int64)
        case number(min: Double, max: Double)
        case string(Text)
        case choice([String])
        case array(Schema, count: ClosedRange<Int>)
        case object([Property])
        case dictionary(Schema)
    }

    /// The rules of a string. Lengths count Unicode scalars, as JSON Schema does.
    public struct Text: Sendable {
        public var length: ClosedRange<Int>
        /// Published; checked by `check` where there is one.
        public var pattern: String?
        public var format: String?
        public var check: (@Sendable (String) -> Bool)?
    }

    public struct Property: Sendable {
        public let name: String
        public var schema: Schema
        public let isRequired: Bool
    }

    public var kind: Kind
    /// What the value is, for people.
    public var title: Bilingual?
    /// Whether `null` is allowed, meaning the same as leaving the member out.
    public var isNullable = false
    /// Whether the value is nobody else's business: no fault repeats it, and `rpc.discover` shows it as `writeOnly`.
    public var isSecret = false

    public init(_ kind: Kind, title: Bilingual? = nil) {
        self.kind = kind
        self.title = title
    }

    /// The same, for values that are never repeated.
    public var secret: Schema {
        var schema = self
        schema.isSecret = true
        return schema
    }

    public static let any = Schema(.any)
    public static let boolean = Schema(.boolean)

    public static func integer(min: Int64 = .min, max: Int64 = .max, title: Bilingual? = nil) -> Schema {
        Schema(.integer(min: min, max: max), title: title)
    }

    public static func number(
        min: Double = -.greatestFiniteMagnitude, max: Double = .greatestFiniteMagnitude, title: Bilingual? = nil
    ) -> Schema {
        Schema(.number(min: min, max: max), title: title)
    }

    public static func string(
        minLength: Int = 0, maxLength: Int = .max, pattern: String? = nil, format: String? = nil,
        title: Bilingual? = nil, check: (@Sendable (String) -> Bool)? = nil
    ) -> Schema {
        Schema(
            .string(Text(length: minLength...maxLength, pattern: pattern, format: format, check: check)), title: title)
    }

    public static func choice(_ values: [String], title: Bilingual? = nil) -> Schema {
        Schema(.choice(values), title: title)
    }

    public static func array(_ items: Schema, count: ClosedRange<Int> = 0...Int.max) -> Schema {
        Schema(.array(items, count: count))
    }
}

/// A scalar type of the vocabulary that says itself what its JSON looks like.
public protocol Described: Decodable {
    static var schema: Schema { get }
    /// Any valid value: the probe that reads schemas off types needs one to go on.
    static var sample: Self { get }
}

/// A parameter type that narrows some of its properties.
public protocol Constrained {
    /// By property name.
    static var constraints: [String: Schema.Constraint] { get }
}

extension Schema {
    public enum Constraint: Sendable {
        /// Of a string, in Unicode scalars.
        case length(ClosedRange<Int>)
        /// Of an integer.
        case atLeast(Int64)
        case range(ClosedRange<Int64>)
        /// Of a number with a fraction.
        case between(ClosedRange<Double>)
        /// Of an array.
        case count(ClosedRange<Int>)

        public static func range(_ range: PartialRangeFrom<Int64>) -> Constraint { .atLeast(range.lowerBound) }
    }

    /// The schema narrowed by a constraint. A constraint that does not fit the kind is a programming error.
    func narrowed(by constraint: Constraint) -> Schema {
        var schema = self
        switch (constraint, kind) {
        case (.length(let range), .string(var text)):
            text.length = range
            schema.kind = .string(text)
        case (.atLeast(let low), .integer(_, let max)): schema.kind = .integer(min: low, max: max)
        case (.range(let range), .integer): schema.kind = .integer(min: range.lowerBound, max: range.upperBound)
        case (.between(let range), .number): schema.kind = .number(min: range.lowerBound, max: range.upperBound)
        case (.count(let range), .array(let items, _)): schema.kind = .array(items, count: range)
        case (.length, .array(let items, let count)):
            schema.kind = .array(items.narrowed(by: constraint), count: count)
        default: preconditionFailure("constraint \(constraint) does not fit \(kind)")
        }
        return schema
    }
}
