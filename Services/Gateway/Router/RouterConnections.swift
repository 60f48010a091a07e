import Logging
import Majordomo
import ZeroMQ

/// Who comes and goes: admission, and the count of connections.
extension RouterLoop {
    mutating func admit() throws(ZeroMQError) {
        while try sockets.zap.receive(into: &message, bounds: Socket.Bounds(frames: 32, bytes: 65_536)) != .nothing {
            let decision = admission.decide(message, isFull: isFull)
            if decision.status != "200" {
                connectionsRefused += 1
                log.warning(
                    "connection refused", metadata: ["reason": "\(decision.text)", "status": "\(decision.status)"])
            }
            _ = try sockets.zap.send(admission.reply(to: message, decision))
        }
    }

    /// libzmq aborts when accept finds no descriptor left: new peers are put off before.
    private var isFull: Bool { connections > min(limits.connections, Context.descriptorLimit - 128) }

    mutating func countConnections() {
        while let event = sockets.router.nextEvent() { count(event, isRouter: true) }
        while let event = sockets.events.socket.nextEvent() { count(event, isRouter: false) }
    }

    private mutating func count(_ event: Socket.Event, isRouter: Bool) {
        switch event {
        case .accepted:
            connections += 1
            if connections == limits.connections * 4 / 5 {
                log.warning("80 % of the connections are in use", metadata: ["limit": "\(limits.connections)"])
            }
        case .disconnected:
            connections -= 1
            // Whose connection it was is not said; a worker's must be noticed at once.
            if isRouter { probeDue = max(now.monotonic + Self.probeDelay, lastProbe + Self.probePause) }
        case .acceptFailed: log.error("a connection could not be accepted")
        case .handshakeSucceeded, .handshakeRefused: return
        }
    }
}
