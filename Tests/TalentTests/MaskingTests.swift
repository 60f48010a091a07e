import JSON
import Testing
import Vocabulary

@testable import Talent

@Suite struct MaskingTests {
    @Test(arguments: [
        ("김철수", "김○○"), ("남궁민수", "남○○"), ("Jane Doe", "J. D."), ("Jan van der Berg", "J. v. d. B."),
        ("  이  ", "이○○"), ("", "○"), ("Ωmega", "Ω."), ("山田太郎", "山○○"),
    ])
    func showsTheInitialOnly(name: String, initial: String) {
        #expect(Masking.initial(of: name) == initial)
    }

    @Test func doesNotTellTheLength() {
        #expect(Masking.initial(of: "김구") == Masking.initial(of: "김수한무거북이와두루미"))
    }

    @Test(arguments: [
        "900101-1234567", "9001011234567", "900101 - 1234567".replacing(" ", with: ""), "생년 900101–2234567 입니다",
        "９００１０１－１２３４５６７", "900101-1******", "850731-5123456", "900101 1234567", "면허 11-23-456789-01",
        "여권 M12345678", "여권 M123A4567",
    ])
    func findsIdentityNumbers(text: String) {
        #expect(UniqueIdentifiers.found(in: text))
    }

    @Test(arguments: [
        "010-1234-5678", "2020-12-31", "2026년 11월 21일", "특허 10-2020-1234567", "991301-1234567", "900101-9234567",
        "계좌 없음", "", "TRL 4~9, 예산 1,200,000,000원", "10,000,000,000", "M1234567", "ISO 13485:2016",
    ])
    func leavesOtherNumbers(text: String) {
        #expect(!UniqueIdentifiers.found(in: text))
    }

    @Test(arguments: ["a@b.kr", "연락 010-1234-5678", "010 1234 5678", "+82 10 1234 5678", "042.123.4567", "123456789"])
    func findsContacts(text: String) {
        #expect(UniqueIdentifiers.contactFound(in: text))
    }

    @Test(arguments: [
        "2026-12-01 2027-01-31", "로봇 제어 자문 (2027)", "C++", "flw_0199123456789012345678901234567f", "예산 12,000,000원",
    ])
    func leavesPlainWords(text: String) {
        #expect(!UniqueIdentifiers.contactFound(in: text))
    }

    @Test func everyFlowIdentifierIsAPlainWord() {
        let now = Instant(milliseconds: 1_795_000_000_000)
        for _ in 0..<5_000 {
            let id = FlowID.new(at: now).description
            #expect(!UniqueIdentifiers.contactFound(in: id), "\(id)")
        }
    }
}

@Suite struct SkillTests {
    @Test(arguments: [
        ("머신러닝", "ict.machine-learning"), ("Machine-Learning", "ict.machine-learning"),
        ("machine learning", "ict.machine-learning"), ("ＡＩ", "ict.machine-learning"), ("c++", "ict.cpp"),
        ("TEM", "analysis.electron-microscopy"), ("ict.cpp", "ict.cpp"), ("Lc-Ms", "analysis.mass-spectrometry"),
        ("도자기 공예", "free:도자기공예"), ("free:도자기 공예", "free:도자기공예"),
    ])
    func normalises(text: String, code: String) {
        #expect(Skills.code(of: text) == code)
    }

    @Test func refusesWhatHasNoLetters() { #expect(Skills.code(of: " -.- ") == nil) }

    @Test func eachWordOfTheVocabularyMeansOneThing() {
        var owner: [String: String] = [:]
        for term in SkillTerm.all {
            for text in [term.name.ko, term.name.en] + term.aliases {
                let word = Skills.folded(text)
                #expect(
                    owner[word] == nil || owner[word] == term.code,
                    "\(text) is in \(owner[word] ?? "") and \(term.code)")
                owner[word] = term.code
            }
        }
        #expect(Set(SkillTerm.all.map(\.code)).count == SkillTerm.all.count)
    }
}
