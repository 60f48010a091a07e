import ZeroMQ

/// The XPUB of `events.sock`. Subscriptions are granted one by one (ZMQ_XPUB_MANUAL), so that permissions are by topic,
/// and their number and length have limits. A subscriber that reads too slowly is cut off (`Publication`).
struct EventsSocket: ~Copyable {
    enum Refusal: String, Sendable { case forbidden, tooMany, tooLong, malformed }

    /// What was granted to a connection, and how often it asked for more.
    private struct Subscriber {
        var topics: Set<ByteKey> = []
        var refusals = 0
    }

    /// Messages that are read before the other sockets get their turn.
    private static let batch = 512
    /// libzmq remembers what a connection asked for in vain until its end, which therefore comes after so many.
    static let refusalsMaximum = 1_000

    let socket: Socket
    private let limits: Limits
    private(set) var subscriptions = 0
    private(set) var refused: [Refusal: Int] = [:]
    private(set) var lastRefused: (reason: Refusal, principal: String, topic: String)?
    /// By the descriptor of the connection.
    private var subscribers: [Int32: Subscriber] = [:]

    init(_ listener: consuming Listener, limits: Limits, in context: Context) throws(ZeroMQError) {
        let socket = try Socket(.xpublish, in: context, linger: 250, monitoredAs: "events")
        try socket.set(.xpublishManual, 1)
        try socket.set(.xpublishNoDrop, 1)
        // Events of 256 KiB at most: what the queues hold together has a limit, since subscribers share the bytes.
        try socket.set(.sendHighWaterMark, 1_000)
        // What a subscriber may send is a subscription; anything longer ends its connection.
        try socket.set(frameBytesMaximum: Int64(max(limits.subscriptionBytes * 4, 4096)))
        try socket.set(zapDomain: Admission.domain)
        try socket.bind(listener)
        self.socket = socket
        self.limits = limits
    }

    /// The descriptors of the subscribers' connections.
    var connections: some Sequence<Int32> { subscribers.keys }

    /// Reads what subscribers sent: `01 topic` subscribes, `00 topic` ends it. Call `note` with what is known of
    /// connections before.
    mutating func readSubscriptions(
        _ buffer: inout Multipart, principal: (_ userID: String) -> Principal
    ) throws(ZeroMQError) {
        let bounds = Socket.Bounds(frames: 1, bytes: limits.subscriptionBytes + 1)
        for _ in 0..<Self.batch {
            let outcome = try socket.receive(into: &buffer, bounds: bounds)
            if outcome == .nothing { return }
            // What libzmq itself says of a connection that has ended was counted with its end.
            guard let connection = socket.sourceDescriptor, subscribers[connection] != nil else { continue }
            guard outcome == .message else {
                refuse(.tooLong, .unknown, [], connection)
                continue
            }
            let topic = buffer[0].dropFirst()
            switch buffer[0].first {
            case 0:
                if subscribers[connection]?.topics.remove(ByteKey(topic)) != nil { subscriptions -= 1 }
                try socket.unsubscribe(Array(topic))
            case 1:
                let subscriber = socket.property("User-Id").map(principal) ?? .unknown
                try subscribe(connection, subscriber, topic)
            default: refuse(.malformed, .unknown, [], connection)
            }
        }
    }

    /// A subscription brings every topic that begins so: it is granted when all of them are permitted.
    private mutating func subscribe(
        _ connection: Int32, _ subscriber: Principal, _ topic: ArraySlice<UInt8>
    ) throws(ZeroMQError) {
        if subscriptions >= limits.subscriptions { return refuse(.tooMany, subscriber, topic, connection) }
        guard subscriber.permit.maySubscribe(to: topic) else {
            return refuse(.forbidden, subscriber, topic, connection)
        }
        // libzmq keeps a topic once for a connection, however often it asks.
        if subscribers[connection]?.topics.insert(ByteKey(topic)).inserted ?? false { subscriptions += 1 }
        try socket.subscribe(Array(topic))
    }

    private mutating func refuse(
        _ reason: Refusal, _ principal: Principal, _ topic: ArraySlice<UInt8>, _ connection: Int32
    ) {
        refused[reason, default: 0] += 1
        lastRefused = (reason, principal.name, String(decoding: topic.prefix(100), as: UTF8.self))
        subscribers[connection]?.refusals += 1
        if subscribers[connection]?.refusals == Self.refusalsMaximum { endConnection(connection) }
    }

    mutating func note(_ event: Socket.Event) {
        switch event {
        case .accepted(let descriptor): subscribers[descriptor] = Subscriber()
        case .disconnected(let descriptor):
            subscriptions -= subscribers.removeValue(forKey: descriptor)?.topics.count ?? 0
        case .handshakeSucceeded, .handshakeRefused: return
        }
    }

    /// What was granted cannot be taken back: XPUB changes a subscription only while it hands over a message of the same
    /// subscriber. So the connections end, except those of `user`, who may do everything. Subscribers come again by
    /// themselves, ask again, and see by `sequence` what they have missed meanwhile.
    func endConnections(except user: UInt32) {
        for descriptor in connections where userOfConnection(descriptor) != user { endConnection(descriptor) }
    }
}
