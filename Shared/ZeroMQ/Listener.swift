import CZeroMQ
import Glibc

/// Our own listening Unix socket, for `Socket.bind(_:)`. libzmq's bind would unlink whatever is at the path, also
/// the live socket of another process, and would leave the mode to the umask.
public struct Listener: ~Copyable {
    /// sun_path has 108 bytes, the last one zero.
    public static let pathBytesMaximum = 107

    public let path: String
    let descriptor: Int32
    let door: Door?
    private var isHandedOver = false

    /// Listens at `path`, with exactly `mode`. The socket is made beside it and renamed over it, so that a path left
    /// behind by a killed process does not matter and nobody ever sees a path without a listener.
    /// - Parameter door: decides which connections are taken; none takes all.
    /// - Parameter replaces: whether it takes the place of a process that serves the path.
    /// - Throws: ENAMETOOLONG with the length; EADDRINUSE when another process serves the path.
    public init(path: String, mode: UInt32 = 0o660, backlog: Int32 = 1024, door: Door? = nil, replaces: Bool = false)
        throws(ZeroMQError)
    {
        let fresh = path + ".new"
        guard path.utf8.count <= Self.pathBytesMaximum else {
            throw ZeroMQError(
                "listen", code: ENAMETOOLONG,
                subject: "\(path) (\(path.utf8.count) bytes, the system allows \(Self.pathBytesMaximum))")
        }
        if !replaces, unsafe ieum_is_live_unix(path, path.utf8.count) != 0 {
            throw ZeroMQError("listen", code: EADDRINUSE, subject: path)
        }
        // The path for the moment of its making may be too long by four bytes: then it is made in place.
        let made = fresh.utf8.count <= Self.pathBytesMaximum ? fresh : path
        _ = unsafe unlink(made)
        let descriptor = unsafe ieum_listen_unix(made, made.utf8.count, mode, backlog)
        guard descriptor >= 0 else { throw .last("listen", made) }
        if made != path, unsafe rename(made, path) != 0 {
            let error = ZeroMQError.last("rename", path)
            Glibc.close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.door = door
    }

    deinit {
        if !isHandedOver { Glibc.close(descriptor) }
    }

    /// The socket that serves it closes the descriptor from now on.
    consuming func handOver() { isHandedOver = true }
}

/// A file that only one process holds: two that start at the same moment cannot both believe a path to be free.
public struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: EWOULDBLOCK when another process, or another value in this one, holds it.
    public init(path: String) throws(ZeroMQError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last("open", path) }
        if ieum_lock_file(descriptor) != 0 {
            let error = ZeroMQError.last("lock", path)
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }
}
