import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.imports.*`: files of many rows, in parts that may be sent again at any time. How far an import is stands
/// in the same transaction as the records of its rows, so that every row is imported exactly once whatever is killed.
enum Imports {
    /// More than any file has.
    private static let rowNumbers: ClosedRange<Int64> = 1...1_000_000_000_000

    struct Begin: Codable, Sendable, Constrained {
        /// The file's name, for people.
        let name: String
        /// Any hash of the file's content: the same file is the same import, and goes on where it was.
        let contentHash: String
        let plan: ImportPlan
        static let constraints: [String: Schema.Constraint] = [
            "name": .length(1...255), "contentHash": .length(8...200),
        ]
    }

    struct Rows: Codable, Sendable, Constrained {
        let id: ImportID
        /// The number of the first of the rows, as a spreadsheet counts: the header is row 1.
        let from: Int
        /// Each an array of texts by the header, an object, or a line of JSON as text; null for a blank row.
        let rows: [JSON]
        static let constraints: [String: Schema.Constraint] = ["from": .range(rowNumbers), "rows": .count(1...1_000)]
    }

    struct Check: Codable, Sendable, Constrained {
        let plan: ImportPlan
        let from: Int
        let rows: [JSON]
        static let constraints: [String: Schema.Constraint] = ["from": .range(rowNumbers), "rows": .count(1...1_000)]
    }

    struct Checked: Codable, Sendable {
        var good: Int64 = 0
        var unchanged: Int64 = 0
        var failed: Int64 = 0
        var blank: Int64 = 0
        var findings: [ImportFinding] = []
    }

    struct Findings: Codable, Sendable, Constrained {
        let id: ImportID
        let severity: ImportFinding.Severity?
        let limit: Int?
        /// The place of the last finding of the page before.
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...1_000), "after": .length(1...20)]
    }

    struct List: Codable, Sendable, Constrained {
        let state: ImportState?
        let limit: Int?
        let after: ImportID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Columns: Codable, Sendable {
        let kind: ImportKind
        /// With the questions of this campaign.
        let surveyId: SurveyID?
    }

    /// A column that a file may have.
    struct Column: Codable, Sendable {
        let name: String
        let names: [String]
        let isRequired: Bool
        /// JSON Schema of the value; a list is written with semicolons between its items.
        let schema: JSON
    }

    struct ColumnList: Codable, Sendable { let items: [Column] }

    static let methods: [Method] = [
        .command(
            "matching.imports.begin",
            Bilingual(ko: "파일 가져오기를 시작하거나 이어 간다", en: "Begins the import of a file, or goes on with it"),
            idempotent: true
        ) { (p: Begin, w: Write) throws -> ImportRun in try begin(p, w) },
        .command(
            "matching.imports.rows",
            Bilingual(
                ko: "다음 행들을 넣는다. 다시 보내도 한 번만 들어간다", en: "Imports the next rows; sent again, they are not imported again"
            ),
            idempotent: true
        ) { (p: Rows, w: Write) throws -> ImportRun in try take(p, w) },
        .command(
            "matching.imports.check",
            Bilingual(ko: "행들을 넣지 않고 검사만 한다", en: "Checks rows as an import would, and keeps nothing"), idempotent: true
        ) { (p: Check, w: Write) throws -> Checked in try check(p, w) },
        .command(
            "matching.imports.finish", Bilingual(ko: "가져오기를 마친다", en: "Ends an import whose rows were all sent"),
            idempotent: true
        ) { (p: ByID<ImportRunKind>, w: Write) throws -> ImportRun in try end(p.id, .finished, w) },
        .command(
            "matching.imports.cancel",
            Bilingual(ko: "가져오기를 그만둔다. 이미 들어간 행은 남는다", en: "Gives up an import; rows that are in stay in"),
            idempotent: true
        ) { (p: ByID<ImportRunKind>, w: Write) throws -> ImportRun in try end(p.id, .cancelled, w) },
        .query("matching.imports.status", Bilingual(ko: "가져오기가 어디까지 됐는지 조회한다", en: "Says how far an import is")) {
            (p: ByID<ImportRunKind>, r: Read) throws -> ImportRun in try ImportRun.find(p.id, r.db, r.call)
        },
        .query(
            "matching.imports.errors",
            Bilingual(ko: "행과 열마다 무엇이 틀렸는지 조회한다", en: "Lists what is wrong, by row and column")
        ) { (p: Findings, r: Read) throws -> Page<ImportFinding> in
            _ = try ImportRun.find(p.id, r.db, r.call)
            let after = p.after.flatMap { Int64($0) }
            if let written = p.after, after == nil {
                throw Fault.invalid(
                    "/after", .string(written),
                    Bilingual(ko: "앞 페이지의 next여야 합니다", en: "must be the next of the page before"))
            }
            var listing = Listing("SELECT * FROM import_finding")
            listing.add("import_id = ?", p.id)
            listing.add("severity = ?", p.severity)
            return try listing.page(
                in: r.db, by: "place", after: after, limit: p.limit,
                cursor: { String($0.place) }, item: ImportFinding.init)
        },
        .query("matching.imports.list", Bilingual(ko: "가져오기 목록을 조회한다", en: "Lists imports")) {
            (p: List, r: Read) throws -> Page<ImportRun> in
            var listing = Listing("SELECT * FROM import_run")
            listing.add("state = ?", p.state)
            if !r.call.actsForOthers { listing.add("principal = ?", r.call.principal) }
            return try listing.page(
                in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: ImportRun.init)
        },
        .query(
            "matching.imports.columns",
            Bilingual(ko: "파일에 쓸 수 있는 열과 그 이름들을 알려 준다", en: "Lists the columns that a file may have, with their names")
        ) { (p: Columns, r: Read) throws -> ColumnList in
            let survey = try p.surveyId.map { try Survey.find($0, r.db, r.now) }
            return ColumnList(
                items: ImportColumns.of(p.kind).asking(survey?.questions ?? []).all.map {
                    Column(name: $0.name, names: $0.names, isRequired: $0.isRequired, schema: $0.schema.json)
                })
        },
    ]

    private static func begin(_ p: Begin, _ w: Write) throws -> ImportRun {
        _ = try ImportRecords(p.plan, w)
        if let id = p.plan.organisationId { try Representation.require(id, w.db, w.call) }
        let identity = try ImportRun.identity(w.call.principal, p.name, p.contentHash, p.plan)
        let last = try w.db.row(
            "SELECT * FROM import_run WHERE identity = ? ORDER BY id DESC LIMIT 1", identity
        ).map(ImportRun.init)
        // Done without an error: there is nothing to do again. With errors the rest is tried anew, since what was
        // missing may be there by now.
        if let last, last.state == .open || (last.state == .finished && last.failed == 0) { return last }
        let run = ImportRun(
            id: .new(at: w.now), name: p.name, contentHash: p.contentHash, plan: p.plan, state: .open,
            position: p.plan.columns == nil ? 0 : 1, createdAt: w.now, updatedAt: w.now)
        try run.insert(identity: identity, w)
        try w.emit("matching.import.begun", subject: run.id.description, ImportNotice(run))
        return run
    }

    private static func take(_ p: Rows, _ w: Write) throws -> ImportRun {
        var run = try ImportRun.find(p.id, w.db, w.call)
        // Of two who send the same file one ends it: the other is told how far it is.
        guard run.state == .open || Int64(p.from) + Int64(p.rows.count) - 1 <= run.position else {
            throw Fault.failedPrecondition(
                rule: "import.closed",
                Bilingual(
                    ko: "이미 끝난 가져오기입니다(\(run.state.rawValue)). matching.imports.begin으로 다시 시작하세요.",
                    en: "The import is \(run.state.rawValue). Begin it again with matching.imports.begin."),
                data: ["state": .string(run.state.rawValue)])
        }
        guard Int64(p.from) <= run.position + 1 else {
            throw Fault.conflict(
                Bilingual(
                    ko: "\(run.position + 1)행부터 보내야 합니다. 그 앞이 빠졌습니다.",
                    en: "Send from row \(run.position + 1): what lies before is missing."),
                data: ["position": .integer(run.position)])
        }
        guard run.state == .open else { return run }
        let records = try ImportRecords(run.plan, w)
        for (offset, content) in p.rows.enumerated() {
            let number = Int64(p.from) + Int64(offset)
            guard number > run.position else { continue }
            let (outcome, findings) = try records.take(number, content, of: run.id, w)
            for finding in findings { try finding.insert(run.id, w.db) }
            switch outcome {
            case .blank: run.blank += 1
            case .failed: run.failed += 1
            case .unchanged: run.unchanged += 1
            case .created(let record, let fingerprint):
                try w.db.run(
                    "INSERT INTO import_row (import_id, row_number, record_id, fingerprint) VALUES (?, ?, ?, ?)",
                    run.id, number, record, fingerprint)
                run.created += 1
                if !findings.isEmpty { run.hints += 1 }
            }
            run.position = number
        }
        run.updatedAt = w.now
        try run.replace(w.db)
        return run
    }

    /// Everything that is written to see whether it can be, and taken back.
    private struct Undone: Error { let checked: Checked }

    private static func check(_ p: Check, _ w: Write) throws -> Checked {
        let records = try ImportRecords(p.plan, w)
        do {
            return try w.part {
                var checked = Checked()
                for (offset, content) in p.rows.enumerated() {
                    let (outcome, findings) = try records.take(Int64(p.from) + Int64(offset), content, of: nil, w)
                    checked.findings += findings
                    switch outcome {
                    case .blank: checked.blank += 1
                    case .failed: checked.failed += 1
                    case .unchanged: checked.unchanged += 1
                    case .created: checked.good += 1
                    }
                }
                throw Undone(checked: checked)
            }
        } catch let undone as Undone { return undone.checked }
    }

    private static func end(_ id: ImportID, _ state: ImportState, _ w: Write) throws -> ImportRun {
        var run = try ImportRun.find(id, w.db, w.call)
        guard run.state == .open else { return run }
        run.state = state
        run.updatedAt = w.now
        try run.replace(w.db)
        w.audit(subject: id.description)
        try w.emit("matching.import.\(state.rawValue)", subject: id.description, ImportNotice(run))
        return run
    }

    // MARK: - Forgetting

    private static let keptDays: Int64 = 30
    private static let batch = 500

    /// What was wrong in a file is kept for thirty days after its import ended.
    static let jobs = [
        Job.inParts("forget findings of imports", every: .seconds(3_600)) { (w: Write) throws in
            let rows = try w.db.rows(
                """
                SELECT import_id, place FROM import_finding WHERE import_id IN
                    (SELECT id FROM import_run WHERE state <> 'open' AND updated_at < ?) LIMIT \(batch)
                """, w.now.adding(seconds: -keptDays * 86_400))
            for row in rows {
                let place: Int64 = try row.get("place")
                try w.db.run(
                    "DELETE FROM import_finding WHERE import_id = ? AND place = ?", try row.get("import_id") as String,
                    place)
            }
            return rows.count == batch
        }
    ]
}
