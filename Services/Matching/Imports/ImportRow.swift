import JSON
import ServiceKit
import Storage
import Vocabulary

/// Something to say about one cell of one row: that it is wrong, or that it may be there already.
struct ImportFinding: Codable, Sendable {
    enum Severity: String, Codable, CaseIterable, Sendable, SQLValue { case error, hint }

    /// Where a list of findings goes on after this one; grows with the row.
    let place: Int64
    /// As a spreadsheet counts: the header is row 1.
    let row: Int64
    let severity: Severity
    /// As the file calls it; empty for the whole row.
    let column: String
    /// As in the method's parameters, such as `title`.
    let field: String
    /// What stands there, shortened; absent when nothing does.
    let value: String?
    let rule: Bilingual

    /// So many findings of one row are kept.
    static let perRow: Int64 = 64
}

/// One row of a file as the parameters of the method that makes the record, or what is wrong with it.
struct ImportRow {
    let number: Int64
    /// The members of the record, without the organisation.
    private(set) var record: JSON = [:]
    /// To the questions of a campaign, by their keys.
    private(set) var answers = JSON.Members()
    /// What names the organisation.
    private(set) var organisation = OrganisationReference()
    private(set) var findings: [ImportFinding] = []
    private(set) var isBlank = false
    /// Whether it is no row at all, so that nothing else needs to be said of it.
    private(set) var isUnreadable = false
    /// How the file calls a column.
    private var written: [String: String] = [:]
    /// What stands in a column, as it was written.
    private var cells: [String: String] = [:]

    /// - Parameter content: an array of texts by the header, an object, or a line of JSON Lines as text.
    init(
        _ number: Int64, _ content: JSON, _ header: ImportHeader?, ignoring ignored: Set<String>, _ known: ImportColumns
    ) {
        self.number = number
        read(content, header, ignored, known)
    }

    private mutating func read(
        _ content: JSON, _ header: ImportHeader?, _ ignored: Set<String>, _ known: ImportColumns
    ) {
        switch content {
        case .array(let cells): read(cells, header)
        case .object(let members): read(members, ignored, known)
        case .null: isBlank = true
        case .string(let line) where line.trimmed.isEmpty: isBlank = true
        case .string(let line):
            do {
                let parsed = try JSON(parsing: line)
                guard let members = parsed.object else {
                    return refuse(content, ko: "JSON 객체여야 합니다", en: "must be a JSON object")
                }
                read(members, ignored, known)
            } catch {
                refuse(content, ko: "JSON이 아닙니다: \(error)", en: "is not JSON: \(error)")
            }
        default: refuse(content, ko: "배열, 객체, 문자열 가운데 하나여야 합니다", en: "must be an array, an object or a text")
        }
    }

    private mutating func refuse(_ content: JSON, ko: String, en: String) {
        isUnreadable = true
        fail("", "", content, ko: ko, en: en)
    }

    private mutating func read(_ cells: [JSON], _ header: ImportHeader?) {
        let columns = header?.columns ?? []
        isBlank = cells.allSatisfy { ($0.string ?? " ").trimmed.isEmpty }
        guard !isBlank else { return }
        for (place, column) in columns.enumerated() { if let column { written[column.name] = header?.written[place] } }
        for (place, cell) in cells.enumerated() {
            guard cell != .null, cell.string?.trimmed.isEmpty != true else { continue }
            guard place < columns.count, header?.written[place].trimmed.isEmpty == false else {
                fail(
                    "", "", cell, ko: "열 이름이 없는 칸에 값이 있습니다. 따옴표나 구분자를 확인하세요",
                    en: "stands under no column name; check quotes and separators")
                continue
            }
            if let column = columns[place] { put(cell, column) }
        }
    }

    private mutating func read(_ members: JSON.Members, _ ignored: Set<String>, _ known: ImportColumns) {
        for (key, value) in members where value != .null && !ignored.contains(ColumnName.plain(key)) {
            if value.string?.trimmed.isEmpty == true { continue }
            // A member that is an object is read part by part, as columns are.
            let parts = known.column(key) == nil ? value.object : nil
            if let parts, parts.contains(where: { known.column("\(key).\($0.key)") != nil }) {
                for (part, inner) in parts where inner != .null { take("\(key).\(part)", inner, known) }
            } else {
                take(key, value, known)
            }
        }
    }

    private mutating func take(_ key: String, _ value: JSON, _ known: ImportColumns) {
        guard let column = known.column(key) else {
            let unknown = known.unknown(key, at: "")
            return fail(key, key, value, ko: unknown.rule.ko, en: unknown.rule.en)
        }
        if let other = written[column.name] {
            return fail(key, column.name, value, ko: "'\(other)'와(과) 같은 뜻입니다", en: "means the same as '\(other)'")
        }
        written[column.name] = key
        put(value, column)
    }

    private mutating func put(_ content: JSON, _ column: ImportColumn) {
        let value = Cell.value(content, column.schema, field: column.name)
        cells[column.name] = content.string
        if let question = column.question {
            answers[question.key] = value
            return
        }
        if column.isReference {
            switch column.name {
            case "organisation": organisation.name = value.string ?? value.text
            case "organisationKind": organisation.kind = value
            default: organisation.number = value
            }
            return
        }
        let path = column.path
        guard path.count == 2 else { return record[column.name] = value }
        var inner = record[path[0]] ?? [:]
        inner[path[1]] = value
        record[path[0]] = inner
    }

    // MARK: - What is wrong

    /// The column and the field of a place in the parameters.
    private func place(_ pointer: String) -> (column: String, field: String) {
        var path = pointer.split(separator: "/").map(String.init)
        if path.first == "organisationId" { path[0] = "organisation" }
        for count in [2, 1] where path.count >= count {
            let field = path.prefix(count).joined(separator: ".")
            if let column = written[field] { return (column, field) }
        }
        let field = path.filter { Int($0) == nil }.joined(separator: ".")
        return ((ColumnName.aliases[field]?.first).map { "\($0) (\(field))" } ?? field, field)
    }

    mutating func add(_ errors: [FieldError]) {
        for error in errors {
            let (column, field) = place(error.pointer)
            let isItem = error.pointer.split(separator: "/").last.flatMap { Int($0) } != nil
            let shown = isItem ? error.value : error.value.map { cells[field].map(JSON.string) ?? $0 }
            fail(column, field, shown, ko: error.rule.ko, en: error.rule.en)
        }
    }

    mutating func add(_ fault: Fault) {
        let fields = fault.data["fields"]?.array ?? []
        add(
            fields.map { field in
                FieldError(
                    field["pointer"]?.string ?? "", field["value"],
                    Bilingual(
                        ko: field.at("/rule/ko")?.string ?? fault.message.ko,
                        en: field.at("/rule/en")?.string ?? fault.message.en))
            })
        guard fields.isEmpty else { return }
        // What has no field of its own is about the organisation, or its number when another has it.
        let pointer: String? =
            switch fault.code {
            case .forbidden, .notFound: "/organisationId"
            case .conflict where fault.data["organisationId"] != nil: "/businessNumber"
            default: nil
            }
        let (column, field) = pointer.map(place) ?? ("", "")
        fail(column, field, cells[field].map(JSON.string), ko: fault.message.ko, en: fault.message.en)
    }

    mutating func fail(_ column: String, _ field: String, _ value: JSON?, ko: String, en: String) {
        say(.error, column, field, value, Bilingual(ko: ko, en: en))
    }

    mutating func hint(_ pointer: String, _ value: JSON?, _ text: Bilingual) {
        let (column, field) = place(pointer)
        say(.hint, column, field, value, text)
    }

    private mutating func say(
        _ severity: ImportFinding.Severity, _ column: String, _ field: String, _ value: JSON?, _ rule: Bilingual
    ) {
        guard findings.count < Int(ImportFinding.perRow) else { return }
        let text = value.map { $0.string ?? $0.text }.map { $0.count > 120 ? $0.prefix(119) + "…" : $0 }
        findings.append(
            ImportFinding(
                place: number * ImportFinding.perRow + Int64(findings.count), row: number, severity: severity,
                column: Self.kept(column), field: Self.kept(field), value: text.map(Self.kept),
                rule: Bilingual(ko: Self.kept(rule.ko), en: Self.kept(rule.en))))
    }

    /// As it can be kept: the database takes no U+0000, and what stands in a broken file may be anything.
    private static func kept(_ text: String) -> String { text.replacing("\0", with: "\u{FFFD}") }

    var isWrong: Bool { findings.contains { $0.severity == .error } }
}
