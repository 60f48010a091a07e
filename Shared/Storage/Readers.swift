/// The threads that read, each with its own connection and its own snapshot for each closure.
final class Readers: Sendable {
    typealias Work = @Sendable (Result<Connection, StorageError>) -> Void

    let queue: WorkQueue<Work>

    init(limit: Int) {
        queue = WorkQueue(limit: limit)
    }

    /// Runs on one thread until the queue is closed and empty.
    func run(_ session: SQLiteSession) {
        while let work = queue.take() { Self.answer(work, session) }
    }

    static func answer(_ work: Work, _ session: SQLiteSession) {
        let connection = Connection(session)
        var answered = false
        do {
            try session.readOnly {
                try session.beginReading()
                answered = true
                work(.success(connection))
            }
        } catch {
            if !answered { work(.failure((error as? StorageError) ?? .closed)) }
        }
        // In this order: what ends the work's statements must not end the rollback.
        connection.end()
        session.rollBack()
    }
}
