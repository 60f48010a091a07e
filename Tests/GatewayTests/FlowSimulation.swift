import JSON
import Vocabulary

@testable import Gateway

/// One flow, the services it calls and the network between them, in virtual time. Everything that can go wrong does,
/// until `quietAfter`; from then on the world behaves, so that the flow must come to rest.
struct FlowSimulation {
    enum Happening {
        case arrive(FlowCall)
        case reply(FlowCall, CallOutcome, life: Int)
        case wake(life: Int, at: Instant)
        case cancel
        case approve
    }

    static let start = Instant(milliseconds: 1_795_000_000_000)
    static let quietAfter = start.adding(seconds: 400)

    var random: SeededNumbers
    var now = FlowSimulation.start
    /// Sorted by time, then by order of entry.
    var happenings: [(at: Instant, order: Int, what: Happening)] = []
    var order = 0
    var engine: FlowEngine
    /// What the disk has. It is made text and read back when the gateway starts again.
    var disk: FlowState?
    var isDecidedOnDisk = false
    /// The one timer of the gateway that runs now.
    var wakesAt: Instant?
    /// Calls that a service has refused: their doubles are refused as well, as nothing is doubled on the real way.
    var refused: Set<String> = []
    /// Counts the starts of the gateway; what was on its way to an earlier one is lost.
    var life = 0
    var services: ScriptedServices
    var events: [String] = []
    var violations: [String] = []
    let troubles: Int
    /// A request that was late is in time again when the clock is set back, also one to hold something.
    private(set) var wentBack = false

    init(seed: UInt64, troubles: Int? = nil) {
        var random = SeededNumbers(seed: seed)
        self.troubles = troubles ?? Int.random(in: 0...45, using: &random)
        var input: JSON = ["demandId": "dmd_1", "agreementTimeoutSeconds": 120, "patienceSeconds": 120]
        for (member, value) in [("platformId", "plt_1"), ("demonstrationId", "dmo_1"), ("equipment", "TEM")]
        where random.chance(50) {
            input[member] = .string(value)
        }
        let parts = [("reservation", "resourceId"), ("engagement", "personId"), ("coinvestment", "caseId")]
        for (part, member) in parts where random.chance(70) { input[part] = [member: "x"] }
        if random.chance(50) { input["technologyId"] = "tec_1" }
        input["holdSeconds"] = .integer([20, 60, 600].randomElement(using: &random) ?? 600)
        let definition = Gateway.definitions[Int(seed % UInt64(Gateway.definitions.count))]
        let gates = definition.steps.filter { $0.kind != .renew }.map(\.name).filter { _ in random.chance(8) }
        services = ScriptedServices(
            agreesAfter: random.chance(90) ? .milliseconds(random.milliseconds(0...90_000)) : nil,
            declines: random.chance(10))
        engine = FlowEngine(
            definition,
            FlowState(
                id: FlowID.new(at: Self.start), definition: definition, input: input, gates: gates,
                startedBy: "uid:1000", startedAt: Self.start))
        self.random = random
    }

    mutating func schedule(_ what: Happening, after milliseconds: Int64) {
        order += 1
        let at = now.adding(milliseconds: max(0, milliseconds))
        let place = happenings.firstIndex { ($0.at, $0.order) > (at, order) } ?? happenings.endIndex
        happenings.insert((at, order, what), at: place)
    }

    var isTroubled: Bool { now < Self.quietAfter }

    /// Runs to rest; returns the final state.
    mutating func run() throws -> FlowState {
        if random.chance(12) { schedule(.cancel, after: random.milliseconds(0...100_000)) }
        try feed(.started)
        var steps = 0
        while !happenings.isEmpty {
            steps += 1
            let next = happenings.removeFirst()
            now = max(now, next.at)
            try perform(next.what)
            if steps > 20_000 {
                violations.append("does not come to rest: \(engine.state.phase)")
                break
            }
            if isTroubled, random.chance(troubles / 8) { try crash() }
            if isTroubled, random.chance(troubles / 15) { jumpClock() }
        }
        return engine.state
    }

    private mutating func perform(_ what: Happening) throws {
        switch what {
        case .arrive(let call): arrive(call)
        case .reply(let call, let outcome, let life):
            guard life == self.life else { return }
            try feed(.replied(step: call.step, attempt: call.attempt, outcome))
        case .wake(let life, let at):
            guard life == self.life, at == wakesAt else { return }
            wakesAt = nil
            try feed(.timer)
        case .cancel: try feed(.cancelled(by: "uid:1000", reason: "changed my mind"))
        case .approve:
            if let step = engine.state.waitingFor { try feed(.approved(step: step, by: "uid:0")) }
        }
    }

    /// Hands the engine an input, writes, then acts; the process may die before the write or before the acts.
    private mutating func feed(_ input: FlowEngine.Input) throws {
        let effects: [FlowEngine.Effect]
        do {
            effects = try engine.handle(input, now: now)
        } catch {
            return
        }
        let dies = isTroubled && random.chance(troubles / 10) && disk != nil
        if dies, random.chance(50) { return try restart() }
        disk = engine.state
        isDecidedOnDisk = engine.state.decidedAt != nil
        for case .event(let name, _) in effects { events.append(name) }
        if dies { return try restart() }
        for effect in effects {
            switch effect {
            case .call(let call): send(call)
            case .wake(let at):
                if let wakesAt, wakesAt <= at { break }
                wakesAt = at
                schedule(.wake(life: life, at: at), after: at.milliseconds - now.milliseconds)
            case .journal, .event: break
            }
        }
        // Often long after the holds would have run out.
        if engine.state.waitingFor != nil {
            schedule(.approve, after: random.milliseconds(0...(engine.state.holdSeconds * 3_000)))
        }
    }

    private mutating func crash() throws {
        guard disk != nil else { return }
        try restart()
    }

    private mutating func restart() throws {
        life += 1
        engine = FlowEngine(engine.definition, try JSON(parsing: JSON.encode(disk).bytes).decode(FlowState.self))
        wakesAt = nil
        now = now.adding(milliseconds: random.milliseconds(0...3_000))
        try feed(.resumed)
    }

    /// The clock on the wall, by which holds expire and steps time out, is set forwards or back.
    private mutating func jumpClock() {
        services.expireHolds(now)
        let leap = random.milliseconds(-300_000...300_000)
        now = now.adding(milliseconds: leap)
        // What would have been held for minutes more is gone all at once, as if somebody had taken it.
        if leap > 0 { services.wasRobbed = true } else { wentBack = true }
    }

    /// The network: late, lost, doubled.
    private mutating func send(_ call: FlowCall) {
        check(call)
        let isLost = isTroubled && random.chance(troubles / 3)
        if !isLost { schedule(.arrive(call), after: delay()) }
        if isTroubled, random.chance(troubles / 3) { schedule(.arrive(call), after: delay()) }
    }

    private mutating func delay() -> Int64 {
        isTroubled && random.chance(troubles / 4) ? random.milliseconds(0...12_000) : random.milliseconds(0...20)
    }

    private mutating func arrive(_ call: FlowCall) {
        let outcome: CallOutcome
        if now > call.deadline {
            outcome = .unavailable(FlowError(code: -32007, message: "late", data: ["started": false]))
        } else if isTroubled, random.chance(troubles / 3) {
            outcome = .unavailable(
                FlowError(code: [-32008, -32006, -32603].randomElement(using: &random) ?? -32008, message: ""))
        } else if isTroubled, random.chance(troubles / 4) {
            // The worker vanished, before or after it worked on this.
            if random.chance(50), !refused.contains("\(call.idempotencyKey)/\(call.attempt)") {
                _ = services.handle(call, now: now)
            }
            outcome = .unknown(FlowError(code: -32010, message: "lost"))
        } else if isRefused(call) {
            outcome = .refused(FlowError(code: FlowError.conflict, message: "taken"))
        } else {
            outcome = services.handle(call, now: now)
        }
        if isTroubled, random.chance(troubles / 15) { services.loseAHold(&random) }
        if isTroubled, random.chance(troubles / 3) { return }
        schedule(.reply(call, outcome, life: life), after: delay())
    }

    /// Somebody else has what the flow wants to hold.
    private mutating func isRefused(_ call: FlowCall) -> Bool {
        guard call.method.hasSuffix(".hold"), services.answers[call.idempotencyKey] == nil else { return false }
        let sending = "\(call.idempotencyKey)/\(call.attempt)"
        if isTroubled, random.chance(troubles / 10) { refused.insert(sending) }
        return refused.contains(sending)
    }

    private mutating func check(_ call: FlowCall) {
        let isDecided = isDecidedOnDisk
        if call.method.hasSuffix(".post"), !isDecided { violations.append("posted before the decision") }
        if call.method.hasSuffix(".void"), isDecided { violations.append("voided after the decision") }
        if call.method.hasSuffix(".hold"), isDecided { violations.append("held after the decision") }
    }
}

/// The four services as the contract describes them: answers by idempotency key, holds that expire.
struct ScriptedServices {
    struct Hold {
        var state: HoldState
        var expiresAt: Instant
    }

    let agreesAfter: Duration?
    let declines: Bool
    var answers: [String: JSON] = [:]
    var holds: [String: Hold] = [:]
    var proposedAt: Instant?
    /// How often each method was asked something new.
    var asked: [String: Int] = [:]
    /// A hold was taken away by something outside the flow.
    var wasRobbed = false

    mutating func loseAHold(_ random: inout SeededNumbers) {
        let live = holds.filter { $0.value.state == .held }.keys.sorted()
        guard let victim = live.randomElement(using: &random) else { return }
        holds[victim]?.state = .voided
        wasRobbed = true
    }

    /// A service's own job notes what has expired, so that no clock brings it back.
    mutating func expireHolds(_ now: Instant) {
        for (id, hold) in holds { holds[id]?.state = hold.state.effective(expiresAt: hold.expiresAt, now: now) }
    }

    mutating func handle(_ call: FlowCall, now: Instant) -> CallOutcome {
        if let answer = answers[call.idempotencyKey] { return .success(answer) }
        let outcome = fresh(call, now)
        let isQuery = [".get", ".recommend", ".search"].contains { call.method.hasSuffix($0) }
        if case .success(let answer) = outcome, !isQuery { answers[call.idempotencyKey] = answer }
        return outcome
    }

    private mutating func fresh(_ call: FlowCall, _ now: Instant) -> CallOutcome {
        asked[call.method, default: 0] += 1
        let at = asked[call.method] ?? 0
        switch call.method {
        case "matching.demands.get": return .success(["id": "dmd_1", "state": "published"])
        case "matching.platforms.get": return .success(["state": .string(at >= 2 ? "complete" : "forming")])
        case "testbed.demonstrations.get": return .success(["state": .string(at >= 3 ? "finished" : "running")])
        case "testbed.resources.search", "talent.recommend": return .success(["items": []])
        case "matching.recommend": return .success(["items": [["id": "tec_9"]]])
        case "matching.deals.propose":
            proposedAt = proposedAt ?? now
            return .success(["id": "deal_1", "state": "interest"])
        case "matching.deals.get":
            guard let proposedAt, let agreesAfter, now >= proposedAt + agreesAfter else {
                return .success(["id": "deal_1", "state": "interest", "stage": "interest"])
            }
            guard !declines else { return .success(["id": "deal_1", "state": "declined", "stage": "nda"]) }
            // People take the deal from stage to stage, each time that they are asked about it.
            let stage = FlowParts.stages[min(at, 5)]
            return .success(["id": "deal_1", "state": "agreed", "stage": .string(stage)])
        default: return hold(call, now)
        }
    }

    private mutating func hold(_ call: FlowCall, _ now: Instant) -> CallOutcome {
        let ttl = call.parameters["ttlSeconds"]?.integer ?? 600
        guard let id = call.parameters["id"]?.string else {
            let id = "\(call.method)#\(holds.count)"
            holds[id] = Hold(state: .held, expiresAt: now.adding(seconds: ttl))
            return .success(["id": .string(id), "state": "held"])
        }
        guard let hold = holds[id] else { return .refused(FlowError(code: FlowError.notFound, message: "no \(id)")) }
        let action: HoldAction =
            call.method.hasSuffix(".renew") ? .renew : call.method.hasSuffix(".post") ? .post : .void
        do {
            let state = try hold.state.after(action, expiresAt: hold.expiresAt, now: now)
            holds[id] = Hold(state: state, expiresAt: action == .renew ? now.adding(seconds: ttl) : hold.expiresAt)
            return .success(["id": .string(id), "state": .string(state.rawValue)])
        } catch {
            return .refused(
                FlowError(
                    code: FlowError.conflict, message: "refused", data: ["state": .string(error.state.rawValue)]))
        }
    }
}
