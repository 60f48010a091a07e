public import JSON
import Logging
import Storage
import Synchronization

extension Service {
    /// Runs the jobs at their intervals and hands the outbox over, until the task is cancelled.
    ///
    /// - Parameter deliver: returns when the gateway has stored the events; throws when it could not be reached.
    public func runInBackground(deliver: @escaping @Sendable ([JSON]) async throws -> Void) async {
        let (filled, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        outboxFilled.withLock { $0 = signal }
        signal.yield()
        let counts = try? await database.read { db in
            try (Outbox.countOfRefused(in: db), ConsumerLedger.countOfUnhandled(in: db))
        }
        if let counts {
            statistics.eventsSetAside.store(counts.0, ordering: .relaxed)
            statistics.eventsUnhandled.store(counts.1, ordering: .relaxed)
        }
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
                while try await run(job), !Task.isCancelled {}
            } catch {
                log.error("job '\(job.name)' failed: \(error)")
            }
        }
    }

    /// Runs one job now; returns whether there is more to do.
    @discardableResult
    func run(_ job: Job) async throws -> Bool {
        let body: @Sendable (Write) throws -> Bool
        switch job.body {
        case .read(let look): return try await database.read(look)
        case .write(let write): body = write
        }
        let (isUnfinished, leftEvents) = try await database.write { [self] db in
            let call = Call(
                method: "\(definition.name).job", principal: "service:\(definition.name)", roles: [.service],
                requestId: "")
            let write = Write(service: definition.name, db: db, call: call, now: clock())
            let isUnfinished = try body(write)
            guard !write.events.isEmpty || !write.audits.isEmpty else { return (isUnfinished, false) }
            if write.audits.isEmpty { write.audit(subject: "", reason: job.name) }
            try ledgers.record(write, result: [:], parameters: ["reason": .string(job.name)])
            return (isUnfinished, !write.events.isEmpty)
        }
        if leftEvents { signalOutbox() }
        return isUnfinished
    }

    private func keepKeysFresh() async {
        await repeating(forgettingOldKeys)
    }

    var forgettingOldKeys: Job {
        .inParts("forget old idempotency keys", every: .seconds(600)) { [ledgers] in try ledgers.forgetOldKeys($0) }
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
        // A gateway that is set to smaller messages cannot say so: it does not read what is too large, not even whose
        // request it was. So whatever went wrong, the next attempt is a smaller one.
        let bytes = relayBytes.load(ordering: .relaxed)
        let batch = try await database.read { db in try Outbox.batch(in: db, bytes: bytes) }
        guard !batch.isEmpty else { return false }
        do {
            try await deliver(batch.map { try JSON(parsing: $0.text) })
            try await database.write { db in try Outbox.forget(batch, in: db) }
            relayBytes.store(min(bytes * 2, Outbox.batchBytes), ordering: .relaxed)
        } catch {
            guard refusal(error) != nil else {
                relayBytes.store(max(bytes / 8, 1), ordering: .relaxed)
                throw error
            }
            // One of them is the reason: each goes by itself, so that the others are not held up.
            for entry in batch { try await relay(entry, deliver) }
        }
        return true
    }

    private func relay(_ entry: Outbox.Entry, _ deliver: ([JSON]) async throws -> Void) async throws {
        do {
            try await deliver([try JSON(parsing: entry.text)])
            try await database.write { db in try Outbox.forget([entry], in: db) }
        } catch {
            guard let fault = refusal(error) else { throw error }
            let now = clock()
            try await database.write { db in try Outbox.setAside(entry, because: fault, at: now, in: db) }
            statistics.eventsSetAside.add(1, ordering: .relaxed)
            log.error("an event was refused and set aside; see service.outbox: \(fault.message.en)")
        }
    }

    /// The fault when it lies in the events and would come again; nil when it lies in the way to the log.
    private func refusal(_ error: any Error) -> Fault? {
        switch error {
        case let fault as Fault
        where [.invalidParams, .payloadTooLarge, .parseError, .invalidRequest].contains(fault.code):
            fault
        case let error as JSON.SyntaxError: Fault(.parseError, error.message)
        default: nil
        }
    }
}
