import JSON
import ServiceKit
import Storage
import Vocabulary

/// A regulatory exemption and its conditions: period, places, scale, insurance (B5, P:801).
struct Permit: Codable, Sendable, Hashable {
    /// 신속확인, 임시허가, 실증특례.
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue { case rapidCheck, temporaryPermit, exemption }
    enum State: String, Codable, CaseIterable, Sendable, SQLValue { case granted, revoked }

    let id: PermitID
    let kind: Kind
    let number: String
    let title: Bilingual
    let organisationId: OrganisationID?
    let start: Instant
    let end: Instant
    /// Where it holds: every resource of these sites, and these resources.
    let siteIds: [SiteID]
    let resourceIds: [ResourceID]
    /// The most units in use at one instant under it, over all resources.
    let maxUnits: Int?
    let insuranceRequired: Bool
    let insuredUntil: Instant?
    let state: State
    let grantedAt: Instant
    let revokedAt: Instant?
    let reason: String?
}

extension Permit {
    init(_ row: Row, in db: Connection) throws {
        let id: PermitID = try row.get("id")
        let places: [String] = try db.rows(
            "SELECT place_id FROM permit_places WHERE permit_id = ? ORDER BY place_id", id
        ).map { try $0.get("place_id") }
        self.init(
            id: id, kind: try row.get("kind"), number: try row.get("number"),
            title: Bilingual(ko: try row.get("title_ko"), en: try row.get("title_en")),
            organisationId: try row.getIfPresent("organisation_id"), start: try row.get("start_at"),
            end: try row.get("end_at"), siteIds: places.compactMap(SiteID.init),
            resourceIds: places.compactMap(ResourceID.init), maxUnits: try row.getIfPresent("max_units"),
            insuranceRequired: try row.get("insurance_required"), insuredUntil: try row.getIfPresent("insured_until"),
            state: try row.get("state"), grantedAt: try row.get("granted_at"),
            revokedAt: try row.getIfPresent("revoked_at"), reason: try row.getIfPresent("reason"))
    }
}
