import Logging
import Majordomo
import Permissions
import ServiceKit
import ZeroMQ

/// A gateway that hands over, and one that takes over.
///
/// 1. The successor binds beside the live paths and renames over them: from then on whoever connects comes to it. It
///    serves nothing itself yet; requests for the services that its predecessor had wait in line.
/// 2. It calls `gateway.handOver` at its predecessor, which finishes what its own service has in hand, closes the
///    database, stops publishing events and gives the lock back. Subscribers connect again; what they miss meanwhile
///    is in the log.
/// 3. The successor opens the database and serves. Workers move when they have nothing in hand (BrokerHandover).
/// 4. The predecessor keeps its clients' connections and passes their requests on (Relay) until they are gone, or
///    silent for a minute. When the successor dies, it ends too: its clients see what they see when a gateway dies.
enum HandoverStep: Sendable { case handOver, letGo, serve }

extension RouterLoop {
    /// Milliseconds of silence after which nobody will miss the predecessor.
    static let silence: Int64 = 60_000

    mutating func take(_ step: HandoverStep) throws(ZeroMQError) {
        switch step {
        case .handOver: try handOver()
        case .letGo: try letGo()
        case .serve:
            lock = try FileLock(path: directory + "/gateway.lock")
            try registerOwnServices()
        }
    }

    private mutating func handOver() throws(ZeroMQError) {
        successor = try Successor(directory, in: sockets.context)
        relayedAt = now.monotonic
        broker.handOver(&out)
        try sendAll()
        log.notice("handed over: requests go to the successor from now on")
    }

    /// No event is published any more, and another may be the gateway.
    private mutating func letGo() throws(ZeroMQError) {
        try sockets.events.socket.unbind()
        lock = nil
    }

    func watchSuccessor(_ poll: inout Poll, _ index: Int, _ monitorIndex: Int) {
        switch successor {
        case .some(let successor):
            poll.rewatch(index, successor.socket)
            poll.rewatch(monitorIndex, eventsOf: successor.socket)
        case .none: return
        }
    }

    /// Whether it is the user whom the gateway runs as, whom no policy restricts.
    private func isOwn(_ principal: Principal) -> Bool {
        guard case .process(let user, _)? = Credential(principal.userID.description) else { return false }
        return user == admission.policy.owner
    }

    /// A message may be larger by a relay's header, and no other.
    func isTooMuch(_ message: Multipart) -> Bool {
        (message.count > limits.frames || message.byteCount > limits.messageBytes) && !Relay.isMarked(message)
    }

    /// Messages that are not simply this broker's: those of a predecessor's clients, and all requests when there is a
    /// successor. What belongs to a worker's answer stays here.
    mutating func takesAside() throws(ZeroMQError) -> Bool {
        if Relay.isMarked(message), isOwn(principal), let header = Relay.header(message) {
            let caller = admission.principal(header.userID)
            let client = PeerID.relayed(via: peer, client: header.mark)
            let content = Relay.content(message)
            if broker.isHandedOver {
                try relay(Broker.PassedOn(client: client, principal: caller, message: content))
            } else {
                broker.handle(content, from: client, principal: caller, now: now, &out)
            }
            return true
        }
        guard broker.isHandedOver, case .request = try? ToBroker(message) else { return false }
        try relay(Broker.PassedOn(client: .remote(peer), principal: principal, message: message))
        return true
    }

    mutating func relayPassedOn() throws(ZeroMQError) {
        let waiting = broker.passedOn
        broker.passedOn.removeAll()
        for request in waiting { try relay(request) }
    }

    private mutating func relay(_ request: Broker.PassedOn) throws(ZeroMQError) {
        // What the gateway itself asked for is repeated by the successor: its flows are on the disk.
        guard let mark = request.client.mark else { return }
        relayedAt = now.monotonic
        try successor?.send(Relay.wrapped(request.message, mark, request.principal.userID.description))
    }

    /// The successor's answers, to the clients that are here.
    mutating func readSuccessor() throws(ZeroMQError) {
        while try successor?.socket.receive(into: &message) == .message {
            guard let header = Relay.header(message), let client = PeerID(mark: header.mark) else { continue }
            relayedAt = now.monotonic
            out.append(Outgoing(peer: client, message: Relay.content(message)))
            try sendAll()
        }
        while let event = successor?.socket.nextEvent() ?? nil {
            if case .disconnected = event { isAbandoned = true }
        }
        try successor?.flush()
    }

    /// Nobody needs this predecessor any more.
    var isSuperfluous: Bool {
        guard broker.isHandedOver else { return false }
        if isAbandoned { return true }
        let isQuiet = now.monotonic - relayedAt > Self.silence
        return lock == nil && broker.requests.count == 0 && (sockets.door.counts.open == 0 || isQuiet)
    }
}
