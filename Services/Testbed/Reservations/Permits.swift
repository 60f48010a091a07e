import JSON
import ServiceKit
import Storage
import Vocabulary

/// The register of permits.
enum Permits {
    struct Grant: Codable, Sendable, Constrained {
        let kind: Permit.Kind
        let number: String
        let title: Bilingual
        let organisationId: OrganisationID?
        let start: Instant
        let end: Instant
        let siteIds: [SiteID]?
        let resourceIds: [ResourceID]?
        let maxUnits: Int?
        let insuranceRequired: Bool?
        let insuredUntil: Instant?

        static let constraints: [String: Schema.Constraint] = [
            "number": .length(1...100), "siteIds": .count(1...100), "resourceIds": .count(1...500),
            "maxUnits": .range(1...1_000_000),
        ]
    }

    struct Insure: Codable, Sendable {
        let id: PermitID
        let insuredUntil: Instant
    }

    struct Revoke: Codable, Sendable, Constrained {
        let id: PermitID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Revoked: Codable, Sendable {
        let permit: Permit
        /// Held and posted reservations under it that are not over. A hold can no longer be posted; what is posted stays
        /// as it is until whoever revokes settles it. At most 200; `affectedCount` is all of them.
        let affected: [ReservationID]
        let affectedCount: Int
    }

    struct List: Codable, Sendable, Constrained {
        let state: Permit.State?
        let limit: Int?
        let after: PermitID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "testbed.permits.grant", Bilingual(ko: "규제 특례와 조건을 등록한다", en: "Records a permit and its conditions"),
            role: .operator, grant),
        .command(
            "testbed.permits.insure", Bilingual(ko: "책임보험 기간을 등록한다", en: "Records until when liability is insured"),
            role: .operator
        ) { (p: Insure, w: Write) throws -> Permit in
            let permit = try change(p.id, "insured_until = ?", [p.insuredUntil], nil, w)
            try w.emit("testbed.permit.insured", subject: p.id.description, permit)
            return permit
        },
        .command(
            "testbed.permits.revoke", Bilingual(ko: "규제 특례를 취소한다", en: "Revokes a permit"), role: .operator,
            revoke),
        .query("testbed.permits.get", Bilingual(ko: "규제 특례를 조회한다", en: "Reads a permit"), role: .viewer) {
            (p: ByID<PermitKind>, r: Read) throws -> Permit in try find(p.id, in: r.db)
        },
        .query("testbed.permits.list", Bilingual(ko: "규제 특례 목록", en: "Lists permits"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Permit> in
            var listing = Listing("SELECT * FROM permits")
            listing.add("state = ?", p.state)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Permit($0, in: r.db)
            }
        },
    ]

    private static func grant(_ p: Grant, _ w: Write) throws -> Permit {
        var errors = Names.errors(p.title, "/title") + Moments.orderErrors(p.start, p.end)
        if p.siteIds == nil && p.resourceIds == nil {
            errors.append(
                FieldError(
                    "/siteIds", nil,
                    Bilingual(ko: "siteIds나 resourceIds로 장소를 정하세요.", en: "Name the places in siteIds or resourceIds.")))
        }
        if try w.db.row("SELECT id FROM permits WHERE number = ?", p.number) != nil {
            errors.append(
                FieldError(
                    "/number", .string(p.number),
                    Bilingual(ko: "이미 등록된 번호입니다.", en: "A permit with this number is recorded already.")))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        for id in p.siteIds ?? [] { _ = try Sites.find(id, in: w.db) }
        for id in p.resourceIds ?? [] { _ = try Resources.find(id, in: w.db) }
        let id = PermitID.new(at: w.now)
        try w.db.run(
            """
            INSERT INTO permits (id, kind, number, title_ko, title_en, organisation_id, start_at, end_at, max_units,
                insured_until, insurance_required, state, granted_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'granted', ?, 0)
            """,
            id, p.kind, p.number, p.title.ko, p.title.en, p.organisationId, p.start, p.end, p.maxUnits,
            p.insuredUntil, p.insuranceRequired ?? false, w.now)
        let places = (p.siteIds ?? []).map(\.description) + (p.resourceIds ?? []).map(\.description)
        for place in Set(places).sorted() {
            try w.db.run("INSERT INTO permit_places (permit_id, place_id) VALUES (?, ?)", id, place)
        }
        let permit = try find(id, in: w.db)
        try w.emit("testbed.permit.granted", subject: id.description, permit)
        w.audit(subject: id.description)
        return permit
    }

    private static func change(
        _ id: PermitID, _ columns: String, _ values: [(any SQLValue)?], _ reason: String?, _ w: Write
    ) throws -> Permit {
        let permit = try find(id, in: w.db)
        guard permit.state == .granted else {
            throw Fault.conflict(
                Bilingual(ko: "이미 취소된 특례입니다. 새로 등록하세요.", en: "The permit is revoked. Record a new one."),
                data: ["id": .string("\(id)"), "state": .string(permit.state.rawValue)])
        }
        try w.db.run("UPDATE permits SET \(columns), version = version + 1 WHERE id = ?", values + [id])
        w.audit(subject: id.description, reason: reason)
        return try find(id, in: w.db)
    }

    private static func revoke(_ p: Revoke, _ w: Write) throws -> Revoked {
        let permit = try change(
            p.id, "state = 'revoked', revoked_at = ?, reason = ?", [w.now, p.reason], p.reason, w)
        let affected: [ReservationID] = try w.db.rows(
            "SELECT id FROM reservations WHERE permit_id = ? AND busy_until > ? AND \(Reservations.live) ORDER BY id",
            p.id, w.now, w.now
        ).map { try $0.get("id") }
        let revoked = Revoked(
            permit: permit, affected: Array(affected.prefix(Closures.affectedLimit)), affectedCount: affected.count)
        try w.emit("testbed.permit.revoked", subject: p.id.description, revoked)
        return revoked
    }

    static func find(_ id: PermitID, in db: Connection) throws -> Permit {
        guard let row = try db.row("SELECT * FROM permits WHERE id = ?", id) else {
            throw Fault.notFound(kind: "permit", id: id.description)
        }
        return try Permit(row, in: db)
    }
}
