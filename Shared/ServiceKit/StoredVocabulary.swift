public import Storage
public import Vocabulary

// How the vocabulary stands in columns: amounts, TRL and instants as integers, the rest as text.

extension Won: SQLValue {
    public var sql: SQLScalar { .integer(amount) }
    public init?(sql: SQLScalar) {
        guard case .integer(let value) = sql else { return nil }
        self.init(value)
    }
}

extension Instant: SQLValue {
    public var sql: SQLScalar { .integer(milliseconds) }
    public init?(sql: SQLScalar) {
        guard case .integer(let value) = sql else { return nil }
        self.init(milliseconds: value)
    }
}

extension TRL: SQLValue {
    public var sql: SQLScalar { .integer(Int64(level)) }
    public init?(sql: SQLScalar) {
        guard case .integer(let value) = sql, let level = Int(exactly: value) else { return nil }
        self.init(level)
    }
}

extension ID: SQLValue {
    public var sql: SQLScalar { .text(description) }
    public init?(sql: SQLScalar) {
        guard case .text(let text) = sql else { return nil }
        self.init(text)
    }
}

extension Day: SQLValue {
    public var sql: SQLScalar { .text(description) }
    public init?(sql: SQLScalar) {
        guard case .text(let text) = sql else { return nil }
        self.init(text)
    }
}

extension Region: SQLValue {}
extension StrategicIndustry: SQLValue {}
extension KSICSection: SQLValue {}
extension ScienceField: SQLValue {}
extension HoldState: SQLValue {}
