import CZeroMQ
import Glibc

/// Waits for sockets and descriptors (zmq_poll). The sockets must live as long as it does: keep both as locals of the
/// same loop.
@safe
public struct Poll: ~Copyable {
    private var items: [zmq_pollitem_t]

    public init() { unsafe items = [] }

    /// Watches a socket for messages; the result is its index for `isReady`.
    public mutating func watch(_ socket: borrowing Socket) -> Int {
        unsafe items.append(zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return unsafe items.count - 1
    }

    /// Watches the events of a monitored socket.
    public mutating func watch(eventsOf socket: borrowing Socket) -> Int {
        let index = watchNothing()
        rewatch(index, eventsOf: socket)
        return index
    }

    public mutating func watch<Element>(_ mailbox: Mailbox<Element>) -> Int { watch(descriptor: mailbox.descriptor) }

    public mutating func watch(descriptor: Int32) -> Int {
        unsafe items.append(zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
        return unsafe items.count - 1
    }

    /// A place for `rewatch`.
    public mutating func watchNothing() -> Int { watch(descriptor: -1) }

    /// Another socket takes an index, or none: its place stays, but nothing is watched.
    public mutating func rewatch(_ index: Int, _ socket: borrowing Socket) {
        unsafe items[index] = zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    public mutating func rewatch(_ index: Int, eventsOf socket: borrowing Socket) {
        switch socket.monitor {
        case .some(let monitor):
            unsafe items[index] = zmq_pollitem_t(
                socket: monitor.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        case .none: unwatch(index)
        }
    }
    public mutating func unwatch(_ index: Int) {
        unsafe items[index] = zmq_pollitem_t(socket: nil, fd: -1, events: 0, revents: 0)
    }

    /// Waits until something is ready or the time is over; -1 waits for ever. An interrupted wait counts as over.
    /// - Returns: how many are ready.
    @discardableResult
    public mutating func wait(milliseconds: Int) throws(ZeroMQError) -> Int {
        let result = unsafe items.withUnsafeMutableBufferPointer {
            unsafe zmq_poll($0.baseAddress, Int32($0.count), milliseconds)
        }
        if result >= 0 { return Int(result) }
        if zmq_errno() == EINTR {
            for index in unsafe items.indices { unsafe items[index].revents = 0 }
            return 0
        }
        throw .last("zmq_poll")
    }

    public func isReady(_ index: Int) -> Bool { unsafe items[index].revents != 0 }
}
