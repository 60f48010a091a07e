import JSON
import Vocabulary

/// The two ends: everything is posted, or everything is undone. Neither gives up; calls go out side by side, so that a
/// service that is away does not let the holds of the others run out.
extension FlowEngine {
    mutating func advancePosts(_ now: Instant) {
        for index in state.steps.indices where state.steps[index].kind == .post && !state.steps[index].state.isOver {
            guard let step = definition.step(state.steps[index].name) else { continue }
            if state.steps[index].state == .pending, !holds(step.condition) {
                state.steps[index].state = .skipped
                continue
            }
            guard passesGate(index, now) else {
                wait(before: index, now)
                break
            }
            sendIfDue(index, step, now)
        }
        let posts = state.steps.filter { $0.kind == .post }
        guard posts.allSatisfy(\.state.isOver) else { return }
        if let gone = posts.first(where: { $0.state == .failed }) {
            unsettle(
                "holdGone", gone,
                Bilingual(
                    ko: "확정을 결정한 뒤에 보류가 사라졌습니다. 해당 서비스에서 바로잡은 뒤 gateway.flows.settle로 정리하세요.",
                    en:
                        "A hold was gone after the decision. Put it right in its service, then call gateway.flows.settle."
                ),
                now)
        } else {
            finish(.completed, now)
        }
    }

    mutating func advanceVoids(_ now: Instant) {
        for index in state.steps.indices where state.steps[index].kind == .void && !state.steps[index].state.isOver {
            guard let hold = definition.steps.first(where: { $0.voiding?.name == state.steps[index].name }),
                let void = hold.voiding, let held = state.position(of: hold.name)
            else { continue }
            if state.steps[held].inFlightUntil != nil { continue }
            if state.steps[held].state == .done {
                sendIfDue(index, void, now)
            } else if state.steps[held].uncertainUntil != nil {
                // The same call with the same key: its answer says whether there is a hold, and which.
                sendIfDue(held, hold, now)
            } else {
                state.steps[index].state = .skipped
            }
        }
        let voids = state.steps.filter { $0.kind == .void }
        guard voids.allSatisfy(\.state.isOver) else { return }
        if let refused = voids.first(where: { $0.state == .failed }) {
            unsettle(
                "voidRefused", refused,
                Bilingual(
                    ko: "보류를 취소하지 못했습니다. 해당 서비스에서 상태를 확인한 뒤 gateway.flows.settle로 정리하세요.",
                    en: "A hold could not be undone. Look at it in its service, then call gateway.flows.settle."), now)
        } else {
            finish(.voided, now)
        }
    }

    mutating func unsettle(_ code: String, _ step: StepRecord, _ message: Bilingual, _ now: Instant) {
        state.reason = FlowReason(code: code, message: message, step: step.name, error: step.error)
        finish(.unsettled, now)
    }

    private mutating func finish(_ phase: FlowState.Phase, _ now: Instant) {
        state.phase = phase
        state.finishedAt = now
        journal(phase.rawValue, detail: state.reason?.json ?? [:], now)
        effects.append(.event("flow.\(phase.rawValue)", describe()))
    }

    mutating func approve(_ step: String, by: String, _ now: Instant) throws(FlowRefused) {
        if state.approved.contains(step) { return }
        guard state.waitingFor == step, let index = state.position(of: step) else {
            throw .notWaiting(step: step, waitingFor: state.waitingFor)
        }
        state.approved.append(step)
        state.steps[index].state = .pending
        journal("approved", step: step, detail: ["by": .string(by)], now)
    }

    mutating func cancel(by: String, reason: String, _ now: Instant) throws(FlowRefused) {
        switch state.phase {
        case .voiding, .voided: return
        case .committed: throw .decided
        case .completed, .unsettled, .settled: throw .atRest(state.phase)
        case .running:
            let words = reason.isEmpty ? by : reason
            let message = Bilingual(ko: "취소됨: \(words)", en: "Cancelled: \(words)")
            let current = state.steps.firstIndex { !$0.state.isOver }
            giveUp("cancelled", step: current, message, by: by, now)
        }
    }

    mutating func settle(_ resolution: Resolution, by: String, note: String, _ now: Instant) throws(FlowRefused) {
        guard state.phase == .unsettled else { throw .notUnsettled(state.phase) }
        let detail: JSON = ["resolution": .string(resolution.rawValue), "by": .string(by), "note": .string(note)]
        journal("settling", detail: detail, now)
        state.settlement = note
        guard resolution == .retry else {
            finish(.settled, now)
            return
        }
        state.finishedAt = nil
        state.reason = nil
        let wasVoiding = state.steps.contains { $0.kind == .void }
        state.phase = state.decidedAt != nil ? .committed : wasVoiding ? .voiding : .running
        for index in state.steps.indices where state.steps[index].state == .failed {
            let kind = state.steps[index].kind
            guard kind == .post || kind == .void else { continue }
            var fresh = StepRecord(name: state.steps[index].name, kind: kind)
            fresh.generation = state.steps[index].generation + 1
            fresh.attempts = state.steps[index].attempts
            state.steps[index] = fresh
        }
        unsettleIfUnknown(now)
    }
}
