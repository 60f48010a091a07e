import JSON
import ServiceKit
import Storage
import Vocabulary

/// The gate that keeps bookings within a permit.
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
        try permit.mustCover(wish.body, of: wish.resource)
        if let most = permit.maxUnits {
            let peak = try occupancy(under: id, wish.body, w).peak(in: wish.body)
            guard peak + wish.units <= most else {
                throw permit.refusal(
                    "scale", "특례 규모는 동시에 \(most)단위이고 이미 \(peak)단위가 쓰입니다.",
                    "The permit allows \(most) units at a time, \(peak) are taken.")
            }
        }
    }

    /// What was lawful when it was held may not be any more when it is to be posted.
    static func checkAgain(_ reservation: Reservation, _ resource: Resource, in db: Connection) throws {
        guard let id = reservation.permitId else { return }
        try find(id, in: db).mustCover(reservation.start..<reservation.end, of: resource)
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
    /// Refuses a time and a place that the conditions leave out, naming the condition.
    func mustCover(_ body: Range<Instant>, of resource: Resource) throws {
        guard state == .granted else {
            throw refusal("revoked", "취소된 특례입니다.", "The permit is revoked.")
        }
        guard start <= body.lowerBound, body.upperBound <= end else {
            throw refusal(
                "period", "특례 기간(\(start) ~ \(end)) 밖입니다. 기간 안으로 옮기세요.",
                "Outside the permit's period (\(start) to \(end)). Choose a time inside it.")
        }
        guard resourceIds.contains(resource.id) || siteIds.contains(resource.siteId) else {
            throw refusal("place", "특례가 정한 장소가 아닙니다.", "Not one of the permit's places.")
        }
        guard insuranceRequired else { return }
        guard let insuredUntil, body.upperBound <= insuredUntil else {
            throw refusal(
                "insurance", "책임보험이 끝 시각까지 유효해야 합니다. permits.insure로 등록하세요.",
                "Liability must be insured until the end. Record it with permits.insure.")
        }
    }

    fileprivate func refusal(_ rule: String, _ ko: String, _ en: String) -> Fault {
        .failedPrecondition(
            rule: "permit.\(rule)", Bilingual(ko: ko, en: en),
            data: ["permitId": .string("\(id)"), "number": .string(number)])
    }
}
