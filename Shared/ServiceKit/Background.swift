public import JSON
import Logging
import Storage
import Synchronization

extension Service {
    /// Events handed over in one call.
    private static let relayBatch = 100

    /// Runs the jobs at their intervals and hands the outbox over, until the task is cancelled.
    ///
    /// - Parameter deliver: returns when the gateway has stored the events; throws when it could not be reached.
    public func runInBackground(deliver: @escaping @Sendable ([JSON]) async throws -> Void) async {
        let (filled, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        outboxFilled.withLock { $0 = { signal.yield() } }
        signal.yield()
        await withTaskGroup { group in
            group.addTask { await self.relay(filled, deliver) }
            group.addTask { await self.keepKeysFresh() }
            for job in definition.jobs {
                group.addTask { await self.repeating(job) }
            }
        }
        signal.finish()
    }

    private func repeating(_ job: Job) async {
        while (try? await Task.sleep(for: job.interval)) != nil {
            do {
                try await run(job)
            } catch {
                log.error("job '\(job.name)' failed: \(error)")
            }
        }
    }

    private func keepKeysFresh() async {
        let job = Job(name: "forget old idempotency keys", every: .seconds(600)) { [ledgers] in
            try ledgers.forgetOldKeys($0)
        }
        await repeating(job)
    }

    private func relay(_ filled: AsyncStream<Void>, _ deliver: ([JSON]) async throws -> Void) async {
        for await _ in filled {
            var pause = Duration.milliseconds(50)
            while !Task.isCancelled {
                do {
                    guard try await relayOnce(deliver) else { break }
                    pause = .milliseconds(50)
                } catch {
                    log.debug("events wait: \(error)")
                    try? await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(2))
                }
            }
        }
    }

    /// Hands the oldest events over and forgets them; false when there were none.
    func relayOnce(_ deliver: ([JSON]) async throws -> Void) async throws -> Bool {
        let batch = try await database.read { db in
            try db.rows("SELECT position, event FROM service_outbox ORDER BY position LIMIT ?", Service.relayBatch)
                .map { row in (position: try row.get("position") as Int64, text: try row.get("event") as String) }
        }
        guard let last = batch.last?.position else { return false }
        try await deliver(try batch.map { try JSON(parsing: $0.text) })
        try await database.write { db in
            try db.run("DELETE FROM service_outbox WHERE position <= ?", last)
        }
        return true
    }
}
