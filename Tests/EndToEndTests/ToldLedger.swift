import JSON
import ServiceKit

/// A command that was acknowledged.
struct Told: Sendable {
    let key: String
    let method: String
    let parameters: JSON
    let result: JSON
}

/// A hold that was acknowledged, and the state that was acknowledged last.
struct ToldHold: Sendable {
    let resource: String
    let holder: String
    let id: JSON
    var last = "held"

    init(resource: String, holder: String, told: JSON) {
        self.resource = resource
        self.holder = holder
        id = told["id"] ?? .null
    }
}

/// What the clients were told.
actor ToldLedger {
    private(set) var holds: [String: ToldHold] = [:]
    private(set) var flows: [String] = []
    /// Stored requests: UUID → text.
    private(set) var stored: [String: String] = [:]
    private(set) var refused: Set<String> = []
    private(set) var findings: [String] = []
    private var told: [Told] = []
    private var places: [String: Int] = [:]
    private var counts: [String: Int] = [:]

    func add(_ hold: ToldHold) -> ToldHold {
        holds[hold.holder] = hold
        return hold
    }

    func change(_ hold: ToldHold, to state: String) { holds[hold.holder]?.last = state }
    func store(_ uuid: String, _ text: String) { stored[uuid] = text }
    func add(flow: String) { flows.append(flow) }
    func note(_ what: String) { counts[what, default: 0] += 1 }
    func find(_ what: String) { findings.append(what) }

    func acknowledge(_ command: Told) {
        guard places[command.key] == nil else { return }
        places[command.key] = told.count
        told.append(command)
        if refused.contains(command.key) { find("\(command.key) was refused and then done") }
    }

    func refuse(_ key: String, _ fault: Fault) {
        refused.insert(key)
        if ![.conflict, .failedPrecondition].contains(fault.code) { find("\(key) was refused with \(fault)") }
    }

    /// Any of the commands that were acknowledged.
    func acknowledged(_ number: Int) -> Told? { told.isEmpty ? nil : told[number % told.count] }

    var summary: String {
        let more = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "\(told.count) commands acknowledged, \(refused.count) refused, \(flows.count) flows, "
            + "\(stored.count) stored, " + more
    }
}
