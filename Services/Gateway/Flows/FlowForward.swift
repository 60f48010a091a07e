import JSON
import Vocabulary

/// Before the decision: one step after the other.
extension FlowEngine {
    /// Renewals are repeated when a slow service made them old; more often than this the holds are too short.
    private static let mostRenewals = 20

    mutating func advanceForward(_ now: Instant) {
        while let index = state.steps.firstIndex(where: { !$0.state.isOver }) {
            guard let step = definition.step(state.steps[index].name) else { return }
            if state.steps[index].state == .pending, !holds(step.condition) {
                state.steps[index].state = .skipped
                continue
            }
            guard passesGate(index, now) else { return wait(before: index, now) }
            if step.kind == .decide {
                guard renewalsAreFresh(now) else {
                    guard renewAgain(now) else { return }
                    continue
                }
                decide(index, now)
                return
            }
            sendIfDue(index, step, now)
            return
        }
    }

    /// The commit point. From here on everything is posted.
    private mutating func decide(_ index: Int, _ now: Instant) {
        state.phase = .committed
        state.decidedAt = now
        state.steps[index].state = .done
        state.steps[index].startedAt = now
        state.steps[index].finishedAt = now
        journal("decided", step: state.steps[index].name, now)
        effects.append(.event("flow.committed", describe(state.steps[index])))
        advancePosts(now)
    }

    /// A hold must outlive the posts by far: half of its time must be left when it is decided.
    private func renewalsAreFresh(_ now: Instant) -> Bool {
        let oldest = now - .milliseconds(state.holdSeconds * 500)
        return state.steps.allSatisfy { step in
            step.kind != .renew || step.state != .done || (step.startedAt ?? oldest) > oldest
        }
    }

    /// False when it cannot be done any more and the flow is given up.
    private mutating func renewAgain(_ now: Instant) -> Bool {
        let rounds = (state.staleRenewals ?? 0) + 1
        state.staleRenewals = rounds
        guard rounds < Self.mostRenewals else {
            giveUp(
                "timeout", step: state.steps.firstIndex { $0.kind == .renew },
                Bilingual(
                    ko: "보류 시간이 너무 짧아 확정 전에 계속 만료됩니다. holdSeconds를 늘려 다시 시작하세요.",
                    en: "The holds are too short to decide on. Start again with a longer holdSeconds."), now)
            advanceVoids(now)
            return false
        }
        for index in state.steps.indices where state.steps[index].kind == .renew {
            guard state.steps[index].state == .done else { continue }
            var fresh = StepRecord(name: state.steps[index].name, kind: .renew)
            fresh.generation = state.steps[index].generation + 1
            fresh.attempts = state.steps[index].attempts
            state.steps[index] = fresh
        }
        return true
    }

    func holds(_ condition: FlowStep.Condition) -> Bool {
        switch condition {
        case .always: true
        case .present(let pointer): state.value(at: pointer) != nil
        case .absent(let pointer): state.value(at: pointer) == nil
        }
    }

    /// False while the step waits for an approval.
    mutating func passesGate(_ index: Int, _ now: Instant) -> Bool {
        let name = state.steps[index].name
        guard state.gates.contains(name), !state.approved.contains(name) else { return true }
        if state.steps[index].state != .waiting {
            state.steps[index].state = .waiting
            state.steps[index].waitingSince = now
            journal("waiting", step: name, now)
            effects.append(.event("flow.waiting", describe(state.steps[index])))
        }
        return false
    }

    /// Sends a step's call unless it is on its way or not yet due. The journal row comes before the call.
    mutating func sendIfDue(_ index: Int, _ step: FlowStep, _ now: Instant) {
        var record = state.steps[index]
        guard record.inFlightUntil == nil, (record.nextAt ?? now) <= now else { return }
        let parameters = record.request ?? step.parameters.filled(from: state) ?? [:]
        let isFirst = record.startedAt == nil
        record.attempts += 1
        record.state = .running
        record.startedAt = record.startedAt ?? now
        record.request = parameters
        record.nextAt = nil
        record.asksAgain = false
        let deadline = now + step.timeout
        record.inFlightUntil = deadline
        state.steps[index] = record
        if isFirst, record.isKeeping != true { effects.append(.event("step.started", describe(record))) }
        let key = "\(state.id):\(step.name):\(record.generation)" + (step.kind == .await ? ".\(record.attempts)" : "")
        // Who waits for weeks must not fill the journal.
        if record.isKeeping != true, isFirst || step.kind != .await {
            journal("calling", step: step.name, detail: ["method": .string(step.method), "key": .string(key)], now)
        }
        effects.append(
            .call(
                FlowCall(
                    flow: state.id, step: step.name, attempt: record.attempts, method: step.method,
                    parameters: parameters, idempotencyKey: key, deadline: deadline, sender: sender(of: step))))
    }

    private func sender(of step: FlowStep) -> Principal {
        guard step.kind == .action || step.kind == .await, let roles = state.startedByRoles else { return .gateway }
        return Principal(name: state.startedBy, roles: roles)
    }

    /// Ends the way forward: from here on every hold that may exist is undone.
    mutating func giveUp(
        _ code: String, step index: Int?, _ message: Bilingual, by: String? = nil, _ now: Instant
    ) {
        let failed = index.map { state.steps[$0] }
        state.reason = FlowReason(code: code, message: message, step: failed?.name, error: failed?.error, by: by)
        state.phase = .voiding
        for index in state.steps.indices where !state.steps[index].state.isOver {
            if let until = state.steps[index].inFlightUntil { lose(index, until: until, now) }
            state.steps[index].nextAt = nil
            let isUncertainHold = state.steps[index].kind == .hold && state.steps[index].uncertainUntil != nil
            if state.steps[index].attempts == 0 {
                state.steps[index].state = .pending
            } else if !isUncertainHold {
                state.steps[index].state = .failed
            }
        }
        let mayExist = state.steps.filter { step in
            step.kind == .hold && step.attempts > 0 && (step.state == .done || step.uncertainUntil != nil)
        }
        for hold in mayExist.reversed() {
            guard let void = definition.step(hold.name)?.voiding else { continue }
            state.steps.append(StepRecord(name: void.name, kind: .void))
        }
        journal("givenUp", step: failed?.name, detail: state.reason?.json ?? [:], now)
    }
}
