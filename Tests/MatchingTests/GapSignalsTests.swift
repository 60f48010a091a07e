import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite struct GapSignalsTests {
    private func told(_ exchange: Exchange) async throws -> [String] {
        try await exchange.types().filter { $0.hasPrefix("ieum.matching.gap.") }.map { String($0.dropFirst(18)) }
    }

    /// The job does a few at a time; three turns are more than these few profiles need.
    private func look(_ exchange: Exchange) async throws {
        for _ in 0..<3 { try await exchange.kit.advance(seconds: 2) }
    }

    @Test func aSignalOpensAndClosesAsOffersComeAndGo() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let wanted: JSON = ["fields": ["NC"], "trl": 6]
        let demand = try await exchange.demand("이차이온 질량분석 조직 영상", wanted)
        try await look(exchange)
        #expect(try await told(exchange) == ["opened"])
        let open = try await kit.call("matching.gaps.list")
        let id = try #require(open.at("/items/0/id")?.string)
        #expect(open.at("/items/0/demandId")?.string == demand && open.at("/items/0/reason") == "noOffer")
        #expect(id.dropFirst(4) == demand.dropFirst(4))
        let offer = try await exchange.technology("이차이온 질량분석 조직 영상", wanted)
        try await look(exchange)
        #expect(try await told(exchange) == ["opened", "closed"])
        #expect(try await kit.call("matching.gaps.list")["items"] == [])
        #expect(
            try await kit.call("matching.gaps.list", ["state": "closed"]).at("/items/0/bestTechnologyId")?.string
                == offer)
        try await kit.call("matching.technologies.withdraw", ["id": .string(offer)])
        try await look(exchange)
        try await kit.call("matching.demands.withdraw", ["id": .string(demand)])
        try await look(exchange)
        #expect(try await told(exchange) == ["opened", "closed", "opened", "closed"])
        let detail = try await kit.call("matching.gaps.get", ["demandId": .string(demand)])
        #expect(detail.at("/signal/id")?.string == id && detail.at("/signal/state") == "gone")
        #expect(detail.at("/signal/openedTimes") == 2)
        #expect(detail["history"]?.array?.compactMap { $0["state"]?.string } == ["open", "met", "open", "gone"])
    }

    @Test func theSameStateIsToldOnceAcrossARestart() async throws {
        let path = NSTemporaryDirectory() + "gaps-\(UUID().uuidString).sqlite"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try await Exchange(path: path)
        _ = try await first.demand("초전도 자석 냉각")
        try await look(first)
        let again = try TestService(Matching.service, now: first.kit.now, path: path)
        for _ in 0..<3 { try await again.advance(seconds: 8 * 3_600) }
        let told = try await again.events.compactMap { $0["type"]?.string }.filter { $0.contains(".gap.") }
        #expect(told == ["ieum.matching.gap.opened"])
    }

    @Test func exclusiveTransfersTakeSupplyAway() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let first = try await exchange.demand("소형 투과전자현미경 시료 관찰")
        let other = try await exchange.demand("소형 투과전자현미경 시료 관찰")
        let offer = try await exchange.technology("소형 투과전자현미경 시료 관찰")
        try await look(exchange)
        #expect(try await told(exchange) == [])
        let deal = try await exchange.agreedDeal(first, offer)
        let hold = try await kit.call(
            "matching.technologies.hold",
            [
                "technologyId": .string(offer), "demandId": .string(first), "dealId": .string(deal), "holder": "test",
            ]
        ).text("id")
        try await kit.call("matching.technologies.post", ["id": .string(hold)])
        try await look(exchange)
        let taken = try await kit.call("matching.gaps.list", ["reason": "taken"])
        #expect(taken["items"]?.array?.compactMap { $0["demandId"]?.string }.contains(other) == true)
    }

    @Test func countsHaveTheirDenominator() async throws {
        let exchange = try await Exchange()
        _ = try await exchange.demand("양자 센서 냉각", ["fields": ["NB", "ED"], "region": "KR-30"])
        _ = try await exchange.demand("발효 공정 감시", ["fields": ["LA"], "region": "KR-43"])
        _ = try await exchange.technology("발효 공정 감시", ["fields": ["LA"]])
        let before = try await exchange.kit.call("matching.gaps.summary", ["by": "field"])
        #expect(before["unexamined"] == 2 && before["examined"] == 0)
        try await look(exchange)
        let fields = try await exchange.kit.call("matching.gaps.summary", ["by": "field"])
        #expect(fields["open"] == 1 && fields["examined"] == 2 && fields["unexamined"] == 0)
        let counts = (fields["items"]?.array ?? []).map {
            "\($0["code"] ?? .null) \($0["open"] ?? .null)/\($0["examined"] ?? .null)"
        }
        #expect(Set(counts) == ["\"NB\" 1/1", "\"ED\" 1/1", "\"LA\" 0/1"])
        let reasons = try await exchange.kit.call("matching.gaps.summary", ["by": "reason"])
        #expect(reasons.at("/items/0/code") == "noOffer" && reasons.at("/items/0/share")?.double == nil)
        let id = try #require(try await exchange.kit.call("matching.gaps.list").at("/items/0/id"))
        let link: JSON = ["id": id, "kind": "survey", "reference": "svy_1"]
        try await exchange.kit.call("matching.gaps.link", link)
        #expect(try await exchange.kit.call("matching.gaps.link", link)["links"]?.array?.count == 1)
    }

    @Test func theReasonIsWhatWouldHaveToBeOtherwise() {
        func reason(_ evidence: GapEvidence) -> GapReason? { evidence.reason(below: 0.5) }
        #expect(reason(GapEvidence(best: 0.5)) == nil)
        #expect(reason(GapEvidence()) == .noOffer)
        #expect(reason(GapEvidence(best: 0.4)) == .noOffer)
        #expect(reason(GapEvidence(best: 0.4, isFieldServed: true)) == .weakText)
        #expect(reason(GapEvidence(best: 0.4, taken: 0.6, atStage: 0.6)) == .taken)
        #expect(reason(GapEvidence(best: 0.4, atStage: 0.6, inRegion: 0.7)) == .belowStage)
        #expect(reason(GapEvidence(best: 0.4, atStage: 0.45, inRegion: 0.7)) == .otherRegion)
        #expect(reason(GapEvidence(best: 0.4, atStage: 0.45, inRegion: 0.4, atStageInRegion: 0.55)) == .belowStage)
    }

    /// Ten pairs that share one to ten of their ten words, at every distance of the text: somewhere between too far and
    /// near enough only the stage is missing, and reaching it closes just those gaps.
    @Test func anOfferBelowTheStageIsNamedAsSuch() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        var offers: [String: String] = [:]
        for shared in 1...10 {
            let words = (0..<10).map { "zq\(shared)w\($0)" }
            let others = (0..<10).map { $0 < shared ? words[$0] : "yy\(shared)w\($0)" }
            let demand = try await exchange.demand(words.joined(separator: " "), ["fields": ["LC"], "trl": 9])
            offers[demand] = try await exchange.technology(
                others.joined(separator: " "), ["fields": ["EA"], "trl": 1])
        }
        for _ in 0..<3 { try await look(exchange) }
        let below = try await kit.call("matching.gaps.list", ["reason": "belowStage"])["items"]?.array ?? []
        #expect(!below.isEmpty)
        for demand in below.compactMap({ $0["demandId"]?.string }) {
            try await kit.call("matching.technologies.update", ["id": .string(offers[demand] ?? ""), "trl": 9])
        }
        for _ in 0..<3 { try await look(exchange) }
        let left = try await kit.call("matching.gaps.list", ["reason": "belowStage"])
        #expect(left["items"] == [])
    }

    /// Neither offers of a type that does not fit nor those that were transferred stand before one that may be had.
    @Test func whatMayNotBeHadHidesNothingThatMay() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let facts: JSON = ["fields": ["NC"], "trl": 6]
        let demand = try await exchange.demand("이차이온 질량분석 조직 영상", facts)
        for _ in 0..<25 {
            var business = facts
            business["type"] = "businessOffer"
            _ = try await exchange.technology("이차이온 질량분석 조직 영상", business)
        }
        for _ in 0..<22 {
            var exclusive = facts
            exclusive["exclusive"] = true
            let offer = try await exchange.technology("이차이온 질량분석 조직 영상", exclusive)
            let hold: JSON = ["technologyId": .string(offer), "demandId": .string(demand), "holder": "test"]
            let id = try await kit.call("matching.technologies.hold", hold).text("id")
            try await kit.call("matching.technologies.post", ["id": .string(id)])
        }
        let free = try await exchange.technology("이차이온 질량분석 조직 영상", ["fields": ["NC"], "trl": 7])
        let listed = try await kit.call("matching.recommend", ["demandId": .string(demand)])
        #expect(listed["items"]?.array?.compactMap { $0["id"]?.string } == [free])
        #expect((listed.at("/items/0/score")?.double ?? 0) >= GapWatch.threshold)
        for _ in 0..<10 { try await look(exchange) }
        #expect(try await told(exchange) == [])
        #expect(try await kit.call("matching.gaps.summary", ["by": "reason"])["examined"] == 1)
    }

    @Test func withNothingToDoNothingIsWrittenOrRenewed() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("초전도 자석 냉각")
        try await look(exchange)
        try await look(exchange)
        func changes() async throws -> Int64 {
            try await kit.database.write { db in
                try db.row("SELECT total_changes() AS count")?.get("count") ?? -1
            }
        }
        func checkedAt() async throws -> String? {
            try await kit.call("matching.gaps.get", ["demandId": .string(demand)]).at("/signal/checkedAt")?.string
        }
        let (before, first) = (try await changes(), try await checkedAt())
        for _ in 0..<3 { try await look(exchange) }
        #expect(try await changes() == before)
        try await kit.advance(seconds: 7 * 3_600)
        try await look(exchange)
        #expect(try await checkedAt() == first)
        // Once anything has changed, all is renewed.
        _ = try await exchange.technology("아무 상관 없는 것")
        try await look(exchange)
        #expect(try await checkedAt() != first)
    }
}
