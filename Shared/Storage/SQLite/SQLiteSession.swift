import Foundation
import GRDB

/// One SQLite connection on the thread that owns it: statements in, rows and typed errors out.
final class SQLiteSession {
    private let database: GRDB.Database
    private let path: String

    init(_ database: GRDB.Database, path: String) {
        self.database = database
        self.path = path
    }

    var isInsideTransaction: Bool { database.isInsideTransaction }

    func run(_ sql: String, _ arguments: [(any SQLValue)?]) throws(StorageError) -> Int {
        try typed(sql) {
            let statement = try prepare(sql, arguments)
            try statement.execute()
            return statement.isReadonly ? 0 : database.changesCount
        }
    }

    /// `body` returns false to end a query early; a statement that writes always runs to its end.
    func each(_ sql: String, _ arguments: [(any SQLValue)?], _ body: (Row) -> Bool) throws(StorageError) {
        try typed(sql) {
            let statement = try prepare(sql, arguments)
            let columns = statement.columnNames
            let writes = !statement.isReadonly
            let cursor = try GRDB.Row.fetchCursor(statement)
            var wanted = true
            while wanted || writes, let row = try cursor.next() {
                if wanted { wanted = body(Row(columns: columns, scalars: row.databaseValues.map(\.scalar))) }
            }
        }
    }

    /// Several statements at once, without arguments: migrations and pragmas.
    func script(_ sql: String) throws(StorageError) {
        try typed(sql) { try database.execute(sql: sql) }
    }

    /// Brings the log of recent writes into the main file and cuts it to nothing, so that what was overwritten is gone.
    /// Does not wait.
    ///
    /// - Returns: false when a reader still looks at the past.
    func emptyLog() throws(StorageError) -> Bool {
        try typed("PRAGMA wal_checkpoint") {
            let patience = try Int.fetchOne(database, sql: "PRAGMA busy_timeout") ?? 0
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = \(patience)") }
            return try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
        }
    }

    /// Whatever runs inside cannot write.
    func readOnly<R>(_ body: () throws -> R) throws -> R {
        try database.readOnly(body)
    }

    func begin() throws(StorageError) { try command("BEGIN IMMEDIATE") }
    func beginReading() throws(StorageError) { try command("BEGIN") }
    func commit() throws(StorageError) { try command("COMMIT") }

    /// Ends a transaction that SQLite may have ended by itself.
    func rollBack() {
        guard database.isInsideTransaction else { return }
        try? command("ROLLBACK")
    }

    func begin(savepoint name: String) throws(StorageError) { try command("SAVEPOINT \(name)") }
    func release(savepoint name: String) throws(StorageError) { try command("RELEASE \(name)") }

    func rollBack(savepoint name: String) throws(StorageError) {
        try command("ROLLBACK TO \(name)")
        try command("RELEASE \(name)")
    }

    private func command(_ sql: String) throws(StorageError) {
        try typed(sql) { try database.cachedStatement(sql: sql).execute() }
    }

    private func prepare(_ sql: String, _ arguments: [(any SQLValue)?]) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql)
        try statement.setArguments(StatementArguments(arguments.map { try $0?.sql.databaseValue ?? .null }))
        return statement
    }

    private func typed<R>(_ sql: String, _ body: () throws -> R) throws(StorageError) -> R {
        do {
            return try body()
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(engine: error, path: path, sql: sql)
        }
    }
}

extension SQLScalar {
    /// SQLite would cut text at a NUL and turn a NaN into NULL, both without a word; PostgreSQL refuses a NUL too.
    fileprivate var databaseValue: DatabaseValue {
        get throws(StorageError) {
            switch self {
            case .null: return .null
            case .integer(let value): return value.databaseValue
            case .real(let value):
                guard !value.isNaN else { throw .unstorable("A NaN cannot be stored. Store NULL instead.") }
                return value.databaseValue
            case .text(let value):
                guard !value.utf8.contains(0) else {
                    throw .unstorable("Text with a NUL character cannot be stored. Remove the character.")
                }
                return value.databaseValue
            case .blob(let value): return Data(value).databaseValue
            }
        }
    }
}

extension DatabaseValue {
    fileprivate var scalar: SQLScalar {
        switch storage {
        case .null: .null
        case .int64(let value): .integer(value)
        case .double(let value): .real(value)
        case .string(let value): .text(value)
        case .blob(let value): .blob([UInt8](value))
        }
    }
}
