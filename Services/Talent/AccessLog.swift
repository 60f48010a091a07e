import Crypto
import JSON
import ServiceKit
import Storage
import Vocabulary

/// Who saw whose personal data, when, what and why (PIPA safety measures, Art. 8). Nothing deletes from it.
///
/// Each row carries a keyed digest of itself and of the row before, so that a row changed, removed or put in between
/// is noticed by whoever has the key file.
struct AccessLog: Sendable {
    let vault: Vault

    struct Entry: Codable, Sendable {
        let id: AccessID
        let at: Instant
        let principal: String
        /// The gateway's request identifier, which leads to the peer.
        let request: String?
        let personId: PersonID
        /// Which fields were shown.
        let fields: [String]
        let purpose: Disclosure.Purpose
        let postingId: PostingID?
    }

    struct Ask: Codable, Sendable, Constrained {
        let personId: PersonID?
        let after: AccessID?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Verdict: Codable, Sendable {
        let rows: Int
        let intact: Bool
        /// The first row that does not follow from the one before.
        let firstBroken: AccessID?
    }

    var methods: [Method] {
        [
            .query(
                "talent.access.log",
                Bilingual(ko: "개인정보 접속기록을 읽는다", en: "Reads who saw whose personal data, when, what and why"),
                role: .operator
            ) { (p: Ask, r: Read) throws -> Page<Entry> in try list(p, r) },
            .query(
                "talent.access.verify",
                Bilingual(ko: "접속기록이 위·변조되지 않았는지 확인한다", en: "Checks that the access log was not tampered with"),
                role: .operator
            ) { (_: NoParameters, r: Read) throws -> Verdict in try verify(r.db) },
        ]
    }

    func record(
        _ fields: [PersonalField], of person: PersonID, for purpose: Disclosure.Purpose, posting: PostingID?, _ w: Write
    ) throws {
        let entry = Entry(
            id: .new(at: w.now), at: w.now, principal: w.call.principal,
            request: w.call.requestId.isEmpty ? nil : w.call.requestId, personId: person,
            fields: fields.map(\.rawValue).sorted(), purpose: purpose, postingId: posting)
        let last = try w.db.row("SELECT seal FROM access_log ORDER BY id DESC LIMIT 1")
        let before: String = try last?.get("seal") ?? ""
        try w.db.run(
            """
            INSERT INTO access_log (id, at, principal, request, person_id, fields, purpose, posting_id, seal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, entry.id, entry.at, entry.principal, entry.request, person, entry.fields.joined(separator: " "),
            purpose, posting, seal(entry, after: before))
    }

    private func seal(_ entry: Entry, after before: String) -> String {
        let parts = [
            before, entry.id.description, entry.at.description, entry.principal, entry.request ?? "",
            entry.personId.description, entry.fields.joined(separator: " "), entry.purpose.rawValue,
            entry.postingId?.description ?? "",
        ]
        return vault.digest(parts)
    }

    private func list(_ p: Ask, _ r: Read) throws -> Page<Entry> {
        let limit = p.limit ?? 50
        let after = p.after?.description ?? ""
        let rows =
            if let person = p.personId {
                try r.db.rows(
                    "SELECT * FROM access_log WHERE person_id = ? AND id > ? ORDER BY id LIMIT ?", person, after,
                    limit + 1)
            } else {
                try r.db.rows("SELECT * FROM access_log WHERE id > ? ORDER BY id LIMIT ?", after, limit + 1)
            }
        let items = try rows.prefix(limit).map(entry)
        return Page(items: items, next: rows.count > limit ? items.last?.id.description : nil)
    }

    private func verify(_ db: Connection) throws -> Verdict {
        var (count, before): (Int, String) = (0, "")
        var broken: AccessID?
        try db.each("SELECT * FROM access_log ORDER BY id") { row in
            let entry = try entry(row)
            let seal: String = try row.get("seal")
            if broken == nil, seal != self.seal(entry, after: before) { broken = entry.id }
            before = seal
            count += 1
        }
        return Verdict(rows: count, intact: broken == nil, firstBroken: broken)
    }

    private func entry(_ row: Row) throws -> Entry {
        let fields: String = try row.get("fields")
        return Entry(
            id: try row.get("id"), at: try row.get("at"), principal: try row.get("principal"),
            request: try row.getIfPresent("request"), personId: try row.get("person_id"),
            fields: fields.split(separator: " ").map(String.init), purpose: try row.get("purpose"),
            postingId: try row.getIfPresent("posting_id"))
    }
}

extension Vault {
    /// A keyed digest of texts, each with its length, so that no two lists of texts look the same.
    func digest(_ parts: [String]) -> String {
        var text = ""
        for part in parts { text += "\(part.utf8.count):\(part)" }
        return mac(Array(text.utf8))
    }
}
