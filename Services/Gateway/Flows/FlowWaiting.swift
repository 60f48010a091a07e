import JSON
import Vocabulary

/// While a flow stands before a gate its holds are kept: each is renewed when a third of its time has gone, by the
/// renewal step that would come later anyway. A gate that nobody opens ends the flow; after the decision nothing does.
extension FlowEngine {
    /// The step that an approval lets pass, waiting at this moment.
    private var gate: Int? { state.waitingFor.flatMap(state.position) }

    /// What is due by itself while the flow stands before a gate.
    var waitingMoments: [Instant] {
        guard let gate else { return [] }
        let end = state.phase == .running ? [gateEnd(gate)] : []
        return end + renewals.map(\.dueAt)
    }

    /// At a closed gate: keeps the holds, or gives up when it was closed for too long.
    mutating func wait(before gate: Int, _ now: Instant) {
        guard state.phase != .running || gateEnd(gate) > now else {
            giveUp("timeout", step: gate, Self.notApproved, now)
            advanceVoids(now)
            return
        }
        for (index, step, dueAt) in renewals where dueAt <= now {
            let record = state.steps[index]
            if record.state == .done {
                var fresh = StepRecord(name: record.name, kind: .renew)
                fresh.generation = record.generation + 1
                fresh.attempts = record.attempts
                fresh.isKeeping = true
                state.steps[index] = fresh
            }
            sendIfDue(index, step, now)
        }
    }

    private func gateEnd(_ gate: Int) -> Instant {
        (state.steps[gate].waitingSince ?? state.startedAt).adding(
            seconds: state.gateTimeoutSeconds ?? FlowState.defaultGateTimeoutSeconds)
    }

    /// The renewals of all live holds, each with the time at which it is to be sent; those that are on their way or
    /// that back off are due by themselves.
    private var renewals: [(index: Int, step: FlowStep, dueAt: Instant)] {
        state.steps.indices.compactMap { index in
            let record = state.steps[index]
            guard record.kind == .renew, ![.failed, .waiting].contains(record.state), record.inFlightUntil == nil,
                let step = definition.step(record.name), let name = step.hold,
                let hold = state.steps.first(where: { $0.name == name }), hold.state == .done,
                let heldAt = hold.startedAt, !isPosting(name)
            else { return nil }
            let renewedAt = record.state == .done ? record.startedAt : nil
            let dueAt = record.nextAt ?? (renewedAt ?? heldAt) + .milliseconds(state.holdSeconds * 1_000 / 3)
            return (index, step, dueAt)
        }
    }

    private func isPosting(_ hold: String) -> Bool {
        state.steps.contains { $0.kind == .post && $0.attempts > 0 && definition.step($0.name)?.hold == hold }
    }

    private static let notApproved = Bilingual(
        ko: "정해진 시간 안에 승인되지 않았습니다. 다시 시작하고 gateway.flows.approve로 승인하세요.",
        en: "It was not approved in time. Start again, and approve it with gateway.flows.approve.")

    // MARK: A definition that is gone

    /// A step that is still to be done and that no definition has any more: the version that knew it is gone, and
    /// nobody but an operator can say what is to become of the flow.
    mutating func unsettleIfUnknown(_ now: Instant) {
        guard !state.phase.isAtRest,
            let unknown = state.steps.first(where: { !$0.state.isOver && definition.anyStep($0.name) == nil })
        else { return }
        unsettle(
            "definitionGone", unknown,
            Bilingual(
                ko: "이 판에는 '\(state.flow)'의 '\(unknown.name)' 단계가 없습니다. 보류를 각 서비스에서 바로잡은 뒤 "
                    + "gateway.flows.settle로 받아들이거나, 그 단계가 있는 판에서 다시 시도하세요.",
                en: "This version has no step '\(unknown.name)' of '\(state.flow)'. Put its holds right in their "
                    + "services and accept it with gateway.flows.settle, or retry it with a version that has the step."),
            now)
    }
}

extension FlowDefinition {
    /// Stands for a definition that this version does not have.
    static func gone(_ name: String) -> FlowDefinition {
        FlowDefinition(
            name: name, title: Bilingual(ko: name, en: name), steps: [], defaultHoldSeconds: 0, input: .of(JSON.self),
            rules: { _ in [] })
    }
}
