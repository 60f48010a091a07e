import GRDB

/// One open connection. A thread that works for long takes it once and keeps it.
struct SQLiteConnection: Sendable {
    let queue: DatabaseQueue
    private let path: String

    init(_ queue: DatabaseQueue, path: String) {
        self.queue = queue
        self.path = path
    }

    /// Runs `body` on this thread; no other thread has the connection until it returns.
    func use<R>(_ body: (SQLiteSession) throws -> R) rethrows -> R {
        try queue.writeWithoutTransaction { db in try body(SQLiteSession(db, path: path)) }
    }

    /// Gives the file back; the connection is of no use afterwards.
    func close() {
        try? queue.close()
    }
}
