import Foundation
import Storage
import Testing

@Suite(.timeLimit(.minutes(5))) struct Durability {
    /// Where the process that is to be killed writes; set for that process only.
    private static let childPath = ProcessInfo.processInfo.environment["IEUM_STORAGE_TEST_CHILD"]

    /// Runs this same test program again as the process that is killed. (`#expect(processExitsWith:)` would be
    /// shorter, but its expansion is not free of unsafe code.)
    private func childIsKilled(path: String) throws -> Bool {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        var arguments = Array(CommandLine.arguments.dropFirst())
        while let filter = arguments.firstIndex(of: "--filter") { arguments.removeSubrange(filter...(filter + 1)) }
        child.arguments = arguments + ["--filter", "writesUntilItIsKilled"]
        child.environment = ProcessInfo.processInfo.environment.merging(["IEUM_STORAGE_TEST_CHILD": path]) { $1 }
        child.standardOutput = FileHandle.nullDevice
        try child.run()
        child.waitUntilExit()
        return child.terminationReason == .uncaughtSignal && child.terminationStatus == SIGKILL
    }

    @Test(.enabled(if: childPath != nil)) func writesUntilItIsKilled() throws {
        let path = try #require(Self.childPath)
        let database = try Database(path: path, migrations: letters)
        let acknowledged = unsafe open(path + ".acknowledged", O_CREAT | O_WRONLY | O_APPEND, 0o600)
        for number in 0... {
            database.submitWrite({ try $0.run("INSERT INTO letter VALUES (?, 1)", "\(number)") }) { result in
                guard (try? result.get()) != nil else { return }
                let line = "\(number)\n"
                _ = unsafe write(acknowledged, line, line.utf8.count)
                if number > 2_000 { kill(getpid(), SIGKILL) }
            }
        }
    }

    @Test(.enabled(if: childPath == nil)) func aKilledProcessLosesNothingItAcknowledged() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        #expect(try childIsKilled(path: path))
        let acknowledged = try String(contentsOfFile: path + ".acknowledged", encoding: .utf8).split(separator: "\n")
        let database = try Database(path: path, migrations: letters)
        let kept = try await database.read { db in
            Set(try db.rows("SELECT name FROM letter").map { try $0.get("name") as String })
        }
        #expect(acknowledged.count > 100)
        #expect(acknowledged.allSatisfy { kept.contains(String($0)) })
        database.close()
    }

    @Test func aBackupIsMadeWhileWritesGoOn() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        let writing = Task {
            var number = 0
            while !Task.isCancelled {
                number += 1
                try await database.write { [number] in try $0.run("INSERT INTO letter VALUES (?, 1)", "\(number)") }
            }
            return number
        }
        while database.counts.writes < 20 { await Task.yield() }
        let copy = scratch.directory + "/kept/copy.sqlite"
        try await database.backup(to: copy)
        writing.cancel()
        let written = try await writing.value
        database.close()
        let restored = try Database(path: copy, migrations: letters)
        let count = try await restored.read { try $0.rows("SELECT * FROM letter").count }
        #expect(count >= 20 && count <= written)
        #expect(!FileManager.default.fileExists(atPath: copy + ".partial"))
        restored.close()
    }
}

@Suite(.timeLimit(.minutes(5))) struct Opening {
    @Test func migrationsRunOnceAndMayNotChange() async throws {
        let scratch = try Scratch()
        let second = Migration(
            "more", "ALTER TABLE letter ADD COLUMN colour TEXT; CREATE INDEX by_size ON letter (size)")
        try Database(path: scratch.path, migrations: letters).close()
        try Database(path: scratch.path, migrations: letters + [second]).close()
        try Database(path: scratch.path, migrations: letters + [second]).close()
        #expect(throws: StorageError.databaseIsNewer(migration: "more", path: scratch.path)) {
            _ = try Database(path: scratch.path, migrations: letters)
        }
        #expect(throws: StorageError.migrationChanged(name: "letters", path: scratch.path)) {
            _ = try Database(
                path: scratch.path, migrations: [Migration("letters", "CREATE TABLE letter (name TEXT)"), second])
        }
        let broken = Migration("broken", "CREATE TABLE half (x TEXT); CREATE TABLE letter (name TEXT)")
        #expect(throws: StorageError.self) {
            _ = try Database(path: scratch.path, migrations: letters + [second, broken])
        }
        let database = try Database(path: scratch.path, migrations: letters + [second])
        #expect(try await database.read { try $0.rows("SELECT * FROM sqlite_master WHERE name = 'half'").isEmpty })
        database.close()
    }

    @Test func theFileIsPrivate() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        for suffix in ["", "-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + suffix)
            #expect((attributes[.posixPermissions] as? Int) == 0o600)
        }
        database.close()
    }

    @Test func aDamagedFileIsNamed() throws {
        let scratch = try Scratch()
        try String(repeating: "this is not a database ", count: 400).write(
            toFile: scratch.path, atomically: true, encoding: .utf8)
        #expect {
            _ = try Database(path: scratch.path, migrations: letters)
        } throws: { error in
            "\(error)".contains(scratch.path) && "\(error)".contains("restore the latest backup")
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel"))) func aReadOnlyPlaceIsNamed() throws {
        // Nobody may create files here, root included.
        let path = "/sys/kernel/ieum.sqlite"
        #expect {
            _ = try Database(path: path, migrations: letters)
        } throws: { error in
            "\(error)".contains(path)
        }
    }

    @Test func aFullDiskFailsTheWriteAndNothingElse() async throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path, migrations: letters)
        // The engine says the same at its own limit of pages as at the end of a disk.
        try await database.write { _ = try $0.rows("PRAGMA max_page_count = 20") }
        try await database.write { try $0.run("INSERT INTO letter VALUES ('a', 1)") }
        await #expect(throws: StorageError.noSpace(path: scratch.path)) {
            try await database.write { db in
                try db.run("INSERT INTO letter VALUES (?, 1)", String(repeating: "x", count: 200_000))
            }
        }
        try await database.write { try $0.run("INSERT INTO letter VALUES ('b', 1)") }
        #expect(try await database.read { try $0.rows("SELECT * FROM letter").count } == 2)
        #expect("\(StorageError.noSpace(path: scratch.path))".contains("Free space"))
        database.close()
    }
}
