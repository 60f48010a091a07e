import JSON
import ServiceKit
import Storage
import Vocabulary

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
        /// At which stage the deal stood after it; absent in steps from before there were stages.
        let stage: DealStage?
        let reason: DeclineReason?
        let note: String?
        let documents: [Document]
    }

    let id: DealID
    let demandId: DemandID
    let technologyId: TechnologyID
    let demandOrganisationId: OrganisationID
    let supplyOrganisationId: OrganisationID
    let state: DealState
    let stage: DealStage
    let stageSince: Instant
    let stalledAt: Instant?
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
    /// Who has signed the NDA; what is confidential is given and read only once both have.
    let ndaSignedBy: [Side]
    /// The last terms that were offered, who stands by them and who has signed them.
    let offer: Offer?
    let termsAcceptedBy: [Side]
    let contractSignedBy: [Side]
    let contract: Contract?
    /// The last steps, oldest first: 200, or as many as go into one answer.
    let history: [Step]
    /// How many older ones there are.
    let olderSteps: Int

    private static let stepLimit = 200

    init(_ deal: Deal, _ r: Read) throws {
        try deal.requireParty(r.db, r.call)
        id = deal.id
        demandId = deal.demandId
        technologyId = deal.technologyId
        demandOrganisationId = deal.demandOrganisationId
        supplyOrganisationId = deal.supplyOrganisationId
        state = deal.state
        stage = deal.stage
        stageSince = deal.stageSince
        stalledAt = deal.stalledAt
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
        let progress = try deal.progress(r.db)
        ndaSignedBy = Side.allCases.filter(progress.signedNDA.contains)
        offer = try Offer.last(of: deal.id, r.db)
        termsAcceptedBy = Side.allCases.filter(progress.acceptedTerms.contains)
        contractSignedBy = Side.allCases.filter(progress.signedContract.contains)
        contract = try Contract.findIfPresent(deal.id, r.db)
        let rows = try r.db.rows(
            "SELECT * FROM deal_history WHERE deal_id = ? ORDER BY step DESC LIMIT ?", deal.id, Self.stepLimit)
        history = try rows.prefix(Listing.fitting(rows)).reversed().map(Step.init)
        olderSteps = (history.first?.step ?? 1) - 1
    }
}

extension DealWithHistory.Step {
    fileprivate init(_ row: Row) throws {
        step = try row.get("step")
        at = try row.get("at")
        principal = try row.get("principal")
        action = try row.get("action")
        side = try row.getIfPresent("side")
        state = try row.get("state")
        stage = try row.getIfPresent("stage")
        reason = try row.getIfPresent("reason")
        note = try row.getIfPresent("note")
        documents = try Document.list(row)
    }
}

/// `matching.deals.offers`, `disclosures` and `sessions`: what of a deal can grow long, for its parties.
enum DealRecords {
    struct List: Codable, Sendable, Constrained {
        let id: DealID
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    /// What one side gave the other under the NDA.
    struct Disclosure: Codable, Sendable {
        let step: Int
        let side: Side
        let at: Instant
        let principal: String
        let content: String
    }

    struct Session: Codable, Sendable {
        let step: Int
        let heldOn: Day
        let minutes: Int
        let advisorId: PersonID?
        let summary: String
    }

    static let methods: [Method] = [
        .query(
            "matching.deals.offers", Bilingual(ko: "제시된 조건을 모두 조회한다", en: "Lists all versions of the terms"),
            role: .viewer
        ) { (p: List, r: Read) throws -> Page<Offer> in
            try page("deal_offer", by: "version", p, r, cursor: { "\($0.version)" }, item: Offer.init)
        },
        .query(
            "matching.deals.disclosures",
            Bilingual(ko: "비밀유지계약 아래 건넨 내용을 조회한다", en: "Lists what was given under the NDA"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<Disclosure> in
            try page("deal_disclosure", by: "step", p, r, cursor: { "\($0.step)" }) { row in
                Disclosure(
                    step: try row.get("step"), side: try row.get("side"), at: try row.get("at"),
                    principal: try row.get("principal"), content: try row.get("content"))
            }
        },
        .query(
            "matching.deals.sessions", Bilingual(ko: "상담·컨설팅 기록을 조회한다", en: "Lists the consulting sessions"),
            role: .viewer
        ) { (p: List, r: Read) throws -> Page<Session> in
            try page("deal_session", by: "step", p, r, cursor: { "\($0.step)" }) { row in
                Session(
                    step: try row.get("step"), heldOn: try row.get("held_on"), minutes: try row.get("minutes"),
                    advisorId: try row.getIfPresent("advisor_id"), summary: try row.get("summary"))
            }
        },
    ]

    private static func page<Item: Codable & Sendable>(
        _ table: String, by column: String, _ p: List, _ r: Read, cursor: (Item) -> String, item: (Row) throws -> Item
    ) throws -> Page<Item> {
        try Deal.find(p.id, r.db).requireParty(r.db, r.call)
        if let after = p.after, Int(after) == nil { throw Listing.notACursor(after) }
        var listing = Listing("SELECT * FROM \(table)")
        listing.add("deal_id = ?", p.id)
        return try listing.page(
            in: r.db, by: column, after: p.after.flatMap(Int.init), limit: p.limit, cursor: cursor, item: item)
    }
}

extension Listing {
    static func notACursor(_ after: String) -> Fault {
        Fault.invalid(
            "/after", .string(after),
            Bilingual(ko: "앞 쪽의 next를 그대로 주세요", en: "must be the next of the page before"))
    }
}
