public import ZeroMQ

/// Milliseconds of a Majordomo session.
public struct Timing: Sendable, Hashable {
    /// How often a heartbeat is sent.
    public var heartbeat: Int64
    /// Silence of the other side after which it is taken for gone. Three intervals of the slowest stock broker.
    public var expiry: Int64
    /// The first wait before connecting again; it doubles up to `reconnectMaximum` while nobody answers.
    public var reconnect: Int64
    public var reconnectMaximum: Int64
    /// How long `close` tries to send what waits.
    public var closing: Int64

    public init(heartbeat: Int64, expiry: Int64, reconnect: Int64, reconnectMaximum: Int64, closing: Int64) {
        self.heartbeat = heartbeat
        self.expiry = expiry
        self.reconnect = reconnect
        self.reconnectMaximum = reconnectMaximum
        self.closing = closing
    }

    public static let standard = Timing(
        heartbeat: 1000, expiry: 7500, reconnect: 50, reconnectMaximum: 1000, closing: 500)
}

/// Where a reply goes: the broker's token for one request, and the registration it came by.
public struct ReplyAddress: Sendable, Hashable {
    public let token: ByteKey
    let registration: UInt32

    public init(token: ByteKey, registration: UInt32 = 0) {
        self.token = token
        self.registration = registration
    }
}

/// A request for this worker. `body` is the body frames alone: the JSON, and the headers when they are there.
public struct WorkerRequest: Sendable, Hashable {
    public let address: ReplyAddress
    public let body: Multipart

    public init(address: ReplyAddress, body: Multipart) {
        self.address = address
        self.body = body
    }
}

/// What becomes of the two connections of a process.
public enum LinkState: Sendable, Hashable {
    /// The client side reaches the gateway.
    case connected
    /// The client side lost it: no request sent before this will be answered. It connects again by itself.
    case lost
    /// The gateway refuses this peer (ZAP). It tries again, seldom.
    case refused
    /// The worker side has had the gateway's first answer to READY: requests may come.
    case registered
    /// The worker side lost the gateway, or was sent away; it registers again by itself.
    case unregistered
    /// The reactor has ended by an error. The peer is of no use any more, and a process that serves by it had better
    /// end, so that another is started.
    case failed(ZeroMQError)
}

/// A worker's half of the Majordomo protocol, as a pure state machine: what happened and the time go in, what to do
/// comes out. `now` is any monotonic clock in milliseconds.
public struct WorkerSession: Sendable {
    public enum Action: Sendable, Hashable {
        /// Make a new socket and connect it; the old one, if any, is closed with everything in it. What follows in
        /// the same list goes to the new one.
        case open
        case close
        case send(Multipart)
        case deliver(WorkerRequest)
        case link(LinkState)
    }

    private enum State: Sendable {
        case idle
        case waiting(until: Int64)
        case registering
        case registered
        case drained
    }

    private let version: Version
    private let service: String
    private let announcement: [UInt8]?
    private let timing: Timing
    private var state = State.idle
    private var registration: UInt32 = 0
    private var heartbeatDue: Int64 = 0
    private var expires: Int64 = 0
    private var lastTick: Int64 = 0
    private var backOff: Int64

    public init(service: String, announcement: [UInt8]?, version: Version = .v02, timing: Timing = .standard) {
        self.service = service
        self.announcement = announcement
        self.version = version
        self.timing = timing
        backOff = timing.reconnect
    }

    public var isRegistered: Bool { if case .registered = state { true } else { false } }

    /// When `tick` has something to do at the latest.
    public var nextTick: Int64 {
        switch state {
        case .idle: .max
        case .waiting(let until): until
        case .registering, .registered, .drained: min(heartbeatDue, expires)
        }
    }

    public mutating func start(now: Int64, _ actions: inout [Action]) { register(now, &actions) }

    public mutating func receive(_ message: Multipart, now: Int64, _ actions: inout [Action]) {
        switch state {
        case .idle, .waiting: return
        case .registering, .registered, .drained: break
        }
        guard let command = try? ToWorker(message, version) else { return }
        expires = now + timing.expiry
        if case .disconnect = command {
            if case .drained = state { return }
            return leave(now, &actions)
        }
        if case .registering = state {
            state = .registered
            backOff = timing.reconnect
            actions.append(.link(.registered))
        }
        if case .request(let address, let frames) = command {
            var body = Multipart(reservingBytes: message.range(of: frames).count)
            body.append(frames, of: message)
            let address = ReplyAddress(token: message.key(address), registration: registration)
            actions.append(.deliver(WorkerRequest(address: address, body: body)))
        }
    }

    /// The connection broke: the broker behind a new one does not know this worker.
    public mutating func disconnected(now: Int64, _ actions: inout [Action]) {
        switch state {
        case .idle, .waiting: return
        case .registering, .registered: leave(now, &actions)
        case .drained:
            state = .idle
            actions.append(.close)
        }
    }

    public mutating func tick(now: Int64, _ actions: inout [Action]) {
        defer { lastTick = now }
        switch state {
        case .idle: return
        case .waiting(let until):
            if now >= until { register(now, &actions) }
            return
        case .registering, .registered, .drained: break
        }
        // A loop that was late itself has not read what the broker sent meanwhile: that is no reason to leave it.
        if now - lastTick > timing.expiry / 2 { expires = max(expires, now + timing.heartbeat) }
        if now >= expires { return disconnected(now: now, &actions) }
        if now >= heartbeatDue {
            heartbeatDue = now + timing.heartbeat
            actions.append(.send(.heartbeat(version)))
        }
    }

    /// The reply of a handler, or nil when the registration it belongs to has ended: its broker has given the request
    /// up, and another would not know the address.
    public func accepts(_ address: ReplyAddress) -> Bool {
        switch state {
        case .registered, .drained, .registering: address.registration == registration
        case .idle, .waiting: false
        }
    }

    /// A reply went out, which is a heartbeat as well: none is due before the next interval (RFC 7, "Heartbeating").
    public mutating func replied(now: Int64) { heartbeatDue = now + timing.heartbeat }

    /// No further requests: what was delivered may still be answered.
    public mutating func drain(_ actions: inout [Action]) {
        switch state {
        case .idle, .drained: return
        case .waiting: state = .idle
        case .registering, .registered:
            state = .drained
            actions.append(.send(.disconnect(version)))
        }
    }

    private mutating func register(_ now: Int64, _ actions: inout [Action]) {
        state = .registering
        registration &+= 1
        heartbeatDue = now + timing.heartbeat
        expires = now + timing.expiry
        lastTick = now
        actions.append(.open)
        actions.append(.send(.ready(version, service: service, announcement: announcement)))
    }

    private mutating func leave(_ now: Int64, _ actions: inout [Action]) {
        state = .waiting(until: now + backOff)
        backOff = min(backOff * 2, timing.reconnectMaximum)
        actions.append(.close)
        actions.append(.link(.unregistered))
    }
}
