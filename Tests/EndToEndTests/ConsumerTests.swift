import Foundation
import JSON
import ServiceKit
import Testing
import Vocabulary

/// A consumer over the real executables: whoever is killed while it works, each event does its work once.
@Suite(.timeLimit(.minutes(5))) struct ConsumerTests {
    @Test func eachEventIsHandledOnceThoughTheProcessesDie() async throws {
        try await RunningSet.with { set in
            let technology = try await technology(set)
            let count = 120
            let killer = Task {
                for round in 0..<6 {
                    try await Task.sleep(for: .milliseconds(Int64.random(in: 50...300)))
                    try await set.kill(round.isMultiple(of: 3) ? "gateway" : "matching")
                }
            }
            for number in 1...count {
                try await set.persist(
                    "gateway.events.append", ["events": [finished(number, technology)]], key: "finished-\(number)")
            }
            try await killer.value
            let wanted = (1...count).map { "dmo_\($0)" }.sorted()
            let end = ContinuousClock.now + .seconds(60)
            var found: [String] = []
            while found != wanted, ContinuousClock.now < end {
                let answer = try await set.persist(
                    "matching.technologies.demonstrations", ["id": .string(technology)], key: "look")
                found = (answer["items"]?.array ?? []).compactMap { $0["id"]?.string }.sorted()
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(found == wanted)
            try await checkStanding(set)
            try await checkEffects(set, technology, count)
        }
    }

    private func technology(_ set: RunningSet) async throws -> String {
        let organisation = try await set.client.call(
            "matching.organisations.create", ["kind": "institute", "nameKo": "실증연구원", "region": "KR-30"])
        let technology = try await set.client.call(
            "matching.technologies.create",
            ["organisationId": organisation["id"] ?? .null, "title": "실증 기술", "summary": "실증할 기술"])
        return try #require(technology["id"]?.string)
    }

    private func finished(_ number: Int, _ technology: String) -> JSON {
        [
            "specversion": "1.0", "id": .string("evt_consumer_\(number)"), "source": "/ieum/testbed",
            "type": "ieum.testbed.demonstration.finished", "subject": .string("dmo_\(number)"),
            "time": "2026-11-21T07:34:28.123Z",
            "data": [
                "id": .string("dmo_\(number)"), "title": ["ko": "실증", "en": "Trial"], "outcome": "met",
                "technologyId": .string(technology),
            ],
        ]
    }

    private func checkStanding(_ set: RunningSet) async throws {
        let state = try await set.client.call("service.consumers", service: "matching")["consumers"]?[0]
        #expect(state?["setAside"] == 0 && state?["lost"] == 0 && state?["handled"] == 120)
    }

    /// What the handler did beside its rows: one event for each.
    private func checkEffects(_ set: RunningSet, _ technology: String, _ count: Int) async throws {
        let end = ContinuousClock.now + .seconds(30)
        var subjects: [String] = []
        while subjects.count < count, ContinuousClock.now < end {
            let answer = try await set.client.call(
                "gateway.events.read", ["types": ["ieum.matching.technology.demonstrated"], "limit": 1_000])
            subjects = (answer["items"]?.array ?? []).compactMap { $0["data"]?["id"]?.string }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(subjects.count == count && Set(subjects).count == count)
    }
}
