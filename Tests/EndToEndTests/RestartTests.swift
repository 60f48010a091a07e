import JSON
import ServiceKit
import Testing

/// Processes are replaced under load, and no client notices.
@Suite(.timeLimit(.minutes(5))) struct RestartTests {
    @Test func servicesRestartUnderLoadWithoutAFailedRequest() async throws {
        try await RunningSet.with { set in
            let before = Load.services.map(set.processID)
            let refusedBefore = try await set.client.call("gateway.stats")["refused"]
            let load = try Load(set)
            for _ in 0..<2 {
                let outcome = try await set.execute("ieum", ["restart", "--json"] + Load.services)
                #expect(outcome.status == 0, "\(outcome.output)")
            }
            let outcome = try await load.end()
            #expect(outcome.failed.isEmpty, "\(outcome.failed) of \(outcome.answered)")
            #expect(outcome.answered > 100)
            #expect(zip(before, Load.services.map(set.processID)).allSatisfy { $0 != $1 })
            let refused = try await set.client.call("gateway.stats")["refused"]
            for name in ["noResponders", "workerLost", "overloaded"] {
                #expect(refused?[name] == refusedBefore?[name], "\(refused ?? .null)")
            }
        }
    }

    @Test func theGatewayRestartsUnderLoadWithoutAFailedRequest() async throws {
        try await RunningSet.with { set in
            let load = try Load(set)
            var processes = [set.processID(of: "gateway")]
            for _ in 0..<3 {
                let outcome = try await set.execute("ieum", ["restart", "gateway", "--json"])
                #expect(outcome.status == 0, "\(outcome.output)")
                processes.append(set.processID(of: "gateway"))
            }
            let outcome = try await load.end()
            #expect(outcome.failed.isEmpty, "\(outcome.failed) of \(outcome.answered)")
            #expect(Set(processes).count == 4)
            // One event for each site: none lost, none twice, and no number left out.
            let client = try Client(endpoint: "ipc://\(set.run)/gateway.sock")
            defer { client.close() }
            var sequences: [Int64] = []
            var after: JSON = 0
            while true {
                let page = try await client.call("gateway.events.read", ["after": after, "limit": 1_000])
                sequences += (page["items"]?.array ?? []).compactMap { $0["sequence"]?.integer }
                guard let next = page["next"] else { break }
                after = next
            }
            #expect(sequences == Array(1...Int64(max(1, sequences.count))))
        }
    }

    @Test func aDrainedServiceRestsUntilItIsTakenBack() async throws {
        try await RunningSet.with { set in
            #expect(try await set.execute("ieum", ["drain", "fund"]).status == 0)
            await #expect(throws: Fault.self) { try await set.client.call("fund.funds.list") }
            // The line holds what comes while the service is expected back.
            #expect(try await set.execute("ieum", ["drain", "fund", "--wait", "30s"]).status == 0)
            let waiting = Task { [client = set.client] in try await client.call("fund.funds.list") }
            while try await set.client.call("gateway.services")["services"]?.array?
                .first(where: { $0["name"] == "fund" })?["waiting"] != 1
            {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await set.execute("ieum", ["drain", "fund", "--undo"]).status == 0)
            #expect(try await waiting.value["items"] == [])
            #expect(try await set.execute("ieum", ["drain", "nobody"]).status == 1)
        }
    }
}
