import Logging
import Majordomo
import ZeroMQ

/// Who comes and goes: admission, and the count of connections.
extension RouterLoop {
    mutating func admit() throws(ZeroMQError) {
        while try sockets.zap.receive(into: &message, bounds: Socket.Bounds(frames: 32, bytes: 65_536)) != .nothing {
            let decision = admission.decide(message)
            if decision.status != "200" {
                connectionsRefused += 1
                lastRefusal = decision
            }
            _ = try sockets.zap.send(admission.reply(to: message, decision))
        }
    }

    mutating func countConnections() {
        while let event = sockets.router.nextEvent() { count(event, isRouter: true) }
        while let event = sockets.events.socket.nextEvent() {
            sockets.events.note(event)
            count(event, isRouter: false)
        }
    }

    private mutating func count(_ event: Socket.Event, isRouter: Bool) {
        if case .accepted = event, sockets.door.counts.taken == 0, !isDoorMissed {
            isDoorMissed = true
            log.critical(
                "connections are not counted, and too many end the gateway: accept4 is not exported (Door.swift)")
        }
        guard case .disconnected(let descriptor) = event else { return }
        sockets.door.left(descriptor)
        // Whose connection it was is not said; a worker's must be noticed at once.
        if isRouter { probeDue = max(now.monotonic + Self.probeDelay, lastProbe + Self.probePause) }
    }

    /// At most one line a second of each kind: who knocks too often must not fill the disk.
    mutating func logConnections() {
        guard now.monotonic >= nextConnectionsLog else { return }
        nextConnectionsLog = now.monotonic + 1000
        if connectionsRefused > refusedLogged, let last = lastRefusal {
            log.warning(
                "connections refused",
                metadata: [
                    "count": "\(connectionsRefused - refusedLogged)", "reason": "\(last.text)",
                    "status": "\(last.status)",
                ])
            refusedLogged = connectionsRefused
        }
        logRefusals()
        let counts = sockets.door.counts
        if counts.refusedForProcess > doorLogged.refusedForProcess {
            log.warning(
                "one process has too many connections",
                metadata: [
                    "count": "\(counts.refusedForProcess - doorLogged.refusedForProcess)",
                    "pid": "\(counts.lastRefused)", "variable": "IEUM_LIMIT_PROCESS_CONNECTIONS",
                ])
        }
        if counts.refusedForLimit > doorLogged.refusedForLimit {
            log.warning(
                "connections refused: all are in use",
                metadata: [
                    "count": "\(counts.refusedForLimit - doorLogged.refusedForLimit)",
                    "pid": "\(counts.lastRefused)", "limit": "\(limits.connections)",
                ])
        }
        if counts.refusedForDescriptors > doorLogged.refusedForDescriptors {
            log.warning(
                "connections refused: too few descriptors are left (ulimit -n)",
                metadata: [
                    "count": "\(counts.refusedForDescriptors - doorLogged.refusedForDescriptors)",
                    "descriptors": "\(Context.descriptorLimit)",
                ])
        }
        let crowded = limits.connections * 4 / 5
        if counts.open >= crowded, doorLogged.open < crowded {
            log.warning("80 % of the connections are in use", metadata: ["limit": "\(limits.connections)"])
        }
        doorLogged = counts
    }
}

extension Door {
    /// When the system allows fewer descriptors than the connections need, the share of a process shrinks with them.
    convenience init(_ limits: Limits) {
        let room = max(1, min(limits.connections, Context.descriptorLimit - Door.reserve))
        self.init(
            connections: limits.connections, ofOneProcess: max(1, limits.processConnections * room / limits.connections)
        )
    }
}
