import Majordomo
import ZeroMQ

/// The gateway's own parts at the broker: workers and clients like any other, only without a socket.
extension RouterLoop {
    enum Own {
        static let worker = PeerID.internal(1)
        static let client = PeerID.internal(2)
    }

    mutating func registerOwnServices() throws(ZeroMQError) {
        let credit = min(GatewayRouter.ownCredit, limits.credit)
        register(GatewayRouter.serviceName, Own.worker, #"{"credit":\#(credit),"instance":"gateway","cancels":true}"#)
        if titanic != nil {
            for service in TitanicService.allCases {
                // Their bodies are opaque, so there is no headers frame among them.
                let announcement = #"{"credit":\#(credit),"instance":"gateway","headers":false}"#
                register(service.rawValue, service.peer, announcement)
            }
        }
        try sendAll()
    }

    private mutating func register(_ service: String, _ peer: PeerID, _ announcement: String) {
        broker.handle(
            .ready(.v02, service: service, announcement: Array(announcement.utf8)), from: peer, principal: .gateway,
            now: now, &out)
    }

    func deliver(_ outgoing: Outgoing) {
        let message = outgoing.message
        switch outgoing.peer {
        case .remote, .relayed: return
        case Own.client:
            guard let reply = try? ToClient(message, .v02) else { return }
            onReply(message.text(reply.service), Self.cut(message, reply.body), reply.isFinal)
        case TitanicService.client:
            // `uuid "" MDPC01 service body+`, as it was sent.
            guard message.count > 4 else { return }
            titanic?.onReply(message.text(0), Self.cut(message, 4..<message.count), outgoing.isFault)
        case .internal:
            guard case .request(let address, let body) = try? ToWorker(message, .v02) else { return }
            let request = WorkerRequest(
                address: ReplyAddress(token: message.key(address)), body: Self.cut(message, body))
            guard let service = TitanicService(peer: outgoing.peer) else { return onRequest(request) }
            let caller = ReplyToken(message, frame: address).flatMap(broker.principal)
            titanic?.onRequest(service, request.address, caller ?? .unknown, request.body)
        }
    }

    /// Tells store and forward for whom it is worth trying.
    mutating func tellWhoIsServed() {
        // A successor has nobody to tell yet.
        if broker.servedChanges.isEmpty || lock == nil { return }
        let changes = broker.servedChanges
        broker.servedChanges.removeAll(keepingCapacity: true)
        for change in changes { titanic?.onServed(change.service, change.isServed) }
    }

    private static func cut(_ message: Multipart, _ frames: Range<Int>) -> Multipart {
        var body = Multipart(reservingBytes: message.range(of: frames).count)
        body.append(frames, of: message)
        return body
    }
}
