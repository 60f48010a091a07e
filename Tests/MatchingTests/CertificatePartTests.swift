import JSON
import ServiceKit
import Testing

@testable import Matching

/// However large, a certificate can be read: its parts are its bytes.
@Suite struct CertificatePartTests {
    let kit: TestService

    init() throws { kit = try TestService(Matching.service) }

    /// Both hosts like everybody alike; an assigned event.
    private func event(_ names: [String]) async throws -> (id: JSON, assigned: JSON) {
        let created = try await kit.call("matching.events.create", ["kind": "cohort", "title": "가을 기수"])
        let id = try JSON.string(created.text("id"))
        try await kit.call(
            "matching.events.register",
            [
                "id": id, "side": "applicants",
                "participants": .array(names.map { ["id": .string($0), "preferences": ["h", "i"]] }),
            ])
        let hosts = ["h", "i"].map { host -> JSON in
            ["id": .string(host), "tiers": .array([.array(names.map(JSON.string))])]
        }
        try await kit.call("matching.events.register", ["id": id, "side": "hosts", "participants": .array(hosts)])
        try await kit.call("matching.events.close", ["id": id])
        let assigned = try await kit.call("matching.events.assign", ["id": id, "method": "hostOptimal", "seed": 1])
        return (id, assigned)
    }

    @Test func thePartsTogetherAreTheCertificate() async throws {
        let (id, assigned) = try await event(["가나다", "라마바", "사아자"])
        var text = ""
        var parts = 0
        var from: JSON? = 0
        while let place = from {
            let part = try await kit.call("matching.events.certificate", ["id": id, "from": place, "length": 101])
            #expect(part["digest"] == assigned["digest"])
            text += part["text"]?.string ?? ""
            from = part["next"]
            parts += 1
        }
        #expect(parts > 5)
        #expect(try JSON(parsing: text) == assigned["certificate"])
        let past = try await kit.call("matching.events.certificate", ["id": id, "from": 1_000_000])
        #expect(past["text"] == "" && past["next"] == nil)
    }

    @Test func whatIsTooLargeForOneMessageIsLeftOut() async throws {
        let names = (0..<1_500).map { "아주 긴 이름을 가져서 많은 자리가 드는 신청자의 식별자 \($0)" }
        let (id, assigned) = try await event(names)
        #expect(assigned["certificate"] == nil && assigned.at("/totals/pairs")?.integer == 2)
        let refused = try await kit.fault("matching.events.result", ["id": id])
        #expect(refused.data["rule"]?.string == "event.largeCertificate")
        let part = try await kit.call("matching.events.certificate", ["id": id])
        #expect(part["next"]?.integer ?? 0 > 100_000 && part["digest"] == assigned["digest"])
    }
}
