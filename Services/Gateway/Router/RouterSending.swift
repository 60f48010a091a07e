import Majordomo
import ServiceKit
import ZeroMQ

/// What the broker says goes out: to a peer's connection, into its queue while it takes nothing, or back to the broker
/// as undelivered.
extension RouterLoop {
    /// Sends until nothing is left to send: what could not be delivered may lead to more.
    mutating func sendAll() throws(ZeroMQError) {
        var index = 0
        while true {
            while index < out.count {
                try send(out[index])
                index += 1
            }
            out.removeAll(keepingCapacity: true)
            index = 0
            guard let (failed, isGone) = undelivered.popLast() else {
                noteTraces()
                if !broker.passedOn.isEmpty { try relayPassedOn() }
                return tellWhoIsServed()
            }
            broker.undelivered(failed, isGone: isGone, now: now, &out)
        }
    }

    private mutating func noteTraces() {
        guard let marks = broker.traces?.marks, !marks.isEmpty else { return }
        broker.traces?.marks.removeAll(keepingCapacity: true)
        tracer?.note(marks, at: TraceFile.now)
    }

    private mutating func send(_ outgoing: Outgoing) throws(ZeroMQError) {
        if case .relayed(let via, let client) = outgoing.peer {
            return try send(outgoing, Relay.wrapped(outgoing.message, client), to: via)
        }
        guard case .remote(let key) = outgoing.peer else { return deliver(outgoing) }
        try send(outgoing, outgoing.message, to: key)
    }

    private mutating func send(_ outgoing: Outgoing, _ message: Multipart, to key: ByteKey) throws(ZeroMQError) {
        if backlog.isEmpty || !backlog.holds(key) {
            switch try sockets.router.send(message, to: key) {
            case .sent: return
            case .unreachable: return undelivered.append((outgoing, isGone: true))
            case .wouldBlock: break
            }
        }
        let isPartial = (try? ToClient(outgoing.message, .v02))?.isFinal == false
        if !backlog.append(message, for: key, isPartial: isPartial) {
            if broker.workerOf[outgoing.peer] != nil { backlog.forget(key) }
            undelivered.append((outgoing, isGone: false))
        }
    }

    /// Tries again what peers did not take.
    mutating func flushBacklog() throws(ZeroMQError) {
        if backlog.isEmpty { return }
        var backlog = backlog
        self.backlog = Backlog(limits)
        let gone = try backlog.flush { (message, peer) throws(ZeroMQError) in
            try sockets.router.send(message, to: peer)
        }
        self.backlog = backlog
        undelivered += gone.map { ($0, isGone: true) }
        try sendAll()
    }
}
