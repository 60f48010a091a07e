import CZeroMQ
import Glibc
import Synchronization

private enum PostOutcome { case refused, queued, first }

/// A bounded queue from many threads to one reactor, with an eventfd that wakes its poll. (An inproc PAIR would be
/// single-threaded itself.) One write wakes for any number of elements, and none is needed while the reactor is awake:
/// it says when it goes to wait (`mayWait`).
public final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
        /// The reactor looks here before it waits.
        var isAwake = false
    }

    /// For `Poll.watch`: readable when elements wait.
    let descriptor: Int32
    private let capacity: Int
    private let state = Mutex(State())

    public init(capacity: Int) throws(ZeroMQError) {
        let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw .last("eventfd") }
        self.descriptor = descriptor
        self.capacity = capacity
    }

    deinit { Glibc.close(descriptor) }

    /// From any thread. False when the queue is full or closed: the caller keeps the element.
    /// - Parameter evenIfFull: for the rare element that must arrive, such as an order to stop.
    public func post(_ element: Element, evenIfFull: Bool = false) -> Bool {
        let outcome = state.withLock { state -> PostOutcome in
            if state.isClosed || state.elements.count >= capacity && !evenIfFull { return .refused }
            state.elements.append(element)
            return state.elements.count == 1 && !state.isAwake ? .first : .queued
        }
        if outcome == .first { wake() }
        return outcome != .refused
    }

    /// On the reactor: takes everything that waits and resets the wake-up. `elements` is emptied first; its memory
    /// goes to the queue, so two buffers alternate and nothing is allocated.
    /// - Parameter staysAwake: nothing more wakes the poll until `mayWait` is asked.
    /// - Parameter isSignalled: false when the poll said so, which saves a system call.
    public func drain(into elements: inout [Element], staysAwake: Bool = false, isSignalled: Bool = true) {
        var counter: UInt64 = 0
        // Before taking: what is posted in between finds the queue not empty, needs no wake-up and is taken here.
        if isSignalled { _ = unsafe read(descriptor, &counter, 8) }
        elements.removeAll(keepingCapacity: true)
        state.withLock {
            $0.isAwake = staysAwake
            swap(&$0.elements, &elements)
        }
    }

    /// On the reactor, before it waits: false when there is something to do already. From now on a post wakes its poll.
    public func mayWait() -> Bool {
        state.withLock {
            $0.isAwake = false
            return $0.elements.isEmpty && !$0.isClosed
        }
    }

    public func drain() -> [Element] {
        var elements: [Element] = []
        drain(into: &elements)
        return elements
    }

    /// Refuses further elements and wakes the reactor; those that wait can still be drained.
    public func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Wakes the reactor without an element.
    public func wake() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }
}
