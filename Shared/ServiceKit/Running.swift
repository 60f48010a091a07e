import JSON
import Storage
import Synchronization
import Vocabulary

/// The requests that a service has taken and not answered, by the gateway's name for them: where a cancellation finds
/// its own.
final class Running: Sendable {
    /// One message's worth of work: a request, or a batch.
    final class Request: Sendable {
        private struct State {
            var isCancelled = false
            var tasks: [Task<Void, Never>] = []
            var nextPartial: ContinuousClock.Instant?
        }

        /// PARTIALs of one request follow each other after so long: often enough to be looked at.
        static let pace = Duration.milliseconds(100)

        /// Sends a PARTIAL; nil when the caller does not want any. False when it cannot be taken at the moment.
        let partial: (@Sendable ([UInt8]) -> Bool)?
        fileprivate let running: Running
        private let state = Mutex(State())

        init(_ running: Running, partial: (@Sendable ([UInt8]) -> Bool)?) {
            self.running = running
            self.partial = partial
        }

        /// By which its handler calls other services; nil in the gateway itself, and in tests.
        var client: Client? { running.client.withLock { $0 } }
        var now: Instant { running.clock() }
        var isCancelled: Bool { state.withLock { $0.isCancelled } }

        func cancel() {
            let tasks = state.withLock { state in
                state.isCancelled = true
                return state.tasks
            }
            for task in tasks { task.cancel() }
        }

        /// The task that handles it: cancelled with it, even if that was before.
        func isHandled(by task: Task<Void, Never>) {
            let isCancelled = state.withLock { state in
                state.tasks.append(task)
                return state.isCancelled
            }
            if isCancelled { task.cancel() }
        }

        /// Whether it is time for a PARTIAL, which then goes out.
        func isPartialDue(evenNow: Bool) -> Bool {
            let now = ContinuousClock.now
            return state.withLock { state in
                if !evenNow, let next = state.nextPartial, now < next { return false }
                state.nextPartial = now + Self.pace
                return true
            }
        }
    }

    let client = Mutex<Client?>(nil)
    private let clock: @Sendable () -> Instant
    private let requests = Mutex<[String: Request]>([:])

    init(clock: @escaping @Sendable () -> Instant) { self.clock = clock }

    func begin(_ id: String, _ request: Request) { requests.withLock { $0[id] = request } }
    func end(_ id: String) { requests.withLock { _ = $0.removeValue(forKey: id) } }

    /// The task of an action is cancelled, the statement of a query ended, a query or command that has not begun is
    /// dropped. A command that has begun commits and answers: half of it would be worse.
    func cancel(_ id: String) { requests.withLock { $0[id] }?.cancel() }
}

extension Call {
    /// Runs a handler until the request's deadline or its cancellation; then its task is cancelled, and what it still
    /// says is the answer. It ends when the handler has ended: no work goes on that nobody counts.
    func bounded<R: Sendable>(
        at now: Instant, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        do {
            guard let deadline else { return try await body() }
            let left = Duration.milliseconds(deadline.milliseconds - now.milliseconds)
            return try await withThrowingTaskGroup(of: R?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    try? await Task.sleep(for: left)
                    return nil
                }
                while let first = try await group.next() {
                    group.cancelAll()
                    if let result = first { return result }
                }
                throw CancellationError()
            }
        } catch  where Self.isEndOfWork(error) {
            throw Fault(request?.isCancelled ?? false ? .cancelled : .deadlineExceeded, data: ["started": true])
        }
    }

    /// Runs a read whose statements end with the request.
    func reading<R>(_ db: Connection, _ body: () throws -> R) throws -> R {
        try db.interrupt { (try? mustGoOn()) == nil }
        do { return try body() } catch StorageError.interrupted {
            try mustGoOn()
            throw StorageError.interrupted
        }
    }

    /// How a handler ends that was told to: its own cancellation, or the end of a call it waited for.
    private static func isEndOfWork(_ error: any Error) -> Bool {
        if error is CancellationError { return true }
        let code = (error as? Fault)?.code
        return code == .cancelled || code == .deadlineExceeded
    }
}
