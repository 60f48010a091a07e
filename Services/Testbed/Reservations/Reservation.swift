import JSON
import ServiceKit
import Storage
import Vocabulary

/// What became of a reservation that was posted.
enum UseState: String, Codable, CaseIterable, Sendable, SQLValue {
    case planned, started, finished, missed, cancelled
}

/// Units of a resource for `[start, end)`.
struct Reservation: Codable, Sendable, Hashable {
    let id: ReservationID
    let resourceId: ResourceID
    let start: Instant
    let end: Instant
    let units: Int
    let access: Access
    let purpose: String?
    /// On whose account it is held, for instance a flow.
    let holder: String
    let principal: String
    let permitId: PermitID?
    /// As it counts now: a hold past `expiresAt` is `expired`.
    let state: HoldState
    let expiresAt: Instant
    let heldAt: Instant
    let postedAt: Instant?
    /// When it was voided, expired or cancelled.
    let endedAt: Instant?
    let reason: String?
    /// The units are taken from `start` until here: the end and the buffer, or earlier when the use ended earlier.
    let busyUntil: Instant
    /// The resource's buffer when it was held.
    let bufferSeconds: Int
    let use: UseState
    let startedAt: Instant?
    let finishedAt: Instant?
    let usedMinutes: Int64?
    /// The price for one unit and hour when it was held.
    let feePerHour: Won?
    let fee: Won?
    let feeRule: Bilingual?
}

extension Reservation {
    init(_ row: Row, now: Instant) throws {
        let stored: HoldState = try row.get("state")
        let expiresAt: Instant = try row.get("expires_at")
        let fee: Won? = try row.getIfPresent("fee")
        self.init(
            id: try row.get("id"), resourceId: try row.get("resource_id"), start: try row.get("start_at"),
            end: try row.get("end_at"), units: try row.get("units"), access: try row.get("access"),
            purpose: try row.getIfPresent("purpose"), holder: try row.get("holder"),
            principal: try row.get("principal"), permitId: try row.getIfPresent("permit_id"),
            state: stored.effective(expiresAt: expiresAt, now: now), expiresAt: expiresAt,
            heldAt: try row.get("held_at"), postedAt: try row.getIfPresent("posted_at"),
            endedAt: try row.getIfPresent("ended_at"), reason: try row.getIfPresent("reason"),
            busyUntil: try row.get("busy_until"), bufferSeconds: try row.get("buffer_seconds"),
            use: try row.get("use_state"),
            startedAt: try row.getIfPresent("started_at"), finishedAt: try row.getIfPresent("finished_at"),
            usedMinutes: try row.getIfPresent("used_minutes"), feePerHour: try row.getIfPresent("fee_per_hour"),
            fee: fee, feeRule: fee == nil ? nil : UsageFee.rule)
    }
}

/// What a use costs.
enum UsageFee {
    static let rule = Bilingual(
        ko: "시작된 1분은 1분으로 세고, 시간당 사용료×단위×분÷60에서 원 미만은 버린다(합계에서 한 번).",
        en:
            "Each minute begun counts; fee per hour × units × minutes ÷ 60, fractions of a won dropped once, on the total."
    )

    /// Each minute begun counts as one.
    static func minutes(from start: Instant, to finish: Instant) -> Int64 {
        let length = max(0, finish.milliseconds - start.milliseconds)
        return length / 60_000 + (length % 60_000 == 0 ? 0 : 1)
    }

    /// Exact in whole won: the product is formed without rounding and divided once, downwards.
    static func fee(perHour: Won, units: Int, minutes: Int64) throws(Won.Overflow) -> Won {
        let product = try perHour * Int64(units) * minutes
        return Won(product.amount / 60)
    }
}
