import GRDB
import GRDBSQLite

extension StorageError {
    /// The error of GRDB as ours. `path` is the file of the database.
    init(engine error: any Error, path: String, sql: String = "") {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError:
            let code = error.extendedResultCode.rawValue
            self.init(SQLiteFailure(code, error.message ?? "SQLite \(code)"), path: path, sql: sql)
        default: self = .statement(message: "\(error)", sql: sql)
        }
    }

    /// SQLite's error as ours: https://sqlite.org/rescode.html
    init(_ failure: SQLiteFailure, path: String, sql: String) {
        let message = failure.message
        // The low byte of an extended code is the primary one.
        switch failure.code & 0xff {
        case SQLITE_CONSTRAINT: self = .constraint(Constraint(failure.code), message: message)
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(path: path, message: message)
        case SQLITE_FULL: self = .noSpace(path: path)
        case SQLITE_READONLY:
            // A reader that tries to write is a mistake of ours, not of the disk.
            self =
                sql.isEmpty || !SQLiteFile.canWrite(path)
                ? .readOnly(path: path) : .statement(message: "\(message): a read cannot write", sql: sql)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: self = .cannotOpen(path: path, reason: message)
        case SQLITE_INTERRUPT: self = .interrupted
        case SQLITE_IOERR: self = .device(path: path, message: message)
        default: self = .statement(message: message, sql: sql)
        }
    }
}

extension StorageError.Constraint {
    fileprivate init(_ code: Int32) {
        switch ResultCode(rawValue: code) {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: self = .unique
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_NOTNULL: self = .notNull
        case .SQLITE_CONSTRAINT_CHECK: self = .check
        default: self = .rule
        }
    }
}
