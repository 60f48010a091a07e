import JSON
import ServiceKit
import Storage
import Vocabulary

/// One demand and one technology whose sides are interested in each other, or were.
struct Deal: Codable, Sendable {
    let id: DealID
    let demandId: DemandID
    let technologyId: TechnologyID
    let demandOrganisationId: OrganisationID
    let supplyOrganisationId: OrganisationID
    var state: DealState
    /// How far it has come; of one that ended, how far it came.
    var stage = DealStage.interest
    var stageSince: Instant
    /// When it was found to have stood at this stage for longer than is usual (`StalledDeals`).
    var stalledAt: Instant?
    /// When each side said that it is interested.
    var demandAcceptedAt: Instant?
    var supplyAcceptedAt: Instant?
    /// Who declined or withdrew.
    var endedBy: Side?
    var reason: DeclineReason?
    /// The hold by whose posting the transfer became true.
    var holdId: HoldID?
    let createdAt: Instant
    var updatedAt: Instant

    func organisation(_ side: Side) -> OrganisationID { side == .demand ? demandOrganisationId : supplyOrganisationId }

    /// Only its parties and operators read what a deal is about.
    func requireParty(_ db: Connection, _ call: Call) throws {
        let isParty = try Side.allCases.contains { try Representation.mayAct(for: organisation($0), db, call) }
        guard isParty else { throw Fault.forbidden(permission: "matching.deal.party:\(id)") }
    }

    var rules: DealRules {
        get {
            var accepted: Set<Side> = []
            if demandAcceptedAt != nil { accepted.insert(.demand) }
            if supplyAcceptedAt != nil { accepted.insert(.supply) }
            return DealRules(state: state, accepted: accepted, endedBy: endedBy)
        }
        set {
            state = newValue.state
            endedBy = newValue.endedBy
        }
    }

    /// Records the interest of one side; with the other's it is the agreement.
    mutating func accept(_ side: Side, as action: DealAction, note: String?, _ w: Write) throws {
        var rules = rules
        let outcome: DealRules.Outcome
        do { outcome = try rules.accept(side) } catch { throw error.fault(id) }
        guard outcome != .unchanged else { return }
        self.rules = rules
        if side == .demand { demandAcceptedAt = w.now } else { supplyAcceptedAt = w.now }
        if outcome == .agreed { enter(.nda, w.now) }
        updatedAt = w.now
        try replace(w.db)
        try record(action, side, note: note, w)
        if outcome == .agreed { try record(.agreed, nil, note: nil, w) }
    }

    mutating func enter(_ next: DealStage, _ now: Instant) {
        guard next != stage else { return }
        stage = next
        stageSince = now
        stalledAt = nil
    }

    /// A step of history and its event.
    func record(_ action: DealAction, _ side: Side?, note: String?, documents: [Document]? = nil, _ w: Write) throws {
        let last = try w.db.row("SELECT MAX(step) AS step FROM deal_history WHERE deal_id = ?", id)
        let step: Int64 = try last?.getIfPresent("step") ?? 0
        try w.db.run(
            """
            INSERT INTO deal_history (deal_id, step, at, principal, action, side, state, reason, note, stage, documents)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, step + 1, w.now, w.call.principal, action, side, state, action == .declined ? reason : nil, note, stage,
            try documents.map { try JSON.encode($0).text })
        try PairAnswers.follow(self, action, side, note: note, w)
        w.audit(subject: id.description, reason: note ?? reason?.rawValue)
        // Events are read by more than the parties: why one of them declined is not in it.
        var told = self
        told.reason = nil
        try w.emit("matching.deal.\(action.rawValue)", subject: id.description, told)
    }
}

extension Deal {
    init(_ row: Row) throws {
        id = try row.get("id")
        demandId = try row.get("demand_id")
        technologyId = try row.get("technology_id")
        demandOrganisationId = try row.get("demand_organisation_id")
        supplyOrganisationId = try row.get("supply_organisation_id")
        state = try row.get("state")
        stage = try row.get("stage")
        stageSince = try row.get("stage_since")
        stalledAt = try row.getIfPresent("stalled_at")
        demandAcceptedAt = try row.getIfPresent("demand_accepted_at")
        supplyAcceptedAt = try row.getIfPresent("supply_accepted_at")
        endedBy = try row.getIfPresent("ended_by")
        reason = try row.getIfPresent("reason")
        holdId = try row.getIfPresent("hold_id")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    static func find(_ id: DealID, _ db: Connection) throws -> Deal {
        guard let row = try db.row("SELECT * FROM deal WHERE id = ?", id) else {
            throw Fault.notFound(kind: "deal", id: id.description)
        }
        return try Deal(row)
    }

    /// The one deal of a pair that has not ended without success.
    static func open(_ demand: DemandID, _ technology: TechnologyID, _ db: Connection) throws -> Deal? {
        try db.row(
            """
            SELECT * FROM deal WHERE demand_id = ? AND technology_id = ?
                AND state IN ('interest', 'agreed', 'committed')
            """, demand, technology
        ).map(Deal.init)
    }

    func insert(_ db: Connection) throws {
        try db.run(
            """
            INSERT INTO deal (id, demand_id, technology_id, demand_organisation_id, supply_organisation_id, state,
                demand_accepted_at, supply_accepted_at, ended_by, reason, hold_id, created_at, updated_at, stage,
                stage_since, stalled_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, demandId, technologyId, demandOrganisationId, supplyOrganisationId, state, demandAcceptedAt,
            supplyAcceptedAt, endedBy, reason, holdId, createdAt, updatedAt, stage, stageSince, stalledAt)
    }

    func replace(_ db: Connection) throws {
        try db.run(
            """
            UPDATE deal SET state = ?, demand_accepted_at = ?, supply_accepted_at = ?, ended_by = ?, reason = ?,
                hold_id = ?, updated_at = ?, stage = ?, stage_since = ?, stalled_at = ? WHERE id = ?
            """,
            state, demandAcceptedAt, supplyAcceptedAt, endedBy, reason, holdId, updatedAt, stage, stageSince, stalledAt,
            id)
    }
}
