import Foundation
import JSON
import Logging
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Gateway

/// `gateway.flows.*` as callers see them. No service answers: every flow stands before its first step.
@Suite(.timeLimit(.minutes(5))) struct FlowMethodsTests {
    private let kit: TestService
    private let runner: FlowRunner
    private let input: JSON

    init() throws {
        // The runner writes what the service reads.
        let path = NSTemporaryDirectory() + "/ieum-flow-methods-\(UUID().uuidString).sqlite"
        let bare = ServiceDefinition(
            name: "gateway", title: Bilingual(ko: "", en: ""), migrations: GatewaySchema.migrations, methods: [])
        let database = try Database(path: path, migrations: Service.migrations(of: bare))
        runner = FlowRunner(
            definitions: [Commercialize.definition], database: database, events: EventLog(),
            log: Logger(label: "test")
        ) { _, _ in }
        kit = try TestService(
            ServiceDefinition(
                name: "gateway", title: Bilingual(ko: "", en: ""), migrations: GatewaySchema.migrations,
                methods: FlowMethods.methods([Commercialize.definition], runner)), path: path)
        let now = Instant.now()
        input = [
            "demandId": .string(DemandID.new(at: now).description),
            "coinvestment": ["caseId": .string(CaseID.new(at: now).description)],
        ]
    }

    private func start(_ gates: JSON = ["demand"], key: String? = nil) async throws -> JSON {
        try await kit.call(
            "gateway.flows.start", ["flow": "commercialize", "input": input, "gates": gates], key: key)
    }

    @Test func aKeyStartsOneFlowAndNoOther() async throws {
        let first = try await start(key: "k")
        #expect(try await start(key: "k")["id"] == first["id"])
        await #expect(throws: Fault.self) { try await start(["decide"], key: "k") }
        #expect(try await start()["id"] != first["id"])
    }

    @Test func everythingWrongWithAStartIsSaid() async throws {
        let unknown = try await kit.fault("gateway.flows.start", ["flow": "x", "input": [:]])
        #expect(unknown.code == .invalidParams)
        let fault = try await kit.fault(
            "gateway.flows.start", ["flow": "commercialize", "input": ["demandId": 1], "gates": ["nowhere"]])
        let pointers = fault.data["fields"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(Set(pointers ?? []) == ["/input/demandId", "/gates/0"])
    }

    @Test func aFlowIsSeenStepByStepAndCancelled() async throws {
        let id = try #require(try await start()["id"])
        var flow = try await kit.call("gateway.flows.get", ["id": id])
        while flow["waitingFor"] == nil { flow = try await kit.call("gateway.flows.get", ["id": id]) }
        #expect(flow["state"] == "running" && flow["waitingFor"] == "demand")
        #expect(flow["steps"]?.array?.count == Commercialize.definition.steps.count)
        let early = try await kit.fault("gateway.flows.approve", ["id": id, "step": "decide"])
        #expect(early.code == .conflict && early.data["waitingFor"] == "demand")
        let cancelled = try await kit.call("gateway.flows.cancel", ["id": id, "reason": "enough"])
        #expect(cancelled["state"] == "voided" && cancelled.at("/reason/by") == "uid:1000")
        let journal = try await kit.call("gateway.flows.journal", ["id": id])
        #expect(
            journal["items"]?.array?.compactMap { $0["kind"]?.string } == ["started", "waiting", "givenUp", "voided"])
        let settled = try await kit.fault("gateway.flows.settle", ["id": id, "note": "nothing"])
        #expect(settled.code == .conflict && settled.data["state"] == "voided")
        let nobody: JSON = ["id": .string(FlowID.new(at: .now()).description)]
        for method in ["gateway.flows.get", "gateway.flows.journal", "gateway.flows.cancel"] {
            #expect(try await kit.fault(method, nobody).code == .notFound)
        }
    }

    @Test func theListGoesBackPageByPage() async throws {
        var started: [JSON] = []
        for _ in 0..<5 { started.append(try await start()["id"] ?? .null) }
        var seen: [JSON] = []
        var after: JSON = nil
        repeat {
            let page = try await kit.call("gateway.flows.list", ["limit": 2, "after": after])
            seen += page["items"]?.array?.compactMap { $0["id"] } ?? []
            after = page["next"] ?? .null
        } while !after.isNull
        #expect(seen == started.reversed())
        #expect(try await kit.call("gateway.flows.list", ["state": "voided"])["items"] == [])
        #expect(try await kit.call("gateway.flows.definitions").at("/items/0/name") == "commercialize")
    }
}
