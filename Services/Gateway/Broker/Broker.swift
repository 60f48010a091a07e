import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// The Majordomo broker, both versions at once, as a pure state machine: it holds no socket and no clock. A peer's
/// message and the time go in, messages to send come out; whoever owns the sockets sends them in order and gives back
/// what could not be delivered.
///
/// Bodies are not parsed, unless the policy lets their sender call only some methods (BrokerPermits). The headers frame
/// of a request is, for workers that announced themselves.
struct Broker {
    /// One request on its way; its body and its envelope stand apart (`bodies`, `envelopes`).
    struct Request {
        /// Abandoned: its client has been told or is gone, and it only holds its worker's credit.
        enum State: Hashable { case waiting, inFlight(worker: Int), abandoned(worker: Int) }
        let nonce: UInt64
        /// Not to be looked at once it is abandoned.
        let client: Int
        /// What the policy takes its client for, for this request.
        let rank: Role
        let version: Version
        let service: Int
        let byteCount: Int
        let receivedAt: Moment
        /// Unix milliseconds; what the client asked for.
        let deadline: Int64?
        var state = State.waiting
        /// While it waits.
        var line = -1
        /// Where the body begins in its message.
        var bodyStart = 0
    }

    struct Worker {
        /// Who it is.
        final class Identity: Sendable {
            let peer: PeerID
            let principal: Principal
            let instance: String
            let release: String

            init(peer: PeerID, principal: Principal, instance: String, release: String) {
                (self.peer, self.principal, self.instance, self.release) = (peer, principal, instance, release)
            }
        }

        let identity: Identity
        let version: Version
        let service: Int
        let credit: Int
        let isAnnounced: Bool
        /// Whether it wants to be told that a request it holds was cancelled.
        let cancels: Bool
        /// Requests that it holds, the abandoned ones among them.
        var inFlight = 0
        /// Whether it stands among its service's workers with free credit.
        var isIdle = false
        /// It sent DISCONNECT with requests in hand: it gets no more and may still answer those.
        var isLeaving = false
        /// An operator takes it out of use: it stays registered and gets no more.
        var isDrained = false
        var isServing: Bool { !isLeaving && !isDrained }
        var peer: PeerID { identity.peer }
        var principal: Principal { identity.principal }
        var heartbeatDue: Int64
        var expires: Int64

        /// A stock worker works in its only thread and is silent meanwhile.
        mutating func seen(_ now: Moment, _ limits: Limits) {
            let isBusy = !isAnnounced && inFlight > 0
            expires = now.monotonic + Int64(isBusy ? max(limits.expiry, limits.stockExpiry) : limits.expiry)
        }

        /// It gets one more; what it is sent is a heartbeat as well (RFC 7, "Heartbeating").
        mutating func take(_ now: Moment, _ limits: Limits) {
            inFlight += 1
            isIdle = inFlight < credit
            heartbeatDue = now.monotonic + Int64(limits.heartbeat)
            if !isAnnounced { expires = now.monotonic + Int64(limits.stockExpiry) }
        }
    }

    struct Service {
        let name: ByteKey
        /// Requests in its clients' lines.
        var waiting = 0
        var waitingBytes = 0
        var pace = Pace()
        var workers = 0
        var announced = 0
        /// Workers, those that are leaving among them, and requests that refer to this entry.
        var references = 0
        /// Nobody may serve it at the moment, and requests wait all the same.
        var awaited: Awaited?
        var counts = BrokerStatistics.Service()
        /// Its queue has passed 80 % of a limit, and not yet fallen to half of it.
        var isCrowded = false
    }

    /// A connection with open requests; of the gateway's own parts, each principal for whom they ask.
    struct Client {
        let peer: PeerID
        var principal: Principal
        var requests = 0
        var bytes = 0
    }

    struct ClientKey: Hashable {
        private let peer: PeerID
        private let principal: String?

        init(_ peer: PeerID, _ principal: Principal) {
            self.peer = peer
            // One of the gateway's own parts speaks for many, and for one of them in more than one role.
            if case .internal = peer {
                self.principal = principal.roles.reduce(principal.name) { "\($0) \($1.rawValue)" }
            } else {
                self.principal = nil
            }
        }
    }

    let limits: Limits
    var statistics = BrokerStatistics()
    var services: [Service] = []
    var serviceNamed: [ByteKey: Int] = [:]
    var workers = Slots<Worker>()
    var workerOf: [PeerID: Int] = [:]
    var requests = Slots<Request>()
    /// By request: its body frames while it waits, and the message that the worker got while it is in flight (the same
    /// memory). Its JSON-RPC id is looked for only when the broker itself must answer.
    var bodies: [Multipart] = []
    /// By request, of those 0.1 clients that sent one.
    var envelopes: [Int: Multipart] = [:]
    var clients = Slots<Client>()
    var clientOf: [ClientKey: Int] = [:]
    var lines = Slots<Line>()
    var lineOf: [LineKey: Int] = [:]
    /// The requests of a client that are not abandoned; those that a worker holds; those in a line.
    var open = Chains()
    var held = Chains()
    var inLine = Chains()
    /// The lines of a service, whose turn it is first, and its workers with free credit.
    var turns = Chains()
    var idle = Chains()
    /// Of the requests that are not abandoned.
    var openBytes = 0
    /// When requests that are not abandoned are given up, in monotonic milliseconds.
    var deadlines = Deadlines()
    var nonces: Nonces
    /// Nil when nothing is traced.
    var traces: Traces?
    /// New requests from outside are refused; what is on its way is finished.
    var isDraining = false
    /// A successor serves: see `handOver`.
    var isHandedOver = false
    var passedOn: [PassedOn] = []
    /// Services that got their first worker, or lost their last, since whoever runs the broker looked.
    var servedChanges: [(service: String, isServed: Bool)] = []
    /// Monotonic milliseconds: when `tick` has something to do at the latest.
    private(set) var nextTick: Int64 = .max
    var lastTick: Int64?
    var scratch: [UInt8] = []

    init(limits: Limits = Limits(), seed: UInt64? = nil) {
        self.limits = limits
        nonces = Nonces(seed: seed)
    }

    /// What a peer sent, without its routing id.
    mutating func handle(
        _ message: Multipart, from peer: PeerID, principal: Principal, now: Moment, _ out: inout [Outgoing]
    ) {
        let command: ToBroker
        do {
            command = try ToBroker(message)
        } catch {
            return refuse(error, from: peer, principal, &out)
        }
        switch command {
        case .request(let version, let envelope, let service, let body):
            let arrival = Arrival(
                message: message, peer: peer, principal: principal, version: version, envelope: envelope,
                service: service, body: body)
            accept(arrival, now, &out)
        case .reply(let version, let address, let body, let isFinal):
            guard let worker = registered(peer, version, principal, now, &out) else { return }
            reply(message, address: address, body: body, isFinal: isFinal, by: worker, now, &out)
        case .ready(let version, let service, let announcement):
            ready(message, version, service, announcement, from: peer, principal, now, &out)
        case .heartbeat(let version):
            _ = registered(peer, version, principal, now, &out)
        case .disconnect:
            if let worker = workerOf[peer] { leave(worker, now, &out) }
        }
    }

    /// What a peer sent that was too large and has been thrown away, except for its first frames.
    mutating func handleOversized(
        _ start: Multipart, tooManyFrames: Bool, from peer: PeerID, principal: Principal, now: Moment,
        _ out: inout [Outgoing]
    ) {
        let reason: DropReason = tooManyFrames ? .tooManyFrames : .tooLarge
        let limit = tooManyFrames ? limits.frames : limits.messageBytes
        let unit = tooManyFrames ? "frames" : "bytes"
        var complete = start
        // The frame that is missing may be the only body frame.
        if (try? ToBroker(start)) == nil { complete.appendEmptyFrame() }
        switch try? ToBroker(complete) {
        case .request(let version, let envelope, let service, let body):
            let arrival = Arrival(
                message: complete, peer: peer, principal: principal, version: version, envelope: envelope,
                service: service, body: body)
            drop(peer, principal, service: shown(complete[service]), reason)
            answer(arrival, .payloadTooLarge(limit: limit, unit: unit), &out)
        case .reply(let version, let address, _, let isFinal):
            guard let worker = registered(peer, version, principal, now, &out) else { return }
            drop(peer, principal, service: serviceName(worker), reason)
            guard let slot = request(complete, address, of: worker) else { return }
            let fault = Fault.payloadTooLarge(limit: limit, unit: unit, data: ["started": true])
            guard isFinal else {
                // A stream with a hole is none: it ends here.
                guard case .inFlight = requests[slot]?.state else { return }
                tellWorker(slot, &out)
                return fail(slot, fault, workerStillWorks: true, &out)
            }
            if case .abandoned = requests[slot]?.state {
                // Its client, whose number may be another's now, has been told already.
                end(slot, heldBy: worker)
            } else {
                fail(slot, fault, &out)
            }
            released(worker, now, &out)
        default: drop(peer, principal, service: "", reason)
        }
    }

    /// Sets the alarm for `tick`.
    mutating func wake(at time: Int64) { nextTick = min(nextTick, time) }
    mutating func resetWake() { nextTick = .max }

    // MARK: Refusals

    /// RFC 7 and 18: what is invalid is dropped, and a worker that sends it is a worker no more.
    private mutating func refuse(
        _ malformed: Malformed, from peer: PeerID, _ principal: Principal, _ out: inout [Outgoing]
    ) {
        let worker = workerOf[peer]
        drop(peer, principal, service: worker.map(serviceName) ?? "", .malformed(malformed.reason.rawValue))
        let version = worker.flatMap { workers[$0]?.version } ?? malformed.worker
        if let version { sendAway(peer, version, &out) }
    }

    /// DISCONNECT; a worker that was registered is one no more.
    mutating func sendAway(_ peer: PeerID, _ version: Version, _ out: inout [Outgoing]) {
        if let worker = workerOf[peer] { lose(worker, &out) }
        out.append(Outgoing(peer: peer, message: .disconnect(version)))
    }

    mutating func drop(_ peer: PeerID, _ principal: Principal, service: String, _ reason: DropReason) {
        statistics.drop(peer: workerOf[peer].map(workerName) ?? principal.name, service: service, reason)
    }

    /// A name that a peer sent, for counts and logs: at most as long as one may be.
    func shown(_ name: ArraySlice<UInt8>) -> String {
        String(decoding: name.prefix(limits.serviceNameBytes), as: UTF8.self)
    }

    func serviceName(_ worker: Int) -> String {
        workers[worker].map { services[$0.service].name.description } ?? ""
    }

    private func workerName(_ index: Int) -> String {
        guard let worker = workers[index] else { return "" }
        return
            "worker \(serviceName(index)) \(worker.identity.instance.isEmpty ? worker.principal.name : worker.identity.instance)"
    }
}
