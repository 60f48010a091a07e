import JSON
import ServiceKit
import Storage
import Vocabulary

/// `gateway.flows.*`: start, look at, approve, cancel and settle long transactions.
enum FlowMethods {
    struct Start: Codable, Sendable, Constrained {
        /// The definition's name, such as `commercialize`.
        let flow: String
        let input: JSON
        /// Steps before which the flow stops until `gateway.flows.approve`.
        let gates: [String]?
        /// How long a gate may stay closed before the flow is given up; seven days unless given.
        let gateTimeoutSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "gates": .count(0...50), "gateTimeoutSeconds": .range(1...2_592_000),
        ]
    }

    struct Approve: Codable, Sendable {
        let id: FlowID
        let step: String
    }

    struct Cancel: Codable, Sendable, Constrained {
        let id: FlowID
        let reason: String?
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Settle: Codable, Sendable, Constrained {
        let id: FlowID
        /// `retry` what failed, or `accept` what is (when left out).
        let resolution: FlowEngine.Resolution?
        let note: String
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct List: Codable, Sendable, Constrained {
        let state: FlowState.Phase?
        let limit: Int?
        /// The last id of the page before.
        let after: FlowID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Definitions: Codable, Sendable { let items: [FlowDefinitionView] }

    struct Journal: Codable, Sendable { let items: [JSON] }

    static func methods(_ definitions: [FlowDefinition], _ runner: FlowRunner) -> [Method] {
        reading(definitions) + [
            .action(
                "gateway.flows.start",
                Bilingual(ko: "흐름을 시작한다 (멱등 키로 다시 보내도 하나)", en: "Starts a flow; one for each idempotency key"),
                role: .member
            ) { (p: Start, call) throws -> FlowView in
                let definition = try valid(p, definitions)
                let state = try await runner.start(
                    definition, input: p.input, gates: p.gates ?? [], gateTimeoutSeconds: p.gateTimeoutSeconds,
                    by: call.principal, roles: Role.allCases.filter(call.roles.contains), key: call.idempotencyKey)
                guard state.flow == p.flow, state.input == p.input, state.gates == p.gates ?? [] else {
                    throw keyReused(call.idempotencyKey ?? "", by: state.id)
                }
                return FlowView(state, definition)
            },
            .action(
                "gateway.flows.approve", Bilingual(ko: "멈춘 단계를 승인한다", en: "Lets a flow pass the step it stopped at"),
                role: .operator, idempotent: true
            ) { (p: Approve, call) throws -> FlowView in
                try await tell(runner, p.id, .approved(step: p.step, by: call.principal))
            },
            .action(
                "gateway.flows.cancel",
                Bilingual(
                    ko: "확정 전의 흐름을 취소하고 모든 보류를 되돌린다", en: "Cancels a flow before its decision and undoes its holds"),
                role: .member, idempotent: true
            ) { (p: Cancel, call) throws -> FlowView in
                try await tell(runner, p.id, .cancelled(by: call.principal, reason: p.reason ?? ""))
            },
            .action(
                "gateway.flows.settle",
                Bilingual(ko: "정리되지 않은 흐름을 다시 시도하거나 받아들인다", en: "Retries or accepts what is left of an unsettled flow"),
                role: .operator
            ) { (p: Settle, call) throws -> FlowView in
                try await tell(runner, p.id, .settled(p.resolution ?? .accept, by: call.principal, note: p.note))
            },
        ]
    }

    private static func reading(_ definitions: [FlowDefinition]) -> [Method] {
        [
            .immediate(
                "gateway.flows.definitions", Bilingual(ko: "시작할 수 있는 흐름", en: "The flows that can be started")
            ) { (_: NoParameters, _) in Definitions(items: definitions.map { FlowDefinitionView($0) }) },
            .query("gateway.flows.get", Bilingual(ko: "흐름과 모든 단계", en: "A flow and every step of it")) {
                (p: ByID<FlowKind>, r) throws -> FlowView in
                guard let state = try FlowJournal.state(of: p.id, in: r.db) else { throw missing(p.id) }
                return FlowView(state, definitions.first { $0.name == state.flow })
            },
            .query("gateway.flows.journal", Bilingual(ko: "흐름에 일어난 모든 일", en: "Everything that happened to a flow")) {
                (p: ByID<FlowKind>, r) throws -> Journal in
                guard try FlowJournal.state(of: p.id, in: r.db) != nil else { throw missing(p.id) }
                return Journal(items: try FlowJournal.entries(of: p.id, in: r.db))
            },
            .query("gateway.flows.list", Bilingual(ko: "흐름 목록, 새것부터", en: "Flows, newest first"), list),
        ]
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<FlowSummary> {
        var listing = Listing("SELECT state FROM flow")
        listing.add("phase = ?", p.state?.rawValue)
        return try listing.page(
            in: r.db, isDescending: true, after: p.after, limit: p.limit, cursor: \.id.description
        ) { FlowSummary(try FlowJournal.decode($0)) }
    }

    private static func valid(_ p: Start, _ definitions: [FlowDefinition]) throws -> FlowDefinition {
        guard let definition = definitions.first(where: { $0.name == p.flow }) else {
            throw Fault.invalid(
                "/flow", .string(p.flow),
                Bilingual(
                    ko: "그런 흐름이 없습니다. gateway.flows.definitions를 보세요",
                    en: "there is no such flow; see gateway.flows.definitions"))
        }
        var faults = definition.faults(in: p.input).map { FieldError("/input" + $0.pointer, $0.value, $0.rule) }
        // Renewals keep the holds while a gate is closed, so none stands before them.
        let gates = definition.steps.filter { $0.kind != .renew }.map(\.name)
        for (index, gate) in (p.gates ?? []).enumerated() where !gates.contains(gate) {
            let names = gates.joined(separator: ", ")
            faults.append(
                FieldError(
                    "/gates/\(index)", .string(gate),
                    Bilingual(ko: "단계 이름이어야 합니다: \(names)", en: "must be a step: \(names)")))
        }
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        return definition
    }

    private static func keyReused(_ key: String, by id: FlowID) -> Fault {
        .conflict(
            Bilingual(
                ko: "멱등 키 '\(key)'은(는) 다른 흐름 \(id)에 이미 쓰였습니다. 새 키를 쓰세요",
                en: "the idempotency key '\(key)' was used to start another flow, \(id); use a new key"),
            data: ["idempotencyKey": .string(key), "id": .string(id.description)])
    }

    private static func missing(_ id: FlowID) -> Fault { .notFound(kind: "flow", id: id.description) }

    private static func tell(_ runner: FlowRunner, _ id: FlowID, _ input: FlowEngine.Input) async throws -> FlowView {
        do {
            guard let state = try await runner.tell(id, input) else { throw missing(id) }
            return FlowView(state, runner.definitions[state.flow])
        } catch let refused as FlowRefused {
            throw refused.fault(id)
        }
    }
}

extension FlowRefused {
    fileprivate func fault(_ id: FlowID) -> Fault {
        switch self {
        case .decided:
            .conflict(
                Bilingual(
                    ko: "이미 확정을 결정한 흐름은 취소할 수 없습니다. 끝나기를 기다리세요",
                    en: "the flow is decided and can no longer be cancelled; wait for its end"),
                data: ["id": .string(id.description), "state": "committed"])
        case .atRest(let phase):
            .conflict(
                Bilingual(ko: "이미 끝난 흐름입니다 (\(phase.rawValue))", en: "the flow has ended (\(phase.rawValue))"),
                data: ["id": .string(id.description), "state": .string(phase.rawValue)])
        case .notWaiting(let step, let waitingFor):
            .conflict(
                Bilingual(
                    ko: "흐름은 '\(step)'의 승인을 기다리지 않습니다. 지금 기다리는 단계: \(waitingFor ?? "없음")",
                    en: "the flow does not wait before '\(step)'; it waits before: \(waitingFor ?? "nothing")"),
                data: ["id": .string(id.description), "waitingFor": waitingFor.map { .string($0) } ?? .null])
        case .notUnsettled(let phase):
            .conflict(
                Bilingual(
                    ko: "정리할 것이 없는 흐름입니다 (\(phase.rawValue))",
                    en: "the flow is not unsettled (\(phase.rawValue)); there is nothing to settle"),
                data: ["id": .string(id.description), "state": .string(phase.rawValue)])
        }
    }
}
