import Foundation
import JSON
import ServiceKit
import Storage
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct EventLogTests {
    private let log = EventLog()
    private let database: Database
    private let published = Published()

    /// What subscribers would have seen.
    private final class Published: Sendable {
        let sequences = Mutex<[Int64]>([])
    }

    init() throws {
        database = try Database(path: nil, migrations: GatewaySchema.migrations)
        log.onStored { [published] stored in published.sequences.withLock { $0 += stored.map(\.sequence) } }
    }

    private func event(_ id: String, type: String = "ieum.fund.case.approved") -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/ieum/fund", "type": .string(type), "subject": "cas_1",
            "time": "2026-11-21T07:34:28.123Z", "data": ["n": 1],
        ]
    }

    private func service(_ retention: EventLog.Retention = .init()) -> ServiceDefinition {
        ServiceDefinition(
            name: "gateway", title: Bilingual(ko: "", en: ""), migrations: GatewaySchema.migrations,
            methods: log.methods(database), jobs: [retention.job])
    }

    @Test func numbersHaveNoGapsWhateverIsSentTwiceOrFails() async throws {
        struct Stop: Error {}
        for round in 0..<20 {
            let first = try await log.store([event("a\(round)"), event("b\(round)"), event("a\(round)")], in: database)
            #expect(first.stored == 2 && first.duplicates == 1)
            try? await database.write { [log] db in
                _ = try log.append([EventLog.Entry(event("lost\(round)"))], at: .now(), in: db)
                throw Stop()
            }
            let again = try await log.store([event("b\(round)")], in: database)
            #expect(again.stored == 0 && again.last == Int64(round + 1) * 2)
        }
        #expect(published.sequences.withLock { $0 } == Array(1...40))
        let sequences = try await database.read { db in
            try db.rows("SELECT sequence FROM event ORDER BY sequence").map { try $0.get("sequence") as Int64 }
        }
        #expect(sequences == Array(1...40))
    }

    @Test func manyAtOnceArePublishedInOrder() async throws {
        let writers = (0..<50).map { number in
            Task { [log, database] in try await log.store([event("e\(number)")], in: database) }
        }
        for writer in writers { #expect(try await writer.value.stored == 1) }
        #expect(published.sequences.withLock { $0 } == Array(1...50))
    }

    @Test func whoWasAwayReadsWhatWasMissed() async throws {
        // The service reads its own database; the log's methods are given that one.
        let path = NSTemporaryDirectory() + "/ieum-events-\(UUID().uuidString).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let kit = try TestService(service(), path: path)
        for number in 1...9 {
            let type = number.isMultiple(of: 3) ? "ieum.matching.deal.agreed" : "ieum.fund.case.approved"
            _ = try await log.store([event("e\(number)", type: type)], in: kit.database)
        }
        let page = try await kit.call("gateway.events.read", ["after": 2, "limit": 3])
        #expect(page["items"]?.array?.compactMap { $0["sequence"]?.integer } == [3, 4, 5])
        #expect(page["next"] == 5 && page["last"] == 9 && page["first"] == 1)
        for types: JSON in [["ieum.matching.*"], ["ieum.matching."], ["ieum.matching.deal.agreed", "ieum.none"]] {
            let some = try await kit.call("gateway.events.read", ["types": types])
            #expect(some["items"]?.array?.compactMap { $0["sequence"]?.integer } == [3, 6, 9])
            #expect(some["next"] == nil)
        }
    }

    @Test func everythingWrongWithAnEventIsSaid() async throws {
        do {
            _ = try await log.store([event("a"), ["id": ""]], in: database)
            Issue.record("it was taken")
        } catch let fault as Fault {
            let pointers = fault.data["fields"]?.array?.compactMap { $0["pointer"]?.string }
            #expect(
                Set(pointers ?? []) == [
                    "/events/1/specversion", "/events/1/id", "/events/1/source",
                    "/events/1/type", "/events/1/time",
                ])
        }
        #expect(published.sequences.withLock { $0 }.isEmpty)
    }

    @Test func oldEventsAreForgottenAndTheNumbersGoOn() async throws {
        var retention = EventLog.Retention()
        retention.count = 5
        retention.batch = 3
        _ = try await log.store((1...12).map { event("e\($0)") }, in: database)
        let forgotten = try await database.write { [retention] db in
            try (0..<4).map { _ in try retention.forget(in: db, at: .now()) }
        }
        #expect(forgotten == [3, 3, 1, 0])
        retention.count = 100
        try await database.write { [retention] db in
            for _ in 0..<3 { _ = try retention.forget(in: db, at: Instant.now() + .seconds(91 * 86_400)) }
        }
        let next = try await log.store([event("new")], in: database)
        #expect(next.last == 13)
        #expect(try await database.read { try $0.rows("SELECT id FROM event").count } == 1)
    }

    @Test func theLogIsKeptToASizeAndAReaderBehindLearnsWhatItLost() async throws {
        let kit = try TestService(service())
        let text = String(repeating: "x", count: 100_000)
        let large: JSON = ["text": .string(text)]
        _ = try await log.store(
            (1...24).map { number in
                var event = event("e\(number)")
                event["data"] = large
                return event
            }, in: kit.database)
        var retention = EventLog.Retention()
        retention.mebibytes = 1
        _ = try await kit.database.write { [retention] db in
            for _ in 0..<3 { _ = try retention.forget(in: db, at: .now()) }
        }
        // Ten of them have less than 1 MiB together, eleven more.
        let past = try await kit.call("gateway.events.read", ["after": 2, "limit": 1])
        #expect(past["first"] == 15)
        #expect(past["forgotten"] == 12)
        #expect(try await kit.call("gateway.events.read", ["after": 14, "limit": 1])["forgotten"] == 0)
        // The count of bytes is that of the rows.
        let counted: [Int64] = try await kit.database.read { db in
            [
                try db.row("SELECT last FROM event_counter WHERE name = 'bytes'")?.get("last") ?? 0,
                try db.row("SELECT SUM(LENGTH(CAST(event AS BLOB))) AS sum FROM event")?.get("sum") ?? 0,
            ]
        }
        #expect(counted[0] == counted[1])
    }
}
