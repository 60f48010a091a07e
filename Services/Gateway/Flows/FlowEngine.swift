import JSON
import Vocabulary

/// The coordinator of one flow as a pure state machine: something happens, and it says what is to be written and done.
/// Whoever runs it writes the new state and the journal rows first and only then performs the rest, so that a crash
/// anywhere is repaired by reading the state back and saying `resumed`.
///
/// Invariants (simulated in FlowSimulationTests): nothing is posted before the decision is written; nothing is voided
/// after it; a flow at rest has posted all, voided all, or says what an operator must settle.
struct FlowEngine: Sendable {
    enum Input: Sendable {
        case started
        /// The process started again; calls that were on their way have no answer.
        case resumed
        /// A moment that `wake` asked for has come.
        case timer
        case replied(step: String, attempt: Int, CallOutcome)
        /// Something happened to the thing an `await` step asks about.
        case woken(subject: String)
        case approved(step: String, by: String)
        case cancelled(by: String, reason: String)
        case settled(Resolution, by: String, note: String)
    }

    enum Resolution: String, Codable, Sendable, CaseIterable {
        /// Try what failed again: the operator has repaired its cause.
        case retry
        /// Leave it as it is: the operator has settled it by other means.
        case accept
    }

    enum Effect: Sendable, Equatable {
        case journal(JournalEntry)
        case call(FlowCall)
        case event(String, JSON)
        case wake(at: Instant)
    }

    let definition: FlowDefinition
    var state: FlowState
    var effects: [Effect] = []

    init(_ definition: FlowDefinition, _ state: FlowState) {
        self.definition = definition
        self.state = state
    }

    /// The effects, in order. A refusal changes nothing.
    mutating func handle(_ input: Input, now: Instant) throws(FlowRefused) -> [Effect] {
        effects = []
        switch input {
        case .started: begin(now)
        case .resumed: resume(now)
        case .timer: expireCalls(now)
        case .replied(let step, let attempt, let outcome):
            guard let index = state.position(of: step), state.steps[index].attempts == attempt,
                state.steps[index].inFlightUntil != nil
            else { return [] }
            take(outcome, for: index, now)
        case .woken(let subject): wake(subject, now)
        case .approved(let step, let by): try approve(step, by: by, now)
        case .cancelled(let by, let reason): try cancel(by: by, reason: reason, now)
        case .settled(let resolution, let by, let note): try settle(resolution, by: by, note: note, now)
        }
        advance(now)
        if let next = nextMoment(notBefore: now.adding(milliseconds: 1)) { effects.append(.wake(at: next)) }
        return effects
    }

    /// When something is due by itself.
    private func nextMoment(notBefore soonest: Instant) -> Instant? {
        guard !state.phase.isAtRest else { return nil }
        let moments = state.steps.compactMap { $0.inFlightUntil ?? $0.nextAt } + waitingMoments
        return moments.min().map { max($0, soonest) }
    }

    private mutating func begin(_ now: Instant) {
        journal("started", detail: ["input": state.input, "by": .string(state.startedBy)], now)
        effects.append(.event("flow.started", describe()))
        // Written by a version that had the definition, and begun by one that does not.
        unsettleIfUnknown(now)
    }

    private mutating func resume(_ now: Instant) {
        for index in state.steps.indices {
            if let until = state.steps[index].inFlightUntil { lose(index, until: until, now) }
        }
        unsettleIfUnknown(now)
    }

    /// A call without an answer is sent again at once, with the same key.
    mutating func lose(_ index: Int, until: Instant, _ now: Instant) {
        state.steps[index].inFlightUntil = nil
        state.steps[index].uncertainUntil = max(state.steps[index].uncertainUntil ?? until, until)
        state.steps[index].nextAt = now
    }

    private mutating func expireCalls(_ now: Instant) {
        for index in state.steps.indices {
            if let until = state.steps[index].inFlightUntil, until <= now { take(.timedOut, for: index, now) }
        }
    }

    private mutating func wake(_ subject: String, _ now: Instant) {
        for index in state.steps.indices where state.steps[index].kind == .await {
            guard state.steps[index].request?["id"]?.string == subject, !state.steps[index].state.isOver else {
                continue
            }
            if state.steps[index].inFlightUntil == nil {
                state.steps[index].nextAt = now
            } else {
                state.steps[index].asksAgain = true
            }
        }
    }

    /// Does whatever can be done now.
    private mutating func advance(_ now: Instant) {
        switch state.phase {
        case .running: advanceForward(now)
        case .committed: advancePosts(now)
        case .voiding: advanceVoids(now)
        case .completed, .voided, .unsettled, .settled: break
        }
    }

    mutating func journal(_ kind: String, step: String? = nil, detail: JSON = [:], _ now: Instant) {
        state.entries += 1
        effects.append(.journal(JournalEntry(number: state.entries, at: now, kind: kind, step: step, detail: detail)))
    }

    /// The data of every event: the flow, and the step it is about.
    func describe(_ step: StepRecord? = nil) -> JSON {
        var data: JSON = [
            "id": .string(state.id.description), "flow": .string(state.flow), "state": .string(state.phase.rawValue),
        ]
        if let step {
            data["step"] = .string(step.name)
            data["stepState"] = .string(step.state.rawValue)
            data["attempts"] = .integer(Int64(step.attempts))
            if let error = step.error, step.state != .done { data["error"] = error.json }
        }
        if let reason = state.reason { data["reason"] = reason.json }
        return data
    }
}

/// A call that is to be sent after the journal is on the disk.
struct FlowCall: Sendable, Equatable {
    let flow: FlowID
    let step: String
    let attempt: Int
    let method: String
    let parameters: JSON
    /// Made of flow, step and attempt: `flw_…:hold.technology:1`.
    let idempotencyKey: String
    let deadline: Instant
    /// Who asks. What leads to the holds is asked for by who started the flow, who can neither read nor propose by it
    /// what is others' to read and propose; the holds are the gateway's.
    let sender: Principal
}

/// One row of the journal, for people and for the record; the state beside it is what a restart reads.
struct JournalEntry: Sendable, Equatable {
    let number: Int64
    let at: Instant
    let kind: String
    let step: String?
    let detail: JSON
}

/// What was asked does not fit the state of the flow.
enum FlowRefused: Error, Sendable, Equatable {
    case decided
    case atRest(FlowState.Phase)
    case notWaiting(step: String, waitingFor: String?)
    case notUnsettled(FlowState.Phase)
}
