import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Talent

@Suite struct PeopleTests {
    @Test func registersMaskedWithNormalisedSkills() async throws {
        let world = try World()
        let profile = try await world.kit.call("talent.people.register", World.person())
        #expect(profile["name"] == "김○○")
        #expect(profile["state"] == "active" && profile["region"] == "KR-30" && profile["senior"] == true)
        let skills = profile["skills"]?.array?.compactMap { $0["code"]?.string }
        #expect(skills == ["machines.control", "machines.robotics"])
        #expect(profile.at("/skills/1/level") == "expert")
        let id = try #require(profile["id"])
        #expect(try await world.kit.call("talent.people.get", ["id": id]) == profile)
        let text = profile.text
        for secret in ["철수", "chulsoo", "1234", "1968", "책임연구원"] { #expect(!text.contains(secret)) }
    }

    @Test func listsEveryFaultOfPersonalDataWithoutRepeatingIt() async throws {
        let world = try World()
        let wrong = World.person([
            "name": "900101-1234567", "email": "secret-value", "phone": "secret-value", "birthYear": 1800,
            "cv": ["secret": "value"],
        ])
        let fault = try await world.fault("talent.people.register", wrong)
        let fields = try #require(fault.data["fields"]?.array)
        #expect(fields.compactMap { $0["pointer"]?.string } == ["/name", "/email", "/phone", "/birthYear", "/cv"])
        for field in fields { #expect(field["value"] == nil && field["rule"]?["ko"] != nil) }
        for secret in ["900101", "secret", "1800"] { #expect(!fault.json.text.contains(secret)) }
    }

    @Test func refusesIdentityNumbersAnywhere() async throws {
        let world = try World()
        let text: JSON = "생년월일 900101-1234567"
        #expect(try await world.refuses("talent.people.register", World.person(["cv": text]), at: "/cv"))
        let skill: JSON = [["skill": text]]
        #expect(
            try await world.refuses("talent.people.register", World.person(["skills": skill]), at: "/skills/0/skill"))
        let posting: JSON = [
            "organisationId": "\(OrganisationID.new(at: world.kit.now))", "kind": "advisory", "title": text,
            "skills": [["skill": "AI", "need": "must"]], "region": "KR-30", "start": world.day(1), "end": world.day(2),
        ]
        #expect(try await world.refuses("talent.postings.create", posting, at: "/title"))
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        #expect(try await world.refuses("talent.people.register", [:], at: "/name"))
        #expect(try await world.refuses("talent.people.register", World.person(["region": "KR-99"]), at: "/region"))
        #expect(try await world.refuses("talent.people.register", World.person(["skills": []]), at: "/skills"))
        #expect(
            try await world.refuses(
                "talent.people.register", World.person(["skills": [["skill": "AI", "years": 99]]]),
                at: "/skills/0/years"))
        #expect(try await world.refuses("talent.people.get", ["id": "person"], at: "/id"))
        let id = PersonID.new(at: world.kit.now)
        #expect(try await world.fault("talent.people.get", ["id": "\(id)"]).code == .notFound)
        #expect(try await world.fault("talent.people.update", ["id": "\(id)"]).code == .notFound)
        #expect(try await world.refuses("talent.people.list", ["limit": 0], at: "/limit"))
    }

    @Test func updatesOnlyWhatIsSentAndNoticesOldVersions() async throws {
        let world = try World()
        let id = try await world.register()
        let changed = try await world.kit.call(
            "talent.people.update",
            ["id": id, "version": 1, "name": "Jane Doe", "region": "KR-50", "seeks": [], "skills": [["skill": "NGS"]]])
        #expect(changed["name"] == "J. D." && changed["region"] == "KR-50" && changed["version"] == 2)
        #expect(changed["occupation"] == "researcher" && changed["seeks"] == [] && changed["senior"] == true)
        #expect(changed.at("/skills/0/code") == "bio.sequencing" && changed["skills"]?.array?.count == 1)
        let fault = try await world.fault("talent.people.update", ["id": id, "version": 1, "region": "KR-11"])
        #expect(fault.code == .conflict && fault.data["version"] == 2)
        #expect(try await world.kit.call("talent.people.get", ["id": id]) == changed, "a refused change left a trace")
        let stranger = try await world.fault(
            "talent.people.update", ["id": id, "region": "KR-11"], principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
    }

    @Test func listsInPagesForOperatorsOnly() async throws {
        let world = try World()
        var ids: [JSON] = []
        for place in 0..<5 {
            ids.append(try await world.register(["region": place == 2 ? "KR-11" : "KR-30"], share: nil))
        }
        let first = try await world.kit.call("talent.people.list", ["limit": 3])
        #expect(first["items"]?.array?.compactMap { $0["id"] } == Array(ids[0..<3]))
        let rest = try await world.kit.call("talent.people.list", ["limit": 3, "after": first["next"] ?? .null])
        #expect(rest["items"]?.array?.compactMap { $0["id"] } == Array(ids[3...]) && rest["next"] ?? .null == .null)
        let seoul = try await world.kit.call("talent.people.list", ["region": "KR-11"])
        #expect(seoul["items"]?.array?.compactMap { $0["id"] } == [ids[2]])
        #expect(try await world.fault("talent.people.list", [:], roles: member).code == .forbidden)
    }

    @Test func registersOnceForOneKey() async throws {
        let world = try World()
        let first = try await world.kit.call("talent.people.register", World.person(), key: "k1")
        #expect(try await world.kit.call("talent.people.register", World.person(), key: "k1") == first)
        #expect(try await world.kit.call("talent.people.list")["items"]?.array?.count == 1)
    }

    @Test func eventsSayWhichPersonAndNothingElse() async throws {
        let world = try World()
        let id = try await world.register()
        try await world.kit.call("talent.people.update", ["id": id, "name": "박영희"])
        let posting = try await world.posting()
        try await world.agree(posting, id)
        try await world.kit.call("talent.engagements.hold", world.hold(id, 10, 40, 40, ["postingId": posting]))
        try await world.kit.call("talent.people.reveal", ["id": id, "purpose": "subject-access"])
        try await world.kit.call("talent.people.erase", ["id": id, "reason": "subject-request"])
        let types = try await world.types()
        for type in ["person.registered", "person.changed", "interest.agreed", "engagement.held", "person.erased"] {
            #expect(types.contains("ieum.talent.\(type)"))
        }
        for event in try await world.kit.events {
            for secret in ["김", "철수", "박영희", "chulsoo", "010-", "1968", "책임연구원"] {
                #expect(!event.text.contains(secret), "\(event["type"] ?? .null)")
            }
        }
    }

    /// Every byte of the database's files, after everything that a person can go through.
    @Test func databaseFilesHoldNoPersonalText() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = try World(path: "\(folder)/talent.sqlite")
        let id = try await world.register()
        let posting = try await world.posting()
        try await world.agree(posting, id)
        try await world.kit.call("talent.people.reveal", ["id": id, "postingId": posting, "purpose": "interview"])
        try await world.kit.call("talent.people.reveal", ["id": id, "purpose": "correction"], key: "kept")
        try await world.kit.call("talent.people.update", ["id": id, "cv": "나노종합기술원 수석연구원"], key: "k2")
        try await world.kit.call("talent.recommend", ["postingId": posting])
        let secrets = ["철수", "chulsoo.kim", "1234-5678", "책임연구원", "나노종합기술원"]
        var seen = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            seen += bytes.count
            for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)") }
        }
        #expect(seen > 50_000)
        world.kit.database.close()
    }
}

@Suite struct MisspeltNames {
    @Test(
        arguments: [
            ["phon": "010-9876-5432"], ["name": ["010-9876-5432"]], ["skills": [["skil": "010-9876-5432"]]],
        ] as [JSON])
    func doNotLetPersonalDataThrough(_ change: JSON) async throws {
        let world = try World()
        let fault = try await world.kit.fault("talent.people.register", World.person(change))
        #expect(fault.code == .invalidParams)
        #expect(!fault.json.text.contains("9876"), "\(fault.json.text)")
        let methods = try #require(try await world.kit.call("rpc.discover")["methods"]?.array)
        let parameters = methods.first { $0["name"] == "talent.people.register" }?["params"]?.array ?? []
        #expect(parameters.first { $0["name"] == "cv" }?.at("/schema/writeOnly") == true)
    }
}
