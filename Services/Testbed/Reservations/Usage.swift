import JSON
import ServiceKit
import Storage
import Vocabulary

/// What really happened in a reservation: checked in, checked out, or missed; and what it costs.
enum Usage {
    struct Mark: Codable, Sendable {
        let id: ReservationID
        /// Default now; never later than now.
        let at: Instant?
    }

    static let methods: [Method] = [
        .command(
            "testbed.reservations.start", Bilingual(ko: "사용을 시작한다(체크인)", en: "Begins the use (check-in)"),
            role: .member, start),
        .command(
            "testbed.reservations.finish",
            Bilingual(ko: "사용을 마치고 시간과 사용료를 정한다", en: "Ends the use and settles its minutes and fee"),
            role: .member, finish),
    ]

    static let jobs: [Job] = [
        Job(name: "mark missed reservations", every: .seconds(10)) { (w: Write) throws in
            let rows = try w.db.rows(
                "SELECT * FROM reservations WHERE use_state = 'planned' AND miss_at <= ? ORDER BY miss_at LIMIT 500",
                w.now)
            for row in rows {
                let reservation = try Reservation(row, now: w.now)
                let free = min(reservation.busyUntil, max(reservation.start, w.now))
                _ = try Reservations.record(
                    reservation.id, "missed", "use_state = 'missed', busy_until = ?", [free], w)
            }
        }
    ]

    private static func start(_ p: Mark, _ w: Write) throws -> Reservation {
        let reservation = try Reservations.lock(p.id, w)
        let at = try moment(p.at, w)
        guard reservation.state == .posted, reservation.use == .planned else {
            throw Fault.conflict(
                Bilingual(
                    ko: "확정되고 아직 시작하지 않은 예약만 시작할 수 있습니다. 보류 중이면 먼저 post 하세요.",
                    en: "Only a posted reservation that has not begun can begin. Post a hold first."),
                data: data(reservation))
        }
        guard at >= reservation.start else {
            throw Fault.failedPrecondition(
                rule: "use.tooEarly",
                Bilingual(
                    ko: "예약은 \(reservation.start)에 시작합니다. 그 전에는 다른 사람의 시간입니다.",
                    en: "The reservation begins at \(reservation.start). Until then it is not yours."),
                data: data(reservation))
        }
        guard at < reservation.end else {
            throw Fault.failedPrecondition(
                rule: "use.tooLate",
                Bilingual(
                    ko: "예약은 \(reservation.end)에 끝났습니다. 새로 예약하세요.",
                    en: "The reservation ended at \(reservation.end). Make a new one."),
                data: data(reservation))
        }
        return try Reservations.record(
            p.id, "started", "use_state = 'started', started_at = ?, miss_at = NULL", [at], w)
    }

    private static func finish(_ p: Mark, _ w: Write) throws -> Reservation {
        let reservation = try Reservations.lock(p.id, w)
        let at = try moment(p.at, w)
        guard reservation.use == .started, let started = reservation.startedAt else {
            throw Fault.conflict(
                Bilingual(
                    ko: "시작된 사용만 마칠 수 있습니다. 먼저 start 하세요.",
                    en: "Only a use that has begun can end. Start it first."), data: data(reservation))
        }
        guard at >= started else {
            throw Fault.invalid(
                "/at", .string("\(at)"),
                Bilingual(ko: "시작(\(started))보다 앞설 수 없습니다.", en: "Must not be before the start (\(started))."))
        }
        let minutes = UsageFee.minutes(from: started, to: at)
        let fee = try reservation.feePerHour.map { price in
            try UsageFee.fee(perHour: price, units: reservation.units, minutes: minutes)
        }
        // An early end frees the rest; the buffer stays, because the place must still be prepared for the next.
        let busy = min(reservation.busyUntil, at.adding(seconds: Int64(reservation.bufferSeconds)))
        return try Reservations.record(
            p.id, "finished", "use_state = 'finished', finished_at = ?, used_minutes = ?, fee = ?, busy_until = ?",
            [at, minutes, fee, busy], w)
    }

    private static func moment(_ at: Instant?, _ w: Write) throws -> Instant {
        guard let at else { return w.now }
        guard at <= w.now else {
            throw Fault.invalid(
                "/at", .string("\(at)"),
                Bilingual(ko: "지금(\(w.now))보다 뒤일 수 없습니다.", en: "Must not be later than now (\(w.now))."))
        }
        return at
    }

    /// What a caller needs to see why an action does not fit.
    static func data(_ reservation: Reservation) -> JSON {
        [
            "id": .string(reservation.id.description), "state": .string(reservation.state.rawValue),
            "use": .string(reservation.use.rawValue),
        ]
    }
}
