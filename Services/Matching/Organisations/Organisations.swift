import JSON
import ServiceKit
import Storage
import Vocabulary

/// Institutes, universities, companies and others that offer or need technology.
enum Organisations {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        case institute, university, hospital, company, agency, association, investor, government
    }

    /// An office that answers, not a person: personal data lives in the talent service alone.
    struct Contact: Codable, Sendable, Hashable, Constrained {
        var department: String?
        var email: String?
        var phone: String?

        static let constraints: [String: Schema.Constraint] = [
            "department": .length(1...200), "email": .length(3...254), "phone": .length(5...40),
        ]
    }

    struct Create: Codable, Sendable, Constrained {
        let kind: Kind
        let nameKo: String
        let nameEn: String?
        let region: Region?
        let businessNumber: BusinessNumber?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let contact: Contact?
        /// Principals that may act for it beside the one that registers it.
        let representatives: [String]?
        /// Where the record comes from, such as a line of a document, or `synthetic`.
        let source: String?

        static let constraints: [String: Schema.Constraint] = [
            "nameKo": .length(1...200), "nameEn": .length(1...200), "industries": .count(0...20),
            "ksicSections": .count(0...21), "representatives": .count(0...50), "source": .length(1...200),
        ]
    }

    /// Every member that is given replaces what was there.
    struct Update: Codable, Sendable, Constrained {
        let id: OrganisationID
        let kind: Kind?
        let nameKo: String?
        let nameEn: String?
        let region: Region?
        let businessNumber: BusinessNumber?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let contact: Contact?
        let representatives: [String]?

        static let constraints: [String: Schema.Constraint] = [
            "nameKo": .length(1...200), "nameEn": .length(1...200), "industries": .count(0...20),
            "ksicSections": .count(0...21), "representatives": .count(0...50),
        ]
    }

    struct List: Codable, Sendable, Constrained {
        let kind: Kind?
        let region: Region?
        let industry: StrategicIndustry?
        /// The beginning of the Korean name.
        let name: String?
        let limit: Int?
        let after: OrganisationID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200), "name": .length(1...200)]
    }

    struct Organisation: Codable, Sendable {
        let id: OrganisationID
        var kind: Kind
        var nameKo: String
        var nameEn: String
        var region: Region?
        var businessNumber: BusinessNumber?
        var industries: [StrategicIndustry]
        var ksicSections: [KSICSection]
        /// Absent while masked: both sides of a deal must accept first.
        var contact: Contact?
        var isContactMasked: Bool
        let source: String?
        var version: Int
        let createdAt: Instant
        var updatedAt: Instant
        /// The organisation that it became a part of; it is kept for those who know its identifier.
        var mergedInto: OrganisationID?
    }

    static let methods: [Method] = [
        .command(
            "matching.organisations.create", Bilingual(ko: "기관을 등록한다", en: "Registers an organisation"), role: .member
        ) { (p: Create, w: Write) throws -> Organisation in try create(p, w) },
        .command(
            "matching.organisations.update", Bilingual(ko: "기관 정보를 고친다", en: "Changes an organisation"), role: .member
        ) { (p: Update, w: Write) throws -> Organisation in
            try Representation.require(p.id, w.db, w.call)
            var organisation = try find(p.id, w.db)
            try organisation.requireNotMerged()
            organisation.kind = p.kind ?? organisation.kind
            organisation.nameKo = p.nameKo ?? organisation.nameKo
            organisation.nameEn = p.nameEn ?? organisation.nameEn
            organisation.region = p.region ?? organisation.region
            organisation.businessNumber = p.businessNumber ?? organisation.businessNumber
            organisation.industries = p.industries ?? organisation.industries
            organisation.ksicSections = p.ksicSections ?? organisation.ksicSections
            organisation.contact = p.contact ?? organisation.contact
            organisation.version += 1
            organisation.updatedAt = w.now
            try replace(organisation, w)
            if let representatives = p.representatives {
                try w.db.run("DELETE FROM representative WHERE organisation_id = ?", p.id)
                // Nobody locks himself out; who acts for others does not become one of theirs.
                let own = w.call.actsForOthers ? [] : [w.call.principal]
                try setRepresentatives(own + representatives, of: p.id, w)
            }
            try w.emit("matching.organisation.updated", subject: p.id.description, organisation.masked)
            return organisation
        },
        .query(
            "matching.organisations.get", Bilingual(ko: "기관을 조회한다", en: "Reads an organisation"), role: .viewer
        ) { (p: ByID<OrganisationKind>, r: Read) throws -> Organisation in
            let organisation = try find(p.id, r.db)
            return try Representation.mayAct(for: p.id, r.db, r.call) ? organisation : organisation.masked
        },
        .query(
            "matching.organisations.list", Bilingual(ko: "기관 목록을 조회한다", en: "Lists organisations"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<Organisation> in
            var listing = Listing("SELECT * FROM organisation")
            listing.add("merged_into IS NULL")
            listing.add("kind = ?", p.kind)
            listing.add("region = ?", p.region?.rawValue)
            if let name = p.name { listing.add("name_ko >= ? AND name_ko < ?", all: [name, name + "\u{10FFFF}"]) }
            if let industry = p.industry {
                listing.add(
                    "id IN (SELECT organisation_id FROM organisation_code WHERE scheme = 'industry' AND code = ?)",
                    industry.rawValue)
            }
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Organisation($0).masked
            }
        },
    ]

    /// - Parameter isOwn: whether who registers it represents it from now on.
    static func create(_ p: Create, isOwn: Bool = true, _ w: Write) throws -> Organisation {
        let organisation = Organisation(
            id: .new(at: w.now), kind: p.kind, nameKo: p.nameKo, nameEn: p.nameEn ?? p.nameKo, region: p.region,
            businessNumber: p.businessNumber, industries: p.industries ?? [], ksicSections: p.ksicSections ?? [],
            contact: p.contact, isContactMasked: false, source: p.source, version: 1, createdAt: w.now,
            updatedAt: w.now)
        try insert(organisation, w)
        try setRepresentatives((isOwn ? [w.call.principal] : []) + (p.representatives ?? []), of: organisation.id, w)
        try w.emit("matching.organisation.registered", subject: organisation.id.description, organisation.masked)
        return organisation
    }

    static func find(_ id: OrganisationID, _ db: Connection) throws -> Organisation {
        guard let row = try db.row("SELECT * FROM organisation WHERE id = ?", id) else {
            throw Fault.notFound(kind: "organisation", id: id.description)
        }
        return try Organisation(row)
    }

    private static func insert(_ o: Organisation, _ w: Write) throws {
        try o.requirePlainText()
        try guardBusinessNumber(o, w.db)
        try w.db.run(
            """
            INSERT INTO organisation (id, kind, name_ko, name_en, region, business_number, industries, sections,
                department, email, phone, source, version, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            o.id, o.kind, o.nameKo, o.nameEn, o.region?.rawValue, o.businessNumber?.description,
            Codes.text(o.industries), Codes.text(o.ksicSections), o.contact?.department, o.contact?.email,
            o.contact?.phone, o.source, o.version, o.createdAt, o.updatedAt)
        try setCodes(o, w.db)
    }

    static func replace(_ o: Organisation, _ w: Write) throws {
        try o.requirePlainText()
        try guardBusinessNumber(o, w.db)
        try w.db.run(
            """
            UPDATE organisation SET kind = ?, name_ko = ?, name_en = ?, region = ?, business_number = ?,
                industries = ?, sections = ?, department = ?, email = ?, phone = ?, version = ?, updated_at = ?
            WHERE id = ?
            """,
            o.kind, o.nameKo, o.nameEn, o.region?.rawValue, o.businessNumber?.description, Codes.text(o.industries),
            Codes.text(o.ksicSections), o.contact?.department, o.contact?.email, o.contact?.phone, o.version,
            o.updatedAt, o.id)
        try w.db.run("DELETE FROM organisation_code WHERE organisation_id = ?", o.id)
        try setCodes(o, w.db)
    }

    private static func guardBusinessNumber(_ o: Organisation, _ db: Connection) throws {
        guard let number = o.businessNumber?.description,
            let other = try db.row(
                "SELECT id FROM organisation WHERE business_number = ? AND id <> ?", number, o.id)
        else { return }
        let id: String = try other.get("id")
        throw Fault.conflict(
            Bilingual(
                ko: "이 사업자등록번호는 이미 등록되어 있습니다. 기존 기관(\(id))을 쓰거나 번호를 확인하세요.",
                en: "This business registration number is registered already. Use organisation \(id), or check it."),
            data: ["organisationId": .string(id)])
    }

    private static func setCodes(_ o: Organisation, _ db: Connection) throws {
        let names = Set([o.nameKo, o.nameEn].map(OrganisationName.key)).subtracting([""]).map { ("name", $0) }
        let codes = Codes.pairs("industry", o.industries) + Codes.pairs("ksic", o.ksicSections) + names
        for (scheme, code) in codes {
            try db.run(
                "INSERT INTO organisation_code (organisation_id, scheme, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                o.id, scheme, code)
        }
    }

    private static func setRepresentatives(_ principals: [String], of id: OrganisationID, _ w: Write) throws {
        for principal in principals {
            try w.db.run(
                "INSERT INTO representative (organisation_id, principal, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                id, principal, w.now)
        }
    }
}

extension Organisations.Organisation {
    init(_ row: Row) throws {
        id = try row.get("id")
        kind = try row.get("kind")
        nameKo = try row.get("name_ko")
        nameEn = try row.get("name_en")
        region = try row.getIfPresent("region")
        businessNumber = try (row.getIfPresent("business_number") as String?).flatMap(BusinessNumber.init)
        industries = Codes.list(try row.get("industries"))
        ksicSections = Codes.list(try row.get("sections"))
        let contact = Organisations.Contact(
            department: try row.getIfPresent("department"), email: try row.getIfPresent("email"),
            phone: try row.getIfPresent("phone"))
        self.contact = contact == Organisations.Contact() ? nil : contact
        isContactMasked = false
        source = try row.getIfPresent("source")
        version = try row.get("version")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        mergedInto = try row.getIfPresent("merged_into")
    }

    var masked: Self {
        var copy = self
        copy.contact = nil
        copy.isContactMasked = contact != nil
        return copy
    }
}
