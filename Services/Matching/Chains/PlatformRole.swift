import JSON
import ServiceKit
import Storage
import Vocabulary

/// What an organisation is on a platform (C:168-191, 289-293). The users, the fifth group of C:170, are everybody who
/// has a demand or an offer here, so no list of them is kept.
enum PlatformRole: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case leader, provider, firstComplementor, secondComplementor, sponsor

    var name: Bilingual {
        switch self {
        case .leader: Bilingual(ko: "리더", en: "leader")
        case .provider: Bilingual(ko: "제공자", en: "provider")
        case .firstComplementor: Bilingual(ko: "제1보완자", en: "first complementor")
        case .secondComplementor: Bilingual(ko: "제2보완자", en: "second complementor")
        case .sponsor: Bilingual(ko: "스폰서", en: "sponsor")
        }
    }

    /// Who that usually is, in the words of the source's list.
    var who: Bilingual {
        switch self {
        case .leader: Bilingual(ko: "정책 결정 조직, 대기업", en: "policy makers and large firms")
        case .provider: Bilingual(ko: "출연연, 대학, 민간 연구개발", en: "public institutes, universities, private R&D")
        case .firstComplementor:
            Bilingual(ko: "병원, 제약, 공공연구소 등 분석을 활용하는 주체", en: "hospitals, pharma and public labs that use it")
        case .secondComplementor:
            Bilingual(ko: "소프트웨어, 임상, 인증·시험·검사", en: "software, clinical trials, certification, tests, inspection")
        case .sponsor: Bilingual(ko: "정부·지자체", en: "government")
        }
    }
}

enum PlatformKind: IDKind { static let prefix = "plt" }
typealias PlatformID = ID<PlatformKind>

/// One organisation in one role for a time.
struct PlatformPart: Codable, Sendable {
    let organisationId: OrganisationID
    let organisation: Bilingual
    let role: PlatformRole
    let validFrom: Day
    /// Exclusive; absent while open-ended.
    let validUntil: Day?
    /// Both must have agreed before the role counts.
    let platformAgreedAt: Instant?
    let organisationAgreedAt: Instant?
    let source: String?
    let reason: String?

    func counts(on day: Day) -> Bool {
        platformAgreedAt != nil && organisationAgreedAt != nil && validFrom <= day
            && (validUntil.map { day < $0 } ?? true)
    }

    init(_ row: Row) throws {
        organisationId = try row.get("organisation_id")
        organisation = Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en"))
        role = try row.get("role")
        validFrom = try row.get("valid_from")
        validUntil = try row.getIfPresent("valid_until")
        platformAgreedAt = try row.getIfPresent("platform_agreed_at")
        organisationAgreedAt = try row.getIfPresent("organisation_agreed_at")
        source = try row.getIfPresent("source")
        reason = try row.getIfPresent("reason")
    }
}

/// A platform, who plays which role on it on a day, and which roles nobody plays.
struct Platform: Codable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        /// A role that is needed is unfilled.
        case forming
        case complete
    }

    struct Unfilled: Codable, Sendable, Hashable {
        let role: PlatformRole
        let ko: String
        let en: String
    }

    let id: PlatformID
    let nameKo: String
    let nameEn: String
    let industry: StrategicIndustry?
    let purpose: String
    /// Who speaks for the platform; operators do when there is none.
    let coordinatorId: OrganisationID?
    let neededRoles: [PlatformRole]
    let source: String?
    let createdAt: Instant
    let asOf: Day
    let state: State
    /// Everybody, also those whose time is over and those who are not agreed yet.
    let parts: [PlatformPart]
    let unfilled: [Unfilled]

    init(_ row: Row, on day: Day, _ db: Connection) throws {
        id = try row.get("id")
        nameKo = try row.get("name_ko")
        nameEn = try row.get("name_en")
        industry = try row.getIfPresent("industry")
        purpose = try row.get("purpose")
        coordinatorId = try row.getIfPresent("coordinator_id")
        source = try row.getIfPresent("source")
        createdAt = try row.get("created_at")
        let needs = try db.rows("SELECT role FROM platform_need WHERE platform_id = ?", id)
        let needed = Set(try needs.map { try $0.get("role") as PlatformRole })
        neededRoles = PlatformRole.allCases.filter(needed.contains)
        let parts = try db.rows(
            """
            SELECT r.*, o.name_ko, o.name_en FROM platform_role r JOIN organisation o ON o.id = r.organisation_id
            WHERE r.platform_id = ? ORDER BY r.role, r.valid_from, r.organisation_id LIMIT 1000
            """, id
        ).map(PlatformPart.init)
        self.parts = parts
        asOf = day
        unfilled = Self.unfilled(neededRoles, parts, on: day)
        state = unfilled.isEmpty ? .complete : .forming
    }

    /// The needed roles that nobody plays on a day, each with what is missing.
    static func unfilled(_ needed: [PlatformRole], _ parts: [PlatformPart], on day: Day) -> [Unfilled] {
        needed.filter { role in !parts.contains { $0.role == role && $0.counts(on: day) } }.map { role in
            let waiting = parts.filter { part in
                part.role == role && (part.validUntil.map { day < $0 } ?? true)
            }.count
            return Unfilled(
                role: role,
                ko: "\(role.name.ko)가 없습니다(보통 \(role.who.ko)). 합의를 기다리는 기관: \(waiting)",
                en: "no \(role.name.en) (usually \(role.who.en)); waiting for agreement: \(waiting)")
        }
    }

    static func find(_ id: PlatformID, on day: Day, _ db: Connection) throws -> Platform {
        guard let row = try db.row("SELECT * FROM platform WHERE id = ?", id) else {
            throw Fault.notFound(kind: "platform", id: id.description)
        }
        return try Platform(row, on: day, db)
    }
}
