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
        guard let rank = permitted(arrival, &out) else { return }
        let name = arrival.message.key(arrival.service)
        let served = serviceNamed[name].flatMap { takesRequests($0) ? $0 : nil }
        guard let service = served ?? firstAwaited(name, arrival) else { return acceptWithoutWorker(arrival, &out) }
        if cancels(arrival, service, &out) { return }
        if isDraining, !arrival.peer.isInternal {
            return refuse(arrival, Fault.overloaded(retryAfterMs: Int64(limits.retryAfter) * 10), &out)
        }
        var deadline: Int64?
        let hasHeaders = services[service].announced > 0 || services[service].awaited?.isAnnounced ?? false
        if hasHeaders, arrival.body.count > 1 {
            do throws(Fault) {
                deadline = try checkedDeadline(arrival.message[arrival.body.lowerBound + 1], now)
            } catch { return refuse(arrival, error, &out) }
        }
        let byteCount = arrival.message.byteCount
        let client = known(arrival.peer, arrival.principal, &out)
        let worker = idle.first(service)
        guard isWithinLimits(client, byteCount), worker != nil || hasRoom(service, client, byteCount) else {
            return refuse(arrival, .overloaded(retryAfterMs: retryAfter(service)), &out)
        }

        let owner = client ?? newClient(arrival.peer, arrival.principal)
        let slot = requests.insert(
            Request(
                nonce: nonces.next(), client: owner, rank: rank, version: arrival.version, service: service,
                byteCount: byteCount, receivedAt: now, deadline: deadline))
        if arrival.envelope > 0 {
            var envelope = Multipart()
            envelope.append(0..<arrival.envelope, of: arrival.message)
            envelopes[slot] = envelope
        }
        open.append(slot, to: owner)
        clients[owner]?.requests += 1
        clients[owner]?.bytes += byteCount
        openBytes += byteCount
        services[service].references += 1
        services[service].counts.requests += 1
        if traces != nil {
            trace(slot, hasHeaders && arrival.body.count > 1 ? arrival.message[arrival.body.lowerBound + 1] : nil, name)
        }
        if let worker {
            dispatch(slot, arrival.message, arrival.body, to: worker, now, &out)
        } else {
            // What waits keeps its body frames alone: the buffer they came in may be far larger.
            var body = Multipart(reservingBytes: arrival.message.range(of: arrival.body).count)
            body.append(arrival.body, of: arrival.message)
            setBody(slot, body, start: 0)
            let wait =
                deadline.map { min($0 - now.unix, Int64(limits.deadlineMaximum)) } ?? Int64(limits.deadlineDefault)
            let isServed = takesRequests(service)
            giveUp(slot, at: now.monotonic + (isServed ? wait : min(wait, Int64(limits.unservedWait))))
            enqueue(slot, now)
        }
    }

    // MARK: Clients

    /// The record of a client that has open requests. Routing ids may come again: one that now speaks for somebody
    /// else is another client, and what the former one asked is nobody's.
    private mutating func known(_ peer: PeerID, _ principal: Principal, _ out: inout [Outgoing]) -> Int? {
        guard let client = clientOf[ClientKey(peer, principal)] else { return nil }
        if clients[client]?.principal === principal { return client }
        guard clients[client]?.principal.name == principal.name else {
            forgetClient(client, &out)
            return nil
        }
        clients[client]?.principal = principal  // the same, with roles that were read anew
        return client
    }

    private mutating func newClient(_ peer: PeerID, _ principal: Principal) -> Int {
        let client = clients.insert(Client(peer: peer, principal: principal))
        clientOf[ClientKey(peer, principal)] = client
        return client
    }

    private func isWithinLimits(_ client: Int?, _ byteCount: Int) -> Bool {
        let requests = client.flatMap { clients[$0]?.requests } ?? 0
        let bytes = client.flatMap { clients[$0]?.bytes } ?? 0
        return requests < limits.clientRequests && bytes + byteCount <= limits.clientBytes
            && openBytes + byteCount <= limits.openBytes
    }

    /// Monotonic milliseconds.
    private mutating func giveUp(_ slot: Int, at time: Int64) {
        deadlines.set(slot, to: time)
        wake(at: time)
    }

    /// The deadline of a headers frame, or what is wrong with it.
    private func checkedDeadline(_ headers: ArraySlice<UInt8>, _ now: Moment) throws(Fault) -> Int64? {
        guard headers.count <= limits.headersBytes else {
            throw .payloadTooLarge(limit: limits.headersBytes, data: ["frame": "headers"])
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
        if let deadline, deadline <= now.unix {
            let rule = Bilingual(
                ko: "deadline \(deadline)은(는) 지난 때입니다. 지금은 \(now.unix)(유닉스 밀리초)입니다",
                en: "the deadline \(deadline) has passed; it is now \(now.unix), in Unix milliseconds")
            throw Fault(.deadlineExceeded, rule, data: ["started": false])
        }
        return deadline
    }

    /// The UUID of a request that store and forward delivers: its envelope.
    private func storedName(_ slot: Int, of client: Int) -> ArraySlice<UInt8>? {
        guard case .internal = clients[client]?.peer, clients[client]?.peer == TitanicService.client else { return nil }
        return envelopes[slot]?[0]
    }

    /// Hands a request to a worker that has credit.
    mutating func dispatch(
        _ slot: Int, _ source: Multipart, _ body: Range<Int>, to index: Int, _ now: Moment, _ out: inout [Outgoing]
    ) {
        guard let worker = workers[index], let request = requests[slot],
            let principal = clients[request.client]?.principal.taken(as: request.rank)
        else { return }
        var message = Multipart.workerRequest(
            worker.version, address: ReplyToken(slot: slot, nonce: request.nonce).key,
            reservingBytes: source.range(of: body).count + (worker.isAnnounced ? principal.stamp.count + 64 : 0))
        let bodyStart = message.count
        if worker.isAnnounced {
            message.append(body.lowerBound, of: source)
            Headers.append(
                to: &message, client: body.count > 1 ? source[body.lowerBound + 1] : nil, principal: principal,
                requestID: request.nonce, receivedAt: request.receivedAt.unix, takesPartials: request.version == .v02,
                trace: traces?.open[slot], stored: storedName(slot, of: request.client), scratch: &scratch)
            if body.count > 2 { message.append(body.lowerBound + 2..<body.upperBound, of: source) }
        } else {
            message.append(body, of: source)
        }
        // In flight the limit is the client's own deadline with a grace, in which the worker may say more itself.
        let limit = request.deadline.map { $0 - request.receivedAt.unix + Int64(limits.deadlineGrace) }
        giveUp(slot, at: request.receivedAt.monotonic + min(limit ?? .max, Int64(limits.deadlineMaximum)))
        requests[slot]?.state = .inFlight(worker: index)
        setBody(slot, message, start: bodyStart)
        held.append(slot, to: index)
        if traces != nil { markDispatched(slot) }

        workers[index]?.take(now, limits)
        // To the end of those with credit, so that they take turns.
        idle.remove(index, from: worker.service)
        if workers[index]?.isIdle ?? false { idle.append(index, to: worker.service) }
        out.append(Outgoing(peer: worker.peer, message: message))
    }

    /// A worker has credit again, or has come: it takes its place in the line, and the line takes what waits.
    mutating func released(_ index: Int, _ now: Moment, _ out: inout [Outgoing]) {
        guard let worker = workers[index] else { return }
        if worker.inFlight == 0 { workers[index]?.seen(now, limits) }
        if worker.isLeaving {
            if worker.inFlight == 0 { removeWorker(index) }
            return
        }
        if worker.isDrained { return letGo(index, &out) }
        if !worker.isIdle, worker.inFlight < worker.credit {
            workers[index]?.isIdle = true
            idle.append(index, to: worker.service)
        }
        serve(worker.service, now, &out)
    }

    mutating func serve(_ service: Int, _ now: Moment, _ out: inout [Outgoing]) {
        while let worker = idle.first(service), let slot = dequeue(service) {
            services[service].pace.served(now.monotonic)
            guard let start = requests[slot]?.bodyStart else { continue }
            let body = bodies[slot]
            if deadlines.time(of: slot) ?? .max <= now.monotonic {
                fail(slot, Fault(.deadlineExceeded, data: ["started": false]), &out)
            } else {
                dispatch(slot, body, start..<body.count, to: worker, now, &out)
            }
        }
    }

    // MARK: Without a worker

    /// RFC 7 and 18: a request for a name that nobody serves yet is queued for a while. Whoever speaks JSON-RPC is
    /// better told at once, by an error that it understands; a stock client with a body of its own is not.
    private mutating func firstAwaited(_ name: ByteKey, _ arrival: Arrival) -> Int? {
        let body = arrival.message[arrival.body.lowerBound]
        let first = body.first { $0 != 0x20 && !(0x09...0x0d).contains($0) }
        guard first != UInt8(ascii: "{"), first != UInt8(ascii: "["), !arrival.peer.isInternal,
            Self.isValid(arrival.message[arrival.service], limit: limits.serviceNameBytes),
            !Self.isReserved(arrival.message.text(arrival.service))
        else { return nil }
        if let known = serviceNamed[name] { return known }
        // Names that clients made up leave room for those of workers.
        return services.count < limits.services / 2 ? serviceEntry(name) : nil
    }

    /// `mmi.*` (RFC 8) is the broker itself; any other name has nobody, and that is said at once.
    private mutating func acceptWithoutWorker(_ arrival: Arrival, _ out: inout [Outgoing]) {
        let name = arrival.message[arrival.service]
        guard name.starts(with: "mmi.".utf8) else {
            return refuse(arrival, .noResponders(service: shown(name)), &out)
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
