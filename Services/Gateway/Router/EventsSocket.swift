import ZeroMQ

/// The XPUB of `events.sock`. Subscriptions are granted one by one (ZMQ_XPUB_MANUAL), so that their number and length
/// have limits. A subscriber that reads too slowly loses events in silence: `sequence` and gateway.events.read are
/// there for that.
struct EventsSocket: ~Copyable {
    let socket: Socket
    private let limits: Limits
    private(set) var subscriptions = 0
    private(set) var refused = 0

    init(_ listener: consuming Listener, limits: Limits, in context: Context) throws(ZeroMQError) {
        let socket = try Socket(.xpublish, in: context, linger: 250, monitoredAs: "events")
        try socket.set(.xpublishManual, 1)
        try socket.set(.sendHighWaterMark, 10_000)
        // What a subscriber may send is a subscription; anything longer ends its connection.
        try socket.set(frameBytesMaximum: Int64(max(limits.subscriptionBytes * 4, 4096)))
        try socket.set(zapDomain: Admission.domain)
        try socket.bind(listener)
        self.socket = socket
        self.limits = limits
    }

    func publish(_ message: Multipart) throws(ZeroMQError) { _ = try socket.send(message) }

    /// Reads what subscribers sent: `01 topic` subscribes, `00 topic` ends it, also when the connection ended.
    mutating func readSubscriptions(_ buffer: inout Multipart) throws(ZeroMQError) {
        let bounds = Socket.Bounds(frames: 1, bytes: limits.subscriptionBytes + 1)
        while true {
            switch try socket.receive(into: &buffer, bounds: bounds) {
            case .nothing: return
            case .tooLarge, .tooManyFrames: refused += 1
            case .message:
                let frame = buffer[0]
                let topic = Array(frame.dropFirst())
                switch frame.first {
                case 1 where subscriptions < limits.subscriptions:
                    subscriptions += 1
                    try socket.subscribe(topic)
                case 0:
                    subscriptions = max(0, subscriptions - 1)
                    try socket.unsubscribe(topic)
                default: refused += 1
                }
            }
        }
    }
}
