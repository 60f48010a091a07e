import JSON
import ServiceKit
import Testing

/// One request's way through the processes, as `ieum trace` shows it.
@Suite(.timeLimit(.minutes(5))) struct TraceTests {
    private static let sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func aRequestIsOneTreeOverAllProcesses() async throws {
        try await RunningSet.with(["IEUM_TRACE": "0"]) { set in
            _ = try await set.client.call("fund.funds.list")
            _ = try await set.client.call("fund.funds.list", traceparent: Self.sampled)
            let tree = try await Self.trace("4bf92f3577b34da6a3ce929d0e0e4736", of: set)
            let spans = tree["spans"]?.array ?? []
            #expect(spans.compactMap { $0["service"]?.string } == ["ieum-gateway", "ieum-fund"])
            #expect(spans.compactMap { $0["name"]?.string } == ["→ fund", "fund.funds.list"])
            #expect(spans.first?["parent"] == "00f067aa0ba902b7")
            #expect(spans.last?["parent"] == spans.first?["id"])
            // What was not sampled is nowhere.
            let all = try await set.execute("ieum", ["trace", "--slow", "--json"])
            #expect(try JSON(parsing: all.output).array?.count == 1)
        }
    }

    private static func trace(_ id: String, of set: RunningSet) async throws -> JSON {
        for _ in 0..<100 {
            let outcome = try await set.execute("ieum", ["trace", id, "--json"])
            if outcome.status == 0, let tree = try? JSON(parsing: outcome.output), tree["spans"]?.array?.count == 2 {
                return tree
            }
        }
        throw RunningSet.Silence(service: "trace", error: "no trace \(id)", log: "")
    }
}
