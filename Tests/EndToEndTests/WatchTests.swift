import Foundation
import JSON
import ServiceKit
import Testing

/// What an operator sees of a running set.
@Suite(.timeLimit(.minutes(5))) struct WatchTests {
    @Test func topAndLogsTellOfRequests() async throws {
        try await RunningSet.with(["IEUM_LOG_FORMAT": "json", "IEUM_LOG_LEVEL": "debug"]) { set in
            let load = Task { [client = set.client] in
                while !Task.isCancelled { _ = try await client.call("fund.funds.list") }
            }
            let top = try await set.execute("ieum", ["top", "--json"])
            load.cancel()
            _ = await load.result
            #expect(top.status == 0, "\(top.output)")
            let rows = try JSON(parsing: top.output)["services"]?.array ?? []
            #expect(rows.compactMap { $0["service"]?.string }.filter(RunningSet.services.contains).count == 5)
            let fund = rows.first { $0["service"] == "fund" }
            #expect(fund?["busiest"] == "fund.funds.list")
            #expect(fund?["residentBytes"]?.integer ?? 0 > 1 << 20)

            await #expect(throws: Fault.self) { try await set.client.call("fund.funds.get", ["id": "no such"]) }
            // The line comes through the launcher, a moment after the answer.
            var refused: JSON?
            for _ in 0..<500 where refused == nil {
                try await Task.sleep(for: .milliseconds(10))
                let text = try String(contentsOfFile: set.data + "/logs/fund.log", encoding: .utf8)
                // The last may be half there.
                let lines = text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n")
                let objects = lines.compactMap { try? JSON(parsing: String($0)) }
                #expect(objects.count == lines.count)
                refused = objects.last { $0["error"] == "invalidParams" }
            }
            #expect(refused?["method"] == "fund.funds.get")
            let id = try #require(refused?["request"]?.string)
            let found = try await set.execute("ieum", ["logs", "--request", id])
            #expect(found.status == 0)
            #expect(found.output.contains("fund.funds.get"))
            #expect(try await set.execute("ieum", ["logs", "--request", "0123456789abcdef0"]).status == 1)
        }
    }
}
