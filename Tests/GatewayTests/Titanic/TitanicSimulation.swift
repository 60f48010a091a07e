import JSON
import Majordomo
import ServiceKit
import Storage
import Vocabulary
import ZeroMQ

@testable import Gateway

/// Store and forward among clients, services that come and go, a gateway that is killed and a disk that refuses, in
/// virtual time and on real SQL. From `quietAfter` on the world behaves, so that everything must come to an end.
///
/// What must hold, whatever happens:
/// 1. What was acknowledged is on the disk then, and until it is closed, purged or expired.
/// 2. Each has one end for each time it was stored or retried, and one event tells of it.
/// 3. A reply once stored stays as it is, and is its own.
/// 4. Nobody else learns of it or closes it.
/// 5. First deliveries to a service are in the order of storing.
/// 6. A worker gets a request at most as often as the limit says, for each time it was stored or retried.
/// 7. What the memory says is kept is what the disk keeps.
struct TitanicSimulation {
    enum Happening {
        case store
        case commit(life: Int)
        case writeAgain(Titanic.Write, life: Int)
        case notWritten(Titanic.Write, life: Int)
        case arrive(Delivery, life: Int)
        case outcome(Delivery, Outcome, worker: Int, life: Int)
        case wake(life: Int, at: Instant)
        case change(service: String)
        case register(service: String, life: Int)
        case look, close, tidy, kill, jump
    }

    enum Outcome { case reply, lost, late }

    static let quietAfter: Int64 = 150_000
    static let services = ["echo", "upper", "slow"]
    static let clients = ["uid:1", "uid:2"]

    let db: Connection
    let limits: Limits
    let books: TitanicBooks
    let troubles: Int
    var random: SeededNumbers
    /// Milliseconds that really passed, and what the clock on the wall is wrong by.
    var time: Int64 = 0
    var skew: Int64 = 0
    var happenings: [(at: Int64, order: Int, what: Happening)] = []
    var order = 0

    var titanic: Titanic
    var life = 0
    /// Decided and not yet on the disk.
    var pending: [Titanic.Write] = []
    var wakesAt: Instant?
    /// Services that have a worker, with a number for each worker's life.
    var workers: [String: Int] = [:]
    var registered: Set<String> = []
    var workerLives = 0

    // What an observer knows.
    var stored = 0
    var owner: [String: String] = [:]
    var body: [String: String] = [:]
    var acknowledged: Set<String> = []
    var gone: Set<String> = []
    var replies: [String: [[UInt8]]] = [:]
    var retries: [String: Int] = [:]
    var ends: [String: Int] = [:]
    var executions: [String: Int] = [:]
    /// With a worker.
    var inHand: Set<String> = []
    /// In the order of storing.
    var places: [String: Int] = [:]
    var lastFirst: [String: Int] = [:]
    var delivered: Set<String> = []
    var refused = 0
    var violations: [String] = []

    var now: Instant { Instant(milliseconds: 1_795_000_000_000 + time + skew) }
    var isTroubled: Bool { time < Self.quietAfter }

    init(seed: UInt64, troubles: Int? = nil, _ db: Connection) throws {
        var random = SeededNumbers(seed: seed)
        self.troubles = troubles ?? Int.random(in: 0...60, using: &random)
        var limits = Limits()
        limits.deliveries = Int.random(in: 1...5, using: &random)
        limits.deliveryAttempts = Int.random(in: 1...6, using: &random)
        limits.storedRequests = Int.random(in: 5...60, using: &random)
        limits.storedClientRequests = Int.random(in: 3...40, using: &random)
        limits.storedSeconds = [60, 900, 100_000].randomElement(using: &random) ?? 900
        limits.storedReplySeconds = [40, 100_000].randomElement(using: &random) ?? 40
        limits.deadLetterSeconds = 100_000
        self.limits = limits
        self.random = random
        self.db = db
        books = TitanicBooks(limits: limits, events: EventLog())
        titanic = Titanic(limits: limits, seed: seed)
        try db.run("DELETE FROM stored_request")
    }

    mutating func run() throws {
        for _ in 0..<Int.random(in: 5...25, using: &random) { schedule(.store, after: anyTime()) }
        for service in Self.services {
            if random.chance(60) { schedule(.change(service: service), after: random.milliseconds(0...2_000)) }
            for _ in 0..<troubles / 12 { schedule(.change(service: service), after: anyTime()) }
        }
        for _ in 0..<5 { schedule(.look, after: anyTime()) }
        for _ in 0..<6 { schedule(.close, after: anyTime()) }
        for _ in 0..<3 { schedule(.tidy, after: anyTime()) }
        for _ in 0..<troubles / 15 { schedule(.kill, after: anyTime()) }
        if random.chance(troubles / 2) { schedule(.jump, after: anyTime()) }
        var steps = 0
        while let next = happenings.first {
            happenings.removeFirst()
            time = max(time, next.at)
            try perform(next.what)
            if !isTroubled { try calm() }
            steps += 1
            // Sweeps go on as long as something is kept.
            if !isTroubled, isAtRest || time > Self.quietAfter + 700_000 || steps > 20_000 { break }
        }
        try judge()
    }

    private var isAtRest: Bool {
        pending.isEmpty && titanic.lanes.values.allSatisfy { $0.unfinished == 0 && $0.inFlight == 0 }
    }

    /// Every service comes back for good.
    private mutating func calm() throws {
        for service in Self.services where workers[service] == nil { try change(service) }
    }

    mutating func schedule(_ what: Happening, after milliseconds: Int64) {
        order += 1
        let at = time + max(0, milliseconds)
        let place = happenings.firstIndex { ($0.at, $0.order) > (at, order) } ?? happenings.endIndex
        happenings.insert((at, order, what), at: place)
    }

    private mutating func anyTime() -> Int64 { random.milliseconds(0...Self.quietAfter) }

    private mutating func perform(_ what: Happening) throws {
        switch what {
        case .store: try store()
        case .commit(let life): if life == self.life { try commit() }
        case .writeAgain(let write, let life): if life == self.life { begin(write) }
        case .notWritten(let write, let life): if life == self.life { try feed(.notWritten(write)) }
        case .arrive(let delivery, let life): if life == self.life { try arrive(delivery) }
        case .outcome(let delivery, let outcome, let worker, let life):
            guard life == self.life, workers[delivery.service] == worker else { return }
            try feed(answer(delivery, outcome))
        case .wake(let life, let at):
            guard life == self.life, wakesAt == at else { return }
            wakesAt = nil
            try feed(.timer)
        case .change(let service): if isTroubled { try change(service) }
        case .register(let service, let life):
            guard life == self.life, workers[service] != nil, registered.insert(service).inserted else { return }
            try feed(.served(service, true))
        case .look: try look()
        case .close: try close()
        case .tidy: try tidy()
        case .kill: try restart()
        case .jump: skew += random.milliseconds(-7_200_000...7_200_000)
        }
    }

    // MARK: The gateway

    mutating func feed(_ input: Titanic.Input) throws {
        for effect in titanic.handle(input, now: now) {
            switch effect {
            case .write(let write): begin(write)
            case .writeAgain(let write, let at):
                schedule(.writeAgain(write, life: life), after: at.milliseconds - now.milliseconds)
            case .deliver(let delivery):
                noteOrder(delivery)
                schedule(.arrive(delivery, life: life), after: 1)
            case .answer(_, let frames): try answered(frames)
            case .wake(let at):
                if let wakesAt, wakesAt <= at { break }
                wakesAt = at
                schedule(.wake(life: life, at: at), after: at.milliseconds - now.milliseconds)
            case .crowded: break
            }
        }
    }

    private mutating func begin(_ write: Titanic.Write) {
        if pending.isEmpty { schedule(.commit(life: life), after: random.milliseconds(1...8)) }
        pending.append(write)
    }

    /// One group of writes; the process may die before it, or before anybody hears of it.
    private mutating func commit() throws {
        let group = pending
        pending = []
        if isTroubled, random.chance(troubles / 12) { return try restart() }
        var done: [(Titanic.Write, Titanic.Written)] = []
        for write in group {
            if isTroubled, random.chance(troubles / 10) {
                schedule(.notWritten(write, life: life), after: 0)
                continue
            }
            if case .insert(let request, _, _) = write { places[request.uuid] = places.count }
            done.append((write, try written(books.perform(write, at: now, in: db))))
        }
        if isTroubled, random.chance(troubles / 12) { return try restart() }
        for (write, written) in done { try feed(.wrote(write, written)) }
    }

    mutating func written(_ result: TitanicBooks.Result) -> Titanic.Written {
        for event in result.events where event.type.hasSuffix(".finished") || event.type.hasSuffix(".failed") {
            ends[event.subject ?? "", default: 0] += 1
        }
        return result.written
    }

    /// `kill -9`, and a start: workers find the gateway again after a while.
    private mutating func restart() throws {
        life += 1
        pending = []
        wakesAt = nil
        registered = []
        titanic = Titanic(limits: limits, seed: UInt64(life))
        time += random.milliseconds(0...2_000)
        try feed(.recovered(written(books.recover(at: now, in: db)).changes))
        for service in workers.keys.sorted() {
            schedule(.register(service: service, life: life), after: random.milliseconds(0...3_000))
        }
    }
}
