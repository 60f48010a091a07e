import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Testbed

/// A service with one site, on Monday 2026-11-23, 09:00 in Seoul.
struct House: Sendable {
    let kit: TestService
    let site: String

    static let start = "2026-11-23T00:00:00.000Z"

    init(path: String? = nil) async throws {
        kit = try TestService(Testbed.service, now: try #require(Instant(House.start)), path: path)
        let site = try await kit.call(
            "testbed.sites.register",
            [
                "name": ["ko": "실증랩", "en": "Lab"], "kind": "institute", "zone": "대덕특구",
                "location": ["longitude": 127.38, "latitude": 36.37],
            ])
        self.site = try #require(site["id"]?.string)
    }

    /// Registers equipment; `more` adds to or replaces the parameters.
    func resource(_ more: JSON = [:]) async throws -> String {
        var parameters: JSON = [
            "siteId": .string(site), "kind": "equipment", "name": ["ko": "전자현미경", "en": "Electron microscope"],
        ]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return try #require(try await kit.call("testbed.resources.register", parameters)["id"]?.string)
    }

    /// The time `minutes` after the start.
    static func at(_ minutes: Int) -> JSON {
        .string(Instant(milliseconds: 1_795_392_000_000 + Int64(minutes) * 60_000).description)
    }

    static func wish(_ resource: String, _ from: Int, _ to: Int, _ more: JSON = [:]) -> JSON {
        var parameters: JSON = [
            "resourceId": .string(resource), "start": at(from), "end": at(to), "holder": "flw_test",
        ]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return parameters
    }

    @discardableResult
    func hold(_ resource: String, _ from: Int, _ to: Int, _ more: JSON = [:]) async throws -> JSON {
        try await kit.call("testbed.reservations.hold", House.wish(resource, from, to, more))
    }

    func post(_ resource: String, _ from: Int, _ to: Int, _ more: JSON = [:]) async throws -> String {
        let held = try await hold(resource, from, to, more)
        try await kit.call("testbed.reservations.post", ["id": try #require(held["id"])])
        return try #require(held["id"]?.string)
    }

    /// The free times as minutes after the start and units.
    func free(_ resource: String, _ from: Int, _ to: Int, units: Int? = nil) async throws -> [[Int]] {
        var parameters: JSON = ["resourceId": .string(resource), "from": House.at(from), "to": House.at(to)]
        if let units { parameters["units"] = .integer(Int64(units)) }
        let answer = try await kit.call("testbed.availability", parameters)
        return try House.minutes(answer["free"])
    }

    static func minutes(_ free: JSON?) throws -> [[Int]] {
        try #require(free?.array).map { slot in
            func minute(_ key: String) throws -> Int {
                let instant = try #require(slot[key]?.string.flatMap { Instant($0) })
                return Int((instant.milliseconds - 1_795_392_000_000) / 60_000)
            }
            return [try minute("start"), try minute("end"), Int(try #require(slot["units"]?.integer))]
        }
    }

    func eventTypes() async throws -> [String] {
        try await kit.events.compactMap { $0["type"]?.string }
    }
}

extension Fault {
    /// The pointers of all field errors.
    var pointers: [String] {
        (data["fields"]?.array ?? []).compactMap { $0["pointer"]?.string }.sorted()
    }

    var rule: String? { data["rule"]?.string }
}
