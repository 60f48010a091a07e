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
        let signals = await UnixSignalsSequence(trapping: .sigint)
        let bar = ProgressBar()
        let items = Mutex<[JSON]>([])
        let call = Task {
            try await self.call(method, params, service: service, key: key, deadline: deadline) { value in
                if let some = value["items"]?.array { items.withLock { $0 += some } } else { bar.show(value) }
            }
        }
        let stopping = Task {
            for await _ in signals {
                if call.isCancelled { Terminal.exit(.interrupted) }
                call.cancel()
            }
        }
        defer {
            stopping.cancel()
            bar.clear()
        }
        var result = try await call.value
        let before = items.withLock { $0 }
        if !before.isEmpty { result["items"] = .array(before + (result["items"]?.array ?? [])) }
        return result
    }
}
