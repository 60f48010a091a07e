import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.events.*`: registration for events where places are few.
enum AssignmentEvents {
    struct Create: Codable, Sendable, Constrained {
        let kind: AssignmentEvent.Kind
        let title: String
        let tables: Int?
        let maxRounds: Int?
        static let constraints: [String: Schema.Constraint] = [
            "title": .length(1...200), "tables": .range(1...10_000), "maxRounds": .range(1...2_000),
        ]
    }

    struct List: Codable, Sendable, Constrained {
        let kind: AssignmentEvent.Kind?
        let state: AssignmentEvent.State?
        let limit: Int?
        let after: AssignmentEventID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    /// Who is registered again replaces what it registered before.
    struct Register: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        let side: AssignmentSide
        let participants: [EventParticipant]
        static let constraints: [String: Schema.Constraint] = ["participants": .count(1...2_000)]
    }

    struct SetScores: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        let scores: [AssignmentProblem.PairScore]
        static let constraints: [String: Schema.Constraint] = ["scores": .count(1...20_000)]
    }

    struct Detail: Codable, Sendable {
        let event: AssignmentEvent
        /// With their lists for the organiser; for others only what they registered themselves.
        let applicants: [EventParticipant]
        let hosts: [EventParticipant]
    }

    static func methods(_ catalogue: Catalogue) -> [Method] {
        [
            .command(
                "matching.events.create",
                Bilingual(ko: "교류회·상담·기수 행사를 연다", en: "Opens an event: exchange day, consulting or cohort"),
                role: .member
            ) { (p: Create, w: Write) throws -> AssignmentEvent in
                let event = AssignmentEvent(
                    id: .new(at: w.now), kind: p.kind, title: p.title, tables: p.tables, maxRounds: p.maxRounds,
                    organiser: w.call.principal, at: w.now)
                try event.insert(w.db)
                try w.emit("matching.event.opened", subject: event.id.description, event)
                return event
            },
            .query(
                "matching.events.get", Bilingual(ko: "행사와 참가자를 조회한다", en: "Reads an event with its participants"),
                role: .viewer
            ) { (p: ByID<AssignmentEventKind>, r: Read) throws -> Detail in
                let event = try AssignmentEvent.find(p.id, r.db)
                return Detail(
                    event: event, applicants: try visible(event, .applicants, r), hosts: try visible(event, .hosts, r))
            },
            .query("matching.events.list", Bilingual(ko: "행사 목록을 조회한다", en: "Lists events"), role: .viewer) {
                (p: List, r: Read) throws -> Page<AssignmentEvent> in
                var listing = Listing("SELECT * FROM assignment_event")
                listing.add("kind = ?", p.kind)
                listing.add("state = ?", p.state)
                return try listing.page(
                    in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: AssignmentEvent.init)
            },
            .command(
                "matching.events.register",
                Bilingual(ko: "참가자를 정원·선호와 함께 등록한다", en: "Registers participants with capacities and preferences"),
                role: .member, idempotent: true
            ) { (p: Register, w: Write) throws -> AssignmentEvent in try register(p, w) },
            .command(
                "matching.events.setScores",
                Bilingual(ko: "쌍의 점수를 정한다", en: "Sets scores of pairs"), role: .member, idempotent: true
            ) { (p: SetScores, w: Write) throws -> AssignmentEvent in
                let event = try open(p.id, w)
                return try setScores(p.scores, event, w)
            },
            .command(
                "matching.events.score",
                Bilingual(
                    ko: "추천 점수를 쌍의 점수로 가져온다. 있던 점수는 모두 바뀐다",
                    en: "Takes the scores of pairs from the recommendation, in place of all there were"),
                role: .member
            ) { (p: ByID<AssignmentEventKind>, w: Write) throws -> AssignmentEvent in
                let event = try open(p.id, w)
                let scores = try EventScores.scores(of: event, catalogue, w)
                // All of them: a pair that is no pair any more must not keep what it once had.
                try w.db.run("DELETE FROM assignment_score WHERE event_id = ?", event.id)
                return try setScores(scores, event, w)
            },
            .command(
                "matching.events.close",
                Bilingual(ko: "등록을 마감한다", en: "Ends registration"), role: .member, idempotent: true
            ) { (p: ByID<AssignmentEventKind>, w: Write) throws -> AssignmentEvent in try close(p.id, w) },
            .command(
                "matching.events.reopen",
                Bilingual(
                    ko: "등록을 다시 연다. 남긴 인증서는 그대로다", en: "Begins registration again; certificates are kept"),
                role: .member, idempotent: true
            ) { (p: ByID<AssignmentEventKind>, w: Write) throws -> AssignmentEvent in
                var event = try AssignmentEvent.find(p.id, w.db)
                try event.mustBeOrganised(by: w.call)
                guard event.state != .open else { return event }
                event.state = .open
                try event.update(w)
                try w.emit("matching.event.reopened", subject: event.id.description, event)
                return event
            },
        ] + EventAssignments.methods
    }

    private static func open(_ id: AssignmentEventID, _ w: Write) throws -> AssignmentEvent {
        let event = try AssignmentEvent.find(id, w.db)
        try event.mustBeOrganised(by: w.call)
        try event.mustBe(.open)
        return event
    }

    private static func visible(_ event: AssignmentEvent, _ side: AssignmentSide, _ r: Read) throws
        -> [EventParticipant]
    {
        if event.isOrganised(by: r.call) { return try event.participants(side, r.db) }
        return try r.db.rows(
            """
            SELECT content FROM assignment_participant WHERE event_id = ? AND side = ? AND registered_by = ?
            ORDER BY position
            """, event.id, side.rawValue, r.call.principal
        ).map { try JSON(parsing: $0.get("content") as String).decode(EventParticipant.self) }
    }

    private static func register(_ p: Register, _ w: Write) throws -> AssignmentEvent {
        var event = try AssignmentEvent.find(p.id, w.db)
        try event.mustBe(.open)
        try validate(p, event, w)
        var count = p.side == .applicants ? event.applicantCount : event.hostCount
        for participant in p.participants {
            let isNew =
                try w.db.row(
                    "SELECT 1 AS one FROM assignment_participant WHERE event_id = ? AND side = ? AND id = ?", p.id,
                    p.side.rawValue, participant.id) == nil
            let content = try JSON.encode(participant).text
            if isNew {
                try w.db.run(
                    """
                    INSERT INTO assignment_participant (event_id, side, id, position, content, registered_by)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, p.id, p.side.rawValue, participant.id, count, content, w.call.principal)
                count += 1
            } else {
                try w.db.run(
                    "UPDATE assignment_participant SET content = ? WHERE event_id = ? AND side = ? AND id = ?", content,
                    p.id, p.side.rawValue, participant.id)
            }
        }
        if p.side == .applicants { event.applicantCount = count } else { event.hostCount = count }
        try event.update(w)
        let told: JSON = [
            "id": .string(event.id.description), "side": .string(p.side.rawValue),
            "participants": .array(p.participants.map { .string($0.id) }),
        ]
        try w.emit("matching.event.registered", subject: event.id.description, told)
        return event
    }

    /// Names of the other side are checked when registration closes, since they may still register.
    private static func validate(_ p: Register, _ event: AssignmentEvent, _ w: Write) throws {
        var errors: [FieldError] = []
        var seen: Set<String> = []
        func fail(_ pointer: String, _ value: String, _ ko: String, _ en: String) {
            errors.append(FieldError(pointer, .string(value), Bilingual(ko: ko, en: en)))
        }
        var count = p.side == .applicants ? event.applicantCount : event.hostCount
        for (index, one) in p.participants.enumerated() {
            let place = "/participants/\(index)"
            if !seen.insert(one.id).inserted { fail(place + "/id", one.id, "이미 나온 식별자입니다", "this id occurs already") }
            if one.preferences != nil, one.tiers != nil {
                fail(place + "/tiers", one.id, "preferences와 tiers 가운데 하나만 주세요", "give preferences or tiers, not both")
            }
            if one.demandId != nil, one.technologyId != nil {
                fail(
                    place + "/technologyId", one.id, "demandId와 technologyId 가운데 하나만 주세요",
                    "give demandId or technologyId, not both")
            }
            let named = (one.preferences ?? one.tiers?.flatMap(\.self)) ?? []
            if Set(named).count != named.count || one.tiers?.contains([]) == true {
                fail(
                    place + (one.tiers == nil ? "/preferences" : "/tiers"), one.id, "같은 이름이 두 번 나오거나 묶음이 비었습니다",
                    "a name occurs twice or a group is empty")
            }
            for (column, round) in (one.absentRounds ?? []).enumerated() where !(1...2_000).contains(round) {
                fail("\(place)/absentRounds/\(column)", "\(round)", "1에서 2000까지입니다", "must be 1 to 2000")
            }
            let owner: String? = try w.db.row(
                "SELECT registered_by FROM assignment_participant WHERE event_id = ? AND side = ? AND id = ?", p.id,
                p.side.rawValue, one.id)?.get("registered_by")
            if owner == nil { count += 1 }
            if let owner, owner != w.call.principal, !event.isOrganised(by: w.call) {
                fail(place + "/id", one.id, "다른 이용자가 등록한 참가자입니다", "somebody else registered this participant")
            }
        }
        if count > AssignmentProblem.participantLimit {
            fail("/participants", "\(count)", "참가자가 너무 많습니다", "at most \(AssignmentProblem.participantLimit) a side")
        }
        if !errors.isEmpty { throw Fault.invalid(Array(errors.prefix(100))) }
    }

    private static func setScores(_ scores: [AssignmentProblem.PairScore], _ event: AssignmentEvent, _ w: Write) throws
        -> AssignmentEvent
    {
        var event = event
        let ids = try AssignmentSide.allCases.map { side in
            Set(
                try w.db.rows(
                    "SELECT id FROM assignment_participant WHERE event_id = ? AND side = ?", event.id, side.rawValue
                ).map { try $0.get("id") as String })
        }
        var errors: [FieldError] = []
        for (index, pair) in scores.enumerated() {
            for (side, name) in [(0, "applicant"), (1, "host")] {
                let id = side == 0 ? pair.applicant : pair.host
                guard !ids[side].contains(id), errors.count < 100 else { continue }
                errors.append(
                    FieldError(
                        "/scores/\(index)/\(name)", .string(id), Bilingual(ko: "등록되지 않았습니다", en: "it is not registered")
                    ))
            }
        }
        if !errors.isEmpty { throw Fault.invalid(errors) }
        for pair in scores {
            try w.db.run(
                """
                INSERT INTO assignment_score (event_id, applicant, host, score) VALUES (?, ?, ?, ?)
                ON CONFLICT (event_id, applicant, host) DO UPDATE SET score = excluded.score
                """, event.id, pair.applicant, pair.host, pair.score)
        }
        event.scoreCount =
            try w.db.row("SELECT COUNT(*) AS count FROM assignment_score WHERE event_id = ?", event.id)?.get("count")
            ?? 0
        try event.update(w)
        try w.emit("matching.event.scored", subject: event.id.description, event)
        return event
    }

    private static func close(_ id: AssignmentEventID, _ w: Write) throws -> AssignmentEvent {
        var event = try AssignmentEvent.find(id, w.db)
        try event.mustBeOrganised(by: w.call)
        guard event.state == .open else { return event }
        let errors = try event.problem(w.db).errors(at: "/event")
        if !errors.isEmpty {
            throw Fault.failedPrecondition(
                rule: "event.inconsistent",
                Bilingual(
                    ko: "선호 목록을 고쳐야 마감할 수 있습니다. data.fields를 보세요.",
                    en: "The lists must be put right before registration can end; see data.fields."),
                data: ["fields": .array(errors.map(\.json))])
        }
        event.state = .closed
        try event.update(w)
        try w.emit("matching.event.closed", subject: id.description, event)
        return event
    }
}
