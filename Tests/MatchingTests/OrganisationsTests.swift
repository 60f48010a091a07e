import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Organisations")
struct OrganisationsTests {
    @Test func everyMethodIsDescribed() async throws {
        let kit = try TestService(Matching.service)
        let document = try await kit.call("rpc.discover")
        let names = document["methods"]?.array?.compactMap { $0["name"]?.string } ?? []
        for name in [
            "matching.recommend", "matching.explain", "matching.gaps", "matching.weights.get", "matching.weights.set",
            "matching.organisations.create", "matching.demands.publish", "matching.technologies.hold",
            "matching.technologies.holdStatus", "matching.deals.propose",
        ] {
            #expect(names.contains(name))
        }
    }

    @Test func writesReadsListsAndChanges() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id: JSON = .string(exchange.company)
        let read = try await kit.call("matching.organisations.get", ["id": id], principal: "company", roles: [.viewer])
        #expect(read.at("/contact/email")?.string == "office@gana.example")
        #expect(read["isContactMasked"]?.bool == false && read["version"]?.integer == 1)
        let changed = try await kit.call(
            "matching.organisations.update",
            ["id": id, "nameEn": "Gana", "industries": ["bio-health"], "businessNumber": "124-81-00998"],
            principal: "company", roles: [.viewer, .member])
        #expect(changed["nameEn"]?.string == "Gana" && changed["nameKo"]?.string == "가나바이오")
        #expect(changed["version"]?.integer == 2)
        for filter: JSON in [
            ["kind": "company"], ["industry": "bio-health"], ["name": "가나"], ["region": "KR-30", "kind": "company"],
        ] {
            let list = try await kit.call("matching.organisations.list", filter)
            #expect(list["items"]?.array?.compactMap { $0["id"]?.string } == [exchange.company])
            // A list never shows contacts, whoever asks.
            #expect(list.at("/items/0/contact")?.string == nil && list.at("/items/0/isContactMasked")?.bool == true)
        }
        #expect(try await exchange.types().contains("ieum.matching.organisation.updated"))
    }

    @Test func pagesFollowOneAnother() async throws {
        let exchange = try await Exchange()
        let first = try await exchange.kit.call("matching.organisations.list", ["limit": 1])
        #expect(first.at("/items/0/id")?.string == exchange.company && first["next"]?.string == exchange.company)
        let second = try await exchange.kit.call(
            "matching.organisations.list", ["limit": 1, "after": .string(exchange.company)])
        #expect(second.at("/items/0/id")?.string == exchange.institute && second["next"]?.string == nil)
    }

    @Test func contactIsMaskedForOthersAndNobodyElseMayChangeIt() async throws {
        let exchange = try await Exchange()
        let id: JSON = .string(exchange.company)
        let read = try await exchange.kit.call(
            "matching.organisations.get", ["id": id], principal: "stranger", roles: [.viewer])
        #expect(read["contact"]?.object == nil && read["isContactMasked"]?.bool == true)
        let update: JSON = ["id": id, "nameKo": "빼앗긴 이름"]
        #expect(try await exchange.fault("matching.organisations.update", update, as: "stranger")?.code == .forbidden)
        #expect(try await exchange.fault("matching.organisations.update", update, as: "company") == nil)
        // No event carries a contact.
        for event in try await exchange.kit.events { #expect(!event.text.contains("@gana.example")) }
    }

    @Test func everythingWrongIsSaidAtOnce() async throws {
        let kit = try TestService(Matching.service)
        let fault = try await kit.fault(
            "matching.organisations.create",
            [
                "kind": "club", "nameKo": "", "region": "KR-99", "businessNumber": "124-81-00999",
                "industries": ["bio-health", "magic"], "contact": ["email": "x"], "unknown": 1,
            ])
        #expect(fault.code == .invalidParams)
        #expect(
            fault.pointers.isSuperset(of: [
                "/kind", "/nameKo", "/region", "/businessNumber", "/industries/1", "/contact/email", "/unknown",
            ]))
    }

    @Test func oneBusinessNumberIsOneOrganisation() async throws {
        let kit = try TestService(Matching.service)
        let parameters: JSON = ["kind": "company", "nameKo": "하나", "businessNumber": "1248100998"]
        let first = try await kit.call("matching.organisations.create", parameters)
        let fault = try await kit.fault("matching.organisations.create", parameters)
        #expect(fault.code == .conflict && fault.data["organisationId"]?.string == first["id"]?.string)
        #expect(
            try await kit.fault("matching.organisations.get", ["id": "org_\(String(repeating: "0", count: 32))"])
                .code == .notFound)
    }
}
