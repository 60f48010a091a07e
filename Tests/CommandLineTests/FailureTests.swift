import JSON
import ServiceKit
import Testing

@testable import CommandLine

/// What `--json` prints when a command fails.
@Suite struct FailureTests {
    @Test func anErrorOfAServiceComesWhole() throws {
        let fault = Fault.invalid("/limit", 0, Bilingual(ko: "1 이상이어야 합니다", en: "must be at least 1"))
        let json = Failure(fault).json
        #expect(json["error"] == fault.json)
        #expect(json.at("/error/data/fields/0/pointer") == "/limit")
        #expect(json["exitCode"] == 1)
    }

    @Test func anyOtherFailureHasItsSentence() {
        let json = Failure(.usage, "no such file", next: "name another").json
        #expect(json == ["error": ["message": "no such file"], "next": "name another", "exitCode": 64])
    }
}

/// A scenario that waits for events needs the log that it waits at.
@Suite struct ScenarioEventsTests {
    @Test func aRunStopsWhenTheEventLogDoesNotAnswer() async throws {
        let scenario = try Scenario(
            parsing: """
                scenario: waits
                steps:
                  - name: for an event
                    await: ieum.fund.fund.created
                    within: 50ms
                """, file: "waits.yaml")
        let run = ScenarioRun(call: { _ in throw Fault(.noResponders) })
        do {
            try await run.play(scenario)
            Issue.record("the run went on without the event log")
        } catch { #expect(error.actual?.hasPrefix("noResponders") == true) }
    }
}
