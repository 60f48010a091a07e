import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.deals.offer`, `acceptTerms` and `sign`: offers and counter-offers, of which the last one that both sides
/// accepted becomes the contract.
enum Negotiation {
    struct Make: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        let terms: Terms
        let note: String?
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "note": .length(1...2_000), "documents": Document.limit,
        ]
    }

    struct Accept: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        /// Which version is accepted: the last one, so that nobody accepts what he has not read.
        let version: Int
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["version": .atLeast(1), "note": .length(1...2_000)]
    }

    struct Sign: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        let version: Int
        /// Default today, in Seoul. The contract's day is the later of both sides'.
        let signedOn: Day?
        let note: String?
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "version": .atLeast(1), "note": .length(1...2_000), "documents": Document.limit,
        ]
    }

    static let methods: [Method] = [
        .command(
            "matching.deals.offer",
            Bilingual(ko: "계약 조건을 제시하거나 되제시한다", en: "Offers terms, or others in place of the last ones")
        ) { (p: Make, w: Write) throws -> Offer in try offer(p, w) },
        .command(
            "matching.deals.acceptTerms",
            Bilingual(ko: "마지막으로 제시된 조건을 수락한다", en: "Accepts the terms that were offered last"), role: .member,
            idempotent: true
        ) { (p: Accept, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            guard try deal.take(.acceptTerms(p.side, version: p.version), w) != .unchanged else { return deal }
            try deal.sign("terms", version: p.version, p.side, on: Day.inSeoul(at: w.now), w.db)
            try deal.record(.termsAccepted, p.side, note: p.note, w)
            return deal
        },
        .command(
            "matching.deals.sign",
            Bilingual(
                ko: "수락된 조건의 계약에 서명한다. 양쪽이 서명하면 계약이 성립한다",
                en: "Signs the contract of the accepted terms; with both signatures it is concluded"), role: .member,
            idempotent: true
        ) { (p: Sign, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            let day = try DealSteps.notLater(p.signedOn, "/signedOn", w.now)
            let outcome = try deal.take(.sign(p.side, version: p.version), w)
            guard outcome != .unchanged else { return deal }
            try deal.sign("contract", version: p.version, p.side, on: day, w.db)
            try deal.record(.signed, p.side, note: p.note, documents: p.documents, w)
            if outcome == .concluded { try deal.conclude(byTransfer: false, w) }
            return deal
        },
    ]

    private static func offer(_ p: Make, _ w: Write) throws -> Offer {
        var deal = try Deals.mine(p.id, p.side, w)
        // Terms that both accepted are what a hold will make the contract: nobody takes them back meanwhile.
        if deal.stage == .contract { try deal.requireNotHeld(w) }
        let faults = p.terms.faults(at: "/terms")
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        let technology = try Profile<TechnologyKind>.find(deal.technologyId, w.db)
        try p.terms.requireFit(technology)
        _ = try deal.take(.offer(p.side), w)
        let offer = Offer(
            dealId: deal.id, version: try (Offer.last(of: deal.id, w.db)?.version ?? 0) + 1, side: p.side, at: w.now,
            principal: w.call.principal, note: p.note, terms: p.terms.spelledOut)
        try offer.insert(w.db)
        try deal.sign("terms", version: offer.version, p.side, on: Day.inSeoul(at: w.now), w.db)
        try deal.record(.offered, p.side, note: p.note, documents: p.documents, w)
        return offer
    }
}

/// One version of the terms, as one side offered them.
struct Offer: Codable, Sendable {
    let dealId: DealID
    let version: Int
    let side: Side
    let at: Instant
    let principal: String
    let note: String?
    let terms: Terms

    static func last(of deal: DealID, _ db: Connection) throws -> Offer? {
        try db.row("SELECT * FROM deal_offer WHERE deal_id = ? ORDER BY version DESC LIMIT 1", deal).map(Offer.init)
    }
}

extension Offer {
    init(_ row: Row) throws {
        dealId = try row.get("deal_id")
        version = try row.get("version")
        side = try row.get("side")
        at = try row.get("at")
        principal = try row.get("principal")
        note = try row.getIfPresent("note")
        terms = try JSON(parsing: try row.get("terms") as String).decode(Terms.self)
    }

    fileprivate func insert(_ db: Connection) throws {
        try db.run(
            """
            INSERT INTO deal_offer (deal_id, version, side, at, principal, note, terms) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            dealId, version, side, at, principal, note, try JSON.encode(terms).text)
    }
}

extension Terms {
    /// A technology that goes to one taker cannot be licensed to many, and what is open to many cannot be promised to one.
    func requireFit(_ technology: Profile<TechnologyKind>) throws {
        guard takesTechnology, exclusive != technology.exclusive else { return }
        let id = technology.id
        throw Fault.failedPrecondition(
            rule: "contract.exclusivity",
            exclusive
                ? Bilingual(
                    ko: "여러 곳에 줄 수 있는 기술로 공개되어 있습니다. 독점 계약을 하려면 먼저 기술을 exclusive로 바꾸세요(\(id)).",
                    en: "The technology is open to many. Mark it exclusive before it is promised to one (\(id)).")
                : Bilingual(
                    ko: "한 곳에만 주는 기술로 공개되어 있습니다. 통상실시 계약을 하려면 먼저 exclusive를 해제하세요(\(id)).",
                    en:
                        "The technology goes to one taker. Mark it as not exclusive before it is licensed to many (\(id))."
                ),
            data: ["technologyId": .string(id.description), "exclusive": .bool(technology.exclusive)])
    }
}
