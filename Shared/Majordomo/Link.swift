import DequeModule
import ZeroMQ

/// One DEALER to the gateway with its monitor and what could not be sent yet.
struct Link: ~Copyable {
    private let name: String
    private let endpoint: String
    private let curve: CurveClient?
    private let timing: Timing
    private let socketIndex: Int
    private let monitorIndex: Int
    private var socket: Socket?
    private var opened = 0
    private(set) var backlog: Deque<Multipart> = []
    /// Requests that were sent and whose last reply has not come.
    var outstanding = 0

    init(name: String, endpoint: String, curve: CurveClient?, timing: Timing, _ poll: inout Poll) {
        self.name = name
        self.endpoint = endpoint
        self.curve = curve
        self.timing = timing
        socketIndex = poll.watchNothing()
        monitorIndex = poll.watchNothing()
        socket = nil
    }

    var isOpen: Bool { socket != nil }

    /// A new connection; what still waited for the old one is sent by it.
    mutating func open(in context: Context, _ poll: inout Poll) throws(ZeroMQError) {
        close(&poll)
        opened += 1
        outstanding = 0
        let socket = try Socket(
            .dealer, in: context, linger: Int32(timing.closing), monitoredAs: "\(name).\(opened)")
        try socket.set(.reconnectMilliseconds, Int32(timing.reconnect))
        try socket.set(.reconnectMaximumMilliseconds, Int32(timing.reconnectMaximum))
        // ZMTP's own heartbeats find a host that vanished; whether the gateway's loop lives, MDP's tell.
        try socket.set(.heartbeatMilliseconds, Int32(timing.expiry))
        if let curve { try socket.secure(curve) }
        try socket.connect(endpoint)
        poll.rewatch(socketIndex, socket)
        poll.rewatch(monitorIndex, eventsOf: socket)
        self.socket = consume socket
    }

    mutating func close(_ poll: inout Poll) {
        poll.unwatch(socketIndex)
        poll.unwatch(monitorIndex)
        socket = nil
    }

    func hasMessages(_ poll: borrowing Poll) -> Bool { isOpen && poll.isReady(socketIndex) }
    func hasEvents(_ poll: borrowing Poll) -> Bool { isOpen && poll.isReady(monitorIndex) }

    mutating func receive(_ message: inout Multipart) throws(ZeroMQError) -> Bool {
        try socket?.receive(into: &message) == .message
    }

    func event() -> Socket.Event? { socket?.nextEvent() ?? nil }

    mutating func forgetBacklog() { backlog.removeAll() }

    mutating func send(_ message: Multipart) throws(ZeroMQError) {
        guard backlog.isEmpty, try socket?.send(message) == .sent else {
            backlog.append(message)
            return
        }
    }

    mutating func flush() throws(ZeroMQError) {
        while let next = backlog.first {
            guard try socket?.send(next) == .sent else { return }
            backlog.removeFirst()
        }
    }
}
