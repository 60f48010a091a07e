import JSON
import ServiceKit
import Storage
import Vocabulary

/// What both sides signed, or what both had accepted when the technology was transferred by a flow.
struct Contract: Codable, Sendable {
    let dealId: DealID
    let technologyId: TechnologyID
    let demandOrganisationId: OrganisationID
    let supplyOrganisationId: OrganisationID
    /// Which offer it is.
    let version: Int
    let signedOn: Day
    /// Whether the transfer stands for the signatures (`matching.technologies.post`).
    let isByTransfer: Bool
    /// The technology's stage on that day; absent when its profile did not say.
    let trl: TRL?
    let terms: Terms
}

extension Contract {
    init(_ row: Row) throws {
        dealId = try row.get("deal_id")
        technologyId = try row.get("technology_id")
        demandOrganisationId = try row.get("demand_organisation_id")
        supplyOrganisationId = try row.get("supply_organisation_id")
        version = try row.get("version")
        signedOn = try row.get("signed_on")
        isByTransfer = try row.get("by_transfer")
        trl = try row.getIfPresent("trl")
        terms = try JSON(parsing: try row.get("terms") as String).decode(Terms.self)
    }

    static func findIfPresent(_ deal: DealID, _ db: Connection) throws -> Contract? {
        try db.row("SELECT * FROM deal_contract WHERE deal_id = ?", deal).map(Contract.init)
    }

    static func find(_ deal: DealID, _ db: Connection) throws -> Contract {
        guard let contract = try findIfPresent(deal, db) else {
            throw Fault.failedPrecondition(
                rule: "deal.noContract",
                Bilingual(ko: "아직 계약이 없는 거래입니다. 먼저 계약을 체결하세요.", en: "The deal has no contract yet. Conclude it first."),
                data: ["id": .string(deal.description)])
        }
        return contract
    }

    private func insert(_ now: Instant, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO deal_contract (deal_id, version, technology_id, demand_organisation_id, supply_organisation_id,
                type, exclusive, signed_on, by_transfer, trl, terms, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            dealId, version, technologyId, demandOrganisationId, supplyOrganisationId, terms.type.rawValue,
            terms.exclusive, signedOn, isByTransfer, trl, try JSON.encode(terms).text, now)
    }

    /// Keeps it with everything that follows from it: what is due when, and when it is asked what became of it.
    fileprivate func keep(_ w: Write) throws {
        try insert(w.now, w.db)
        try scheduleFixedFee(w)
        try FollowUps.schedule(self, w.db)
    }
}

extension Deal {
    /// The transfer is posted. Terms that both sides accepted are the contract by it; without them the contract can
    /// still be negotiated and signed afterwards.
    mutating func commit(_ hold: HoldID, _ w: Write) throws {
        var rules = rules
        let ruling: DealRules.Outcome
        do { ruling = try rules.commit() } catch { throw error.fault(id) }
        guard ruling != .unchanged else { return }
        holdId = hold
        let outcome = try take(.transfer, w)
        try record(.committed, nil, note: nil, w)
        if outcome == .concluded { try conclude(byTransfer: true, w) }
    }

    /// Makes the last terms the contract. What takes the technology posts a hold on it in the same transaction, so that
    /// nothing else can be promised of it; other contracts only need that nobody else has it for himself.
    mutating func conclude(byTransfer: Bool, _ w: Write) throws {
        guard let offer = try Offer.last(of: id, w.db) else { throw StepRefused.otherTerms(last: 0).fault(id) }
        let technology = try Profile<TechnologyKind>.find(technologyId, w.db)
        if !byTransfer, holdId == nil {
            try requireNotHeld(w)
            try offer.terms.requireFit(technology)
            if technology.exclusive, let live = try TechnologyHolds.live(technologyId.description, w.db, w.now) {
                throw live.taken
            }
            if offer.terms.takesTechnology { try take(technology, w) }
            try record(.committed, nil, note: nil, w)
        }
        let contract = Contract(
            dealId: id, technologyId: technologyId, demandOrganisationId: demandOrganisationId,
            supplyOrganisationId: supplyOrganisationId, version: offer.version,
            signedOn: try byTransfer ? Day.inSeoul(at: w.now) : lastSignature(of: offer, w),
            isByTransfer: byTransfer, trl: technology.trl, terms: offer.terms)
        try contract.keep(w)
        try record(.concluded, nil, note: nil, w)
    }

    /// The later of both sides' days.
    private func lastSignature(of offer: Offer, _ w: Write) throws -> Day {
        let days = try w.db.rows(
            "SELECT signed_on FROM deal_signature WHERE deal_id = ? AND act = 'contract' AND version = ?", id,
            offer.version
        ).map { try $0.get("signed_on") as Day }
        return days.max() ?? Day.inSeoul(at: w.now)
    }

    /// What both sides accepted and a transfer makes the contract; nil as long as they negotiate.
    func agreedTerms(_ db: Connection) throws -> Terms? {
        stage == .contract ? try Offer.last(of: id, db)?.terms : nil
    }

    /// Whether it was committed by the signatures under its contract, and not by a hold that somebody posted.
    func isSigned(_ db: Connection) throws -> Bool {
        guard state == .committed, let contract = try Contract.findIfPresent(id, db) else { return false }
        guard let holdId else { return !contract.isByTransfer }
        return try TechnologyHold.find(holdId, db).holder == contractHolder
    }

    private var contractHolder: String { "contract:\(id)" }

    private mutating func take(_ technology: Profile<TechnologyKind>, _ w: Write) throws {
        let hold = TechnologyHold(
            id: .new(at: w.now), technologyId: technologyId, demandId: demandId, dealId: id,
            holder: contractHolder, exclusive: technology.exclusive, state: .posted, expiresAt: w.now, reason: nil,
            createdBy: w.call.principal, createdAt: w.now, updatedAt: w.now)
        try hold.insert(w.db)
        try hold.emit(.posted, w)
        holdId = hold.id
        try replace(w.db)
    }

    /// Refuses while a flow holds the technology for this deal: its posting or voiding decides first.
    func requireNotHeld(_ w: Write) throws {
        if let hold = try TechnologyHolds.liveHold(ofDeal: id, w.db, w.now) {
            throw Fault.failedPrecondition(
                rule: "deal.held",
                Bilingual(
                    ko: "이 거래를 위해 기술이 보류되어 있습니다. 보류(\(hold))를 먼저 취소하세요.",
                    en: "The technology is held for this deal. Void the hold \(hold) first."),
                data: ["holdId": .string(hold.description)])
        }
    }
}
