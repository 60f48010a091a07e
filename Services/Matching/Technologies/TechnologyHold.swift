import JSON
import ServiceKit
import Storage
import Vocabulary

/// A technology set aside for one demand.
struct TechnologyHold: Codable, Sendable {
    let id: HoldID
    let technologyId: TechnologyID
    let demandId: DemandID
    var dealId: DealID?
    let holder: String
    let exclusive: Bool
    var state: HoldState
    var expiresAt: Instant
    var reason: String?
    let createdBy: String
    let createdAt: Instant
    var updatedAt: Instant

    enum Event: String {
        case held, renewed, posted, voided, expired
    }

    /// As it counts at this moment, whether or not the job has marked it.
    func effective(at now: Instant) -> TechnologyHold {
        var hold = self
        hold.state = state.effective(expiresAt: expiresAt, now: now)
        return hold
    }

    /// Who made a hold, operators and services may change it.
    func mayAct(_ call: Call) -> Bool {
        createdBy == call.principal || call.actsForOthers
    }

    /// Both whom it is about read it as well. For whom a technology is held is nobody else's business.
    func mayRead(_ r: Read) throws -> Bool {
        let demand = try Profile<DemandKind>.find(demandId, r.db)
        let technology = try Profile<TechnologyKind>.find(technologyId, r.db)
        return try mayAct(r.call) || Representation.mayAct(for: demand.organisationId, r.db, r.call)
            || Representation.mayAct(for: technology.organisationId, r.db, r.call)
    }

    /// What another who wants the technology is told.
    var taken: Fault {
        let isPosted = state == .posted
        var data: JSON = [
            "technologyId": .string(technologyId.description), "id": .string(id.description),
            "state": .string(state.rawValue),
        ]
        if !isPosted { data["expiresAt"] = .string(expiresAt.description) }
        let message =
            isPosted
            ? Bilingual(
                ko: "이 기술은 이미 독점으로 이전되었습니다. 다른 기술을 찾아보세요.",
                en: "This technology was transferred exclusively already. Look for another.")
            : Bilingual(
                ko: "이 기술은 \(expiresAt)까지 다른 거래를 위해 보류 중입니다. 그 뒤에 다시 시도하세요.",
                en: "This technology is held for another deal until \(expiresAt). Try again after that.")
        return .conflict(message, data: data)
    }

    func emit(_ event: Event, _ w: Write) throws {
        w.audit(subject: id.description, reason: reason)
        try w.emit("matching.hold.\(event.rawValue)", subject: id.description, self)
        if exclusive, event == .posted { try GapWatch.supplyChanged(technologyId, w.db) }
    }
}

extension HoldAction {
    var event: TechnologyHold.Event {
        switch self {
        case .renew: .renewed
        case .post: .posted
        case .void: .voided
        case .expire: .expired
        }
    }
}

extension TechnologyHold {
    init(_ row: Row) throws {
        id = try row.get("id")
        technologyId = try row.get("technology_id")
        demandId = try row.get("demand_id")
        dealId = try row.getIfPresent("deal_id")
        holder = try row.get("holder")
        exclusive = try row.get("exclusive")
        state = try row.get("state")
        expiresAt = try row.get("expires_at")
        reason = try row.getIfPresent("reason")
        createdBy = try row.get("created_by")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    static func find(_ id: HoldID, _ db: Connection) throws -> TechnologyHold {
        guard let row = try db.row("SELECT * FROM technology_hold WHERE id = ?", id) else {
            throw Fault.notFound(kind: "hold", id: id.description)
        }
        return try TechnologyHold(row)
    }

    func insert(_ db: Connection) throws {
        try db.run(
            """
            INSERT INTO technology_hold (id, technology_id, demand_id, deal_id, holder, exclusive, state, expires_at,
                reason, created_by, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, technologyId, demandId, dealId, holder, exclusive, state, expiresAt, reason, createdBy, createdAt,
            updatedAt)
    }

    func replace(_ db: Connection) throws {
        try db.run(
            """
            UPDATE technology_hold SET deal_id = ?, state = ?, expires_at = ?, reason = ?, updated_at = ? WHERE id = ?
            """,
            dealId, state, expiresAt, reason, updatedAt, id)
    }
}

/// What others ask about holds.
extension TechnologyHolds {
    /// The live hold or posted transfer by which nobody else may have a technology, if any; else one of this holder.
    static func live(_ technology: String, _ db: Connection, _ now: Instant, holder: String? = nil) throws
        -> TechnologyHold?
    {
        try db.row(
            """
            SELECT * FROM technology_hold WHERE technology_id = ? AND (exclusive = 1 OR holder = ?)
                AND (state = 'posted' OR (state = 'held' AND expires_at > ?))
            ORDER BY exclusive DESC, state DESC, id DESC LIMIT 1
            """, technology, holder, now
        ).map(TechnologyHold.init)
    }

    static func liveHold(ofDeal id: DealID, _ db: Connection, _ now: Instant) throws -> HoldID? {
        try db.row(
            "SELECT id FROM technology_hold WHERE deal_id = ? AND state = 'held' AND expires_at > ?", id, now
        ).map { try $0.get("id") }
    }

    /// Refuses while somebody holds the technology.
    static func requireNoLiveHold(_ technology: String, _ w: Write) throws {
        guard
            let row = try w.db.row(
                "SELECT * FROM technology_hold WHERE technology_id = ? AND state = 'held' AND expires_at > ?",
                technology, w.now)
        else { return }
        let hold = try TechnologyHold(row)
        throw Fault.failedPrecondition(
            rule: "technology.held",
            Bilingual(
                ko: "이 기술은 \(hold.expiresAt)까지 보류 중입니다. 보류(\(hold.id))가 끝난 뒤에 하세요.",
                en: "The technology is held until \(hold.expiresAt). Wait until the hold \(hold.id) has ended."),
            data: ["holdId": .string(hold.id.description)])
    }

    /// Refuses while the technology is held, and for ever once it was transferred.
    static func requireFree(_ technology: String, _ w: Write) throws {
        try requireNoLiveHold(technology, w)
        let posted = try w.db.row(
            "SELECT 1 AS one FROM technology_hold WHERE technology_id = ? AND state = 'posted' LIMIT 1", technology)
        guard posted != nil else { return }
        throw Fault.failedPrecondition(
            rule: "technology.transferred",
            Bilingual(
                ko: "이미 이전된 기술입니다. 독점 여부는 더 바꿀 수 없습니다.",
                en: "The technology was transferred. Whether it is exclusive can no longer be changed."))
    }
}
