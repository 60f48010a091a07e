import Majordomo
import ServiceKit
import ZeroMQ

/// The end of a gateway whose successor has the address already. It takes nothing new: what waits is passed on, what
/// is in flight comes back through the worker that has it, and each worker is told to look for the successor as soon as
/// it has nothing in hand, so that not even a stock worker loses an answer by it.
extension Broker {
    /// A client's request for the successor, as the client sent it.
    struct PassedOn: Sendable, Hashable {
        let client: PeerID
        let principal: Principal
        let message: Multipart
    }

    mutating func handOver(_ out: inout [Outgoing]) {
        isHandedOver = true
        for service in services.indices {
            while let slot = dequeue(service) { passOn(slot) }
        }
        for index in workers.indices where workers[index] != nil {
            if workers[index]?.isServing ?? false { retire(index) }
            workers[index]?.isDrained = true
            letGo(index, &out)
        }
    }

    /// A worker that has answered everything looks for the successor.
    mutating func letGo(_ index: Int, _ out: inout [Outgoing]) {
        guard isHandedOver, let worker = workers[index], worker.inFlight == 0, case .remote = worker.peer else {
            return
        }
        removeWorker(index)
        out.append(Outgoing(peer: worker.peer, message: .disconnect(worker.version)))
    }

    /// The request leaves this broker unanswered: the successor answers it.
    mutating func passOn(_ slot: Int) {
        guard let request = requests[slot], let client = clients[request.client] else { return }
        let body = bodies[slot]
        let frames = request.bodyStart..<body.count
        var message = Multipart(reservingBytes: body.range(of: frames).count + 64)
        switch request.version {
        case .v01:
            if let envelope = envelopes[slot] { message.append(0..<envelope.count, of: envelope) }
            message.appendEmptyFrame()
            message.append("MDPC01" as StaticString)
        case .v02:
            message.append("MDPC02" as StaticString)
            message.append(byte: 1)
        }
        message.append(services[request.service].name)
        message.append(frames, of: body)
        passedOn.append(PassedOn(client: client.peer, principal: client.principal, message: message))
        unload(slot)
        remove(slot)
    }

    /// The successor: services that its predecessor had are awaited, until their workers have moved.
    mutating func expect(_ names: [String], for wait: Int64, _ now: Moment) {
        for name in names {
            if let service = serviceEntry(ByteKey(name)), services[service].workers == 0 {
                expect(service, for: wait, isAnnounced: true, now)
            }
        }
    }
}
