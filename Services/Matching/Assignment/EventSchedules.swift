import JSON
import ServiceKit
import Storage
import Vocabulary

/// The schedule of an event's meetings: made by the organiser, seen by those who take part, and by everybody once it is
/// published.
enum EventSchedules {
    struct Schedule: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        /// Default: what the event was created with.
        let tables: Int?
        let maxRounds: Int?
        static let constraints: [String: Schema.Constraint] = [
            "tables": .range(1...10_000), "maxRounds": .range(1...2_000),
        ]
    }

    static let methods: [Method] = [
        .command(
            "matching.events.schedule",
            Bilingual(ko: "배정된 만남의 시간표를 겹치지 않게 짠다", en: "Schedules the assigned meetings without clashes"),
            role: .member
        ) { (p: Schedule, w: Write) throws -> MeetingSchedule in try schedule(p, w) },
        .command(
            "matching.events.publish",
            Bilingual(ko: "시간표를 모두에게 공개한다", en: "Shows the schedule to everybody"), role: .member, idempotent: true
        ) { (p: ByID<AssignmentEventKind>, w: Write) throws -> AssignmentEvent in
            var event = try AssignmentEvent.find(p.id, w.db)
            try event.mustBeOrganised(by: w.call)
            _ = try event.schedule(nil, w.db)
            guard event.publishedVersion != event.assignmentVersion else { return event }
            event.publishedVersion = event.assignmentVersion
            try event.update(w)
            try w.emit("matching.event.published", subject: event.id.description, event)
            return event
        },
        .query(
            "matching.events.timetable",
            Bilingual(
                ko: "시간표를 조회한다. 공개되기 전에는 자기 만남만 보인다",
                en: "Reads the schedule; before it is published, only one's own meetings"),
            role: .viewer
        ) { (p: EventAssignments.Version, r: Read) throws -> MeetingSchedule in try timetable(p, r) },
    ]

    private static func timetable(_ p: EventAssignments.Version, _ r: Read) throws -> MeetingSchedule {
        let event = try AssignmentEvent.find(p.id, r.db)
        let version = p.version ?? event.assignmentVersion
        let isPublished = version != nil && version == event.publishedVersion
        if isPublished || event.isOrganised(by: r.call) { return try event.schedule(version, r.db) }
        try event.mustTakePart(r)
        let own = Set(
            try r.db.rows(
                "SELECT side, id FROM assignment_participant WHERE event_id = ? AND registered_by = ?", event.id,
                r.call.principal
            ).map { [try $0.get("side") as String, try $0.get("id")] })
        func isOwn(_ pair: AssignmentCertificate.Pair) -> Bool {
            own.contains([AssignmentSide.applicants.rawValue, pair.applicant])
                || own.contains([AssignmentSide.hosts.rawValue, pair.host])
        }
        return try event.schedule(version, r.db).excerpt(isOwn)
    }

    private static func schedule(_ p: Schedule, _ w: Write) throws -> MeetingSchedule {
        let event = try AssignmentEvent.find(p.id, w.db)
        try event.mustBeOrganised(by: w.call)
        let certificate = try event.certificate(nil, w.db).decode(AssignmentCertificate.self)
        guard certificate.assignment.count <= MeetingPlanner.meetingLimit else {
            throw Fault.failedPrecondition(
                rule: "event.tooManyMeetings",
                Bilingual(
                    ko:
                        "만남이 \(certificate.assignment.count)건입니다. 시간표는 \(MeetingPlanner.meetingLimit)건까지 짤 수 있으니 행사를 나누세요.",
                    en:
                        "There are \(certificate.assignment.count) meetings; at most \(MeetingPlanner.meetingLimit) can be scheduled. Make several events of it."
                ))
        }
        var absences: [AssignmentSide: [String: [Int]]] = [:]
        for side in AssignmentSide.allCases {
            for one in try event.participants(side, w.db) {
                if let rounds = one.absentRounds, !rounds.isEmpty { absences[side, default: [:]][one.id] = rounds }
            }
        }
        let schedule = try MeetingPlanner(
            certificate.assignment, absences: absences, tables: p.tables ?? event.tables,
            maxRounds: p.maxRounds ?? event.maxRounds
        ).schedule().certified(for: certificate.digest)
        let json = try JSON.encode(schedule)
        let violations = ScheduleChecker.violations(of: json, for: certificate)
        guard violations.isEmpty else {
            throw Fault(.internalError, data: ["violations": try JSON.encode(violations)])
        }
        try w.db.run(
            """
            INSERT INTO assignment_schedule (event_id, version, body, principal, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (event_id, version) DO UPDATE SET body = excluded.body, principal = excluded.principal,
                at = excluded.at
            """, p.id, event.assignmentVersion ?? 0, json.text, w.call.principal, w.now)
        let told: JSON = [
            "id": .string(event.id.description), "rounds": .integer(Int64(schedule.rounds)),
            "meetings": .integer(Int64(schedule.meetings.count)),
            "unplaced": .integer(Int64(schedule.unplaced.count)), "digest": .string(schedule.digest),
        ]
        try w.emit("matching.event.scheduled", subject: event.id.description, told)
        return schedule
    }
}

extension AssignmentEvent {
    /// The schedule of one version, the last by default.
    func schedule(_ version: Int?, _ db: Connection) throws -> MeetingSchedule {
        let row = try db.row(
            "SELECT body FROM assignment_schedule WHERE event_id = ? AND version = ?", id,
            version ?? assignmentVersion ?? 0)
        guard let row else {
            throw Fault.failedPrecondition(
                rule: "event.notScheduled",
                Bilingual(
                    ko: "시간표가 없습니다. matching.events.schedule을 먼저 부르세요.",
                    en: "There is no schedule yet. Call matching.events.schedule first."))
        }
        return try JSON(parsing: try row.get("body") as String).decode(MeetingSchedule.self)
    }
}

extension MeetingSchedule {
    /// Only some of the meetings, and nobody's absences.
    fileprivate func excerpt(_ isShown: (AssignmentCertificate.Pair) -> Bool) -> MeetingSchedule {
        var part = self
        part.meetings = meetings.filter { isShown($0.pair) }
        part.unplaced = unplaced.filter(isShown)
        part.absences = []
        part.isExcerpt = true
        return part
    }
}
