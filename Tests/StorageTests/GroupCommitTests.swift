import Foundation
import Storage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct GroupCommit {
    struct Refused: Error {}

    /// Holds the writer so that the next writes wait together.
    private func blocked(_ database: Database) async -> DispatchSemaphore {
        let (begun, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        database.submitWrite({ _ in
            begun.signal()
            release.wait()
        }) { _ in }
        await Task.detached { begun.wait() }.value
        return release
    }

    @Test func whatWaitsIsCommittedOnceAndFailuresStayAlone() async throws {
        let scratch = try Scratch()
        var limits = Database.Limits()
        limits.groupDuration = .seconds(600)
        let database = try Database(path: scratch.path, migrations: letters, limits: limits)
        let release = await blocked(database)
        let outcomes = Mutex<[Int: Bool]>([:])
        let done = DispatchSemaphore(value: 0)
        for number in 0..<100 {
            database.submitWrite({ db in
                try db.run("INSERT INTO letter VALUES (?, 1)", "\(number)")
                if number % 10 == 3 { throw Refused() }
            }) { result in
                outcomes.withLock { $0[number] = (try? result.get()) != nil }
                done.signal()
            }
        }
        release.signal()
        await Task.detached { for _ in 0..<100 { done.wait() } }.value
        let kept = try await database.read { try $0.rows("SELECT * FROM letter").count }
        #expect(kept == 90)
        #expect(outcomes.withLock { $0.filter { $0.value }.count } == 90)
        #expect(outcomes.withLock { $0[13] } == false)
        #expect(database.counts.commits == 1)
        #expect(database.counts.writes == 91)
        #expect(database.counts.failures == 10)
        database.close()
    }

    @Test func nothingIsWrittenAfterTheEngineEndedTheTransaction() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        await #expect(throws: StorageError.self) {
            try await database.write { db in
                try db.run("INSERT INTO letter VALUES ('a', 1)")
                _ = try? db.run("INSERT OR ROLLBACK INTO letter VALUES ('a', 1)")
                try db.run("INSERT INTO letter VALUES ('b', 1)")
            }
        }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 0)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('c', 1)") }
        database.close()
    }

    @Test func aGroupHasALargestSize() async throws {
        let scratch = try Scratch()
        var limits = Database.Limits()
        limits.groupWrites = 8
        let database = try Database(path: scratch.path, migrations: letters, limits: limits)
        let writes = (0..<64).map { number in
            Task { try await database.write { try $0.run("INSERT INTO letter VALUES (?, 1)", "\(number)") } }
        }
        for write in writes { #expect(try await write.value == 1) }
        #expect(database.counts.largestGroup <= 8)
        #expect(database.counts.commits >= 8)
    }

    @Test func aFailedCommitFailsTheWholeGroup() async throws {
        let scratch = try Scratch()
        let database = try Database(
            path: scratch.path,
            migrations: letters + [
                Migration(
                    "late", "CREATE TABLE late (letter TEXT REFERENCES letter (name) DEFERRABLE INITIALLY DEFERRED)")
            ])
        let release = await blocked(database)
        let good = Task { try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") } }
        let bad = Task { try await database.write { try $0.run("INSERT INTO late VALUES ('nobody')") } }
        while database.counts.waitingWrites < 2 { await Task.yield() }
        release.signal()
        await #expect(throws: StorageError.self) { try await good.value }
        await #expect(throws: StorageError.self) { try await bad.value }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 0)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        database.close()
    }

    @Test func closingFinishesWhatWaits() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        let answered = Mutex(0)
        for number in 0..<500 {
            database.submitWrite({ try $0.run("INSERT INTO letter VALUES (?, 1)", "\(number)") }) { _ in
                answered.withLock { $0 += 1 }
            }
        }
        database.close()
        database.close()
        #expect(answered.withLock { $0 } == 500)
        let again = try Database(path: scratch.path, migrations: letters)
        #expect(try await again.read { try $0.rows("SELECT * FROM letter").count } == 500)
        again.close()
    }
}
