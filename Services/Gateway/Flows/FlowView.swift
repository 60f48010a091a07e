import JSON
import Vocabulary

/// A flow as callers see it: the whole and every step.
struct FlowView: Codable, Sendable {
    struct Step: Codable, Sendable {
        let name: String
        let title: Bilingual?
        let kind: String
        let state: String
        let attempts: Int
        let startedAt: Instant?
        let finishedAt: Instant?
        let method: String?
        let request: JSON?
        let result: JSON?
        let error: FlowError?
    }

    let id: FlowID
    let flow: String
    /// `running`, `committed` (decided, posting), `voiding`, `completed`, `voided`, `unsettled` or `settled`.
    let state: String
    let input: JSON
    let gates: [String]
    /// The step that waits for `gateway.flows.approve`.
    let waitingFor: String?
    let reason: FlowReason?
    let settlement: String?
    let startedBy: String
    let startedAt: Instant
    let decidedAt: Instant?
    let finishedAt: Instant?
    let steps: [Step]

    init(_ state: FlowState, _ definition: FlowDefinition?) {
        id = state.id
        flow = state.flow
        self.state = state.phase.rawValue
        input = state.input
        gates = state.gates
        waitingFor = state.waitingFor
        reason = state.reason
        settlement = state.settlement
        startedBy = state.startedBy
        startedAt = state.startedAt
        decidedAt = state.decidedAt
        finishedAt = state.finishedAt
        steps = state.steps.map { record in
            let step = definition?.anyStep(record.name)
            return Step(
                name: record.name, title: step?.title, kind: record.kind.rawValue, state: record.state.rawValue,
                attempts: record.attempts, startedAt: record.startedAt, finishedAt: record.finishedAt,
                method: step.flatMap { $0.method.isEmpty ? nil : $0.method }, request: record.request,
                result: record.result, error: record.error)
        }
    }
}

/// One line of a list of flows.
struct FlowSummary: Codable, Sendable {
    let id: FlowID
    let flow: String
    let state: String
    let waitingFor: String?
    let reason: FlowReason?
    let startedBy: String
    let startedAt: Instant
    let decidedAt: Instant?
    let finishedAt: Instant?

    init(_ state: FlowState) {
        id = state.id
        flow = state.flow
        self.state = state.phase.rawValue
        waitingFor = state.waitingFor
        reason = state.reason
        startedBy = state.startedBy
        startedAt = state.startedAt
        decidedAt = state.decidedAt
        finishedAt = state.finishedAt
    }
}

/// A definition as callers see it.
struct FlowDefinitionView: Codable, Sendable {
    struct Step: Codable, Sendable {
        let name: String
        let title: Bilingual
        let kind: String
        let method: String?
        let compensation: String?
        let timeoutMs: Int64
    }

    let name: String
    let title: Bilingual
    let input: JSON
    let steps: [Step]

    init(_ definition: FlowDefinition) {
        name = definition.name
        title = definition.title
        input = definition.input.json
        steps = definition.steps.map { step in
            Step(
                name: step.name, title: step.title, kind: step.kind.rawValue,
                method: step.method.isEmpty ? nil : step.method, compensation: step.compensation,
                timeoutMs: step.timeout.components.seconds * 1_000)
        }
    }
}

extension FlowDefinition {
    /// Steps as they are listed, compensations included.
    func anyStep(_ name: String) -> FlowStep? {
        step(name) ?? steps.lazy.compactMap(\.voiding).first { $0.name == name }
    }
}
