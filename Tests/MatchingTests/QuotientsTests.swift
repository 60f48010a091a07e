import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite struct QuotientsTests {
    private func table(_ cells: [String: [String: Int64?]]) -> QuotientTable {
        QuotientTable(cells: cells.mapValues { $0.mapValues { QuotientCell(value: $0) } })
    }

    @Test func theQuotientIsTheShareOverTheNationsShare() {
        let table = table(["KR-30": ["C": 30, "all": 100], "KR": ["C": 200, "all": 1_000]])
        let result = table.quotient(region: "KR-30", industry: "C", measure: .employment)
        #expect(result.quotient == 1.5 && result.symmetric == 0.2 && result.missing == [] && result.cautions == [])
    }

    @Test func whatIsUnknownIsNotZero() {
        let silent = table(["KR-30": ["C": nil, "all": 100], "KR": ["C": 200, "all": 1_000]])
        let result = silent.quotient(region: "KR-30", industry: "C", measure: .employment)
        #expect(result.quotient == nil && result.symmetric == nil && result.missing == ["KR-30/C"])
        let zero = table(["KR-30": ["C": 0, "all": 100], "KR": ["C": 200, "all": 1_000]])
        let none = zero.quotient(region: "KR-30", industry: "C", measure: .employment)
        #expect(none.quotient == 0 && none.symmetric == -1 && none.cautions == [.smallNumber])
        let nowhere = table(["KR-30": ["C": 0, "all": 100], "KR": ["C": 0, "all": 1_000]])
        let undefined = nowhere.quotient(region: "KR-30", industry: "C", measure: .output)
        #expect(undefined.quotient == nil && undefined.missing == ["KR/C > 0"])
    }

    @Test func aTotalIsAddedUpOnlyWhenEveryPartIsKnown() {
        var cells = ["KR-30": Dictionary(uniqueKeysWithValues: KSICSection.allCases.map { ($0.rawValue, Int64?(10)) })]
        cells["KR"] = ["C": 100, "all": 4_200]
        let whole = table(cells).quotient(region: "KR-30", industry: "C", measure: .output)
        #expect(whole.regionTotal == 210 && whole.quotient == 2 && whole.cautions == [.summedTotal])
        cells["KR-30"]?["U"] = Int64?.none
        let partly = table(cells).quotient(region: "KR-30", industry: "C", measure: .output)
        #expect(partly.quotient == nil && partly.missing == ["KR-30/all"])
    }

    @Test func statedSharesAreEnoughAndSaySo() async throws {
        let kit = try await Exchange().kit
        let load: JSON = [
            "source": "P:272",
            "figures": [
                [
                    "measure": "output", "year": 2021, "region": "KR-30", "industry": "services",
                    "shareBasisPoints": 7_750,
                ],
                [
                    "measure": "output", "year": 2021, "region": "KR", "industry": "services",
                    "shareBasisPoints": 6_321,
                ],
            ],
        ]
        #expect(try await kit.call("matching.quotients.load", load)["loaded"] == 2)
        try await kit.call("matching.quotients.load", load)
        try await kit.call(
            "matching.quotients.load",
            [
                "source": "C:215",
                "figures": [
                    [
                        "measure": "employment", "region": "KR-43", "industry": "finished-medicine",
                        "publishedQuotient": "5.6", "nameKo": "완제의약품 제조업",
                    ]
                ],
            ])
        let items = try await kit.call("matching.quotients.list")["items"]?.array ?? []
        #expect(items.count == 2)
        let computed = try #require(items.first { $0["isPublished"] == false })
        #expect(abs((computed.at("/result/quotient")?.double ?? 0) - 7_750 / 6_321) < 1e-12)
        #expect(computed.at("/result/cautions") == ["countsUnknown"])
        let printed = try #require(items.first { $0["isPublished"] == true })
        #expect(printed.at("/result/quotient")?.double == 5.6 && printed.at("/result/cautions") == ["publishedOnly"])
        #expect(printed["year"] == nil && printed.at("/name/ko") == "완제의약품 제조업")
    }

    @Test func everyWrongFigureIsNamedAtOnce() async throws {
        let kit = try await Exchange().kit
        let wrong = try await kit.fault(
            "matching.quotients.load",
            [
                "source": "x",
                "figures": [
                    ["measure": "employment", "year": 2021, "region": "KR-99", "industry": "C", "value": 1],
                    ["measure": "employment", "region": "KR", "industry": "없는 산업", "value": 1],
                    [
                        "measure": "output", "year": 2021, "region": "KR", "industry": "C", "value": 1,
                        "shareBasisPoints": 1,
                    ],
                ],
            ])
        #expect(
            wrong.pointers == [
                "/figures/0/region", "/figures/1/year", "/figures/1/industry", "/figures/2/shareBasisPoints",
            ])
        let refused = try await Exchange().fault(
            "matching.quotients.load", ["source": "x", "figures": []], as: "company")
        #expect(refused?.code == .forbidden)
    }
}
