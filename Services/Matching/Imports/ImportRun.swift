import JSON
import ServiceKit
import Storage
import Vocabulary

enum ImportRunKind: IDKind { static let prefix = "imp" }
typealias ImportID = ID<ImportRunKind>

enum ImportState: String, Codable, CaseIterable, Sendable, SQLValue { case open, finished, cancelled }

/// How the rows of a file are to be read.
struct ImportPlan: Codable, Sendable, Hashable, Constrained {
    let kind: ImportKind
    /// The header of a CSV file; absent for JSON Lines, whose objects name their members.
    let columns: [String]?
    /// Columns to leave out.
    let ignore: [String]?
    /// Whose the rows are that name no organisation.
    let organisationId: OrganisationID?
    /// Publishes every profile at once; who is no operator submits it to review.
    let publish: Bool?
    /// A campaign to which the rows, demands, are answers; its questions are columns.
    let surveyId: SurveyID?

    static let constraints: [String: Schema.Constraint] = ["columns": .count(1...200), "ignore": .count(0...200)]

    /// The header, if the plan can be carried out.
    func header(_ known: ImportColumns) throws -> ImportHeader? {
        if publish == true, kind == .organisations {
            throw FieldError(
                "/plan/publish", true, Bilingual(ko: "기관은 공개 절차가 없습니다", en: "is not for organisations"))
        }
        if surveyId != nil, kind != .demands {
            throw FieldError(
                "/plan/surveyId", .string(surveyId?.description ?? ""),
                Bilingual(ko: "수요(demands)만 수요조사의 응답이 됩니다", en: "is for demands only"))
        }
        return try columns.map {
            try ImportHeader(
                $0, ignoring: ignore ?? [], organisation: organisationId != nil || kind == .organisations, known)
        }
    }
}

/// One file on its way in, and how far it is.
struct ImportRun: Codable, Sendable {
    let id: ImportID
    let name: String
    let contentHash: String
    let plan: ImportPlan
    var state: ImportState
    /// The last row that was dealt with, as a spreadsheet counts; the next request goes on after it.
    var position: Int64
    /// Records that were made.
    var created: Int64 = 0
    /// Rows that an earlier import had brought in, word for word.
    var unchanged: Int64 = 0
    /// Rows with errors: nothing was made of them.
    var failed: Int64 = 0
    var blank: Int64 = 0
    /// Rows that were imported and look like what was there.
    var hints: Int64 = 0
    let createdAt: Instant
    var updatedAt: Instant

    /// The same file, read in the same way by the same caller.
    static func identity(_ principal: String, _ name: String, _ hash: String, _ plan: ImportPlan) throws -> String {
        SHA256.digest(JSON.array([.string(principal), .string(name), .string(hash), try JSON.encode(plan)]).bytes)
    }
}

/// What an event tells of an import: everybody reads the events, and the names of a file and of its columns are
/// nobody else's.
struct ImportNotice: Codable, Sendable {
    let id: ImportID
    let kind: ImportKind
    let state: ImportState
    let created: Int64
    let failed: Int64

    init(_ run: ImportRun) {
        (id, kind, state, created, failed) = (run.id, run.plan.kind, run.state, run.created, run.failed)
    }
}

extension ImportRun {
    init(_ row: Row) throws {
        id = try row.get("id")
        name = try row.get("name")
        contentHash = try row.get("content_hash")
        plan = try JSON(parsing: row.get("plan") as String).decode(ImportPlan.self)
        state = try row.get("state")
        position = try row.get("position")
        created = try row.get("created")
        unchanged = try row.get("unchanged")
        failed = try row.get("failed")
        blank = try row.get("blank")
        hints = try row.get("hints")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    /// One of the caller's own; operators see all.
    static func find(_ id: ImportID, _ db: Connection, _ call: Call) throws -> ImportRun {
        guard let row = try db.row("SELECT * FROM import_run WHERE id = ?", id),
            try call.actsForOthers || row.get("principal") == call.principal
        else { throw Fault.notFound(kind: "import", id: id.description) }
        return try ImportRun(row)
    }

    func insert(identity: String, _ w: Write) throws {
        try w.db.run(
            """
            INSERT INTO import_run (id, principal, identity, name, content_hash, kind, plan, state, position, created,
                unchanged, failed, blank, hints, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, w.call.principal, identity, name, contentHash, plan.kind, try JSON.encode(plan).text, state, position,
            created, unchanged, failed, blank, hints, createdAt, updatedAt)
    }

    func replace(_ db: Connection) throws {
        try db.run(
            """
            UPDATE import_run SET state = ?, position = ?, created = ?, unchanged = ?, failed = ?, blank = ?, hints = ?,
                updated_at = ? WHERE id = ?
            """, state, position, created, unchanged, failed, blank, hints, updatedAt, id)
    }
}

extension ImportFinding {
    init(_ row: Row) throws {
        place = try row.get("place")
        self.row = place / ImportFinding.perRow
        severity = try row.get("severity")
        column = try row.get("column_name")
        field = try row.get("field")
        value = try row.getIfPresent("value")
        rule = Bilingual(ko: try row.get("rule_ko"), en: try row.get("rule_en"))
    }

    func insert(_ id: ImportID, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO import_finding (import_id, place, severity, column_name, field, value, rule_ko, rule_en)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, id, place, severity, column, field, value, rule.ko, rule.en)
    }
}
