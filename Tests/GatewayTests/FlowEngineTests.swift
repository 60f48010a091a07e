import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Gateway

/// One engine and the services of the contract, in virtual time; a test says what goes wrong.
private struct Bench {
    static let start = Instant(milliseconds: 1_795_000_000_000)

    var engine: FlowEngine
    var services = ScriptedServices(agreesAfter: .zero, declines: false)
    var now = Bench.start
    var sent: [FlowCall] = []
    var told: [String] = []
    var journal: [String] = []
    /// The timer that the engine asked for last.
    var wakesAt: Instant?
    /// Answers in place of the services: by method, nil for silence.
    var instead: [String: @Sendable (FlowCall, Instant) -> CallOutcome?] = [:]

    init(_ input: JSON = [:], gates: [String] = [], gateTimeoutSeconds: Int64? = nil) {
        var all: JSON = [
            "demandId": "dmd_1", "reservation": ["resourceId": "res_1"], "coinvestment": ["caseId": "cas_1"],
        ]
        for (key, value) in input.object ?? JSON.Members() { all[key] = value }
        let definition = Commercialize.definition
        engine = FlowEngine(
            definition,
            FlowState(
                id: FlowID.new(at: Self.start), definition: definition, input: all, gates: gates,
                gateTimeoutSeconds: gateTimeoutSeconds, startedBy: "uid:1", startedAt: Self.start))
    }

    var state: FlowState { engine.state }
    var methods: [String] { sent.map(\.method) }

    func step(_ name: String) -> StepRecord? { state.steps.first { $0.name == name } }

    /// Feeds one input and answers every call until nothing is left to do now.
    mutating func feed(_ input: FlowEngine.Input) throws {
        var inputs = [input]
        while !inputs.isEmpty {
            let effects = try engine.handle(inputs.removeFirst(), now: now)
            wakesAt = nil
            for effect in effects {
                switch effect {
                case .journal(let entry): journal.append(entry.kind)
                case .event(let name, _): told.append(name)
                case .wake(let at): wakesAt = at
                case .call(let call):
                    sent.append(call)
                    let answer = instead[call.method].map { $0(call, now) } ?? services.handle(call, now: now)
                    if let answer { inputs.append(.replied(step: call.step, attempt: call.attempt, answer)) }
                }
            }
        }
    }

    /// Lets time pass, with every timer on the way.
    mutating func pass(seconds: Int64) throws {
        let end = now.adding(seconds: seconds)
        while let due = wakesAt, due <= end {
            now = due
            try feed(.timer)
        }
        now = end
    }
}

@Suite struct FlowEngineTests {
    private let conflict = CallOutcome.refused(FlowError(code: FlowError.conflict, message: "taken"))
    private let away = CallOutcome.unavailable(FlowError(code: -32008, message: "no worker"))

    @Test func everythingIsHeldRenewedDecidedAndPostedInThisOrder() throws {
        var bench = Bench()
        try bench.feed(.started)
        #expect(bench.state.phase == .completed)
        #expect(
            bench.methods == [
                "matching.demands.get", "matching.recommend", "matching.deals.propose", "matching.deals.get",
                "matching.technologies.hold", "testbed.reservations.hold", "fund.coinvestments.hold",
                "matching.technologies.renew", "testbed.reservations.renew", "fund.coinvestments.renew",
                "matching.technologies.post", "testbed.reservations.post", "fund.coinvestments.post",
            ])
        #expect(bench.step("recommend")?.state == .done)
        #expect(bench.step("hold.engagement")?.state == .skipped)
        #expect(bench.told.first == "flow.started" && bench.told.last == "flow.completed")
        #expect(bench.told.filter { $0 == "flow.committed" }.count == 1)
        #expect(Set(bench.sent.map(\.idempotencyKey)).count == bench.sent.count)
        let hold = try #require(bench.sent.first { $0.method == "matching.technologies.hold" })
        #expect(hold.idempotencyKey == "\(bench.state.id):hold.technology:1")
        #expect(hold.parameters["technologyId"] == "tec_9" && hold.parameters["ttlSeconds"] == 600)
        #expect(hold.parameters["holder"]?.string == bench.state.id.description)
    }

    @Test func aRefusalUndoesWhatWasHeldLastFirst() throws {
        var bench = Bench()
        bench.instead["fund.coinvestments.hold"] = { [conflict] _, _ in conflict }
        try bench.feed(.started)
        #expect(bench.state.phase == .voided)
        #expect(bench.state.reason?.code == "refused" && bench.state.reason?.step == "hold.coinvestment")
        #expect(bench.methods.suffix(2) == ["testbed.reservations.void", "matching.technologies.void"])
        #expect(bench.services.holds.values.allSatisfy { $0.state == .voided })
        #expect(!bench.told.contains("flow.committed"))
    }

    @Test func anUnknownHoldIsAskedForAgainWithTheSameKeyAndThenUndone() throws {
        var bench = Bench()
        // It happens, and its answer is lost.
        bench.instead["testbed.reservations.hold"] = { _, _ in nil }
        try bench.feed(.started)
        try bench.pass(seconds: 6)
        try bench.feed(.cancelled(by: "uid:1", reason: "enough"))
        #expect(bench.state.phase == .voiding)
        bench.instead = [:]
        try bench.pass(seconds: 30)
        #expect(bench.state.phase == .voided && bench.state.reason?.by == "uid:1")
        let holds = bench.sent.filter { $0.method == "testbed.reservations.hold" }
        #expect(holds.count >= 3 && Set(holds.map(\.idempotencyKey)).count == 1)
        #expect(bench.methods.contains("testbed.reservations.void"))
        #expect(bench.services.holds.values.allSatisfy { $0.state == .voided })
    }

    @Test(arguments: ["hold.coinvestment", "decide", "post.reservation"])
    func holdsAreKeptWhileAGateIsClosed(gate: String) throws {
        var bench = Bench(["holdSeconds": 60], gates: [gate])
        try bench.feed(.started)
        let rows = bench.journal.count
        try bench.pass(seconds: 3_600)
        #expect(bench.state.waitingFor == gate)
        #expect(bench.sent.filter { $0.method == "matching.technologies.renew" }.count > 100 || gate.hasPrefix("post"))
        #expect(bench.sent.filter { $0.method == "testbed.reservations.renew" }.count > 100)
        #expect(Set(bench.sent.map(\.idempotencyKey)).count == bench.sent.count)
        #expect(bench.journal.count <= rows + 6, "the first renewals only")
        try bench.feed(.approved(step: gate, by: "uid:0"))
        try bench.pass(seconds: 10)
        #expect(bench.state.phase == .completed)
        #expect(bench.services.holds.values.allSatisfy { $0.state == .posted })
    }

    @Test func aGateThatNobodyOpensEndsTheFlow() throws {
        var bench = Bench(gates: ["decide"], gateTimeoutSeconds: 3_600)
        try bench.feed(.started)
        try bench.pass(seconds: 3_599)
        #expect(bench.state.waitingFor == "decide")
        try bench.pass(seconds: 1)
        #expect(bench.state.phase == .voided && bench.state.reason?.code == "timeout")
        #expect(bench.services.holds.values.allSatisfy { $0.state == .voided })
    }

    @Test func aHoldThatCannotBeKeptEndsTheFlow() throws {
        var bench = Bench(["holdSeconds": 600], gates: ["decide"])
        try bench.feed(.started)
        // Away for less than the hold lasts is waited for.
        let outage = Bench.start.adding(seconds: 200)..<Bench.start.adding(seconds: 450)
        bench.instead["testbed.reservations.renew"] = { [away] _, now in
            outage.contains(now) ? away : .success(["id": "rsv_1"])
        }
        try bench.pass(seconds: 500)
        #expect(bench.state.waitingFor == "decide")
        bench.instead["testbed.reservations.renew"] = { [conflict] _, _ in conflict }
        try bench.pass(seconds: 600)
        #expect(bench.state.phase == .voided && bench.state.reason?.step == "renew.reservation")
    }

    @Test func aFlowWhoseDefinitionIsGoneIsForAnOperatorToSettle() throws {
        var bench = Bench(gates: ["decide"])
        try bench.feed(.started)
        let waiting = bench.state
        bench.engine = FlowEngine(.gone("commercialize"), waiting)
        try bench.feed(.resumed)
        #expect(bench.state.phase == .unsettled && bench.state.reason?.code == "definitionGone")
        #expect(bench.state.reason?.step == "decide" && bench.told.last == "flow.unsettled")
        let unsettled = bench.state
        // Trying again without the definition changes nothing; accepting ends it.
        try bench.feed(.settled(.retry, by: "uid:0", note: "again"))
        #expect(bench.state.phase == .unsettled && bench.state.reason?.code == "definitionGone")
        try bench.feed(.settled(.accept, by: "uid:0", note: "voided by hand"))
        #expect(bench.state.phase == .settled)
        // With the definition back it goes on where it stood.
        bench.engine = FlowEngine(Commercialize.definition, unsettled)
        try bench.feed(.settled(.retry, by: "uid:0", note: "the old version is back"))
        #expect(bench.state.phase == .running && bench.state.waitingFor == "decide")
        try bench.feed(.approved(step: "decide", by: "uid:0"))
        #expect(bench.state.phase == .completed)
    }

    @Test func aPermitGoesToTheTestbed() throws {
        var bench = Bench(["reservation": ["resourceId": "res_1", "permitId": "prm_1"]])
        try bench.feed(.started)
        #expect(bench.sent.first { $0.method == "testbed.reservations.hold" }?.parameters["permitId"] == "prm_1")
    }

    @Test func aServiceThatIsAwayIsWaitedForButNotForEver() throws {
        var bench = Bench()
        bench.instead["testbed.reservations.hold"] = { [away] _, now in
            now < Bench.start.adding(seconds: 20) ? away : .success(["id": "rsv_1"])
        }
        try bench.feed(.started)
        #expect(bench.step("hold.reservation")?.state == .retrying)
        bench.services.holds["rsv_1"] = .init(state: .held, expiresAt: Bench.start.adding(seconds: 900))
        try bench.pass(seconds: 40)
        #expect(bench.state.phase == .completed)

        var other = Bench()
        other.instead["testbed.reservations.hold"] = { [away] _, _ in away }
        try other.feed(.started)
        try other.pass(seconds: 70)
        #expect(other.state.phase == .voided && other.state.reason?.code == "timeout")
        #expect(!other.methods.contains("testbed.reservations.void"), "what never happened is not undone")
    }

    @Test func afterTheDecisionAPostIsRepeatedUntilItIsAnswered() throws {
        var bench = Bench()
        bench.instead["testbed.reservations.post"] = { [away] _, now in
            now < Bench.start.adding(seconds: 300) ? away : nil
        }
        try bench.feed(.started)
        #expect(bench.state.phase == .committed)
        #expect(bench.methods.contains("fund.coinvestments.post"), "the others are not kept waiting")
        #expect(throws: FlowRefused.decided) { try bench.feed(.cancelled(by: "uid:1", reason: "late")) }
        try bench.pass(seconds: 290)
        #expect(bench.state.phase == .committed)
        bench.instead = [:]
        try bench.pass(seconds: 60)
        #expect(bench.state.phase == .completed)
        #expect(!bench.methods.contains { $0.hasSuffix(".void") })
    }

    @Test func aHoldThatIsGoneAfterTheDecisionIsForAnOperator() throws {
        let gone = CallOutcome.refused(
            FlowError(code: FlowError.conflict, message: "expired", data: ["state": "expired"]))
        var bench = Bench()
        bench.instead["testbed.reservations.post"] = { _, _ in gone }
        try bench.feed(.started)
        #expect(bench.state.phase == .unsettled)
        #expect(bench.state.reason?.code == "holdGone" && bench.state.reason?.step == "post.reservation")
        #expect(bench.step("post.coinvestment")?.state == .done)
        #expect(bench.told.last == "flow.unsettled")

        var accepted = bench
        try accepted.feed(.settled(.accept, by: "uid:0", note: "booked by hand"))
        #expect(accepted.state.phase == .settled && accepted.state.settlement == "booked by hand")

        bench.instead = [:]
        try bench.feed(.settled(.retry, by: "uid:0", note: "renewed by hand"))
        #expect(bench.state.phase == .completed)
        #expect(bench.sent.last?.idempotencyKey.hasSuffix("post.reservation:2") == true)
        #expect(throws: FlowRefused.notUnsettled(.completed)) {
            try bench.feed(.settled(.retry, by: "uid:0", note: ""))
        }
    }

    @Test func aGateStopsTheFlowAndItsHoldsAreRenewed() throws {
        var bench = Bench(gates: ["hold.technology", "decide"])
        try bench.feed(.started)
        #expect(bench.state.waitingFor == "hold.technology")
        #expect(throws: FlowRefused.notWaiting(step: "decide", waitingFor: "hold.technology")) {
            try bench.feed(.approved(step: "decide", by: "uid:0"))
        }
        try bench.feed(.approved(step: "hold.technology", by: "uid:0"))
        #expect(bench.state.waitingFor == "decide" && bench.state.phase == .running)
        try bench.pass(seconds: 400)
        try bench.feed(.approved(step: "decide", by: "uid:0"))
        #expect(bench.state.phase == .completed)
        let renewals = bench.sent.filter { $0.method == "testbed.reservations.renew" }
        #expect(renewals.map { $0.idempotencyKey.suffix(2) } == [":1", ":2", ":3"])
    }

    @Test func agreementIsAwaitedWokenAndNotForEver() throws {
        var bench = Bench(["agreementTimeoutSeconds": 100])
        bench.services = ScriptedServices(agreesAfter: .seconds(3), declines: false)
        try bench.feed(.started)
        #expect(bench.step("agreement")?.state == .waiting && bench.state.waitingFor == nil)
        #expect(bench.told.last == "flow.waiting")
        bench.now = bench.now.adding(milliseconds: 3_100)
        try bench.feed(.woken(subject: "deal_1"))
        #expect(bench.state.phase == .completed)

        var late = Bench(["agreementTimeoutSeconds": 100])
        late.services = ScriptedServices(agreesAfter: nil, declines: false)
        try late.feed(.started)
        try late.pass(seconds: 101)
        #expect(late.state.phase == .voided && late.state.reason?.code == "timeout")
        #expect(late.journal.count < 20, "waiting does not fill the journal")

        var declined = Bench()
        declined.services = ScriptedServices(agreesAfter: .zero, declines: true)
        try declined.feed(.started)
        #expect(declined.state.phase == .voided && declined.state.reason?.step == "agreement")
    }

    @Test func nothingToRecommendIsARefusal() throws {
        var bench = Bench()
        bench.instead["matching.recommend"] = { _, _ in .success(["items": []]) }
        try bench.feed(.started)
        #expect(bench.state.phase == .voided && bench.state.reason?.step == "recommend")
    }

    @Test func theInputIsCheckedAsAWhole() {
        let definition = Commercialize.definition
        let demand = JSON.string(DemandID.new(at: Bench.start).description)
        #expect(definition.faults(in: ["demandId": demand]).map(\.pointer) == [""])
        let faults = definition.faults(in: ["demandId": "x", "holdSeconds": 1, "engagement": ["share": 101]])
        #expect(Set(faults.map(\.pointer)).isSuperset(of: ["/demandId", "/holdSeconds", "/engagement/share"]))
        let good: JSON = [
            "demandId": demand, "coinvestment": ["caseId": .string(CaseID.new(at: Bench.start).description)],
        ]
        #expect(definition.faults(in: good).isEmpty)
    }
}

/// What the definitions must have in common, whichever are added.
@Suite struct FlowDefinitionsTests {
    @Test(arguments: Gateway.definitions.map(\.name)) func peopleComeBeforeHolds(name: String) throws {
        let definition = try #require(Gateway.definitions.first { $0.name == name })
        let kinds = definition.steps.map(\.kind)
        let firstHold = try #require(kinds.firstIndex(of: .hold))
        #expect(!kinds[firstHold...].contains(.await), "a wait for people while something is held")
        #expect(Set(definition.steps.map(\.name)).count == definition.steps.count)
        for step in definition.steps where step.kind == .await {
            let until = try #require(step.until)
            // Events find the step by the `id` that it asks about.
            #expect(step.parameters["id"] != nil && until.wokenBy.hasPrefix("ieum."))
            #expect(until.reached.isDisjoint(with: until.pending))
        }
    }

    /// Whoever may read flows reads what is kept of each step.
    @Test func whatOnlyThePartiesOfADealReadIsNotKept() throws {
        var bench = Bench()
        bench.instead["matching.deals.get"] = { _, _ in
            .success([
                "id": "deal_1", "state": "agreed", "stage": "nda", "demandContact": ["email": "office@gana.example"],
                "offer": ["terms": ["exclusive": true]],
            ])
        }
        try bench.feed(.started)
        #expect(bench.state.phase == .completed)
        let kept = try JSON.encode(bench.state).text
        #expect(!kept.contains("office@gana.example") && !kept.contains("exclusive"))
        #expect(bench.step("agreement")?.result == ["id": "deal_1", "state": "agreed", "stage": "nda"])
    }

    @Test func aDeclinedDealKeepsItsStageAndEndsTheFlow() throws {
        let definition = TransferProcess.definition
        let start = Instant(milliseconds: 1_795_000_000_000)
        var engine = FlowEngine(
            definition,
            FlowState(
                id: FlowID.new(at: start), definition: definition, input: ["demandId": "dmd_1"], startedBy: "uid:1",
                startedAt: start))
        let answers: [String: JSON] = [
            "demand": ["state": "published"], "recommend": ["items": [["id": "tec_1"]]], "propose": ["id": "deal_1"],
            "agreement": ["state": "agreed"], "businessModel": ["state": "withdrawn", "stage": "consulting"],
        ]
        var effects = try engine.handle(.started, now: start)
        while let call = effects.lazy.compactMap({ if case .call(let call) = $0 { call } else { nil } }).first {
            let answer = try #require(answers[call.step], "\(call.step) was asked")
            effects = try engine.handle(
                .replied(step: call.step, attempt: call.attempt, .success(answer)), now: start)
        }
        #expect(engine.state.phase == .voided && engine.state.reason?.step == "businessModel")
    }

    /// Both sides may sign between the last look at their deal and the hold, or long before.
    @Test func whatASignedContractHasTransferredIsNotHeldAndTheRestIs() throws {
        let signed = CallOutcome.refused(
            FlowError(code: -32005, message: "signed", data: ["rule": "deal.signed", "state": "committed"]))
        var bench = Bench()
        bench.instead["matching.technologies.hold"] = { _, _ in signed }
        try bench.feed(.started)
        #expect(bench.state.phase == .completed && bench.state.reason == nil)
        #expect(bench.step("hold.technology")?.state == .skipped && bench.step("post.technology")?.state == .skipped)
        #expect(bench.step("post.reservation")?.state == .done && bench.step("post.coinvestment")?.state == .done)
        #expect(!bench.methods.contains("matching.technologies.post"))

        // What fails afterwards leaves the contract alone.
        var failing = Bench()
        failing.instead["matching.technologies.hold"] = { _, _ in signed }
        failing.instead["fund.coinvestments.hold"] = { _, _ in
            .refused(FlowError(code: FlowError.conflict, message: "taken"))
        }
        try failing.feed(.started)
        #expect(failing.state.phase == .voided && !failing.methods.contains("matching.technologies.void"))

        // Any other refusal ends the flow: another flow has committed the deal.
        let other = CallOutcome.refused(
            FlowError(code: -32005, message: "committed", data: ["rule": "deal.notAgreed", "state": "committed"]))
        bench = Bench()
        bench.instead["matching.technologies.hold"] = { _, _ in other }
        try bench.feed(.started)
        #expect(bench.state.phase == .voided && bench.state.reason?.step == "hold.technology")
    }

    /// A flow lends nobody the gateway's rights over demands, deals and postings of others.
    @Test func whatLeadsToTheHoldsIsAskedForByWhoStartedTheFlow() throws {
        let definition = Commercialize.definition
        let start = Instant(milliseconds: 1_795_000_000_000)
        let input: JSON = ["demandId": "dmd_1", "coinvestment": ["caseId": "cas_1"]]
        var engine = FlowEngine(
            definition,
            FlowState(
                id: FlowID.new(at: start), definition: definition, input: input, startedBy: "tls:member",
                roles: [.viewer, .member], startedAt: start))
        var services = ScriptedServices(agreesAfter: .zero, declines: false)
        var senders: [String: Principal] = [:]
        var inputs = [FlowEngine.Input.started]
        while !inputs.isEmpty {
            for case .call(let call) in try engine.handle(inputs.removeFirst(), now: start) {
                senders[call.step] = call.sender
                let answer = services.handle(call, now: start)
                inputs.append(.replied(step: call.step, attempt: call.attempt, answer))
            }
        }
        #expect(engine.state.phase == .completed)
        let member = Principal(name: "tls:member", roles: [.viewer, .member])
        for step in ["demand", "recommend", "propose", "agreement"] { #expect(senders[step] == member, "\(step)") }
        for step in ["hold.technology", "post.coinvestment"] { #expect(senders[step] == .gateway, "\(step)") }
    }

    @Test func aFlowThatWasWrittenAndNotBegunWithADefinitionThatIsGoneIsShownToAnOperator() throws {
        let start = Instant(milliseconds: 1_795_000_000_000)
        let state = FlowState(
            id: FlowID.new(at: start), definition: Flagship.definition, input: [:], startedBy: "uid:1",
            startedAt: start)
        var engine = FlowEngine(.gone("flagship"), state)
        _ = try engine.handle(.started, now: start)
        #expect(engine.state.phase == .unsettled && engine.state.reason?.code == "definitionGone")
    }
}
