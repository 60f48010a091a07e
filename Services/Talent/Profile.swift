import JSON
import ServiceKit
import Storage
import Vocabulary

/// A person as others see one before both sides agreed: no name but the initial, no contact, no CV.
struct Profile: Codable, Sendable {
    struct Skill: Codable, Sendable, Hashable {
        let code: String
        let name: Bilingual
        let level: Skills.Level
        let years: Int
    }

    enum State: String, Codable, CaseIterable, Sendable, SQLValue { case active, erased }

    let id: PersonID
    let state: State
    /// Grows with each change; `talent.people.update` refuses an old one.
    let version: Int
    /// The initial only; nil once erased.
    let name: String?
    let region: Region?
    let occupation: Occupation?
    let skills: [Skill]
    let fields: [ScienceField]
    let industries: [StrategicIndustry]
    let languages: [SpokenLanguage]
    /// Forms of work the person seeks; none means any.
    let seeks: [WorkKind]
    /// Retired or near it, and offers experience (P:2219-2227).
    let senior: Bool
    /// Returns after a career break (P:2213).
    let returner: Bool
}

/// What of a person is kept in several rows beside the person's own.
enum Trait: String, Sendable, CaseIterable, SQLValue {
    case field, industry, language, seeks
}

/// Reading profiles and the sealed rows behind them.
struct Profiles: Sendable {
    let vault: Vault

    /// The profiles that exist, in the order of the identifiers given. A constant number of queries.
    func load(_ ids: [PersonID], _ db: Connection) throws -> [Profile] {
        guard !ids.isEmpty else { return [] }
        let list = placeholders(ids.count)
        let wanted: [(any SQLValue)?] = ids
        var skills: [PersonID: [Profile.Skill]] = [:]
        let skillRows = try db.rows(
            "SELECT person_id, skill, level, years FROM person_skills WHERE person_id IN (\(list)) ORDER BY skill",
            wanted)
        for row in skillRows {
            let code: String = try row.get("skill")
            skills[try row.get("person_id"), default: []].append(
                Profile.Skill(
                    code: code, name: Skills.name(of: code), level: try row.get("level"), years: try row.get("years")))
        }
        var traits: [PersonID: [Trait: [String]]] = [:]
        let traitRows = try db.rows(
            "SELECT person_id, trait, value FROM person_traits WHERE person_id IN (\(list)) ORDER BY trait, value",
            wanted)
        for row in traitRows {
            traits[try row.get("person_id"), default: [:]][try row.get("trait"), default: []].append(
                try row.get("value"))
        }
        var found: [PersonID: Profile] = [:]
        let rows = try db.rows(
            """
            SELECT p.id, p.state, p.version, p.region, p.occupation, p.senior, p.returner, k.master, k.wrapped, d.sealed
            FROM people p LEFT JOIN person_keys k ON k.person_id = p.id
            LEFT JOIN personal_data d ON d.person_id = p.id AND d.field = 'name'
            WHERE p.id IN (\(list))
            """, wanted)
        for row in rows {
            let id: PersonID = try row.get("id")
            found[id] = Profile(
                id: id, state: try row.get("state"), version: try row.get("version"), name: try initial(of: id, row),
                region: try row.getIfPresent("region"), occupation: try row.getIfPresent("occupation"),
                skills: skills[id] ?? [],
                fields: (traits[id]?[.field] ?? []).compactMap(ScienceField.init(rawValue:)),
                industries: (traits[id]?[.industry] ?? []).compactMap(StrategicIndustry.init(rawValue:)),
                languages: (traits[id]?[.language] ?? []).compactMap(SpokenLanguage.init(rawValue:)),
                seeks: (traits[id]?[.seeks] ?? []).compactMap(WorkKind.init(rawValue:)),
                senior: try row.get("senior"), returner: try row.get("returner"))
        }
        return ids.compactMap { found[$0] }
    }

    func load(_ id: PersonID, _ db: Connection) throws -> Profile {
        guard let profile = try load([id], db).first else { throw Self.unknown(id) }
        return profile
    }

    static func unknown(_ id: PersonID) -> Fault { Fault.notFound(kind: "person", id: id.description) }

    private func initial(of id: PersonID, _ row: Row) throws -> String? {
        guard let wrapped: [UInt8] = try row.getIfPresent("wrapped"),
            let sealed: [UInt8] = try row.getIfPresent("sealed")
        else { return nil }
        let key = try vault.unwrap(WrappedKey(master: try row.get("master"), bytes: wrapped), for: id.description)
        return Masking.initial(of: try key.open(sealed, .name))
    }

    /// The person's key; the row must exist, which it does as long as the person is not erased.
    func key(of id: PersonID, _ db: Connection) throws -> PersonKey {
        guard let row = try db.row("SELECT master, wrapped FROM person_keys WHERE person_id = ?", id) else {
            throw Self.unknown(id)
        }
        return try vault.unwrap(
            WrappedKey(master: try row.get("master"), bytes: try row.get("wrapped")), for: id.description)
    }

    /// Everything sealed, opened. Only ``AccessLog`` may lead here: what is opened in full is logged.
    func open(_ fields: [PersonalField], of id: PersonID, _ db: Connection) throws -> [PersonalField: String] {
        let key = try key(of: id, db)
        var values: [PersonalField: String] = [:]
        for row in try db.rows("SELECT field, sealed FROM personal_data WHERE person_id = ?", id) {
            guard let field = PersonalField(rawValue: try row.get("field")), fields.contains(field) else { continue }
            values[field] = try key.open(try row.get("sealed"), field)
        }
        return values
    }

    /// Owner and state of a person who is not erased. As the first statement of a write it locks the row, so that
    /// what is checked next stays true until the commit, in engines with several writers too.
    static func lock(_ id: PersonID, _ w: Write) throws -> String {
        let row = try w.db.row(
            "UPDATE people SET updated_at = ? WHERE id = ? AND state = 'active' RETURNING owner", w.now, id)
        guard let row else { throw unknown(id) }
        return try row.get("owner")
    }

    static func owner(_ id: PersonID, _ db: Connection) throws -> String {
        guard let row = try db.row("SELECT owner FROM people WHERE id = ? AND state = 'active'", id) else {
            throw unknown(id)
        }
        return try row.get("owner")
    }
}
