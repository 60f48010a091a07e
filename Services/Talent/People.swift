import JSON
import ServiceKit
import Storage
import Vocabulary

/// People of the region and beyond it who can be asked (P:1931-1935, 2213-2229).
struct People: Sendable {
    let profiles: Profiles

    struct SkillClaim: Codable, Sendable, Constrained {
        /// A code or free text in Korean or English; normalised.
        let skill: String
        let level: Skills.Level?
        let years: Int?

        static let constraints: [String: Schema.Constraint] = ["years": .range(0...70)]
    }

    struct ConsentClaim: Codable, Sendable {
        let purpose: Consents.Purpose
        let expiresAt: Instant?
    }

    struct Register: Codable, Sendable, Constrained {
        let name: PersonalText
        let email: PersonalText?
        let phone: PersonalText?
        let birthYear: PersonalText?
        let cv: PersonalText?
        let region: Region
        let occupation: Occupation
        let skills: [SkillClaim]
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let languages: [SpokenLanguage]?
        let seeks: [WorkKind]?
        let senior: Bool?
        let returner: Bool?
        let consents: [ConsentClaim]?

        static let constraints: [String: Schema.Constraint] = [
            "skills": .count(1...50), "consents": .count(0...10),
        ]
    }

    struct Update: Codable, Sendable, Constrained {
        let id: PersonID
        /// The version that was read; left out: whatever is there now.
        let version: Int?
        let name: PersonalText?
        let email: PersonalText?
        let phone: PersonalText?
        let birthYear: PersonalText?
        let cv: PersonalText?
        let region: Region?
        let occupation: Occupation?
        let skills: [SkillClaim]?
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let languages: [SpokenLanguage]?
        let seeks: [WorkKind]?
        let senior: Bool?
        let returner: Bool?

        static let constraints: [String: Schema.Constraint] = ["skills": .count(1...50)]
    }

    struct ListPeople: Codable, Sendable, Constrained {
        let region: Region?
        let after: PersonID?
        let limit: Int?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    var methods: [Method] {
        [
            .command(
                "talent.people.register",
                Bilingual(
                    ko: "사람을 등록한다. 이름·연락처·출생연도·이력은 개인별 열쇠로 암호화되고, 답은 가려진 모습이다",
                    en: "Registers a person. Name, contact, birth year and CV are encrypted with a key of their own; "
                        + "the answer is masked"),
                role: .member
            ) { (p: Register, w: Write) throws -> Profile in try register(p, w) },
            .command(
                "talent.people.update",
                Bilingual(ko: "보낸 항목만 고친다", en: "Changes the members that are sent, and no others"), role: .member
            ) { (p: Update, w: Write) throws -> Profile in try update(p, w) },
            .query(
                "talent.people.get",
                Bilingual(ko: "가려진 모습을 읽는다", en: "Reads the masked profile"), role: .viewer
            ) { (p: ByID<PersonKind>, r: Read) throws -> Profile in try get(p, r) },
            .query(
                "talent.people.list",
                Bilingual(ko: "등록된 사람을 가려진 모습으로 나열한다", en: "Lists people, masked"), role: .operator
            ) { (p: ListPeople, r: Read) throws -> Page<Profile> in try list(p, r) },
        ]
    }

    private func register(_ p: Register, _ w: Write) throws -> Profile {
        let data = try PersonalData(
            [
                (.name, p.name), (.email, p.email), (.phone, p.phone), (.birthYear, p.birthYear), (.cv, p.cv),
            ], now: w.now)
        let id = PersonID.new(at: w.now)
        let made = try profiles.vault.makeKey(for: id.description)
        try w.db.run(
            """
            INSERT INTO people (id, state, owner, region, occupation, senior, returner, created_at, updated_at)
            VALUES (?, 'active', ?, ?, ?, ?, ?, ?, ?)
            """, id, w.call.principal, p.region, p.occupation, p.senior ?? false, p.returner ?? false, w.now, w.now)
        try w.db.run(
            "INSERT INTO person_keys (person_id, master, wrapped) VALUES (?, ?, ?)", id, made.wrapped.master,
            made.wrapped.bytes)
        try write(data, of: id, made.key, w)
        try write(skills: p.skills, of: id, w)
        try write(.field, p.fields?.map(\.rawValue), of: id, w)
        try write(.industry, p.industries?.map(\.rawValue), of: id, w)
        try write(.language, p.languages?.map(\.rawValue), of: id, w)
        try write(.seeks, p.seeks?.map(\.rawValue), of: id, w)
        w.audit(subject: id.description)
        try w.emit("talent.person.registered", subject: id.description, Subject(id: id))
        for (place, consent) in (p.consents ?? []).enumerated() {
            _ = try Consents.grant(
                consent.purpose, of: id, until: consent.expiresAt, at: "/consents/\(place)/expiresAt", w)
        }
        return try profiles.load(id, w.db)
    }

    private func update(_ p: Update, _ w: Write) throws -> Profile {
        let owner = try Profiles.lock(p.id, w)
        try Ownership.require(owner, w.call, permission: "talent.person.own")
        let data = try PersonalData(
            [
                (.name, p.name), (.email, p.email), (.phone, p.phone), (.birthYear, p.birthYear), (.cv, p.cv),
            ], now: w.now)
        let row = try w.db.row(
            """
            UPDATE people SET version = version + 1, region = COALESCE(?, region),
                occupation = COALESCE(?, occupation), senior = COALESCE(?, senior), returner = COALESCE(?, returner)
            WHERE id = ? RETURNING version
            """, p.region, p.occupation, p.senior, p.returner, p.id)
        let version: Int = try row?.get("version") ?? 0
        if let read = p.version, read != version - 1 {
            throw Fault.conflict(
                Bilingual(
                    ko: "그 사이에 다른 곳에서 고쳤습니다. 다시 읽고 고쳐 주세요",
                    en: "Someone changed it in between. Read it again, then change it"),
                data: ["id": .string(p.id.description), "version": .integer(Int64(version - 1))])
        }
        if !data.values.isEmpty { try write(data, of: p.id, profiles.key(of: p.id, w.db), w) }
        if let skills = p.skills { try write(skills: skills, of: p.id, w) }
        try write(.field, p.fields?.map(\.rawValue), of: p.id, w)
        try write(.industry, p.industries?.map(\.rawValue), of: p.id, w)
        try write(.language, p.languages?.map(\.rawValue), of: p.id, w)
        try write(.seeks, p.seeks?.map(\.rawValue), of: p.id, w)
        w.audit(subject: p.id.description)
        try w.emit("talent.person.changed", subject: p.id.description, Subject(id: p.id))
        return try profiles.load(p.id, w.db)
    }

    /// Someone whose consent to be recommended is withdrawn is as good as unknown, but to those who act for the person.
    private func get(_ p: ByID<PersonKind>, _ r: Read) throws -> Profile {
        let profile = try profiles.load(p.id, r.db)
        if try profile.state == .erased || Ownership.holds(try Profiles.owner(p.id, r.db), r.call) { return profile }
        guard try Consents.isLive(.recommendation, of: p.id, r.db, r.now) else { throw Profiles.unknown(p.id) }
        return profile
    }

    private func list(_ p: ListPeople, _ r: Read) throws -> Page<Profile> {
        var listing = Listing("SELECT id FROM people")
        if let region = p.region { listing.add("state = 'active' AND region = ?", region) }
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) { rows in
            try profiles.load(rows.map { row throws in try row.get("id") }, r.db)
        }
    }

    private func write(_ data: PersonalData, of id: PersonID, _ key: PersonKey, _ w: Write) throws {
        for (field, text) in data.values {
            try w.db.run(
                """
                INSERT INTO personal_data (person_id, field, sealed) VALUES (?, ?, ?)
                ON CONFLICT (person_id, field) DO UPDATE SET sealed = excluded.sealed
                """, id, field.rawValue, try key.seal(text, field))
        }
    }

    private func write(skills claims: [SkillClaim], of id: PersonID, _ w: Write) throws {
        try w.db.run("DELETE FROM person_skills WHERE person_id = ?", id)
        for (place, claim) in claims.enumerated() {
            let code = try Skills.checked(claim.skill, at: "/skills/\(place)/skill")
            try w.db.run(
                """
                INSERT INTO person_skills (person_id, skill, level, years) VALUES (?, ?, ?, ?)
                ON CONFLICT (person_id, skill) DO UPDATE SET level = excluded.level, years = excluded.years
                """, id, code, claim.level ?? .working, claim.years ?? 0)
        }
    }

    /// Replaces what is known of a trait; nil leaves it.
    private func write(_ trait: Trait, _ values: [String]?, of id: PersonID, _ w: Write) throws {
        guard let values else { return }
        try w.db.run("DELETE FROM person_traits WHERE person_id = ? AND trait = ?", id, trait)
        for value in Set(values) {
            try w.db.run(
                "INSERT INTO person_traits (person_id, trait, value) VALUES (?, ?, ?)", id, trait, value)
        }
    }
}

/// What an event of talent says: which person, never who.
struct Subject: Codable, Sendable {
    let id: PersonID
}
