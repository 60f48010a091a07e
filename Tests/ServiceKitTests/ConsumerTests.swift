import Foundation
import JSON
import Storage
import Testing
import Vocabulary

@testable import ServiceKit

/// Keeps the letters that others sent, and leaves an event of its own for each.
private enum Postbox {
    struct Letter: Codable, Sendable { let text: String }

    static let service = ServiceDefinition(
        name: "postbox", title: Bilingual(ko: "우편함", en: "Post box"),
        migrations: [Migration("postbox-001", "CREATE TABLE letter (number BIGINT NOT NULL, text TEXT NOT NULL)")],
        methods: [],
        consumers: [
            Consumer("letters", of: ["ieum.letters.*", "ieum.cards.sent"]) { event, w in
                // Before it is decoded, so that what a failure leaves would be seen.
                try w.db.run("INSERT INTO letter VALUES (?, ?)", event.sequence, event.subject)
                let letter: Letter = try event.decode()
                try w.emit("postbox.letter.kept", subject: event.id, letter)
            }
        ])
}

@Suite(.timeLimit(.minutes(5))) struct ConsumerTests {
    private func event(_ sequence: Int64, _ type: String = "ieum.letters.sent", data: JSON = ["text": "hello"]) -> JSON
    {
        [
            "specversion": "1.0", "id": .string("evt_\(sequence)"), "source": "/ieum/letters", "type": .string(type),
            "subject": .string("\(sequence)"), "time": "2026-11-21T07:34:28.123Z", "data": data,
            "sequence": .integer(sequence),
        ]
    }

    private func letters(_ kit: TestService) async throws -> [Int64] {
        try await kit.database.read { db in
            try db.rows("SELECT number FROM letter ORDER BY rowid").map { try $0.get("number") }
        }
    }

    @Test func eachEventIsHandledOnceWhateverComesTwice() async throws {
        let kit = try TestService(Postbox.service)
        let log = (1...250).map { event($0, $0.isMultiple(of: 5) ? "ieum.other.thing" : "ieum.letters.sent") }
        let wanted = (1...250).filter { !$0.isMultiple(of: 5) }.map(Int64.init)
        try await kit.consume(Array(log.prefix(120)))
        try await kit.consume(log + log.prefix(30))
        try await kit.consume(log)
        #expect(try await letters(kit) == wanted)
        #expect(try await kit.events.compactMap { $0["subject"]?.string } == wanted.map { "evt_\($0)" })
        let state = try await kit.call("service.consumers")["consumers"]?[0]
        #expect(state?["position"] == 249 && state?["handled"] == 200 && state?["lag"] == 0 && state?["last"] == 250)
    }

    @Test func aRestartGoesOnWhereItStopped() async throws {
        let path = NSTemporaryDirectory() + "/ieum-consumer-\(UUID().uuidString).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let log = (1...30).map { event($0) }
        for end in [10, 10, 25, 30] {
            let kit = try TestService(Postbox.service, path: path)
            try await kit.consume(Array(log.prefix(end)))
            kit.database.close()
        }
        let kit = try TestService(Postbox.service, path: path)
        #expect(try await letters(kit) == Array(1...30))
    }

    @Test func anEventThatCannotBeHandledIsSetAsideAndLeavesNothing() async throws {
        let kit = try TestService(Postbox.service)
        try await kit.consume([event(1), event(2, data: ["text": 7]), event(3)])
        #expect(try await letters(kit) == [1, 3])
        #expect(try await kit.events.count == 2)
        let state = try await kit.call("service.consumers")
        #expect(state["consumers"]?[0]?["setAside"] == 1 && state["consumers"]?[0]?["position"] == 3)
        #expect(state["items"]?[0]?["sequence"] == 2)
        #expect(state["items"]?[0]?["event"]?["id"] == "evt_2")
        #expect(try await kit.call("service.stats")["eventsUnhandled"] == 1)
    }

    @Test func whatTheLogForgotIsCountedAsLost() async throws {
        let kit = try TestService(Postbox.service)
        // A new consumer begins with the oldest that is kept.
        try await kit.consume((1...10).map { event($0) }, keptFrom: 4)
        #expect(try await kit.call("service.consumers")["consumers"]?[0]?["lost"] == 0)
        try await kit.consume((1...30).map { event($0) }, keptFrom: 20)
        #expect(try await kit.call("service.consumers")["consumers"]?[0]?["lost"] == 9)
        #expect(try await letters(kit) == Array(4...10) + Array(20...30))
    }

    @Test func whatWasOfNoInterestIsNotLostBehindARestart() async throws {
        let path = NSTemporaryDirectory() + "/ieum-consumer-\(UUID().uuidString).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let log = (1...3_000).map { event($0, $0 == 1 ? "ieum.letters.sent" : "ieum.other.thing") }
        let before = try TestService(Postbox.service, path: path)
        try await before.consume(log)
        before.database.close()
        let kit = try TestService(Postbox.service, path: path)
        try await kit.consume(log + [event(3_001)], keptFrom: 2_900)
        let state = try await kit.call("service.consumers")["consumers"]?[0]
        #expect(state?["lost"] == 0 && state?["handled"] == 2 && state?["position"] == 3_001)
        #expect(try await letters(kit) == [1, 3_001])
    }

    @Test func aLogThatWasRestoredIsFollowedFromItsEnd() async throws {
        let kit = try TestService(Postbox.service)
        try await kit.consume((1...10).map { event($0) })
        try await kit.consume((1...6).map { event($0) })
        try await kit.consume((1...8).map { event($0) })
        #expect(try await letters(kit) == Array(1...10) + [7, 8])
    }
}
