import Dispatch
import Foundation
import Synchronization

/// Threads of our own for what blocks: SQL never runs on the pool that runs Swift's tasks.
final class Threads: Sendable {
    private let started = Mutex(0)
    private let finished = DispatchSemaphore(value: 0)

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        started.withLock { $0 += 1 }
        let thread = Thread { [finished] in
            body()
            finished.signal()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Waits until all have ended. A second call returns at once.
    func join() {
        let waiting = started.withLock { started in
            defer { started = 0 }
            return started
        }
        for _ in 0..<waiting { finished.wait() }
    }
}
