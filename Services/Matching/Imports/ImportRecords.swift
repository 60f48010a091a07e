import JSON
import ServiceKit
import Storage
import Vocabulary

/// Makes records of rows: by the schema and the function of the method that makes one, so that a rule is written once.
struct ImportRecords {
    let plan: ImportPlan
    let columns: ImportColumns
    let header: ImportHeader?
    private let ignored: Set<String>

    init(_ plan: ImportPlan, _ w: Write) throws {
        self.plan = plan
        let survey = try plan.surveyId.map { try Survey.find($0, w.db, w.now) }
        try survey?.require([.open])
        columns = ImportColumns.of(plan.kind).asking(survey?.questions ?? [])
        header = try plan.header(columns)
        ignored = Set((plan.ignore ?? []).map(ColumnName.plain))
    }

    enum Outcome {
        case blank, failed
        case created(record: String, fingerprint: String)
        case unchanged
    }

    /// What becomes of one row. One that is wrong leaves nothing but its findings.
    ///
    /// - Parameter run: the import that it belongs to; nil when rows are only checked.
    func take(_ number: Int64, _ content: JSON, of run: ImportID?, _ w: Write) throws -> (Outcome, [ImportFinding]) {
        var row = ImportRow(number, content, header, ignoring: ignored, columns)
        if row.isBlank { return (.blank, []) }
        if row.isUnreadable { return (.failed, row.findings) }
        do {
            let outcome = try w.part { try make(&row, run, w) }
            return (outcome, row.findings)
        } catch let errors as FieldErrors {
            row.add(errors.list)
        } catch let error as FieldError {
            row.add([error])
        } catch let fault as Fault {
            row.add(fault)
        }
        return (.failed, row.findings)
    }

    private func make(_ row: inout ImportRow, _ run: ImportID?, _ w: Write) throws -> Outcome {
        var record = row.record
        if plan.kind != .organisations { record["organisationId"] = try organisation(&row, w) }
        // What names the organisation was looked at already.
        row.add(columns.record.validate(record).filter { $0.pointer != "/organisationId" }.map(columns.withNearest))
        row.add(columns.faults(in: row.answers))
        guard !row.isWrong else { throw FieldErrors([]) }
        var parts: [JSON] = [.string(plan.kind.rawValue), record]
        if let survey = plan.surveyId { parts += [.string(survey.description), .object(row.answers)] }
        let fingerprint = String(
            SHA256.digest(JSON.array(parts).bytes).dropFirst(7).prefix(32))
        if try isThere(fingerprint, but: run, w.db) { return .unchanged }
        let id: String =
            switch plan.kind {
            case .organisations: try organisation(record, &row, w)
            case .technologies: try profile(TechnologyKind.self, record, &row, w)
            case .demands: try profile(DemandKind.self, record, &row, w)
            }
        return .created(record: id, fingerprint: fingerprint)
    }

    /// The organisation's identifier, or null with what is wrong about it among the row's findings: everything else
    /// that is wrong with the row is to be told at the same time.
    private func organisation(_ row: inout ImportRow, _ w: Write) throws -> JSON {
        do {
            let id = try row.organisation.resolve(plan.organisationId, region: row.record["region"], w)
            // Before anything is looked up: whether a row is there is for those it belongs to.
            try Representation.require(id, w.db, w.call)
            return .string(id.description)
        } catch let errors as FieldErrors {
            row.add(errors.list)
        } catch let error as FieldError {
            row.add([error])
        } catch let fault as Fault {
            row.add(fault)
        }
        return .null
    }

    /// Whether another import made a record of the very same row.
    private func isThere(_ fingerprint: String, but run: ImportID?, _ db: Connection) throws -> Bool {
        try db.row(
            "SELECT 1 AS one FROM import_row WHERE fingerprint = ? AND import_id <> ? LIMIT 1", fingerprint,
            run?.description ?? "") != nil
    }

    private func organisation(_ record: JSON, _ row: inout ImportRow, _ w: Write) throws -> String {
        // Who brings in the organisations of others is none of theirs, and may review what they write.
        let made = try Organisations.create(record.decode(), isOwn: !w.call.actsForOthers, w)
        for id in try OrganisationReference.namesakes(made.nameKo, w.db) where id != made.id {
            row.hint(
                "/nameKo", .string(made.nameKo),
                Bilingual(
                    ko: "같은 이름의 기관이 이미 있습니다: \(id). 같은 기관이면 matching.organisations.merge로 합치세요",
                    en: "is the name of \(id) already; if they are one, matching.organisations.merge joins them"))
        }
        return made.id.description
    }

    private func profile<Kind: ProfileKind>(
        _ kind: Kind.Type, _ record: JSON, _ row: inout ImportRow, _ w: Write
    ) throws -> String {
        let profile = try Profiles<Kind>.create(record.decode(), w)
        if plan.publish == true { try publish(profile.id, w) }
        for same in try SameProfile.certain(profile, w.read) {
            row.hint(same.pointer, record[String(same.pointer.dropFirst())], same.hint)
        }
        if let survey = plan.surveyId, let demand = profile as? Profile<DemandKind> {
            _ = try SurveyResponses.respond(survey, demand, row.answers, w)
        }
        return profile.id.description
    }

    /// Operators publish; others submit to the review that does.
    private func publish<Kind: ProfileKind>(_ id: ID<Kind>, _ w: Write) throws {
        if w.call.actsForOthers {
            let asked: JSON = ["id": .string(id.description)]
            _ = try ProfilePublication<Kind>.publish(asked.decode(), w)
        } else {
            _ = try ProfileReviews<Kind>.submit(id, w)
        }
    }
}
