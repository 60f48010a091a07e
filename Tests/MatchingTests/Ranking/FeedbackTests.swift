import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Feedback")
struct FeedbackTests {
    private func ids(_ exchange: Exchange, _ demand: String, as principal: String = "company") async throws -> [String]
    {
        let answer = try await exchange.kit.call(
            "matching.recommend", ["demandId": .string(demand)], principal: principal, roles: [.viewer, .member])
        return answer["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    }

    private func decline(_ exchange: Exchange, _ demand: String, _ technology: String, _ reason: String) async throws {
        let deal = try await exchange.kit.call(
            "matching.deals.propose",
            ["demandId": .string(demand), "technologyId": .string(technology), "side": "supply"])
        try await exchange.kit.call(
            "matching.deals.decline",
            ["id": deal["id"] ?? .null, "side": "demand", "reason": .string(reason)], principal: "company")
    }

    @Test func whatWasDeclinedIsNotRecommendedAgainUntilTheReasonMayBeGone() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("이온 질량분석 센서", ["trl": 7])
        let technology = try await exchange.technology("이온 질량분석 센서", ["trl": 3])
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology)]
        #expect(try await ids(exchange, demand) == [technology])
        try await decline(exchange, demand, technology, "tooEarly")
        #expect(try await ids(exchange, demand).isEmpty)
        let why = try await kit.call("matching.explain", pair, principal: "company", roles: [.viewer])
        #expect(why.at("/hardFilters/0/rule") == "pair.declined" && why["isRecommendable"] == false)
        #expect(why.at("/hardFilters/0/en")?.string?.contains("too early") == true)
        // It is the company's own business: others see nothing of it.
        #expect(try await ids(exchange, demand, as: "stranger") == [technology])
        let stranger = try await kit.call("matching.explain", pair, principal: "stranger", roles: [.viewer])
        #expect(stranger["hardFilters"]?.array == [])
        // Other members may change as they like; the stage is what it was about.
        try await kit.call("matching.technologies.update", ["id": .string(technology), "summary": "더 좋은 설명"])
        #expect(try await ids(exchange, demand).isEmpty)
        try await kit.call("matching.technologies.update", ["id": .string(technology), "trl": 6])
        #expect(try await ids(exchange, demand) == [technology])
    }

    @Test func aDeclineIsForgottenAfterItsTime() async throws {
        let exchange = try await Exchange()
        let demand = try await exchange.demand("이온 질량분석 센서")
        let technology = try await exchange.technology("이온 질량분석 센서")
        try await decline(exchange, demand, technology, "alternativeInUse")
        try await exchange.kit.advance(seconds: 179 * 86_400)
        #expect(try await ids(exchange, demand).isEmpty)
        try await exchange.kit.advance(seconds: 2 * 86_400)
        #expect(try await ids(exchange, demand) == [technology])
    }

    @Test func declinesForAReasonChangeWhatThatReasonIsAbout() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        func offer(_ industry: String) async throws -> String {
            try await exchange.technology("위성 영상 자료 처리", ["industries": [.string(industry)]])
        }
        let demand = try await exchange.demand("위성 영상 자료 처리")
        let (space, defence) = (try await offer("space"), try await offer("defence"))
        func logit(_ technology: String) async throws -> Double {
            try await kit.call(
                "matching.explain", ["demandId": .string(demand), "technologyId": .string(technology)])["logit"]?.double
                ?? .nan
        }
        let before = (try await logit(space), try await logit(defence))
        for _ in 0..<6 { try await decline(exchange, demand, try await offer("space"), "notAStrategicFit") }
        let after = (try await logit(space), try await logit(defence))
        // The collection changed alike for both; what is left between them is the answers' effect.
        let effect = (after.0 - before.0) - (after.1 - before.1)
        // Half of the bound at most, and less where the other side is the one that holds the pair back.
        #expect(effect < -0.02 && effect >= -0.15, "\(effect)")
        #expect(try await ids(exchange, demand).first == defence)
        let reasons =
            try await kit.call(
                "matching.explain", ["demandId": .string(demand), "technologyId": .string(space)])["reasons"]?.array
            ?? []
        let own = try #require(reasons.first { $0["component"] == "feedback" })
        #expect(own["side"] == "demand" && own["en"]?.string?.contains("against this industry") == true)
        #expect(abs((own["value"]?.double ?? 0) + 6.0 / 9) < 1e-12)
        // Interest goes the other way.
        let relevant: JSON = [
            "demandId": .string(demand), "technologyId": .string(space), "side": "demand", "answer": "relevant",
        ]
        for _ in 0..<12 { try await kit.call("matching.feedback.record", relevant) }
        #expect(try await logit(space) > after.0)
    }

    @Test func answersWithoutADealAreKeptAndRead() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("드론 관제 센서")
        let technology = try await exchange.technology("드론 관제 센서")
        var answer: JSON = [
            "demandId": .string(demand), "technologyId": .string(technology), "side": "demand", "answer": "notRelevant",
            "reason": "descriptionUnclear", "note": "무엇을 재는지 모르겠다",
        ]
        #expect(try await exchange.fault("matching.feedback.record", answer, as: "stranger")?.code == .forbidden)
        let kept = try await kit.call(
            "matching.feedback.record", answer, principal: "company", roles: [.viewer, .member])
        #expect(kept["answeredBy"] == "company" && kept["silentUntil"]?.string != nil)
        #expect(try await ids(exchange, demand).isEmpty)
        // The supply side is still recommended this demand: it did not answer.
        let back = try await kit.call("matching.recommend", ["technologyId": .string(technology)])
        #expect(back.at("/items/0/id")?.string == demand)
        // The last answer counts.
        answer["answer"] = "relevant"
        #expect(try await kit.fault("matching.feedback.record", answer).pointers == ["/reason"])
        answer["reason"] = nil
        try await kit.call("matching.feedback.record", answer)
        #expect(try await ids(exchange, demand) == [technology])
        let list: JSON = ["organisationId": .string(exchange.company)]
        let all = try await kit.call("matching.feedback.list", list, principal: "company", roles: [.viewer])
        #expect(all["items"]?.array?.compactMap { $0["answer"]?.string } == ["notRelevant", "relevant"])
        #expect(all.at("/items/0/reason") == "descriptionUnclear" && all.at("/items/0/note")?.string != nil)
        #expect(try await exchange.fault("matching.feedback.list", list, as: "institute")?.code == .forbidden)
    }

    @Test func onlyTheLastAnswerOfASideToAPairCounts() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let facts: JSON = ["industries": ["space"]]
        let demand = try await exchange.demand("드론 관제 센서", facts)
        let technology = try await exchange.technology("드론 관제 센서", facts)
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology), "side": "demand"]
        func effect() async throws -> Double? {
            let why = try await kit.call(
                "matching.explain", ["demandId": .string(demand), "technologyId": .string(technology)])
            return why["reasons"]?.array?.first { $0["component"] == "feedback" }?["value"]?.double
        }
        var answer = pair
        answer["answer"] = "relevant"
        for _ in 0..<5 { try await kit.call("matching.feedback.record", answer) }
        #expect(try await effect() == 0.25)
        // Interest that was taken back is none.
        let deal = try await kit.call("matching.deals.propose", pair)
        #expect(try await effect() == 0.25)
        try await kit.call("matching.deals.withdraw", ["id": deal["id"] ?? .null, "side": "demand"])
        #expect(try await effect() == nil)
        // Another process that reads all from the start comes to the same.
        let fresh = try await kit.database.read { db in try Experience().current(db) }
        let id = try #require(OrganisationID(exchange.company))
        let tally = fresh.answers[Experience.Respondent(organisation: id, side: .demand)]
        #expect(tally?.effect(other: Facts(industries: [.space]), forms: [], below: nil).value == nil)
    }
}
