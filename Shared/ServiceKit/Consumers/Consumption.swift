public import JSON
import Logging
import Storage
import Synchronization
import Vocabulary

/// Reads `gateway.events.read`: the events after a sequence, of some types.
public typealias ReadEvents =
    @Sendable (_ after: Int64, _ types: [String], _ limit: Int) async throws -> JSON

/// One consumer of a running service. The log is the only source: what a subscription brings is the word that there is
/// something new. So it does not matter which events a subscriber missed, or gets twice.
final class Consumption: Sendable {
    /// Events read at once.
    static let page = 100
    /// So many events of no interest are noted in the database, so that a restart does not look for them where the log
    /// has forgotten them.
    static let stride: Int64 = 1_000
    /// How often an event that cannot be handled is tried. The pauses between double: from 50 ms they take 13 s.
    static let attempts = 9

    struct Progress: Sendable {
        /// Everything up to here is handled or of no interest.
        var seen: Int64 = 0
        /// The last sequence of the log, when it was read last.
        var last: Int64 = 0
        /// Events that the log had forgotten before they were read.
        var lost: Int64 = 0
    }

    let consumer: Consumer
    private let progress = Mutex(Progress())

    private let firstPause: Duration

    init(_ consumer: Consumer, firstPause: Duration) {
        self.consumer = consumer
        self.firstPause = firstPause
    }

    var state: Progress { progress.withLock { $0 } }

    /// Catches up at each word that there may be something new, until the task is cancelled.
    func run(_ news: AsyncStream<Void>, of service: Service, _ read: ReadEvents) async {
        for await _ in news {
            var pause = firstPause
            while !Task.isCancelled {
                do {
                    try await catchUp(service, read)
                    break
                } catch {
                    service.log.debug("consumer '\(consumer.name)' waits: \(error)")
                    try? await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(2))
                }
            }
        }
    }

    /// Handles everything that the log has now.
    ///
    /// - Throws: what stands in the way and may pass: the log cannot be reached, the disk is full.
    func catchUp(_ service: Service, _ read: ReadEvents) async throws {
        let stored = try await service.database.read { [consumer] db in
            try ConsumerLedger.position(of: consumer.name, in: db)
        }
        var kept = stored
        var after = progress.withLock { progress in
            progress.seen = max(progress.seen, stored)
            return progress.seen
        }
        while true {
            let answer = try await read(after, consumer.types, Self.page)
            let last = answer["last"]?.integer ?? after
            if last < after { return try await goBack(to: last, from: after, service) }
            noteLoss(answer, after: after, service)
            for json in answer["items"]?.array ?? [] {
                guard let event = Event(json), event.sequence > after else { continue }
                try await handle(event, json, service)
                (after, kept) = (event.sequence, event.sequence)
                progress.withLock { $0.seen = after }
            }
            let next = answer["next"]?.integer
            after = max(after, next ?? last)
            progress.withLock { ($0.seen, $0.last) = (after, last) }
            if after - kept >= Self.stride {
                kept = after
                try await pass(to: after, service)
            }
            if next == nil { return }
        }
    }

    private func pass(to sequence: Int64, _ service: Service) async throws {
        let now = service.clock()
        try await service.database.write { [consumer] db in
            try ConsumerLedger.advance(consumer.name, to: sequence, handled: 0, at: now, in: db)
        }
    }

    private func noteLoss(_ answer: JSON, after: Int64, _ service: Service) {
        // A consumer that never had an event begins with the oldest that is kept.
        guard after > 0, let forgotten = answer["forgotten"]?.integer, forgotten > 0 else { return }
        progress.withLock { $0.lost += forgotten }
        service.log.error(
            "consumer '\(consumer.name)' came too late: the log forgot up to \(forgotten) events after \(after)")
    }

    /// The log ends before what was handled of it: it was restored from a backup, and gives these numbers out again.
    private func goBack(to last: Int64, from after: Int64, _ service: Service) async throws {
        service.log.error(
            "the log ends at \(last), but '\(consumer.name)' handled \(after): it goes on behind \(last)")
        try await service.database.write { [consumer] db in
            try ConsumerLedger.goBack(consumer.name, to: last, in: db)
        }
        progress.withLock { ($0.seen, $0.last) = (last, last) }
    }

    private func handle(_ event: Event, _ json: JSON, _ service: Service) async throws {
        var pause = firstPause
        for attempt in 1... {
            do {
                return try await service.handle(event, by: consumer)
            } catch let error as StorageError where error.mayPass {
                throw error
            } catch {
                guard attempt >= Self.attempts else {
                    try await Task.sleep(for: pause)
                    pause *= 2
                    continue
                }
                return try await setAside(event, json, because: error, service)
            }
        }
    }

    private func setAside(
        _ event: Event, _ json: JSON, because error: any Error, _ service: Service
    ) async throws {
        let fault = (error as? Fault)?.json.text ?? JSON.string("\(error)").text
        let now = service.clock()
        try await service.database.write { [consumer] db in
            try ConsumerLedger.setAside(event, json.text, error: fault, by: consumer.name, at: now, in: db)
        }
        service.statistics.eventsUnhandled.add(1, ordering: .relaxed)
        service.log.error(
            "consumer '\(consumer.name)' set event \(event.sequence) aside; see service.consumers: \(error)")
    }
}

extension Service {
    /// What the event does and the position behind it, in one transaction.
    fileprivate func handle(_ event: Event, by consumer: Consumer) async throws {
        let leftEvents = try await database.write { [self] db in
            guard try ConsumerLedger.position(of: consumer.name, in: db) < event.sequence else { return false }
            let call = Call(
                method: "\(definition.name).consumer", principal: "service:\(definition.name)", roles: [.service],
                requestId: event.id, traceparent: event.traceparent)
            let write = Write(service: definition.name, db: db, call: call, now: clock())
            try consumer.handle(event, write)
            try ConsumerLedger.advance(consumer.name, to: event.sequence, at: write.now, in: db)
            guard !write.events.isEmpty || !write.audits.isEmpty else { return false }
            try ledgers.record(
                write, result: [:], parameters: ["id": .string(event.subject), "reason": .string(consumer.name)])
            return !write.events.isEmpty
        }
        if leftEvents { signalOutbox() }
    }

    /// Handles the events of others until the task is cancelled.
    ///
    /// - Parameter news: one stream for each consumer, in the order of the definition: a word whenever there may be
    ///   something new.
    public func consume(_ news: [AsyncStream<Void>], read: @escaping ReadEvents) async {
        await withTaskGroup { group in
            for (consumption, news) in zip(consumptions, news) {
                group.addTask { await consumption.run(news, of: self, read) }
            }
        }
    }
}

extension StorageError {
    /// Not the event's fault: the same write may succeed later.
    fileprivate var mayPass: Bool {
        switch self {
        case .busy, .full, .closed, .noSpace, .readOnly, .commitFailed, .device: true
        default: false
        }
    }
}
