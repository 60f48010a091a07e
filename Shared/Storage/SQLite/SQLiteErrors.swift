import GRDB

extension StorageError {
    /// The engine's error as ours. `path` is the file of the database.
    init(engine error: any Error, path: String, sql: String = "") {
        guard let error = error as? DatabaseError else {
            self = (error as? StorageError) ?? .statement(message: "\(error)", sql: sql)
            return
        }
        let message = error.message ?? "SQLite \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: self = .constraint(Constraint(error.extendedResultCode), message: message)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, message: message)
        case .SQLITE_FULL: self = .noSpace(path: path)
        case .SQLITE_READONLY:
            // A reader that tries to write is a mistake of ours, not of the disk.
            self = sql.isEmpty ? .readOnly(path: path) : .readOnlyOr(statement: sql, path: path, message: message)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(path: path, reason: message)
        case .SQLITE_IOERR: self = .device(path: path, message: message)
        default: self = .statement(message: message, sql: sql)
        }
    }

    private static func readOnlyOr(statement sql: String, path: String, message: String) -> StorageError {
        SQLiteFile.canWrite(path)
            ? .statement(message: "\(message): a read cannot write", sql: sql) : .readOnly(path: path)
    }
}

extension StorageError.Constraint {
    fileprivate init(_ code: ResultCode) {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: self = .unique
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_NOTNULL: self = .notNull
        case .SQLITE_CONSTRAINT_CHECK: self = .check
        default: self = .rule
        }
    }
}
