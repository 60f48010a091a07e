import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Talent

@Suite struct PostingTests {
    @Test func goesFromDraftToPublishedToClosed() async throws {
        let world = try World()
        let id = try await world.posting(
            ["publish": .null, "payMin": 3_000_000, "payMax": 5_000_000], principal: "uid:20")
        func call(_ action: String, as principal: String = "uid:20") async throws -> JSON {
            try await world.kit.call("talent.postings.\(action)", ["id": id], principal: principal, roles: member)
        }
        let draft = try await call("get")
        #expect(draft["state"] == "draft" && draft["payMax"] == 5_000_000 && draft["share"] == 40)
        #expect(draft.at("/skills/0/code") == "machines.robotics" && draft.at("/skills/0/need") == "must")
        let hidden = try await world.fault("talent.postings.get", ["id": id], principal: "uid:3", roles: member)
        #expect(hidden.code == .notFound)
        let stranger = try await world.fault("talent.postings.publish", ["id": id], principal: "uid:3", roles: member)
        #expect(stranger.code == .forbidden)
        #expect(try await call("publish")["state"] == "published")
        #expect(try await call("publish")["state"] == "published")
        #expect(try await call("get", as: "uid:3")["state"] == "published")
        #expect(try await call("close")["state"] == "closed")
        let reopened = try await world.fault("talent.postings.publish", ["id": id])
        #expect(reopened.code == .conflict && reopened.data["state"] == "closed")
        #expect(
            try await world.types() == ["created", "published", "closed"].map { "ieum.talent.posting.\($0)" })
    }

    @Test func listsWithoutStrangersDrafts() async throws {
        let world = try World()
        let organisation: JSON = "\(OrganisationID.new(at: world.kit.now))"
        let draft = try await world.posting(["publish": false, "organisationId": organisation], principal: "uid:20")
        let open = try await world.posting(["organisationId": organisation], principal: "uid:20")
        let other = try await world.posting(principal: "uid:30")
        func list(_ parameters: JSON, as principal: String) async throws -> [JSON] {
            let page = try await world.kit.call("talent.postings.list", parameters, principal: principal, roles: member)
            return page["items"]?.array?.compactMap { $0["id"] } ?? []
        }
        #expect(try await list([:], as: "uid:20") == [draft, open, other])
        #expect(try await list([:], as: "uid:30") == [open, other])
        #expect(try await list(["organisationId": organisation], as: "uid:20") == [draft, open])
        #expect(try await list(["state": "draft"], as: "uid:20") == [draft])
        #expect(try await list(["after": open], as: "uid:20") == [other])
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let good: JSON = [
            "organisationId": "\(OrganisationID.new(at: world.kit.now))", "kind": "advisory", "title": "자문",
            "skills": [["skill": "AI", "need": "must"]], "region": "KR-30", "start": world.day(1), "end": world.day(2),
        ]
        for (key, value, pointer) in [
            ("title", "", "/title"), ("title", "연락 010-1234-5678", "/title"), ("kind", "slavery", "/kind"),
            ("skills", [], "/skills"), ("skills", [["skill": "AI", "need": "maybe"]], "/skills/0/need"),
            ("skills", [["skill": "--", "need": "must"]], "/skills/0/skill"), ("end", world.day(1), "/end"),
            ("share", 0, "/share"), ("organisationId", "acme", "/organisationId"), ("payMin", "많이", "/payMin"),
            ("payMin", -1, "/payMin"), ("payMax", -1, "/payMax"),
        ] as [(String, JSON, String)] {
            var wrong = good
            wrong[key] = value
            #expect(try await world.refuses("talent.postings.create", wrong, at: pointer), "\(key): \(value.text)")
        }
        var pay = good
        (pay["payMin"], pay["payMax"]) = (100, 50)
        #expect(try await world.refuses("talent.postings.create", pay, at: "/payMax"))
        let unknown: JSON = ["id": "\(PostingID.new(at: world.kit.now))"]
        for action in ["get", "publish", "close"] {
            #expect(try await world.fault("talent.postings.\(action)", unknown).code == .notFound)
        }
    }
}

@Suite struct InterestTests {
    @Test func bothSidesMakeAnAgreement() async throws {
        let world = try World()
        let person = try await world.register(principal: "uid:10")
        let posting = try await world.posting(principal: "uid:20")
        func express(_ side: String, as principal: String) async throws -> JSON {
            try await world.kit.call(
                "talent.interests.express", ["postingId": posting, "personId": person, "side": .string(side)],
                principal: principal, roles: member)
        }
        let first = try await express("person", as: "uid:10")
        #expect(first["state"] == "interest" && first["organisation"] == "open")
        #expect(try await express("person", as: "uid:10") == first)
        let agreed = try await express("organisation", as: "uid:20")
        #expect(agreed["state"] == "agreed" && agreed["id"] == first["id"])
        let until = world.kit.now.adding(seconds: Interests.contactDays * 86_400)
        #expect(agreed["contactUntil"] == .string(until.description))
        // Each side answers for itself only.
        for (side, principal) in [("person", "uid:20"), ("organisation", "uid:10")] {
            let fault = try await world.fault(
                "talent.interests.express", ["postingId": posting, "personId": person, "side": .string(side)],
                principal: principal, roles: member)
            #expect(fault.code == .forbidden)
        }
        let id = first["id"] ?? .null
        for (principal, code) in [("uid:10", nil), ("uid:20", nil), ("uid:30", Fault.Code.forbidden)] {
            do {
                try await world.kit.call("talent.interests.get", ["id": id], principal: principal, roles: member)
                #expect(code == nil)
            } catch let fault as Fault {
                #expect(fault.code == code)
            }
        }
        #expect(
            try await world.types().suffix(2) == ["ieum.talent.interest.expressed", "ieum.talent.interest.agreed"])
    }

    @Test func declineClosesTheContactAndCanBeTakenBack() async throws {
        let world = try World()
        let person = try await world.register()
        let posting = try await world.posting()
        try await world.agree(posting, person)
        let list = try await world.kit.call("talent.interests.list", ["personId": person])
        let id = try #require(list.at("/items/0/id"))
        let declined = try await world.kit.call(
            "talent.interests.decline", ["id": id, "side": "person", "reason": "pay"])
        #expect(declined["state"] == "declined" && declined["declineReason"] == "pay")
        #expect(declined["contactUntil"] ?? .null == .null)
        let again = try await world.kit.call(
            "talent.interests.decline", ["id": id, "side": "person", "reason": "other"])
        #expect(again == declined)
        let look = try await world.fault(
            "talent.people.reveal", ["id": person, "postingId": posting, "purpose": "interview"])
        #expect(look.data["rule"] == "contact.notAgreed")
        let back = try await world.kit.call(
            "talent.interests.express", ["postingId": posting, "personId": person, "side": "person"])
        #expect(back["state"] == "agreed" && back["declineReason"] ?? .null == .null)
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let person = try await world.register()
        let (draft, posting) = (try await world.posting(["publish": false]), try await world.posting())
        let early = try await world.fault(
            "talent.interests.express", ["postingId": draft, "personId": person, "side": "person"])
        #expect(early.data["rule"] == "posting.notPublished")
        let side: JSON = ["postingId": posting, "personId": person, "side": "neighbour"]
        #expect(try await world.refuses("talent.interests.express", side, at: "/side"))
        let nobody: JSON = ["postingId": posting, "personId": "\(PersonID.new(at: world.kit.now))", "side": "person"]
        #expect(try await world.fault("talent.interests.express", nobody).code == .notFound)
        let unknown: JSON = "\(InterestID.new(at: world.kit.now))"
        let decline: JSON = ["id": unknown, "side": "person", "reason": "pay"]
        #expect(try await world.fault("talent.interests.decline", decline).code == .notFound)
        #expect(try await world.fault("talent.interests.get", ["id": unknown]).code == .notFound)
        #expect(
            try await world.refuses(
                "talent.interests.decline", ["id": unknown, "side": "person", "reason": "멀어서"], at: "/reason"))
        #expect(try await world.fault("talent.interests.list", [:], roles: member).code == .forbidden)
        let others = try await world.fault(
            "talent.interests.list", ["postingId": posting], principal: "uid:2", roles: member)
        #expect(others.code == .forbidden)
    }
}
