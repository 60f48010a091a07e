import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.platforms.*`: platforms of an industry or a purpose and the roles on them (M20, C:168-191, 289-293).
///
/// A role is agreed like a deal: the platform's coordinator says it for the platform, the organisation for itself, in
/// either order and by the same method. An operator says both at once.
enum Platforms {
    struct Create: Codable, Sendable, Constrained {
        let nameKo: String
        let nameEn: String?
        let industry: StrategicIndustry?
        let purpose: String
        /// The organisation that speaks for it; a member must represent it, an operator may leave it out.
        let coordinatorId: OrganisationID?
        /// Default: all five.
        let neededRoles: [PlatformRole]?
        let source: String?
        static let constraints: [String: Schema.Constraint] = [
            "nameKo": .length(2...200), "nameEn": .length(2...200), "purpose": .length(2...2_000),
            "neededRoles": .count(1...5), "source": .length(1...200),
        ]
    }

    struct Assign: Codable, Sendable, Constrained {
        let id: PlatformID
        let organisationId: OrganisationID
        let role: PlatformRole
        /// Default: today in Seoul.
        let validFrom: Day?
        /// Exclusive.
        let validUntil: Day?
        let source: String?
        static let constraints: [String: Schema.Constraint] = ["source": .length(1...200)]
    }

    struct End: Codable, Sendable, Constrained {
        let id: PlatformID
        let organisationId: OrganisationID
        let role: PlatformRole
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Get: Codable, Sendable {
        let id: PlatformID
        /// Default: today in Seoul.
        let asOf: Day?
    }

    struct List: Codable, Sendable, Constrained {
        let industry: StrategicIndustry?
        /// Platforms on which this organisation has or had a role.
        let organisationId: OrganisationID?
        /// Platforms that need this role and have nobody in it: gaps.
        let unfilledRole: PlatformRole?
        let asOf: Day?
        let limit: Int?
        let after: PlatformID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...100)]
    }

    static let methods: [Method] = [
        .command("matching.platforms.create", Bilingual(ko: "플랫폼을 등록한다", en: "Registers a platform"), role: .member) {
            (p: Create, w: Write) throws -> Platform in try create(p, w)
        },
        .command(
            "matching.platforms.assign",
            Bilingual(ko: "기관의 플랫폼 역할에 자기 쪽의 동의를 밝힌다", en: "Agrees, for one's side, that an organisation has a role"),
            role: .member, idempotent: true
        ) { (p: Assign, w: Write) throws -> Platform in try assign(p, w) },
        .command(
            "matching.platforms.end", Bilingual(ko: "역할을 오늘로 끝낸다", en: "Ends a role today"), role: .member,
            idempotent: true
        ) { (p: End, w: Write) throws -> Platform in try end(p, w) },
        .query(
            "matching.platforms.get",
            Bilingual(ko: "플랫폼의 역할과 빈 역할을 조회한다", en: "Reads a platform, its roles and those unfilled"), role: .viewer
        ) { (p: Get, r: Read) throws -> Platform in try Platform.find(p.id, on: p.asOf ?? .inSeoul(at: r.now), r.db) },
        .query("matching.platforms.list", Bilingual(ko: "플랫폼 목록", en: "Lists platforms"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Platform> in try list(p, r)
        },
    ]

    private static func create(_ p: Create, _ w: Write) throws -> Platform {
        if let coordinator = p.coordinatorId {
            _ = try Organisations.find(coordinator, w.db)
            try Representation.require(coordinator, w.db, w.call)
        } else if !w.call.actsForOthers {
            throw Fault.invalid(
                "/coordinatorId", nil,
                Bilingual(
                    ko: "플랫폼을 대표할 기관(자기 기관)을 주세요. 비워 둘 수 있는 것은 운영자뿐입니다",
                    en: "name the organisation of yours that speaks for it; only an operator may leave it out"))
        }
        let id = PlatformID.new(at: w.now)
        try w.db.run(
            """
            INSERT INTO platform (id, name_ko, name_en, industry, purpose, coordinator_id, source, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, id, p.nameKo, p.nameEn ?? p.nameKo, p.industry, p.purpose, p.coordinatorId, p.source, w.now)
        for role in Set(p.neededRoles ?? PlatformRole.allCases) {
            try w.db.run("INSERT INTO platform_need (platform_id, role) VALUES (?, ?)", id, role)
        }
        return try told(id, "created", w)
    }

    private static func assign(_ p: Assign, _ w: Write) throws -> Platform {
        let today = Day.inSeoul(at: w.now)
        let platform = try Platform.find(p.id, on: today, w.db)
        _ = try Organisations.find(p.organisationId, w.db)
        let forPlatform = try maySpeak(for: platform, w)
        let forOrganisation = try Representation.mayAct(for: p.organisationId, w.db, w.call)
        guard forPlatform || forOrganisation else {
            throw Fault.forbidden(permission: "matching.organisation.represent:\(p.organisationId)")
        }
        let running = platform.parts.first { part in
            part.organisationId == p.organisationId && part.role == p.role
                && (part.validUntil.map { today < $0 } ?? true)
        }
        let from = running?.validFrom ?? p.validFrom ?? today
        let until = running.map(\.validUntil) ?? p.validUntil
        if let running, (p.validFrom ?? from) != from || (p.validUntil != nil && p.validUntil != until) {
            throw Fault.conflict(
                Bilingual(
                    ko: "이 기관은 이미 \(from)부터 \(p.role.name.ko)입니다. 기간을 바꾸려면 matching.platforms.end로 먼저 끝내세요.",
                    en: "It is \(p.role.name.en) from \(from) already. End that with matching.platforms.end first."),
                data: ["validFrom": .string(running.validFrom.description)])
        }
        if let until, until <= from {
            throw Fault.invalid(
                "/validUntil", .string(until.description),
                Bilingual(ko: "validFrom(\(from))보다 뒤여야 합니다", en: "must be after validFrom (\(from))"))
        }
        try w.db.run(
            """
            INSERT INTO platform_role (platform_id, organisation_id, role, valid_from, valid_until,
                platform_agreed_at, organisation_agreed_at, source)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (platform_id, organisation_id, role, valid_from) DO UPDATE SET
                platform_agreed_at = CASE WHEN platform_role.reason IS NULL
                    THEN COALESCE(platform_role.platform_agreed_at, excluded.platform_agreed_at)
                    ELSE excluded.platform_agreed_at END,
                organisation_agreed_at = CASE WHEN platform_role.reason IS NULL
                    THEN COALESCE(platform_role.organisation_agreed_at, excluded.organisation_agreed_at)
                    ELSE excluded.organisation_agreed_at END,
                valid_until = excluded.valid_until, reason = NULL,
                source = COALESCE(excluded.source, platform_role.source)
            """,
            p.id, p.organisationId, p.role, from, until, forPlatform ? w.now : nil, forOrganisation ? w.now : nil,
            p.source)
        return try told(p.id, "roleAgreed", w)
    }

    private static func end(_ p: End, _ w: Write) throws -> Platform {
        let today = Day.inSeoul(at: w.now)
        let platform = try Platform.find(p.id, on: today, w.db)
        if try !maySpeak(for: platform, w) { try Representation.require(p.organisationId, w.db, w.call) }
        let parts = platform.parts.filter { $0.organisationId == p.organisationId && $0.role == p.role }
        guard !parts.isEmpty else {
            throw Fault.notFound(kind: "platform role", id: "\(p.organisationId) \(p.role.rawValue)")
        }
        // One that begins later has not been: it ends where it begins.
        let running = parts.filter { part in part.validUntil.map { today < $0 } ?? true }
        guard !running.isEmpty else { return platform }
        for part in running {
            try w.db.run(
                """
                UPDATE platform_role SET valid_until = ?, reason = ?
                WHERE platform_id = ? AND organisation_id = ? AND role = ? AND valid_from = ?
                """, max(today, part.validFrom), p.reason, p.id, p.organisationId, p.role, part.validFrom)
        }
        return try told(p.id, "roleEnded", reason: p.reason, w)
    }

    private static func maySpeak(for platform: Platform, _ w: Write) throws -> Bool {
        guard let coordinator = platform.coordinatorId else { return w.call.actsForOthers }
        return try Representation.mayAct(for: coordinator, w.db, w.call)
    }

    private static func told(_ id: PlatformID, _ what: String, reason: String? = nil, _ w: Write) throws -> Platform {
        let platform = try Platform.find(id, on: .inSeoul(at: w.now), w.db)
        w.audit(subject: id.description, reason: reason)
        try w.emit("matching.platform.\(what)", subject: id.description, platform)
        return platform
    }

    private static func list(_ p: List, _ r: Read) throws -> Page<Platform> {
        let day = p.asOf ?? Day.inSeoul(at: r.now)
        var listing = Listing("SELECT * FROM platform")
        listing.add("industry = ?", p.industry)
        listing.add("id IN (SELECT platform_id FROM platform_role WHERE organisation_id = ?)", p.organisationId)
        if let role = p.unfilledRole {
            listing.add("id IN (SELECT platform_id FROM platform_need WHERE role = ?)", role)
            listing.add(
                """
                NOT EXISTS (SELECT 1 FROM platform_role r WHERE r.platform_id = platform.id AND r.role = ?
                    AND r.platform_agreed_at IS NOT NULL AND r.organisation_agreed_at IS NOT NULL
                    AND r.valid_from <= ? AND (r.valid_until IS NULL OR r.valid_until > ?))
                """, all: [role, day, day])
        }
        return try listing.page(in: r.db, after: p.after, limit: p.limit ?? 20, cursor: \.id.description) {
            try Platform($0, on: day, r.db)
        }
    }
}
