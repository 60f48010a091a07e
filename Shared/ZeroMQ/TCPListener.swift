import CZeroMQ
import Glibc

/// Our own listening tcp socket, for `Socket.bind(_:keys:)`: through it a `Door` counts the connections, as on ipc.
public struct TCPListener: ~Copyable {
    public let port: UInt16
    let descriptor: Int32
    let door: Door?
    private var isHandedOver = false

    /// - Parameter host: a name or an address of this machine; `*` for all of them.
    /// - Parameter port: 0 takes a free one.
    /// - Throws: EADDRINUSE, EADDRNOTAVAIL, EACCES … with the endpoint as subject.
    public init(host: String, port: UInt16, backlog: Int32 = 1024, door: Door? = nil) throws(ZeroMQError) {
        let descriptor = unsafe ieum_listen_tcp(host == "*" ? nil : host, String(port), backlog)
        guard descriptor >= 0 else { throw .last("listen", "tcp://\(host):\(port)") }
        self.port = UInt16(truncatingIfNeeded: ieum_port_of(descriptor))
        self.descriptor = descriptor
        self.door = door
    }

    deinit {
        if !isHandedOver { Glibc.close(descriptor) }
    }

    /// The socket that serves it closes the descriptor from now on.
    consuming func handOver() { isHandedOver = true }
}

/// Ends a connection by its descriptor, as `Socket.Event` told it; its peer may come again at once.
///
/// libzmq has no call for it. shutdown(2) leaves the descriptor to its owner, who sees the end of the stream. It may
/// have been closed and its number taken meanwhile: then what is there now ends, a file not at all, and who was at the
/// other end of a connection connects again.
public func endConnection(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

/// The user at the other end of a connection on ipc; nil on tcp.
public func userOfConnection(_ descriptor: Int32) -> UInt32? {
    let user = ieum_peer_user(descriptor)
    return user == .max ? nil : user
}
