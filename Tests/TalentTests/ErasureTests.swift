import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Talent

@Suite struct ErasureTests {
    @Test func leavesATombstoneAndWhatWasAgreed() async throws {
        let world = try World()
        let id = try await world.register()
        let posting = try await world.posting()
        try await world.agree(posting, id)
        let posted = try await world.kit.call("talent.engagements.hold", world.hold(id, 10, 20, 30))
        try await world.kit.call("talent.engagements.post", ["id": posted["id"] ?? .null])
        let held = try await world.kit.call("talent.engagements.hold", world.hold(id, 10, 20, 30))
        let tombstone = try await world.kit.call("talent.people.erase", ["id": id, "reason": "subject-request"])
        #expect(tombstone["postedEngagements"] == 1 && tombstone["reason"] == "subject-request")
        // Again: the same answer, and no second event.
        let again = try await world.kit.call("talent.people.erase", ["id": id, "reason": "duplicate"])
        #expect(again == tombstone)
        #expect(try await world.types().count { $0 == "ieum.talent.person.erased" } == 1)

        let profile = try await world.kit.call("talent.people.get", ["id": id])
        #expect(profile["state"] == "erased" && profile["name"] ?? .null == .null && profile["skills"] == [])
        #expect(profile["region"] ?? .null == .null)
        #expect(try await world.kit.call("talent.engagements.get", ["id": held["id"] ?? .null])["state"] == "voided")
        #expect(try await world.kit.call("talent.engagements.get", ["id": posted["id"] ?? .null])["state"] == "posted")
        for (method, parameters) in [
            ("talent.people.reveal", ["id": id, "purpose": "subject-access"]),
            ("talent.people.reveal", ["id": id, "postingId": posting, "purpose": "interview"]),
            ("talent.people.update", ["id": id, "name": "새 이름"]),
            ("talent.consents.grant", ["personId": id, "purpose": "recommendation"]),
            ("talent.engagements.hold", world.hold(id, 10, 20, 1)),
        ] as [(String, JSON)] {
            #expect(try await world.fault(method, parameters).code == .notFound, "\(method)")
        }
        let answer = try await world.kit.call("talent.recommend", ["postingId": posting])
        #expect(answer["items"] == [])
    }

    @Test func destroysTheKeyInThePagesToo() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = try World(path: "\(folder)/talent.sqlite")
        let id = try await world.register()
        for _ in 0..<3 { _ = try await world.register() }
        let person = try #require(id.string.flatMap { PersonID($0) })
        let (wrapped, seals) = try await world.kit.database.read { db in
            let key: [UInt8] = try #require(
                try db.row("SELECT wrapped FROM person_keys WHERE person_id = ?", person)
            ).get("wrapped")
            let seals: [[UInt8]] = try db.rows("SELECT sealed FROM personal_data WHERE person_id = ?", person).map {
                try $0.get("sealed")
            }
            return (key, seals)
        }
        #expect(seals.count == 5)
        try await world.kit.call("talent.people.erase", ["id": id, "reason": "retention-ended"])
        // A backup is a copy of the pages with their free space, without the write-ahead log's old frames.
        let backup = "\(folder)/backup.sqlite"
        try await world.kit.database.backup(to: backup)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        #expect(bytes.range(of: Data(id.string.map(\.utf8).map(Array.init) ?? [])) != nil, "the tombstone stays")
        #expect(bytes.range(of: Data(wrapped)) == nil, "the key is still there")
        for seal in seals { #expect(bytes.range(of: Data(seal)) == nil, "a ciphertext is still there") }
        // And so are the database's own files, while it is open: the log of recent writes was emptied.
        for suffix in ["", "-wal", "-shm"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/talent.sqlite\(suffix)"))
            #expect(bytes.range(of: Data(wrapped)) == nil, "the key is in talent.sqlite\(suffix)")
            for seal in seals { #expect(bytes.range(of: Data(seal)) == nil, "a seal is in talent.sqlite\(suffix)") }
        }
        world.kit.database.close()
    }

    @Test func needsTheOwnerAndAReasonOfTheList() async throws {
        let world = try World()
        let id = try await world.register()
        #expect(try await world.refuses("talent.people.erase", ["id": id, "reason": "김철수 요청"], at: "/reason"))
        #expect(try await world.refuses("talent.people.erase", ["id": id], at: "/reason"))
        let stranger = try await world.fault(
            "talent.people.erase", ["id": id, "reason": "duplicate"], principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
        let unknown = PersonID.new(at: world.kit.now)
        let fault = try await world.fault("talent.people.erase", ["id": "\(unknown)", "reason": "duplicate"])
        #expect(fault.code == .notFound)
    }
}
