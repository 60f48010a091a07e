import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.organisations.duplicates` and `matching.organisations.merge`.
enum OrganisationMerge {
    struct Ask: Codable, Sendable, Constrained {
        /// How many organisations are looked at for this page (default 50).
        let limit: Int?
        let after: OrganisationID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    /// An organisation and the later ones of the same name without its legal form.
    struct Group: Codable, Sendable {
        let id: OrganisationID
        let nameKo: String
        let businessNumber: BusinessNumber?
        let suspects: [Suspect]
    }

    struct Suspect: Codable, Sendable {
        let id: OrganisationID
        let nameKo: String
        let businessNumber: BusinessNumber?
        /// False when the business numbers show that they are two: branches of one firm, or namesakes.
        let mayBeMerged: Bool
    }

    struct Answer: Codable, Sendable {
        let items: [Group]
        let examined: Int
        let next: String?
    }

    struct Merge: Codable, Sendable, Constrained {
        let keep: OrganisationID
        let drop: OrganisationID
        let reason: String?
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Merged: Codable, Sendable {
        let kept: Organisations.Organisation
        let dropped: Organisations.Organisation
        let movedProfiles: Int
        let movedDeals: Int
        let movedRepresentatives: Int
    }

    static let methods: [Method] = [
        .query(
            "matching.organisations.duplicates",
            Bilingual(ko: "법인 표기를 뺀 이름이 같은 기관을 찾는다", en: "Finds organisations of one name without its legal form")
        ) { (p: Ask, r: Read) throws -> Answer in
            var listing = Listing("SELECT * FROM organisation")
            listing.add("merged_into IS NULL")
            let page = try listing.page(
                in: r.db, after: p.after, limit: p.limit, cursor: \.id.description,
                item: Organisations.Organisation.init)
            let groups = try page.items.compactMap { organisation -> Group? in
                let suspects = try suspects(of: organisation, r.db)
                guard !suspects.isEmpty else { return nil }
                return Group(
                    id: organisation.id, nameKo: organisation.nameKo, businessNumber: organisation.businessNumber,
                    suspects: suspects)
            }
            return Answer(items: groups, examined: page.items.count, next: page.next)
        },
        .command(
            "matching.organisations.merge",
            Bilingual(
                ko: "같은 기관 둘을 하나로 합친다: 프로필, 대표, 거래가 옮겨 간다. 되돌릴 수 없다",
                en:
                    "Joins two records of one organisation with its profiles, representatives and deals; cannot be undone"
            ),
            idempotent: true
        ) { (p: Merge, w: Write) throws -> Merged in try merge(p, w) },
    ]

    private static func suspects(of organisation: Organisations.Organisation, _ db: Connection) throws -> [Suspect] {
        try db.rows(
            """
            SELECT * FROM organisation WHERE merged_into IS NULL AND id > ? AND id IN
                (SELECT other.organisation_id FROM organisation_code AS own JOIN organisation_code AS other
                    ON other.scheme = 'name' AND other.code = own.code
                WHERE own.organisation_id = ? AND own.scheme = 'name')
            ORDER BY id LIMIT 20
            """, organisation.id, organisation.id
        ).map { row in
            let other = try Organisations.Organisation(row)
            return Suspect(
                id: other.id, nameKo: other.nameKo, businessNumber: other.businessNumber,
                mayBeMerged: !areTwo(organisation, other))
        }
    }

    private static func areTwo(_ a: Organisations.Organisation, _ b: Organisations.Organisation) -> Bool {
        if let one = a.businessNumber, let other = b.businessNumber { return one != other }
        return false
    }

    private static func merge(_ p: Merge, _ w: Write) throws -> Merged {
        guard p.keep != p.drop else {
            throw Fault.invalid(
                "/drop", .string(p.drop.description), Bilingual(ko: "keep과 달라야 합니다", en: "must differ from keep"))
        }
        var kept = try Organisations.find(p.keep, w.db)
        var dropped = try Organisations.find(p.drop, w.db)
        for id in [kept.id, dropped.id] { try Representation.require(id, w.db, w.call) }
        if dropped.mergedInto == kept.id {
            return Merged(kept: kept, dropped: dropped, movedProfiles: 0, movedDeals: 0, movedRepresentatives: 0)
        }
        for organisation in [kept, dropped] { try organisation.requireNotMerged() }
        try requireMergeable(kept, dropped, w)
        let number = kept.businessNumber ?? dropped.businessNumber
        dropped.businessNumber = nil
        dropped.mergedInto = kept.id
        try finish(&dropped, w)
        try w.db.run("DELETE FROM organisation_code WHERE organisation_id = ?", dropped.id)
        try w.db.run("UPDATE organisation SET merged_into = ? WHERE id = ?", kept.id, dropped.id)
        try w.db.run("UPDATE organisation SET merged_into = ? WHERE merged_into = ?", kept.id, dropped.id)
        kept.businessNumber = number
        kept.contact = kept.contact ?? dropped.contact
        kept.region = kept.region ?? dropped.region
        kept.industries += dropped.industries.filter { !kept.industries.contains($0) }
        kept.ksicSections += dropped.ksicSections.filter { !kept.ksicSections.contains($0) }
        try finish(&kept, w)
        let profiles =
            try moveProfiles(DemandKind.self, dropped.id, kept.id, p.reason, w)
            + moveProfiles(TechnologyKind.self, dropped.id, kept.id, p.reason, w)
        let deals = try moveDeals(dropped.id, kept.id, w.db)
        let representatives = try moveWhereAbsent("representative", "principal", dropped.id, kept.id, w.db)
        try moveExperience(dropped.id, kept.id, w.db)
        try moveOthers(dropped.id, kept.id, w.db)
        w.audit(subject: kept.id.description, reason: "\(dropped.id) → \(kept.id)" + (p.reason.map { ": \($0)" } ?? ""))
        w.audit(subject: dropped.id.description, reason: p.reason)
        let merged = Merged(
            kept: kept, dropped: dropped, movedProfiles: profiles, movedDeals: deals,
            movedRepresentatives: representatives)
        try w.emit("matching.organisation.merged", subject: dropped.id.description, dropped.masked)
        try w.emit("matching.organisation.updated", subject: kept.id.description, kept.masked)
        return merged
    }

    private static func finish(_ organisation: inout Organisations.Organisation, _ w: Write) throws {
        organisation.version += 1
        organisation.updatedAt = w.now
        try Organisations.replace(organisation, w)
    }

    private static func requireMergeable(
        _ kept: Organisations.Organisation, _ dropped: Organisations.Organisation, _ w: Write
    ) throws {
        if areTwo(kept, dropped) {
            throw Fault.failedPrecondition(
                rule: "merge.businessNumbersDiffer",
                Bilingual(
                    ko: "사업자등록번호가 서로 다릅니다. 같은 기관이면 번호를 먼저 바로잡으세요.",
                    en: "Their business numbers differ. If they are one, correct the number first."))
        }
        if let deal = try w.db.row(
            """
            SELECT id FROM deal WHERE state IN ('interest', 'agreed') AND
                ((demand_organisation_id = ? AND supply_organisation_id = ?)
                OR (demand_organisation_id = ? AND supply_organisation_id = ?)) LIMIT 1
            """, kept.id, dropped.id, dropped.id, kept.id)
        {
            let id: DealID = try deal.get("id")
            throw Fault.failedPrecondition(
                rule: "merge.dealBetween",
                Bilingual(
                    ko: "두 기관 사이에 진행 중인 거래(\(id))가 있습니다. 먼저 끝내세요.",
                    en: "The deal \(id) between the two is open. End it first."),
                data: ["dealId": .string(id.description)])
        }
        if let hold = try w.db.row(
            """
            SELECT id FROM technology_hold WHERE state = 'held' AND expires_at > ? AND (technology_id IN
                (SELECT id FROM profile WHERE side = 'supply' AND organisation_id = ?) OR demand_id IN
                (SELECT id FROM profile WHERE side = 'demand' AND organisation_id = ?)) LIMIT 1
            """, w.now, dropped.id, dropped.id)
        {
            let id: HoldID = try hold.get("id")
            throw Fault.failedPrecondition(
                rule: "organisation.held",
                Bilingual(
                    ko: "진행 중인 보류(\(id))가 있습니다. 끝난 뒤에 합치세요.", en: "The hold \(id) is live. Merge after it has ended."),
                data: ["holdId": .string(id.description)])
        }
    }

    /// Every profile says in its own history to whom it went; the text index follows.
    private static func moveProfiles<Kind: ProfileKind>(
        _ kind: Kind.Type, _ from: OrganisationID, _ to: OrganisationID, _ reason: String?, _ w: Write
    ) throws -> Int {
        let rows = try w.db.rows(
            "SELECT id FROM profile WHERE side = ? AND organisation_id = ? ORDER BY id", Kind.side, from)
        for row in rows {
            let id: ID<Kind> = try row.get("id")
            try w.db.run("UPDATE profile SET organisation_id = ?, updated_at = ? WHERE id = ?", to, w.now, id)
            try Profile<Kind>.find(id, w.db).save(.moved, reason: reason ?? "\(from) → \(to)", w)
        }
        return rows.count
    }

    /// Ended deals too, with what is owed and reported by their contracts: who may read them depends on the organisation.
    private static func moveDeals(_ from: OrganisationID, _ to: OrganisationID, _ db: Connection) throws -> Int {
        var moved = 0
        let changed = try RankingClock.next(db)
        for side in ["demand_organisation_id", "supply_organisation_id"] {
            moved += try db.run("UPDATE deal SET \(side) = ?, changed = ? WHERE \(side) = ?", to, changed, from)
            for table in ["deal_contract", "royalty_due", "royalty_payment", "follow_up"] {
                try db.run("UPDATE \(table) SET \(side) = ? WHERE \(side) = ?", to, from)
            }
        }
        return moved
    }

    /// What ranking knows: the answers to pairs, and what was declared, unless the one that stays has declared its own.
    private static func moveExperience(_ from: OrganisationID, _ to: OrganisationID, _ db: Connection) throws {
        let changed = try RankingClock.next(db)
        try db.run(
            "UPDATE pair_answer SET organisation_id = ?, changed = ? WHERE organisation_id = ?", to, changed, from)
        try db.run(
            """
            UPDATE organisation_standing SET organisation_id = ?, changed = ? WHERE organisation_id = ? AND NOT EXISTS
                (SELECT 1 FROM organisation_standing AS own WHERE own.organisation_id = ?)
            """, to, changed, from, to)
        try db.run("DELETE FROM organisation_standing WHERE organisation_id = ?", from)
    }

    /// Rows of a table that has one for each organisation and `column`.
    @discardableResult
    private static func moveWhereAbsent(
        _ table: String, _ column: String, _ from: OrganisationID, _ to: OrganisationID, _ db: Connection
    ) throws -> Int {
        let moved = try db.run(
            """
            UPDATE \(table) SET organisation_id = ? WHERE organisation_id = ? AND \(column) NOT IN
                (SELECT \(column) FROM \(table) WHERE organisation_id = ?)
            """, to, from, to)
        try db.run("DELETE FROM \(table) WHERE organisation_id = ?", from)
        return moved
    }

    private static func moveOthers(_ from: OrganisationID, _ to: OrganisationID, _ db: Connection) throws {
        try moveWhereAbsent("chain_place", "item_id", from, to, db)
        try moveWhereAbsent("survey_invitation", "survey_id", from, to, db)
        try db.run("UPDATE survey_response SET organisation_id = ? WHERE organisation_id = ?", to, from)
        try db.run(
            """
            UPDATE platform_role SET organisation_id = ? WHERE organisation_id = ? AND NOT EXISTS
                (SELECT 1 FROM platform_role AS other WHERE other.organisation_id = ?
                    AND other.platform_id = platform_role.platform_id AND other.role = platform_role.role
                    AND other.valid_from = platform_role.valid_from)
            """, to, from, to)
    }
}
