import JSON
import Synchronization
import UnixSignals

extension Line {
    /// A call that a person may watch and stop: a bar on standard error shows its progress, and Ctrl-C takes it back
    /// and waits for what the service still says of it, a second at most. A second Ctrl-C ends the process at once.
    ///
    /// - Returns: the result, with the items that came before it in its `items`.
    func watch(
        _ method: String, _ params: JSON = [:], service: String? = nil, key: String? = nil, deadline: Duration
    ) async throws -> JSON {
        await Interruption.isWatched.value
        let bar = ProgressBar()
        let items = Mutex<[JSON]>([])
        let call = Task {
            try await self.call(method, params, service: service, key: key, deadline: deadline) { value in
                if let some = value["items"]?.array { items.withLock { $0 += some } } else { bar.show(value) }
            }
        }
        Interruption.ends.withLock { $0 = call }
        defer {
            Interruption.ends.withLock { $0 = nil }
            bar.clear()
        }
        var result = try await call.value
        let before = items.withLock { $0 }
        if !before.isEmpty { result["items"] = .array(before + (result["items"]?.array ?? [])) }
        return result
    }
}

/// Ctrl-C, from the first watched call on: it cancels the one that runs, and ends the process when there is none or it
/// was cancelled already.
private enum Interruption {
    static let ends = Mutex<Task<JSON, any Error>?>(nil)

    static let isWatched = Task {
        let signals = await UnixSignalsSequence(trapping: .sigint)
        Task {
            for await _ in signals {
                guard let call = ends.withLock({ $0 }), !call.isCancelled else { Terminal.exit(.interrupted) }
                call.cancel()
            }
        }
    }
}
