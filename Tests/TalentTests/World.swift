import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Talent

/// A talent service of a test, and short ways to fill it.
struct World {
    let kit: TestService
    static let vault = Vault(master: [UInt8](repeating: 7, count: 32))

    init(path: String? = nil, vault: Vault = World.vault) throws {
        kit = try TestService(Talent.service(vault), path: path)
    }

    /// The day that the test's clock shows in Seoul, and days after it.
    func day(_ after: Int) -> JSON { .string(Day.inSeoul(at: kit.now).adding(days: after).description) }

    static let consents: JSON = [
        ["purpose": "recommendation"], ["purpose": "contact"], ["purpose": "engagement"],
    ]

    static func person(_ changes: JSON = [:]) -> JSON {
        var json: JSON = [
            "name": "김철수", "email": "chulsoo.kim@example.org", "phone": "010-1234-5678", "birthYear": 1968,
            "cv": "한국기계연구원 책임연구원, 로봇 제어 20년", "region": "KR-30", "occupation": "researcher",
            "skills": [["skill": "로보틱스", "level": "expert", "years": 20], ["skill": "PLC"]],
            "fields": ["EA"], "industries": ["intelligent-robots"], "languages": ["ko", "en"],
            "seeks": ["advisory", "retired-expert"], "senior": true, "consents": consents,
        ]
        for (key, value) in changes.object ?? .init() { json[key] = value == .null ? nil : value }
        return json
    }

    /// Registers a person, available at 100 % for 200 days, and returns the id.
    func register(_ changes: JSON = [:], share: Int64? = 100, principal: String = "uid:1000") async throws -> JSON {
        let id = try #require(
            try await kit.call("talent.people.register", World.person(changes), principal: principal)["id"])
        if let share {
            try await kit.call(
                "talent.availability.set",
                ["personId": id, "windows": [["start": day(0), "end": day(200), "share": .integer(share)]]],
                principal: principal)
        }
        return id
    }

    func posting(_ changes: JSON = [:], principal: String = "uid:1000") async throws -> JSON {
        var json: JSON = [
            "organisationId": "\(OrganisationID.new(at: kit.now))", "kind": "advisory", "title": "로봇 제어 자문",
            "skills": [
                ["skill": "Robotics", "need": "must", "level": "working"], ["skill": "제어", "need": "nice"],
            ],
            "region": "KR-30", "industry": "intelligent-robots", "start": day(10), "end": day(40), "share": 40,
            "publish": true,
        ]
        for (key, value) in changes.object ?? .init() { json[key] = value == .null ? nil : value }
        return try #require(try await kit.call("talent.postings.create", json, principal: principal)["id"])
    }

    func hold(_ person: JSON, _ from: Int, _ to: Int, _ share: Int64, _ more: JSON = [:]) -> JSON {
        var json: JSON = [
            "personId": person, "start": day(from), "end": day(to), "share": .integer(share), "holder": "flow-1",
        ]
        for (key, value) in more.object ?? .init() { json[key] = value }
        return json
    }

    func agree(_ posting: JSON, _ person: JSON) async throws {
        for side in ["person", "organisation"] {
            try await kit.call(
                "talent.interests.express", ["postingId": posting, "personId": person, "side": .string(side)])
        }
    }

    /// The fault of somebody with the given roles.
    func fault(
        _ method: String, _ parameters: JSON, principal: String = "uid:1000", roles: Set<Role> = Set(Role.allCases)
    ) async throws -> Fault {
        do {
            let result = try await kit.call(method, parameters, principal: principal, roles: roles)
            throw Unrefused(method: method, result: result)
        } catch let fault as Fault {
            return fault
        }
    }

    func refuses(_ method: String, _ parameters: JSON, at pointer: String) async throws -> Bool {
        let fault = try await fault(method, parameters)
        let pointers = fault.data["fields"]?.array?.compactMap { $0["pointer"]?.string } ?? []
        return fault.code == .invalidParams && pointers.contains(pointer)
    }

    func types() async throws -> [String] { try await kit.events.compactMap { $0["type"]?.string } }
}

struct Unrefused: Error {
    let method: String
    let result: JSON
}

let member: Set<Role> = [.viewer, .member]

/// A private folder, removed by the caller.
func temporaryFolder() throws -> String {
    let path = NSTemporaryDirectory() + "talent-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}
