import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Demand surveys")
struct SurveysTests {
    private func survey(_ exchange: Exchange, opensIn: Int64 = 0, lasts: Int64 = 1_000) async throws -> JSON {
        let now = exchange.kit.now
        return try await exchange.kit.call(
            "matching.surveys.create",
            [
                "title": "2027년 기술수요조사", "opensAt": .string(now.adding(seconds: opensIn).description),
                "closesAt": .string(now.adding(seconds: opensIn + lasts).description), "regions": ["KR-30"],
                "questions": [
                    [
                        "key": "budget", "ko": "희망 예산", "kind": "choice", "choices": ["1억 미만", "1억 이상"],
                        "isRequired": true,
                    ],
                    ["key": "staff", "ko": "연구 인력 수", "en": "Research staff", "kind": "number"],
                ],
            ])
    }

    private func answer(_ exchange: Exchange, _ survey: JSON, _ title: String, _ more: JSON = [:]) async throws -> JSON
    {
        var demand: JSON = ["organisationId": .string(exchange.company), "title": .string(title)]
        demand["summary"] = .string(title)
        for (key, value) in more.object ?? JSON.Members() { demand[key] = value }
        return try await exchange.kit.call(
            "matching.surveys.respond",
            ["id": survey["id"] ?? .null, "demand": demand, "answers": ["budget": "1억 이상"]])
    }

    @Test func answersAreDemandsAndTheCloseIsFinal() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let survey = try await survey(exchange, opensIn: 10)
        let id = survey["id"] ?? .null
        #expect(survey["state"] == "planned")
        await #expect(throws: Fault.self) { try await answer(exchange, survey, "이른 수요") }
        try await kit.advance(seconds: 10)
        let wrong = try await kit.fault(
            "matching.surveys.respond",
            [
                "id": id, "demand": ["organisationId": .string(exchange.company), "title": "수요", "summary": "수요"],
                "answers": ["staff": "많음", "colour": "red"],
            ])
        #expect(wrong.pointers == ["/answers/budget", "/answers/staff", "/answers/colour"])
        #expect(try await kit.call("matching.demands.list")["items"] == [])

        let first = try await answer(exchange, survey, "표면 분석", ["trl": 6])
        let demand = first.at("/demand/id") ?? .null
        #expect(first.at("/demand/state") == "draft" && first["isOutsideTarget"] == false)
        // Until the close the answers are replaced and the demand is edited.
        try await kit.call(
            "matching.surveys.respond", ["id": id, "demandId": demand, "answers": ["budget": "1억 미만", "staff": 3]])
        try await kit.call("matching.demands.update", ["id": demand, "trl": 7])
        let other = try await answer(exchange, survey, "다른 수요", ["region": "KR-26"])
        #expect(other["isOutsideTarget"] == true)
        let gone = try await answer(exchange, survey, "거둘 수요")
        try await kit.call("matching.surveys.retract", ["id": id, "demandId": gone.at("/demand/id") ?? .null])

        try await kit.call("matching.surveys.close", ["id": id])
        try await kit.advance(seconds: 1)
        try await kit.call("matching.demands.update", ["id": demand, "trl": 2, "title": "나중에 고친 제목"])
        let results = try await kit.call("matching.surveys.results", ["id": id])
        #expect(results["responses"] == 2 && results["outsideTarget"] == 1 && results["state"] == "closed")
        // As it was at the close, whatever became of it.
        #expect(results["byTRL"]?.array?.compactMap { $0["key"]?.string } == ["7"])
        #expect(results["byTRL"]?.array?.contains { $0["key"] == nil && $0["demands"] == 1 } == true)
        #expect(results.at("/answers/0/counts") == ["1억 미만": 1, "1억 이상": 1])
        #expect(results.at("/answers/1/unanswered") == 1)
        for (method, more) in [
            ("respond", ["demandId": demand] as JSON), ("update", ["title": "새 제목"]),
            ("invite", ["organisationIds": [.string(exchange.company)]]), ("retract", ["demandId": demand]),
        ] {
            var parameters = more
            parameters["id"] = id
            #expect(
                try await kit.fault("matching.surveys.\(method)", parameters).data["rule"] == "survey.closed",
                "\(method)")
        }
    }

    @Test func theRateHasItsDenominatorAndUnknownIsNotZero() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let survey = try await survey(exchange)
        let id = survey["id"] ?? .null
        _ = try await answer(exchange, survey, "수요 하나")
        let before = try await kit.call("matching.surveys.results", ["id": id])
        #expect(before["invited"] == 0 && before["responseRate"] == nil && before["organisations"] == 1)
        let invitation: JSON = ["id": id, "organisationIds": [.string(exchange.company), .string(exchange.institute)]]
        #expect(try await kit.call("matching.surveys.invite", invitation)["added"] == 2)
        #expect(try await kit.call("matching.surveys.invite", invitation)["added"] == 0)
        let after = try await kit.call("matching.surveys.results", ["id": id])
        #expect(after["invited"] == 2 && after["invitedThatAnswered"] == 1 && after["responseRate"]?.double == 0.5)
        #expect(
            try await exchange.fault("matching.surveys.results", ["id": id], as: "company")?.code == .forbidden)
    }

    @Test func similarDemandsBecomeProgrammesWithWhatIsSupplied() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let survey = try await survey(exchange)
        _ = try await exchange.technology(
            "이차전지 전극 건식 코팅", ["summary": "이차전지 양극과 음극을 용매 없이 건식으로 코팅하는 공정", "fields": ["EB"]])
        for (title, summary) in [
            ("이차전지 전극 건식 코팅 공정", "이차전지 전극을 용매 없이 건식 코팅하는 공정이 필요하다"),
            ("이차전지 전극 코팅 불량 검사", "이차전지 전극 코팅 공정의 불량을 찾는 검사가 필요하다"),
            ("이차전지 전극 재활용", "쓰고 난 이차전지 전극에서 금속을 되찾는 재활용 공정"),
        ] { _ = try await answer(exchange, survey, title, ["summary": .string(summary), "fields": ["EB"], "trl": 5]) }
        _ = try await answer(exchange, survey, "위성 영상 판독", ["summary": "위성 영상에서 산불을 찾는 인공지능", "fields": ["EE"]])
        _ = try await answer(exchange, survey, "임상시험 데이터 관리", ["summary": "병원의 임상시험 데이터를 모으는 플랫폼"])

        let results = try await kit.call("matching.surveys.results", ["id": survey["id"] ?? .null, "threshold": 0.5])
        let programmes = results["programmes"]?.array ?? []
        #expect(programmes.count == 1, "\(programmes)")
        let programme = programmes.first ?? .null
        let titles = programme["members"]?.array?.compactMap { $0["title"]?.string } ?? []
        #expect(titles.count == 3 && titles.allSatisfy { $0.hasPrefix("이차전지") })
        #expect(programme["fields"] == ["EB"] && programme["trlFrom"] == 5 && programme["organisations"] == 1)
        #expect(programme["words"]?.texts.contains { $0.hasPrefix("이차전지") } == true)
        let matched = programme["matched"]?.integer ?? 0
        let unmatched = programme["unmatched"]?.integer ?? 0
        #expect(matched >= 1 && matched + unmatched == 3)
        #expect((results["matched"]?.integer ?? 0) + (results["unmatched"]?.integer ?? 0) == 5)
        let field = results["byField"]?.array?.first
        #expect(field?["key"] == "EB" && field?["demands"] == 3 && field?["matched"]?.integer == matched)
        #expect(results["byField"]?.array?.first { $0["key"] == nil }?["demands"] == 1)
    }

    @Test func aFileOfAnswersIsImported() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let survey = try await survey(exchange)
        let id = survey["id"] ?? .null
        let plan: JSON = [
            "kind": "demands", "surveyId": id, "columns": ["수요명", "요약", "기업명", "희망 예산", "연구 인력 수"],
        ]
        let run = try await kit.call(
            "matching.imports.begin", ["name": "응답.csv", "contentHash": "12345678", "plan": plan])
        let rows: JSON = [
            ["첫 수요", "요약이다", "가나바이오", "1억 이상", "1,200"], ["둘째 수요", "요약이다", "가나바이오", "", "3"],
            ["셋째 수요", "요약이다", "가나바이오", "2억", "셋"],
        ]
        let done = try await kit.call(
            "matching.imports.rows", ["id": run["id"] ?? .null, "from": 2, "rows": rows])
        #expect(done["created"] == 1 && done["failed"] == 2)
        let errors = try await kit.call("matching.imports.errors", ["id": run["id"] ?? .null])["items"]?.array ?? []
        #expect(errors.compactMap { $0["column"]?.string } == ["희망 예산", "희망 예산", "연구 인력 수"])
        let responses = try await kit.call("matching.surveys.responses", ["id": id])["items"]?.array ?? []
        #expect(responses.count == 1 && responses.first?.at("/answers/staff") == 1_200)
        #expect(try await kit.call("matching.demands.list")["items"]?.array?.count == 1)
    }

    /// An answer stays one when its demand turns out to be another's double; what was withdrawn is counted nowhere.
    @Test func answersFollowTheDemandIntoWhichTheirsWasMerged() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let survey = try await survey(exchange)
        let id = survey["id"] ?? .null
        let first = try await answer(exchange, survey, "표면 분석 수요").at("/demand/id") ?? .null
        let second = try await answer(exchange, survey, "표면 분석 수요입니다").at("/demand/id") ?? .null
        let kept = try await exchange.demand("표면 분석 기술의 수요")
        try await kit.call("matching.demands.merge", ["keep": .string(kept), "drop": first])
        let answers = try await kit.call("matching.surveys.responses", ["id": id])["items"]?.array ?? []
        #expect(Set(answers.compactMap { $0["demandId"]?.string }) == [kept, second.string ?? ""])
        // Of two answers of one demand its own counts.
        try await kit.call("matching.demands.merge", ["keep": .string(kept), "drop": second])
        let results = try await kit.call("matching.surveys.results", ["id": id])
        #expect(results["responses"] == 2 && results["withdrawn"] == 1)
        #expect(results.at("/answers/0/answered") == 1 && results.at("/answers/0/counts") == ["1억 이상": 1])
    }

    /// Steps of a history that were kept before profiles had types.
    @Test func demandsOfOldAreCounted() async throws {
        let exchange = try await Exchange()
        let survey = try await survey(exchange)
        _ = try await answer(exchange, survey, "오래된 수요")
        try await exchange.kit.database.write { db in
            for row in try db.rows("SELECT profile_id, step, content FROM profile_history") {
                var content = try JSON(parsing: try row.get("content") as String).object ?? JSON.Members()
                for member in [
                    "type", "advantages", "iprStatus", "patents", "classifications", "isReviewed", "renewals",
                ] {
                    content[member] = nil
                }
                try db.run(
                    "UPDATE profile_history SET content = ? WHERE profile_id = ? AND step = ?",
                    JSON.object(content).text, try row.get("profile_id") as String, try row.get("step") as Int64)
            }
        }
        let results = try await exchange.kit.call("matching.surveys.results", ["id": survey["id"] ?? .null])
        #expect(results["examined"] == 1 && results["unmatched"] == 1)
    }
}
