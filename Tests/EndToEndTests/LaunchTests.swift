import Foundation
import JSON
import ServiceKit
import Testing

/// What operators do: start, look, stop, start a second set, lose a process.
@Suite(.timeLimit(.minutes(5))) struct LaunchTests {
    @Test func statusTellsWhetherEveryServiceAnswers() async throws {
        try await RunningSet.with { set in
            let healthy = try await set.execute("ieum", ["status", "--json"])
            #expect(healthy.status == 0, "\(healthy.output)")
            #expect(try JSON(parsing: healthy.output.utf8).object != nil)
            // A stopped process holds its socket and does not answer.
            try set.signal("fund", SIGSTOP)
            let stopped = try await set.execute("ieum", ["status", "--json"])
            #expect(stopped.status != 0, "\(stopped.output)")
            try set.signal("fund", SIGCONT)
            try await set.untilAnswers("fund")
        }
    }

    @Test func whatDiesIsStartedAgain() async throws {
        try await RunningSet.with { set in
            for service in RunningSet.services {
                let before = set.processID(of: service)
                try await set.kill(service)
                try await set.untilAnswers(service)
                #expect(set.processID(of: service) != before)
            }
        }
    }

    @Test func twoSetsDoNotDisturbEachOther() async throws {
        try await RunningSet.with { one in
            try await RunningSet.with { other in
                let organisation: JSON = ["kind": "company", "nameKo": "하나", "nameEn": "One", "region": "KR-30"]
                let made = try await one.client.call("matching.organisations.create", organisation)
                let fault = await #expect(throws: Fault.self) {
                    try await other.client.call("matching.organisations.get", ["id": made["id"] ?? .null])
                }
                #expect(fault?.code == .notFound)
            }
            try await one.untilAnswers("matching")
        }
    }

    @Test func nothingOutlivesAKilledLauncher() async throws {
        let set = try await RunningSet.start()
        let processes = RunningSet.services.compactMap { set.processID(of: $0) }
        #expect(processes.count == RunningSet.services.count)
        Glibc.kill(set.launcherID, SIGKILL)
        var left = processes
        for _ in 0..<1_000 where !left.isEmpty {
            left.removeAll { Glibc.kill($0, 0) != 0 }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(left.isEmpty, "\(left) outlive their launcher")
        try await set.stop()
        try? FileManager.default.removeItem(atPath: set.folder)
    }

    @Test func oneInterruptStopsEverything() async throws {
        let set = try await RunningSet.start()
        let processes = RunningSet.services.compactMap { set.processID(of: $0) }
        try await set.stop()
        #expect(processes.allSatisfy { Glibc.kill($0, 0) != 0 })
        let left = try FileManager.default.contentsOfDirectory(atPath: set.run).filter { $0.hasSuffix(".sock") }
        #expect(left == [], "sockets are left behind")
        try? FileManager.default.removeItem(atPath: set.folder)
    }
}
