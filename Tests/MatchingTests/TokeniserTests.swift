import JSON
import Testing

@testable import Matching

@Suite("Cutting text into terms")
struct TokeniserTests {
    let tokeniser = Tokeniser()

    private func words(_ text: String) -> [String] {
        tokeniser.tokens(of: text).runs.flatMap(\.terms).map(\.description)
    }

    private func concepts(_ text: String) -> [String] {
        tokeniser.tokens(of: text).mentions.map { tokeniser.thesaurus.concepts[$0].id }
    }

    @Test(arguments: [
        ("질량분석", ["질량", "량분", "분석"]),
        ("질량 분석", ["질량", "분석"]),
        ("빛 의 힘", ["빛", "의", "힘"]),
        ("1nm급 분해능", ["1nm", "급", "분해", "해능"]),
        ("1 nm급", ["1nm", "급"]),
        ("0.5㎛ 두께", ["0.5um", "두께"]),
        ("LC/MS", ["lcms", "lc", "ms"]),
        ("GC-MS, Wi-Fi.", ["gcms", "gc", "ms", "wifi", "wi", "fi"]),
        ("12,000대", ["12000", "대"]),
        ("TRL4", ["trl4", "trl"]),
        ("ＣＯ２ 포집", ["co2", "포집"]),
        ("R-COSTII", ["rcostii", "costii"]),
        ("", []),
        (" -/., ", []),
        ("3D프린팅", ["3d", "프린", "린팅"]),
        ("5G 통신", ["5g", "통신"]),
        ("新산업", ["신산", "산업"]),
        ("표준(案)", ["표준", "안"]),
        ("龍", ["龍"]),
        ("‘디지털’", ["디지", "지털"]),
        ("1.5℃", ["1.5degc"]),
        ("（ＴＥＭ）", ["tem"]),
    ])
    func cuts(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func decomposedHangulIsTheSameText() {
        let decomposed = "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"  // 한글
        #expect(words(decomposed) == ["한글"])
    }

    @Test(arguments: [
        ("투과 전자 현미경", "투과전자현미경"), ("\u{1103}\u{1173}\u{1105}\u{1169}\u{11AB}", "드론"),
        ("３Ｄ 프린팅", "3D프린팅"), ("무인·유인", "무인, 유인"),
    ])
    func oneThingWrittenInTwoWaysIsOneConcept(_ one: String, _ other: String) {
        #expect(Set(concepts(one)) == Set(concepts(other)))
    }

    @Test func aNameOfOneSyllableIsAWholeWord() {
        #expect(concepts("밀 재배").contains("grain") && !concepts("밀접한 밀도").contains("grain"))
    }

    @Test(arguments: [
        ("SIMS 분석", ["sims"]),
        ("이차이온 질량분석 장비", ["sims", "mass-spectrometry"]),
        ("이차 이온 질량 분석", ["sims", "mass-spectrometry"]),
        ("Secondary-ion mass spectrometry", ["sims", "mass-spectrometry"]),
        ("생물전용투과전자현미경", ["tem", "electron-microscope", "microscope"]),
        ("two transmission electron microscopes", ["tem", "electron-microscope", "microscope"]),
        ("a tem in lower case", []),
        ("ITEM", []),
        ("차세대 시퀀서", ["ngs", "sequencer"]),
        ("유전자 염기서열분석 수요", ["gene", "sequencer"]),
        ("수소", ["hydrogen"]),
        ("필수소재", []),
    ])
    func namesConcepts(_ text: String, _ expected: [String]) {
        #expect(Set(concepts(text)) == Set(expected))
    }

    @Test func homonymNeedsItsContext() {
        #expect(concepts("AI 튜터와 학습 데이터").contains("artificial-intelligence"))
        #expect(!concepts("AI 튜터와 학습 데이터").contains("avian-influenza"))
        #expect(concepts("조류독감(AI) 방역") == ["avian-influenza", "avian-influenza"])
        #expect(concepts("AI 사업") == [])
        // Both meanings possible: the abbreviation names neither, the full name still counts.
        #expect(concepts("조류독감 AI 데이터 예측") == ["avian-influenza"])
    }

    @Test func everyThesaurusEntryIsComplete() {
        var seen: Set<String> = []
        for concept in Thesaurus.standard.concepts {
            #expect(seen.insert(concept.id).inserted, "\(concept.id) twice")
            #expect(!concept.source.isEmpty && !concept.label.ko.isEmpty && !concept.label.en.isEmpty)
            for relation in concept.related {
                #expect(Thesaurus.standard.place(of: relation.concept) != nil, "\(concept.id) → \(relation.concept)")
                #expect((0.3...0.5).contains(relation.weight))
            }
        }
    }

    @Test func vectorCountsTermsAndConcepts() throws {
        let vector = tokeniser.vector(of: "시료 시료 TEM")
        #expect(vector.count(of: .pair(0xC2DC, 0xB8CC)) == 2)
        #expect(vector.count(of: .concept(try #require(tokeniser.thesaurus.place(of: "tem")))) == 1)
        #expect(vector.length == 4)
    }
}
