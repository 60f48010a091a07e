import CZeroMQ

/// libzmq's own forwarder between two sockets: what the gateway is measured beside.
public enum Proxy {
    /// Forwards both ways on the calling thread until the context ends or the process does.
    public static func run(_ frontend: borrowing Socket, _ backend: borrowing Socket) {
        _ = unsafe zmq_proxy(frontend.handle, backend.handle, nil)
    }
}

/// The version of the libzmq that is linked, such as `4.3.4`.
public var libraryVersion: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    unsafe zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
}
