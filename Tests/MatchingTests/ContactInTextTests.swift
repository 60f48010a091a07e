import JSON
import ServiceKit
import Testing

@testable import Matching

@Suite("No contacts in what everybody reads")
struct ContactInTextTests {
    @Test(arguments: [
        "문의: tlo@dara.re.kr", "a.b-c+d@example.co.kr로 연락", "ｔｌｏ＠ｄａｒａ．ｋｒ", "메일은 kim_1@x.io.",
    ])
    func findsMail(text: String) { #expect(ContactInText.findings(in: text).map(\.finding) == [.email]) }

    @Test(arguments: [
        "042-123-4567", "전화 02-1234-5678번", "(042) 123-4567", "042) 123 4567", "042.123.4567", "010-1234-5678",
        "01012345678", "연락처 070 1234 5678", "0505-123-4567", "+82-10-1234-5678", "+82 42 123 4567",
        "대표번호 1588-1234", "042–123–4567", "TRL 5 042-123-4567", "０４２-１２３-４５６７",
    ])
    func findsTelephones(text: String) {
        #expect(ContactInText.findings(in: text).map(\.finding) == [.telephone], "\(text)")
    }

    @Test(arguments: [
        "특허 10-2020-0123456, 등록 10-1234567", "PCT/KR2020/012345", "2020-01-02부터 2021-12-31까지",
        "흡수대 1600-1800 cm-1", "1500-2000 nm", "사업자등록번호 124-81-00998", "0.5-1.5 mm, 0.25 V",
        "시료 100-200-3000 ppm", "정확도 99.9% @ 25 ℃", "C@home 과제", "x@y", "2026년 11월 21일 10시",
        "TRL 4-9, 3 000 000 000원", "KSIC 042-1", "0123-4567", "18~22 GHz 0 dB", "",
    ])
    func leavesOtherNumbersAlone(text: String) {
        #expect(ContactInText.findings(in: text).isEmpty, "\(text)")
    }

    @Test func thePlaceIsThatOfTheCharacter() {
        let found = ContactInText.findings(in: "전화 042-123-4567, 메일 a@b.kr")
        #expect(found.map(\.place) == [21, 4] && found.map(\.finding) == [.email, .telephone])
    }

    @Test func everyFieldIsLookedAtAndNamed() async throws {
        let exchange = try await Exchange()
        let texts: JSON = [
            "summary": "문의 a@b.kr", "description": "전화 042-123-4567", "advantages": "a@b.kr",
            "keywords": ["좋은 말", "a@b.kr"],
            "partnerSought": ["role": "010-1234-5678", "expertise": "a@b.kr"], "source": "a@b.kr",
        ]
        let id = try await exchange.demand("연락처가 든 수요", publish: false, texts)
        for verb in ["submit", "publish"] {
            let fault = try await exchange.kit.fault("matching.demands.\(verb)", ["id": .string(id)])
            #expect(
                fault.pointers == [
                    "/summary", "/description", "/advantages", "/keywords/1", "/partnerSought/role",
                    "/partnerSought/expertise", "/source",
                ])
            // What was found is not repeated.
            #expect(!JSON.object(fault.data).text.contains("a@b.kr"))
        }
        // Nor may it come into what is public by an edit.
        let open = try await exchange.demand("깨끗한 수요")
        let edit = try await exchange.kit.fault(
            "matching.demands.update", ["id": .string(open), "advantages": "tlo@dara.kr"])
        #expect(edit.pointers == ["/advantages"])
    }
}
