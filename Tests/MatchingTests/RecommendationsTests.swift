import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Recommendations")
struct RecommendationsTests {
    /// Needs of the source documents and the technique that answers each (C:244-260, C:274, P:857, P:731-732).
    static let pairs: [(need: String, technique: String)] = [
        ("투과전자현미경(TEM)의 시료 내부구조 관찰 어려움", "1nm급 분해능을 가지는 보급형 탁상용 투과전자현미경"),
        ("이차이온 질량분석으로 생체 시료의 영상을 얻고자 함", "Bio SIMS 개발"),
        ("단백질의 3차원 구조를 원자수준의 해상도로 규명", "전자현미경시스템과 디텍터, 초고해상도현미경"),
        ("우주·방산 주요 부품의 경량화", "3D프린팅 공정 시뮬레이션"),
        ("위성영상 활용 서비스를 위한 데이터", "위성정보 활용 기술, 위성영상 데이터 Pool"),
        ("재난으로부터 시민 안전확보", "AI·ICT 융합 스마트 안전 기술"),
    ]

    @Test func needsOfTheDocumentsFindTheirTechnique() async throws {
        let exchange = try await Exchange()
        var ids: [String] = []
        for pair in Self.pairs { ids.append(try await exchange.technology(pair.technique)) }
        for other in ["미생물 독성 분리 종합분석시스템", "무인함정 해양 센서", "인공지능 튜터", "신약개발 파운드리", "라이브 셀 이미징"] {
            _ = try await exchange.technology(other)
        }
        var first = 0
        for (pair, id) in zip(Self.pairs, ids) {
            let demand = try await exchange.demand(pair.need)
            let answer = try await exchange.kit.call("matching.recommend", ["demandId": .string(demand)])
            let found = answer["items"]?.array?.compactMap { $0["id"]?.string } ?? []
            #expect(found.prefix(2).contains(id), "\(pair.need) → \(answer.at("/items/0/title")?.string ?? "-")")
            if found.first == id { first += 1 }
        }
        #expect(first >= Self.pairs.count - 1)
    }

    @Test func reasonsAddUpAndBothDirectionsAndTheExplanationAgree() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let technology = try await exchange.technology(
            "이차이온 질량분석 장비",
            [
                "trl": 6, "fields": ["NC", "EB"], "industries": ["research-equipment"],
                "partnerships": ["licence", "guidance"], "description": "표면의 1 nm 분해능 분석",
            ])
        _ = try await exchange.technology("질량분석 소프트웨어", ["trl": 3])
        let demand = try await exchange.demand(
            "SIMS 표면 분석",
            ["trl": 7, "fields": ["NC"], "partnerships": ["licence"], "description": "1nm 분해능이 필요"])
        _ = try await exchange.demand("드론 관제")
        let forward = try await kit.call("matching.recommend", ["demandId": .string(demand)])
        let item = forward.at("/items/0") ?? .null
        #expect(item["id"]?.string == technology)
        let reasons = item["reasons"]?.array ?? []
        let logit = try #require(item["logit"]?.double)
        let sum = reasons.reduce(0) { $0 + ($1["contribution"]?.double ?? .nan) }
        #expect(abs(sum - logit) < 1e-9)
        let score = try #require(item["score"]?.double)
        #expect(abs(score - 1 / (1 + exponential(-logit))) < 1e-12)
        for reason in reasons {
            let product = (reason["weight"]?.double ?? .nan) * (reason["value"]?.double ?? .nan)
            #expect(abs(product - (reason["contribution"]?.double ?? .nan)) < 1e-12)
            #expect(reason["ko"]?.string?.isEmpty == false && reason["en"]?.string?.isEmpty == false)
        }
        let matched = item["matched"]?.array?.compactMap { $0["text"]?.string } ?? []
        #expect(matched.contains("분해능") && matched.contains("표면") && matched.contains("1nm"))
        let back = try await kit.call("matching.recommend", ["technologyId": .string(technology)])
        #expect(back.at("/items/0/id")?.string == demand && back.at("/items/0/score") == item["score"])
        let explained = try await kit.call(
            "matching.explain", ["demandId": .string(demand), "technologyId": .string(technology)])
        #expect(explained["score"] == item["score"] && explained["reasons"] == item["reasons"])
        #expect(explained["isRecommendable"]?.bool == true && explained["hardFilters"]?.array == [])
    }

    @Test func hardFiltersAreReasonsNotZeros() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        let technology = try await exchange.technology("센서", ["trl": 3])
        let pair: JSON = ["demandId": .string(demand), "technologyId": .string(technology)]
        let ask: JSON = ["demandId": .string(demand)]
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array?.count == 1)
        var filtered = ask
        filtered["filters"] = ["trlFrom": 5]
        #expect(try await kit.call("matching.recommend", filtered)["items"]?.array == [])
        var why = pair
        why["filters"] = ["trlFrom": 5, "regions": ["KR-11"]]
        let explained = try await kit.call("matching.explain", why)
        #expect(explained.at("/hardFilters/0/rule")?.string == "filter.regions")
        #expect((explained["score"]?.double ?? 0) > 0)
        try await kit.call(
            "matching.technologies.hold",
            ["technologyId": .string(technology), "demandId": .string(demand), "holder": "t"])
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array == [])
        let held = try await kit.call("matching.explain", pair)
        #expect(held.at("/hardFilters/0/rule")?.string == "technology.held")
        var all = ask
        all["filters"] = ["includeHeld": true]
        #expect(try await kit.call("matching.recommend", all)["items"]?.array?.count == 1)
        try await kit.call("matching.demands.withdraw", ["id": .string(demand)])
        let closed = try await kit.call("matching.explain", pair)
        #expect(closed.at("/hardFilters/0/rule")?.string == "demand.notPublished")
    }

    @Test func oneOfTheTwoMustBeGiven() async throws {
        let exchange = try await Exchange()
        let none = try await exchange.kit.fault("matching.recommend", ["limit": 5])
        #expect(none.pointers == ["/demandId", "/technologyId"])
        let wrong = try await exchange.kit.fault(
            "matching.recommend", ["demandId": "tec_1", "limit": 0, "filters": ["trlFrom": 0, "fields": []]])
        #expect(wrong.pointers == ["/demandId", "/limit", "/filters/trlFrom", "/filters/fields"])
        let unknown = try await exchange.kit.fault(
            "matching.recommend", ["demandId": .string("dmd_\(String(repeating: "0", count: 32))")])
        #expect(unknown.code == .notFound)
    }

    @Test func gapsAreDemandsThatNothingMeets() async throws {
        let exchange = try await Exchange()
        _ = try await exchange.technology("이차이온 질량분석 장비", ["fields": ["NC"], "trl": 7])
        _ = try await exchange.demand("이차이온 질량분석 장비", ["fields": ["NC"], "trl": 7])
        let alone = try await exchange.demand("심해 광물 채굴")
        _ = try await exchange.demand("초안은 세지 않는다", publish: false)
        let gaps = try await exchange.kit.call("matching.gaps")
        #expect(gaps["items"]?.array?.compactMap { $0["id"]?.string } == [alone])
        #expect(gaps["examined"]?.integer == 2 && gaps["threshold"]?.double == 0.5 && gaps["next"]?.string == nil)
        let page = try await exchange.kit.call("matching.gaps", ["limit": 1])
        #expect(page["items"]?.array == [] && page["next"]?.string != nil)
        let all = try await exchange.kit.call("matching.gaps", ["threshold": 1])
        #expect(all["items"]?.array?.count == 2 && all.at("/items/0/bestTechnologyId")?.string != nil)
        let wrong = try await exchange.kit.fault("matching.gaps", ["threshold": 2, "limit": 1_000])
        #expect(wrong.pointers == ["/threshold", "/limit"])
    }

    @Test func weightsAreVersionedAndCount() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("센서 기술")
        _ = try await exchange.technology("센서")
        let ask: JSON = ["demandId": .string(demand)]
        let before = try await kit.call("matching.recommend", ask)
        let standard = try await kit.call("matching.weights.get")
        #expect(standard["version"]?.integer == 0 && before["weightsVersion"]?.integer == 0)
        var weights = standard["weights"] ?? .null
        var side = weights["demand"] ?? .null
        side["region"] = 0
        weights["demand"] = side
        let set: JSON = ["weights": weights, "reason": "지역은 보지 않는다"]
        #expect(try await exchange.fault("matching.weights.set", set, as: "company")?.code == .forbidden)
        #expect(try await kit.call("matching.weights.set", set)["version"]?.integer == 1)
        let after = try await kit.call("matching.recommend", ask)
        #expect(after["weightsVersion"]?.integer == 1)
        #expect((after.at("/items/0/score")?.double ?? 1) < (before.at("/items/0/score")?.double ?? 0))
        side["region"] = 99
        weights["demand"] = side
        let wrong = try await kit.fault("matching.weights.set", ["weights": weights, "reason": ""])
        #expect(wrong.pointers == ["/weights/demand/region", "/reason"])
    }

    @Test func readersAndWritersAtOnceAgreeInTheEnd() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("드론 관제 센서 반도체 위성영상 시료")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let word = ["드론", "관제", "센서", "반도체", "위성영상", "시료"][number % 6]
                    let id = try await exchange.technology("\(word) \(number)")
                    if number % 3 == 0 { try await kit.call("matching.technologies.withdraw", ["id": .string(id)]) }
                }
                group.addTask { try await kit.call("matching.recommend", ["demandId": .string(demand), "limit": 50]) }
            }
            try await group.waitForAll()
        }
        let found = try await kit.call("matching.recommend", ["demandId": .string(demand), "limit": 50])
        let open = try await kit.call("matching.technologies.list", ["state": "published", "limit": 200])
        let ids = Set(found["items"]?.array?.compactMap { $0["id"]?.string } ?? [])
        #expect(ids == Set(open["items"]?.array?.compactMap { $0["id"]?.string } ?? []) && ids.count == 26)
    }

    @Test func aRestartRebuildsTheSameIndex() async throws {
        let path = "/tmp/ieum-matching-\(UInt64.random(in: .min ... .max)).sqlite"
        let exchange = try await Exchange(path: path)
        let demand = try await exchange.demand("SIMS 분석")
        _ = try await exchange.technology("이차이온 질량분석")
        let ask: JSON = ["demandId": .string(demand)]
        let before = try await exchange.kit.call("matching.recommend", ask)
        exchange.kit.database.close()
        let again = try TestService(Matching.service, path: path)
        #expect(try await again.call("matching.recommend", ask) == before)
        again.database.close()
    }

    /// What a write reads and then rolls back must not stay in the index: its number in the sequence comes again.
    @Test func theIndexForgetsWhatWasRolledBack() async throws {
        struct RolledBack: Error {}
        let exchange = try await Exchange()
        let technology = try await exchange.technology("드론 관제")
        let catalogue = Catalogue()
        let sequence = try await exchange.kit.database.read { try catalogue.current($0).sequence }
        await #expect(throws: (any Error).self) {
            _ = try await exchange.kit.database.write { db in
                try db.run("UPDATE profile_clock SET sequence = sequence + 1")
                try db.run("UPDATE profile SET state = 'withdrawn', changed = ? WHERE id = ?", sequence + 1, technology)
                #expect(try catalogue.current(db, isCommitted: false).sequence == sequence + 1)
                throw RolledBack()
            }
        }
        let after = try await exchange.kit.database.read { try catalogue.current($0) }
        #expect(after.sequence == sequence)
        #expect(after.technologies.count == 1)
    }
}
