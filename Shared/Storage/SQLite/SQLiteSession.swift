import GRDB
import GRDBSQLite

/// One SQLite connection on the thread that owns it: statements in, rows and typed errors out.
@safe final class SQLiteSession {
    private let database: GRDB.Database
    private let handle: OpaquePointer
    private let path: String
    private let interruption: SQLiteInterruption
    /// By their text. Statements stay compiled as long as the session lasts.
    private var statements: [String: SQLiteStatement] = [:]
    /// Each takes some kilobytes; texts that are put together from filters could be very many.
    private static let statementLimit = 256

    init(_ database: GRDB.Database, path: String) {
        guard let handle = unsafe database.sqliteConnection else { preconditionFailure("\(path) is closed") }
        self.database = database
        unsafe self.handle = handle
        self.path = path
        interruption = unsafe SQLiteInterruption(handle)
    }

    /// Ends statements that run while it holds, with `interrupted`.
    func interrupt(when mustEnd: (() -> Bool)?) { interruption.mustEnd = mustEnd }

    var isInsideTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    func run(_ sql: String, _ arguments: [(any SQLValue)?]) throws(StorageError) -> Int {
        try typed(sql) {
            let statement = try prepare(sql)
            try statement.bind(arguments)
            try statement.run { _ in true }
            return statement.isReadOnly ? 0 : unsafe Int(sqlite3_changes(handle))
        }
    }

    /// `body` returns false to end a query early; a statement that writes always runs to its end.
    func each(_ sql: String, _ arguments: [(any SQLValue)?], _ body: (Row) -> Bool) throws(StorageError) {
        try typed(sql) {
            let statement = try prepare(sql)
            try statement.bind(arguments)
            try statement.run(body)
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

    /// Whatever runs inside cannot write. A connection that was opened to read cannot anyway.
    func readOnly<R>(_ body: () throws -> R) throws -> R {
        if unsafe sqlite3_db_readonly(handle, "main") == 1 { return try body() }
        return try database.readOnly(body)
    }

    func begin() throws(StorageError) { try command("BEGIN IMMEDIATE") }
    func beginReading() throws(StorageError) { try command("BEGIN") }
    func commit() throws(StorageError) { try command("COMMIT") }

    /// Ends a transaction that SQLite may have ended by itself.
    func rollBack() {
        guard isInsideTransaction else { return }
        try? command("ROLLBACK")
    }

    func begin(savepoint name: String) throws(StorageError) { try command("SAVEPOINT \(name)") }
    func release(savepoint name: String) throws(StorageError) { try command("RELEASE \(name)") }

    func rollBack(savepoint name: String) throws(StorageError) {
        try command("ROLLBACK TO \(name)")
        try command("RELEASE \(name)")
    }

    private func command(_ sql: String) throws(StorageError) {
        try typed(sql) { try prepare(sql).run { _ in true } }
    }

    private func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        let known = statements[sql]
        if let known, !known.isRunning { return known }
        let statement = unsafe try SQLiteStatement(sql, on: handle)
        if known == nil {
            if statements.count >= Self.statementLimit { statements.removeAll() }
            statements[sql] = statement
        }
        return statement
    }

    private func typed<R>(_ sql: String, _ body: () throws -> R) throws(StorageError) -> R {
        do {
            return try body()
        } catch let error as StorageError {
            throw error
        } catch let error as SQLiteFailure {
            throw StorageError(error, path: path, sql: sql)
        } catch {
            throw StorageError(engine: error, path: path, sql: sql)
        }
    }
}
