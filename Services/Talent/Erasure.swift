import JSON
import ServiceKit
import Storage
import Vocabulary

/// Erasure (PIPA Art. 21, 36): the person's wrapped key is destroyed, and nothing can read what it sealed any more. A
/// tombstone keeps the identifier, so that other services' references still lead somewhere, and what was agreed (posted
/// engagements) stays without a name.
///
/// Bytes: key and ciphertexts are overwritten by zeros of the same length before their rows go, so that free pages do
/// not keep them whatever the engine's `secure_delete`, and without a VACUUM; the engine's log of recent writes is
/// emptied before the caller is answered. A backup made earlier holds the wrapped key for as long as it is kept, which
/// matters only to someone who has the master key as well.
enum Erasure {
    enum Reason: String, Codable, CaseIterable, Sendable, SQLValue {
        case subjectRequest = "subject-request"
        case consentWithdrawn = "consent-withdrawn"
        case retentionEnded = "retention-ended"
        case duplicate
        case legalDuty = "legal-duty"
    }

    struct Erase: Codable, Sendable {
        let id: PersonID
        let reason: Reason
    }

    struct Tombstone: Codable, Sendable {
        let id: PersonID
        let erasedAt: Instant
        let reason: Reason
        /// Agreements that stay on record, without a name.
        let postedEngagements: Int
    }

    static let methods: [Method] = [
        .command(
            "talent.people.erase",
            Bilingual(
                ko: "개인정보를 파기한다. 열쇠를 없애므로 되돌릴 수 없다",
                en: "Erases a person by destroying the key. It cannot be undone"),
            role: .member, idempotent: true
        ) { (p: Erase, w: Write) throws -> Tombstone in try erase(p, w) }
    ]

    private static func erase(_ p: Erase, _ w: Write) throws -> Tombstone {
        let row = try w.db.row("SELECT owner, erased_at, erased_for FROM people WHERE id = ?", p.id)
        guard let row else { throw Profiles.unknown(p.id) }
        try Ownership.require(row.get("owner"), w.call, permission: "talent.person.own")
        w.audit(subject: p.id.description, reason: p.reason.rawValue)
        if let erasedAt: Instant = try row.getIfPresent("erased_at") {
            return Tombstone(
                id: p.id, erasedAt: erasedAt, reason: try row.get("erased_for"),
                postedEngagements: try posted(p.id, w.db))
        }
        _ = try Profiles.lock(p.id, w)
        for purpose in Consents.Purpose.allCases { try Consents.withdraw(purpose, of: p.id, w) }
        try Engagements.voidHolds(of: p.id, reason: "person erased", w)
        try Interests.close(of: p.id, w)
        try destroySecrets(of: p.id, w.db)
        w.emptyLogAfterwards()
        for table in ["person_skills", "person_traits", "availability"] {
            try w.db.run("DELETE FROM \(table) WHERE person_id = ?", p.id)
        }
        try w.db.run(
            """
            UPDATE people SET state = 'erased', region = NULL, occupation = NULL, senior = 0, returner = 0,
                version = version + 1, erased_at = ?, erased_for = ? WHERE id = ?
            """, w.now, p.reason, p.id)
        try w.emit("talent.person.erased", subject: p.id.description, Subject(id: p.id))
        return Tombstone(
            id: p.id, erasedAt: w.now, reason: p.reason, postedEngagements: try posted(p.id, w.db))
    }

    private static func destroySecrets(of person: PersonID, _ db: Connection) throws {
        if let row = try db.row("SELECT wrapped FROM person_keys WHERE person_id = ?", person) {
            let wrapped: [UInt8] = try row.get("wrapped")
            try db.run(
                "UPDATE person_keys SET wrapped = ? WHERE person_id = ?", [UInt8](repeating: 0, count: wrapped.count),
                person)
        }
        for row in try db.rows("SELECT field, sealed FROM personal_data WHERE person_id = ?", person) {
            let sealed: [UInt8] = try row.get("sealed")
            try db.run(
                "UPDATE personal_data SET sealed = ? WHERE person_id = ? AND field = ?",
                [UInt8](repeating: 0, count: sealed.count), person, try row.get("field") as String)
        }
        try db.run("DELETE FROM personal_data WHERE person_id = ?", person)
        try db.run("DELETE FROM person_keys WHERE person_id = ?", person)
    }

    private static func posted(_ person: PersonID, _ db: Connection) throws -> Int {
        let row = try db.row(
            "SELECT COUNT(*) AS posted FROM engagements WHERE person_id = ? AND state = 'posted'", person)
        return try row?.get("posted") ?? 0
    }
}
