import JSON
import ServiceKit
import Testing

@testable import Matching

@Suite("Reading the thesaurus")
struct ThesaurusMethodsTests {
    @Test func conceptsAreListedPageByPageAndReadWithTheirSource() async throws {
        let kit = try await Exchange().kit
        var ids: [String] = []
        var after: JSON = .null
        repeat {
            let page = try await kit.call("matching.thesaurus.list", ["limit": 200, "after": after])
            ids += page["items"]?.array?.compactMap { $0["id"]?.string } ?? []
            after = page["next"] ?? .null
        } while after != .null
        #expect(ids.count == Thesaurus.standard.concepts.count && ids == ids.sorted())
        let sims = try await kit.call("matching.thesaurus.get", ["id": "sims"])
        #expect(sims.at("/label/ko")?.string == "이차이온 질량분석" && sims["source"]?.string == "C:259")
        #expect(sims["related"]?.array?.contains { $0["id"]?.string == "mass-spectrometry" } == true)
        let named = try await kit.call("matching.thesaurus.list", ["text": "시퀀서"])
        #expect(named["items"]?.array?.compactMap { $0["id"]?.string }.contains("sequencer") == true)
        #expect(try await kit.fault("matching.thesaurus.get", ["id": "nothing"]).code == .notFound)
    }

    @Test func lookingUpATextSaysWhatIsMeantAndWhatCountsLess() {
        let found = ThesaurusMethods.lookup("SIMS 분석 기술 개발 지원", .standard)
        #expect(found.items.map(\.id).contains("sims"))
        #expect(found.common == ["기술", "개발", "지원"])
    }

    @Test(arguments: [
        ("이차이온질량분석(SIMS)으로 본다", [Gloss(ko: "이차이온질량분석", latin: "SIMS")]),
        ("오가노이드 (organoid, 유사장기)", []),
        ("교통시스템(C-ITS)과 항공 모빌리티(UAM)", [Gloss(ko: "교통시스템", latin: "C-ITS"), Gloss(ko: "모빌리티", latin: "UAM")]),
        ("2023(5년) 계획(안)", []),
        ("닫히지 않은 괄호(SIMS", []),
    ])
    func glossesAreMined(_ text: String, _ expected: [Gloss]) { #expect(Gloss.mined(from: text) == expected) }

    @Test func publishedProfilesSuggestWhatTheThesaurusLacks() async throws {
        let exchange = try await Exchange()
        _ = try await exchange.technology("봉합재료(BSM)와 이차이온질량분석(SIMS)")
        _ = try await exchange.technology("초안의 말풀이(DRAFT)", publish: false)
        let found = try await exchange.kit.call("matching.thesaurus.suggest", ["side": "supply"])
        #expect(found["items"]?.array?.compactMap { $0["latin"]?.string } == ["BSM"])
        #expect(found["next"] ?? .null == .null)
    }
}
