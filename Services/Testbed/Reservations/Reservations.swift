import JSON
import ServiceKit
import Storage
import Vocabulary

/// Reservations: held, then posted, voided or expired; never more units at one instant than the resource has.
enum Reservations {
    struct Renew: Codable, Sendable, Constrained {
        let id: ReservationID
        let ttlSeconds: Int

        static let constraints: [String: Schema.Constraint] = ["ttlSeconds": .range(1...86_400)]
    }

    struct End: Codable, Sendable, Constrained {
        let id: ReservationID
        let reason: String?

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct List: Codable, Sendable, Constrained {
        let resourceId: ResourceID?
        let holder: String?
        let state: HoldState?
        /// Only those that take units at some time in `[from, to)`; with `resourceId` or `holder`.
        let from: Instant?
        let to: Instant?
        let limit: Int?
        let after: ReservationID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200), "holder": .length(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "testbed.reservations.hold",
            Bilingual(ko: "자원을 정해진 시간 동안 잡아 둔다", en: "Holds units of a resource for a time"), role: .member,
            Holding.hold),
        .command(
            "testbed.reservations.renew", Bilingual(ko: "보류 시간을 늘린다", en: "Renews a hold"), role: .member,
            idempotent: true
        ) { (p: Renew, w: Write) throws -> Reservation in
            let held = try change(p.id, by: .renew, w)
            let until = max(held.expiresAt, w.now.adding(seconds: Int64(p.ttlSeconds)))
            return try record(p.id, "renewed", "expires_at = ?", [until], w)
        },
        .command(
            "testbed.reservations.post", Bilingual(ko: "보류한 예약을 확정한다", en: "Posts a held reservation"), role: .member,
            idempotent: true, post),
        .command(
            "testbed.reservations.void", Bilingual(ko: "보류한 예약을 취소한다", en: "Voids a held reservation"), role: .member,
            idempotent: true
        ) { (p: End, w: Write) throws -> Reservation in
            let reservation = try change(p.id, by: .void, w)
            guard reservation.state == .held else { return reservation }
            return try record(
                p.id, "voided", "state = 'voided', ended_at = ?, reason = ?", [w.now, p.reason], w, reason: p.reason)
        },
        .command(
            "testbed.reservations.cancel",
            Bilingual(ko: "확정된 예약을 시작 전에 물린다", en: "Gives a posted reservation back before it is used"),
            role: .member, cancel),
        .query("testbed.reservations.get", Bilingual(ko: "예약을 조회한다", en: "Reads a reservation"), role: .viewer) {
            (p: ByID<ReservationKind>, r: Read) throws -> Reservation in try find(p.id, now: r.now, in: r.db)
        },
        .query("testbed.reservations.list", Bilingual(ko: "예약 목록", en: "Lists reservations"), role: .viewer, list),
    ]

    static let jobs: [Job] = [
        Job(name: "expire holds", every: .seconds(1)) { (w: Write) throws in
            let rows = try w.db.rows(
                "SELECT id FROM reservations WHERE state = 'held' AND expires_at <= ? ORDER BY expires_at LIMIT 500",
                w.now)
            for row in rows {
                _ = try record(try row.get("id"), "expired", "state = 'expired', ended_at = expires_at", [], w)
            }
        }
    ]

    /// What counts towards capacity; the one argument is the time. What was given back before its start takes nothing.
    static let live = live(of: "reservations")

    static func live(of table: String) -> String {
        """
        (\(table).state = 'posted' OR (\(table).state = 'held' AND \(table).expires_at > ?))
            AND \(table).busy_until > \(table).start_at
        """
    }

    /// The units of a resource that are taken in `window`.
    static func occupancy(
        of resource: ResourceID, _ window: Range<Instant>, now: Instant, in db: Connection
    ) throws -> Occupancy {
        let rows = try db.rows(
            """
            SELECT start_at, busy_until, units FROM reservations
            WHERE resource_id = ? AND start_at < ? AND start_at > ? - (SELECT longest_ms FROM resources WHERE id = ?)
                AND busy_until > ? AND \(live)
            """, resource, window.upperBound, window.lowerBound, resource, window.lowerBound, now)
        return Occupancy(
            try rows.map { row in
                let start: Instant = try row.get("start_at")
                let end: Instant = try row.get("busy_until")
                return Occupancy.Use(range: start..<max(start, end), units: try row.get("units"))
            })
    }

    private static func post(_ p: ByID<ReservationKind>, _ w: Write) throws -> Reservation {
        let reservation = try change(p.id, by: .post, w)
        guard reservation.state == .held else { return reservation }
        let resource = try Resources.find(reservation.resourceId, in: w.db)
        try Permits.checkAgain(reservation, resource, in: w.db)
        let missAt = resource.noShowAfterSeconds.map { max(reservation.start, w.now).adding(seconds: Int64($0)) }
        return try record(p.id, "posted", "state = 'posted', posted_at = ?, miss_at = ?", [w.now, missAt], w)
    }

    /// What was posted is not undone; that it was given back is added to it, and its time is free again.
    private static func cancel(_ p: End, _ w: Write) throws -> Reservation {
        let reservation = try lock(p.id, w)
        if reservation.use == .cancelled { return reservation }
        guard reservation.state == .posted, reservation.use == .planned else {
            throw Fault.conflict(
                Bilingual(
                    ko: "확정되고 아직 시작하지 않은 예약만 물릴 수 있습니다. 보류 중이면 void, 사용 중이면 finish를 쓰세요.",
                    en: "Only a posted reservation that has not begun can be given back. Void a hold, finish a use."),
                data: Usage.data(reservation))
        }
        let free = min(reservation.busyUntil, max(reservation.start, w.now))
        return try record(
            p.id, "cancelled", "use_state = 'cancelled', busy_until = ?, ended_at = ?, reason = ?",
            [free, w.now, p.reason], w, reason: p.reason)
    }

    /// Checks that the action is allowed now; the reservation is as it was before.
    private static func change(_ id: ReservationID, by action: HoldAction, _ w: Write) throws -> Reservation {
        let reservation = try lock(id, w)
        _ = try reservation.state.changed(by: action, of: id, expiresAt: reservation.expiresAt, now: w.now)
        return reservation
    }

    /// Reads a reservation under the lock of its resource, which orders this against bookings and other changes that
    /// run at the same time.
    static func lock(_ id: ReservationID, _ w: Write) throws -> Reservation {
        let resource = try find(id, now: w.now, in: w.db).resourceId
        _ = try Resources.lock(resource, in: w.db)
        return try find(id, now: w.now, in: w.db)
    }

    /// Writes columns of one reservation, with its event and audit row.
    static func record(
        _ id: ReservationID, _ event: String, _ columns: String, _ values: [(any SQLValue)?], _ w: Write,
        reason: String? = nil
    ) throws -> Reservation {
        try w.db.run("UPDATE reservations SET \(columns) WHERE id = ?", values + [id])
        let reservation = try find(id, now: w.now, in: w.db)
        try w.emit("testbed.reservation.\(event)", subject: id.description, reservation)
        w.audit(subject: id.description, reason: reason)
        return reservation
    }

    static func find(_ id: ReservationID, now: Instant, in db: Connection) throws -> Reservation {
        guard let row = try db.row("SELECT * FROM reservations WHERE id = ?", id) else {
            throw Fault.notFound(kind: "reservation", id: id.description)
        }
        return try Reservation(row, now: now)
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<Reservation> {
        if (p.from ?? p.to) != nil && p.resourceId == nil && p.holder == nil {
            throw Fault.invalid(
                p.from == nil ? "/to" : "/from", nil,
                Bilingual(ko: "resourceId나 holder와 함께 쓰세요.", en: "Needs resourceId or holder as well."))
        }
        var listing = Listing("SELECT * FROM reservations")
        listing.add("resource_id = ?", p.resourceId)
        listing.add("holder = ?", p.holder)
        listing.add("busy_until > ?", p.from)
        listing.add("start_at < ?", p.to)
        if (p.from ?? p.to) != nil { listing.add("busy_until > start_at", all: []) }
        switch p.state {
        case .held: listing.add("state = 'held' AND expires_at > ?", r.now)
        case .expired: listing.add("(state = 'expired' OR (state = 'held' AND expires_at <= ?))", r.now)
        case let state?: listing.add("state = ?", state)
        case nil: break
        }
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
            try Reservation($0, now: r.now)
        }
    }
}
