import Foundation
import Synchronization

/// One service's database. It is opened by one process, has one thread that writes and a few that read.
///
/// Reads see the state of one moment (a snapshot) and never wait for writes. Writes are grouped: `write` returns when
/// its changes are on the disk. The engine below does not show: SQL is written in the common subset of SQLite and
/// PostgreSQL, with `?` as placeholder.
public final class Database: Sendable {
    /// Every queue and wait has a limit.
    public struct Limits: Sendable {
        /// Threads that read.
        public var readers = 3
        /// Writes that may wait; one more is refused with `StorageError.full`.
        public var waitingWrites = 10_000
        /// Reads that may wait; one more is refused with `StorageError.full`.
        public var waitingReads = 10_000
        /// Writes in one transaction.
        public var groupWrites = 256
        /// After this time a group takes no further write.
        public var groupDuration = Duration.milliseconds(20)
        /// How long to wait for another process that holds the file, in seconds.
        public var busySeconds = 5.0

        public init() {}
    }

    /// What happened since the start.
    public struct Counts: Sendable, Equatable {
        /// Transactions, each with one sync.
        public var commits = 0
        /// Writes in them.
        public var writes = 0
        /// Writes that threw, or whose commit failed.
        public var failures = 0
        public var largestGroup = 0
        public var waitingWrites = 0
        public var waitingReads = 0
    }

    private let file: SQLiteFile
    private let writer: Writer
    private let readers: Readers?
    /// Those that read and those that copy; the writer waits for them before it ends.
    private let reading = Threads()
    private let writing = Threads()

    /// Opens or creates the database and brings its schema up to date. Blocks while it does.
    ///
    /// - Parameter path: the file; nil for a private database in memory, for tests.
    public init(path: String?, migrations: [Migration], limits: Limits = Limits()) throws(StorageError) {
        file = SQLiteFile(path: path, busySeconds: limits.busySeconds)
        writer = Writer(limits: limits)
        let name = file.name
        let connection = try file.openWriter()
        do {
            try connection.use { session in try migrations.apply(to: session, path: name) }
        } catch {
            throw StorageError(engine: error, path: name)
        }
        readers = path == nil ? nil : Readers(limit: limits.waitingReads)
        if let readers {
            for number in 1...max(1, limits.readers) {
                let connection = try file.openReader()
                reading.start("sql-read-\(number)") {
                    connection.use { readers.run($0) }
                    connection.close()
                }
            }
        }
        writing.start("sql-write") { [writer, reading] in
            connection.use { writer.run($0) }
            // The last to close empties the log and removes it, and a connection that only reads cannot.
            reading.join()
            connection.use { session in _ = try? session.emptyLog() }
            connection.close()
        }
    }

    deinit {
        writer.queue.close()
        readers?.queue.close()
    }

    public var counts: Counts {
        var counts = writer.statistics
        counts.waitingWrites = writer.queue.count
        counts.waitingReads = readers?.queue.count ?? 0
        return counts
    }

    /// Runs `body` on a reader thread, over the state of one moment.
    public func read<R: Sendable>(_ body: @escaping @Sendable (Connection) throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            submitRead { connection in
                continuation.resume(with: Result { try body(connection.get()) })
            }
        }
    }

    /// Runs `body` on the writer thread and returns after its changes are on the disk. When `body` throws, its changes
    /// and only its changes are undone.
    @discardableResult
    public func write<R: Sendable>(_ body: @escaping @Sendable (Connection) throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            submitWrite(body) { continuation.resume(with: $0) }
        }
    }

    /// `read` without a task: `body` runs on a reader thread, or at once with an error.
    public func submitRead(_ body: @escaping @Sendable (Result<Connection, StorageError>) -> Void) {
        let refusal: StorageError?
        if let readers {
            refusal = readers.queue.put(body)
        } else {
            refusal = writer.queue.put(.alone { session in Readers.answer(body, session) })
        }
        if let refusal { body(.failure(refusal)) }
    }

    /// `write` without a task: `then` runs on the writer thread after the commit, or at once when the write is
    /// refused. It must not block.
    public func submitWrite<R: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> R,
        then: @escaping @Sendable (Result<R, any Error>) -> Void
    ) {
        let refusal = writer.queue.put(
            .write(
                { connection in
                    let result = try body(connection)
                    return { failure in then(failure.map { .failure($0) } ?? .success(result)) }
                },
                failed: { then(.failure($0)) }))
        if let refusal { then(.failure(refusal)) }
    }

    /// Copies the whole database, as it is at one moment, to a single file, while reads and writes go on. The copy is
    /// checked before it takes its name; a file of that name is replaced.
    ///
    /// - Parameter goesOn: hears how many pages of how many are copied, on the copying thread; false gives the copy up.
    public func backup(
        to path: String, _ goesOn: @escaping @Sendable (_ done: Int, _ total: Int) -> Bool = { _, _ in true }
    ) async throws {
        guard file.path != nil else {
            throw StorageError.backupFailed(path: path, message: "a database in memory is not backed up")
        }
        guard writer.queue.isOpen else { throw StorageError.closed }
        try await withCheckedThrowingContinuation { continuation in
            reading.start("sql-copy") { [file] in
                continuation.resume(with: Result { try file.backup(to: path, goesOn) })
            }
        }
    }

    /// Brings everything that was written into the main file and empties the log of recent writes, so that bytes which
    /// a write replaced are in neither. Readers that still look at the past hold it up, a backup for as long as it
    /// takes.
    ///
    /// - Returns: false when readers held it up for all of `limit`.
    public func emptyLog(within limit: Duration = .seconds(5)) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            let emptied = try await withCheckedThrowingContinuation { continuation in
                let refusal = writer.queue.put(
                    .alone { session in continuation.resume(with: Result { try session.emptyLog() }) })
                if let refusal { continuation.resume(throwing: refusal) }
            }
            if emptied { return true }
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Takes no more work, finishes what waits and closes the files; one plain file is left, without a log beside it.
    /// Blocks until then; not to be called from a closure of this database. A second call does nothing.
    public func close() {
        writer.queue.close()
        readers?.queue.close()
        writing.join()
    }
}
