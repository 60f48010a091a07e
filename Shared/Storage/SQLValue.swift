/// What a column can hold, in any engine.
public enum SQLScalar: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The name of the kind, for messages.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "integer"
        case .real: "real"
        case .text: "text"
        case .blob: "blob"
        }
    }
}

/// A value that a column can hold. An enum with `String` raw values conforms by naming the protocol:
/// `enum State: String, SQLValue`.
public protocol SQLValue: Sendable {
    var sql: SQLScalar { get }
    /// Nil when the scalar is not a value of this type; the reader then throws `StorageError.mismatch`.
    init?(sql: SQLScalar)
}

extension SQLValue where Self: RawRepresentable, RawValue == String {
    public var sql: SQLScalar { .text(rawValue) }

    public init?(sql: SQLScalar) {
        guard case .text(let text) = sql else { return nil }
        self.init(rawValue: text)
    }
}

extension SQLScalar: SQLValue {
    public var sql: SQLScalar { self }
    public init?(sql: SQLScalar) { self = sql }
}

extension Int64: SQLValue {
    public var sql: SQLScalar { .integer(self) }

    public init?(sql: SQLScalar) {
        guard case .integer(let value) = sql else { return nil }
        self = value
    }
}

extension Int: SQLValue {
    public var sql: SQLScalar { .integer(Int64(self)) }

    public init?(sql: SQLScalar) {
        guard case .integer(let value) = sql else { return nil }
        self.init(exactly: value)
    }
}

extension Bool: SQLValue {
    public var sql: SQLScalar { .integer(self ? 1 : 0) }

    /// 0 and 1 only, so that a wrong column is noticed.
    public init?(sql: SQLScalar) {
        switch sql {
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension Double: SQLValue {
    public var sql: SQLScalar { .real(self) }

    public init?(sql: SQLScalar) {
        switch sql {
        case .real(let value): self = value
        case .integer(let value): self.init(exactly: value)
        default: return nil
        }
    }
}

extension String: SQLValue {
    public var sql: SQLScalar { .text(self) }

    public init?(sql: SQLScalar) {
        guard case .text(let value) = sql else { return nil }
        self = value
    }
}

extension [UInt8]: SQLValue {
    public var sql: SQLScalar { .blob(self) }

    public init?(sql: SQLScalar) {
        guard case .blob(let value) = sql else { return nil }
        self = value
    }
}
