import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Talent

@Suite struct ConsentTests {
    private func recommended(_ world: World, _ posting: JSON) async throws -> Int {
        try await world.kit.call("talent.recommend", ["postingId": posting])["items"]?.array?.count ?? -1
    }

    @Test func withdrawalHidesAtOnce() async throws {
        let world = try World()
        let person = try await world.register(principal: "uid:10")
        let posting = try await world.posting()
        #expect(try await recommended(world, posting) == 1)
        let history = try await world.kit.call(
            "talent.consents.withdraw", ["personId": person, "purpose": "recommendation"], principal: "uid:10",
            roles: member)
        #expect(history["items"]?.array?.count { $0["live"] == true } == 2)
        #expect(try await recommended(world, posting) == 0)
        for (method, parameters) in [
            ("talent.people.get", ["id": person]),
            ("talent.explain", ["postingId": posting, "personId": person]),
            ("talent.availability.get", ["personId": person, "from": world.day(0), "to": world.day(9)]),
            ("talent.interests.express", ["postingId": posting, "personId": person, "side": "organisation"]),
        ] as [(String, JSON)] {
            let fault = try await world.fault(method, parameters, principal: "uid:1000", roles: member)
            #expect(fault.code == .notFound, "\(method) still knows the person")
        }
        try await world.kit.call("talent.consents.grant", ["personId": person, "purpose": "recommendation"])
        #expect(try await recommended(world, posting) == 1)
    }

    @Test func consentEndsByItself() async throws {
        let world = try World()
        let person = try await world.register(["consents": .null])
        let posting = try await world.posting()
        #expect(try await recommended(world, posting) == 0)
        let until = world.kit.now.adding(seconds: 3_600)
        try await world.kit.call(
            "talent.consents.grant",
            ["personId": person, "purpose": "recommendation", "expiresAt": .string(until.description)])
        try await world.kit.advance(seconds: 3_599)
        #expect(try await recommended(world, posting) == 1)
        try await world.kit.advance(seconds: 1)
        #expect(try await recommended(world, posting) == 0)
    }

    @Test func withdrawnEngagementConsentVoidsHolds() async throws {
        let world = try World()
        let person = try await world.register()
        let held = try await world.kit.call("talent.engagements.hold", world.hold(person, 1, 5, 50))
        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "engagement"])
        let id = held["id"] ?? .null
        #expect(try await world.kit.call("talent.engagements.get", ["id": id])["state"] == "voided")
        let fault = try await world.fault("talent.engagements.post", ["id": id])
        #expect(fault.code == .conflict && fault.data["state"] == "voided")
        #expect(
            try await world.types().suffix(2) == ["ieum.talent.engagement.voided", "ieum.talent.consent.withdrawn"])
        let refused = try await world.fault("talent.engagements.hold", world.hold(person, 1, 5, 50))
        #expect(refused.data["rule"] == "consent.engagement")
    }

    @Test func keepsTheWholeRecord() async throws {
        let world = try World()
        let person = try await world.register(["consents": [["purpose": "contact"]]])
        try await world.kit.advance(seconds: 60)
        try await world.kit.call("talent.consents.grant", ["personId": person, "purpose": "contact"])
        try await world.kit.advance(seconds: 60)
        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "contact"])
        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "contact"])
        let items = try #require(try await world.kit.call("talent.consents.list", ["personId": person])["items"]?.array)
        #expect(items.count == 2 && items.allSatisfy { $0["live"] == false && $0["endedAt"] != nil })
        #expect(items.allSatisfy { $0["notice"] == "2026-11" && $0["recordedBy"] == "uid:1000" })
        let stranger = try await world.fault(
            "talent.consents.list", ["personId": person], principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let person = try await world.register()
        let past: JSON = ["personId": person, "purpose": "contact", "expiresAt": "2020-01-01T00:00:00Z"]
        #expect(try await world.refuses("talent.consents.grant", past, at: "/expiresAt"))
        let far: JSON = ["personId": person, "purpose": "contact", "expiresAt": "2099-01-01T00:00:00Z"]
        #expect(try await world.refuses("talent.consents.grant", far, at: "/expiresAt"))
        let registration = World.person(["consents": [["purpose": "contact", "expiresAt": "2020-01-01T00:00:00Z"]]])
        #expect(try await world.refuses("talent.people.register", registration, at: "/consents/0/expiresAt"))
        let purpose: JSON = ["personId": person, "purpose": "marketing"]
        #expect(try await world.refuses("talent.consents.grant", purpose, at: "/purpose"))
        let stranger = try await world.fault(
            "talent.consents.grant", ["personId": person, "purpose": "contact"], principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
        let notices = try await world.kit.call("talent.consents.notices")["items"]?.array
        #expect(notices?.count == 3 && notices?.allSatisfy { $0.at("/refusal/ko") != nil } == true)
    }
}
