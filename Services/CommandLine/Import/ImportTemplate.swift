import JSON

/// The header of a file with an example row, from what the service says it understands.
enum ImportTemplate {
    static func show(_ kind: ImportedKind, _ line: Line, json: Bool) async throws {
        let answer = try await line.call("matching.imports.columns", ["kind": .string(kind.rawValue)])
        if json { return Terminal.line(answer.pretty()) }
        let columns = answer["items"]?.array ?? []
        let names = columns.map { column in
            // The first Korean name where there is one.
            words(column.at("/names/1")?.string ?? "", "").isEmpty
                ? column["name"]?.string ?? "" : column.at("/names/1")?.string ?? ""
        }
        let examples = columns.map { example($0["name"]?.string ?? "", $0["schema"] ?? [:], kind) }
        let rows = [names, examples].map { $0.map(SpreadsheetReader.written).joined(separator: ",") }
        // With a mark of its encoding, so that a spreadsheet shows Korean.
        Terminal.write("\u{FEFF}" + rows.joined(separator: "\r\n") + "\r\n")
    }

    private static let written: [String: String] = [
        "title": words("표면 분석용 이차이온 질량분석 기술", "Secondary ion mass spectrometry for surfaces"),
        "summary": words("1 nm 두께의 층을 ppm 수준으로 분석한다", "Analyses layers of 1 nm down to ppm"),
        "description": words("측정 시간은 시료 하나에 20분이다.", "One sample takes 20 minutes."),
        "keywords": words("질량분석;SIMS", "mass spectrometry;SIMS"), "validUntil": "2027-12-31",
        "organisation": words("한국기초과학지원연구원", "Korea Basic Science Institute"), "trl": "6",
        "nameKo": "가나바이오", "nameEn": "Gana Bio", "businessNumber": "124-81-00998", "region": "KR-30",
        "contact.email": "office@gana.example", "contact.phone": "042-000-0000", "industries": "nano-semiconductor",
        "fields": "NC;EB", "ksicSections": "C", "partnerships": "licence;jointResearch", "kind": "company",
        "source": "synthetic", "organisationKind": "institute",
    ]

    /// Something that fits: a known example, the first choice of a list, else nothing.
    private static func example(_ name: String, _ schema: JSON, _ kind: ImportedKind) -> String {
        if name == "businessNumber", kind != .organisations { return "" }
        if let text = written[name] { return text }
        guard schema["type"] == "string" || schema.at("/type/0") == "string" else { return "" }
        return schema.at("/enum/0")?.string ?? ""
    }
}
