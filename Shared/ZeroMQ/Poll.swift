import CZeroMQ
import Glibc

/// Waits for sockets, mailboxes and descriptors. The sockets must live as long as it does: keep both as locals of the
/// same loop.
///
/// zmq_poll asks every socket for its events, before and after it waits, a system call each. Here a socket is asked
/// when its descriptor (ZMQ_FD) says that there is something, and before waiting when it has been used since: the
/// descriptor tells each news once, and any send or receive may have taken it.
@safe
public struct Poll: ~Copyable {
    private struct Source {
        var socket: Socket.Use?
        var isReady = false
    }

    private var sources: [Source] = []
    private var descriptors: [pollfd] = []

    public init() {}

    /// Watches a socket for messages; the result is its index for `isReady`.
    public mutating func watch(_ socket: borrowing Socket) -> Int {
        let index = watchNothing()
        rewatch(index, socket)
        return index
    }

    /// Watches the events of a monitored socket.
    public mutating func watch(eventsOf socket: borrowing Socket) -> Int {
        let index = watchNothing()
        rewatch(index, eventsOf: socket)
        return index
    }

    public mutating func watch<Element>(_ mailbox: Mailbox<Element>) -> Int { watch(descriptor: mailbox.descriptor) }

    public mutating func watch(descriptor: Int32) -> Int {
        sources.append(Source())
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        return sources.count - 1
    }

    /// A place for `rewatch`.
    public mutating func watchNothing() -> Int { watch(descriptor: -1) }

    /// Another socket takes an index, or none: its place stays, but nothing is watched.
    public mutating func rewatch(_ index: Int, _ socket: borrowing Socket) { rewatch(index, socket.use) }
    public mutating func rewatch(_ index: Int, eventsOf socket: borrowing Socket) {
        switch socket.monitor {
        case .some(let monitor): rewatch(index, monitor.use)
        case .none: unwatch(index)
        }
    }
    public mutating func unwatch(_ index: Int) {
        sources[index] = Source()
        descriptors[index].fd = -1
    }

    private mutating func rewatch(_ index: Int, _ use: Socket.Use) {
        sources[index] = Source(socket: use)
        descriptors[index].fd = use.descriptor
    }

    /// Waits until something is ready or the time is over; -1 waits for ever. An interrupted wait counts as over.
    /// - Returns: how many are ready.
    @discardableResult
    public mutating func wait(milliseconds: Int) throws(ZeroMQError) -> Int {
        let start = milliseconds > 0 ? Self.now : 0
        var left = milliseconds
        var ready = try askUsed()
        while true {
            let result = unsafe descriptors.withUnsafeMutableBufferPointer {
                unsafe poll($0.baseAddress, nfds_t($0.count), ready > 0 ? 0 : Int32(clamping: left))
            }
            if result < 0, errno != EINTR { throw .last("poll") }
            if result > 0 { ready += try askSignalled() }
            if ready > 0 || result <= 0 { return ready }
            // News of libzmq's own, such as a new connection.
            if milliseconds > 0 {
                left = milliseconds - (Self.now - start)
                if left <= 0 { return 0 }
            }
        }
    }

    public func isReady(_ index: Int) -> Bool { sources[index].isReady }

    /// What has been used since it was asked last may have messages that its descriptor will not tell of.
    private mutating func askUsed() throws(ZeroMQError) -> Int {
        var ready = 0
        for index in sources.indices {
            guard let socket = sources[index].socket, socket.isUsed else {
                sources[index].isReady = false
                continue
            }
            sources[index].isReady = try socket.hasMessages()
            if sources[index].isReady { ready += 1 }
        }
        return ready
    }

    private mutating func askSignalled() throws(ZeroMQError) -> Int {
        var ready = 0
        for index in descriptors.indices where descriptors[index].revents != 0 && !sources[index].isReady {
            sources[index].isReady = try sources[index].socket?.hasMessages() ?? true
            if sources[index].isReady { ready += 1 }
        }
        return ready
    }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

extension Socket {
    /// What a `Poll` knows of a socket.
    @safe
    final class Use {
        let descriptor: Int32
        private let handle: UnsafeMutableRawPointer
        /// Whether it was sent to or read from since it last said that there is nothing to read, or said that there is.
        var isUsed = true

        init(_ handle: UnsafeMutableRawPointer) throws(ZeroMQError) {
            unsafe self.handle = handle
            descriptor = unsafe try Self.option(ZMQ_FD, of: handle)
        }

        /// Asking takes the news as well.
        func hasMessages() throws(ZeroMQError) -> Bool {
            isUsed = unsafe try Self.option(ZMQ_EVENTS, of: handle) & ZMQ_POLLIN != 0
            return isUsed
        }

        private static func option(_ option: Int32, of handle: UnsafeMutableRawPointer) throws(ZeroMQError) -> Int32 {
            var value: Int32 = 0
            var size = MemoryLayout<Int32>.size
            while unsafe zmq_getsockopt(handle, option, &value, &size) != 0 {
                if zmq_errno() != EINTR { throw .last("zmq_getsockopt \(option)") }
            }
            return value
        }
    }
}
