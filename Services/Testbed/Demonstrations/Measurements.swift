import JSON
import ServiceKit
import Storage
import Vocabulary

/// What was measured in a running demonstration, each value tied to the use of a resource it comes from.
enum Measurements {
    struct Record: Codable, Sendable, Constrained {
        let id: DemonstrationID
        /// That of a criterion, or of something measured beside.
        let name: String
        let value: Double
        let unit: String
        /// How it was measured: the procedure or the standard.
        let method: String
        let reservationId: ReservationID
        /// Within the use. Default: the end of the use, or now while it goes on.
        let measuredAt: Instant?
        let note: String?

        static let constraints: [String: Schema.Constraint] = [
            "name": .length(1...100), "unit": .length(1...30), "method": .length(1...500), "note": .length(1...1_000),
        ]
    }

    struct List: Codable, Sendable, Constrained {
        let id: DemonstrationID
        let limit: Int?
        let after: MeasurementID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let mostPerDemonstration = 1_000

    static func list(_ p: List, _ r: Read) throws -> Page<Measurement> {
        guard try r.db.row("SELECT id FROM demonstrations WHERE id = ?", p.id) != nil else {
            throw Fault.notFound(kind: "demonstration", id: p.id.description)
        }
        var listing = Listing("SELECT * FROM measurements")
        listing.add("demonstration_id = ?", p.id)
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
            try Measurement($0)
        }
    }

    static func all(of id: DemonstrationID, in db: Connection) throws -> [Measurement] {
        try db.rows("SELECT * FROM measurements WHERE demonstration_id = ? ORDER BY id", id).map { try Measurement($0) }
    }

    static func record(_ p: Record, _ w: Write) throws -> Measurement {
        let demonstration = try Demonstrations.lock(p.id, w)
        try Demonstrations.check(demonstration, .record)
        guard (demonstration.measurementCount ?? 0) < mostPerDemonstration else {
            throw Fault.failedPrecondition(
                rule: "demonstration.measurements",
                Bilingual(
                    ko: "측정값은 \(mostPerDemonstration)개까지입니다. 요약값을 기록하세요.",
                    en: "At most \(mostPerDemonstration) measurements. Record summary values."))
        }
        guard (demonstration.reservationIds ?? []).contains(p.reservationId) else {
            throw Fault.invalid(
                "/reservationId", .string("\(p.reservationId)"),
                Bilingual(ko: "이 과제의 계획에 있는 예약이어야 합니다.", en: "Must be a reservation of this project's plan."))
        }
        let reservation = try Reservations.find(p.reservationId, now: w.now, in: w.db)
        guard let started = reservation.startedAt else {
            throw Fault.failedPrecondition(
                rule: "measurement.noUse",
                Bilingual(
                    ko: "사용이 시작되지 않은 예약입니다. 먼저 reservations.start로 체크인하세요.",
                    en: "The reservation has not been used. Check in with reservations.start first."),
                data: Usage.data(reservation))
        }
        let last = reservation.finishedAt ?? w.now
        let measuredAt = p.measuredAt ?? last
        let errors = fieldErrors(p, demonstration, measuredAt, started...max(started, last))
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        let measurement = Measurement(
            id: MeasurementID.new(at: w.now), name: p.name, value: p.value, unit: p.unit, method: p.method,
            reservationId: p.reservationId, measuredAt: measuredAt, recordedAt: w.now, note: p.note)
        try w.db.run(
            """
            INSERT INTO measurements (id, demonstration_id, name, value, unit, method, reservation_id, measured_at,
                recorded_at, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            measurement.id, p.id, measurement.name, measurement.value, measurement.unit, measurement.method,
            measurement.reservationId, measurement.measuredAt, measurement.recordedAt, measurement.note)
        try w.emit("testbed.demonstration.measured", subject: p.id.description, measurement)
        w.audit(subject: p.id.description)
        return measurement
    }

    private static func fieldErrors(
        _ p: Record, _ demonstration: Demonstration, _ measuredAt: Instant, _ use: ClosedRange<Instant>
    ) -> [FieldError] {
        var errors: [FieldError] = []
        if !use.contains(measuredAt) {
            errors.append(
                FieldError(
                    "/measuredAt", .string("\(measuredAt)"),
                    Bilingual(
                        ko: "사용 시간(\(use.lowerBound) ~ \(use.upperBound)) 안이어야 합니다.",
                        en: "Must be within the use (\(use.lowerBound) to \(use.upperBound)).")))
        }
        let criterion = (demonstration.criteria ?? []).first { $0.name == p.name }
        if let criterion, criterion.unit != p.unit {
            errors.append(
                FieldError(
                    "/unit", .string(p.unit),
                    Bilingual(
                        ko: "판정 기준의 단위는 \(criterion.unit)입니다. 환산해서 기록하세요.",
                        en: "The criterion is in \(criterion.unit). Convert the value.")))
        }
        return errors
    }
}
