public import ZeroMQ

/// A process's place at the gateway: one reactor thread with a DEALER for its requests and, when it serves something,
/// another for its work. Everything may be called from any thread and nothing blocks, except `close`.
///
/// The callbacks run on the reactor thread: they hand over and return. Connections are made again by themselves, with
/// READY; what that means for requests on their way is said by `LinkState`.
public final class Peer: Sendable {
    public typealias WorkerRequest = Majordomo.WorkerRequest

    /// How many messages may wait for the reactor.
    public static let outboxCapacity = 16_384

    private let outbox: Mailbox<PeerLoop.Order>
    private let thread: DedicatedThread

    /// - Parameters:
    ///   - endpoint: the gateway, such as `ipc:///run/user/1000/ieum/gateway.sock`.
    ///   - curve: the keys for a gateway on `tcp://`.
    ///   - worker: the service to serve and the announcement frame `{"credit":N,…}`; nil for a client alone.
    ///   - onReply: a reply to `request`, PARTIAL (`isFinal` false) or FINAL. Which request it belongs to is in the
    ///     body: the JSON-RPC `id`.
    public init(
        endpoint: String,
        curve: CurveClient? = nil,
        worker: (service: String, announcement: [UInt8])?,
        onRequest: @escaping @Sendable (WorkerRequest) -> Void = { _ in },
        onReply: @escaping @Sendable (_ service: String, _ body: Multipart, _ isFinal: Bool) -> Void,
        onLink: @escaping @Sendable (LinkState) -> Void = { _ in },
        timing: Timing = .standard
    ) throws(ZeroMQError) {
        let outbox = try Mailbox<PeerLoop.Order>(capacity: Self.outboxCapacity)
        let session = worker.map {
            WorkerSession(service: $0.service, announcement: $0.announcement, timing: timing)
        }
        let callbacks = PeerLoop.Callbacks(request: onRequest, reply: onReply, link: onLink)
        self.outbox = outbox
        thread = try DedicatedThread(name: "ieum-peer") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                var loop = PeerLoop(
                    endpoint: endpoint, curve: curve, session: session, callbacks: callbacks, timing: timing,
                    outbox: outbox,
                    context: context)
                try loop.connect()
                startup.succeeded()
                // Told before the sockets are closed: whatever broke may also hold up their end.
                do throws(ZeroMQError) { try loop.run() } catch { onLink(.failed(error)) }
            } catch {
                startup.failed(error)
            }
            outbox.close()
        }
    }

    deinit { outbox.close() }

    /// Sends a request (MDP 0.2). False when the outbox is full or closed: nothing was sent.
    /// - Parameter isAnswered: false for a notification to the gateway, which has no reply.
    public func request(service: String, body: [[UInt8]], isAnswered: Bool = true) -> Bool {
        outbox.post(.request(.request(.v02, service: service, body: body), isAnswered: isAnswered))
    }

    /// Answers a request. A FINAL is always taken while the connection lasts: there is one for each request. True as
    /// well when the gateway has meanwhile given it up: then the reply goes nowhere.
    public func reply(_ to: ReplyAddress, body: [[UInt8]], isFinal: Bool = true) -> Bool {
        outbox.post(.reply(to, .reply(.v02, address: to.token, body: body, isFinal: isFinal)), evenIfFull: isFinal)
    }

    /// Answers a request with frames of a message, such as the request's own.
    public func reply(_ to: ReplyAddress, body frames: Range<Int>, of source: Multipart) -> Bool {
        outbox.post(.reply(to, .reply(.v02, address: to.token, body: frames, of: source)))
    }

    /// Tells the gateway to send no further requests. What was delivered may still be answered.
    public func drain() { _ = outbox.post(.drain, evenIfFull: true) }

    /// Sends what waits (bounded by `Timing.closing`), closes the sockets and ends the thread. Idempotent.
    public func close() {
        outbox.close()
        thread.waitUntilEnded()
    }
}
