public import JSON

// The JSON forms of this module's values: one scalar each, so that a wrong one is reported at its own place in the
// document. (Money reads as an integer, not as text: every client can add it up.)

/// A value with one text form, which is its JSON form; `init?(_:)` and `description` of the type are reader and writer.
public protocol TextCoded: Described, Encodable, LosslessStringConvertible, Sendable {
    /// What it is called in an error message.
    static var title: Bilingual { get }
    /// The regular expression of a correct text, for people and for generated clients.
    static var pattern: String { get }
    /// The `format` of JSON Schema, where it has one.
    static var format: String? { get }
}

extension TextCoded {
    public static var format: String? { nil }

    public static var schema: Schema {
        .string(pattern: pattern, format: format, title: title, check: { Self($0) != nil })
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is not a valid \(Self.title.en)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Instant: TextCoded {
    public static let title = Bilingual(ko: "시각", en: "moment in time")
    public static let pattern = #"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$"#
    public static let format: String? = "date-time"
    public static let sample = Instant(milliseconds: 0)
}

extension Day: TextCoded {
    public static let title = Bilingual(ko: "날짜", en: "date")
    public static let pattern = #"^\d{4}-\d\d-\d\d$"#
    public static let format: String? = "date"
    public static let sample = Day(number: 0)
}

extension ID: TextCoded, Codable {
    public static var title: Bilingual { Bilingual(ko: "식별자", en: "identifier") }
    public static var pattern: String { "^\(Kind.prefix)_[0-9a-f]{32}$" }
    public static var sample: ID { ID(high: 0x7000, low: 1 << 63) }
}

extension BusinessNumber: TextCoded {
    public static let title = Bilingual(ko: "사업자등록번호", en: "business registration number")
    public static let pattern = #"^\d{3}-?\d{2}-?\d{5}$"#
    public static let sample = BusinessNumber(checked: "0000000000")
}

extension Won: Described, Codable {
    public static let schema = Schema.integer(
        min: -largest.amount, max: largest.amount, title: Bilingual(ko: "금액(원)", en: "amount in won"))
    public static let sample = Won.zero

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        amount = try container.decode(Int64.self)
        guard amount.magnitude <= Self.largest.amount.magnitude else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be within ±\(Self.largest.amount) won")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(amount)
    }
}

extension TRL: Described, Codable {
    public static let schema = Schema.integer(
        min: 1, max: 9, title: Bilingual(ko: "기술성숙도(TRL)", en: "technology readiness level"))
    public static let sample = TRL.lowest

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let trl = TRL(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be an integer from 1 to 9")
        }
        self = trl
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(level)
    }
}

extension Interval: Described, Codable {
    private struct Shape: Codable {
        let start: Instant
        let end: Instant
    }

    public static let schema = Schema.of(Shape.self)
    public static let sample = Interval(from: .sample, lasting: 1)

    public init(from decoder: any Decoder) throws {
        let shape = try Shape(from: decoder)
        guard let interval = Interval(start: shape.start, end: shape.end) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "the end must be after the start"))
        }
        self = interval
    }

    public func encode(to encoder: any Encoder) throws {
        try Shape(start: start, end: end).encode(to: encoder)
    }
}

extension Figure: Described, Codable {
    private struct Shape: Codable {
        var known: Won?
        var open: Bilingual?
    }

    public static let schema = Schema.of(Shape.self)
    public static let sample = Figure.known(.zero)

    public init(from decoder: any Decoder) throws {
        let shape = try Shape(from: decoder)
        switch (shape.known, shape.open) {
        case (let amount?, nil): self = .known(amount)
        case (nil, let reason?): self = .open(reason: reason)
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "must have either known or open"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let shape: Shape =
            switch self {
            case .known(let amount): Shape(known: amount)
            case .open(let reason): Shape(open: reason)
            }
        try shape.encode(to: encoder)
    }
}
