import JSON
import Majordomo
import ServiceKit
import ZeroMQ

extension Broker {
    // MARK: From a worker

    mutating func reply(
        _ message: Multipart, address: Int, body: Range<Int>, isFinal: Bool, by index: Int, _ now: Moment,
        _ out: inout [Outgoing]
    ) {
        guard let slot = request(message, address, of: index), let request = requests[slot] else {
            return unexpected(by: index, &out)
        }
        guard case .inFlight = request.state else {
            // The client has been told already, when the deadline passed.
            if let worker = workers[index] {
                drop(worker.peer, worker.principal, service: serviceName(index), .lateReply)
            }
            if isFinal {
                end(slot, heldBy: index)
                released(index, now, &out)
            }
            return
        }
        let service = request.service
        if isFinal || request.version == .v02 {
            let client = clients[request.client]?.peer
            if let client, !isSwallowed(message, body, request.version, by: index) {
                var reply = Multipart.clientReply(
                    request.version, envelope: envelope(slot), service: services[service].name, isFinal: isFinal,
                    reservingBytes: message.range(of: body).count)
                reply.append(body, of: message)
                out.append(Outgoing(peer: client, message: reply))
            }
        } else if let worker = workers[index] {
            drop(worker.peer, worker.principal, service: serviceName(index), .partialToStockClient)
        }
        guard isFinal else {
            services[service].counts.partials += 1
            return
        }
        services[service].counts.replies += 1
        unload(slot)
        end(slot, heldBy: index)
        released(index, now, &out)
    }

    /// RFC 7 and 18: a reply to what the worker was not given is answered with DISCONNECT. A worker that announced itself
    /// works on several requests at once: a PARTIAL may come after its FINAL, and a cancellation be answered in vain.
    private mutating func unexpected(by index: Int, _ out: inout [Outgoing]) {
        guard let worker = workers[index], case .remote = worker.peer, !worker.isAnnounced else { return }
        sendAway(worker.peer, worker.version, &out)
    }

    /// A notification has no response, yet MDP frees a worker by its reply: an announced worker then sends one empty
    /// body frame. A 0.1 client is a REQ and waits for something, so it gets that.
    private func isSwallowed(_ message: Multipart, _ body: Range<Int>, _ version: Version, by index: Int) -> Bool {
        version == .v02 && body.count == 1 && message.byteCount(of: body.lowerBound) == 0
            && workers[index]?.isAnnounced ?? false
    }

    /// The request that a worker answers, when it is one of its own.
    mutating func request(_ message: Multipart, _ address: Int, of index: Int) -> Int? {
        let token = ReplyToken(message, frame: address)
        let state = token.flatMap { requests[$0.slot]?.nonce == $0.nonce ? requests[$0.slot]?.state : nil }
        switch state {
        case .inFlight(index), .abandoned(index): return token?.slot
        case .waiting, .inFlight, .abandoned, nil:
            guard let worker = workers[index] else { return nil }
            let reason: DropReason = state == nil ? .unknownAddress : .foreignAddress
            drop(worker.peer, worker.principal, service: serviceName(index), reason)
            return nil
        }
    }

    // MARK: Ends

    /// The client gets an error instead of a reply. A worker that holds the request keeps its credit in use until it
    /// answers, unless it is the one that failed.
    mutating func fail(_ slot: Int, _ fault: Fault, workerStillWorks: Bool = false, _ out: inout [Outgoing]) {
        guard let request = requests[slot], let client = clients[request.client]?.peer else { return }
        statistics.refuse(fault.code)
        services[request.service].counts.faults += 1
        var reply = Multipart.clientReply(
            request.version, envelope: envelope(slot), service: services[request.service].name, isFinal: true,
            reservingBytes: 256)
        for frame in Self.frames(fault, services[request.service].name, to: body(slot)) { reply.append(frame) }
        if traces != nil { markEnded(slot, fault.code) }
        out.append(Outgoing(peer: client, message: reply, isFault: true))
        close(slot, workerStillWorks: workerStillWorks)
    }

    /// The client is gone: nobody is told.
    mutating func forgetClient(_ client: Int, _ out: inout [Outgoing]) {
        for slot in open.members(client) {
            tellWorker(slot, &out)
            if let service = requests[slot]?.service { services[service].counts.clientsGone += 1 }
            close(slot, workerStillWorks: true)
        }
    }

    /// The requests that a client has open, oldest first.
    func openRequests(of peer: PeerID, _ principal: Principal) -> [Int] {
        clientOf[ClientKey(peer, principal)].map(open.members) ?? []
    }

    /// On whose behalf a worker is asked.
    func principal(_ token: ReplyToken) -> Principal? {
        guard let request = requests[token.slot], request.nonce == token.nonce else { return nil }
        if case .abandoned = request.state { return nil }
        return clients[request.client]?.principal.taken(as: request.rank)
    }

    /// The client has its answer, or is gone.
    private mutating func close(_ slot: Int, workerStillWorks: Bool) {
        guard let state = requests[slot]?.state else { return }
        unload(slot)
        switch state {
        case .waiting:
            leaveLine(slot)
            remove(slot)
        case .inFlight(let worker) where workerStillWorks:
            requests[slot]?.state = .abandoned(worker: worker)
            setBody(slot, Multipart(), start: 0)
        case .inFlight(let worker), .abandoned(let worker): end(slot, heldBy: worker)
        }
    }

    /// It counts no more among its client's, and nobody waits for its deadline.
    mutating func unload(_ slot: Int) {
        if traces != nil { markEnded(slot, nil) }
        guard let client = requests[slot]?.client, let byteCount = requests[slot]?.byteCount else { return }
        deadlines.remove(slot)
        open.remove(slot, from: client)
        clients[client]?.requests -= 1
        clients[client]?.bytes -= byteCount
        openBytes -= byteCount
        if open.count(client) == 0, let peer = clients[client]?.peer, let principal = clients[client]?.principal {
            clientOf[ClientKey(peer, principal)] = nil
            clients.remove(client)
        }
    }

    /// A worker holds it no more.
    mutating func end(_ slot: Int, heldBy worker: Int) {
        held.remove(slot, from: worker)
        workers[worker]?.inFlight -= 1
        remove(slot)
    }

    mutating func remove(_ slot: Int) {
        if let service = requests[slot]?.service { services[service].references -= 1 }
        bodies[slot] = Multipart()
        if !envelopes.isEmpty { envelopes[slot] = nil }
        requests.remove(slot)
    }

    // MARK: Bodies

    mutating func setBody(_ slot: Int, _ message: Multipart, start: Int) {
        while bodies.count <= slot { bodies.append(Multipart()) }
        bodies[slot] = message
        requests[slot]?.bodyStart = start
    }

    /// The first body frame; empty when it is abandoned.
    func body(_ slot: Int) -> ArraySlice<UInt8> {
        guard let start = requests[slot]?.bodyStart, start < bodies[slot].count else { return [] }
        return bodies[slot][start]
    }

    private func envelope(_ slot: Int) -> Multipart? { envelopes.isEmpty ? nil : envelopes[slot] }

    // MARK: Answers of the broker itself

    func answer(_ arrival: Arrival, _ fault: Fault, _ out: inout [Outgoing]) {
        let body = arrival.message[arrival.body.lowerBound]
        answer(arrival, Self.frames(fault, arrival.message.key(arrival.service), to: body), isFault: true, &out)
    }

    /// A refusal in the form of the service that was asked.
    private static func frames(_ fault: Fault, _ service: ByteKey, to body: ArraySlice<UInt8>) -> [[UInt8]] {
        TitanicService(rawValue: service.description) == nil ? [response(to: body, fault)] : fault.titanic
    }

    func answer(_ arrival: Arrival, _ body: [[UInt8]], isFault: Bool = false, _ out: inout [Outgoing]) {
        var envelope = Multipart()
        envelope.append(0..<arrival.envelope, of: arrival.message)
        var reply = Multipart.clientReply(
            arrival.version, envelope: envelope, service: arrival.message.key(arrival.service), isFinal: true,
            reservingBytes: 256)
        for frame in body { reply.append(frame) }
        out.append(Outgoing(peer: arrival.peer, message: reply, isFault: isFault))
    }

    /// A JSON-RPC error response to a request's body.
    static func response(to body: ArraySlice<UInt8>, _ fault: Fault) -> [UInt8] {
        let error = fault.json.bytes
        var response = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
        response.append(contentsOf: requestID(of: body))
        response.append(contentsOf: #","error":"#.utf8)
        response.append(contentsOf: error)
        response.append(UInt8(ascii: "}"))
        return response
    }

    /// The text of a request's JSON-RPC id: a string, a number or null; null when there is none to find.
    static func requestID(of body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let none = Array("null".utf8)[...]
        var scan = JSONScan(body)
        var found: Range<Int>?
        // An error after the id does not matter: the caller knows its request by it all the same.
        try? scan.members { key, isEscaped, value in
            guard !isEscaped, body[key].elementsEqual("id".utf8) else { return true }
            found = value
            return false
        }
        guard let found, let first = body[found].first, found.count <= 1024 else { return none }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "-"), 0x30...0x39: return body[found]
        default: return none
        }
    }
}
