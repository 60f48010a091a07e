import JSON
import Majordomo
import ServiceKit
import Vocabulary

/// Store and forward (RFC 9, TSP) as a pure state machine: something happens, and it says what is to be written, sent
/// and answered. The requests themselves stand in the books alone; what is known here is who holds how much, and for
/// each service a window of what is on its way.
///
/// A write is decided when the one before it is, and done in that order; what follows from it waits until it is on the
/// disk. A crash anywhere is repaired by reading the books: what was on its way is sent again.
///
/// Invariants (simulated in TitanicSimulationTests): what was acknowledged is kept until it has an end; it has one
/// end; first deliveries to a service are in the order of storing; attempts are bounded.
struct Titanic: Sendable {
    enum Input: Sendable {
        /// The start: what the books hold, after everything that was on its way waits again.
        case recovered([Change])
        case served(String, Bool)
        case store(StoredRequest, ReplyAddress)
        /// A reply of the service: it is final, whatever it says.
        case replied(uuid: String, body: [[UInt8]])
        /// The broker's own refusal in place of a reply, with its message.
        case refused(uuid: String, Fault, body: [[UInt8]])
        case wrote(Write, Written)
        case notWritten(Write)
        /// Somebody else wrote: a client closed its request, an operator retried or purged some.
        case changed([Change])
        case timer
        /// Nothing more is sent; what is on its way may still come to an end.
        case draining
    }

    enum Write: Sendable {
        case insert(StoredRequest, expiresAt: Instant, ReplyAddress)
        /// Takes the first that are due of a service's line: they are on their way.
        case claim(service: String, limit: Int)
        case finish(uuid: String, reply: [[UInt8]], Fault?)
        /// Back to its place in the line. An attempt that never reached a worker does not count.
        case putBack(uuid: String, service: String, nextAt: Instant, counts: Bool)
        case bury(uuid: String, Fault)
        /// What waited too long is given up, what was kept long enough is forgotten.
        case sweep
    }

    struct Written: Sendable {
        var deliveries: [Delivery] = []
        /// When the next of the line is due, if none is now.
        var next: Instant?
        var changes: [Change] = []
    }

    enum Effect: Sendable {
        case write(Write)
        /// It failed and must not be lost.
        case writeAgain(Write, at: Instant)
        case deliver(Delivery)
        case answer(ReplyAddress, [[UInt8]])
        case wake(at: Instant)
        /// 80 % of what may be kept in all is.
        case crowded
    }

    struct Lane: Sendable, Equatable {
        var isServed = false
        var isClaiming = false
        /// A claim may find something.
        var isPromising = false
        /// Otherwise, when it may.
        var nextAt: Instant?
        /// The broker was overloaded.
        var pausedUntil: Instant?
        var refusals = 0
        var inFlight = 0
        var unfinished = 0

        mutating func expect(_ at: Instant) { nextAt = min(nextAt ?? at, at) }

        var isIdle: Bool { !isServed && !isClaiming && inFlight == 0 && unfinished <= 0 }
    }

    struct Holding: Sendable, Equatable {
        var requests = 0
        var bytes = 0
    }

    static let sweepPause = Duration.seconds(10)
    static let writePause = Duration.seconds(1)

    let limits: Limits
    var lanes: [String: Lane] = [:]
    var inFlight: [String: Delivery] = [:]
    var holdings: [String: Holding] = [:]
    var total = Holding()
    var random: Nonces
    var effects: [Effect] = []
    private var sweepAt: Instant?
    private var isCrowded = false
    private var isDraining = false

    init(limits: Limits, seed: UInt64? = nil) {
        self.limits = limits
        random = Nonces(seed: seed)
    }

    /// The effects, in the order in which they must be begun.
    mutating func handle(_ input: Input, now: Instant) -> [Effect] {
        effects.removeAll()
        switch input {
        case .recovered(let changes), .changed(let changes): apply(changes, now)
        case .served(let service, let isServed):
            lanes[service, default: Lane()].isServed = isServed
            lanes[service]?.pausedUntil = nil
            pump(service, now)
            dropLane(service)
        case .store(let request, let caller): store(request, caller, now)
        case .replied(let uuid, let body): finish(uuid, body, now)
        case .refused(let uuid, let fault, let body): judge(uuid, fault, body, now)
        case .wrote(let write, let written): wrote(write, written, now)
        case .notWritten(let write): notWritten(write, now)
        case .timer:
            for service in lanes.keys { pump(service, now) }
            sweep(now)
        case .draining: isDraining = true
        }
        return effects
    }

    // MARK: Storing

    private mutating func store(_ request: StoredRequest, _ caller: ReplyAddress, _ now: Instant) {
        if let fault = refusal(of: request) { return effects.append(.answer(caller, fault.titanic)) }
        let kept = now.adding(seconds: Int64(limits.storedSeconds))
        effects.append(.write(.insert(request, expiresAt: min(kept, request.deadline ?? kept), caller)))
        apply([request.arrival], now)
    }

    private func refusal(of request: StoredRequest) -> Fault? {
        let name = request.service
        guard Broker.isValid(Array(name.utf8)[...], limit: limits.serviceNameBytes), !name.hasPrefix("mmi."),
            !name.hasPrefix("titanic.")
        else { return .notStorable(name) }
        let bytes = request.byteCount
        let own = holdings[request.principal] ?? Holding()
        let isFull: [(String, Bool)] = [
            ("storedRequests", total.requests >= limits.storedRequests),
            ("storedBytes", total.bytes + bytes > limits.storedBytes),
            ("storedClientRequests", own.requests >= limits.storedClientRequests),
            ("storedClientBytes", own.bytes + bytes > limits.storedClientBytes),
            ("storedServices", lanes[name] == nil && lanes.count >= limits.storedServices),
        ]
        return isFull.first { $0.1 }.map { Fault.storeFull(limit: $0.0) }
    }

    /// Who holds how much, and which lines have something new.
    private mutating func apply(_ changes: [Change], _ now: Instant) {
        for change in changes {
            total.requests += change.requests
            total.bytes += change.bytes
            var own = holdings[change.principal] ?? Holding()
            own.requests += change.requests
            own.bytes += change.bytes
            holdings[change.principal] = own.requests > 0 ? own : nil
            lanes[change.service, default: Lane()].unfinished += change.unfinished
            if change.unfinished > 0 { lanes[change.service]?.isPromising = true }
        }
        for service in Set(changes.map(\.service)) {
            pump(service, now)
            dropLane(service)
        }
        noteCrowd()
        if total.requests > 0, sweepAt == nil {
            let at = now + Self.sweepPause
            sweepAt = at
            effects.append(.wake(at: at))
        }
    }

    private mutating func noteCrowd() {
        func isFilled(_ share: Int) -> Bool {
            total.requests * 100 >= limits.storedRequests * share || total.bytes * 100 >= limits.storedBytes * share
        }
        if isCrowded {
            isCrowded = isFilled(50)
        } else if isFilled(80) {
            isCrowded = true
            effects.append(.crowded)
        }
    }

    private mutating func dropLane(_ service: String) {
        if lanes[service]?.isIdle ?? false { lanes[service] = nil }
    }

    // MARK: Forwarding

    /// Lets the line of a service move on, if it can.
    mutating func pump(_ service: String, _ now: Instant) {
        guard let lane = lanes[service], lane.isServed, !lane.isClaiming, !isDraining,
            lane.inFlight < limits.deliveries, let ready = lane.isPromising ? now : lane.nextAt
        else { return }
        let at = max(ready, lane.pausedUntil ?? ready)
        guard isDue(at, now) else { return effects.append(.wake(at: at)) }
        lanes[service]?.isClaiming = true
        lanes[service]?.isPromising = false
        lanes[service]?.nextAt = nil
        effects.append(.write(.claim(service: service, limit: limits.deliveries - lane.inFlight)))
    }

    /// A moment further away than any pause was set before the clock was put back.
    func isDue(_ at: Instant, _ now: Instant) -> Bool { at <= now || at > now + Self.longestPause }

    private mutating func wrote(_ write: Write, _ written: Written, _ now: Instant) {
        switch write {
        case .insert(let request, _, let caller):
            effects.append(.answer(caller, [Array("200".utf8), Array(request.uuid.utf8)]))
        case .claim(let service, let limit):
            lanes[service]?.isClaiming = false
            if written.deliveries.count == limit { lanes[service]?.isPromising = true }
            if let next = written.next { lanes[service]?.expect(next) }
            for delivery in written.deliveries {
                inFlight[delivery.uuid] = delivery
                lanes[service]?.inFlight += 1
                effects.append(.deliver(delivery))
            }
            pump(service, now)
            dropLane(service)
        case .putBack(_, let service, let nextAt, _):
            if nextAt <= now { lanes[service]?.isPromising = true } else { lanes[service]?.expect(nextAt) }
            pump(service, now)
        case .finish, .bury, .sweep: break
        }
        apply(written.changes, now)
    }

    private mutating func notWritten(_ write: Write, _ now: Instant) {
        switch write {
        case .insert(let request, _, let caller):
            apply([request.arrival.undone], now)
            effects.append(.answer(caller, Fault.notStored.titanic))
        case .claim(let service, _):
            lanes[service]?.isClaiming = false
            lanes[service]?.isPromising = true
            lanes[service]?.pausedUntil = now + Self.writePause
            pump(service, now)
        case .finish, .putBack, .bury: effects.append(.writeAgain(write, at: now + Self.writePause))
        case .sweep: break
        }
    }

    private mutating func sweep(_ now: Instant) {
        guard let at = sweepAt else { return }
        if at <= now || at > now + Self.sweepPause {
            sweepAt = total.requests > 0 ? now + Self.sweepPause : nil
            if total.requests > 0 { effects.append(.write(.sweep)) }
        }
        if let sweepAt { effects.append(.wake(at: sweepAt)) }
    }
}

extension StoredRequest {
    /// What storing it adds to the books.
    var arrival: Change {
        Change(principal: principal, service: service, requests: 1, bytes: byteCount, unfinished: 1)
    }
}

extension Change {
    var undone: Change {
        Change(
            principal: principal, service: service, requests: -requests, bytes: -bytes, unfinished: -unfinished)
    }
}
