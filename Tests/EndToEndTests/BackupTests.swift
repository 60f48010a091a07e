import Daejeon
import Foundation
import JSON
import ServiceKit
import Synchronization
import Testing
import Vocabulary

/// A backup that is made while clients write: in another set everything that was acknowledged before it began is there,
/// the ledger is sound, and the personal data open with the key that was kept apart.
@Suite(.timeLimit(.minutes(5))) struct BackupTests {
    @Test func aBackupUnderLoadIsWholeInAnotherSet() async throws {
        let other = "/tmp/ie-\(UUID().uuidString.prefix(8).lowercased())"
        defer { try? FileManager.default.removeItem(atPath: other) }
        let place = other + "/backup"
        try FileManager.default.createDirectory(atPath: other + "/data", withIntermediateDirectories: true)

        let (promised, person) = try await RunningSet.with { set in
            var results: [String: JSON] = [:]
            for call in Daejeon.load {
                results[call.alias] = try await set.persist(
                    call.method, call.parameters(results: results), key: call.idempotencyKey)
            }
            let book = Book()
            let writers = (0..<4).map { number in Task { try await book.write(set.client, number) } }
            while book.acknowledged.count < 100 { try await Task.sleep(for: .milliseconds(5)) }

            let promised = book.acknowledged
            let outcome = try await set.execute("ieum", ["backup", place, "--json"])
            #expect(outcome.status == 0, "\(outcome.output)")
            let later = book.acknowledged.count
            #expect(later > promised.count, "the work went on meanwhile")
            for writer in writers { writer.cancel() }
            for writer in writers { _ = try await writer.value }

            let manifest = try JSON(parsing: outcome.output)
            let names = manifest["copies"]?.array?.compactMap { $0["service"]?.string } ?? []
            #expect(Set(names) == Set(RunningSet.services))
            #expect(manifest["withKeys"] == false)
            #expect(!FileManager.default.fileExists(atPath: place + "/talent.key"))
            // Neither a second backup into it nor a restore over a set that runs.
            #expect(try await set.execute("ieum", ["backup", place]).status == 64)
            let refusal = try await set.execute("ieum", ["restore", place])
            #expect(refusal.status == 4 && refusal.output.contains("ieum down"), "\(refusal.output)")
            // The key takes another way.
            try FileManager.default.copyItem(atPath: set.data + "/talent.key", toPath: other + "/data/talent.key")
            return (promised, results["per-hong"]?["id"] ?? .null)
        }

        let restored = try await run(["restore", place], in: other)
        #expect(restored.status == 0 && restored.output.contains("ieum up"), "\(restored.output)")
        #expect(try await run(["up", "--detach"], in: other).status == 0)
        let client = try Client(endpoint: "ipc://\(other)/run/gateway.sock")
        do {
            try await check(client, promised, person)
        } catch {
            Issue.record("\(error)")
        }
        client.close()
        #expect(try await run(["down"], in: other).status == 0)

        // A restore that was killed between two files: nothing starts until it was done again.
        try Data(place.utf8).write(to: URL(filePath: other + "/data/restore-unfinished"))
        let mixed = try await run(["up", "--detach"], in: other)
        #expect(mixed.status == 4 && mixed.output.contains("ieum restore \(place)"), "\(mixed.output)")

        // Again: what is there now is moved aside and not lost.
        #expect(try await run(["restore", place], in: other).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: other + "/data")
        #expect(names.count { $0.hasPrefix("before-restore-") } == 1)
        #expect(!names.contains("restore-unfinished"))
    }

    @Test func aDamagedBackupChangesNothing() async throws {
        try await RunningSet.with { set in
            let place = set.folder + "/backup"
            let made = try await set.execute("ieum", ["backup", place, "--with-keys"])
            #expect(made.status == 0 && made.output.contains("key"), "\(made.output)")
            #expect(FileManager.default.fileExists(atPath: place + "/talent.key"))
            let other = set.folder + "/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            let path = URL(filePath: place + "/fund.sqlite")
            let whole = try Data(contentsOf: path)
            var bytes = whole
            bytes[bytes.count / 2] ^= 0x01
            try bytes.write(to: path)
            let damaged = try await run(["restore", place], in: other)
            #expect(damaged.status == 4 && damaged.output.contains("fund.sqlite"), "\(damaged.output)")
            #expect(!FileManager.default.fileExists(atPath: other + "/data/matching.sqlite"))
            try whole.write(to: path)
            #expect(try await run(["restore", place], in: other).status == 0)
            #expect(FileManager.default.fileExists(atPath: other + "/data/talent.key"))
            try FileManager.default.removeItem(atPath: place + "/manifest.json")
            #expect(try await run(["restore", place], in: other).status == 64)
        }
    }

    @Test func placesThatCannotBeAreNamedByTheServices() async throws {
        try await RunningSet.with { set in
            for service in RunningSet.services {
                for (directory, rule) in [("relative", "absolute"), (set.folder + "/none", "does not exist")] {
                    do {
                        _ = try await set.client.call(
                            "service.backup", ["directory": .string(directory)], service: service)
                        Issue.record("\(service) copied into \(directory)")
                    } catch let fault as Fault {
                        #expect(fault.data["fields"]?.at("/0/pointer") == "/directory")
                        #expect(fault.json.text.contains(rule), "\(service): \(fault.json.text)")
                    }
                }
            }
        }
    }

    private func check(_ client: Client, _ promised: [JSON], _ person: JSON) async throws {
        for id in promised {
            #expect(try await client.call("matching.organisations.get", ["id": id])["id"] == id)
        }
        let check = try await client.call("fund.ledger.check")
        #expect(check["isSound"] == true && check["postedSum"] == 0 && check["pendingSum"] == 0)
        let seen = try await client.call("talent.people.reveal", ["id": person, "purpose": "correction"])
        #expect(seen["name"]?.string?.isEmpty == false)
        // Every event of what was promised is in the log.
        var subjects: Set<JSON> = []
        var after: JSON = 0
        while true {
            let page = try await client.call(
                "gateway.events.read", ["after": after, "limit": 1_000, "types": ["ieum.matching.organisation.*"]])
            for event in page["items"]?.array ?? [] { subjects.insert(event["subject"] ?? .null) }
            guard let next = page["next"], !next.isNull else { break }
            after = next
        }
        #expect(promised.allSatisfy { subjects.contains($0) })
        // The data set is known by its keys, and is not there twice.
        let first = try #require(Daejeon.load.first)
        let again = try await client.call(
            first.method, try first.parameters(results: [:]), key: first.idempotencyKey)
        let found =
            try await client.call(
                "matching.organisations.list", ["name": again["nameKo"] ?? .null])["items"]?.array ?? []
        #expect(found.count { $0["nameKo"] == again["nameKo"] } == 1)
    }

    private func run(_ arguments: [String], in folder: String) async throws -> RunningSet.Outcome {
        let output = folder + "/out-\(UUID().uuidString.prefix(8))"
        let process = try RunningSet.spawn("ieum", arguments, folder: folder, output: output)
        for _ in 0..<6_000 where process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        if process.isRunning { process.end() }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return RunningSet.Outcome(status: process.terminationStatus, output: text)
    }
}

/// What clients were told.
private final class Book: Sendable {
    private let list = Mutex<[JSON]>([])
    var acknowledged: [JSON] { list.withLock { $0 } }

    func write(_ client: Client, _ number: Int) async throws {
        var count = 0
        while !Task.isCancelled {
            count += 1
            do {
                let organisation = try await client.call(
                    "matching.organisations.create",
                    ["kind": "company", "nameKo": .string("시험 기업 \(number)-\(count)"), "region": "KR-30"])
                list.withLock { $0.append(organisation["id"] ?? .null) }
            } catch let fault as Fault where fault.code == .cancelled {
                return
            }
        }
    }
}
