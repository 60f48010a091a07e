/// One transaction's view of the database, on the thread that runs it. Valid inside the closure that receives it and
/// not after: it is not Sendable, and a use after the end throws `StorageError.closed`.
///
/// Placeholders are `?`, in order. Statements are prepared once for each thread and kept.
public final class Connection {
    private var session: SQLiteSession?

    init(_ session: SQLiteSession) {
        self.session = session
    }

    /// Nobody can use it any more.
    func end() {
        session?.interrupt(when: nil)
        session = nil
    }

    /// From now on a statement that runs for long is ended with `interrupted` when nobody waits for it any more. For
    /// reads.
    ///
    /// - Parameter mustEnd: asked about every millisecond that a statement runs, on its thread.
    public func interrupt(when mustEnd: @escaping () -> Bool) throws(StorageError) {
        try open().interrupt(when: mustEnd)
    }

    /// Runs a statement and returns how many rows it inserted, changed or deleted.
    @discardableResult
    public func run(_ sql: String, _ arguments: (any SQLValue)?...) throws(StorageError) -> Int {
        try run(sql, arguments)
    }

    @discardableResult
    public func run(_ sql: String, _ arguments: [(any SQLValue)?]) throws(StorageError) -> Int {
        try open().run(sql, arguments)
    }

    /// All rows of a query, or of a statement with RETURNING.
    public func rows(_ sql: String, _ arguments: (any SQLValue)?...) throws(StorageError) -> [Row] {
        try rows(sql, arguments)
    }

    public func rows(_ sql: String, _ arguments: [(any SQLValue)?]) throws(StorageError) -> [Row] {
        var rows: [Row] = []
        try open().each(sql, arguments) { row in
            rows.append(row)
            return true
        }
        return rows
    }

    /// The first row of a query, or of a statement with RETURNING.
    public func row(_ sql: String, _ arguments: (any SQLValue)?...) throws(StorageError) -> Row? {
        try row(sql, arguments)
    }

    public func row(_ sql: String, _ arguments: [(any SQLValue)?]) throws(StorageError) -> Row? {
        var first: Row?
        // A statement that writes must run to its end: a half-stepped RETURNING changes only a part of its rows.
        try open().each(sql, arguments) { row in
            if first == nil { first = row }
            return false
        }
        return first
    }

    /// Rows one at a time, for results that should not stand in memory. What `body` throws ends the query.
    public func each(_ sql: String, _ arguments: [(any SQLValue)?], _ body: (Row) throws -> Void) throws {
        var failure: (any Error)?
        try open().each(sql, arguments) { row in
            do {
                try body(row)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    public func each(_ sql: String, _ body: (Row) throws -> Void) throws {
        try each(sql, [], body)
    }

    /// Runs `body` so that its changes, and only its changes, are undone when it throws. Only inside a write.
    public func savepoint<R>(_ body: () throws -> R) throws -> R {
        let session = try open()
        try session.begin(savepoint: "inner")
        do {
            let result = try body()
            try session.release(savepoint: "inner")
            return result
        } catch {
            try session.rollBack(savepoint: "inner")
            throw error
        }
    }

    private func open() throws(StorageError) -> SQLiteSession {
        guard let session else { throw .closed }
        // Whoever caught the error that ended it and goes on would write for good, and alone.
        guard session.isInsideTransaction else { throw .commitFailed("the engine ended the transaction") }
        return session
    }
}
