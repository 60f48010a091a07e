import ZeroMQ

/// The XPUB of `events.sock`. Subscriptions are granted one by one (ZMQ_XPUB_MANUAL), so that permissions are by topic,
/// and their number and length have limits. A subscriber that reads too slowly is cut off (`Publication`).
struct EventsSocket: ~Copyable {
    enum Refusal: String, Sendable { case forbidden, tooMany, tooLong, malformed }

    let socket: Socket
    private let limits: Limits
    private(set) var subscriptions = 0
    private(set) var refused: [Refusal: Int] = [:]
    private(set) var lastRefused: (reason: Refusal, principal: String, topic: String)?
    /// The descriptors of the subscribers' connections.
    private(set) var connections: Set<Int32> = []

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

    /// Reads what subscribers sent: `01 topic` subscribes, `00 topic` ends it, also when the connection ended. A
    /// subscription brings every topic that begins so: it is granted when all of them are permitted.
    mutating func readSubscriptions(
        _ buffer: inout Multipart, principal: (_ userID: String) -> Principal
    ) throws(ZeroMQError) {
        let bounds = Socket.Bounds(frames: 1, bytes: limits.subscriptionBytes + 1)
        while true {
            switch try socket.receive(into: &buffer, bounds: bounds) {
            case .nothing: return
            case .tooLarge, .tooManyFrames: refuse(.tooLong, .unknown, [])
            case .message:
                let frame = buffer[0]
                let topic = frame.dropFirst()
                guard let command = frame.first, command <= 1 else {
                    refuse(.malformed, .unknown, [])
                    continue
                }
                if command == 0 {
                    subscriptions = max(0, subscriptions - 1)
                    try socket.unsubscribe(Array(topic))
                    continue
                }
                let subscriber = socket.property("User-Id").map(principal) ?? .unknown
                if subscriptions >= limits.subscriptions {
                    refuse(.tooMany, subscriber, topic)
                } else if !subscriber.permit.maySubscribe(to: topic) {
                    refuse(.forbidden, subscriber, topic)
                } else {
                    subscriptions += 1
                    try socket.subscribe(Array(topic))
                }
            }
        }
    }

    private mutating func refuse(_ reason: Refusal, _ principal: Principal, _ topic: ArraySlice<UInt8>) {
        refused[reason, default: 0] += 1
        lastRefused = (reason, principal.name, String(decoding: topic.prefix(100), as: UTF8.self))
    }

    mutating func note(_ event: Socket.Event) {
        switch event {
        case .accepted(let descriptor): connections.insert(descriptor)
        case .disconnected(let descriptor): connections.remove(descriptor)
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
