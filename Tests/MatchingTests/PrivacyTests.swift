import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("What is not public is told to nobody")
struct PrivacyTests {
    private static let patent: JSON = ["iprStatus": ["granted"], "patents": ["10-1234567"]]

    /// Whose a draft is, and that it is there, is not learnt by acting on the identifier that an event told.
    @Test func aDraftOfAnotherIsNotThere() async throws {
        let exchange = try await Exchange()
        let hidden = try await exchange.technology("숨은 기술", publish: false)
        let wanted = try await exchange.demand("숨은 수요", publish: false)
        let own = try await exchange.demand("공개 수요")
        let calls: [(method: String, parameters: JSON, principal: String)] = [
            ("technologies.update", ["id": .string(hidden), "title": "바꾼다"], "company"),
            ("technologies.submit", ["id": .string(hidden)], "company"),
            ("technologies.publish", ["id": .string(hidden)], "company"),
            ("technologies.prolong", ["id": .string(hidden)], "company"),
            ("technologies.withdraw", ["id": .string(hidden)], "company"),
            ("technologies.history", ["id": .string(hidden)], "company"),
            ("technologies.reviews", ["id": .string(hidden)], "company"),
            ("technologies.declines", ["id": .string(hidden)], "company"),
            ("technologies.duplicates", ["id": .string(hidden)], "company"),
            ("technologies.demonstrations", ["id": .string(hidden)], "company"),
            ("demands.merge", ["keep": .string(wanted), "drop": .string(own)], "institute"),
            (
                "deals.propose", ["demandId": .string(own), "technologyId": .string(hidden), "side": "demand"],
                "company"
            ),
            (
                "deals.propose", ["demandId": .string(own), "technologyId": .string(hidden), "side": "supply"],
                "company"
            ),
        ]
        for call in calls {
            let fault = try await exchange.fault("matching.\(call.method)", call.parameters, as: call.principal)
            #expect(fault?.code == .notFound, "\(call.method)")
            let told = fault.map { JSON.object($0.data).text + $0.message.en } ?? ""
            #expect(!told.contains(exchange.institute) && !told.contains(exchange.company), "\(call.method)")
        }
    }

    /// What a review took back may be anything by now; withdrawing it does not show it.
    @Test func whatAReviewTookBackIsNotShownByItsWithdrawal() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await exchange.technology("보완할 기술")
        let zero: JSON = ["points": 0, "comment": "근거가 없습니다"]
        try await kit.call(
            "matching.technologies.review",
            [
                "id": .string(id), "version": 1,
                "score": ["advantages": zero, "clarity": zero, "cooperation": zero, "language": zero],
            ], principal: "reviewer")
        try await kit.call("matching.technologies.update", ["id": .string(id), "summary": "비밀: tlo@dara.example"])
        try await kit.call("matching.technologies.withdraw", ["id": .string(id)])
        let seen = try await exchange.fault("matching.technologies.get", ["id": .string(id)], as: "stranger")
        #expect(seen?.code == .notFound)
        let list = try await kit.call("matching.technologies.list", principal: "stranger", roles: [.viewer])
        #expect(list["items"] == [])
        #expect(try await kit.events.allSatisfy { !$0.text.contains("비밀") })
        // What was public until it was withdrawn still is.
        let open = try await exchange.technology("공개했던 기술")
        try await kit.call("matching.technologies.withdraw", ["id": .string(open)])
        #expect(try await exchange.fault("matching.technologies.get", ["id": .string(open)], as: "stranger") == nil)
    }

    @Test func anImportSaysNothingOfWhatOthersHaveNotPublished() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let hidden = try await exchange.technology("숨은 특허 기술", publish: false, Self.patent)
        func hints(_ hash: String) async throws -> [JSON] {
            let plan: JSON = [
                "kind": "technologies", "columns": ["제목", "요약", "기관", "지식재산상태", "특허번호", "출처"],
            ]
            let id =
                try await kit.call(
                    "matching.imports.begin", ["name": "우리.csv", "contentHash": .string(hash), "plan": plan],
                    principal: "company", roles: [.viewer, .member])["id"] ?? .null
            let row: JSON = ["우리 기술", "우리 요약", "가나바이오", "granted", "10-1234567", .string(hash)]
            try await kit.call(
                "matching.imports.rows", ["id": id, "from": 2, "rows": [row]], principal: "company",
                roles: [.viewer, .member])
            return try await kit.call("matching.imports.errors", ["id": id])["items"]?.array ?? []
        }
        let before = try await hints("hash:one")
        #expect(before.allSatisfy { !$0.text.contains(hidden) })
        try await kit.call("matching.technologies.publish", ["id": .string(hidden)])
        let after = try await hints("hash:two")
        #expect(after.contains { $0.text.contains(hidden) && $0["severity"] == "hint" })
        // The events of an import are everybody's; its file is not.
        #expect(try await kit.events.allSatisfy { !$0.text.contains("우리.csv") })
    }

    @Test func aRowForAnotherOrganisationIsRefusedWhetherItIsThereOrNot() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        for principal in ["institute", "company"] {
            let id =
                try await kit.call(
                    "matching.imports.begin",
                    [
                        "name": "기술.csv", "contentHash": "hash:same",
                        "plan": ["kind": "technologies", "columns": ["제목", "요약", "기관"]],
                    ], principal: principal, roles: [.viewer, .member])["id"] ?? .null
            let run = try await kit.call(
                "matching.imports.rows", ["id": id, "from": 2, "rows": [["비밀 기술", "비밀 요약", "다라연구원"]]],
                principal: principal, roles: [.viewer, .member])
            let isOwn = principal == "institute"
            #expect(run["created"] == (isOwn ? 1 : 0) && run["failed"] == (isOwn ? 0 : 1) && run["unchanged"] == 0)
        }
    }

    /// The signal that a demand has no supply outlives the demand's publication, and its new words stay its own.
    @Test func aSignalTellsNothingOfADemandThatWasTakenBack() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("공급 없는 수요", ["fields": ["NC"]])
        for _ in 0..<3 { try await kit.advance(seconds: 2) }
        let open = try await kit.call("matching.gaps.list", principal: "stranger", roles: [.viewer])
        #expect(open.at("/items/0/title") == "공급 없는 수요" && open.at("/items/0/fields") == ["NC"])
        let zero: JSON = ["points": 0, "comment": "무엇이 필요한지 없습니다"]
        try await kit.call(
            "matching.demands.review",
            [
                "id": .string(demand), "version": 1,
                "score": ["advantages": zero, "clarity": zero, "cooperation": zero, "language": zero],
            ], principal: "reviewer")
        try await kit.call("matching.demands.update", ["id": .string(demand), "title": "비밀 수요"])
        for _ in 0..<2 {
            let seen = try await kit.call(
                "matching.gaps.get", ["demandId": .string(demand)], principal: "stranger", roles: [.viewer])
            #expect(!seen.text.contains("비밀") && seen.at("/signal/fields") == [])
            for _ in 0..<3 { try await kit.advance(seconds: 2) }
        }
        #expect(try await kit.events.allSatisfy { !$0.text.contains("비밀") })
    }
}
