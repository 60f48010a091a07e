import Daejeon
import Foundation
import JSON
import ServiceKit
import Testing
import Vocabulary

/// `kill -9` of any one executable at any step of the flow: after the restart the flow is completed or wholly voided,
/// no hold is left, and the ledger sums to zero.
///
/// A gate stops the flow exactly before a step; then the process dies, and the step runs into its absence. A second
/// round lets the process freeze first, so that the step's request is already on its way when it dies. Renewals have no
/// gate: they keep the holds while one is closed, so they are met there.
@Suite(.timeLimit(.minutes(15))) struct KillTests {
    /// Every step of `commercialize`, in order.
    static let steps = [
        "demand", "recommend", "propose", "agreement", "hold.technology", "hold.reservation", "hold.engagement",
        "hold.coinvestment", "renew.technology", "renew.reservation", "renew.engagement", "renew.coinvestment",
        "decide",
        "post.technology", "post.reservation", "post.engagement", "post.coinvestment",
    ]

    private static let renewals = steps.filter { $0.hasPrefix("renew.") }
    private static let gates = steps.filter { !$0.hasPrefix("renew.") }

    @Test func theListOfStepsIsWhole() async throws {
        try await RunningSet.with { set in
            let definitions = try await set.client.call("gateway.flows.definitions")
            let names = definitions.at("/items/0/steps")?.array?.compactMap { $0["name"]?.string }
            #expect(names == Self.steps)
        }
    }

    @Test func anyProcessMayDieBeforeAnyStep() async throws {
        try await RunningSet.with { set in
            let scene = try await Scene(set)
            for step in Self.gates {
                for service in RunningSet.services {
                    let flow = try await scene.startFlow(gates: [step])
                    try await scene.wait(for: flow) { $0["waitingFor"]?.string == step }
                    try await set.kill(service)
                    try await scene.approve(flow, step)
                    try await scene.checkEnd(of: flow, "\(service) killed before \(step)")
                }
            }
            try await scene.checkBooks()
        }
    }

    @Test func anyProcessMayDieWithAStepOnItsWay() async throws {
        try await RunningSet.with { set in
            let scene = try await Scene(set)
            for step in Self.gates where step != "decide" {
                let flow = try await scene.startFlow(gates: [step])
                try await scene.wait(for: flow) { $0["waitingFor"]?.string == step }
                let service = scene.service(of: step)
                // Frozen, it takes the request into its socket and does not answer; the kill loses it there.
                try set.signal(service, SIGSTOP)
                try await scene.approve(flow, step)
                try await scene.wait(for: flow) { Scene.attempts(step, in: $0) > 0 }
                try await set.kill(service)
                try await scene.checkEnd(of: flow, "\(service) killed within \(step)")
            }
            try await scene.checkBooks()
        }
    }

    @Test func anyProcessMayDieBeforeAndWithinTheRenewals() async throws {
        try await RunningSet.with { set in
            let scene = try await Scene(set)
            for service in RunningSet.services {
                let flow = try await scene.startFlow(gates: ["decide"], holdSeconds: 10)
                let before = try await scene.wait(for: flow) { $0["waitingFor"]?.string == "decide" }
                try await set.kill(service)
                try await scene.wait(for: flow) { flow in
                    Self.renewals.allSatisfy { Scene.attempts($0, in: flow) > Scene.attempts($0, in: before) }
                }
                try await scene.approve(flow, "decide")
                try await scene.checkEnd(of: flow, "\(service) killed before the renewals")
            }
            for step in Self.renewals {
                let flow = try await scene.startFlow(gates: ["decide"], holdSeconds: 10)
                let before = try await scene.wait(for: flow) { $0["waitingFor"]?.string == "decide" }
                let service = scene.service(of: step)
                try set.signal(service, SIGSTOP)
                try await scene.wait(for: flow) { Scene.attempts(step, in: $0) > Scene.attempts(step, in: before) }
                try await set.kill(service)
                try await scene.approve(flow, "decide")
                try await scene.checkEnd(of: flow, "\(service) killed within \(step)")
            }
            try await scene.checkBooks()
        }
    }

    @Test func randomKillsUnderManyFlowsLeaveNothingHalfDone() async throws {
        try await RunningSet.with { set in
            let scene = try await Scene(set)
            let killer = Task {
                for round in 0..<25 {
                    try await Task.sleep(for: .milliseconds(Int64.random(in: 50...400)))
                    try await set.kill(RunningSet.services[round % RunningSet.services.count])
                }
            }
            var flows: [String] = []
            for _ in 0..<40 { flows.append(try await scene.startFlow(gates: [])) }
            try await killer.value
            for flow in flows { try await scene.checkEnd(of: flow, "random kills") }
            try await scene.checkBooks()
        }
    }
}

/// The Daejeon data, and for each flow a need, a technology, an hour and a day of its own.
final class Scene: Sendable {
    private let set: RunningSet
    private let ids: [String: JSON]
    private let round = Counter()

    init(_ set: RunningSet) async throws {
        self.set = set
        var results: [String: JSON] = [:]
        for call in Daejeon.load {
            results[call.alias] = try await set.persist(
                call.method, call.parameters(results: results), key: call.idempotencyKey)
        }
        // A place that is open at all hours, so that every flow finds an hour of its own.
        let site = results["site-kbsi"]?["id"] ?? .null
        results["always-open"] = try await set.persist(
            "testbed.resources.register",
            [
                "siteId": site, "kind": "equipment", "name": ["ko": "늘 여는 장비", "en": "Always open"],
                "capacity": 1,
            ], key: "always-open")
        ids = results
    }

    private func id(_ alias: String) -> JSON { ids[alias]?["id"] ?? .null }

    func service(of step: String) -> String {
        switch step.split(separator: ".").last ?? "" {
        case "reservation": "testbed"
        case "engagement": "talent"
        case "coinvestment": "fund"
        default: "matching"
        }
    }

    /// Starts a flow over things that no other flow wants; both sides agree to the deal beforehand.
    func startFlow(gates: [String], holdSeconds: Int64 = 600) async throws -> String {
        let number = await round.next()
        func key(_ name: String) -> String { "round-\(number)-\(name)" }
        let content: JSON = [
            "summary": "a need and its answer", "description": "made for a test", "trl": 5, "fields": ["EB"],
            "industries": ["bio-health"], "partnerships": ["licence"],
        ]
        var technology = content
        technology["organisationId"] = id("kbsi")
        // A word of its own, so that the recommendation finds this technology and no other.
        technology["title"] = "시험 기술 zq\(number)x"
        var demand = content
        demand["organisationId"] = id("jeongmil-lab")
        demand["title"] = "시험 수요 zq\(number)x"
        let offer = try await set.persist("matching.technologies.create", technology, key: key("offer"))["id"] ?? .null
        let need = try await set.persist("matching.demands.create", demand, key: key("need"))["id"] ?? .null
        try await set.persist("matching.technologies.publish", ["id": offer], key: key("offer-out"))
        try await set.persist("matching.demands.publish", ["id": need], key: key("need-out"))
        try await set.persist(
            "matching.deals.propose", ["demandId": need, "technologyId": offer, "side": "supply"], key: key("interest"))
        let start = Instant.now().adding(seconds: Int64(86_400 + number * 7_200))
        let hour = Instant(milliseconds: start.milliseconds / 3_600_000 * 3_600_000)
        let day = Day.inSeoul(at: Instant.now()).adding(days: 2 + number)
        var input: JSON = [
            "demandId": need,
            "reservation": [
                "resourceId": id("always-open"), "start": .string(hour.description),
                "end": .string(hour.adding(seconds: 3_600).description),
            ],
            "engagement": [
                "personId": id("per-hong"), "postingId": id("pst-tem"), "start": .string(day.description),
                "end": .string(day.adding(days: 1).description), "share": 1,
            ],
            "coinvestment": ["caseId": id("case-tem"), "amount": 1_000_000], "holdSeconds": .integer(holdSeconds),
        ]
        if gates != ["recommend"] { input["technologyId"] = offer }
        let flow = try await set.persist(
            "gateway.flows.start",
            ["flow": "commercialize", "input": input, "gates": .array(gates.map(JSON.string))], key: key("flow"))
        return flow["id"]?.string ?? ""
    }

    static func attempts(_ step: String, in flow: JSON) -> Int64 {
        flow["steps"]?.array?.first { $0["name"]?.string == step }?["attempts"]?.integer ?? 0
    }

    func flow(_ id: String) async throws -> JSON {
        try await set.persist("gateway.flows.get", ["id": .string(id)], key: UUID().uuidString)
    }

    @discardableResult
    func wait(for id: String, until done: (JSON) -> Bool) async throws -> JSON {
        for _ in 0..<3_000 {
            let flow = try await flow(id)
            if done(flow) { return flow }
            if Self.finalStates.contains(flow["state"]?.string ?? "") { throw Ended(flow) }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Ended(try await flow(id))
    }

    /// A flow that did not come where the test waited for it.
    struct Ended: Error {
        let id: JSON?
        let state: JSON?
        let steps: String

        init(_ flow: JSON) {
            (id, state) = (flow["id"], flow["state"])
            steps = (flow["steps"]?.array ?? []).map { step in
                let error = step["error"].map { " \($0)" } ?? ""
                return "\(step["name"]?.string ?? ""): \(step["state"]?.string ?? "")\(error)"
            }.joined(separator: "; ")
        }
    }
    private static let finalStates: Set<String> = ["completed", "voided", "unsettled", "settled"]

    func approve(_ id: String, _ step: String) async throws {
        try await set.persist(
            "gateway.flows.approve", ["id": .string(id), "step": .string(step)], key: UUID().uuidString)
    }

    /// The flow ends, all posted or all undone, and its four holds say the same.
    func checkEnd(of id: String, _ what: Comment) async throws {
        let flow = try await wait(for: id) { Self.finalStates.contains($0["state"]?.string ?? "") }
        let state = flow["state"]?.string
        #expect(state == "completed" || state == "voided", what)
        let expected = state == "completed" ? ["posted"] : ["voided", "expired"]
        let readers = [
            ("hold.technology", "matching.technologies.holdStatus"), ("hold.reservation", "testbed.reservations.get"),
            ("hold.engagement", "talent.engagements.get"), ("hold.coinvestment", "fund.coinvestments.get"),
        ]
        for (step, method) in readers {
            let entry = flow["steps"]?.array?.first { $0["name"]?.string == step }
            guard let hold = entry?.at("/result/id") else {
                #expect(state == "voided", what)
                continue
            }
            let found = try await set.persist(method, ["id": hold], key: UUID().uuidString)
            #expect(expected.contains(found["state"]?.string ?? ""), what)
        }
    }

    /// No live hold of any flow is left anywhere, and every entry of the ledger has its counterpart.
    func checkBooks() async throws {
        for service in RunningSet.services { try await set.untilAnswers(service) }
        let check = try await set.client.call("fund.ledger.check")
        #expect(check["isSound"] == true)
        #expect(check["postedSum"] == 0)
        #expect(check["pendingSum"] == 0)
        for method in ["testbed.reservations.list", "talent.engagements.list", "fund.coinvestments.list"] {
            var after: JSON = .null
            repeat {
                let page = try await set.client.call(
                    method, after.isNull ? ["limit": 200] : ["limit": 200, "after": after])
                for item in page["items"]?.array ?? [] { #expect(item["state"] != "held", "\(method): \(item)") }
                after = page["next"] ?? .null
            } while !after.isNull
        }
    }
}

private actor Counter {
    private var last = 0
    func next() -> Int {
        last += 1
        return last
    }
}
