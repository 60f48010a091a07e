import JSON
import ServiceKit
import Storage
import Vocabulary

enum AssignmentEventKind: IDKind { static let prefix = "evt" }
typealias AssignmentEventID = ID<AssignmentEventKind>

/// A technology exchange day, consulting slots or the places of a cohort: two sides to be joined, and how far that is.
struct AssignmentEvent: Codable, Sendable {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue { case exchangeDay, consulting, cohort }
    /// Only an open one takes participants; an assigned one may be assigned again, by another method or seed.
    enum State: String, Codable, CaseIterable, Sendable, SQLValue { case open, closed, assigned }

    let id: AssignmentEventID
    let kind: Kind
    let title: String
    var state: State
    /// How many meetings can be held at once.
    let tables: Int?
    let maxRounds: Int?
    /// Who may close and assign it, beside operators.
    let organiser: String
    var applicantCount: Int
    var hostCount: Int
    var scoreCount: Int
    /// The last assignment.
    var assignmentVersion: Int?
    /// The assignment whose schedule everybody may see.
    var publishedVersion: Int?
    let createdAt: Instant
    var updatedAt: Instant

    init(
        id: AssignmentEventID, kind: Kind, title: String, tables: Int?, maxRounds: Int?, organiser: String, at: Instant
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        state = .open
        self.tables = tables
        self.maxRounds = maxRounds
        self.organiser = organiser
        applicantCount = 0
        hostCount = 0
        scoreCount = 0
        createdAt = at
        updatedAt = at
    }
}

/// One who takes part, as registered.
struct EventParticipant: Codable, Sendable, Constrained {
    /// The caller's own name for it, such as an organisation's or a profile's identifier.
    let id: String
    let title: String?
    let capacity: Int?
    let preferences: [String]?
    let tiers: [[String]]?
    /// What `matching.events.score` takes the scores from: a demand on one side, a technology on the other.
    let demandId: DemandID?
    let technologyId: TechnologyID?
    /// Rounds, from 1, in which it cannot meet anybody.
    let absentRounds: [Int]?

    static let constraints: [String: Schema.Constraint] = [
        "id": .length(1...100), "title": .length(1...200), "capacity": .range(0...100_000),
        "preferences": .count(0...20_000), "tiers": .count(0...20_000), "absentRounds": .count(0...2_000),
    ]

    var forAssignment: AssignmentProblem.Participant {
        .init(id: id, capacity: capacity, preferences: preferences, tiers: tiers)
    }
}

extension AssignmentEvent {
    init(_ row: Row) throws {
        id = try row.get("id")
        kind = try row.get("kind")
        title = try row.get("title")
        state = try row.get("state")
        tables = try row.getIfPresent("tables")
        maxRounds = try row.getIfPresent("max_rounds")
        organiser = try row.get("organiser")
        applicantCount = try row.get("applicants")
        hostCount = try row.get("hosts")
        scoreCount = try row.get("scores")
        assignmentVersion = try row.getIfPresent("assignment_version")
        publishedVersion = try row.getIfPresent("published_version")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    static func find(_ id: AssignmentEventID, _ db: Connection) throws -> AssignmentEvent {
        guard let row = try db.row("SELECT * FROM assignment_event WHERE id = ?", id) else {
            throw Fault.notFound(kind: "event", id: id.description)
        }
        return try AssignmentEvent(row)
    }

    func insert(_ db: Connection) throws {
        try db.run(
            """
            INSERT INTO assignment_event (id, kind, title, state, tables, max_rounds, organiser, applicants, hosts,
                scores, assignment_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, kind, title, state, tables, maxRounds, organiser, applicantCount, hostCount, scoreCount,
            assignmentVersion, createdAt, updatedAt)
    }

    mutating func update(_ w: Write) throws {
        updatedAt = w.now
        try w.db.run(
            """
            UPDATE assignment_event SET state = ?, applicants = ?, hosts = ?, scores = ?, assignment_version = ?,
                published_version = ?, updated_at = ? WHERE id = ?
            """, state, applicantCount, hostCount, scoreCount, assignmentVersion, publishedVersion, updatedAt, id)
    }

    func isOrganised(by call: Call) -> Bool {
        organiser == call.principal || call.actsForOthers
    }

    func mustBeOrganised(by call: Call) throws {
        guard isOrganised(by: call) else { throw Fault.forbidden(permission: "matching.event.organise:\(id)") }
    }

    func mustBe(_ states: State...) throws {
        guard !states.contains(state) else { return }
        let wanted = states.map(\.rawValue).joined(separator: ", ")
        throw Fault.failedPrecondition(
            rule: "event.\(state.rawValue)",
            Bilingual(
                ko:
                    "행사가 \(state.rawValue) 상태입니다. \(wanted) 상태에서만 할 수 있습니다. 등록은 matching.events.close로 마감하고 reopen으로 다시 엽니다.",
                en:
                    "The event is \(state.rawValue); it must be \(wanted). Registration ends with matching.events.close and begins again with reopen."
            ),
            data: ["state": .string(state.rawValue)])
    }

    // MARK: Participants and scores

    func participants(_ side: AssignmentSide, _ db: Connection) throws -> [EventParticipant] {
        try db.rows(
            "SELECT content FROM assignment_participant WHERE event_id = ? AND side = ? ORDER BY position", id,
            side.rawValue
        ).map { try JSON(parsing: $0.get("content") as String).decode(EventParticipant.self) }
    }

    func problem(_ db: Connection) throws -> AssignmentProblem {
        let scores = try db.rows(
            "SELECT applicant, host, score FROM assignment_score WHERE event_id = ? ORDER BY applicant, host", id
        ).map {
            AssignmentProblem.PairScore(
                applicant: try $0.get("applicant"), host: try $0.get("host"), score: try $0.get("score"))
        }
        return AssignmentProblem(
            applicants: try participants(.applicants, db).map(\.forAssignment),
            hosts: try participants(.hosts, db).map(\.forAssignment), scores: scores.isEmpty ? nil : scores)
    }

    /// The certificate of one version, the last by default.
    func certificate(_ version: Int?, _ db: Connection) throws -> JSON {
        try JSON(parsing: certificateText(version, db))
    }

    /// The bytes that were kept.
    func certificateText(_ version: Int?, _ db: Connection) throws -> String {
        guard let version = version ?? assignmentVersion,
            let row = try db.row(
                "SELECT certificate FROM assignment_result WHERE event_id = ? AND version = ?", id, version)
        else {
            throw Self.notAssigned
        }
        return try row.get("certificate")
    }
    static var notAssigned: Fault {
        Fault.failedPrecondition(
            rule: "event.notAssigned",
            Bilingual(
                ko: "아직 배정하지 않았습니다. matching.events.assign을 먼저 부르세요.",
                en: "It has not been assigned yet. Call matching.events.assign first."))
    }
}
