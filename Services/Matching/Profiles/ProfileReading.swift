import JSON
import ServiceKit
import Storage
import Vocabulary

extension Profiles {
    struct List: Codable, Sendable, Constrained {
        let type: ProfileType?
        let state: ProfileState?
        let organisationId: OrganisationID?
        let field: ScienceField?
        let industry: StrategicIndustry?
        let ksicSection: KSICSection?
        let partnership: Partnership?
        /// An IPC or CPC symbol; a subclass (`H01L`) finds all its groups.
        let classification: String?
        /// An application, registration or PCT number, however it is written.
        let patent: String?
        let region: Region?
        let trlFrom: TRL?
        let trlTo: TRL?
        let limit: Int?
        let after: ID<Kind>?
        static var constraints: [String: Schema.Constraint] { ["limit": .range(1...200)] }
    }

    static var reading: [Method] {
        [
            .query(
                "matching.\(Kind.plural).get", Bilingual(ko: "\(Kind.name.ko)을(를) 조회한다", en: "Reads a \(Kind.name.en)"),
                role: .viewer
            ) { (p: ByID<Kind>, r: Read) throws -> Profile<Kind> in try Profile<Kind>.visible(p.id, r) },
            .query(
                "matching.\(Kind.plural).list",
                Bilingual(ko: "\(Kind.name.ko) 목록을 조회한다", en: "Lists profiles of the kind \(Kind.name.en)"),
                role: .viewer
            ) { (p: List, r: Read) throws -> Page<Profile<Kind>> in try list(p, r) },
            history,
        ]
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<Profile<Kind>> {
        var listing = Listing("SELECT * FROM profile")
        let written = try WrittenCodes(one: p.patent, p.classification, r.now)
        let codes: [(String, String)] = [
            ("field", p.field?.rawValue), ("industry", p.industry?.rawValue), ("ksic", p.ksicSection?.rawValue),
            ("partnership", p.partnership?.rawValue), ("patent", written.patents?.first?.description),
            ("class", written.classifications?.first?.description),
        ].compactMap { scheme, code in code.map { (scheme, $0) } }
        // With a code the few that have it are read: the plus keeps the indexes of what many share out of it.
        let own = codes.isEmpty ? "" : "+"
        listing.add("\(own)side = ?", Kind.side)
        listing.add("\(own)type = ?", p.type)
        listing.add("\(own)state = ?", p.state)
        listing.add("\(own)organisation_id = ?", p.organisationId)
        listing.add("\(own)region = ?", p.region)
        listing.add("trl >= ?", p.trlFrom)
        listing.add("trl <= ?", p.trlTo)
        for (scheme, code) in codes {
            listing.add(
                "id IN (SELECT profile_id FROM profile_code WHERE scheme = ? AND code = ?)", all: [scheme, code])
        }
        if !r.call.actsForOthers {
            listing.add(
                """
                (\(Profile<Kind>.isPublic()) OR organisation_id IN
                    (SELECT organisation_id FROM representative WHERE principal = ?))
                """, r.call.principal)
        }
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: Profile.init)
    }
}
