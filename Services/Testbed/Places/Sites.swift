import JSON
import ServiceKit
import Storage
import Vocabulary

enum SiteIDKind: IDKind { static let prefix = "sit" }
typealias SiteID = ID<SiteIDKind>

/// What a site is (P:798 types of demonstration, P:963, P:1458, P:1515, P:2109).
enum SiteKind: String, Codable, CaseIterable, Sendable, SQLValue {
    case institute, university, hospital, company, industrialComplex, demonstrationComplex, cityDistrict
    case startupFacility, sharedFab, dataCentre, livingLab, makerSpace, openLab, virtual, other
}

/// A point on the earth, WGS84 degrees.
struct Point: Codable, Sendable, Hashable, Constrained {
    let longitude: Double
    let latitude: Double

    static let constraints: [String: Schema.Constraint] = [
        "longitude": .between(-180...180), "latitude": .between(-90...90),
    ]
}

/// A place that has resources.
struct Site: Codable, Sendable, Hashable {
    let id: SiteID
    let name: Bilingual
    let kind: SiteKind
    /// Who runs it, as Matching knows the organisation.
    let organisationId: OrganisationID?
    /// Who runs it, in words.
    let operatorName: Bilingual?
    let address: String?
    /// Left out when nobody has said where it is; the map then lists the site apart.
    let location: Point?
    /// The district of the plan it belongs to, such as 궁동 (P:1458).
    let zone: String?
    /// Where the record comes from, such as `P:1515`.
    let source: String?
    /// Invented for a demonstration.
    let synthetic: Bool
    let createdAt: Instant
    let updatedAt: Instant
}

/// The register of sites (B1, B2, B13).
enum Sites {
    struct Register: Codable, Sendable, Constrained {
        let name: Bilingual
        let kind: SiteKind
        let organisationId: OrganisationID?
        let operatorName: Bilingual?
        let address: String?
        let location: Point?
        let zone: String?
        let source: String?
        let synthetic: Bool?

        static let constraints = Sites.texts
    }

    /// What is left out stays as it is; `clear` names what becomes unknown.
    struct Update: Codable, Sendable, Constrained {
        enum Clearable: String, Codable, CaseIterable, Sendable {
            case organisationId, operatorName, address, location, zone, source
        }
        let id: SiteID
        let name: Bilingual?
        let kind: SiteKind?
        let organisationId: OrganisationID?
        let operatorName: Bilingual?
        let address: String?
        let location: Point?
        let zone: String?
        let source: String?
        let synthetic: Bool?
        let clear: [Clearable]?

        static let constraints = Sites.texts.merging(["clear": .count(1...6)]) { first, _ in first }
    }

    struct List: Codable, Sendable, Constrained {
        let kind: SiteKind?
        let zone: String?
        let organisationId: OrganisationID?
        let limit: Int?
        let after: SiteID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    private static let texts: [String: Schema.Constraint] = [
        "address": .length(1...300), "zone": .length(1...100), "source": .length(1...200),
    ]

    static let methods: [Method] = [
        .command(
            "testbed.sites.register",
            Bilingual(ko: "실증 장소를 등록한다", en: "Registers a site"), role: .member, register),
        .command(
            "testbed.sites.update",
            Bilingual(ko: "실증 장소 정보를 고친다", en: "Changes a site"), role: .member, update),
        .query(
            "testbed.sites.get", Bilingual(ko: "실증 장소를 조회한다", en: "Reads a site"), role: .viewer
        ) { (p: ByID<SiteIDKind>, r: Read) throws -> Site in try find(p.id, in: r.db) },
        .query(
            "testbed.sites.list", Bilingual(ko: "실증 장소 목록", en: "Lists sites"), role: .viewer, list),
    ]

    private static func register(_ p: Register, _ w: Write) throws -> Site {
        try Names.check(p.name, "/name")
        try Names.check(p.operatorName, "/operatorName")
        let site = Site(
            id: SiteID.new(at: w.now), name: p.name, kind: p.kind, organisationId: p.organisationId,
            operatorName: p.operatorName, address: p.address, location: p.location, zone: p.zone, source: p.source,
            synthetic: p.synthetic ?? false, createdAt: w.now, updatedAt: w.now)
        try w.db.run(
            """
            INSERT INTO sites (id, name_ko, name_en, kind, organisation_id, operator_ko, operator_en, address,
                longitude, latitude, zone, source, synthetic, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            site.id, site.name.ko, site.name.en, site.kind, site.organisationId, site.operatorName?.ko,
            site.operatorName?.en, site.address, site.location?.longitude, site.location?.latitude, site.zone,
            site.source, site.synthetic, site.createdAt, site.updatedAt)
        try w.emit("testbed.site.registered", subject: site.id.description, site)
        w.audit(subject: site.id.description)
        return site
    }

    private static func update(_ p: Update, _ w: Write) throws -> Site {
        try Names.check(p.name, "/name")
        try Names.check(p.operatorName, "/operatorName")
        let old = try find(p.id, in: w.db)
        let clear = Set(p.clear ?? [])
        func value<T>(_ new: T?, _ old: T?, _ field: Update.Clearable) -> T? {
            clear.contains(field) ? nil : new ?? old
        }
        let site = Site(
            id: old.id, name: p.name ?? old.name, kind: p.kind ?? old.kind,
            organisationId: value(p.organisationId, old.organisationId, .organisationId),
            operatorName: value(p.operatorName, old.operatorName, .operatorName),
            address: value(p.address, old.address, .address), location: value(p.location, old.location, .location),
            zone: value(p.zone, old.zone, .zone), source: value(p.source, old.source, .source),
            synthetic: p.synthetic ?? old.synthetic, createdAt: old.createdAt, updatedAt: w.now)
        try w.db.run(
            """
            UPDATE sites SET name_ko = ?, name_en = ?, kind = ?, organisation_id = ?, operator_ko = ?, operator_en = ?,
                address = ?, longitude = ?, latitude = ?, zone = ?, source = ?, synthetic = ?, updated_at = ?
            WHERE id = ?
            """,
            site.name.ko, site.name.en, site.kind, site.organisationId, site.operatorName?.ko, site.operatorName?.en,
            site.address, site.location?.longitude, site.location?.latitude, site.zone, site.source, site.synthetic,
            site.updatedAt, site.id)
        try w.emit("testbed.site.updated", subject: site.id.description, site)
        w.audit(subject: site.id.description)
        return site
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<Site> {
        var listing = Listing("SELECT * FROM sites")
        listing.add("kind = ?", p.kind)
        listing.add("zone = ?", p.zone)
        listing.add("organisation_id = ?", p.organisationId)
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
            try Site($0)
        }
    }

    static func find(_ id: SiteID, in db: Connection) throws -> Site {
        guard let row = try db.row("SELECT * FROM sites WHERE id = ?", id) else {
            throw Fault.notFound(kind: "site", id: id.description)
        }
        return try Site(row)
    }
}

extension Site {
    init(_ row: Row) throws {
        let longitude: Double? = try row.getIfPresent("longitude")
        let latitude: Double? = try row.getIfPresent("latitude")
        let operatorKo: String? = try row.getIfPresent("operator_ko")
        let operatorEn: String? = try row.getIfPresent("operator_en")
        self.init(
            id: try row.get("id"), name: Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en")),
            kind: try row.get("kind"), organisationId: try row.getIfPresent("organisation_id"),
            operatorName: operatorKo.flatMap { ko in operatorEn.map { Bilingual(ko: ko, en: $0) } },
            address: try row.getIfPresent("address"),
            location: longitude.flatMap { x in latitude.map { Point(longitude: x, latitude: $0) } },
            zone: try row.getIfPresent("zone"), source: try row.getIfPresent("source"),
            synthetic: try row.get("synthetic"), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"))
    }
}
