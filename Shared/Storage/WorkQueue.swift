import DequeModule
import Dispatch
import Synchronization

/// A bounded queue from many threads to a few that wait for work.
final class WorkQueue<Work: Sendable>: Sendable {
    private struct State {
        var waiting: Deque<Work> = []
        var sleepers = 0
        var isOpen = true
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { state.withLock { $0.waiting.count } }
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Nil when the work was taken.
    func put(_ work: Work) -> StorageError? {
        let (refusal, wakes) = state.withLock { state -> (StorageError?, Bool) in
            guard state.isOpen else { return (.closed, false) }
            guard state.waiting.count < limit else { return (.full(waiting: state.waiting.count), false) }
            state.waiting.append(work)
            guard state.sleepers > 0 else { return (nil, false) }
            state.sleepers -= 1
            return (nil, true)
        }
        if wakes { wake.signal() }
        return refusal
    }

    /// The next work; waits for it. Nil when the queue is closed and empty.
    func take() -> Work? {
        while true {
            let (work, ended) = state.withLock { state -> (Work?, Bool) in
                if let work = state.waiting.popFirst() { return (work, false) }
                guard state.isOpen else { return (nil, true) }
                state.sleepers += 1
                return (nil, false)
            }
            if ended { return nil }
            if let work { return work }
            wake.wait()
        }
    }

    /// The next work if there is some now.
    func takeIfPresent() -> Work? {
        state.withLock { $0.waiting.popFirst() }
    }

    /// Takes nothing more; what waits is still handed out.
    func close() {
        let sleepers = state.withLock { state in
            state.isOpen = false
            defer { state.sleepers = 0 }
            return state.sleepers
        }
        for _ in 0..<sleepers { wake.signal() }
    }
}
