import JSON
import ServiceKit
import Storage
import Vocabulary

/// Demonstration projects: planned on reserved resources, measured, and ended with a result (B4, B11, B17).
enum Demonstrations {
    struct Create: Codable, Sendable, Constrained {
        let title: Bilingual
        let type: DemonstrationType
        let summary: String?
        let organisationId: OrganisationID?
        let demandId: DemandID?
        let technologyId: TechnologyID?
        /// With it, every reservation of the plan must be under this permit.
        let permitId: PermitID?

        static let constraints: [String: Schema.Constraint] = ["summary": .length(1...5_000)]
    }

    struct Plan: Codable, Sendable, Constrained {
        let id: DemonstrationID
        /// Held or posted reservations; their resources are part of the plan by themselves.
        let reservationIds: [ReservationID]
        /// Resources without a reservation.
        let resourceIds: [ResourceID]?
        let criteria: [Criterion]
        let note: String?

        static let constraints: [String: Schema.Constraint] = [
            "reservationIds": .count(1...100), "resourceIds": .count(0...100), "criteria": .count(1...50),
            "note": .length(1...1_000),
        ]
    }

    struct Move: Codable, Sendable, Constrained {
        let id: DemonstrationID
        let note: String?

        static let constraints: [String: Schema.Constraint] = ["note": .length(1...1_000)]
    }

    struct Cancel: Codable, Sendable, Constrained {
        let id: DemonstrationID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...1_000)]
    }

    struct List: Codable, Sendable, Constrained {
        let state: DemonstrationState?
        let demandId: DemandID?
        let technologyId: TechnologyID?
        let limit: Int?
        let after: DemonstrationID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "testbed.demonstrations.create", Bilingual(ko: "실증 과제를 만든다", en: "Creates a demonstration project"),
            role: .member, create),
        .command(
            "testbed.demonstrations.plan",
            Bilingual(ko: "예약과 판정 기준으로 실증을 계획한다", en: "Plans it: reservations and criteria"), role: .member, plan),
        .command("testbed.demonstrations.start", Bilingual(ko: "실증을 시작한다", en: "Starts it"), role: .member, start),
        .command(
            "testbed.demonstrations.record", Bilingual(ko: "측정값을 기록한다", en: "Records a measurement"), role: .member,
            Measurements.record),
        .command(
            "testbed.demonstrations.finish", Bilingual(ko: "실증을 마치고 판정한다", en: "Ends it and gives the verdicts"),
            role: .member, finish),
        .command(
            "testbed.demonstrations.cancel", Bilingual(ko: "실증을 그만둔다", en: "Gives it up"), role: .member
        ) { (p: Cancel, w: Write) throws -> Demonstration in
            let old = try lock(p.id, w)
            return try move(old, by: .cancel, note: p.reason, event: "cancelled", w)
        },
        .query(
            "testbed.demonstrations.measurements", Bilingual(ko: "측정값 목록", en: "Lists the measurements"), role: .viewer,
            Measurements.list),
        .query("testbed.demonstrations.get", Bilingual(ko: "실증 과제를 조회한다", en: "Reads a demonstration"), role: .viewer) {
            (p: ByID<DemonstrationIDKind>, r: Read) throws -> Demonstration in
            try Demonstration.find(p.id, in: r.db)
        },
        .query("testbed.demonstrations.list", Bilingual(ko: "실증 과제 목록", en: "Lists demonstrations"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Demonstration> in
            var listing = Listing("SELECT * FROM demonstrations")
            listing.add("state = ?", p.state)
            listing.add("demand_id = ?", p.demandId)
            listing.add("technology_id = ?", p.technologyId)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Demonstration($0)
            }
        },
    ]

    private static func create(_ p: Create, _ w: Write) throws -> Demonstration {
        try Names.check(p.title, "/title")
        if let permit = p.permitId { _ = try Permits.find(permit, in: w.db) }
        let id = DemonstrationID.new(at: w.now)
        try w.db.run(
            """
            INSERT INTO demonstrations (id, title_ko, title_en, type, summary, organisation_id, demand_id,
                technology_id, permit_id, state, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'created', ?, ?)
            """,
            id, p.title.ko, p.title.en, p.type, p.summary, p.organisationId, p.demandId, p.technologyId, p.permitId,
            w.now, w.now)
        try remember(id, .created, note: nil, w)
        return try announce(id, "created", reason: nil, w)
    }

    private static func plan(_ p: Plan, _ w: Write) throws -> Demonstration {
        let old = try lock(p.id, w)
        try check(old, .plan)
        let errors = criteriaErrors(p.criteria)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        var resources = Set(p.resourceIds ?? [])
        for id in resources { _ = try Resources.find(id, in: w.db) }
        let reservationIds = Set(p.reservationIds).sorted()
        for id in reservationIds {
            let reservation = try Reservations.find(id, now: w.now, in: w.db)
            guard reservation.state == .held || reservation.state == .posted else {
                throw unusable(reservation, "보류 중이거나 확정된 예약이어야 합니다.", "Must be held or posted.")
            }
            guard reservation.use == .planned || reservation.use == .started else {
                throw unusable(reservation, "이미 끝난 예약입니다.", "The reservation is over.")
            }
            if let permit = old.permitId, reservation.permitId != permit {
                throw unusable(reservation, "이 과제의 특례로 잡은 예약이 아닙니다.", "Not held under the project's permit.")
            }
            resources.insert(reservation.resourceId)
        }
        for table in ["demonstration_resources", "demonstration_reservations", "demonstration_criteria"] {
            try w.db.run("DELETE FROM \(table) WHERE demonstration_id = ?", p.id)
        }
        for id in resources.sorted() {
            try w.db.run(
                "INSERT INTO demonstration_resources (demonstration_id, resource_id) VALUES (?, ?)", p.id, id)
        }
        for id in reservationIds {
            try w.db.run(
                "INSERT INTO demonstration_reservations (demonstration_id, reservation_id) VALUES (?, ?)", p.id, id)
        }
        for (position, criterion) in p.criteria.enumerated() {
            try w.db.run(
                """
                INSERT INTO demonstration_criteria (demonstration_id, position, name, unit, at_least, at_most)
                VALUES (?, ?, ?, ?, ?, ?)
                """, p.id, position, criterion.name, criterion.unit, criterion.atLeast, criterion.atMost)
        }
        return try move(old, by: .plan, note: p.note, event: "planned", w)
    }

    private static func start(_ p: Move, _ w: Write) throws -> Demonstration {
        let old = try lock(p.id, w)
        try check(old, .start)
        for id in old.reservationIds ?? [] {
            let reservation = try Reservations.find(id, now: w.now, in: w.db)
            guard reservation.state == .posted, ![.missed, .cancelled].contains(reservation.use) else {
                throw unusable(
                    reservation, "확정된 예약이어야 시작할 수 있습니다. 다시 예약하고 plan 하세요.",
                    "Must be posted before the start. Reserve again and plan again.")
            }
        }
        return try move(old, by: .start, note: p.note, event: "started", w)
    }

    private static func finish(_ p: Move, _ w: Write) throws -> Demonstration {
        let old = try lock(p.id, w)
        try check(old, .finish)
        let result = DemonstrationResult(old.criteria ?? [], try Measurements.all(of: p.id, in: w.db))
        for verdict in result.verdicts {
            try w.db.run(
                """
                INSERT INTO demonstration_verdicts (demonstration_id, name, verdict, measurement_id)
                VALUES (?, ?, ?, ?)
                """, p.id, verdict.criterion.name, verdict.verdict, verdict.measurementId)
        }
        try w.db.run("UPDATE demonstrations SET outcome = ? WHERE id = ?", result.outcome, p.id)
        return try move(old, by: .finish, note: p.note, event: "finished", w)
    }

    private static func criteriaErrors(_ criteria: [Criterion]) -> [FieldError] {
        var errors: [FieldError] = []
        var names: Set<String> = []
        for (index, criterion) in criteria.enumerated() {
            if criterion.atLeast == nil && criterion.atMost == nil {
                errors.append(
                    FieldError(
                        "/criteria/\(index)", nil,
                        Bilingual(ko: "atLeast나 atMost가 있어야 합니다.", en: "Needs atLeast or atMost.")))
            }
            if let low = criterion.atLeast, let high = criterion.atMost, low > high {
                errors.append(
                    FieldError(
                        "/criteria/\(index)/atMost", .number(high),
                        Bilingual(ko: "atLeast(\(low))보다 작습니다.", en: "Must not be below atLeast (\(low)).")))
            }
            if !names.insert(criterion.name).inserted {
                errors.append(
                    FieldError(
                        "/criteria/\(index)/name", .string(criterion.name),
                        Bilingual(ko: "같은 이름의 기준이 있습니다.", en: "Another criterion has this name.")))
            }
        }
        return errors
    }

    private static func unusable(_ reservation: Reservation, _ ko: String, _ en: String) -> Fault {
        .failedPrecondition(
            rule: "demonstration.reservation",
            Bilingual(ko: "예약 \(reservation.id): \(ko)", en: "Reservation \(reservation.id): \(en)"),
            data: Usage.data(reservation))
    }
}

extension Demonstrations {
    /// Reads the project so that changes of it follow one another, on an engine with several writers too.
    static func lock(_ id: DemonstrationID, _ w: Write) throws -> Demonstration {
        try w.db.run("UPDATE demonstrations SET updated_at = ? WHERE id = ?", w.now, id)
        return try Demonstration.find(id, in: w.db)
    }

    @discardableResult
    static func check(_ old: Demonstration, _ action: DemonstrationState.Action) throws -> DemonstrationState {
        guard let next = old.state.after(action) else {
            throw Fault.conflict(
                Bilingual(
                    ko:
                        "\(old.state.rawValue) 상태에서는 \(action.rawValue)할 수 없습니다. 순서: create → plan → start → record → finish",
                    en: "Cannot \(action.rawValue) what is \(old.state.rawValue). create, plan, start, record, finish."),
                data: ["id": .string("\(old.id)"), "state": .string(old.state.rawValue)])
        }
        return next
    }

    static func move(
        _ old: Demonstration, by action: DemonstrationState.Action, note: String?, event: String, _ w: Write
    ) throws -> Demonstration {
        let next = try check(old, action)
        try w.db.run("UPDATE demonstrations SET state = ? WHERE id = ?", next, old.id)
        try remember(old.id, next, note: note, w)
        return try announce(old.id, event, reason: note, w)
    }

    static func remember(_ id: DemonstrationID, _ state: DemonstrationState, note: String?, _ w: Write) throws {
        let count: Int =
            try w.db.row("SELECT COUNT(*) AS n FROM demonstration_history WHERE demonstration_id = ?", id)?.get("n")
            ?? 0
        try w.db.run(
            """
            INSERT INTO demonstration_history (demonstration_id, position, state, at, principal, note)
            VALUES (?, ?, ?, ?, ?, ?)
            """, id, count, state, w.now, w.call.principal, note)
    }

    static func announce(_ id: DemonstrationID, _ event: String, reason: String?, _ w: Write) throws -> Demonstration {
        let demonstration = try Demonstration.find(id, in: w.db)
        try w.emit("testbed.demonstration.\(event)", subject: id.description, demonstration)
        w.audit(subject: id.description, reason: reason)
        return demonstration
    }
}
