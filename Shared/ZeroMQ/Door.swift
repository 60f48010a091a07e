import CZeroMQ
import Glibc
import Synchronization

/// Which connections a `Listener` takes, decided while they are accepted: before a handshake, so that peers that say
/// nothing count as much as all others.
///
/// libzmq aborts the process when accept on ipc finds no descriptor left (ipc_listener.cpp, EMFILE), and nothing that
/// a program can do from outside comes in time: its I/O thread takes everything that waits before another thread has
/// heard of the first connection; the path renamed away still leaves a queue and those that wait for a place in it; a
/// listener that was shut down or replaced under libzmq's epoll stays ready for ever. So libzmq's call of accept4 is
/// answered here (`acceptThroughDoor`), in its own thread.
public final class Door: Sendable {
    /// Descriptors that connections never get: databases, logs and libzmq itself need some.
    public static let reserve = 128

    public struct Counts: Sendable, Hashable {
        /// Connections that are open, with or without a handshake.
        public var open = 0
        /// All that were ever let in.
        public var taken = 0
        /// Closed at once, since all places were taken.
        public var refusedForLimit = 0
        /// Closed at once, since too few descriptors were left.
        public var refusedForDescriptors = 0
        /// Closed at once, since their process had as many as one may have.
        public var refusedForProcess = 0
        /// The process that was refused last.
        public var lastRefused: Int32 = 0

        public init() {}
    }

    private struct State {
        var counts = Counts()
        var processOf: [Int32: Int32] = [:]
        var connectionsOf: [Int32: Int] = [:]
        /// Ends that were noticed by the descriptor's next use, before libzmq's word of them was read.
        var foreseen: [Int32: Int] = [:]
    }

    private let descriptors: Int
    private let connections: Int
    private let ofOneProcess: Int
    private let state = Mutex(State())

    /// - Parameter descriptors: the connection's descriptor must be smaller. The system gives the smallest free one,
    ///   so that a larger one says exactly that as many are in use, whoever uses them.
    /// - Parameter connections: all that may be open at once.
    /// - Parameter ofOneProcess: connections that one process may have. A process that the kernel cannot name (0: it
    ///   lives in another container) is not counted by itself.
    public init(
        descriptors: Int = Context.descriptorLimit - Door.reserve, connections: Int = .max, ofOneProcess: Int
    ) {
        self.connections = connections
        self.descriptors = descriptors
        self.ofOneProcess = ofOneProcess
    }

    public var counts: Counts { state.withLock { $0.counts } }

    /// Told by `Socket.Event.disconnected`, once for every connection.
    public func left(_ descriptor: Int32) {
        state.withLock { state in
            if let count = state.foreseen[descriptor] {
                state.foreseen[descriptor] = count > 1 ? count - 1 : nil
            } else {
                Self.remove(descriptor, &state)
            }
        }
    }

    /// In the I/O thread, with a descriptor that accept just gave.
    func admits(_ descriptor: Int32) -> Bool {
        let process = ieum_peer_process(descriptor)
        return state.withLock { state in
            // Its number was free again: the connection that had it before is gone.
            if Self.remove(descriptor, &state) { state.foreseen[descriptor, default: 0] += 1 }
            if descriptor >= descriptors {
                state.counts.refusedForDescriptors += 1
            } else if process > 0, state.connectionsOf[process, default: 0] >= ofOneProcess {
                state.counts.refusedForProcess += 1
            } else if state.counts.open >= connections {
                state.counts.refusedForLimit += 1
            } else {
                state.processOf[descriptor] = process
                state.connectionsOf[process, default: 0] += 1
                state.counts.open += 1
                state.counts.taken += 1
                return true
            }
            state.counts.lastRefused = process
            return false
        }
    }

    @discardableResult
    private static func remove(_ descriptor: Int32, _ state: inout State) -> Bool {
        guard let process = state.processOf.removeValue(forKey: descriptor) else { return false }
        let count = state.connectionsOf[process, default: 1]
        state.connectionsOf[process] = count > 1 ? count - 1 : nil
        state.counts.open -= 1
        return true
    }

    // MARK: The doors of this process

    private static let all = Mutex<[Int32: Door]>([:])

    /// A listener without a door takes everybody.
    static func set(_ door: Door?, of listener: Int32) { all.withLock { $0[listener] = door } }

    static func of(_ listener: Int32) -> Door? { all.withLock { $0[listener] } }
}

/// Stands before the C library's accept4 for the whole process: the dynamic linker finds a symbol of the executable
/// before those of the libraries, like with a malloc of one's own. Public, and exported by Package.swift, since libzmq
/// must see it. Listeners without a `Door` notice nothing.
@_cdecl("accept4")
public func acceptThroughDoor(
    _ listener: Int32, _ address: UnsafeMutableRawPointer?, _ length: UnsafeMutableRawPointer?, _ flags: Int32
) -> Int32 {
    let descriptor = unsafe ieum_accept4(listener, address, length, flags)
    let code = errno
    guard let door = Door.of(listener) else {
        errno = code
        return descriptor
    }
    if descriptor >= 0 {
        if door.admits(descriptor) { return descriptor }
        Glibc.close(descriptor)
        errno = ECONNABORTED
        return -1
    }
    // Somebody else used up the reserve, or the limit was lowered meanwhile. libzmq would abort on it; it comes back
    // at once for what waits, so that it is held up a little.
    if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) {
        usleep(10_000)
        errno = EAGAIN
    } else {
        errno = code
    }
    return -1
}
