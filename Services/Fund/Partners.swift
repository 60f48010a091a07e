import JSON
import ServiceKit
import Storage
import Vocabulary

enum PartnerKind: IDKind { static let prefix = "par" }
typealias PartnerID = ID<PartnerKind>

/// Who puts money into funds or runs them. Partners are bodies, never private persons: citizens of a citizen fund
/// (P:1623) take part as one tranche, and personal data lives in Talent alone.
enum Partners {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue {
        /// The city itself.
        case city
        /// The state and its funds.
        case government
        /// Limited partner: bank, public body, company.
        case limitedPartner
        /// General partner: who runs a fund.
        case generalPartner
        /// Who invests beside a fund, such as a CVC or an accelerator (P:1640-1660).
        case investor
        /// All citizens of a citizen fund together.
        case citizens
    }

    struct Register: Codable, Sendable {
        let kind: Kind
        let name: Bilingual
        /// 사업자등록번호; its check digit is checked. One partner for each number.
        let businessNumber: BusinessNumber?
        let organisationId: OrganisationID?
    }

    struct Partner: Codable, Sendable {
        let id: PartnerID
        let kind: Kind
        let name: Bilingual
        let businessNumber: BusinessNumber?
        let organisationId: OrganisationID?
        let registeredAt: Instant
    }

    struct List: Codable, Sendable, Constrained {
        let kind: Kind?
        let limit: Int?
        let after: PartnerID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "fund.partners.register",
            Bilingual(ko: "출자자·운용사 등을 등록한다", en: "Registers a partner: a city, an LP, a GP …"), role: .member
        ) { (p: Register, w: Write) throws -> Partner in try register(p, w) },
        .query("fund.partners.get", Bilingual(ko: "참여자 하나", en: "One partner"), role: .viewer) {
            (p: ByID<PartnerKind>, r: Read) throws -> Partner in try get(p.id, r.db)
        },
        .query("fund.partners.list", Bilingual(ko: "참여자 목록", en: "The partners"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Partner> in
            var listing = Listing("SELECT * FROM partners")
            listing.add("kind = ?", p.kind)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: read)
        },
    ]

    private static func register(_ p: Register, _ w: Write) throws -> Partner {
        let errors = p.name.problems(at: "/name", length: 1...200)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        if let number = p.businessNumber,
            let row = try w.db.row("SELECT id FROM partners WHERE business_number = ?", number.description)
        {
            let id: PartnerID = try row.get("id")
            throw Fault.conflict(
                Bilingual(
                    ko: "이 사업자등록번호의 참여자가 이미 있습니다. 그 id를 쓰세요.",
                    en: "A partner with this business number is registered already; use its id."),
                data: ["id": .string(id.description)])
        }
        let partner = Partner(
            id: PartnerID.new(at: w.now), kind: p.kind, name: p.name, businessNumber: p.businessNumber,
            organisationId: p.organisationId, registeredAt: w.now)
        try w.db.run(
            """
            INSERT INTO partners (id, kind, name_ko, name_en, business_number, organisation_id, registered_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            partner.id, partner.kind, partner.name.ko, partner.name.en, partner.businessNumber?.description,
            partner.organisationId, w.now)
        try w.emit("fund.partner.registered", subject: partner.id.description, partner)
        w.audit(subject: partner.id.description, reason: nil)
        return partner
    }

    static func get(_ id: PartnerID, _ db: Connection) throws -> Partner {
        guard let row = try db.row("SELECT * FROM partners WHERE id = ?", id) else {
            throw Fault.notFound(kind: "partner", id: id.description)
        }
        return try read(row)
    }

    private static func read(_ row: Row) throws -> Partner {
        let number: String? = try row.getIfPresent("business_number")
        return Partner(
            id: try row.get("id"), kind: try row.get("kind"),
            name: Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en")),
            businessNumber: number.flatMap { BusinessNumber($0) },
            organisationId: try row.getIfPresent("organisation_id"), registeredAt: try row.get("registered_at"))
    }
}
