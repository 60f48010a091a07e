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
                requests.remove(slot)
                workers[index]?.inFlight -= 1
                released(index, now, &out)
            }
            return
        }
        let service = request.service
        if isFinal || request.version == .v02 {
            if !isSwallowed(message, body, request, by: index) {
                var reply = Multipart.clientReply(
                    request.version, envelope: request.envelope, service: services[service].name, isFinal: isFinal,
                    reservingBytes: message.range(of: body).count)
                reply.append(body, of: message)
                out.append(Outgoing(peer: request.client, message: reply))
            }
        } else if let worker = workers[index] {
            drop(worker.peer, worker.principal, service: serviceName(index), .partialToStockClient)
        }
        guard isFinal else {
            services[service].counts.partials += 1
            return
        }
        services[service].counts.replies += 1
        settle(slot)
        workers[index]?.inFlight -= 1
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
    private func isSwallowed(_ message: Multipart, _ body: Range<Int>, _ request: Request, by index: Int) -> Bool {
        request.version == .v02 && body.count == 1 && message.byteCount(of: body.lowerBound) == 0
            && workers[index]?.isAnnounced ?? false
    }

    /// The request that a worker answers, when it is one of its own.
    mutating func request(_ message: Multipart, _ address: Int, of index: Int) -> Int? {
        guard let worker = workers[index] else { return nil }
        guard let token = ReplyToken(message, frame: address), let request = requests[token.slot],
            request.nonce == token.nonce
        else {
            drop(worker.peer, worker.principal, service: serviceName(index), .unknownAddress)
            return nil
        }
        switch request.state {
        case .inFlight(index), .abandoned(index): return token.slot
        case .waiting, .inFlight, .abandoned:
            drop(worker.peer, worker.principal, service: serviceName(index), .foreignAddress)
            return nil
        }
    }

    // MARK: Ends

    /// A request has had its answer: it and its share of the client's limits are gone.
    mutating func settle(_ slot: Int) {
        guard let request = requests[slot] else { return }
        requests.remove(slot)
        unload(request)
    }

    private mutating func unload(_ request: Request) {
        guard let load = clients[request.client] else { return }
        clients[request.client] =
            load.requests > 1 ? Client(requests: load.requests - 1, bytes: load.bytes - request.byteCount) : nil
    }

    /// The client gets an error instead of a reply. A worker that holds the request keeps its credit in use until it
    /// answers, unless it is the one that failed.
    mutating func fail(_ slot: Int, _ fault: Fault, workerStillWorks: Bool = false, _ out: inout [Outgoing]) {
        guard let request = requests[slot] else { return }
        let wasInFlight: Int? = if case .inFlight(let worker) = request.state { worker } else { nil }
        statistics.refuse(fault.code)
        services[request.service].counts.faults += 1
        var reply = Multipart.clientReply(
            request.version, envelope: request.envelope, service: services[request.service].name, isFinal: true,
            reservingBytes: 256)
        let body = request.bodyStart < request.body.count ? request.body[request.bodyStart] : []
        reply.append(Self.response(to: body, fault))
        out.append(Outgoing(peer: request.client, message: reply, isFault: true))
        end(slot, request, inFlightAt: wasInFlight, workerStillWorks)
    }

    /// The client is gone: nobody is told.
    mutating func forget(_ slot: Int) {
        guard let request = requests[slot] else { return }
        let wasInFlight: Int? = if case .inFlight(let worker) = request.state { worker } else { nil }
        services[request.service].counts.clientsGone += 1
        end(slot, request, inFlightAt: wasInFlight, true)
    }

    private mutating func end(_ slot: Int, _ request: Request, inFlightAt worker: Int?, _ workerStillWorks: Bool) {
        guard let worker else { return settle(slot) }
        if workerStillWorks {
            requests[slot]?.state = .abandoned(worker: worker)
            requests[slot]?.body = Multipart()
            requests[slot]?.bodyStart = 0
            unload(request)
        } else {
            settle(slot)
            workers[worker]?.inFlight -= 1
        }
    }

    // MARK: Answers of the broker itself

    func answer(_ arrival: Arrival, _ fault: Fault, _ out: inout [Outgoing]) {
        answer(arrival, [Self.response(to: arrival.message[arrival.body.lowerBound], fault)], isFault: true, &out)
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
