import JSON
import ServiceKit
import Storage
import Vocabulary

enum ImportKind: String, Codable, CaseIterable, Sendable, SQLValue {
    case technologies, demands, organisations

    /// The parameters of the method that makes one record: columns and rules are read off them.
    fileprivate var parameters: Schema {
        switch self {
        case .technologies: .of(Profiles<TechnologyKind>.Create.self)
        case .demands: .of(Profiles<DemandKind>.Create.self)
        case .organisations: .of(Organisations.Create.self)
        }
    }
}

/// One column that an import understands.
struct ImportColumn: Sendable {
    /// As in the method's parameters, parts of a member joined by a point: `title`, `contact.email`.
    let name: String
    let schema: Schema
    let isRequired: Bool
    /// Whether it names the organisation instead of a member of the record.
    var isReference = false
    /// The question of a campaign that it answers.
    var question: SurveyQuestion?

    var path: [String] { name.split(separator: ".").map(String.init) }
    /// Every name by which a file may call it.
    var names: [String] {
        if let question { return [question.ko, question.key, name] + (question.en.map { [$0] } ?? []) }
        return [name] + (ColumnName.aliases[name] ?? [])
    }
}

/// All columns of a kind, and the schema that a row must meet.
struct ImportColumns: Sendable {
    private(set) var all: [ImportColumn]
    /// Of the whole record, with `organisationId`.
    let record: Schema

    private static let kinds: [ImportKind: ImportColumns] = Dictionary(
        uniqueKeysWithValues: ImportKind.allCases.map { ($0, ImportColumns($0)) })

    static func of(_ kind: ImportKind) -> ImportColumns { kinds[kind] ?? ImportColumns(kind) }

    private init(_ kind: ImportKind) {
        record = kind.parameters
        var columns: [ImportColumn] = []
        guard case .object(let properties) = record.kind else { preconditionFailure("\(kind) has no members") }
        for property in properties where property.name != "organisationId" {
            if case .object(let parts) = property.schema.kind {
                for part in parts {
                    columns.append(
                        ImportColumn(
                            name: "\(property.name).\(part.name)", schema: part.schema,
                            isRequired: property.isRequired && part.isRequired))
                }
            } else {
                columns.append(
                    ImportColumn(name: property.name, schema: property.schema, isRequired: property.isRequired))
            }
        }
        if kind != .organisations {
            // Whose it is: an identifier, a business number or a name. With the kind of organisation, one that is not
            // there yet is registered.
            let references: [(String, Schema)] = [
                ("organisation", .string()), ("organisationKind", .of(Organisations.Kind.self)),
                ("businessNumber", .of(BusinessNumber.self)),
            ]
            columns += references.map { ImportColumn(name: $0, schema: $1, isRequired: false, isReference: true) }
        }
        all = columns
    }

    /// With a column for every question of a campaign.
    func asking(_ questions: [SurveyQuestion]) -> ImportColumns {
        var asking = self
        asking.all += questions.map { question in
            ImportColumn(
                name: "answers.\(question.key)", schema: question.schema, isRequired: question.isRequired == true,
                question: question)
        }
        return asking
    }

    /// What is wrong with answers to the campaign's questions.
    func faults(in answers: JSON.Members) -> [FieldError] {
        all.compactMap(\.question).flatMap { $0.faults(in: answers) }
    }

    /// The column that a name means: by its own name first, since two columns may share an alias.
    func column(_ written: String) -> ImportColumn? {
        let plain = ColumnName.plain(written)
        guard !plain.isEmpty else { return nil }
        return all.first { ColumnName.plain($0.name) == plain }
            ?? all.first { $0.names.contains { ColumnName.plain($0) == plain } }
    }

    /// The name that was probably meant by one that is not known; nil when nothing is near.
    func nearest(to written: String) -> String? {
        let plain = ColumnName.plain(written)
        let names = all.flatMap(\.names)
        guard let near = names.map(ColumnName.plain).nearest(to: plain) else { return nil }
        return names.first { ColumnName.plain($0) == near }
    }

    /// The same with the choice that was probably meant, where there is a choice.
    func withNearest(_ error: FieldError) -> FieldError {
        let name = error.pointer.split(separator: "/").first.map(String.init) ?? ""
        guard let column = all.first(where: { $0.name == name }), let text = error.value?.string,
            let near = ChoiceName.nearest(to: text, column.schema.choices)
        else { return error }
        return FieldError(
            error.pointer, error.value,
            Bilingual(ko: "혹시 '\(near)'? \(error.rule.ko)", en: "'\(near)' perhaps? It \(error.rule.en)"))
    }

    /// What is wrong with a column that is not known.
    func unknown(_ written: String, at pointer: String) -> FieldError {
        let near = nearest(to: written) ?? all[0].name
        return FieldError(
            pointer, .string(written),
            Bilingual(
                ko: "모르는 열입니다. 가장 가까운 열: '\(near)' (빼려면 ignore)",
                en: "is a column not known here; the nearest is '\(near)' (ignore leaves it out)"))
    }
}

/// The header of one file: which column stands where.
struct ImportHeader: Sendable {
    /// By place; nil for what is left out.
    let columns: [ImportColumn?]
    let written: [String]

    /// - Throws: everything that is wrong with the header at once.
    init(_ written: [String], ignoring ignored: [String], organisation isGiven: Bool, _ known: ImportColumns) throws {
        self.written = written
        let ignored = Set(ignored.map(ColumnName.plain))
        var columns: [ImportColumn?] = []
        var errors: [FieldError] = []
        for (place, name) in written.enumerated() {
            let column = ignored.contains(ColumnName.plain(name)) ? nil : known.column(name)
            if let column, let first = columns.firstIndex(where: { $0?.name == column.name }) {
                let isTwice = ColumnName.plain(written[first]) == ColumnName.plain(name)
                errors.append(
                    FieldError(
                        "/plan/columns/\(place)", .string(name),
                        isTwice
                            ? Bilingual(
                                ko: "같은 이름의 열이 둘입니다. 파일에서 하나의 이름을 바꾸세요",
                                en: "stands there twice; rename one of the two in the file")
                            : Bilingual(
                                ko: "'\(written[first])' 열과 같은 뜻입니다(\(column.name)). 하나를 ignore에 적으세요",
                                en: "means the same as '\(written[first])' (\(column.name)); name one of them in ignore"
                            )))
            }
            let isKnown = column != nil || name.trimmed.isEmpty || ignored.contains(ColumnName.plain(name))
            if !isKnown { errors.append(known.unknown(name, at: "/plan/columns/\(place)")) }
            columns.append(column)
        }
        let present = Set(columns.compactMap { $0?.name })
        var missing = known.all.filter { $0.isRequired && !present.contains($0.name) }
        let namesOrganisation = isGiven || !present.isDisjoint(with: ["organisation", "businessNumber"])
        missing += known.all.filter { $0.name == "organisation" && !namesOrganisation }
        for column in missing {
            let names = column.names.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
            errors.append(
                FieldError(
                    "/plan/columns", nil,
                    Bilingual(ko: "꼭 필요한 열이 없습니다: \(names) 가운데 하나", en: "a column is missing: one of \(names)")))
        }
        guard errors.isEmpty else { throw FieldErrors(errors) }
        self.columns = columns
    }
}
