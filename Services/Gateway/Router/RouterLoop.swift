import Foundation
import Logging
import Majordomo
import Permissions
import ServiceKit
import Vocabulary
import ZeroMQ

/// The reactor: reads what is ready, lets the broker decide, sends what it says. The only thread that touches the
/// gateway's sockets and the broker; no lock, and on the way of a message nothing is parsed.
struct RouterLoop: ~Copyable {
    /// Messages of peers that are read before the other sockets get their turn.
    private static let batch = 512
    private static let batchBytes = 4 << 20
    /// While a peer takes no more, it is asked again after so many milliseconds.
    private static let retry: Int64 = 2
    private static let idleWait: Int64 = 1000
    /// After a broken connection workers are probed at most so often, in milliseconds.
    static let probePause: Int64 = 20
    /// libzmq tells of the broken connection before the ROUTER has let go of its peer.
    static let probeDelay: Int64 = 5

    var sockets: RouterSockets
    let limits: Limits
    private let bounds: Socket.Bounds
    let log: Logger
    private let orders: Mailbox<Order>
    let onRequest: @Sendable (WorkerRequest) -> Void
    let onReply: @Sendable (String, Multipart, Bool) -> Void
    let titanic: TitanicLine?
    var admission: Admission
    let directory: String
    /// Held by the one gateway that may open the database.
    var lock: FileLock?
    var successor: Successor?
    var relayedAt: Int64 = 0
    /// The successor is gone.
    var isAbandoned = false
    var tracer: GatewayTracer?

    var broker: Broker
    var backlog: Backlog
    var out: [Outgoing] = []
    var undelivered: [(Outgoing, isGone: Bool)] = []
    var message = Multipart()
    var peer = ByteKey("")
    private var waiting: [Order] = []
    var principal = Principal.unknown
    var principals: [String: Principal] = [:]
    var now = Moment(monotonic: 0, unix: 0)

    var connectionsRefused = 0
    var refusedLogged = 0
    var lastRefusal: Admission.Decision?
    var doorLogged = Door.Counts()
    var nextConnectionsLog: Int64 = 0
    var isDoorMissed = false
    var forbiddenLogged = 0
    var subscriptionsRefusedLogged = 0
    private var published = 0
    var publication = Publication()
    var probeDue: Int64?
    var lastProbe: Int64 = 0
    private var droppedLogged = 0
    private var nextDropLog: Int64 = 0

    init(
        _ sockets: consuming RouterSockets, directory: String, lock: consuming FileLock?, policy: Policy,
        limits: Limits, log: Logger,
        orders: Mailbox<Order>,
        onRequest: @escaping @Sendable (WorkerRequest) -> Void,
        onReply: @escaping @Sendable (String, Multipart, Bool) -> Void, titanic: TitanicLine? = nil,
        traces: TraceFile? = nil
    ) {
        self.sockets = sockets
        self.lock = lock
        successor = nil
        self.directory = directory
        admission = Admission(policy: policy)
        self.limits = limits
        bounds = Socket.Bounds(frames: limits.frames + 1, bytes: limits.messageBytes + Relay.headerBytes)
        self.log = log
        self.orders = orders
        self.onRequest = onRequest
        self.onReply = onReply
        self.titanic = titanic
        broker = Broker(limits: limits)
        broker.traces = traces.map { Broker.Traces(ratio: $0.ratio) }
        tracer = traces.map(GatewayTracer.init)
        backlog = Backlog(limits)
    }

    mutating func run() throws(ZeroMQError) {
        var poll = Poll()
        let routerIndex = poll.watch(sockets.router)
        let ordersIndex = poll.watch(orders)
        let zapIndex = poll.watch(sockets.zap)
        let eventsIndex = poll.watch(sockets.events.socket)
        let routerMonitorIndex = poll.watch(eventsOf: sockets.router)
        let eventsMonitorIndex = poll.watch(eventsOf: sockets.events.socket)
        let successorIndex = poll.watchNothing()
        let successorMonitorIndex = poll.watchNothing()
        lookAtClocks()
        if lock != nil { try registerOwnServices() }
        while !orders.isClosed, !isSuperfluous {
            try poll.wait(milliseconds: orders.mayWait() ? waitTime() : 0)
            lookAtClocks()
            if poll.isReady(zapIndex) { try admit() }
            if poll.isReady(routerIndex) { try readPeers() }
            try takeOrders(isSignalled: poll.isReady(ordersIndex))
            if broker.isHandedOver {
                watchSuccessor(&poll, successorIndex, successorMonitorIndex)
                try readSuccessor()
            }
            let hasSubscriptions = poll.isReady(eventsIndex)
            if poll.isReady(routerMonitorIndex) || poll.isReady(eventsMonitorIndex) || hasSubscriptions {
                countConnections()
            }
            if hasSubscriptions {
                let admission = admission
                try sockets.events.readSubscriptions(&message) { admission.principal($0) }
            }
            try tick()
        }
        try end()
    }

    private mutating func lookAtClocks() {
        now = Moment(monotonic: Clock.now, unix: Instant.now().milliseconds)
    }

    private func waitTime() -> Int {
        if !backlog.isEmpty || publication.next != nil { return Int(Self.retry) }
        let due = min(broker.nextTick, probeDue ?? .max, now.monotonic + Self.idleWait)
        return Int(max(0, due - Clock.now))
    }

    // MARK: Peers

    /// Reads what there is, then sends what came of it: libzmq's I/O thread is woken once and finds all of it.
    private mutating func readPeers() throws(ZeroMQError) {
        var bytes = 0
        for _ in 0..<Self.batch where bytes < Self.batchBytes {
            let outcome = try sockets.router.receive(into: &message, from: &peer, bounds: bounds)
            if outcome == .nothing { break }
            bytes += message.byteCount
            recognise()
            switch outcome {
            case .message where isTooMuch(message):
                broker.handleOversized(
                    message, tooManyFrames: message.count > limits.frames, from: .remote(peer), principal: principal,
                    now: now, &out)
            case .message:
                if try takesAside() { break }
                broker.handle(message, from: .remote(peer), principal: principal, now: now, &out)
            case .tooLarge, .tooManyFrames:
                broker.handleOversized(
                    message, tooManyFrames: outcome == .tooManyFrames, from: .remote(peer), principal: principal,
                    now: now, &out)
            case .nothing: break
            }
            if broker.statistics.dropped != droppedLogged { logDrops() }
        }
        try sendAll()
    }

    /// Whose message it is, by the User-Id that ZAP gave its connection. Mostly the same as before.
    private mutating func recognise() {
        if sockets.router.property("User-Id", equals: principal.userID) { return }
        guard let userID = sockets.router.property("User-Id") else {
            principal = .unknown
            return
        }
        principal = principals[userID] ?? admission.principal(userID)
        principals[userID] = principal
    }

    mutating func forgetPrincipals() {
        principals = [:]
        principal = .unknown
    }

    // MARK: Orders

    private mutating func takeOrders(isSignalled: Bool = false) throws(ZeroMQError) {
        orders.drain(into: &waiting, staysAwake: true, isSignalled: isSignalled)
        for order in waiting {
            switch order {
            case .publish(let event):
                published += 1
                publication.add(event)
            case .request(let message, let principal, let client):
                broker.handle(message, from: client, principal: principal, now: now, &out)
            case .reply(let message, let worker):
                broker.handle(message, from: worker, principal: .gateway, now: now, &out)
            case .snapshot(let answer): answer(snapshot)
            case .drain: broker.isDraining = true
            case .ask(let question, _): question(&broker, now, &out)
            case .step(let step, let done):
                try take(step)
                done()
            case .policy(let policy, let done):
                try adopt(policy)
                done()
            }
            try sendAll()
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private var snapshot: RouterSnapshot {
        RouterSnapshot(
            broker: broker.snapshot, door: sockets.door.counts,
            connectionsRefused: connectionsRefused + sockets.door.counts.refusedForLimit,
            subscriptions: sockets.events.subscriptions,
            subscriptionsRefused: .init(
                uniqueKeysWithValues: sockets.events.refused.map { ($0.key.rawValue, $0.value) }),
            eventsPublished: published, publication: publication.counts)
    }

    // MARK: Time

    private mutating func tick() throws(ZeroMQError) {
        logConnections()
        try publishEvents()
        try flushBacklog()
        if let due = probeDue, now.monotonic >= due {
            probeDue = nil
            lastProbe = now.monotonic
            broker.probe(now: now, &out)
            try sendAll()
        }
        if now.monotonic >= broker.nextTick {
            broker.tick(now: now, &out)
            try sendAll()
        }
        if broker.statistics.dropped != droppedLogged { logDrops() }
        for service in broker.statistics.crowded {
            log.warning("80 % of a service's queue is in use", metadata: ["service": "\(service)"])
        }
        broker.statistics.crowded = []
    }

    /// At most one line a second: what a peer does wrong must not fill the disk.
    private mutating func logDrops() {
        guard now.monotonic >= nextDropLog, let last = broker.statistics.lastDrop else { return }
        nextDropLog = now.monotonic + 1000
        log.warning(
            "messages dropped",
            metadata: [
                "count": "\(broker.statistics.dropped - droppedLogged)", "last": "\(last.reason.name)",
                "peer": "\(last.peer)", "service": "\(last.service)",
                "address": "\(sockets.router.property("Peer-Address") ?? "")",
            ])
        droppedLogged = broker.statistics.dropped
    }

    /// Every open request is answered, every worker told to look for another gateway.
    private mutating func end() throws(ZeroMQError) {
        lookAtClocks()
        try takeOrders()
        try publishEvents()
        broker.end(&out)
        try sendAll()
        try flushBacklog()
        orders.drain(into: &waiting)
        for order in waiting { order.refuse() }
    }
}
