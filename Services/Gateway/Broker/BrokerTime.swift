import JSON
import Majordomo
import ServiceKit
import ZeroMQ

extension Broker {
    /// What time brings: heartbeats, workers that fell silent, deadlines. Call it at `nextTick`, or more often.
    mutating func tick(now: Moment, _ out: inout [Outgoing]) {
        // A loop that was late itself has not read what the workers sent meanwhile: no reason to lose them.
        let isLate = now.monotonic - (lastTick ?? now.monotonic) > Int64(limits.expiry) / 2
        lastTick = now.monotonic
        resetWake()
        tickWorkers(now, isLate, &out)
        tickRequests(now, &out)
        tickAwaited(now, &out)
    }

    /// A connection broke, and it is not known whose: every worker is sent a heartbeat, and those that are gone are
    /// found by its coming back.
    mutating func probe(now: Moment, _ out: inout [Outgoing]) {
        for index in workers.indices {
            guard let worker = workers[index], case .remote = worker.peer else { continue }
            workers[index]?.heartbeatDue = now.monotonic + Int64(limits.heartbeat)
            out.append(Outgoing(peer: worker.peer, message: .heartbeat(worker.version)))
        }
    }

    /// A message could not be delivered: its receiver is gone, or takes nothing any more.
    mutating func undelivered(_ outgoing: Outgoing, isGone: Bool, now: Moment, _ out: inout [Outgoing]) {
        if let index = workerOf[outgoing.peer], let worker = workers[index] {
            if !isGone { drop(worker.peer, worker.principal, service: serviceName(index), .workerTooSlow) }
            let returned = returnToLine(outgoing.message, of: worker, index, now)
            lose(index, &out)
            if let returned { retry(returned, now, &out) }
            return
        }
        // A DISCONNECT or a heartbeat for a peer that is no worker any more matters to nobody.
        if Version.allCases.contains(where: { (try? ToWorker(outgoing.message, $0)) != nil }) { return }
        statistics.drop(peer: "client", service: "", isGone ? .clientGone : .clientTooSlow)
        if !isGone { return stopStream(outgoing, &out) }
        if let client = clientOf[ClientKey(outgoing.peer, .unknown)] { forgetClient(client, &out) }
    }

    /// The request in an undelivered message has certainly not been started: it may go to another worker.
    private mutating func returnToLine(_ message: Multipart, of worker: Worker, _ index: Int, _ now: Moment) -> Int? {
        guard case .request(let address, _) = try? ToWorker(message, worker.version),
            let token = ReplyToken(message, frame: address), requests[token.slot]?.nonce == token.nonce
        else { return nil }
        switch requests[token.slot]?.state {
        case .inFlight(index):
            held.remove(token.slot, from: index)
            requests[token.slot]?.state = .waiting
            workers[index]?.inFlight -= 1
            return token.slot
        default: return nil
        }
    }

    private mutating func retry(_ slot: Int, _ now: Moment, _ out: inout [Outgoing]) {
        guard let service = requests[slot]?.service else { return }
        if isHandedOver { return passOn(slot) }
        guard takesRequests(service) else {
            let name = services[service].name.description
            return fail(slot, .noResponders(service: name), &out)
        }
        enqueue(slot, isFirst: true, now)
        serve(service, now, &out)
    }

    private mutating func tickWorkers(_ now: Moment, _ isLate: Bool, _ out: inout [Outgoing]) {
        let interval = Int64(limits.heartbeat)
        for index in workers.indices {
            guard let worker = workers[index], case .remote = worker.peer else { continue }
            if isLate { workers[index]?.expires = max(worker.expires, now.monotonic + 2 * interval) }
            if now.monotonic >= workers[index]?.expires ?? .max {
                lose(index, &out)
                out.append(Outgoing(peer: worker.peer, message: .disconnect(worker.version)))
                continue
            }
            if now.monotonic >= worker.heartbeatDue {
                workers[index]?.heartbeatDue = now.monotonic + interval
                out.append(Outgoing(peer: worker.peer, message: .heartbeat(worker.version)))
            }
            wake(at: min(workers[index]?.heartbeatDue ?? .max, workers[index]?.expires ?? .max))
        }
    }

    private mutating func tickRequests(_ now: Moment, _ out: inout [Outgoing]) {
        while let slot = deadlines.popDue(now.monotonic) {
            guard let service = requests[slot]?.service else { continue }
            let isStarted = requests[slot]?.state != .waiting
            let fault =
                isStarted || takesRequests(service)
                ? Fault(.deadlineExceeded, data: ["started": .bool(isStarted)])
                : .noResponders(service: services[service].name.description)
            tellWorker(slot, &out)
            fail(slot, fault, workerStillWorks: true, &out)
        }
        if let next = deadlines.next { wake(at: next) }
    }
}
