import CZeroMQ
import Glibc

/// A libzmq socket. It belongs to one thread: not copyable and not Sendable, it stays a local value of that thread's
/// loop, and the compiler sees to it. Nothing here blocks.
@safe
public struct Socket: ~Copyable {
    public enum Kind: Int32, Sendable {
        case pair = 0
        case publish, subscribe, request, reply, dealer, router, pull, push, xpublish, xsubscribe, stream
    }

    public enum Sent: Sendable { case sent, wouldBlock, unreachable }
    public enum Received: Sendable { case nothing, message, tooManyFrames, tooLarge }

    /// What one message may be. What exceeds it is read to its end and thrown away.
    public struct Bounds: Sendable {
        public var frames: Int
        public var bytes: Int
        public init(frames: Int, bytes: Int) {
            self.frames = frames
            self.bytes = bytes
        }
        public static let unbounded = Bounds(frames: .max, bytes: Int(Int32.max))
    }

    /// What is kept of a frame that goes beyond the bounds, in bytes.
    public static let shownOfTooLarge = 4096

    private let context: Context
    let handle: UnsafeMutableRawPointer
    let use: Use
    var monitor: Monitor?
    /// The frame received last: zmq_msg_recv frees its former content, so one is enough for the socket's life.
    private let frame: UnsafeMutablePointer<zmq_msg_t>

    /// - Parameter linger: milliseconds for which unsent messages keep the context alive after close; libzmq's own
    ///   default is for ever, which makes a process hang at its end.
    /// - Parameter name: when given, `nextEvent` tells of the connections; unique within the context.
    public init(
        _ kind: Kind, in context: Context, linger: Int32 = 0, monitoredAs name: String? = nil
    ) throws(ZeroMQError) {
        let handle = unsafe try context.makeSocket(kind.rawValue)
        var monitor: Monitor?
        let use: Use
        do throws(ZeroMQError) {
            use = unsafe try Use(handle)
            unsafe try Self.set(handle, ZMQ_LINGER, linger)
            // 30 s by default, and a peer that ZAP answers 300 waits so long before it tries again.
            unsafe try Self.set(handle, ZMQ_HANDSHAKE_IVL, 2000)
            if let name { monitor = unsafe try Monitor(of: handle, name: name, in: context) }
        } catch {
            _ = unsafe zmq_close(handle)
            throw error
        }
        self.context = context
        unsafe self.handle = handle
        self.use = use
        self.monitor = consume monitor
        unsafe frame = .allocate(capacity: 1)
        _ = unsafe zmq_msg_init(frame)
    }

    deinit {
        _ = unsafe zmq_msg_close(frame)
        unsafe frame.deallocate()
        switch monitor {
        case .some(let monitor): unsafe monitor.end(of: handle)
        case .none: break
        }
        _ = unsafe zmq_close(handle)
    }

    // MARK: Endpoints

    public func bind(_ endpoint: String) throws(ZeroMQError) {
        if unsafe zmq_bind(handle, endpoint) != 0 { throw .last("bind", endpoint) }
    }

    public func connect(_ endpoint: String) throws(ZeroMQError) {
        if unsafe zmq_connect(handle, endpoint) != 0 { throw .last("connect", endpoint) }
    }

    /// Serves connections of our own listener (ZMQ_USE_FD): exact modes, no unlink of somebody's live path.
    public func bind(_ listener: consuming Listener) throws(ZeroMQError) {
        let endpoint = "ipc://\(listener.path)"
        Door.set(listener.door, of: listener.descriptor)
        try set(.useDescriptor, listener.descriptor)
        if unsafe zmq_bind(handle, endpoint) != 0 { throw .last("bind", endpoint) }
        try set(.useDescriptor, -1)
        listener.handOver()
    }

    /// Stops serving what was bound last, and ends the connections that came by it.
    public func unbind() throws(ZeroMQError) {
        var endpoint = [CChar](repeating: 0, count: 256)
        var length = endpoint.count
        if unsafe zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &endpoint, &length) != 0 { throw .last("getsockopt") }
        if unsafe zmq_unbind(handle, endpoint) != 0 { throw .last("unbind") }
    }

    // MARK: Messages

    /// Sends a whole message or nothing. `peer` names the receiver on a ROUTER.
    public func send(_ message: Multipart, to peer: ByteKey? = nil) throws(ZeroMQError) -> Sent {
        if let peer {
            let outcome = unsafe try peer.withBytes {
                unsafe transmit($0, flags: ZMQ_SNDMORE, first: true)
            }.get()
            if outcome != .sent { return outcome }
        }
        let result = unsafe message.bytes.withUnsafeBytes { all -> Result<Sent, ZeroMQError> in
            for index in 0..<message.count {
                let bytes = unsafe UnsafeRawBufferPointer(rebasing: all[message.range(of: index)])
                let flags = index + 1 < message.count ? ZMQ_SNDMORE : 0
                let outcome = unsafe transmit(bytes, flags: flags, first: index == 0 && peer == nil)
                if case .success(.sent) = outcome { continue }
                return outcome
            }
            return .success(.sent)
        }
        return try result.get()
    }

    /// Receives a message into `message`, which is emptied first and keeps its memory. What goes beyond the bounds is
    /// drained; the frames before it stay in `message`, and the beginning of the one that was too large, so that its
    /// sender can be answered.
    public func receive(into message: inout Multipart, bounds: Bounds = .unbounded) throws(ZeroMQError) -> Received {
        message.removeAll()
        guard try nextFrame() else { return .nothing }
        return try receiveFrames(into: &message, bounds)
    }

    /// The same on a ROUTER: the routing id goes to `peer`, the rest to `message`.
    public func receive(
        into message: inout Multipart, from peer: inout ByteKey, bounds: Bounds = .unbounded
    ) throws(ZeroMQError) -> Received {
        message.removeAll()
        guard try nextFrame() else { return .nothing }
        peer = unsafe ByteKey(copying: content)
        guard hasMore else { return .message }
        _ = try nextFrame()
        return try receiveFrames(into: &message, bounds)
    }

    /// A property of the message received last: `Peer-Address`, `User-Id` (zmq_msg_gets).
    public func property(_ name: StaticString) -> String? {
        guard let value = unsafe propertyPointer(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Whether a property of the message received last has this value; nothing is allocated.
    public func property(_ name: StaticString, equals expected: ByteKey) -> Bool {
        guard let value = unsafe propertyPointer(name) else { return false }
        return unsafe expected.withBytes { bytes in
            let count = unsafe strlen(value)
            return unsafe count == bytes.count
                && (bytes.elementsEqual(UnsafeRawBufferPointer(start: value, count: count)))
        }
    }

    /// The connection that the message received last came by (ZMQ_SRCFD), as `Event` tells of it; nil when libzmq made
    /// it itself, as the end of a subscription whose connection ended.
    public var sourceDescriptor: Int32? {
        let descriptor = unsafe zmq_msg_get(frame, ZMQ_SRCFD)
        return descriptor < 0 ? nil : descriptor
    }

    // MARK: Frames

    private var content: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: zmq_msg_data(frame), count: zmq_msg_size(frame))
    }

    private var hasMore: Bool { unsafe zmq_msg_more(frame) != 0 }

    private func propertyPointer(_ name: StaticString) -> UnsafePointer<CChar>? {
        unsafe name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) {
            unsafe zmq_msg_gets(frame, $0)
        }
    }

    private func nextFrame() throws(ZeroMQError) -> Bool {
        use.isUsed = true
        while unsafe zmq_msg_recv(frame, handle, ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EINTR: continue
            case EAGAIN: return false
            default: throw .last("receive")
            }
        }
        return true
    }

    /// From the frame that was just received to the last one of its message.
    private func receiveFrames(into message: inout Multipart, _ bounds: Bounds) throws(ZeroMQError) -> Received {
        var outcome = Received.message
        while true {
            let bytes = unsafe content
            if message.count >= bounds.frames {
                outcome = .tooManyFrames
            } else if outcome == .message, message.byteCount + bytes.count > bounds.bytes {
                outcome = .tooLarge
                let room = min(bounds.bytes - message.byteCount, Self.shownOfTooLarge)
                unsafe message.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
                message.endFrame()
            }
            if outcome == .message {
                unsafe message.bytes.append(contentsOf: bytes)
                message.endFrame()
            }
            guard hasMore else { return outcome }
            _ = try nextFrame()
        }
    }

    private func transmit(
        _ bytes: UnsafeRawBufferPointer, flags: Int32, first: Bool
    ) -> Result<Sent, ZeroMQError> {
        if first { use.isUsed = true }
        while unsafe zmq_send(handle, bytes.baseAddress, bytes.count, flags | ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EINTR: continue
            case EAGAIN where first: return .success(.wouldBlock)
            case EHOSTUNREACH where first: return .success(.unreachable)
            default: return .failure(.last("send"))
            }
        }
        return .success(.sent)
    }
}
