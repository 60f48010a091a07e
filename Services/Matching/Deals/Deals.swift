import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.deals.*`: the interest of both sides in one pair, and what becomes of it.
enum Deals {
    struct Propose: Codable, Sendable, Constrained {
        let demandId: DemandID
        let technologyId: TechnologyID
        /// Whose interest this is.
        let side: Side
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct Act: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct Decline: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        let reason: DeclineReason
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct List: Codable, Sendable, Constrained {
        let demandId: DemandID?
        let technologyId: TechnologyID?
        let organisationId: OrganisationID?
        let state: DealState?
        let stage: DealStage?
        /// Those that have stood at their stage for longer than is usual.
        let isStalled: Bool?
        let limit: Int?
        let after: DealID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    /// All of a deal, from the first interest to what became of it.
    static func methods(_ catalogue: Catalogue) -> [Method] {
        [proposing(catalogue)] + interest + DealSteps.methods + Valuations.methods + Negotiation.methods
            + DealRecords.methods + Royalties.methods + FollowUps.methods + Outcomes.methods + OutcomeSummary.methods
    }

    static let jobs = StalledDeals.jobs + RoyaltyReading.jobs + FollowUps.jobs

    private static func proposing(_ catalogue: Catalogue) -> Method {
        .command(
            "matching.deals.propose",
            Bilingual(ko: "한쪽의 관심을 밝힌다. 같은 쌍이면 같은 거래다", en: "Records one side's interest; one pair has one open deal"),
            role: .member, idempotent: true
        ) { (p: Propose, w: Write) throws -> Deal in try propose(p, catalogue, w) }
    }

    private static let interest: [Method] = [
        .command(
            "matching.deals.accept", Bilingual(ko: "거래를 수락한다", en: "Accepts a deal for one side"), role: .member,
            idempotent: true
        ) { (p: Act, w: Write) throws -> Deal in
            var deal = try mine(p.id, p.side, w)
            try deal.accept(p.side, as: .accepted, note: p.note, w)
            return deal
        },
        .command(
            "matching.deals.decline", Bilingual(ko: "이유를 밝히고 거절한다", en: "Declines a deal with a reason"),
            role: .member, idempotent: true
        ) { (p: Decline, w: Write) throws -> Deal in
            try end(p.id, p.side, .declined, reason: p.reason, note: p.note, w)
        },
        .command(
            "matching.deals.withdraw",
            Bilingual(ko: "수락한 쪽이 수락을 거두어들인다", en: "Takes back one side's acceptance and ends the deal"), role: .member,
            idempotent: true
        ) { (p: Act, w: Write) throws -> Deal in
            try end(p.id, p.side, .withdrawn, reason: nil, note: p.note, w)
        },
        .query(
            "matching.deals.get",
            Bilingual(ko: "거래를 이력과 함께 조회한다", en: "Reads a deal with its history"), role: .viewer
        ) { (p: ByID<DealKind>, r: Read) throws -> DealWithHistory in try DealWithHistory(try Deal.find(p.id, r.db), r)
        },
        .query("matching.deals.list", Bilingual(ko: "거래 목록을 조회한다", en: "Lists deals"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Deal> in try list(p, r)
        },
    ]

    private static func propose(_ p: Propose, _ catalogue: Catalogue, _ w: Write) throws -> Deal {
        switch p.side {
        case .demand: try Profile<DemandKind>.own(p.demandId, w.read)
        case .supply: try Profile<TechnologyKind>.own(p.technologyId, w.read)
        }
        if var open = try Deal.open(p.demandId, p.technologyId, w.db) {
            try open.accept(p.side, as: .accepted, note: p.note, w)
            return open
        }
        let demand = try Profile<DemandKind>.visible(p.demandId, w.read)
        let technology = try Profile<TechnologyKind>.visible(p.technologyId, w.read)
        let filters = try HardFilter.ofPair(demand, technology, MatchFilters(includeHeld: true), w.db, w.now)
        if let filter = filters.first {
            throw Fault.failedPrecondition(
                rule: filter.rule,
                Bilingual(ko: "제안할 수 없습니다: \(filter.ko). 다른 상대를 찾아보세요.", en: "It cannot be proposed: \(filter.en)."),
                data: ["reasons": try JSON.encode(filters)])
        }
        let deal = Deal(
            id: .new(at: w.now), demandId: p.demandId, technologyId: p.technologyId,
            demandOrganisationId: demand.organisationId, supplyOrganisationId: technology.organisationId,
            state: .interest, stageSince: w.now, demandAcceptedAt: p.side == .demand ? w.now : nil,
            supplyAcceptedAt: p.side == .supply ? w.now : nil, endedBy: nil, reason: nil, holdId: nil,
            createdAt: w.now, updatedAt: w.now)
        try deal.insert(w.db)
        try DealScores.keep(deal, demand, technology, catalogue, w)
        try deal.record(.proposed, p.side, note: p.note, w)
        return deal
    }

    private static func end(
        _ id: DealID, _ side: Side, _ action: DealAction, reason: DeclineReason?, note: String?, _ w: Write
    ) throws -> Deal {
        var deal = try mine(id, side, w)
        var rules = deal.rules
        let outcome: DealRules.Outcome
        do {
            outcome = try action == .declined ? rules.decline(side) : rules.withdraw(side)
        } catch { throw error.fault(id) }
        guard outcome != .unchanged else { return deal }
        try deal.requireNotHeld(w)
        deal.rules = rules
        deal.reason = reason
        deal.updatedAt = w.now
        try deal.replace(w.db)
        try deal.record(action, side, note: note, w)
        return deal
    }

    /// The deal, if the caller may act for the side he names.
    static func mine(_ id: DealID, _ side: Side, _ w: Write) throws -> Deal {
        let deal = try Deal.find(id, w.db)
        try Representation.require(deal.organisation(side), w.db, w.call)
        return deal
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<Deal> {
        var listing = Listing("SELECT * FROM deal")
        listing.add("demand_id = ?", p.demandId)
        listing.add("technology_id = ?", p.technologyId)
        listing.add("state = ?", p.state)
        listing.add("stage = ?", p.stage)
        if let isStalled = p.isStalled { listing.add("stalled_at IS \(isStalled ? "NOT " : "")NULL") }
        if let id = p.organisationId {
            listing.add("(demand_organisation_id = ? OR supply_organisation_id = ?)", all: [id, id])
        }
        if !r.call.actsForOthers {
            let mine = "(SELECT organisation_id FROM representative WHERE principal = ?)"
            listing.add(
                "(demand_organisation_id IN \(mine) OR supply_organisation_id IN \(mine))",
                all: [r.call.principal, r.call.principal])
        }
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: Deal.init)
    }
}
