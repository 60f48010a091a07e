import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Matching

@Suite("Bulk import")
struct ImportsTests {
    static let header: JSON = ["제목", "요약", "기관", "키워드", "기술성숙도", "산업", "유효기간", "비고"]

    /// An import of technologies with Korean column names.
    static func begin(_ kit: TestService, _ more: JSON = [:], hash: String = "fnv:0001") async throws -> JSON {
        var plan: JSON = ["kind": "technologies", "columns": header, "ignore": ["비고"]]
        for (key, value) in more.object ?? JSON.Members() { plan[key] = value }
        return try await kit.call(
            "matching.imports.begin", ["name": "기술.csv", "contentHash": .string(hash), "plan": plan])
    }

    static func row(_ title: String, trl: String = "4", organisation: String = "다라연구원") -> JSON {
        [
            .string(title), .string("\(title)의 요약"), .string(organisation), "질량분석; SIMS", .string(trl), "나노·반도체;우주",
            "2027-12-31", "버릴 말",
        ]
    }

    @Test func rowsBecomeRecordsByTheRulesOfCreate() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let run = try await Self.begin(kit)
        let id = run["id"] ?? .null
        #expect(run["position"] == 1 && run["state"] == "open")
        let done = try await kit.call(
            "matching.imports.rows",
            ["id": id, "from": 2, "rows": [Self.row("하나", trl: "TRL 5"), .null, Self.row("둘째", trl: "")]])
        #expect(done["position"] == 4 && done["created"] == 2 && done["blank"] == 1 && done["failed"] == 0)
        let list = try await kit.call("matching.technologies.list")["items"]?.array ?? []
        #expect(list.compactMap { $0["title"]?.string } == ["하나", "둘째"])
        #expect(list.first?["trl"] == 5 && list.first?["keywords"] == ["질량분석", "SIMS"])
        #expect(list.first?["industries"] == ["nano-semiconductor", "space"] && list.last?["trl"] == nil)
        #expect(list.first?["validUntil"] == "2027-12-31T14:59:59.999Z")
        #expect(list.first?["organisationId"]?.string == exchange.institute && list.first?["state"] == "draft")
        let end = try await kit.call("matching.imports.finish", ["id": id])
        #expect(end["state"] == "finished")
        // The same command again: nothing to do.
        #expect(try await Self.begin(kit)["id"] == id)
    }

    @Test func everyErrorOfEveryRowIsNamed() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await Self.begin(kit)["id"] ?? .null
        let wrong: JSON = ["A", "", "없는기관", "가", "12", "나노반도채;우주", "어제"]
        let done = try await kit.call(
            "matching.imports.rows", ["id": id, "from": 2, "rows": [Self.row("좋은 행"), wrong, Self.row("또 좋은 행")]])
        #expect(done["created"] == 2 && done["failed"] == 1 && done["position"] == 4)
        let errors = try await kit.call("matching.imports.errors", ["id": id])["items"]?.array ?? []
        #expect(errors.allSatisfy { $0["row"] == 3 && $0["severity"] == "error" })
        let columns = errors.compactMap { $0["column"]?.string }
        #expect(Set(columns) == ["제목", "요약", "기관", "기술성숙도", "산업", "유효기간"])
        let industry = errors.first { $0["column"] == "산업" }
        #expect(industry?["value"] == "나노반도채")
        // The same words as a request of its own would get.
        let fault = try await kit.fault(
            "matching.technologies.create",
            ["organisationId": .string(exchange.institute), "title": "A", "summary": "요약", "trl": 12])
        let rules = (fault.data["fields"]?.array ?? []).map { $0.at("/rule/ko") }
        #expect(rules.count == 2 && rules.allSatisfy { rule in errors.contains { $0.at("/rule/ko") == rule } })
        let page = try await kit.call("matching.imports.errors", ["id": id, "limit": 4])
        #expect(page["items"]?.array?.count == 4)
        let rest = try await kit.call("matching.imports.errors", ["id": id, "after": page["next"] ?? .null])
        #expect((page["items"]?.array ?? []) + (rest["items"]?.array ?? []) == errors)
        // Nobody else's business.
        #expect(try await exchange.fault("matching.imports.errors", ["id": id], as: "stranger")?.code == .notFound)
    }

    /// Two clients send one file at once; whoever is second at the end is told how far it is.
    @Test func ofTwoClientsOneEndsTheImport() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await Self.begin(kit)["id"] ?? .null
        #expect(try await Self.begin(kit)["id"] == id)
        let rows: JSON = ["id": id, "from": 2, "rows": [Self.row("하나"), Self.row("둘째")]]
        try await kit.call("matching.imports.rows", rows)
        try await kit.call("matching.imports.finish", ["id": id])
        let late = try await kit.call("matching.imports.rows", rows)
        #expect(late["state"] == "finished" && late["created"] == 2)
        let fault = try await kit.fault(
            "matching.imports.rows", ["id": id, "from": 4, "rows": [Self.row("셋째")]])
        #expect(fault.data["rule"] == "import.closed")
    }

    /// An operator who brings in organisations is none of theirs, and may review what they write.
    @Test func whoImportsOrganisationsDoesNotRepresentThem() async throws {
        let kit = try await Exchange().kit
        func take(_ plan: JSON, _ row: JSON, as roles: Set<Role>) async throws {
            let id =
                try await kit.call(
                    "matching.imports.begin",
                    ["name": "a.csv", "contentHash": .string("hash:\(roles.count):\(row.text)"), "plan": plan],
                    principal: "agency", roles: roles)["id"] ?? .null
            let run = try await kit.call(
                "matching.imports.rows", ["id": id, "from": 2, "rows": [row]], principal: "agency", roles: roles)
            #expect(run["created"] == 1)
        }
        let isNamed = { (name: String) async throws -> Bool in
            try await kit.database.read { db in
                try db.row(
                    """
                    SELECT 1 AS one FROM representative JOIN organisation ON organisation.id = organisation_id
                    WHERE principal = 'agency' AND name_ko = ?
                    """, name) != nil
            }
        }
        try await take(
            ["kind": "organisations", "columns": ["기관명", "기관유형"]], ["새 기업", "기업"], as: [.member, .operator])
        try await take(
            ["kind": "technologies", "columns": ["제목", "요약", "기관", "기관유형"]], ["기술", "요약", "새 연구원", "연구기관"],
            as: [.member, .operator])
        for name in ["새 기업", "새 연구원"] { #expect(try await !isNamed(name)) }
        // His own people register their own organisation.
        try await take(
            ["kind": "organisations", "columns": ["기관명", "기관유형"]], ["내 기업", "기업"], as: [.viewer, .member])
        #expect(try await isNamed("내 기업"))
    }

    @Test func rowsSentAgainAreImportedOnce() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await Self.begin(kit)["id"] ?? .null
        let rows = (0..<5).map { Self.row("기술 \($0)") }
        try await kit.call("matching.imports.rows", ["id": id, "from": 2, "rows": .array(Array(rows[..<3]))])
        // The answer was lost; the client sends more, from the beginning.
        let again = try await kit.call("matching.imports.rows", ["id": id, "from": 2, "rows": .array(rows)])
        #expect(again["created"] == 5 && again["position"] == 6)
        let fault = try await kit.fault("matching.imports.rows", ["id": id, "from": 9, "rows": [Self.row("뒤")]])
        #expect(fault.code == .conflict && fault.data["position"] == 6)
        #expect(try await kit.call("matching.technologies.list")["items"]?.array?.count == 5)
        // A corrected file is another file: what is in is not brought in twice.
        let other = try await Self.begin(kit, hash: "fnv:0002")["id"] ?? .null
        let result = try await kit.call(
            "matching.imports.rows", ["id": other, "from": 2, "rows": .array(rows + [Self.row("새 기술")])])
        #expect(result["unchanged"] == 5 && result["created"] == 1)
    }

    @Test func aCheckKeepsNothing() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let before = try await kit.events.count
        let newcomer: JSON = ["새 기술", "요약이다", "새로운기업", "기업"]
        let plan: JSON = ["kind": "technologies", "columns": ["title", "summary", "organisation", "organisationKind"]]
        let checked = try await kit.call(
            "matching.imports.check", ["plan": plan, "from": 2, "rows": [newcomer, ["B", "요", "새로운기업"]]])
        #expect(checked["good"] == 1 && checked["failed"] == 1)
        #expect(checked["findings"]?.array?.count == 2)
        #expect(try await kit.events.count == before)
        let found = try await kit.call("matching.organisations.list", ["name": "새로운기업"])
        #expect(found["items"]?.array?.isEmpty == true)
        #expect(try await kit.call("matching.technologies.list")["items"]?.array?.isEmpty == true)
    }

    @Test func columnsAreNamedInBothLanguagesAndTheNearestIsSaid() async throws {
        let exchange = try await Exchange()
        let fault = try await exchange.kit.fault(
            "matching.imports.begin",
            [
                "name": "f", "contentHash": "12345678",
                "plan": ["kind": "demands", "columns": ["Title (필수)", "summry", "제목", "키워드", "메모장"]],
            ])
        let fields = fault.data["fields"]?.array ?? []
        #expect(fault.pointers == ["/plan/columns/1", "/plan/columns/2", "/plan/columns/4", "/plan/columns"])
        #expect(fields.contains { $0.at("/rule/en")?.string?.contains("nearest is 'summary'") == true })
        let missing = fields.filter { $0["pointer"] == "/plan/columns" }.compactMap { $0.at("/rule/en")?.string }
        #expect(missing.count == 2 && missing[0].contains("summary") && missing[1].contains("organisation"))
        let columns = try await exchange.kit.call("matching.imports.columns", ["kind": "demands"])
        let names = columns["items"]?.array?.compactMap { $0["name"]?.string } ?? []
        // Whatever the method takes can be imported.
        guard case .object(let members) = Schema.of(Profiles<DemandKind>.Create.self).kind else { return }
        for member in members where member.name != "organisationId" {
            #expect(names.contains { $0 == member.name || $0.hasPrefix(member.name + ".") }, "\(member.name)")
        }
    }

    @Test func linesOfJSONAreRowsToo() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let run = try await kit.call(
            "matching.imports.begin",
            [
                "name": "d.jsonl", "contentHash": "12345678",
                "plan": ["kind": "demands", "organisationId": .string(exchange.company)],
            ])
        let lines: [JSON] = [
            #"{"title":"수요 하나","summary":"요약","fields":["화학","EB"],"exclusive":true}"#, "", "{oops",
            #"{"제목":"수요 둘","개요":"요약","titel":"잘못"}"#,
        ]
        let done = try await kit.call(
            "matching.imports.rows", ["id": run["id"] ?? .null, "from": 1, "rows": .array(lines)])
        #expect(done["created"] == 1 && done["blank"] == 1 && done["failed"] == 2 && done["position"] == 4)
        let made = try await kit.call("matching.demands.list")["items"]?.array?.first
        #expect(made?["fields"] == ["NC", "EB"] && made?["exclusive"] == true)
        #expect(made?["organisationId"]?.string == exchange.company)
        let errors = try await kit.call("matching.imports.errors", ["id": run["id"] ?? .null])["items"]?.array ?? []
        #expect(errors.compactMap { $0["row"]?.integer } == [3, 4] && errors.last?["column"] == "titel")
    }

    @Test func organisationsAreFoundByNumberAndByNameAndRegisteredWithTheirKind() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let plan: JSON = [
            "kind": "technologies", "publish": true,
            "columns": ["title", "summary", "기업명", "사업자등록번호", "organisationKind", "지역"],
        ]
        let id =
            try await kit.call(
                "matching.imports.begin", ["name": "t", "contentHash": "12345678", "plan": plan])["id"] ?? .null
        let rows: [JSON] = [
            ["첫째", "요약", "㈜새별", "124-81-00998", "기업", "대전"], ["둘째", "요약", "", "1248100998"],
            ["셋째", "요약", "주식회사 새별"], ["넷째", "요약", "새별(주)", "124-81-00999"],
        ]
        let done = try await kit.call(
            "matching.imports.rows", ["id": id, "from": 2, "rows": .array(rows)], principal: "uid:1000")
        #expect(done["created"] == 3 && done["failed"] == 1)
        let list = try await kit.call("matching.technologies.list")["items"]?.array ?? []
        #expect(Set(list.compactMap { $0["organisationId"] }).count == 1)
        #expect(list.allSatisfy { $0["state"] == "published" && $0["region"] == "KR-30" })
        // A member imports for his own organisations only, and is told so row by row.
        let foreign: JSON = ["plan": plan, "from": 2, "rows": [["제목이다", "요약", "다라연구원"]]]
        let checked = try await kit.call(
            "matching.imports.check", foreign, principal: "company", roles: [.viewer, .member])
        #expect(checked["failed"] == 1 && checked.at("/findings/0/column") == "기업명")
    }

    @Test func organisationsAreImportedAndTheirNamesakesSaid() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let plan: JSON = ["kind": "organisations", "columns": ["기관유형", "기관명", "사업자등록번호", "지역", "이메일"]]
        let id =
            try await kit.call(
                "matching.imports.begin", ["name": "기관.csv", "contentHash": "12345678", "plan": plan])["id"] ?? .null
        let rows: JSON = [
            ["기업", "㈜새별", "124-81-00998", "세종", "a@b.example"], ["대학", "(주)가나바이오", "", "대전", ""],
            ["기업", "다른별", "124-81-00998", "", ""], ["기업", "넷째", "124-81-00999", "", ""],
        ]
        let done = try await kit.call("matching.imports.rows", ["id": id, "from": 2, "rows": rows])
        #expect(done["created"] == 2 && done["failed"] == 2 && done["hints"] == 1)
        let found = try await kit.call("matching.imports.errors", ["id": id])["items"]?.array ?? []
        #expect(found.compactMap { $0["column"]?.string } == ["기관명", "사업자등록번호", "사업자등록번호"])
        #expect(found.first?.at("/rule/en")?.string?.contains(exchange.company) == true)
    }

    @Test func whatIsThereAlreadyIsSaidNotRefused() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let first = try await exchange.technology("이차이온 질량분석")
        let id = try await Self.begin(kit)["id"] ?? .null
        let done = try await kit.call(
            "matching.imports.rows", ["id": id, "from": 2, "rows": [Self.row("이차이온  질량분석")]])
        #expect(done["created"] == 1 && done["hints"] == 1)
        let hints = try await kit.call("matching.imports.errors", ["id": id, "severity": "hint"])
        #expect(hints.at("/items/0/rule/en")?.string?.contains(first) == true)
    }
}
