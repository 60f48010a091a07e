import Foundation
import Storage
import Synchronization
import Testing

let letters = [
    Migration("letters", "CREATE TABLE letter (name TEXT PRIMARY KEY, size BIGINT NOT NULL CHECK (size > 0))")
]

/// A private directory that goes away with the test.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "/ieum-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { directory + "/letters.sqlite" }
}

@Suite(.timeLimit(.minutes(5))) struct Reading {
    @Test func concurrentReadersSeeOneMoment() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        let (begun, written) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let seen = database.read { db in
            let before = try db.rows("SELECT * FROM letter").count
            begun.signal()
            written.wait()
            return [before, try db.rows("SELECT * FROM letter").count]
        }
        await Task.detached { begun.wait() }.value
        try await database.write { try $0.run("INSERT INTO letter VALUES ('b', 1)") }
        let now = try await database.read { try $0.rows("SELECT * FROM letter").count }
        written.signal()
        #expect(try await seen == [1, 1])
        #expect(now == 2)
        database.close()
    }

    @Test(arguments: [true, false]) func aReadCannotWrite(inMemory: Bool) async throws {
        let scratch = try Scratch()
        let database = try Database(path: inMemory ? nil : scratch.path, migrations: letters)
        await #expect(throws: StorageError.self) {
            try await database.read { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        }
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 1)
    }

    @Test func aConnectionEndsWithItsClosure() async throws {
        let database = try Database(path: nil, migrations: letters)
        let kept = Mutex<[UncheckedKeeper]>([])
        try await database.write { db in kept.withLock { $0 = [UncheckedKeeper(db)] } }
        let late = kept.withLock { kept in Result { try kept[0].use() } }
        #expect(throws: StorageError.closed) { try late.get() }
    }

    @Test func aFullQueueRefusesAtOnce() async throws {
        let scratch = try Scratch()
        var limits = Database.Limits()
        limits.readers = 1
        limits.waitingReads = 1
        let database = try Database(path: scratch.path, migrations: letters, limits: limits)
        let (begun, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        database.submitRead { _ in
            begun.signal()
            release.wait()
        }
        await Task.detached { begun.wait() }.value
        database.submitRead { _ in }
        await #expect(throws: StorageError.full(waiting: 1)) { try await database.read { _ in } }
        release.signal()
        database.close()
        await #expect(throws: StorageError.closed) { try await database.read { _ in } }
    }
}

/// Carries a connection out of its closure, which the compiler rightly forbids.
private struct UncheckedKeeper: Sendable {
    private nonisolated(unsafe) let connection: Connection
    init(_ connection: Connection) { unsafe self.connection = connection }
    func use() throws { _ = unsafe try connection.rows("SELECT 1 AS one") }
}

@Suite(.timeLimit(.minutes(5))) struct Values {
    enum Colour: String, SQLValue { case red, green }

    @Test func everyKindComesBackAsItWent() async throws {
        let database = try Database(
            path: nil,
            migrations: [
                Migration(
                    "kinds",
                    "CREATE TABLE kinds (i BIGINT, d DOUBLE PRECISION, t TEXT, b BYTEA, f BOOLEAN, c TEXT, n TEXT)")
            ])
        let blob: [UInt8] = [0, 255, 1]
        let row = try await database.write { db in
            try db.run(
                "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?, ?)",
                Int64.min, 0.1, "이음 \u{1F680}", blob, true, Colour.green, nil)
            return try #require(try db.row("SELECT * FROM kinds"))
        }
        #expect(try row.get("i") == Int64.min)
        #expect(try row.get("d") == 0.1)
        #expect(try row.get("t") == "이음 \u{1F680}")
        #expect(try row.get("b") == blob)
        #expect(try row.get("f") == true)
        #expect(try row.get("c") == Colour.green)
        #expect(try row.getIfPresent("n") as String? == nil)
        #expect(throws: StorageError.noColumn("x", has: ["i", "d", "t", "b", "f", "c", "n"])) {
            let _: Int = try row.get("x")
        }
        #expect(throws: StorageError.mismatch(column: "t", wanted: "Int", found: "text")) {
            let _: Int = try row.get("t")
        }
    }

    @Test func whatWouldChangeInStorageIsRefused() async throws {
        let database = try Database(path: nil, migrations: letters)
        for value in ["a\0b", Double.nan] as [any SQLValue] {
            await #expect(throws: StorageError.self) {
                try await database.write { try $0.run("INSERT INTO letter VALUES (?, 1)", value) }
            }
        }
    }

    @Test func brokenRulesAreTyped() async throws {
        let database = try Database(
            path: nil,
            migrations: letters + [Migration("mail", "CREATE TABLE mail (letter TEXT REFERENCES letter (name))")])
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        let cases: [(String, StorageError.Constraint)] = [
            ("INSERT INTO letter VALUES ('a', 1)", .unique),
            ("INSERT INTO letter VALUES ('b', 0)", .check),
            ("INSERT INTO letter VALUES ('b', NULL)", .notNull),
            ("INSERT INTO mail VALUES ('nobody')", .foreignKey),
        ]
        for (sql, kind) in cases {
            await #expect(sql.comment) {
                try await database.write { try $0.run(sql) }
            } throws: { error in
                if case StorageError.constraint(kind, message: _) = error { return true }
                return false
            }
        }
    }

    @Test func everyRowOfReturningIsWritten() async throws {
        let database = try Database(path: nil, migrations: letters)
        let first = try await database.write { db in
            try db.row("INSERT INTO letter VALUES ('a', 1), ('b', 2), ('c', 3) RETURNING name")
        }
        #expect(try first?.get("name") == "a")
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 3)
    }

    @Test func aSavepointUndoesOnlyItself() async throws {
        struct Stop: Error {}
        let database = try Database(path: nil, migrations: letters)
        try await database.write { db in
            try db.run("INSERT INTO letter VALUES ('a', 1)")
            try? db.savepoint {
                try db.run("INSERT INTO letter VALUES ('b', 1)")
                throw Stop()
            }
        }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 1)
    }
}

extension String {
    fileprivate var comment: Comment { Comment(rawValue: self) }
}
