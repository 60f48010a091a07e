import Foundation
import ZeroMQ

/// The gateway's sockets, bound in the order that matters: the ZAP handler before any door is open.
struct RouterSockets: ~Copyable {
    static let linger: Int32 = 250

    let context: Context
    let door: Door
    let zap: Socket
    let router: Socket
    var events: EventsSocket

    /// - Parameter replaces: whether a predecessor serves the paths, whose place these take.
    init(
        directory: String, limits: Limits, tcp: TCPDoor? = nil, replaces: Bool = false, in context: Context
    ) throws(ZeroMQError) {
        let door = Door(limits)
        let zap = try Socket(.reply, in: context)
        try zap.bind(Admission.endpoint)

        let router = try Socket(.router, in: context, linger: Self.linger, monitoredAs: "router")
        // Full queues and absent peers become errors instead of silence. ZMQ_ROUTER_HANDOVER stays 0: a second peer
        // with the same id is ignored, instead of getting the first one's traffic.
        try router.set(.routerMandatory, 1)
        try router.set(frameBytesMaximum: Int64(limits.frameBytes))
        try router.set(zapDomain: Admission.domain)
        let events = try EventsSocket(
            try Listener(path: directory + "/events.sock", door: door, replaces: replaces), limits: limits, in: context)
        try router.bind(try Listener(path: directory + "/gateway.sock", door: door, replaces: replaces))

        if let tcp { try tcp.open(router, events.socket, door: door) }

        self.context = context
        self.door = door
        self.zap = zap
        self.router = router
        self.events = events
    }

    /// After a clean end nothing is left that looks alive.
    static func removePaths(_ directory: String) {
        for name in ["gateway.sock", "events.sock"] {
            try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
    }
}
