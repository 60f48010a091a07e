import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.<plural>.merge`: of two profiles of the same thing one stays. The other is withdrawn for good, keeps its
/// row and history and points to the one that stays. There is no way back but to write it anew: the history of both
/// says what was done.
enum ProfileMerge<Kind: ProfileKind> {
    struct Ask: Codable, Sendable, Constrained {
        let keep: ID<Kind>
        let drop: ID<Kind>
        let reason: String?
        static var constraints: [String: Schema.Constraint] { ["reason": .length(1...500)] }
    }

    struct Answer: Codable, Sendable {
        let kept: Profile<Kind>
        let dropped: Profile<Kind>
        /// Open deals that are the kept profile's now.
        let movedDeals: [DealID]
        /// Open deals that stay where they are, since the kept profile has one with the same partner already: one of
        /// the two is to be ended by its parties.
        let leftDeals: [DealID]
    }

    static var methods: [Method] {
        [
            .command(
                "matching.\(Kind.plural).merge",
                Bilingual(
                    ko: "같은 \(Kind.name.ko) 둘을 하나로 합친다. 되돌릴 수 없다",
                    en: "Joins two profiles (\(Kind.name.en)) of one thing; cannot be undone"),
                role: .member, idempotent: true
            ) { (p: Ask, w: Write) throws -> Answer in try merge(p, w) }
        ]
    }

    private static func merge(_ p: Ask, _ w: Write) throws -> Answer {
        guard p.keep != p.drop else {
            throw Fault.invalid(
                "/drop", .string(p.drop.description), Bilingual(ko: "keep과 달라야 합니다", en: "must differ from keep"))
        }
        var kept = try Profile<Kind>.own(p.keep, w.read)
        var dropped = try Profile<Kind>.own(p.drop, w.read)
        // Asked again: it is done.
        if dropped.mergedInto == kept.id { return Answer(kept: kept, dropped: dropped, movedDeals: [], leftDeals: []) }
        for profile in [kept, dropped] { try profile.requireNotMerged() }
        try requireNoHold([kept.id, dropped.id], w)
        let (movable, ambiguous) = try openDeals(kept, dropped, w.db)
        if kept.organisationId != dropped.organisationId, let deal = (movable + ambiguous).first {
            throw Fault.failedPrecondition(
                rule: "merge.organisationsDiffer",
                Bilingual(
                    ko: "두 \(Kind.name.ko)의 기관이 다르고 진행 중인 거래(\(deal.id))가 있습니다. 거래를 끝내거나 기관을 먼저 합치세요"
                        + "(matching.organisations.merge).",
                    en: "They belong to different organisations and the deal \(deal.id) is open. End it, or merge the "
                        + "organisations first (matching.organisations.merge)."),
                data: ["dealId": .string(deal.id.description)])
        }
        for deal in movable {
            try w.db.run("UPDATE deal SET \(Kind.dealColumn) = ?, updated_at = ? WHERE id = ?", kept.id, w.now, deal.id)
            try Deal.find(deal.id, w.db).record(.moved, Kind.side, note: p.reason, w)
        }
        let reason = p.reason.map { "\($0) (\(dropped.id) → \(kept.id))" } ?? "\(dropped.id) → \(kept.id)"
        // Out of the public, and of the reviewers' queue.
        var standing = dropped.standing(at: w.now)
        _ = standing.withdraw()
        try dropped.stand(standing, w)
        dropped.mergedInto = kept.id
        try w.db.run("UPDATE profile SET merged_into = ? WHERE id = ?", kept.id, dropped.id)
        // Who merged into the one that goes is led to the one that stays.
        try w.db.run("UPDATE profile SET merged_into = ? WHERE merged_into = ?", kept.id, dropped.id)
        try dropped.save(.mergedInto, reason: reason, w)
        if Kind.side == .demand {
            try SurveyResponses.move(from: dropped.id.description, to: kept.id.description, kept.organisationId, w)
        }
        kept.updatedAt = w.now
        try kept.save(.merged, reason: reason, w)
        return Answer(kept: kept, dropped: dropped, movedDeals: movable.map(\.id), leftDeals: ambiguous.map(\.id))
    }

    /// The open deals of the one that goes: those whose partner has none with the one that stays, and the others.
    private static func openDeals(
        _ kept: Profile<Kind>, _ dropped: Profile<Kind>, _ db: Connection
    ) throws -> (movable: [Deal], ambiguous: [Deal]) {
        var movable: [Deal] = []
        var ambiguous: [Deal] = []
        let rows = try db.rows(
            """
            SELECT * FROM deal WHERE \(Kind.dealColumn) = ? AND state IN ('interest', 'agreed') ORDER BY id
            """, dropped.id)
        for row in rows {
            let deal = try Deal(row)
            let other = Kind.side == .demand ? deal.technologyId.description : deal.demandId.description
            let same = try db.row(
                """
                SELECT 1 AS one FROM deal WHERE \(Kind.dealColumn) = ? AND \(Kind.otherDealColumn) = ?
                    AND state IN ('interest', 'agreed', 'committed')
                """, kept.id, other)
            let contract = try db.row("SELECT 1 AS one FROM deal_contract WHERE deal_id = ?", deal.id)
            if same == nil, contract == nil { movable.append(deal) } else { ambiguous.append(deal) }
        }
        return (movable, ambiguous)
    }

    private static func requireNoHold(_ ids: [ID<Kind>], _ w: Write) throws {
        for id in ids {
            if Kind.side == .supply {
                try TechnologyHolds.requireNoLiveHold(id.description, w)
            } else if let row = try w.db.row(
                "SELECT id FROM technology_hold WHERE demand_id = ? AND state = 'held' AND expires_at > ?", id, w.now)
            {
                let hold: HoldID = try row.get("id")
                throw Fault.failedPrecondition(
                    rule: "demand.held",
                    Bilingual(
                        ko: "이 수요를 위해 기술이 보류되어 있습니다. 보류(\(hold))가 끝난 뒤에 합치세요.",
                        en: "A technology is held for this demand. Merge after the hold \(hold) has ended."),
                    data: ["holdId": .string(hold.description)])
            }
        }
    }
}

extension ProfileKind {
    fileprivate static var dealColumn: String { side == .demand ? "demand_id" : "technology_id" }
    fileprivate static var otherDealColumn: String { side == .demand ? "technology_id" : "demand_id" }
}
