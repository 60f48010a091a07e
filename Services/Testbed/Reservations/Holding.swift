import JSON
import ServiceKit
import Storage
import Vocabulary

/// Holding units of a resource: the rules in the order in which they are answered.
enum Holding {
    struct Hold: Codable, Sendable, Constrained {
        let resourceId: ResourceID
        let start: Instant
        let end: Instant
        /// Default 1.
        let units: Int?
        let purpose: String?
        let holder: String
        /// Default 600.
        let ttlSeconds: Int?
        /// Default: the resource's first.
        let access: Access?
        /// The regulatory permit under which the resource is used, where it needs one.
        let permitId: PermitID?

        static let constraints: [String: Schema.Constraint] = [
            "units": .range(1...1_000_000), "purpose": .length(1...500), "holder": .length(1...200),
            "ttlSeconds": .range(1...86_400),
        ]
    }

    static let defaultTTLSeconds = 600
    /// Clocks differ and messages travel: a start this little in the past is now.
    static let startGraceSeconds: Int64 = 60

    /// The resource's row is locked first, so that between the check and the insert nobody else can book it.
    static func hold(_ p: Hold, _ w: Write) throws -> Reservation {
        let resource = try Resources.lock(p.resourceId, in: w.db)
        let errors = fieldErrors(p, resource, now: w.now)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        let wish = Wish(
            resource: resource, body: p.start..<p.end, units: p.units ?? 1,
            access: p.access ?? resource.access.first ?? .direct)
        try checkState(resource)
        try Permits.check(p.permitId, wish, w)
        try checkOpen(wish, w)
        try checkCapacity(wish, w)
        return try insert(p, wish, w)
    }

    /// What is wished for, checked on its own but not yet against others.
    struct Wish {
        let resource: Resource
        let body: Range<Instant>
        let units: Int
        let access: Access

        /// The body and the buffer.
        var busy: Range<Instant> { body.lowerBound..<body.upperBound.adding(seconds: Int64(resource.bufferSeconds)) }
    }

    private static func fieldErrors(_ p: Hold, _ resource: Resource, now: Instant) -> [FieldError] {
        var errors: [FieldError] = []
        func add(_ pointer: String, _ value: JSON, _ ko: String, _ en: String) {
            errors.append(FieldError(pointer, value, Bilingual(ko: ko, en: en)))
        }
        let start = JSON.string(p.start.description)
        if p.start < now.adding(seconds: -startGraceSeconds) {
            add(
                "/start", start, "지난 시각입니다. 지금(\(now)) 이후로 정하세요.", "Is in the past. Choose a time from now (\(now)) on."
            )
        }
        let horizon = now.adding(seconds: Int64(resource.horizonSeconds))
        if p.start > horizon {
            add("/start", start, "예약은 \(horizon)까지만 받습니다.", "Reservations are open only until \(horizon).")
        }
        if p.end <= p.start {
            errors += Moments.orderErrors(p.start, p.end)
        } else {
            let seconds = (p.end.milliseconds - p.start.milliseconds) / 1_000
            let (shortest, longest) = (resource.minLengthSeconds, resource.maxLengthSeconds)
            if seconds < shortest {
                add(
                    "/end", .string("\(p.end)"), "최소 \(shortest)초여야 합니다.",
                    "Must be at least \(shortest) seconds after start.")
            }
            if p.end > p.start.adding(seconds: Int64(longest)) {
                add(
                    "/end", .string("\(p.end)"), "최대 \(longest)초까지입니다.",
                    "Must be at most \(longest) seconds after start.")
            }
        }
        if let units = p.units, units > resource.capacity {
            add(
                "/units", .integer(Int64(units)), "이 자원은 \(resource.capacity)단위입니다.",
                "The resource has \(resource.capacity).")
        }
        if let access = p.access, !resource.access.contains(access) {
            let offered = resource.access.map(\.rawValue).joined(separator: ", ")
            add("/access", .string(access.rawValue), "가능한 이용방법: \(offered)", "The resource offers: \(offered)")
        }
        return errors
    }

    private static func checkState(_ resource: Resource) throws {
        switch resource.state {
        case .active: return
        case .maintenance:
            throw Fault.failedPrecondition(
                rule: "resource.maintenance",
                Bilingual(ko: "점검 중입니다. 점검이 끝난 뒤 다시 신청하세요.", en: "Under maintenance. Try again when it is active."),
                data: ["resourceId": .string("\(resource.id)")])
        case .retired:
            throw Fault.failedPrecondition(
                rule: "resource.retired",
                Bilingual(ko: "더 이상 쓰지 않는 자원입니다. 다른 자원을 찾으세요.", en: "No longer in use. Look for another resource."),
                data: ["resourceId": .string("\(resource.id)")])
        }
    }

    private static func checkOpen(_ wish: Wish, _ w: Write) throws {
        let body = wish.body
        let hours = OpeningHours.spans(wish.resource.openingHours, within: body)
        guard hours.covers(body) else {
            throw Fault.failedPrecondition(
                rule: "hours.closed",
                Bilingual(
                    ko: "운영 시간(Asia/Seoul)을 벗어납니다. data.free의 시간을 보세요.",
                    en: "Outside the opening hours (Asia/Seoul). data.free has times that are free."),
                data: ["free": try JSON.encode(try Availability.nearest(wish, w))])
        }
        if let closure = try Closures.of(wish.resource, body, in: w.db).first {
            throw Fault.failedPrecondition(
                rule: "closure.announced",
                Bilingual(
                    ko: "휴무·점검 기간입니다: \(closure.reason.ko). data.free의 시간을 보세요.",
                    en: "Closed: \(closure.reason.en). data.free has times that are free."),
                data: [
                    "closureId": .string("\(closure.id)"), "start": .string("\(closure.start)"),
                    "end": .string("\(closure.end)"), "free": try JSON.encode(try Availability.nearest(wish, w)),
                ])
        }
    }

    private static func checkCapacity(_ wish: Wish, _ w: Write) throws {
        let taken = try Reservations.occupancy(of: wish.resource.id, wish.busy, now: w.now, in: w.db)
        let peak = taken.peak(in: wish.busy)
        guard peak + wish.units > wish.resource.capacity else { return }
        throw Fault.conflict(
            Bilingual(
                ko: "그 시간에는 \(wish.resource.capacity - peak)단위만 남아 있습니다. data.free의 시간을 보세요.",
                en: "Only \(wish.resource.capacity - peak) left at that time. data.free has times that are free."),
            data: [
                "resourceId": .string("\(wish.resource.id)"), "capacity": .integer(Int64(wish.resource.capacity)),
                "taken": .integer(Int64(peak)), "free": try JSON.encode(try Availability.nearest(wish, w)),
            ])
    }

    private static func insert(_ p: Hold, _ wish: Wish, _ w: Write) throws -> Reservation {
        let id = ReservationID.new(at: w.now)
        let length = wish.busy.upperBound.milliseconds - wish.busy.lowerBound.milliseconds
        try w.db.run(
            "UPDATE resources SET longest_ms = ? WHERE id = ? AND longest_ms < ?", length, wish.resource.id, length)
        try w.db.run(
            """
            INSERT INTO reservations (id, resource_id, start_at, end_at, busy_until, buffer_seconds, units, access, purpose,
                holder, principal, permit_id, state, expires_at, held_at, use_state, fee_per_hour)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'held', ?, ?, 'planned', ?)
            """,
            id, wish.resource.id, p.start, p.end, wish.busy.upperBound, wish.resource.bufferSeconds, wish.units,
            wish.access, p.purpose, p.holder, w.call.principal, p.permitId,
            w.now.adding(seconds: Int64(p.ttlSeconds ?? defaultTTLSeconds)), w.now, wish.resource.feePerHour)
        let reservation = try Reservations.find(id, now: w.now, in: w.db)
        try w.emit("testbed.reservation.held", subject: id.description, reservation)
        w.audit(subject: id.description)
        return reservation
    }
}
