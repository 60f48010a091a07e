import Foundation
import Logging
import Majordomo
import Permissions
import ServiceKit
import ZeroMQ

/// The gateway's sockets and the broker, on one reactor thread. Everything here may be called from any thread; nothing
/// blocks except `init` and `stop`.
///
///     let router = try GatewayRouter(
///         runDirectory: configuration.run, limits: try Limits(environment: environment), log: log,
///         onRequest: { request in … router.reply(request.address, body: [json]) … },   // the service `gateway`
///         onReply: { service, body, isFinal in … })                                   // answers to `request`
///     router.publish(topic: "ieum.fund.fund.created", event: bytes)
///     router.stop()
///
/// The callbacks run on the reactor thread: they hand over and return. `onRequest` may come before `init` has
/// returned. The service `gateway` is a worker like any other, with MDP 0.2 frames and a headers frame, only without a
/// socket: each request must be replied to once, a notification with an empty body.
final class GatewayRouter: Sendable {
    static let serviceName = "gateway"
    /// Orders that may wait for the reactor.
    static let capacity = 65_536
    /// Requests that the gateway's own service takes at once.
    static let ownCredit = 1024
    /// Descriptors below which the gateway does not start: the door's reserve and some connections.
    static let descriptorsMinimum = Door.reserve * 2

    private let orders: Mailbox<RouterLoop.Order>
    private let thread: DedicatedThread
    private let directory: String
    private let socketNumber: Int?

    /// Binds `gateway.sock` and `events.sock` in the run directory, which is made when it is not there.
    /// - Parameter succeeds: another gateway serves the directory, whose place this one takes. It serves nothing itself
    ///   until the step `.serve`.
    /// - Parameter onFailure: the reactor ended by itself, and nothing is served any more. On its thread.
    /// - Throws: when another gateway serves the directory, when it belongs to another user, when a path is too long.
    init(
        runDirectory: String, limits: Limits = Limits(), policy: Policy = Policy(owner: geteuid()), tcp: TCPDoor? = nil,
        log: Logger, in context: Context? = nil,
        onRequest: @escaping @Sendable (WorkerRequest) -> Void,
        onReply: @escaping @Sendable (_ service: String, _ body: Multipart, _ isFinal: Bool) -> Void,
        titanic: TitanicLine? = nil, traces: TraceFile? = nil, succeeds: Bool = false,
        onFailure: @escaping @Sendable (ZeroMQError) -> Void = { _ in }
    ) throws {
        try Self.prepare(runDirectory)
        if limits.connections > Context.descriptorLimit - Door.reserve {
            log.warning(
                "fewer files may be open at once (ulimit -n) than connections are allowed",
                metadata: ["files": "\(Context.descriptorLimit)", "connections": "\(limits.connections)"])
        }
        let orders = try Mailbox<RouterLoop.Order>(capacity: Self.capacity)
        self.orders = orders
        thread = try DedicatedThread(name: "ieum-gateway") { startup in
            do throws(ZeroMQError) {
                var lock: FileLock?
                if !succeeds { lock = try FileLock(path: runDirectory + "/gateway.lock") }
                let own = if let context { context } else { try Context() }
                let sockets = try RouterSockets(
                    directory: runDirectory, limits: limits, tcp: tcp, replaces: succeeds, in: own)
                var loop = RouterLoop(
                    sockets, directory: runDirectory, lock: lock, policy: policy, limits: limits, log: log,
                    orders: orders,
                    onRequest: onRequest, onReply: onReply,
                    titanic: titanic, traces: traces)
                Reach.apply(policy.reach, to: runDirectory, log)
                startup.succeeded()
                do throws(ZeroMQError) { try loop.run() } catch {
                    // Before the sockets are closed: whatever broke may also hold up their end.
                    onFailure(error)
                    throw error
                }
                if !loop.broker.isHandedOver { RouterSockets.removePaths(runDirectory) }
            } catch {
                startup.failed(error)
            }
            orders.close()
            for order in orders.drain() { order.refuse() }
        }
        directory = runDirectory
        socketNumber = Self.socketNumber(runDirectory)
    }

    /// Whether another process has the address meanwhile: only then is there somebody to hand over to.
    var isSucceeded: Bool { Self.socketNumber(directory) != socketNumber }

    private static func socketNumber(_ directory: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/gateway.sock")
        return (attributes?[.systemFileNumber] as? NSNumber)?.intValue
    }

    deinit { orders.close() }

    /// Sends an event to its subscribers: two frames. Append it to the event log first.
    @discardableResult
    func publish(topic: String, event: [UInt8]) -> Bool {
        orders.post(.publish(Multipart([Array(topic.utf8), event])))
    }

    /// Sends a request to a service on somebody's behalf; the answer comes to `onReply` and says by its JSON-RPC id
    /// which it belongs to. False when the queue is full: nothing was sent.
    func request(service: String, body: [[UInt8]], as principal: Principal = .gateway) -> Bool {
        orders.post(.request(.request(.v02, service: service, body: body), principal, from: RouterLoop.Own.client))
    }

    /// Sends a stored request to its service; what comes of it comes to `TitanicLine.onReply`. False when the queue is
    /// full: nothing was sent.
    func deliver(_ uuid: String, service: String, body: [[UInt8]], as principal: Principal) -> Bool {
        orders.post(.request(.delivery(uuid, service: service, body: body), principal, from: TitanicService.client))
    }

    /// Answers a request that `onRequest` brought.
    @discardableResult
    func reply(_ address: ReplyAddress, body: [[UInt8]], isFinal: Bool = true) -> Bool {
        orders.post(
            .reply(
                .reply(.v02, address: address.token, body: body, isFinal: isFinal), by: RouterLoop.Own.worker),
            evenIfFull: isFinal)
    }

    /// Answers a request that `TitanicLine.onRequest` brought.
    func answer(_ service: TitanicService, _ address: ReplyAddress, body: [[UInt8]]) {
        _ = orders.post(
            .reply(.reply(.v02, address: address.token, body: body), by: service.peer), evenIfFull: true)
    }

    /// What the broker has done and holds; nil when the gateway is stopping.
    func snapshot() async -> RouterSnapshot? {
        await withCheckedContinuation { continuation in
            if !orders.post(.snapshot { continuation.resume(returning: $0) }) { continuation.resume(returning: nil) }
        }
    }

    /// Asks the broker, or orders it, on its own thread; nil when the gateway is stopping.
    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (inout Broker, Moment, inout [Outgoing]) -> Answer
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            let order = RouterLoop.Order.ask(
                { broker, now, out in continuation.resume(returning: question(&broker, now, &out)) },
                unanswered: { continuation.resume(returning: nil) })
            if !orders.post(order) { continuation.resume(returning: nil) }
        }
    }

    /// Puts a policy into force; returns when it holds, or the gateway is stopping.
    func adopt(_ policy: Policy) async {
        await withCheckedContinuation { continuation in
            if !orders.post(.policy(policy) { continuation.resume() }, evenIfFull: true) { continuation.resume() }
        }
    }

    /// Takes a step of a handover (RouterHandover); returns when it is taken.
    func take(_ step: HandoverStep) async {
        await withCheckedContinuation { continuation in
            let order = RouterLoop.Order.step(step) { continuation.resume() }
            if !orders.post(order, evenIfFull: true) { continuation.resume() }
        }
    }

    /// Its thread has ended, or is about to.
    var isEnded: Bool { orders.isClosed }

    /// Refuses new requests from outside as overloaded; what is on its way is finished.
    func drain() { _ = orders.post(.drain, evenIfFull: true) }

    /// Answers what is open, closes the sockets and waits for the thread. Idempotent.
    func stop() {
        orders.close()
        thread.waitUntilEnded()
    }

    /// The directory of the sockets: ours, and closed to others.
    private static func prepare(_ directory: String) throws {
        guard Context.descriptorLimit >= descriptorsMinimum else {
            throw StartRefused(
                "only \(Context.descriptorLimit) files may be open at once (ulimit -n); the gateway needs \(descriptorsMinimum)"
            )
        }
        let files = FileManager.default
        if !files.fileExists(atPath: directory) {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        let attributes = try files.attributesOfItem(atPath: directory)
        guard attributes[.type] as? FileAttributeType == .typeDirectory else {
            throw StartRefused("\(directory) is no directory; set IEUM_RUN to one")
        }
        guard (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid() else {
            throw StartRefused("\(directory) belongs to another user; set IEUM_RUN to a directory of your own")
        }
        try files.setAttributes([.posixPermissions: 0o750], ofItemAtPath: directory)
    }

    struct StartRefused: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

/// The broker's counts with those of the sockets.
struct RouterSnapshot: Sendable {
    let broker: Broker.Snapshot
    let door: Door.Counts
    let connectionsRefused: Int
    let subscriptions: Int
    /// By reason.
    var subscriptionsRefused: [String: Int] = [:]
    let eventsPublished: Int
    var publication = Publication.Counts()
}
