import JSON
import ServiceKit
import Synchronization
import Testing

@testable import CommandLine

/// The scenario runner against a made-up service with three slots and an event log.
@Suite struct ScenarioTests {
    private final class Slots: Sendable {
        let state = Mutex((granted: 0, reads: 0, keys: [String]()))

        func answer(_ request: ScenarioRun.Request) throws -> JSON {
            switch request.method {
            case "slots.hold":
                let granted = state.withLock { state -> Int? in
                    if let key = request.key { state.keys.append(key) }
                    guard state.granted < 3 else { return nil }
                    state.granted += 1
                    return state.granted
                }
                guard let granted else {
                    throw Fault.conflict(Bilingual(ko: "꽉 찼다", en: "full"), data: ["free": []])
                }
                return ["id": .string("rsv_\(granted)"), "state": "held", "who": request.params["who"] ?? .null]
            case "slots.state":
                let reads = state.withLock { state in
                    state.reads += 1
                    return state.reads
                }
                return ["state": reads < 3 ? "pending" : "done"]
            case "gateway.events.read":
                guard (request.params["after"]?.integer ?? 0) < 7 else { return ["items": [], "last": 7] }
                return [
                    "items": [["sequence": 7, "type": "ieum.slots.slot.held", "subject": "rsv_1"]], "last": 6,
                ]
            default: throw Fault(.methodNotFound)
            }
        }
    }

    private func play(_ text: String, _ slots: Slots = Slots()) async throws {
        let scenario = try Scenario(parsing: text, file: "test.yaml")
        try await ScenarioRun(call: { try slots.answer($0) }).play(scenario, run: "r1")
    }

    private func stop(_ text: String) async throws -> ScenarioRun.Stop {
        do { try await play(text) } catch let stop as ScenarioRun.Stop { return stop }
        Issue.record("the scenario passed")
        throw CancellationError()
    }

    @Test func callsCapturesAndReferences() async throws {
        let slots = Slots()
        try await play(
            """
            scenario: a slot is held
            steps:
              - call: slots.hold
                params: {who: "${run}"}
                key: k-${run}
                expect: {id: {$matches: ^rsv_}, who: r1}
                capture: {slot: /id}
              - set: {expected: "${slot}"}
              - call: slots.state
                until: {state: done}
                within: 60s
              - await: ieum.slots.*
                where: {subject: "${expected}"}
                within: 60s
              - call: slots.missing
                error: methodNotFound
              - wait: 1ms
            """, slots)
        #expect(slots.state.withLock { $0.keys } == ["k-r1"])
    }

    @Test func fiftyAtOnceAreCounted() async throws {
        try await play(
            """
            steps:
              - parallel: 50
                step:
                  call: slots.hold
                  params: {who: "w${index}"}
                  expect: {state: held}
                  error: {name: conflict, data: {free: {$exists: true}}}
                  capture: {slots: /id}
                tally: {ok: 3, conflict: 47}
              - set: {count: "${slots}"}
            """)
    }

    @Test func aWrongTallySaysWhatCame() async throws {
        let stop = try await stop(
            """
            steps:
              - parallel: 5
                step: {call: slots.hold}
                tally: {ok: 5}
            """)
        #expect(stop.line == 2)
        #expect(stop.actual?.contains(#""conflict":2"#) == true)
    }

    @Test func theFirstDifferenceStopsTheRun() async throws {
        let stop = try await stop(
            """
            steps:
              - call: slots.hold
                expect: {state: posted}
              - call: slots.missing
            """)
        #expect(stop.line == 2)
        #expect(stop.pointer == "/state")
        #expect(stop.expected == #""posted""#)
        #expect(stop.actual == #""held""#)
        #expect(stop.request?["method"] == "slots.hold")
    }

    @Test func anErrorThatWasNotExpectedIsADifference() async throws {
        let stop = try await stop("steps: [{call: slots.missing}]")
        #expect(stop.actual?.hasPrefix("methodNotFound") == true)
        let missed = try await self.stop("steps: [{call: slots.state, error: conflict}]")
        #expect(missed.expected?.contains("conflict") == true)
        let event = try await self.stop("steps: [{await: ieum.slots.slot.freed, within: 50ms}]")
        #expect(event.expected?.contains("ieum.slots.slot.freed") == true)
        let unknown = try await self.stop("steps: [{call: slots.hold, params: {who: '${nobody}'}}]")
        #expect(unknown.reason?.contains("nobody") == true)
    }

    @Test(arguments: [
        ("steps: 1", "steps"), ("steps: [{cal: x}]", "call"), ("steps: [{call: x, expects: {}}]", "expects"),
        ("steps: [{wait: soon}]", "250ms"), ("a: [", "line"), ("steps: [{call: x, capture: {a: b}}]", "capture"),
    ])
    func mistakesAreNamed(text: String, part: String) {
        do {
            _ = try Scenario(parsing: text, file: "x.yaml")
            Issue.record("read")
        } catch { #expect(error.description.contains(part)) }
    }

    @Test func scalarsAreWhatTheySay() throws {
        let node = try ScenarioText.parse(
            "{a: no, b: 12:30, c: 2026-11-21, d: 7, e: '7', f: 1.5, g: ~, h: true, i: -3}")
        #expect(
            try ScenarioText.json(node) == [
                "a": "no", "b": "12:30", "c": "2026-11-21", "d": 7, "e": "7", "f": 1.5, "g": nil, "h": true, "i": -3,
            ])
    }
}
