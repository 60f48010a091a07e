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
        let named = try await exchange.kit.fault(
            "matching.organisations.create",
            ["kind": "company", "nameKo": "가나\n바이오", "nameEn": "Gana\u{1B}]0;", "contact": ["phone": "042\u{7}000"]])
        #expect(named.pointers == ["/nameKo", "/nameEn", "/contact/phone"])
    }

    /// A row that cannot be kept is one wrong row, and neither the end of the import nor of what is told of it.
    @Test func aNullCharacterIsAWrongCell() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await ImportsTests.begin(kit)["id"] ?? .null
        let line: JSON = "{\"title\":\"하나\",\"모\\u0000름\":\"값\"}"
        let run = try await kit.call(
            "matching.imports.rows",
            ["id": id, "from": 2, "rows": [ImportsTests.row("널\0널"), line, ImportsTests.row("좋은 행")]])
        #expect(run["failed"] == 2 && run["created"] == 1)
        let errors = try await kit.call("matching.imports.errors", ["id": id])["items"]?.array ?? []
        #expect(errors.contains { $0["row"] == 2 && $0["value"] == "널\u{FFFD}널" })
        #expect(errors.contains { $0["row"] == 3 && $0["column"] == "모\u{FFFD}름" })
        let twice = try await kit.fault(
            "matching.imports.begin",
            [
                "name": "a.csv", "contentHash": "hash:twice",
                "plan": ["kind": "organisations", "columns": ["기관명", "기관명", "기관유형"]],
            ])
        #expect(twice.pointers == ["/plan/columns/1"] && JSON.object(twice.data).text.contains("twice"))
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
