import Foundation
import Glibc
import JSON
import ServiceKit
import Synchronization
import Testing

/// Progress, streams and cancelling over the real executables.
@Suite(.timeLimit(.minutes(5))) struct ProgressTests {
    private final class Heard: Sendable {
        private let values = Mutex<[JSON]>([])
        func add(_ value: JSON) { values.withLock { $0.append(value) } }
        var all: [JSON] { values.withLock { $0 } }
        var items: [JSON] { all.flatMap { $0["items"]?.array ?? [] } }
    }

    /// Leaves a number of events.
    private func leaveEvents(_ count: Int, _ set: RunningSet) async throws {
        for number in 0..<count {
            try await set.persist(
                "matching.organisations.create",
                ["kind": "company", "nameKo": .string("시험 \(number)"), "region": "KR-30"], key: "o\(number)")
        }
        while true {
            let past = try await set.client.call("gateway.events.read", ["limit": 1])
            if past["last"]?.integer ?? 0 >= Int64(count) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func realWorkTellsHowFarItIsAndThePastStreams() async throws {
        try await RunningSet.with { set in
            try await leaveEvents(250, set)
            let place = set.folder + "/backup"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let heard = Heard()
            let copy = try await set.client.call(
                "service.backup", ["directory": .string(place)], service: "matching", deadline: .seconds(30)
            ) { heard.add($0) }
            #expect(copy["file"] == "matching.sqlite")
            let last = try #require(heard.all.last)
            #expect(last["done"]?.integer ?? 0 > 0 && last["done"] == last["total"], "\(heard.all)")
            #expect(last["en"] == "matching: checking the copy")

            let read = try await set.client.call("gateway.events.read", ["limit": 1_000])
            let streamed = Heard()
            let rest = try await set.client.call("gateway.events.stream", deadline: .seconds(30)) { streamed.add($0) }
            #expect(streamed.items + (rest["items"]?.array ?? []) == read["items"]?.array)
            #expect(!streamed.items.isEmpty, "nothing came before the result")
            #expect(rest["next"] == nil)
            // In parts, and for who takes no PARTIALs.
            let part = try await set.client.call("gateway.events.stream", ["limit": 7, "after": 3])
            #expect(part["items"]?.array?.compactMap { $0["sequence"]?.integer } == Array(4...10))
            #expect(part["next"] == 10)

            let lines = try await set.execute("ieum", ["call", "gateway.events.stream", #"{"limit":100}"#, "--all"])
            let printed = try lines.output.split(separator: "\n").map { try JSON(parsing: $0.utf8) }
            #expect(printed == read["items"]?.array)
            let list = try await set.execute(
                "ieum", ["call", "matching.organisations.list", #"{"limit":60}"#, "--all"])
            #expect(list.output.split(separator: "\n").count == 250)
        }
    }

    @Test func aCallIsStoppedFromSwiftFromTheShellAndFromPython() async throws {
        try await RunningSet.with { set in
            let python = try RunningSet.python()
            let echo = try RunningSet.spawn(
                "ieum", ["serve", "echo"], folder: set.folder, output: set.folder + "/echo.out")
            defer { echo.end() }
            try await set.untilAnswers("echo")

            let heard = Heard()
            let slow: JSON = ["to": 100_000, "everyMs": 5]
            let call = Task {
                try await set.client.call("echo.count", slow, deadline: .seconds(60)) { heard.add($0) }
            }
            while heard.items.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
            call.cancel()
            let fault = await #expect(throws: Fault.self) { try await call.value }
            #expect(fault?.code == .cancelled && fault?.data["started"] == true)
            #expect(heard.items.prefix(3) == [1, 2, 3])

            let output = set.folder + "/call.out"
            let shell = try RunningSet.spawn(
                "ieum", ["call", "echo.count", slow.text, "--deadline", "1m", "--json"], folder: set.folder,
                output: output)
            // It has been handed to the worker when the gateway counts it.
            while try await self.inFlight(set) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            shell.interrupt()
            while shell.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            let said = try String(contentsOfFile: output, encoding: .utf8)
            #expect(shell.terminationStatus == 130 && said.contains("-32800"), "\(said)")

            let path = try set.write(
                "progress.py", RunningSet.codeBlock(of: "Docs/integrators.md", containing: "# progress.py"))
            let program = try await set.execute(python, [path])
            #expect(program.output == "[1, 2, 3] cancelled\n", "\(program.output)")
            #expect(try await self.inFlight(set) == 0)

            let counted = try await set.execute("ieum", ["call", "echo.count", #"{"to":5,"everyMs":1}"#, "--all"])
            #expect(counted.output == "1\n2\n3\n4\n5\n")
        }
    }

    @Test func whoReadsTooSlowlyIsToldSoAndTheWorkerStops() async throws {
        try await RunningSet.with(["IEUM_LIMIT_OUTGOING_BYTES": "65536"]) { set in
            let echo = try RunningSet.spawn(
                "ieum", ["serve", "echo"], folder: set.folder, output: set.folder + "/echo.out")
            defer { echo.end() }
            try await set.untilAnswers("echo")
            let end = try await Stranger.talk(to: set) { stranger in
                let count = #"{"jsonrpc":"2.0","id":7,"method":"echo.count","params":{"to":1000000000}}"#
                try stranger.request("echo", [Array(count.utf8), Array(#"{"partials":true}"#.utf8)])
                // It reads nothing until the gateway has given up keeping what it does not take.
                var other = try stranger.another()
                let stats = #"{"jsonrpc":"2.0","id":1,"method":"gateway.stats"}"#
                while true {
                    let drops = try other.ask("gateway", [Array(stats.utf8)]).at("/result/drops")?.array ?? []
                    if drops.contains(where: { $0["reason"] == "clientTooSlow" }) { break }
                    usleep(10_000)
                }
                return try stranger.receive { $0.count == 4 && $0[1] == [3] }
            }
            let fault = try JSON(parsing: end[3])["error"]
            #expect(fault?.at("/data/name") == "overloaded" && fault?.at("/data/started") == true, "\(end)")
            while try await self.inFlight(set) > 0 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    private func inFlight(_ set: RunningSet) async throws -> Int64 {
        let services = try await set.client.call("gateway.services")["services"]?.array ?? []
        return services.first { $0["name"] == "echo" }?["inFlight"]?.integer ?? 0
    }
}
