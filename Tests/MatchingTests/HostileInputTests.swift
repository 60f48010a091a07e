import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Input that means no good")
struct HostileInputTests {
    /// Keywords are kept one a line.
    @Test(arguments: ["", " ", "한 줄\n두 줄", "한 줄\r두 줄", String(repeating: "가", count: 201)])
    func aKeywordIsOneShortLine(keyword: String) async throws {
        let exchange = try await Exchange()
        let id = try await exchange.demand("수요")
        let keywords: JSON = ["좋은 말", .string(keyword)]
        let created = try await exchange.kit.fault(
            "matching.demands.create",
            ["organisationId": .string(exchange.company), "title": "수요", "summary": "수요", "keywords": keywords])
        #expect(created.pointers == ["/keywords/1"])
        let edited = try await exchange.kit.fault("matching.demands.update", ["id": .string(id), "keywords": keywords])
        #expect(edited.pointers == ["/keywords/1"])
    }

    /// What moves the cursor of whoever reads it in a terminal, or ends a text in another program.
    @Test func controlCharactersAreNoText() async throws {
        let exchange = try await Exchange()
        let fault = try await exchange.kit.fault(
            "matching.technologies.create",
            [
                "organisationId": .string(exchange.institute), "title": "제목\u{1B}[2J", "summary": "끝\u{7}났다",
                "description": "첫 줄\r\n\t둘째 줄", "partnerSought": ["role": "역할\u{8}"],
            ])
        #expect(fault.pointers == ["/title", "/summary", "/partnerSought/role"])
    }

    @Test func theNumberOfARowHasAnEnd() async throws {
        let exchange = try await Exchange()
        for from in [Int64.max, Int64.max / 2, 1 << 53] {
            let fault = try await exchange.kit.fault(
                "matching.imports.check",
                ["plan": ["kind": "technologies"], "from": .integer(from), "rows": ["{", "{"]])
            #expect(fault.pointers == ["/from"])
        }
    }

    @Test func aPageOfErrorsBeginsAfterANumber() async throws {
        let exchange = try await Exchange()
        let id = try await ImportsTests.begin(exchange.kit)["id"] ?? .null
        let fault = try await exchange.kit.fault("matching.imports.errors", ["id": id, "after": "abc"])
        #expect(fault.pointers == ["/after"])
    }

    @Test(arguments: [
        "+82 (0)10-1234-5678", "+82(0)42-865-3000", "82-10-1234-5678", "0082 42 865 3000", "Tel. 82-2-1234-5678",
    ])
    func telephonesAsCallersFromAbroadWriteThem(text: String) {
        #expect(ContactInText.findings(in: text).map(\.finding) == [.telephone])
    }

    @Test(arguments: ["82-10 mm", "2082-10-1234-5678", "82-1000-1234-5678", "0.82-10-12-34", "82 10 12 34"])
    func whatOnlyBeginsLikeThemIsLeftAlone(text: String) {
        #expect(ContactInText.findings(in: text).isEmpty)
    }
}
