import Foundation
import JSON
import Logging
import ServiceKit
import Storage
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// The four services behind a lock, for a runner in real time.
private final class Town: Sendable {
    let services: Mutex<ScriptedServices>
    /// Methods that get no answer.
    let silent = Mutex<Set<String>>([])
    let sent = Mutex<[String]>([])

    init(agreesAfter: Duration? = .zero) {
        services = Mutex(ScriptedServices(agreesAfter: agreesAfter, declines: false))
    }

    func send(_ call: FlowCall, _ done: @escaping @Sendable (CallOutcome) -> Void) {
        sent.withLock { $0.append(call.method) }
        if silent.withLock({ $0.contains(call.method) }) { return }
        let outcome = services.withLock { $0.handle(call, now: .now()) }
        Task { done(outcome) }
    }
}

@Suite(.timeLimit(.minutes(5))) struct FlowRunnerTests {
    private let path = NSTemporaryDirectory() + "/ieum-flows-\(UUID().uuidString).sqlite"
    private let input: JSON = ["demandId": "dmd_1", "coinvestment": ["caseId": "cas_1"]]

    private func runner(_ town: Town, _ database: Database, _ events: EventLog = EventLog()) -> FlowRunner {
        FlowRunner(
            definitions: [Commercialize.definition], database: database, events: events, log: Logger(label: "test")
        ) { town.send($0, $1) }
    }

    /// A version that does not know the flow any more leaves it to an operator, who sees why and settles it.
    @Test func aFlowWithoutItsDefinitionIsUnsettledAtTheNextStart() async throws {
        let database = try open()
        let before = runner(Town(), database)
        let id = try await before.start(
            Commercialize.definition, input: input, gates: ["decide"], by: "uid:1", key: nil
        ).id
        _ = try await until(database, id) { $0.waitingFor == "decide" }
        before.stop()
        let after = FlowRunner(
            definitions: [], database: database, events: EventLog(), log: Logger(label: "test")
        ) { _, _ in }
        try await after.resume()
        let state = try await until(database, id) { $0.phase == .unsettled }
        #expect(state.reason?.code == "definitionGone" && state.reason?.step == "decide")
        let settled = try await after.tell(id, .settled(.accept, by: "uid:0", note: "voided by hand"))
        #expect(settled?.phase == .settled)
        database.close()
    }

    private func open() throws -> Database { try Database(path: path, migrations: GatewaySchema.migrations) }

    private func until(_ database: Database, _ id: FlowID, _ holds: (FlowState) -> Bool) async throws -> FlowState {
        while true {
            let state = try await database.read { try FlowJournal.state(of: id, in: $0) }
            if let state, holds(state) { return state }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func aFlowIsWrittenRunAndTold() async throws {
        let database = try open()
        let events = EventLog()
        let told = Mutex<[String]>([])
        events.onStored { stored in told.withLock { $0 += stored.map(\.type) } }
        let runner = runner(Town(), database, events)
        let first = try await runner.start(
            Commercialize.definition, input: input, gates: [], by: "uid:1", key: "once")
        let again = try await runner.start(
            Commercialize.definition, input: input, gates: [], by: "uid:1", key: "once")
        #expect(first.id == again.id)
        let state = try await until(database, first.id) { $0.phase.isAtRest }
        #expect(state.phase == .completed)
        let entries = try await database.read { try FlowJournal.entries(of: first.id, in: $0) }
        #expect(entries.count == Int(state.entries) && entries.first?["kind"] == "started")
        #expect(entries.last?["kind"] == "completed")
        while told.withLock({ $0.last }) != "ieum.gateway.flow.completed" { await Task.yield() }
        database.close()
    }

    @Test(arguments: Commercialize.definition.steps.map(\.name).filter { !$0.contains("engagement") })
    func aStopAtAnyStepIsTakenUpAgain(step: String) async throws {
        guard step != "hold.reservation", step != "renew.reservation", step != "post.reservation" else { return }
        let town = Town()
        let database = try open()
        let method = Commercialize.definition.step(step)?.method ?? ""
        town.silent.withLock { $0 = [method] }
        let gates = step == "decide" ? ["decide"] : []
        let before = runner(town, database)
        let id = try await before.start(
            Commercialize.definition, input: input, gates: gates, by: "uid:1", key: nil
        ).id
        _ = try await until(database, id) { state in
            state.steps.contains { $0.name == step && ($0.state == .running || $0.state == .waiting) }
        }
        before.stop()
        database.close()

        let reopened = try open()
        town.silent.withLock { $0 = [] }
        let after = runner(town, reopened)
        try await after.resume()
        if step == "decide" { _ = try await after.tell(id, .approved(step: "decide", by: "uid:0")) }
        let state = try await until(reopened, id) { $0.phase.isAtRest }
        #expect(state.phase == .completed)
        #expect(town.services.withLock { $0.holds.values.allSatisfy { $0.state == .posted } })
        #expect(town.services.withLock { $0.holds.count } == 2)
        reopened.close()
    }

    @Test func anEventOfTheDealWakesTheFlow() async throws {
        let database = try open()
        let events = EventLog()
        let town = Town(agreesAfter: nil)
        let runner = runner(town, database, events)
        let id = try await runner.start(
            Commercialize.definition, input: input, gates: [], by: "uid:1", key: nil
        ).id
        _ = try await until(database, id) { $0.steps.contains { $0.name == "agreement" && $0.state == .waiting } }
        let agreed = ScriptedServices(agreesAfter: .zero, declines: false)
        town.services.withLock { services in
            let proposedAt = services.proposedAt
            services = agreed
            services.proposedAt = proposedAt
        }
        _ = try await events.store(
            [
                [
                    "specversion": "1.0", "id": "evt_1", "source": "/ieum/matching",
                    "type": "ieum.matching.deal.agreed",
                    "subject": "deal_1", "time": "2026-11-21T07:34:28.123Z",
                ]
            ], in: database)
        let state = try await until(database, id) { $0.phase.isAtRest }
        #expect(state.phase == .completed)
        database.close()
    }

    @Test func peopleAreAnsweredWithTheStateThatIsWritten() async throws {
        let database = try open()
        let town = Town()
        let runner = runner(town, database)
        let id = try await runner.start(
            Commercialize.definition, input: input, gates: ["decide"], by: "uid:1", key: nil
        ).id
        _ = try await until(database, id) { $0.waitingFor == "decide" }
        let cancelled = try await runner.tell(id, .cancelled(by: "uid:1", reason: "enough"))
        #expect(cancelled?.phase == .voiding)
        let state = try await until(database, id) { $0.phase.isAtRest }
        #expect(state.phase == .voided)
        #expect(town.services.withLock { $0.holds.values.allSatisfy { $0.state == .voided } })
        await #expect(throws: FlowRefused.notUnsettled(.voided)) {
            try await runner.tell(id, .settled(.retry, by: "uid:0", note: ""))
        }
        #expect(try await runner.tell(FlowID.new(at: .now()), .approved(step: "x", by: "uid:0")) == nil)
        database.close()
    }
}
