import Foundation
import JSON
import ServiceKit
import Testing

/// A set with fifty clients that have sockets and threads of their own.
struct Crowd: Sendable {
    static let size = 50

    let set: RunningSet
    private let clients: [Client]

    func client(_ number: Int) -> Client { clients[number] }

    static func with(_ body: (Crowd) async throws -> Void) async throws {
        try await RunningSet.with { set in
            let clients = try (0..<size).map { _ in try Client(endpoint: "ipc://\(set.run)/gateway.sock") }
            defer { for client in clients { client.close() } }
            // Connected before the race, so that it is one.
            for client in clients { _ = try await client.call("service.ping", service: "testbed") }
            try await body(Crowd(set: set, clients: clients))
        }
    }

    struct Answers: Sendable {
        var held: [JSON] = []
        var refused: [Fault] = []
    }

    /// One call of each client, all at once.
    func all(
        _ method: String, upTo count: Int = size, key: String? = nil, _ parameters: @Sendable (Int) -> JSON
    ) async -> Answers {
        await gather(clients.indices.prefix(count).map { (method, key, parameters($0)) })
    }

    /// The next action on each of the holds, all at once.
    func all(_ resource: String, of holds: [JSON], _ action: (Int) -> String) async -> Answers {
        await gather(
            holds.enumerated().map { ("\(resource).\(action($0.offset))", nil, ["id": $0.element["id"] ?? .null]) })
    }

    private func gather(_ calls: [(method: String, key: String?, parameters: JSON)]) async -> Answers {
        await withTaskGroup(of: Result<JSON, any Error>.self) { group in
            for (client, call) in zip(clients, calls) {
                group.addTask {
                    do { return .success(try await client.call(call.method, call.parameters, key: call.key)) } catch {
                        return .failure(error)
                    }
                }
            }
            var answers = Answers()
            for await result in group {
                switch result {
                case .success(let value): answers.held.append(value)
                case .failure(let fault as Fault): answers.refused.append(fault)
                case .failure(let error): Issue.record(error)
                }
            }
            return answers
        }
    }

    /// The state in which a flow comes to rest.
    func end(of flow: JSON) async throws -> String {
        for _ in 0..<1_000 {
            let state = try await set.client.call("gateway.flows.get", ["id": flow])["state"]?.string ?? ""
            if ["completed", "voided", "unsettled"].contains(state) { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        return "still running"
    }

    /// Makes something and returns its id.
    func make(_ method: String, _ parameters: JSON) async throws -> JSON {
        try #require(try await set.client.call(method, parameters)["id"])
    }

    /// Whole hours from now, at a full hour.
    static func hours(from: Int64, to: Int64) -> JSON {
        let hour = Int64(Date().timeIntervalSince1970) / 3600
        func text(_ offset: Int64) -> JSON {
            .string(Date(timeIntervalSince1970: Double((hour + offset) * 3600)).formatted(.iso8601))
        }
        return ["start": text(from), "end": text(to)]
    }

    /// A day so many days from now.
    static func day(_ offset: Double) -> JSON {
        .string(Date(timeIntervalSinceNow: offset * 86_400).formatted(.iso8601.year().month().day()))
    }

    /// A published `demands` or `technologies`, of an organisation of its own.
    func published(_ noun: String, _ kind: String, _ title: String) async throws -> JSON {
        let owner = try await make(
            "matching.organisations.create", ["kind": .string(kind), "nameKo": .string(title), "region": "KR-30"])
        let id = try await make(
            "matching.\(noun).create",
            [
                "organisationId": owner, "title": .string(title), "summary": "소형 투과전자현미경", "trl": 5,
                "partnerships": ["licence"],
            ])
        _ = try await set.client.call("matching.\(noun).publish", ["id": id])
        return id
    }

    /// Somebody with half of full time for a year.
    func person() async throws -> JSON {
        let person = try await make(
            "talent.people.register",
            [
                "name": "홍길동(가상)", "region": "KR-30", "occupation": "equipment-operator",
                "skills": [["skill": "analysis.electron-microscopy"]], "consents": [["purpose": "engagement"]],
            ])
        _ = try await set.client.call(
            "talent.availability.set",
            ["personId": person, "windows": [["start": Crowd.day(0), "end": Crowd.day(365), "share": 50]]])
        return person
    }
}

/// A fund with some cash and cases that are approved for more.
struct FundScene: Sendable {
    let crowd: Crowd
    let fund: JSON
    private(set) var cases: [JSON] = []

    init(_ crowd: Crowd, cash: Int64, cases count: Int, amount: Int64) async throws {
        self.crowd = crowd
        fund = try await crowd.make(
            "fund.funds.create",
            [
                "name": ["ko": "시험 펀드", "en": "Test fund"], "kind": "direct",
                "rules": [
                    "quorum": ["numerator": 1, "denominator": 2, "strictly": true],
                    "majority": ["numerator": 1, "denominator": 2, "strictly": true], "abstentionsCount": true,
                    "minimumMembers": 1,
                ],
            ])
        let partner = try await crowd.make(
            "fund.partners.register", ["kind": "city", "name": ["ko": "대전광역시", "en": "Daejeon"]])
        for method in ["fund.commitments.make", "fund.contributions.record"] {
            _ = try await crowd.make(method, ["fundId": fund, "partnerId": partner, "amount": .integer(cash)])
        }
        let member = try await crowd.make(
            "fund.committee.appoint", ["fundId": fund, "seat": ["ko": "위원", "en": "Member"]])
        for number in 0..<count {
            let item = try await crowd.make(
                "fund.cases.propose",
                [
                    "fundId": fund, "companyName": .string("회사 \(number)"), "amount": .integer(amount),
                    "instrument": "preferredShares", "purpose": "양산 준비", "inRegion": true,
                ])
            _ = try await crowd.set.client.call(
                "fund.cases.vote", ["id": item, "member": member, "vote": "approve", "contribution": 80])
            let decided = try await crowd.set.client.call("fund.cases.decide", ["id": item])
            #expect(decided["state"] == "approved")
            cases.append(item)
        }
    }

    func checkLedger() async throws {
        let check = try await crowd.set.client.call("fund.ledger.check", ["fundId": fund])
        #expect(check["isSound"] == true, "\(check.text)")
        #expect(check["postedSum"] == 0 && check["pendingSum"] == 0)
    }
}

extension JSON {
    /// The members of both; those of `other` win.
    func merging(_ other: JSON) -> JSON {
        var merged = self
        for (name, value) in other.object ?? JSON.Members() { merged[name] = value }
        return merged
    }
}
