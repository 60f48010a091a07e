import CZeroMQ

/// What happens to the connections of one socket, read beside it on the same thread.
public struct Monitor: ~Copyable {
    public enum Event: Sendable, Hashable {
        case accepted, acceptFailed, disconnected, handshakeSucceeded, handshakeRefused
    }

    private static let watched =
        ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
        | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH

    /// For `Poll.watch`.
    public let socket: Socket

    public init(of watched: borrowing Socket, name: String, in context: Context) throws(ZeroMQError) {
        let endpoint = "inproc://monitor.\(name)"
        if unsafe zmq_socket_monitor(watched.handle, endpoint, Self.watched) != 0 {
            throw .last("zmq_socket_monitor", endpoint)
        }
        let socket = try Socket(.pair, in: context)
        try socket.connect(endpoint)
        self.socket = socket
    }

    /// The next event, or nil when there is none now.
    public func next(using buffer: inout Multipart) throws(ZeroMQError) -> Event? {
        while try socket.receive(into: &buffer) == .message {
            // Frame 0 begins with the event as 16 bits in the machine's order (zmq_socket_monitor(3)).
            guard buffer.count > 0, buffer.byteCount(of: 0) >= 2 else { continue }
            switch Int32(buffer.bytes[0]) | Int32(buffer.bytes[1]) << 8 {
            case ZMQ_EVENT_ACCEPTED: return .accepted
            case ZMQ_EVENT_ACCEPT_FAILED: return .acceptFailed
            case ZMQ_EVENT_DISCONNECTED: return .disconnected
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .handshakeRefused
            default: continue
            }
        }
        return nil
    }
}
