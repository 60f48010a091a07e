import DequeModule
import JSON
import Majordomo
import ServiceKit
import ZeroMQ

extension Broker {
    /// A client's request as it came: positions in its message.
    struct Arrival {
        let message: Multipart
        let peer: PeerID
        let principal: Principal
        let version: Version
        let envelope: Int
        let service: Int
        let body: Range<Int>
    }

    mutating func accept(_ arrival: Arrival, _ now: Moment, _ out: inout [Outgoing]) {
        let name = arrival.message.key(arrival.service)
        let served = serviceNamed[name].flatMap { services[$0].workers > 0 ? $0 : nil }
        guard let service = served ?? awaited(name, arrival) else { return acceptWithoutWorker(arrival, &out) }
        if cancels(arrival, service, &out) { return }
        if isDraining, case .remote = arrival.peer {
            return refuse(arrival, Fault.overloaded(retryAfterMs: Int64(limits.retryAfter) * 10), &out)
        }
        var deadline: Int64?
        if services[service].announced > 0, arrival.body.count > 1 {
            do throws(Fault) {
                deadline = try checkedDeadline(arrival.message[arrival.body.lowerBound + 1], now)
            } catch { return refuse(arrival, error, &out) }
        }
        let byteCount = arrival.message.byteCount
        let load = clients[arrival.peer] ?? Client()
        guard load.requests < limits.clientRequests, load.bytes + byteCount <= limits.clientBytes else {
            return refuse(arrival, .overloaded(retryAfterMs: Int64(limits.retryAfter)), &out)
        }
        let worker = services[service].idle.first
        if worker == nil {
            let entry = services[service]
            guard entry.waiting.count < limits.serviceRequests, entry.waitingBytes + byteCount <= limits.serviceBytes
            else { return refuse(arrival, .overloaded(retryAfterMs: Int64(limits.retryAfter)), &out) }
        }

        var wait = deadline.map { min($0 - now.unix, Int64(limits.deadlineMaximum)) } ?? Int64(limits.deadlineDefault)
        if services[service].workers == 0 { wait = min(wait, Int64(limits.unservedWait)) }
        var envelope: Multipart?
        if arrival.envelope > 0 {
            envelope = Multipart()
            envelope?.append(0..<arrival.envelope, of: arrival.message)
        }
        let slot = requests.insert(
            Request(
                nonce: nonces.next(), client: arrival.peer, principal: arrival.principal, version: arrival.version,
                envelope: envelope, service: service, byteCount: byteCount, receivedAt: now, deadline: deadline,
                givenUpAt: now.monotonic + wait, body: arrival.message, bodyStart: arrival.body.lowerBound))
        clients[arrival.peer] = Client(requests: load.requests + 1, bytes: load.bytes + byteCount)
        services[service].counts.requests += 1
        if let worker {
            dispatch(slot, to: worker, now, &out)
        } else {
            keepBody(of: slot)
            services[service].waiting.append(slot)
            services[service].waitingBytes += byteCount
            wake(at: now.monotonic + wait)
            noteCrowd(service)
        }
    }

    /// An operator hears of a line before it is full.
    private mutating func noteCrowd(_ service: Int) {
        let entry = services[service]
        let isFilled = { [limits] (share: Int) in
            entry.waiting.count * 100 >= limits.serviceRequests * share
                || entry.waitingBytes * 100 >= limits.serviceBytes * share
        }
        if entry.isCrowded {
            services[service].isCrowded = isFilled(50)
        } else if isFilled(80) {
            services[service].isCrowded = true
            statistics.crowded.insert(entry.name.description)
        }
    }

    /// The deadline of a headers frame, or what is wrong with it.
    private func checkedDeadline(_ headers: ArraySlice<UInt8>, _ now: Moment) throws(Fault) -> Int64? {
        guard headers.count <= limits.headersBytes else {
            throw Fault(.payloadTooLarge, data: ["limit": .integer(Int64(limits.headersBytes)), "frame": "headers"])
        }
        let deadline: Int64?
        do {
            deadline = try Headers.deadline(headers)
        } catch {
            let rule = Bilingual(
                ko: "머리글 프레임은 JSON 객체여야 하고 deadline은 밀리초 정수여야 합니다. 고쳐서 다시 보내세요",
                en: "the headers frame must be a JSON object, its deadline Unix milliseconds; correct it and send again"
            )
            throw Fault(.invalidRequest, rule, data: ["frame": "headers"])
        }
        if let deadline, deadline <= now.unix { throw Fault(.deadlineExceeded, data: ["started": false]) }
        return deadline
    }

    /// A request that waits keeps its body frames alone: the buffer it came in may be far larger.
    private mutating func keepBody(of slot: Int) {
        guard let request = requests[slot] else { return }
        let frames = request.bodyStart..<request.body.count
        var body = Multipart(reservingBytes: request.body.range(of: frames).count)
        body.append(frames, of: request.body)
        requests[slot]?.body = body
        requests[slot]?.bodyStart = 0
    }

    /// Hands a request to a worker that has credit.
    mutating func dispatch(_ slot: Int, to index: Int, _ now: Moment, _ out: inout [Outgoing]) {
        guard let worker = workers[index], let request = requests[slot] else { return }
        let bodyCount = request.body.count - request.bodyStart
        let token = ReplyToken(slot: slot, nonce: request.nonce)
        var message = Multipart.workerRequest(
            worker.version, address: token.key,
            reservingBytes: request.byteCount + (worker.isAnnounced ? request.principal.stamp.count + 64 : 0))
        let bodyStart = message.count
        if worker.isAnnounced {
            message.append(request.bodyStart, of: request.body)
            Headers.append(
                to: &message, client: bodyCount > 1 ? request.body[request.bodyStart + 1] : nil,
                principal: request.principal, requestID: request.nonce, receivedAt: request.receivedAt.unix,
                takesPartials: request.version == .v02, scratch: &scratch)
            if bodyCount > 2 { message.append(request.bodyStart + 2..<request.body.count, of: request.body) }
        } else {
            message.append(request.bodyStart..<request.body.count, of: request.body)
        }
        // In flight the limit is the client's own deadline with a grace, in which the worker may say more itself.
        let limit = request.deadline.map { $0 - request.receivedAt.unix + Int64(limits.deadlineGrace) }
        let givenUpAt = request.receivedAt.monotonic + min(limit ?? .max, Int64(limits.deadlineMaximum))
        requests[slot]?.state = .inFlight(worker: index)
        requests[slot]?.body = message
        requests[slot]?.bodyStart = bodyStart
        requests[slot]?.givenUpAt = givenUpAt
        wake(at: givenUpAt)

        let service = worker.service
        _ = services[service].idle.popFirst()
        let isIdle = worker.inFlight + 1 < worker.credit
        if isIdle { services[service].idle.append(index) }
        workers[index]?.inFlight += 1
        workers[index]?.isIdle = isIdle
        // Every command is a heartbeat as well (RFC 7, "Heartbeating").
        workers[index]?.heartbeatDue = now.monotonic + Int64(limits.heartbeat)
        if !worker.isAnnounced { workers[index]?.expires = now.monotonic + Int64(limits.stockExpiry) }
        out.append(Outgoing(peer: worker.peer, message: message))
    }

    /// A worker has credit again, or has come: it takes its place in the line, and the line takes what waits.
    mutating func released(_ index: Int, _ now: Moment, _ out: inout [Outgoing]) {
        guard let worker = workers[index] else { return }
        if !worker.isAnnounced, worker.inFlight == 0 {
            workers[index]?.expires = now.monotonic + Int64(limits.expiry)
        }
        if worker.isLeaving {
            if worker.inFlight == 0 { removeWorker(index) }
            return
        }
        if !worker.isIdle, worker.inFlight < worker.credit {
            workers[index]?.isIdle = true
            services[worker.service].idle.append(index)
        }
        serve(worker.service, now, &out)
    }

    mutating func serve(_ service: Int, _ now: Moment, _ out: inout [Outgoing]) {
        while let worker = services[service].idle.first, let slot = services[service].waiting.popFirst() {
            guard let request = requests[slot] else { continue }
            services[service].waitingBytes -= request.byteCount
            if request.givenUpAt <= now.monotonic {
                fail(slot, Fault(.deadlineExceeded, data: ["started": false]), &out)
            } else {
                dispatch(slot, to: worker, now, &out)
            }
        }
    }

    // MARK: Without a worker

    /// RFC 7 and 18: a request for a name that nobody serves yet is queued for a while. Whoever speaks JSON-RPC is
    /// better told at once, by an error that it understands; a stock client with a body of its own is not.
    private mutating func awaited(_ name: ByteKey, _ arrival: Arrival) -> Int? {
        let body = arrival.message[arrival.body.lowerBound]
        let first = body.first { $0 != 0x20 && !(0x09...0x0d).contains($0) }
        guard first != UInt8(ascii: "{"), first != UInt8(ascii: "["), case .remote = arrival.peer,
            isValid(arrival.message[arrival.service]), !Self.isReserved(arrival.message.text(arrival.service))
        else { return nil }
        if let known = serviceNamed[name] { return known }
        // Names that clients made up leave room for those of workers.
        return services.count < limits.services / 2 ? serviceEntry(name) : nil
    }

    /// `mmi.*` (RFC 8) is the broker itself; any other name has nobody, and that is said at once.
    private mutating func acceptWithoutWorker(_ arrival: Arrival, _ out: inout [Outgoing]) {
        let name = arrival.message[arrival.service]
        guard name.starts(with: "mmi.".utf8) else {
            let service = String(decoding: name.prefix(limits.serviceNameBytes), as: UTF8.self)
            return refuse(arrival, Fault(.noResponders, data: ["service": .string(service)]), &out)
        }
        var code = "501"
        if name.elementsEqual("mmi.service".utf8) {
            let asked = serviceNamed[arrival.message.key(arrival.body.lowerBound)]
            code = asked.map { services[$0].workers > 0 } ?? false ? "200" : "404"
        }
        answer(arrival, [Array(code.utf8)], &out)
    }

    private mutating func refuse(_ arrival: Arrival, _ fault: Fault, _ out: inout [Outgoing]) {
        statistics.refuse(fault.code)
        answer(arrival, fault, &out)
    }
}
