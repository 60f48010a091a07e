import JSON
import ServiceKit
import Testing

@testable import Fund

/// A fund with one paid-in partner and a committee of three: where most tests begin. Without jobs nothing is swept
/// until a command needs the money.
struct Scene {
    let kit: TestService
    let fund: String
    let partner: String
    var members: [String] = []

    init(
        committed: Int64 = 10_000_000_000, cash: Int64 = 1_000_000_000, members: Int = 3, rules: JSON? = nil,
        jobs: Bool = true
    ) async throws {
        let service = Fund.service
        kit = try TestService(
            ServiceDefinition(
                name: service.name, title: service.title, migrations: service.migrations, methods: service.methods,
                jobs: jobs ? service.jobs : []))
        var create: JSON = ["name": ["ko": "대전 딥테크 펀드", "en": "Daejeon deep-tech fund"], "kind": "direct"]
        create["rules"] = rules
        fund = try await kit.call("fund.funds.create", create).text("id")
        partner = try await kit.call(
            "fund.partners.register", ["kind": "city", "name": ["ko": "대전광역시", "en": "City of Daejeon"]]
        ).text("id")
        if committed > 0 { try await commit(committed) }
        if cash > 0 { try await pay(cash) }
        for seat in 0..<members {
            self.members.append(
                try await kit.call(
                    "fund.committee.appoint",
                    ["fundId": .string(fund), "seat": ["ko": "위원 \(seat)", "en": "Seat \(seat)"]]
                ).text("id"))
        }
    }

    @discardableResult
    func commit(_ amount: Int64, kind: String = "capital", partner other: String? = nil) async throws -> JSON {
        try await kit.call(
            "fund.commitments.make",
            [
                "fundId": .string(fund), "partnerId": .string(other ?? partner), "kind": .string(kind),
                "amount": .integer(amount),
            ])
    }

    @discardableResult
    func pay(_ amount: Int64) async throws -> JSON {
        try await kit.call(
            "fund.contributions.record",
            ["fundId": .string(fund), "partnerId": .string(partner), "amount": .integer(amount)])
    }

    func propose(_ amount: Int64, inRegion: Bool = true, company: String = "나노소자", extra: JSON = [:]) async throws
        -> String
    {
        var params: JSON = [
            "fundId": .string(fund), "companyName": .string(company), "amount": .integer(amount),
            "instrument": "preferredShares", "purpose": "양산 설비", "inRegion": .bool(inRegion),
        ]
        for (key, value) in extra.object ?? .init() { params[key] = value }
        return try await kit.call("fund.cases.propose", params).text("id")
    }

    func vote(_ item: String, _ choices: [String], contribution: Int64? = nil) async throws {
        for (member, choice) in zip(members, choices) {
            var params: JSON = ["id": .string(item), "member": .string(member), "vote": .string(choice)]
            params["contribution"] = contribution.map { .integer($0) }
            try await kit.call("fund.cases.vote", params)
        }
    }

    func approved(
        _ amount: Int64, inRegion: Bool = true, company: String = "나노소자", extra: JSON = [:]
    ) async throws -> String {
        let item = try await propose(amount, inRegion: inRegion, company: company, extra: extra)
        try await vote(item, ["approve", "approve", "approve"])
        try await kit.call("fund.cases.decide", ["id": .string(item)])
        return item
    }

    func hold(_ item: String, _ amount: Int64? = nil, seconds: Int64? = nil) async throws -> JSON {
        var params: JSON = ["caseId": .string(item), "holder": "flw_test"]
        params["amount"] = amount.map { .integer($0) }
        params["ttlSeconds"] = seconds.map { .integer($0) }
        return try await kit.call("fund.coinvestments.hold", params)
    }

    func statement() async throws -> JSON {
        try await kit.call("fund.funds.statement", ["id": .string(fund)])
    }

    func account(_ kind: String) async throws -> String {
        let page = try await kit.call("fund.ledger.accounts", ["fundId": .string(fund), "kind": .string(kind)])
        return try #require(page.at("/items/0/id")?.string)
    }

    /// The books are sound, by the service's own proof and by adding up what it says.
    func expectSound(_ place: SourceLocation = #_sourceLocation) async throws {
        let check = try await kit.call("fund.ledger.check")
        #expect(check["isSound"] == true, "\(check.text)", sourceLocation: place)
        #expect(check["postedSum"] == 0 && check["pendingSum"] == 0, sourceLocation: place)
        let page = try await kit.call("fund.ledger.accounts", ["fundId": .string(fund), "limit": 200])
        var posted: Int64 = 0
        var pending: Int64 = 0
        for account in page["items"]?.array ?? [] {
            posted += (account["debitsPosted"]?.integer ?? 0) - (account["creditsPosted"]?.integer ?? 0)
            pending += (account["debitsPending"]?.integer ?? 0) - (account["creditsPending"]?.integer ?? 0)
        }
        #expect(posted == 0 && pending == 0, sourceLocation: place)
    }

    func eventTypes() async throws -> [String] {
        try await kit.events.compactMap { $0["type"]?.string }
    }
}

extension JSON {
    /// A text member that must be there.
    func text(_ key: String) throws -> String {
        try #require(self[key]?.string, "no text '\(key)' in \(text)")
    }
}

extension Fault {
    var fieldPointers: [String] {
        (data["fields"]?.array ?? []).compactMap { $0["pointer"]?.string }
    }
}
