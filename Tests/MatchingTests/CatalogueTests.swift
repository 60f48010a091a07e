import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

/// The index beside its database: after a start, after damage, over another database, it answers as the rows say.
@Suite("The catalogue", .timeLimit(.minutes(2)))
struct CatalogueTests {
    let folder = FileManager.default.temporaryDirectory.path + "/ieum-catalogue-\(UInt64.random(in: 0 ... .max))"
    private var path: String { folder + "/matching.sqlite" }
    private var index: String { folder + "/matching.index" }

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// What of the technologies the index finds for a word, by their titles.
    private func find(_ word: String, _ catalogue: Catalogue, _ database: Database) async throws -> [String] {
        try await database.read { db in
            let index = try catalogue.current(db).technologies
            let query = Query(catalogue.tokeniser.vector(of: word))
            let ids = index.nearest(query, index.statistics(for: query), count: 100).map(\.document.key)
            let rows = try Profile<TechnologyKind>.find(ids, db)
            #expect(rows.count == ids.count)
            return ids.compactMap { rows[$0]?.title }.sorted()
        }
    }

    private func blocksInFiles(_ catalogue: Catalogue, _ database: Database) async throws -> Bool {
        try await database.read { db in
            let blocks = try catalogue.current(db).technologies.blocks
            return !blocks.isEmpty && blocks.allSatisfy { $0.memory.path != nil }
        }
    }

    /// Lets the job run until both indexes are kept.
    private func keep(_ catalogue: Catalogue, _ database: Database) async throws {
        let manifests = ["demands", "technologies"].map { "\(index)/\($0)/manifest" }
        while !manifests.allSatisfy(FileManager.default.fileExists) {
            while try await database.read({ try catalogue.keepUp($0) }) {}
            try await Task.sleep(for: .milliseconds(5))
        }
        // The blocks of the index in use are exchanged just after.
        while try await !blocksInFiles(catalogue, database) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func aStartTakesUpWhatIsKeptAndFollows() async throws {
        defer { clear() }
        let exchange = try await Exchange(path: path)
        let database = exchange.kit.database
        _ = try await exchange.technology("드론 관제")
        let gone = try await exchange.technology("드론 배송")
        try await keep(Catalogue(directory: index), database)

        let second = Catalogue(directory: index)
        #expect(try await find("드론", second, database) == ["드론 관제", "드론 배송"])
        #expect(try await blocksInFiles(second, database))
        // What changed since is followed, by this start and by the next.
        try await exchange.kit.call("matching.technologies.withdraw", ["id": .string(gone), "reason": "지남"])
        _ = try await exchange.technology("드론 방제")
        #expect(try await find("드론", second, database) == ["드론 관제", "드론 방제"])
        #expect(try await find("드론", Catalogue(directory: index), database) == ["드론 관제", "드론 방제"])
        database.close()
    }

    @Test func damageIsAnsweredFromTheDatabase() async throws {
        defer { clear() }
        let exchange = try await Exchange(path: path)
        let database = exchange.kit.database
        for number in 0..<20 { _ = try await exchange.technology("드론 \(number)") }
        let before = try await find("드론", Catalogue(), database)
        for round in 0..<12 {
            try await keep(Catalogue(directory: index), database)
            let files = try FileManager.default.contentsOfDirectory(atPath: index + "/technologies").filter {
                $0 != "lock"
            }.sorted()
            let file = index + "/technologies/" + files[round % files.count]
            let whole = try Data(contentsOf: URL(filePath: file))
            try FileManager.default.removeItem(atPath: file)
            if round % 3 > 0 { try whole.prefix(whole.count * round / 12).write(to: URL(filePath: file)) }
            let catalogue = Catalogue(directory: index)
            #expect(try await find("드론", catalogue, database) == before)
            #expect(try await !blocksInFiles(catalogue, database))
        }
        database.close()
    }

    /// Another database of the same name: an older copy, and one that has gone another way from there.
    @Test func anotherPastIsNoticed() async throws {
        defer { clear() }
        let exchange = try await Exchange(path: path)
        _ = try await exchange.technology("드론 관제")
        let copy = folder + "/copy.sqlite"
        try await exchange.kit.database.backup(to: copy)
        let lost = try await exchange.technology("드론 배송")
        try await exchange.kit.call("matching.technologies.withdraw", ["id": .string(lost), "reason": "지남"])
        _ = try await exchange.technology("드론 방제")
        try await keep(Catalogue(directory: index), exchange.kit.database)
        exchange.kit.database.close()

        let kept = folder + "/kept.index"
        try FileManager.default.copyItem(atPath: index, toPath: kept)
        let older = try TestService(Matching.service, path: copy)
        #expect(try await find("드론", Catalogue(directory: index), older.database) == ["드론 관제"])
        // The older one goes on past the change that the kept index has followed.
        let institute = try await older.database.read { db in
            try db.row("SELECT id FROM organisation WHERE kind = 'institute'")?.get("id") as String?
        }
        for number in 0..<8 {
            let id = try await older.call(
                "matching.technologies.create",
                [
                    "organisationId": .string(try #require(institute)), "title": .string("다른 드론 \(number)"),
                    "summary": "드론",
                ]
            ).text("id")
            try await older.call("matching.technologies.publish", ["id": .string(id)])
        }
        try FileManager.default.removeItem(atPath: index)
        try FileManager.default.moveItem(atPath: kept, toPath: index)
        let wanted = (["드론 관제"] + (0..<8).map { "다른 드론 \($0)" }).sorted()
        #expect(try await find("드론", Catalogue(directory: index), older.database) == wanted)
        older.database.close()
    }

    @Test func whatIsNotCommittedJudgesNothing() async throws {
        struct RolledBack: Error {}
        defer { clear() }
        let exchange = try await Exchange(path: path)
        let technology = try await exchange.technology("드론 관제")
        let database = exchange.kit.database
        try await keep(Catalogue(directory: index), database)
        let catalogue = Catalogue(directory: index)
        await #expect(throws: RolledBack.self) {
            _ = try await database.write { db in
                try db.run("UPDATE profile_clock SET sequence = sequence + 1")
                try db.run(
                    """
                    UPDATE profile SET state = 'withdrawn', changed = (SELECT sequence FROM profile_clock) WHERE id = ?
                    """, technology)
                #expect(try catalogue.current(db, isCommitted: false).technologies.count == 0)
                throw RolledBack()
            }
        }
        #expect(try await find("드론", catalogue, database) == ["드론 관제"])
        database.close()
    }
}
