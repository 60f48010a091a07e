import JSON
import Storage
import Synchronization
import Testing
import Vocabulary

@testable import ServiceKit

private enum Letters {
    struct Send: Codable, Sendable, Constrained {
        let count: Int
        let bytes: Int
        static let constraints: [String: Schema.Constraint] = ["count": .range(1...1_000)]
    }

    static let service = ServiceDefinition(
        name: "letters", title: Bilingual(ko: "편지", en: "Letters"),
        migrations: [Migration("letters-001", "CREATE TABLE letters (id TEXT PRIMARY KEY)")],
        methods: [
            .command("letters.send", Bilingual(ko: "보낸다", en: "Sends")) { (p: Send, w: Write) throws -> Int in
                try w.db.run("INSERT INTO letters VALUES (?)", w.call.requestId)
                for number in 0..<p.count {
                    try w.emit("letters.sent", subject: "\(number)", String(repeating: "x", count: p.bytes))
                }
                return p.count
            },
            .query("letters.count", Bilingual(ko: "센다", en: "Counts")) { (_: NoParameters, r: Read) throws -> Int in
                try r.db.row("SELECT COUNT(*) AS n FROM letters")?.get("n") ?? 0
            },
        ])
}

/// What an event log may do with what it is given.
private final class Log: Sendable {
    let calls = Mutex<[[JSON]]>([])
    var subjects: [String] { calls.withLock { $0.flatMap { $0 }.compactMap { $0["subject"]?.string } } }
    func take(_ events: [JSON]) { calls.withLock { $0.append(events) } }
}

@Suite struct OutboxTests {
    let kit: TestService
    private let log = Log()

    init() throws { kit = try TestService(Letters.service) }

    @Test func aBatchFitsIntoOneMessage() async throws {
        try await kit.call("letters.send", ["count": 20, "bytes": 200_000])
        try await kit.call("letters.send", ["count": 250, "bytes": 10])
        try await kit.relay { [log] in log.take($0) }
        let calls = log.calls.withLock { $0 }
        #expect(calls.allSatisfy { JSON.array($0).bytes.count < 1 << 20 && $0.count <= 100 })
        #expect(calls.count > 6)
        let expected: [String] = Array(0..<20).map { "\($0)" } + Array(0..<250).map { "\($0)" }
        #expect(log.subjects == expected)
        #expect(try await kit.events.isEmpty)
    }

    /// The hundred-thousandth command costs what the first did.
    @Test func theOutboxIsSignalledForEver() async throws {
        let background = Task { [service = kit.service, log] in
            await service.runInBackground { log.take($0) }
        }
        for _ in 0..<200_000 { kit.service.signalOutbox() }
        try await kit.call("letters.send", ["count": 1, "bytes": 10])
        while log.subjects.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        background.cancel()
        await background.value
        #expect(log.subjects == ["0"])
    }

    @Test func aRefusedEventIsSetAsideAndTheOthersGoOn() async throws {
        try await kit.call("letters.send", ["count": 5, "bytes": 10])
        try await kit.relay { [log] events in
            guard !events.contains(where: { $0["subject"] == "2" }) else {
                throw Fault.invalid("/events/2", nil, Bilingual(ko: "싫다", en: "not this one"))
            }
            log.take(events)
        }
        #expect(log.subjects == ["0", "1", "3", "4"])
        let outbox = try await kit.call("service.outbox")
        #expect(outbox["waiting"] == 0 && outbox["setAside"] == 1)
        #expect(outbox.at("/items/0/error/data/fields/0/rule/en") == "not this one")
        #expect(outbox.at("/items/0/event")?.string?.contains("letters.sent") == true)
        #expect(try await kit.call("service.stats")["eventsSetAside"] == 1)
    }

    @Test func aLogThatCannotBeReachedLosesNothing() async throws {
        try await kit.call("letters.send", ["count": 2, "bytes": 10])
        let oldest = kit.now
        try await kit.advance(seconds: 60)
        for code in [Fault.Code.noResponders, .deadlineExceeded, .overloaded, .forbidden, .internalError] {
            await #expect(throws: Fault.self) { try await kit.relay { _ in throw Fault(code) } }
        }
        let outbox = try await kit.call("service.outbox")
        #expect(outbox["waiting"] == 2 && outbox["setAside"] == 0 && outbox["oldest"]?.string == oldest.description)
        try await kit.relay { [log] in log.take($0) }
        #expect(log.subjects == ["0", "1"])
        #expect(try await kit.call("service.outbox")["oldest"] ?? .null == .null)
    }

    @Test func aSmallerMessageIsFoundByTrying() async throws {
        try await kit.call("letters.send", ["count": 60, "bytes": 10_000])
        var failures = 0
        while try await kit.call("service.outbox")["waiting"] != 0, failures < 30 {
            do {
                try await kit.relay { [log] events in
                    // What was too large is not answered at all.
                    guard JSON.array(events).bytes.count < 100_000 else { throw Fault(.deadlineExceeded) }
                    log.take(events)
                }
            } catch { failures += 1 }
        }
        #expect(failures < 10)
        let expected: [String] = Array(0..<60).map { "\($0)" }
        #expect(log.subjects == expected)
    }

    @Test func anEventThatIsTooLargeIsRefusedInsideTheCommand() async throws {
        let fault = try await kit.fault("letters.send", ["count": 1, "bytes": 262_144])
        #expect(fault.code == .payloadTooLarge && fault.data["limit"] == 262_144)
        #expect(try await kit.call("letters.count") == 0)
        #expect(try await kit.events.isEmpty)
        // The envelope counts, and what is left of 256 KiB is enough for nearly all of it.
        try await kit.call("letters.send", ["count": 1, "bytes": 261_000])
        let event = try #require(try await kit.events.first)
        #expect(event.bytes.count <= Outbox.eventBytes)
    }
}
