import JSON
import ServiceKit
import Testing

/// A deal that is led to its contract and its payments while the matching service is killed on every fifth command:
/// every command, sent until it is answered with the key it was first sent with, has happened once.
@Suite(.timeLimit(.minutes(5))) struct DealKillTests {
    @Test func everyStepAndEveryWonHappensOnce() async throws {
        try await RunningSet.with { set in
            let deal = try await lead(set)
            try await check(set, deal)
        }
    }

    private static let payments = 12

    /// A command; of every fifth one the service dies while it may be on its way, being done, or being answered.
    private struct Commands {
        let set: RunningSet
        private var sent = 0

        init(_ set: RunningSet) { self.set = set }

        @discardableResult
        mutating func send(_ method: String, _ parameters: JSON) async throws -> JSON {
            sent += 1
            let key = "deal-\(sent)"
            guard sent.isMultiple(of: 5) else { return try await set.persist(method, parameters, key: key) }
            async let answer = set.persist(method, parameters, key: key)
            try await set.kill("matching")
            return try await answer
        }
    }

    /// From two profiles to a contract with payments.
    private func lead(_ set: RunningSet) async throws -> JSON {
        var commands = Commands(set)
        func id(_ method: String, _ parameters: JSON) async throws -> JSON {
            try await commands.send(method, parameters)["id"] ?? .null
        }
        let company = try await id(
            "matching.organisations.create", ["kind": "company", "nameKo": "한밭기계", "region": "KR-30"])
        let institute = try await id(
            "matching.organisations.create", ["kind": "institute", "nameKo": "보문연구원", "region": "KR-30"])
        let demand = try await id(
            "matching.demands.create",
            ["organisationId": company, "title": "진동 센서", "summary": "공작기계 진동을 재는 센서"])
        let technology = try await id(
            "matching.technologies.create",
            ["organisationId": institute, "title": "진동 센서", "summary": "공작기계 진동을 재는 센서"])
        try await commands.send("matching.demands.publish", ["id": demand])
        try await commands.send("matching.technologies.publish", ["id": technology])
        let deal = try await id(
            "matching.deals.propose", ["demandId": demand, "technologyId": technology, "side": "demand"])
        let terms: JSON = [
            "type": "assignment", "exclusive": true, "territory": "전 세계", "fieldOfUse": "모든 분야",
            "startsOn": "2024-01-01",
            "fixedFee": ["total": 1_000_000, "plan": ["firstOn": "2024-02-01", "count": 7, "everyMonths": 1]],
        ]
        let steps: [(String, JSON)] = [
            ("accept", ["side": "supply"]), ("skip", ["side": "demand", "stage": "nda", "reason": "공개 기술"]),
            ("consult", ["side": "supply", "heldOn": "2023-11-02", "minutes": 60, "summary": "설치 위치 상담"]),
            ("finish", ["side": "demand", "stage": "consulting"]),
            ("skip", ["side": "demand", "stage": "valuation", "reason": "소액"]),
            ("offer", ["side": "supply", "terms": terms]), ("acceptTerms", ["side": "demand", "version": 1]),
            ("sign", ["side": "demand", "version": 1, "signedOn": "2023-12-20"]),
            ("sign", ["side": "supply", "version": 1, "signedOn": "2023-12-20"]),
        ]
        for (method, more) in steps {
            var parameters = more
            parameters["id"] = deal
            try await commands.send("matching.deals.\(method)", parameters)
        }
        for number in 1...Self.payments {
            try await commands.send(
                "matching.royalties.pay",
                [
                    "dealId": deal, "side": "supply", "amount": .integer(Int64(number) * 1_000),
                    "paidOn": "2024-03-01", "reference": .string("이체 \(number)"),
                ])
        }
        return deal
    }

    private func check(_ set: RunningSet, _ deal: JSON) async throws {
        let read = try await set.client.call("matching.deals.get", ["id": deal])
        #expect(
            read["history"]?.array?.compactMap { $0["action"]?.string } == [
                "proposed", "accepted", "agreed", "skipped", "consulted", "finished", "skipped", "offered",
                "termsAccepted", "signed", "signed", "committed", "concluded",
            ])
        let sessions = try await set.client.call("matching.deals.sessions", ["id": deal])
        #expect(sessions["items"]?.array?.count == 1)
        let account = try await set.client.call("matching.royalties.account", ["dealId": deal])
        let paid = Int64(Self.payments * (Self.payments + 1) / 2) * 1_000
        #expect(account["due"]?.integer == 1_000_000 && account["paid"]?.integer == paid)
        #expect(account["standing"]?.array?.count == 7)
        let entries = try await set.client.call("matching.royalties.payments", ["dealId": deal])
        #expect(entries["items"]?.array?.count == Self.payments)
        let followUps = try await set.client.call("matching.followUps.list", ["dealId": deal])
        #expect(followUps["items"]?.array?.compactMap { $0["year"]?.integer } == [1, 3, 5])
    }
}
