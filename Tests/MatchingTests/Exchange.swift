import JSON
import ServiceKit
import Vocabulary

@testable import Matching

/// A matching service with two organisations, for tests.
struct Exchange {
    let kit: TestService
    let company: String
    let institute: String

    init(path: String? = nil) async throws {
        kit = try TestService(Matching.service, path: path)
        company = try await kit.call(
            "matching.organisations.create",
            [
                "kind": "company", "nameKo": "가나바이오", "nameEn": "Gana Bio", "region": "KR-30",
                "contact": ["email": "office@gana.example", "phone": "042-000-0001"],
            ], principal: "company"
        ).text("id")
        institute = try await kit.call(
            "matching.organisations.create",
            [
                "kind": "institute", "nameKo": "다라연구원", "nameEn": "Dara Institute", "region": "KR-30",
                "contact": ["email": "tlo@dara.example"],
            ], principal: "institute"
        ).text("id")
    }

    func demand(_ title: String, publish: Bool = true, _ more: JSON = [:]) async throws -> String {
        try await profile("demands", company, title, publish, more)
    }

    func technology(_ title: String, publish: Bool = true, _ more: JSON = [:]) async throws -> String {
        try await profile("technologies", institute, title, publish, more)
    }

    private func profile(
        _ plural: String, _ organisation: String, _ title: String, _ publish: Bool, _ more: JSON
    ) async throws -> String {
        var parameters: JSON = ["organisationId": .string(organisation), "title": .string(title)]
        parameters["summary"] = .string(title)
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        let id = try await kit.call("matching.\(plural).create", parameters).text("id")
        if publish { try await kit.call("matching.\(plural).publish", ["id": .string(id)]) }
        return id
    }

    /// A deal that both sides have accepted.
    func agreedDeal(_ demand: String, _ technology: String) async throws -> String {
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"]
        let id = try await kit.call("matching.deals.propose", pair).text("id")
        try await kit.call("matching.deals.accept", ["id": .string(id), "side": "supply"])
        return id
    }

    func types() async throws -> [String] { try await kit.events.compactMap { $0["type"]?.string } }

    /// The fault of a call that must fail, for one principal and role.
    func fault(_ method: String, _ parameters: JSON, as principal: String, _ roles: Set<Role> = [.viewer, .member])
        async throws -> Fault?
    {
        do {
            try await kit.call(method, parameters, principal: principal, roles: roles)
            return nil
        } catch let fault as Fault { return fault }
    }
}

extension JSON {
    /// The text of a member that must be there.
    func text(_ key: String) throws -> String {
        guard let text = self[key]?.string else { throw Fault(.internalError, Bilingual(ko: key, en: "no \(key)")) }
        return text
    }

    var texts: [String] { array?.compactMap(\.string) ?? [] }
    func pointers() -> Set<String> { Set(at("/fields")?.array?.compactMap { $0["pointer"]?.string } ?? []) }
}

extension Fault {
    /// The places of all field errors.
    var pointers: Set<String> { JSON.object(data).pointers() }
}
