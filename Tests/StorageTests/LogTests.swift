import Foundation
import Storage
import Testing

/// The write-ahead log holds what was overwritten until it is emptied.
@Suite(.timeLimit(.minutes(5))) struct LogTests {
    private func bytes(_ scratch: Scratch) -> Data {
        ["", "-wal", "-shm", "-journal"].reduce(into: Data()) { all, suffix in
            all += FileManager.default.contents(atPath: scratch.path + suffix) ?? Data()
        }
    }

    private func names(in scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted()
    }

    @Test func aClosedDatabaseIsOneFile() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        _ = try await database.read { try $0.rows("SELECT * FROM letter").count }
        #expect(try names(in: scratch).contains("letters.sqlite-wal"))
        database.close()
        #expect(try names(in: scratch) == ["letters.sqlite"])
    }

    @Test func closingWaitsForACopyThatIsBeingMade() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        async let copied: Void = database.backup(to: scratch.directory + "/copy.sqlite")
        try await copied
        database.close()
        #expect(try names(in: scratch) == ["copy.sqlite", "letters.sqlite"])
        await #expect(throws: StorageError.closed) { try await database.backup(to: scratch.directory + "/late.sqlite") }
    }

    @Test func whatWasOverwrittenLeavesTheLogWhenItIsEmptied() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        let secret = "secret-\(UUID().uuidString)"
        try await database.write { try $0.run("INSERT INTO letter VALUES (?, 1)", secret) }
        try await database.write { try $0.run("DELETE FROM letter") }
        #expect(bytes(scratch).range(of: Data(secret.utf8)) != nil, "the log keeps it for now")
        #expect(try await database.emptyLog())
        #expect(bytes(scratch).range(of: Data(secret.utf8)) == nil)
        // Both threads go on.
        try await database.write { try $0.run("INSERT INTO letter VALUES ('b', 1)") }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 1)
        database.close()
    }

    @Test func aReaderOfThePastHoldsItUpAndNothingElse() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        let (begun, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let seen = database.read { db in
            let count = try db.rows("SELECT * FROM letter").count
            begun.signal()
            done.wait()
            return count
        }
        await Task.detached { begun.wait() }.value
        try await database.write { try $0.run("INSERT INTO letter VALUES ('b', 1)") }
        #expect(try await !database.emptyLog(within: .milliseconds(50)))
        try await database.write { try $0.run("INSERT INTO letter VALUES ('c', 1)") }
        done.signal()
        #expect(try await seen == 1)
        #expect(try await database.emptyLog())
        database.close()
    }

    @Test func whatAKilledProcessLeftInTheLogIsBroughtIn() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        // The files as they stand now are what a killed process leaves.
        let place = scratch.directory + "/killed.sqlite"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: scratch.path + suffix, toPath: place + suffix)
        }
        let killed = try Database(path: place, migrations: letters)
        let log = try FileManager.default.attributesOfItem(atPath: place + "-wal")
        #expect(log[.size] as? Int == 0)
        #expect(try await killed.read { try $0.rows("SELECT * FROM letter").count } == 1)
        killed.close()
        database.close()
    }

    @Test func aCopyIsVerified() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        for number in 0..<200 {
            try await database.write { try $0.run("INSERT INTO letter VALUES (?, 1)", "letter number \(number)") }
        }
        let place = scratch.directory + "/copy.sqlite"
        try await database.backup(to: place)
        #expect(try DatabaseCopy(path: place).verify() == ["letters"])
        #expect(throws: StorageError.self) { try DatabaseCopy(path: scratch.directory + "/none.sqlite").verify() }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: place))
        let end = bytes.count - 1
        for index in (end - 3_000)...end { bytes[index] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: place))
        #expect(throws: StorageError.self) { try DatabaseCopy(path: place).verify() }
        database.close()
    }

    @Test func aDatabaseInUseIsNoticed() throws {
        let scratch = try Scratch()
        let file = DatabaseCopy(path: scratch.path)
        #expect(try !file.isInUse())
        let database = try Database(path: scratch.path, migrations: letters)
        #expect(try file.isInUse())
        database.close()
        #expect(try !file.isInUse())
        #expect(try names(in: scratch) == ["letters.sqlite"])
    }
}
