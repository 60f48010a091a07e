/// One row of a result: a value, independent of the connection it came from.
public struct Row: Sendable {
    /// Names in the order of the statement.
    public let columns: [String]
    public let scalars: [SQLScalar]

    /// The value of a column that is never NULL.
    public func get<T: SQLValue>(_ column: String) throws(StorageError) -> T {
        try value(at: position(of: column))
    }

    /// The value of a column, nil for NULL.
    public func getIfPresent<T: SQLValue>(_ column: String) throws(StorageError) -> T? {
        let position = try position(of: column)
        if case .null = scalars[position] { return nil }
        return try value(at: position)
    }

    private func position(of column: String) throws(StorageError) -> Int {
        guard let position = columns.firstIndex(of: column) else { throw .noColumn(column, has: columns) }
        return position
    }

    private func value<T: SQLValue>(at position: Int) throws(StorageError) -> T {
        guard let value = T(sql: scalars[position]) else {
            throw .mismatch(column: columns[position], wanted: "\(T.self)", found: scalars[position].kind)
        }
        return value
    }
}
