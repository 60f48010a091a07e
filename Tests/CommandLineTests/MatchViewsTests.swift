import ArgumentParser
import JSON
import Testing

@testable import CommandLine

/// What the commands about demands and technologies print: no line wider than the page, Hangul counted as two cells,
/// and no colour where nobody reads (a test's output is no terminal).
@Suite struct MatchViewsTests {
    private func isTidy(_ text: String) -> Bool {
        !text.contains("\u{1B}")
            && text.split(separator: "\n").allSatisfy { Table.width(of: String($0)) <= Table.pageWidth }
    }

    private let long = "이차이온 질량분석과 단백질 시퀀서를 함께 쓰는 표면 분석 장비의 소형화와 현장 실증을 위한 공동 연구 mass spectrometry"

    @Test func textIsCutAndBrokenByCells() {
        #expect(Table.fitted("가나다", 6) == "가나다")
        #expect(Table.fitted("가나다라", 6) == "가나…")
        #expect(Table.fitted("abcdef", 4) == "abc…")
        #expect(Table.padded("가", 4) == "가  ")
        #expect(Table.wrapped("가나 다라 마", 7) == ["가나", "다라 마"])
        #expect(Table.wrapped("가나다라마", 4) == ["가나", "다라", "마"])
        #expect(Table.wrapped("", 4) == [])
        #expect(Table.marked("1. ", "가나 다라", indent: 1, page: 8) == " 1. 가나\n    다라")
    }

    @Test func aRankedListFitsThePage() {
        let reason: (String, Double, String) -> JSON = { component, value, text in
            ["component": .string(component), "contribution": .number(value), "ko": .string(text), "en": .string(text)]
        }
        let answer: JSON = [
            "weightsVersion": 3, "calibration": ["calibrated": false, "outcomes": 12, "needed": 200],
            "items": [
                [
                    "id": "tec_0199aa0000000000000000000000000a", "title": .string(long), "organisationId": "org_1",
                    "score": 0.7249,
                    "reasons": [
                        reason("base", 9, "start"), reason("text", 0.5, long), reason("text", 0.7, "words"),
                        reason("field", 1.5, "field"), reason("trl", 0, "nothing"), reason("region", 0.1, "region"),
                        reason("capacity", 0.05, "capacity"),
                    ],
                ]
            ],
        ]
        let asked = FoundProfile(side: .demands, id: "dmd_0199aa0000000000000000000000000b", title: long)
        let text = Recommended(asked: asked, answer: answer, names: ["org_1": "한국기초과학지원연구원"]).text
        #expect(isTidy(text.split(separator: "\n").filter { !$0.hasPrefix("→") }.joined(separator: "\n")), "\(text)")
        #expect(text.contains(" 1.  0.72  ") && text.contains("한국기초과학지원연구원"))
        // The strongest of each component, the strongest component first; what adds nothing is not said.
        let reasons = text.split(separator: "\n").map { String($0.drop { $0 == " " }) }.filter {
            $0.hasPrefix("· ")
        }
        #expect(reasons == ["· field", "· words", "· region"])
        #expect(text.contains("ieum explain dmd_0199aa0000000000000000000000000b tec_0199aa0000000000000000000000000a"))
        #expect(text.contains("200") && text.contains("12"))
        let none = Recommended(asked: asked, answer: ["items": []], names: [:]).text
        #expect(none.contains("ieum gaps"))
    }

    @Test func anExplanationHasEveryPartInLine() {
        let answer: JSON = [
            "score": 0.31, "demandScore": 0.4, "supplyScore": 0.25, "logit": -0.8, "weightsVersion": 1,
            "hardFilters": [["rule": "technology.held", "ko": "보류 중입니다", "en": "it is held"]],
            "reasons": [
                [
                    "component": "text", "side": "demand", "weight": 2, "value": 0.25, "contribution": 0.5,
                    "ko": .string(long), "en": .string(long),
                ],
                [
                    "component": "reciprocity", "weight": 1, "value": -1.3, "contribution": -1.3, "ko": "차이",
                    "en": "apart",
                ],
                [
                    "component": "brandNew", "side": "supply", "weight": 1, "value": 0, "contribution": 0, "ko": "새",
                    "en": "new",
                ],
            ],
            "matched": [["text": "질량분석"]], "missing": [["text": "시퀀서"], ["text": "현장"]],
        ]
        let text = Explained(demand: long, technology: long, answer: answer).text
        #expect(isTidy(text), "\(text)")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasSuffix("2.00     0.25    0.500") })
        #expect(lines.contains { $0.hasSuffix("-1.30   -1.300") })
        #expect(lines.contains { $0.hasPrefix("brandNew") && $0.hasSuffix("0.00    0.000") })
        #expect(lines.contains { $0.hasSuffix("-0.800") } && text.contains("시퀀서, 현장"))
        // All numbers stand below each other.
        let rows = lines.filter { $0.hasSuffix("00") }
        #expect(Set(rows.map(Table.width)).count == 1)
    }

    @Test func whatWasFoundIsShownBySides() {
        let hit: JSON = [
            "id": "tec_1", "title": .string(long), "organisationId": "org_1",
            "matched": [["text": "질량분석"], ["text": "단백질"]],
        ]
        let text = Hits(answers: [.technologies: ["items": [hit]], .demands: ["items": []]], names: ["org_1": "기관"])
            .text
        #expect(isTidy(text) && text.contains("질량분석, 단백질") && text.contains("ieum recommend tec_1"))
        #expect(!Hits(answers: [.demands: ["items": []]], names: [:]).text.contains("recommend"))
    }

    @Test func aDealShowsItsStagesAsALine() {
        let deal: JSON = [
            "id": "deal_1", "demandId": "dmd_1", "technologyId": "tec_1", "state": "agreed", "stage": "valuation",
            "stalledAt": "2026-11-20T00:00:00Z",
            "history": [
                ["at": "2026-11-21T10:20:30.000Z", "action": "proposed", "side": "demand", "stage": "interest"]
            ],
        ]
        let view = DealView(json: deal, titles: ["dmd_1": long])
        #expect(view.line.contains("●") && view.line.filter { $0 == "●" }.count == 3)
        #expect(view.line.filter { $0 == "◉" }.count == 1 && view.line.filter { $0 == "○" }.count == 3)
        #expect(isTidy(view.long), "\(view.long)")
        #expect(view.long.contains("2026-11-21 10:20") && view.short.contains("tec_1"))
        #expect(DealView.stages.count == 7)
    }

    @Test func aProfileAndGapsFitThePage() {
        let profile: JSON = [
            "id": "dmd_1", "title": .string(long), "summary": .string(long + "\n" + long), "state": "published",
            "organisationId": "org_1", "fields": ["NB", "unknown"], "region": "KR-30", "trl": 7,
        ]
        let text = ProfileView(json: profile, names: ["org_1": "기관"]).text
        #expect(
            isTidy(text) && text.contains("기관") && text.contains("unknown") && text.contains("ieum recommend dmd_1"))
        let gaps = GapsCommand.list(["items": [["title": .string(long), "demandId": "dmd_1", "bestScore": 0.2]]])
        #expect(isTidy(gaps) && gaps.contains("0.20"))
    }

    @Test func anAssignmentItsTimetableAndItsVerdictAreShown() {
        let pair: JSON = ["applicant": "가", "host": "나"]
        let certificate: JSON = [
            "method": "hostOptimal", "assignment": .array(Array(repeating: pair, count: 70)),
            "totals": ["pairs": 70, "unassignedApplicants": 2, "vacantPlaces": 1, "blockingPairs": 0],
            "lottery": ["seed": 5], "digest": "sha256:0123456789abcdef0123456789abcdef",
        ]
        let text = AssignmentView(certificate: certificate).text
        #expect(text.contains("70") && text.contains("10") && text.contains("sha256:0123456789abcdef"))
        let timetable = AssignmentView.timetable([
            "rounds": 2, "lowerBound": 2, "isProvenMinimal": true,
            "meetings": [["round": 1, "table": 1, "applicant": "가", "host": "나"]],
            "unplaced": [["applicant": "다", "host": "라"]],
        ])
        #expect(timetable.contains("다 – 라") && isTidy(timetable))
        let verdict = AssignmentView.verdict([
            "isValid": false, "summary": ["ko": "아니다", "en": "no"],
            "violations": [
                ["rule": "totals.wrong", "pointer": "/totals", "explanation": ["ko": "합계", "en": "totals"]]
            ],
        ])
        #expect(verdict.hasPrefix("✗") && verdict.contains("totals.wrong /totals"))
    }

    @Test func filtersAreReadByCodeOrName() throws {
        let filters = try FilterOptions.parse([
            "--region", "대전", "--region", "KR-11", "--trl", "4-6", "--field", "nb", "--include-held",
        ])
        let json = try #require(try filters.json())
        #expect(json["regions"] == ["KR-30", "KR-11"] && json["fields"] == ["NB"])
        #expect(json["trlFrom"] == 4 && json["trlTo"] == 6 && json["includeHeld"] == true)
        #expect(try FilterOptions.parse([]).json() == nil)
        for wrong in [["--region", "어디"], ["--trl", "6-4"], ["--trl", "x"], ["--trl", "0-3"], ["--trl", "1-2-3"]] {
            #expect(throws: Failure.self) { try FilterOptions.parse(wrong).json() }
        }
    }

    @Test func decimalsAreRounded() {
        #expect(Scores.decimals(0.125, 2) == "0.13" && Scores.decimals(-0.004, 2) == "0.00")
        #expect(Scores.decimals(-1.3, 3) == "-1.300" && Scores.decimals(12.0, 1) == "12.0")
        #expect(Scores.text(nil) == "-   ")
    }
}
