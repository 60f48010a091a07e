import Foundation
import JSON
import ServiceKit
import Testing

/// Fifty clients at once, each with a connection of its own, want what there is less of: exactly what there is is
/// granted, and everybody else is told so, with what is left.
@Suite(.timeLimit(.minutes(5))) struct ParallelTests {
    @Test func aSlotIsGrantedAsOftenAsItsCapacity() async throws {
        try await Crowd.with { crowd in
            let site = try await crowd.make(
                "testbed.sites.register", ["name": ["ko": "실증랩", "en": "Lab"], "kind": "institute"])
            let resource = try await crowd.make(
                "testbed.resources.register",
                [
                    "siteId": site, "kind": "equipment", "name": ["ko": "현미경", "en": "Microscope"], "capacity": 3,
                    "bufferSeconds": 600,
                ])
            let wish = Crowd.hours(from: 48, to: 50)
            let answers = await crowd.all("testbed.reservations.hold") { number in
                wish.merging(["resourceId": resource, "holder": .string("client \(number)")])
            }
            #expect(answers.held.count == 3)
            #expect(answers.refused.count == Crowd.size - 3)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })

            // What is called free can be had, by everybody who was told of it.
            var free: Set<JSON> = []
            for fault in answers.refused {
                let list = fault.data["free"]?.array ?? []
                #expect(!list.isEmpty, "\(fault.data)")
                free.formUnion(list)
            }
            for slot in free {
                let members: JSON = [
                    "resourceId": resource, "start": slot["start"] ?? .null, "end": slot["end"] ?? .null,
                    "units": slot["units"] ?? 1, "holder": "who was told",
                ]
                let held = try await crowd.set.client.call("testbed.reservations.hold", members)
                #expect(held["state"] == "held")
                _ = try await crowd.set.client.call("testbed.reservations.void", ["id": held["id"] ?? .null])
            }

            // Posted, they stay; voided, they are free again at once.
            for (number, held) in answers.held.enumerated() {
                let action = number == 0 ? "void" : "post"
                _ = try await crowd.set.client.call("testbed.reservations.\(action)", ["id": held["id"] ?? .null])
            }
            let again = await crowd.all("testbed.reservations.hold") { number in
                wish.merging(["resourceId": resource, "holder": .string("client \(number) again")])
            }
            #expect(again.held.count == 1)
        }
    }

    @Test func aFundNeverPromisesMoreThanItsCash() async throws {
        try await Crowd.with { crowd in
            let scene = try await FundScene(crowd, cash: 1_200, cases: 5, amount: 1_000)
            // Every case could take ten; together they could take fifty, and there is money for twelve.
            let answers = await crowd.all("fund.coinvestments.hold") { number in
                [
                    "caseId": scene.cases[number % scene.cases.count], "amount": 100,
                    "holder": .string("client \(number)"),
                ]
            }
            #expect(answers.held.count == 12)
            #expect(answers.refused.count == Crowd.size - 12)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })
            #expect(answers.refused.allSatisfy { $0.data["available"]?.integer ?? .max < 100 })
            try await scene.checkLedger()

            // Posting and voiding all of them at once leaves books that agree.
            let ends = await crowd.all("fund.coinvestments", of: answers.held) { number in
                number % 2 == 0 ? "post" : "void"
            }
            #expect(ends.refused.isEmpty, "\(ends.refused)")
            try await scene.checkLedger()
            let more = await crowd.all("fund.coinvestments.hold") { number in
                [
                    "caseId": scene.cases[number % scene.cases.count], "amount": 100,
                    "holder": .string("later \(number)"),
                ]
            }
            #expect(more.held.count == 6, "what was voided is free again")
            try await scene.checkLedger()
        }
    }

    @Test func anExclusiveTechnologyIsHeldOnce() async throws {
        try await Crowd.with { crowd in
            let pair = try await crowd.pair()
            let answers = await crowd.all("matching.technologies.hold") { number in
                ["technologyId": pair.technology, "demandId": pair.demand, "holder": .string("client \(number)")]
            }
            #expect(answers.held.count == 1)
            #expect(answers.refused.count == Crowd.size - 1)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })
        }
    }

    @Test func aPersonGivesNoMoreTimeThanThereIs() async throws {
        try await Crowd.with { crowd in
            let person = try await crowd.person()
            let answers = await crowd.all("talent.engagements.hold") { number in
                [
                    "personId": person, "start": "2027-03-01", "end": "2027-06-01", "share": 20,
                    "holder": .string("client \(number)"),
                ]
            }
            // Half of full time has two fifths in it, twice.
            #expect(answers.held.count == 2)
            #expect(answers.refused.count == Crowd.size - 2)
            #expect(answers.refused.allSatisfy { $0.code == .conflict && !($0.data["free"]?.array ?? []).isEmpty })
        }
    }

    @Test func aCommandSentFiftyTimesWithOneKeyIsDoneOnce() async throws {
        try await Crowd.with { crowd in
            let answers = await crowd.all("matching.organisations.create", key: "one key") { _ in
                ["kind": "company", "nameKo": "하나뿐인 회사", "region": "KR-30"]
            }
            #expect(answers.refused.isEmpty, "\(answers.refused)")
            #expect(Set(answers.held.compactMap { $0["id"]?.string }).count == 1)
            let list = try await crowd.set.client.call("matching.organisations.list")
            #expect(list["items"]?.array?.count == 1)
        }
    }
}

/// A set with fifty clients that have sockets and threads of their own.
struct Crowd: Sendable {
    static let size = 50

    let set: RunningSet
    private let clients: [Client]

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
        _ method: String, key: String? = nil, _ parameters: @Sendable (Int) -> JSON
    ) async -> Answers {
        await gather(clients.indices.map { (method, key, parameters($0)) })
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

    /// A published demand and a published exclusive technology.
    func pair() async throws -> (demand: JSON, technology: JSON) {
        func publish(_ noun: String, _ kind: String, _ title: String) async throws -> JSON {
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
        return (
            try await publish("demands", "company", "시료 내부 관찰"),
            try await publish("technologies", "institute", "소형 전자현미경")
        )
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
            ["personId": person, "windows": [["start": "2027-01-01", "end": "2028-01-01", "share": 50]]])
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
