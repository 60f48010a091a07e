import JSON
import Logging
import Majordomo
import Storage
import Synchronization
import Testing
import Vocabulary
import ZeroMQ

@testable import Gateway
@testable import ServiceKit

/// A service of the kit at the gateway of a house, as `ServiceProcess` connects one.
private final class Tenant: Sendable {
    private let client = Mutex<Client?>(nil)

    init(_ house: House, _ definition: ServiceDefinition) throws {
        var log = Logger(label: "test.\(definition.name)")
        log.logLevel = .critical
        let database = try Database(path: nil, migrations: Service.migrations(of: definition))
        let service = Service(definition, database: database, log: log)
        try client.withLock { place in
            let client = try Client(
                endpoint: house.endpoint, worker: (definition.name, Array(#"{"credit":16,"cancels":true}"#.utf8)),
                onRequest: { [self] request in
                    let headers = request.body.count > 1 ? request.body[1] : nil
                    service.handle(
                        body: request.body[0], headers: headers,
                        partial: { self.client.withLock { $0 }?.reply(request, $0, isFinal: false) ?? false }
                    ) { self.client.withLock { $0 }?.reply(request, $0 ?? []) }
                }, onLink: { _ in })
            place = client
            service.calls(through: client)
        }
    }

    func end() {
        let ending = client.withLock { place in
            defer { place = nil }
            return place
        }
        ending?.close()
    }
}

/// `outer` does nothing by itself: it asks `inner`.
@Suite(.timeLimit(.minutes(5))) struct NestedCallTests {
    private struct Seen: Codable, Sendable {
        let deadline: Int64?
        let traceparent: String?
    }

    private let marks = Recorder<String>()

    private func definition(_ name: String, _ methods: [Method]) -> ServiceDefinition {
        ServiceDefinition(name: name, title: Bilingual(ko: "시험", en: "Test"), migrations: [], methods: methods)
    }

    private var inner: ServiceDefinition {
        definition(
            "inner",
            [
                .action("inner.seen", Bilingual(ko: "본다", en: "Sees")) { (_: NoParameters, call) -> Seen in
                    Seen(deadline: call.deadline?.milliseconds, traceparent: call.traceparent)
                },
                .action("inner.wait", Bilingual(ko: "기다린다", en: "Waits")) { [marks] (_: NoParameters, _) -> Int in
                    marks.add("begun")
                    do { try await Task.sleep(for: .seconds(600)) } catch {
                        marks.add("ended")
                        throw error
                    }
                    return 1
                },
            ])
    }

    private var outer: ServiceDefinition {
        definition(
            "outer",
            ["seen", "wait"].map { name in
                .action("outer.\(name)", Bilingual(ko: "묻는다", en: "Asks")) { (_: NoParameters, call) -> JSON in
                    call.progress(1, of: 1, Bilingual(ko: "묻는다", en: "asking"))
                    return try await call.ask("inner.\(name)")
                }
            })
    }

    private func with(_ body: (Client, House) async throws -> Void) async throws {
        let house = try House()
        let tenants = try [Tenant(house, inner), Tenant(house, outer)]
        let client = try Client(endpoint: house.endpoint)
        defer {
            client.close()
            for tenant in tenants { tenant.end() }
            house.end()
        }
        for name in ["inner", "outer"] {
            while (try? await client.call("service.ping", service: name)) == nil { await Task.yield() }
        }
        try await body(client, house)
    }

    @Test func deadlineAndTraceGoAlong() async throws {
        try await with { client, _ in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let latest = Instant.now() + .seconds(51)
            let seen = try await client.call("outer.seen", deadline: .seconds(50), traceparent: trace)
            #expect(seen["traceparent"]?.string?.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
            #expect(seen["deadline"]?.integer ?? .max <= latest.milliseconds)
        }
    }

    @Test func aCancellationReachesTheInnermost() async throws {
        try await with { client, _ in
            let call = Task { try await client.call("outer.wait") }
            #expect(await marks.wait(for: "begun"))
            call.cancel()
            let fault = await #expect(throws: Fault.self) { try await call.value }
            #expect(fault?.code == .cancelled)
            #expect(await marks.wait(for: "ended"))
        }
    }

    @Test func theDeadlineEndsEveryHandlerAndIsAnsweredOnce() async throws {
        try await with { client, house in
            let peer = try RawPeer(house)
            let request = #"{"jsonrpc":"2.0","id":1,"method":"outer.wait"}"#
            // On a machine that is busy, a short deadline may pass before anything begins.
            for patience in [200, 2_000, 20_000] as [Int64] where marks.all.isEmpty {
                let headers = #"{"deadline":\#(Instant.now().milliseconds + patience)}"#
                let answer = try peer.ask([Array(request.utf8), Array(headers.utf8)], "outer", within: 25_000)
                let fault = try JSON(parsing: answer?.first ?? "")["error"]
                #expect(fault?.at("/data/name") == "deadlineExceeded")
                if !marks.all.isEmpty { #expect(fault?.at("/data/started") == true) }
            }
            #expect(await marks.wait(for: "ended"))
            _ = try await client.call("service.ping", service: "outer")
            #expect(try peer.receive(milliseconds: 50) == nil)
        }
    }

    @Test func partialsComeBeforeTheAnswer() async throws {
        try await with { client, _ in
            let heard = Recorder<JSON>()
            _ = try await client.call("outer.seen") { heard.add($0) }
            #expect(heard.all == [["done": 1, "total": 1, "ko": "묻는다", "en": "asking"]])
        }
    }
}
