import JSON
import ServiceKit
import Storage
import Vocabulary

enum PermitIDKind: IDKind { static let prefix = "prm" }
typealias PermitID = ID<PermitIDKind>

/// A regulatory exemption and its conditions: period, places, scale, insurance (B5, P:801).
struct Permit: Codable, Sendable, Hashable {
    /// 신속확인, 임시허가, 실증특례.
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue { case rapidCheck, temporaryPermit, exemption }
    enum State: String, Codable, CaseIterable, Sendable, SQLValue { case granted, revoked }

    let id: PermitID
    let kind: Kind
    let number: String
    let title: Bilingual
    let organisationId: OrganisationID?
    let start: Instant
    let end: Instant
    /// Where it holds: every resource of these sites, and these resources.
    let siteIds: [SiteID]
    let resourceIds: [ResourceID]
    /// The most units in use at one instant under it, over all resources.
    let maxUnits: Int?
    let insuranceRequired: Bool
    let insuredUntil: Instant?
    let state: State
    let grantedAt: Instant
    let revokedAt: Instant?
    let reason: String?
}

/// Permits, and the gate that keeps a booking within them.
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
            try change(p.id, "insured", "insured_until = ?", [p.insuredUntil], nil, w)
        },
        .command(
            "testbed.permits.revoke", Bilingual(ko: "규제 특례를 취소한다", en: "Revokes a permit"), role: .operator
        ) { (p: Revoke, w: Write) throws -> Permit in
            try change(
                p.id, "revoked", "state = 'revoked', revoked_at = ?, reason = ?", [w.now, p.reason], p.reason, w)
        },
        .query("testbed.permits.get", Bilingual(ko: "규제 특례를 조회한다", en: "Reads a permit"), role: .viewer) {
            (p: ByID<PermitIDKind>, r: Read) throws -> Permit in try find(p.id, in: r.db)
        },
        .query("testbed.permits.list", Bilingual(ko: "규제 특례 목록", en: "Lists permits"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Permit> in
            var query = Query("SELECT * FROM permits")
            query.add("state = ?", p.state)
            query.add("id > ?", p.after)
            return try query.page(in: r.db, limit: p.limit) {
                try Permit($0, in: r.db)
            } id: {
                $0.id.description
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
        _ id: PermitID, _ event: String, _ columns: String, _ values: [(any SQLValue)?], _ reason: String?, _ w: Write
    ) throws -> Permit {
        let permit = try find(id, in: w.db)
        guard permit.state == .granted else {
            throw Fault.conflict(
                Bilingual(ko: "이미 취소된 특례입니다. 새로 등록하세요.", en: "The permit is revoked. Record a new one."),
                data: ["id": .string("\(id)"), "state": .string(permit.state.rawValue)])
        }
        try w.db.run("UPDATE permits SET \(columns), version = version + 1 WHERE id = ?", values + [id])
        let changed = try find(id, in: w.db)
        try w.emit("testbed.permit.\(event)", subject: id.description, changed)
        w.audit(subject: id.description, reason: reason)
        return changed
    }

    static func find(_ id: PermitID, in db: Connection) throws -> Permit {
        guard let row = try db.row("SELECT * FROM permits WHERE id = ?", id) else {
            throw Fault.notFound(kind: "permit", id: id.description)
        }
        return try Permit(row, in: db)
    }
}

extension Permits {
    /// Refuses a booking that the permit does not cover, and one without a permit where the resource needs one.
    static func check(_ id: PermitID?, _ wish: Holding.Wish, _ w: Write) throws {
        guard let id else {
            guard wish.resource.requiresPermit else { return }
            throw Fault.failedPrecondition(
                rule: "permit.required",
                Bilingual(
                    ko: "규제 특례가 있어야 쓸 수 있는 자원입니다. permitId를 주세요.",
                    en: "The resource may only be used under a permit. Give permitId."))
        }
        // The lock orders bookings of different resources under one permit.
        try w.db.run("UPDATE permits SET version = version + 1 WHERE id = ?", id)
        let permit = try find(id, in: w.db)
        func refuse(_ rule: String, _ ko: String, _ en: String) -> Fault {
            .failedPrecondition(
                rule: "permit.\(rule)", Bilingual(ko: ko, en: en),
                data: ["permitId": .string("\(id)"), "number": .string(permit.number)])
        }
        guard permit.state == .granted else {
            throw refuse("revoked", "취소된 특례입니다.", "The permit is revoked.")
        }
        guard permit.start <= wish.body.lowerBound, wish.body.upperBound <= permit.end else {
            throw refuse(
                "period", "특례 기간(\(permit.start) ~ \(permit.end)) 밖입니다. 기간 안으로 옮기세요.",
                "Outside the permit's period (\(permit.start) to \(permit.end)). Choose a time inside it.")
        }
        guard permit.resourceIds.contains(wish.resource.id) || permit.siteIds.contains(wish.resource.siteId) else {
            throw refuse("place", "특례가 정한 장소가 아닙니다.", "Not one of the permit's places.")
        }
        if permit.insuranceRequired {
            guard let insured = permit.insuredUntil, wish.body.upperBound <= insured else {
                throw refuse(
                    "insurance", "책임보험이 끝 시각까지 유효해야 합니다. permits.insure로 등록하세요.",
                    "Liability must be insured until the end. Record it with permits.insure.")
            }
        }
        if let most = permit.maxUnits {
            let peak = try occupancy(under: id, wish.body, w).peak(in: wish.body)
            guard peak + wish.units <= most else {
                throw refuse(
                    "scale", "특례 규모는 동시에 \(most)단위이고 이미 \(peak)단위가 쓰입니다.",
                    "The permit allows \(most) units at a time, \(peak) are taken.")
            }
        }
    }

    private static func occupancy(under id: PermitID, _ window: Range<Instant>, _ w: Write) throws -> Occupancy {
        let rows = try w.db.rows(
            """
            SELECT start_at, end_at, busy_until, units FROM reservations
            WHERE permit_id = ? AND busy_until > ? AND start_at < ? AND \(Reservations.live)
            """, id, window.lowerBound, window.upperBound, w.now)
        return Occupancy(
            try rows.map { row in
                let start: Instant = try row.get("start_at")
                let end: Instant = min(try row.get("end_at"), try row.get("busy_until"))
                return Occupancy.Use(range: start..<max(start, end), units: try row.get("units"))
            })
    }
}

extension Permit {
    init(_ row: Row, in db: Connection) throws {
        let id: PermitID = try row.get("id")
        let places: [String] = try db.rows(
            "SELECT place_id FROM permit_places WHERE permit_id = ? ORDER BY place_id", id
        ).map { try $0.get("place_id") }
        self.init(
            id: id, kind: try row.get("kind"), number: try row.get("number"),
            title: Bilingual(ko: try row.get("title_ko"), en: try row.get("title_en")),
            organisationId: try row.getIfPresent("organisation_id"), start: try row.get("start_at"),
            end: try row.get("end_at"), siteIds: places.compactMap(SiteID.init),
            resourceIds: places.compactMap(ResourceID.init), maxUnits: try row.getIfPresent("max_units"),
            insuranceRequired: try row.get("insurance_required"), insuredUntil: try row.getIfPresent("insured_until"),
            state: try row.get("state"), grantedAt: try row.get("granted_at"),
            revokedAt: try row.getIfPresent("revoked_at"), reason: try row.getIfPresent("reason"))
    }
}
