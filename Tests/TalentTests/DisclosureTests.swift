import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Talent

@Suite struct DisclosureTests {
    private func rule(_ fault: Fault) -> String? { fault.data["rule"]?.string }

    @Test func showsTheContactOnlyAfterBothAgreedAndForAStatedTime() async throws {
        let world = try World()
        let person = try await world.register(principal: "uid:10")
        let posting = try await world.posting(principal: "uid:20")
        let look: JSON = ["id": person, "postingId": posting, "purpose": "interview"]
        func refused() async throws -> String? {
            rule(try await world.fault("talent.people.reveal", look, principal: "uid:20", roles: member))
        }
        #expect(try await refused() == "contact.notAgreed")
        let ask: JSON = ["postingId": posting, "personId": person, "side": "organisation"]
        try await world.kit.call("talent.interests.express", ask, principal: "uid:20", roles: member)
        #expect(try await refused() == "contact.notAgreed")
        let answer: JSON = ["postingId": posting, "personId": person, "side": "person"]
        let agreed = try await world.kit.call("talent.interests.express", answer, principal: "uid:10", roles: member)
        #expect(agreed["state"] == "agreed")

        let contact = try await world.kit.call("talent.people.reveal", look, principal: "uid:20", roles: member)
        #expect(contact["name"] == "김철수" && contact["phone"] == "010-1234-5678")
        #expect(contact["birthYear"] ?? .null == .null, "an organisation does not need it")
        #expect(contact["visibleUntil"] == agreed["contactUntil"])
        // Not to another organisation, whatever it knows.
        let other = try await world.fault("talent.people.reveal", look, principal: "uid:30", roles: member)
        #expect(other.code == .forbidden)

        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "contact"])
        #expect(try await refused() == "consent.contact")
        try await world.kit.call("talent.consents.grant", ["personId": person, "purpose": "contact"])
        try await world.kit.advance(seconds: 30 * 86_400)
        #expect(try await refused() == "contact.expired")
    }

    @Test func showsTheOwnDataToThePersonsSide() async throws {
        let world = try World()
        let person = try await world.register(principal: "uid:10")
        let look: JSON = ["id": person, "purpose": "subject-access"]
        let own = try await world.kit.call("talent.people.reveal", look, principal: "uid:10", roles: member)
        #expect(own["birthYear"] == 1968 && own["email"] == "chulsoo.kim@example.org")
        let stranger = try await world.fault("talent.people.reveal", look, principal: "uid:20", roles: member)
        #expect(stranger.code == .forbidden)
        #expect(try await world.refuses("talent.people.reveal", ["id": person], at: "/purpose"))
        #expect(try await world.refuses("talent.people.reveal", ["id": person, "purpose": "궁금해서"], at: "/purpose"))
    }

    @Test func isNeverKeptForARepeatedKey() async throws {
        let world = try World()
        let person = try await world.register()
        let look: JSON = ["id": person, "purpose": "correction"]
        let first = try await world.kit.call("talent.people.reveal", look, key: "k")
        #expect(first["name"] == "김철수")
        // The same key shows it again, as it is now, and is a look of its own in the log.
        try await world.kit.call("talent.people.update", ["id": person, "name": "김영수"])
        #expect(try await world.kit.call("talent.people.reveal", look, key: "k")["name"] == "김영수")
        #expect(try await world.kit.call("talent.access.log")["items"]?.array?.count == 2)
        let kept = try await world.kit.database.read { db in
            try db.rows("SELECT response FROM service_idempotency WHERE key = 'k'").map {
                try $0.get("response") as String
            }
        }
        #expect(kept == [""])
    }

    @Test func logsEveryLookAndNoRefusal() async throws {
        let world = try World()
        let (one, two) = (try await world.register(), try await world.register(["email": .null]))
        for person in [one, two, one] {
            try await world.kit.call("talent.people.reveal", ["id": person, "purpose": "contract"], principal: "uid:7")
        }
        _ = try await world.fault(
            "talent.people.reveal", ["id": one, "purpose": "contract"], principal: "uid:8", roles: member)
        let log = try await world.kit.call("talent.access.log", ["personId": one])
        let items = try #require(log["items"]?.array)
        #expect(items.count == 2)
        #expect(items.allSatisfy { $0["principal"] == "uid:7" && $0["purpose"] == "contract" && $0["personId"] == one })
        #expect(items[0]["fields"] == ["birthYear", "cv", "email", "name", "phone"])
        #expect(items[0]["at"] == .string(world.kit.now.description))
        let page = try await world.kit.call("talent.access.log", ["limit": 2])
        #expect(page["items"]?.array?.count == 2)
        let rest = try await world.kit.call("talent.access.log", ["limit": 2, "after": page["next"] ?? .null])
        #expect(rest["items"]?.array?.count == 1)
        #expect(try await world.fault("talent.access.log", [:], roles: member).code == .forbidden)
        #expect(try await world.fault("talent.access.verify", [:], roles: member).code == .forbidden)
    }

    @Test(arguments: [
        "UPDATE access_log SET principal = 'uid:9' WHERE id = (SELECT MIN(id) FROM access_log)",
        "DELETE FROM access_log WHERE id = (SELECT MIN(id) FROM access_log)",
        "UPDATE access_log SET fields = 'name' WHERE id = (SELECT MAX(id) FROM access_log)",
        "DELETE FROM access_log WHERE position = (SELECT MAX(position) FROM access_log)",
        "DELETE FROM access_log",
        "DELETE FROM access_log_end",
    ])
    func noticesAChangedLog(sql: String) async throws {
        let world = try World()
        let person = try await world.register()
        for _ in 0..<3 { try await world.kit.call("talent.people.reveal", ["id": person, "purpose": "contract"]) }
        #expect(try await world.kit.call("talent.access.verify")["intact"] == true)
        _ = try await world.kit.database.write { db in try db.run(sql) }
        let verdict = try await world.kit.call("talent.access.verify")
        #expect(verdict["intact"] == false)
    }

    /// The order of the log is that of its writing, whatever the clock does.
    @Test func staysWholeWhenTheClockStepsBack() async throws {
        let world = try World()
        let person = try await world.register()
        for seconds in [0, -3_600, 1_800] {
            try await world.kit.advance(seconds: Int64(seconds))
            try await world.kit.call("talent.people.reveal", ["id": person, "purpose": "contract"])
        }
        let verdict = try await world.kit.call("talent.access.verify")
        #expect(verdict["intact"] == true && verdict["rows"] == 3 && verdict["head"] != nil)
        let first = try await world.kit.call("talent.access.log", ["limit": 2])
        let rest = try await world.kit.call("talent.access.log", ["after": first["next"] ?? .null])
        let times = ((first["items"]?.array ?? []) + (rest["items"]?.array ?? [])).compactMap { $0["at"]?.string }
        #expect(times.count == 3 && times[1] < times[0] && times[2] < times[0])
    }

    /// Rows of before the end was sealed: they count as they are, and the first new row seals the end.
    @Test func rowsOfTheFirstFormStayValid() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/talent.sqlite"
        let service = Talent.service(World.vault)
        let old = TalentSchema.migrations.prefix { $0.name < "talent-005" }
        let before = try TestService(
            ServiceDefinition(name: "talent", title: service.title, migrations: Array(old), methods: []), path: path)
        let (person, entry) = (PersonID.new(at: before.now), AccessID.new(at: before.now))
        let seal = World.vault.digest(
            ["", "\(entry)", "\(before.now)", "uid:1", "", "\(person)", "name", "contract", ""])
        _ = try await before.database.write { [now = before.now] db in
            try db.run(
                "INSERT INTO people (id, state, owner, created_at, updated_at) VALUES (?, 'active', 'uid:1000', ?, ?)",
                person, now, now)
            try db.run(
                """
                INSERT INTO access_log (id, at, principal, person_id, fields, purpose, seal)
                VALUES (?, ?, 'uid:1', ?, 'name', 'contract', ?)
                """, entry, now, person, seal)
        }
        before.database.close()
        let world = try World(path: path)
        #expect(try await world.kit.call("talent.access.verify")["intact"] == true)
        let other = try await world.register()
        try await world.kit.call("talent.people.reveal", ["id": other, "purpose": "contract"])
        #expect(try await world.kit.call("talent.access.verify").at("/intact") == true)
        _ = try await world.kit.database.write { db in try db.run("DELETE FROM access_log WHERE position = 2") }
        #expect(try await world.kit.call("talent.access.verify")["intact"] == false)
        world.kit.database.close()
    }

    @Test func saysNothingPersonalWhenTheKeyIsWrong() async throws {
        let folder = try temporaryFolder()
        let path = "\(folder)/talent.sqlite"
        let world = try World(path: path)
        let person = try await world.register()
        world.kit.database.close()
        let other = try World(path: path, vault: Vault(master: [UInt8](repeating: 9, count: 32)))
        let fault = try await other.fault("talent.people.reveal", ["id": person, "purpose": "contract"])
        #expect(fault.code == .internalError)
        #expect(try await other.fault("talent.people.get", ["id": person]).code == .internalError)
        other.kit.database.close()
    }
}
