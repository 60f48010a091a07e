import Crypto
import JSON
import ServiceKit
import Storage
import Vocabulary

/// Who saw whose personal data, when, what and why (PIPA safety measures, Art. 8). Nothing deletes from it.
///
/// Each row carries a keyed digest of itself, its position and the row before, and the end of the log is sealed with the
/// number of rows: a row changed, removed (the last ones too) or put in between is noticed by whoever has the key file.
/// Putting an older state of the whole table back is not; for that compare `head` with the one noted down before.
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
        /// The digest of the last row: it stands for the whole log up to here.
        let head: String?
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
        let last = try w.db.row("SELECT position, seal FROM access_log ORDER BY position DESC LIMIT 1")
        let position: Int = try (last?.get("position") ?? 0) + 1
        let seal = seal(entry, at: position, after: try last?.get("seal") ?? "")
        try w.db.run(
            """
            INSERT INTO access_log (position, id, at, principal, request, person_id, fields, purpose, posting_id, form, seal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 2, ?)
            """, position, entry.id, entry.at, entry.principal, entry.request, person,
            entry.fields.joined(separator: " "), purpose, posting, seal)
        try w.db.run("DELETE FROM access_log_end")
        try w.db.run("INSERT INTO access_log_end (seal) VALUES (?)", end(position, seal))
    }

    /// The seal of the end: so many rows, the last of which has this seal.
    private func end(_ count: Int, _ seal: String) -> String { vault.digest(["end", "\(count)", seal]) }

    /// - Parameter position: nil for the first form, whose rows were sealed without it.
    private func seal(_ entry: Entry, at position: Int?, after before: String) -> String {
        let parts =
            (position.map { ["\($0)"] } ?? []) + [
                before, entry.id.description, entry.at.description, entry.principal, entry.request ?? "",
                entry.personId.description, entry.fields.joined(separator: " "), entry.purpose.rawValue,
                entry.postingId?.description ?? "",
            ]
        return vault.digest(parts)
    }

    private func list(_ p: Ask, _ r: Read) throws -> Page<Entry> {
        let after = try p.after.map { id throws in
            guard let row = try r.db.row("SELECT position FROM access_log WHERE id = ?", id) else {
                throw Fault.notFound(kind: "access", id: id.description)
            }
            return try row.get("position") as Int
        }
        var listing = Listing("SELECT * FROM access_log")
        listing.add("person_id = ?", p.personId)
        return try listing.page(
            in: r.db, by: "position", after: after, limit: p.limit, cursor: \.id.description, item: entry)
    }

    private func verify(_ db: Connection) throws -> Verdict {
        var (count, before, needsEnd): (Int, String, Bool) = (0, "", false)
        var broken: AccessID?
        try db.each("SELECT * FROM access_log ORDER BY position") { row in
            let entry = try entry(row)
            let seal: String = try row.get("seal")
            count += 1
            let hasPosition = try row.get("form") as Int > 1
            if broken == nil, seal != self.seal(entry, at: hasPosition ? count : nil, after: before) {
                broken = entry.id
            }
            needsEnd = needsEnd || hasPosition
            before = seal
        }
        let sealed: String? = try db.row("SELECT seal FROM access_log_end")?.get("seal")
        let isWhole = sealed.map { $0 == end(count, before) } ?? !needsEnd
        return Verdict(
            rows: count, intact: broken == nil && isWhole, firstBroken: broken, head: count == 0 ? nil : before)
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
