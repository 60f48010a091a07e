import Synchronization

/// The one thread that writes. All writes that wait go into one transaction, a savepoint each, and are answered
/// together after the one sync: a commit costs the disk the same for one write as for a hundred.
final class Writer: Sendable {
    /// What the writer is asked to do.
    enum Work: Sendable {
        /// Runs the body inside the group's transaction and returns what to call with the outcome of the commit.
        case write(
            @Sendable (Connection) throws -> @Sendable (StorageError?) -> Void, failed: @Sendable (any Error) -> Void)
        /// Runs alone, outside any transaction: a read of a database in memory, a backup.
        case alone(@Sendable (SQLiteSession) -> Void)
    }

    private typealias Completion = @Sendable (StorageError?) -> Void

    let queue: WorkQueue<Work>
    private let limits: Database.Limits
    private let counts = Mutex(Database.Counts())

    init(limits: Database.Limits) {
        self.limits = limits
        queue = WorkQueue(limit: limits.waitingWrites)
    }

    var statistics: Database.Counts { counts.withLock { $0 } }

    /// Runs until the queue is closed and empty.
    func run(_ session: SQLiteSession) {
        while let work = queue.take() {
            var next: Work? = work
            while let current = next {
                switch current {
                case .alone(let body):
                    body(session)
                    next = nil
                case .write:
                    next = group(startingWith: current, session)
                }
            }
        }
    }

    /// Runs one group and returns the work that ended it without belonging to it.
    private func group(startingWith first: Work, _ session: SQLiteSession) -> Work? {
        var members: [Completion] = []
        var refused: [() -> Void] = []
        var rest: Work?
        do {
            try session.begin()
            let end = ContinuousClock.now + limits.groupDuration
            var next: Work? = first
            var size = 0
            while let work = next {
                guard case .write(let body, let failed) = work else {
                    rest = work
                    break
                }
                size += 1
                switch attempt(body, session) {
                case .success(let completion): members.append(completion)
                case .failure(let error): refused.append { failed(error) }
                }
                guard session.isInsideTransaction else {
                    throw StorageError.commitFailed("the engine ended it, as it does on a full disk")
                }
                next = size < limits.groupWrites && ContinuousClock.now < end ? queue.takeIfPresent() : nil
            }
            try commit(session)
            count(committed: members.count, refused: refused.count)
            for complete in members { complete(nil) }
        } catch {
            session.rollBack()
            count(committed: 0, refused: refused.count + members.count)
            let failure = (error as? StorageError) ?? .commitFailed("\(error)")
            if members.isEmpty && refused.isEmpty, case .write(_, let failed) = first { failed(failure) }
            for complete in members { complete(failure) }
        }
        for answer in refused { answer() }
        return rest
    }

    /// A rule that is checked only at the end of the transaction breaks it for everybody in the group.
    private func commit(_ session: SQLiteSession) throws(StorageError) {
        do {
            try session.commit()
        } catch .constraint(_, let message) {
            throw .commitFailed(message)
        }
    }

    private func attempt(
        _ body: (Connection) throws -> Completion, _ session: SQLiteSession
    ) -> Result<Completion, any Error> {
        do {
            try session.begin(savepoint: "job")
        } catch {
            return .failure(error)
        }
        let connection = Connection(session)
        defer { connection.end() }
        do {
            let completion = try body(connection)
            try session.release(savepoint: "job")
            return .success(completion)
        } catch {
            if session.isInsideTransaction {
                do { try session.rollBack(savepoint: "job") } catch { session.rollBack() }
            }
            return .failure(error)
        }
    }

    private func count(committed: Int, refused: Int) {
        counts.withLock { counts in
            if committed > 0 { counts.commits += 1 }
            counts.writes += committed
            counts.failures += refused
            counts.largestGroup = max(counts.largestGroup, committed)
        }
    }
}
