import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// `$/cancelRequest`, as the Language Server Protocol has it: a notification `{"id": …}` by which a client takes one of
/// its own requests back. It goes to the service that the request went to; the broker brings it to the very worker
/// that holds the request, or takes the request out of the line.
///
/// It is the one body that the broker reads, so it must be cheap to see that a body is none: 0.2, small, and with the
/// word in it, whose first byte is rare.
extension Broker {
    static let cancelBytesMaximum = 512
    /// How much of its client's requests one cancellation may have read: 4,096 of them when their ids stand in front,
    /// and no more than a moment of everybody's time however they are made.
    static let searchedBytesMaximum = 128 << 10

    /// Deals with the arrival when it is a cancellation. One that finds nothing came too late, which happens to
    /// everybody: it is ignored, as the protocol says.
    mutating func cancels(_ arrival: Arrival, _ service: Int, _ out: inout [Outgoing]) -> Bool {
        let frame = arrival.body.lowerBound
        // Some write the slash with a backslash before it.
        guard arrival.version == .v02, arrival.message.byteCount(of: frame) <= Self.cancelBytesMaximum,
            arrival.message.frame(frame, contains: "$/cancelRequest")
                || arrival.message.frame(frame, contains: #"$\/cancelRequest"#),
            let id = Self.cancelledID(arrival.message[frame])
        else { return false }
        // What has no id cannot be named.
        if id.elementsEqual("null".utf8) { return true }
        var rest = Self.searchedBytesMaximum
        for slot in openRequests(of: arrival.peer, arrival.principal) where rest > 0 {
            guard let request = requests[slot], request.service == service
            else { continue }
            let body = body(slot)
            let own = Self.requestID(of: body)
            if own.elementsEqual(id) {
                cancel(slot, &out)
                break
            }
            rest -= own.elementsEqual("null".utf8) ? body.count : own.endIndex - body.startIndex
        }
        return true
    }

    /// The text of the id that a cancellation names, null when it names none; nil when the body is no cancellation.
    static func cancelledID(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let json = try? JSON(parsing: body), json["method"] == "$/cancelRequest", json["id"] == nil else {
            return nil
        }
        var id = Array("null".utf8)[...]
        var scan = JSONScan(body)
        try? scan.members { key, _, value in
            guard body[key].elementsEqual("params".utf8) else { return true }
            id = requestID(of: body[value])
            return false
        }
        return id
    }

    private mutating func cancel(_ slot: Int, _ out: inout [Outgoing]) {
        guard let request = requests[slot] else { return }
        services[request.service].counts.cancels += 1
        switch request.state {
        case .waiting:
            fail(slot, Fault(.cancelled, data: ["started": false]), &out)
        case .inFlight:
            if tellWorker(slot, &out) { return }
            // It works on, and nobody waits for it any more.
            fail(slot, Fault(.cancelled, data: ["started": true]), workerStillWorks: true, &out)
        case .abandoned: return
        }
    }

    /// Tells the worker that holds a request to stop, when it understands that. It then ends the request itself.
    ///
    /// The message is a REQUEST that takes no credit and whose address leads nowhere: it is not to be answered.
    @discardableResult
    mutating func tellWorker(_ slot: Int, _ out: inout [Outgoing]) -> Bool {
        guard let request = requests[slot], case .inFlight(let index) = request.state, let worker = workers[index],
            worker.cancels
        else { return false }
        let address = ReplyToken(slot: slot, nonce: nonces.next())
        var message = Multipart.workerRequest(worker.version, address: address.key, reservingBytes: 256)
        var body = Array(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"#.utf8)
        body += Self.requestID(of: self.body(slot)) + Array("}}".utf8)
        message.append(body)
        message.append(Headers.cancelling(request.nonce))
        out.append(Outgoing(peer: worker.peer, message: message))
        return true
    }

    /// A PARTIAL that its client does not take any more: the stream would have a hole. Its request ends here, and
    /// room is left for saying so.
    mutating func stopStream(_ outgoing: Outgoing, _ out: inout [Outgoing]) {
        guard let reply = try? ToClient(outgoing.message, .v02), !reply.isFinal,
            let token = try? JSON(parsing: outgoing.message[reply.body.lowerBound]).at("/params/token")
        else { return }
        for slot in openRequests(of: outgoing.peer, .unknown) {
            guard let request = requests[slot], case .inFlight = request.state,
                Self.requestID(of: body(slot)).elementsEqual(token.bytes)
            else { continue }
            tellWorker(slot, &out)
            let rule = Bilingual(
                ko: "받는 쪽이 느려 흘려보내기를 멈췄습니다. 더 작게 나누어 부르세요",
                en: "the receiver is too slow for this stream, which was stopped; ask for less at a time")
            let fault = Fault(
                .overloaded, rule,
                data: ["retryAfterMs": .integer(Int64(limits.retryAfter)), "started": true, "retryable": false])
            fail(slot, fault, workerStillWorks: true, &out)
            return
        }
    }
}
