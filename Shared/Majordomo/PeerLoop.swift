import DequeModule
import ZeroMQ

/// The reactor of a `Peer`: its sockets, local to its thread, and the worker session's actions performed.
struct PeerLoop: ~Copyable {
    enum Order: Sendable {
        case request(Multipart, isAnswered: Bool)
        case reply(ReplyAddress, Multipart)
        case drain
    }

    struct Callbacks: Sendable {
        let request: @Sendable (WorkerRequest) -> Void
        let reply: @Sendable (String, Multipart, Bool) -> Void
        let link: @Sendable (LinkState) -> Void
    }

    /// Messages read from one socket before the other gets its turn.
    private static let batch = 256
    /// While a socket takes no more, it is asked again after so many milliseconds.
    private static let retry: Int64 = 2

    private let context: Context
    private let outbox: Mailbox<Order>
    private let callbacks: Callbacks
    private let timing: Timing
    private var session: WorkerSession?
    private var client: Link
    /// The connection to a gateway that is being replaced, until it has answered.
    private var former: Link
    private var worker: Link
    private var poll = Poll()
    private let outboxIndex: Int
    private var orders: [Order] = []
    private var actions: [WorkerSession.Action] = []
    private var message = Multipart()
    private var clientReopens: Int64?
    private var clientBackOff: Int64

    init(
        endpoint: String, curve: CurveClient?, session: WorkerSession?, callbacks: Callbacks, timing: Timing,
        outbox: Mailbox<Order>,
        context: Context
    ) {
        self.context = context
        self.outbox = outbox
        self.callbacks = callbacks
        self.timing = timing
        self.session = session
        clientBackOff = timing.reconnect
        outboxIndex = poll.watch(outbox)
        client = Link(name: "client", endpoint: endpoint, curve: curve, timing: timing, &poll)
        former = Link(name: "former", endpoint: endpoint, curve: curve, timing: timing, &poll)
        worker = Link(name: "worker", endpoint: endpoint, curve: curve, timing: timing, &poll)
    }

    mutating func connect() throws(ZeroMQError) { try client.open(in: context, &poll) }

    mutating func run() throws(ZeroMQError) {
        self.session?.start(now: Clock.now, &actions)
        try perform()
        while !outbox.isClosed {
            try poll.wait(milliseconds: outbox.mayWait() ? waitTime() : 0)
            let now = Clock.now
            try readClient(now)
            try readWorker(now)
            // After reading: what a callback answered at once goes out in the same turn.
            if client.backlog.count + worker.backlog.count < Peer.outboxCapacity { try takeOrders(now) }
            self.session?.tick(now: now, &actions)
            try perform()
            if let due = clientReopens, now >= due {
                clientReopens = nil
                try client.open(in: context, &poll)
            }
            try client.flush()
            try former.flush()
            try worker.flush()
        }
        try finish()
    }

    private func waitTime() -> Int {
        if !client.backlog.isEmpty && client.isOpen || !former.backlog.isEmpty && former.isOpen
            || !worker.backlog.isEmpty && worker.isOpen
        {
            return Int(Self.retry)
        }
        let due = min(session?.nextTick ?? .max, clientReopens ?? .max)
        return due == .max ? -1 : Int(max(0, min(due - Clock.now, 60_000)))
    }

    private mutating func takeOrders(_ now: Int64) throws(ZeroMQError) {
        outbox.drain(into: &orders, staysAwake: true, isSignalled: poll.isReady(outboxIndex))
        for order in orders {
            switch order {
            case .request(let message, let isAnswered):
                if isAnswered { client.outstanding += 1 }
                try client.send(message)
            case .reply(let address, let message):
                guard session?.accepts(address) ?? false else { continue }
                try worker.send(message)
                session?.replied(now: now)
            case .drain:
                session?.drain(&actions)
                try perform()
            }
        }
    }

    private mutating func readClient(_ now: Int64) throws(ZeroMQError) {
        try readFormer()
        if client.hasMessages(poll) { try Self.readReplies(&client, &message, callbacks) }
        while client.hasEvents(poll), let event = client.event() {
            switch event {
            case .handshakeSucceeded:
                clientBackOff = timing.reconnect
                callbacks.link(.connected)
            case .disconnected, .handshakeRefused:
                clientReopens = now + clientBackOff
                clientBackOff = min(clientBackOff * 2, timing.reconnectMaximum)
                client.close(&poll)
                callbacks.link(event == .handshakeRefused ? .refused : .lost)
            case .accepted: continue
            }
        }
    }

    private static func readReplies(
        _ link: inout Link, _ message: inout Multipart, _ callbacks: Callbacks
    ) throws(ZeroMQError) {
        for _ in 0..<batch {
            guard try link.receive(&message) else { return }
            guard let reply = try? ToClient(message, .v02) else { continue }
            var body = Multipart(reservingBytes: message.range(of: reply.body).count)
            body.append(reply.body, of: message)
            if reply.isFinal { link.outstanding -= 1 }
            callbacks.reply(message.text(reply.service), body, reply.isFinal)
        }
    }

    /// The gateway sent the worker away: another may have taken its place. What was asked is answered by the former
    /// connection, everything else goes by a new one.
    private mutating func moveClient() throws(ZeroMQError) {
        guard client.isOpen, !former.isOpen else { return }
        swap(&client, &former)
        try client.open(in: context, &poll)
    }

    private mutating func readFormer() throws(ZeroMQError) {
        guard former.isOpen else { return }
        try Self.readReplies(&former, &message, callbacks)
        var isBroken = false
        while let event = former.event() {
            if case .disconnected = event { isBroken = true }
        }
        if isBroken, former.outstanding > 0 { callbacks.link(.lost) }
        if isBroken || former.outstanding <= 0 && former.backlog.isEmpty {
            former.close(&poll)
            former.forgetBacklog()
        }
    }

    private mutating func readWorker(_ now: Int64) throws(ZeroMQError) {
        for _ in 0..<(worker.hasMessages(poll) ? Self.batch : 0) {
            guard try worker.receive(&message) else { break }
            let wasRegistered = session?.isRegistered ?? false
            self.session?.receive(message, now: now, &actions)
            try perform()
            if wasRegistered, session?.isRegistered == false { try moveClient() }
        }
        while worker.hasEvents(poll), let event = worker.event() {
            switch event {
            case .disconnected, .handshakeRefused:
                self.session?.disconnected(now: now, &actions)
                try perform()
            case .accepted, .handshakeSucceeded: continue
            }
        }
    }

    private mutating func perform() throws(ZeroMQError) {
        if actions.isEmpty { return }
        for action in actions {
            switch action {
            case .open: try worker.open(in: context, &poll)
            case .close:
                worker.close(&poll)
                worker.forgetBacklog()  // replies by a registration that has ended: nobody knows their addresses
            case .send(let message): try worker.send(message)
            case .deliver(let request): callbacks.request(request)
            case .link(let state): callbacks.link(state)
            }
        }
        actions.removeAll(keepingCapacity: true)
    }

    /// The last orders and a DISCONNECT go out; what a gateway that is gone does not take is given up.
    private mutating func finish() throws(ZeroMQError) {
        let end = Clock.now + timing.closing
        try takeOrders(Clock.now)
        session?.drain(&actions)
        try perform()
        while Clock.now < end {
            try client.flush()
            try former.flush()
            try worker.flush()
            if client.backlog.isEmpty && worker.backlog.isEmpty { break }
            try poll.wait(milliseconds: Int(Self.retry))
        }
        client.close(&poll)
        former.close(&poll)
        worker.close(&poll)
    }
}
