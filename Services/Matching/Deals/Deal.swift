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
        updatedAt = w.now
        try replace(w.db)
        try record(action, side, note: note, w)
        if outcome == .agreed { try record(.agreed, nil, note: nil, w) }
    }

    /// The transfer is posted: the deal is done.
    mutating func commit(_ hold: HoldID, _ w: Write) throws {
        var rules = rules
        let outcome: DealRules.Outcome
        do { outcome = try rules.commit() } catch { throw error.fault(id) }
        guard outcome != .unchanged else { return }
        self.rules = rules
        holdId = hold
        updatedAt = w.now
        try replace(w.db)
        try record(.committed, nil, note: nil, w)
    }

    /// A step of history and its event.
    func record(_ action: DealAction, _ side: Side?, note: String?, _ w: Write) throws {
        let last = try w.db.row("SELECT MAX(step) AS step FROM deal_history WHERE deal_id = ?", id)
        let step: Int64 = try last?.getIfPresent("step") ?? 0
        try w.db.run(
            """
            INSERT INTO deal_history (deal_id, step, at, principal, action, side, state, reason, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, step + 1, w.now, w.call.principal, action, side, state, action == .declined ? reason : nil, note)
        w.audit(subject: id.description, reason: note ?? reason?.rawValue)
        try w.emit("matching.deal.\(action.rawValue)", subject: id.description, self)
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
                demand_accepted_at, supply_accepted_at, ended_by, reason, hold_id, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, demandId, technologyId, demandOrganisationId, supplyOrganisationId, state, demandAcceptedAt,
            supplyAcceptedAt, endedBy, reason, holdId, createdAt, updatedAt)
    }

    func replace(_ db: Connection) throws {
        try db.run(
            """
            UPDATE deal SET state = ?, demand_accepted_at = ?, supply_accepted_at = ?, ended_by = ?, reason = ?,
                hold_id = ?, updated_at = ? WHERE id = ?
            """,
            state, demandAcceptedAt, supplyAcceptedAt, endedBy, reason, holdId, updatedAt, id)
    }
}

/// A deal as its parties read it: with every step, and with the contacts once both have accepted.
struct DealWithHistory: Codable, Sendable {
    struct Step: Codable, Sendable {
        let step: Int
        let at: Instant
        /// Who acted.
        let principal: String
        let action: DealAction
        let side: Side?
        let state: DealState
        let reason: DeclineReason?
        let note: String?
    }

    let id: DealID
    let demandId: DemandID
    let technologyId: TechnologyID
    let demandOrganisationId: OrganisationID
    let supplyOrganisationId: OrganisationID
    let state: DealState
    let demandAcceptedAt: Instant?
    let supplyAcceptedAt: Instant?
    let endedBy: Side?
    let reason: DeclineReason?
    let holdId: HoldID?
    let createdAt: Instant
    let updatedAt: Instant
    let isContactMasked: Bool
    let demandContact: Organisations.Contact?
    let supplyContact: Organisations.Contact?
    let history: [Step]

    init(_ deal: Deal, _ r: Read) throws {
        try deal.requireParty(r.db, r.call)
        id = deal.id
        demandId = deal.demandId
        technologyId = deal.technologyId
        demandOrganisationId = deal.demandOrganisationId
        supplyOrganisationId = deal.supplyOrganisationId
        state = deal.state
        demandAcceptedAt = deal.demandAcceptedAt
        supplyAcceptedAt = deal.supplyAcceptedAt
        endedBy = deal.endedBy
        reason = deal.reason
        holdId = deal.holdId
        createdAt = deal.createdAt
        updatedAt = deal.updatedAt
        isContactMasked = deal.state != .agreed && deal.state != .committed
        demandContact = isContactMasked ? nil : try Organisations.find(deal.demandOrganisationId, r.db).contact
        supplyContact = isContactMasked ? nil : try Organisations.find(deal.supplyOrganisationId, r.db).contact
        history = try r.db.rows("SELECT * FROM deal_history WHERE deal_id = ? ORDER BY step", deal.id).map { row in
            Step(
                step: try row.get("step"), at: try row.get("at"), principal: try row.get("principal"),
                action: try row.get("action"), side: try row.getIfPresent("side"), state: try row.get("state"),
                reason: try row.getIfPresent("reason"), note: try row.getIfPresent("note"))
        }
    }
}
