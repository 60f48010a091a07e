import JSON
import ServiceKit
import Vocabulary

/// Everything the coordinator knows about one flow. What is journalled is exactly this value.
struct FlowState: Codable, Sendable, Equatable {
    enum Phase: String, Codable, Sendable, CaseIterable {
        /// Before the decision.
        case running
        /// Decided; posting until every service has answered.
        case committed
        /// Given up before the decision; undoing every hold that may exist.
        case voiding
        case completed, voided
        /// Something did not come out as decided; an operator settles it.
        case unsettled
        /// An operator has accepted what is.
        case settled

        var isFinal: Bool { self == .completed || self == .voided || self == .settled }
        /// The coordinator has nothing to do until somebody acts.
        var isAtRest: Bool { isFinal || self == .unsettled }
    }

    let id: FlowID
    /// The definition's name.
    let flow: String
    let input: JSON
    /// Steps that wait for an approval.
    let gates: [String]
    let startedBy: String
    /// What it might do then; nil in flows of before this was kept.
    let startedByRoles: [Role]?
    let startedAt: Instant
    let holdSeconds: Int64
    /// How long a gate may stay closed before the decision; nil in flows of before there was a limit.
    let gateTimeoutSeconds: Int64?
    static let defaultGateTimeoutSeconds: Int64 = 7 * 86_400
    var phase = Phase.running
    var steps: [StepRecord]
    var approved: [String] = []
    /// Why the flow was given up, or is unsettled.
    var reason: FlowReason?
    /// The commit point.
    var decidedAt: Instant?
    var finishedAt: Instant?
    /// What an operator wrote when settling.
    var settlement: String?
    /// Rows in the journal so far.
    var entries: Int64 = 0
    /// How often renewals were too old when it was to be decided.
    var staleRenewals: Int?

    init(
        id: FlowID, definition: FlowDefinition, input: JSON, gates: [String] = [], gateTimeoutSeconds: Int64? = nil,
        startedBy: String, roles: [Role]? = nil, startedAt: Instant
    ) {
        self.id = id
        flow = definition.name
        self.input = input
        self.gates = gates
        self.gateTimeoutSeconds = gateTimeoutSeconds ?? Self.defaultGateTimeoutSeconds
        self.startedBy = startedBy
        startedByRoles = roles
        self.startedAt = startedAt
        holdSeconds = input.at("/holdSeconds")?.integer ?? definition.defaultHoldSeconds
        steps = definition.steps.map { StepRecord(name: $0.name, kind: $0.kind) }
    }

    /// The value that a step's parameters or condition refer to: a JSON Pointer into
    /// `{"flow": {"id", "holdSeconds", "reason"}, "input": …, "results": {step: result}}`. Nil where there is nothing.
    func value(at pointer: String) -> JSON? {
        let parts = pointer.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? String(parts[1]) : ""
        let found: JSON?
        switch (parts.first, rest) {
        case ("flow", "id"): found = .string(id.description)
        case ("flow", "holdSeconds"): found = .integer(holdSeconds)
        case ("flow", "reason"): found = reason.map { .string($0.code) }
        case ("input", _): found = input.at("/" + rest)
        case ("results", _):
            let name = rest.prefix { $0 != "/" }
            let step = steps.first { $0.name == name && $0.state == .done }
            found = step?.result?.at(String(rest.dropFirst(name.count)))
        default: found = nil
        }
        return found == .null ? nil : found
    }

    /// The step before which the flow stands until it is approved.
    var waitingFor: String? {
        steps.first { $0.state == .waiting && gates.contains($0.name) && !approved.contains($0.name) }?.name
    }

    func position(of step: String) -> Int? { steps.firstIndex { $0.name == step } }
}

/// What happened to one step so far.
struct StepRecord: Codable, Sendable, Equatable {
    enum State: String, Codable, Sendable {
        case pending
        /// For an approval, or for what an `await` step awaits.
        case waiting
        case running
        /// The last call was not answered or not accepted; it is sent again at `nextAt`.
        case retrying
        case done, skipped, failed

        var isOver: Bool { self == .done || self == .skipped || self == .failed }
    }

    let name: String
    let kind: FlowStep.Kind
    var state = State.pending
    /// Calls sent.
    var attempts = 0
    /// The attempt of the idempotency key. It changes only where the call before is known to have ended, so that an
    /// unknown outcome can never become two holds.
    var generation = 1
    /// Calls in a row that brought no answer.
    var failures = 0
    var startedAt: Instant?
    var finishedAt: Instant?
    /// The call that is on its way is lost after this.
    var inFlightUntil: Instant?
    /// A call may have had an effect that is not known; before this time it may even still have it.
    var uncertainUntil: Instant?
    /// Not before.
    var nextAt: Instant?
    /// Since when it stands before a gate.
    var waitingSince: Instant?
    /// One of many renewals while the flow waits: they must not fill the journal.
    var isKeeping: Bool?
    /// Something happened while the call was on its way; ask again at once.
    var asksAgain = false
    var request: JSON?
    var result: JSON?
    var error: FlowError?
}

/// Why a call did not succeed.
struct FlowError: Codable, Sendable, Equatable {
    let code: Int64
    let message: String
    var data: JSON?
}

/// Why a flow was given up or is unsettled.
struct FlowReason: Codable, Sendable, Equatable {
    /// `refused`, `timeout`, `cancelled`, `holdGone`, `voidRefused`, `definitionGone`.
    let code: String
    let message: Bilingual
    var step: String?
    var error: FlowError?
    /// Who cancelled.
    var by: String?
}

/// What a call came to.
enum CallOutcome: Sendable, Equatable {
    case success(JSON)
    /// The service answered: it did not happen, and asking again does not help.
    case refused(FlowError)
    /// It did not happen, and may when asked again.
    case unavailable(FlowError)
    /// Nobody knows whether it happened.
    case unknown(FlowError)
}
