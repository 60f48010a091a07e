import JSON
import ServiceKit
import Storage
import Vocabulary

extension Profile {
    /// Every change of a profile passes here: the row, its codes, one step of history, the change sequence that the
    /// text index follows, and the event.
    func save(_ action: ProfileAction, reason: String? = nil, isNew: Bool = false, _ w: Write) throws {
        guard
            let clock = try w.db.row("UPDATE profile_clock SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence")
        else { throw StorageError.corrupt(path: "profile_clock", message: "its only row is missing") }
        let changed: Int64 = try clock.get("sequence")
        if isNew { try insert(changed, w.db) } else { try replace(changed, w.db) }
        if action == .created || action == .edited { try setCodes(w.db) }
        let last = try w.db.row("SELECT MAX(step) AS step FROM profile_history WHERE profile_id = ?", id)
        let step: Int64 = try last?.getIfPresent("step") ?? 0
        try w.db.run(
            """
            INSERT INTO profile_history (profile_id, step, at, principal, action, state, version, reason, content)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, step + 1, w.now, w.call.principal, action, state, version, reason, try JSON.encode(self).text)
        w.audit(subject: id.description, reason: reason)
        // What is not public concerns its own organisation only; everybody reads the events.
        let type = "matching.\(Kind.noun).\(action.rawValue)"
        if isPublic {
            try w.emit(type, subject: id.description, self)
        } else {
            try w.emit(type, subject: id.description, PrivateNotice(id: id, state: state, version: version))
        }
    }

    private func insert(_ changed: Int64, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO profile (id, side, organisation_id, source, created_at, \(Self.columns.joined(separator: ", ")))
            VALUES (?, ?, ?, ?, ?, \(placeholders(Self.columns.count)))
            """,
            [id, Kind.side, organisationId, source, createdAt] + values(changed))
    }

    private func replace(_ changed: Int64, _ db: Connection) throws {
        try db.run(
            """
            UPDATE profile SET \(Self.columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?
            """,
            values(changed) + [id])
    }

    /// The columns that can change, in the order of `values`.
    private static var columns: [String] {
        [
            "type", "state", "version", "title", "summary", "description", "advantages", "keywords", "trl",
            "ipr_status", "patents", "classifications", "fields", "industries", "sections", "region",
            "partner_kinds", "partner_role", "partner_expertise", "partnerships", "exclusive", "reviewed",
            "submitted_at", "valid_until", "notice_at", "renewals", "changed", "updated_at", "published_at",
        ]
    }

    private func values(_ changed: Int64) -> [(any SQLValue)?] {
        [
            type, state, version, title, summary, description, advantages, Lines.text(keywords), trl,
            Codes.text(iprStatus), Lines.text(patents), Lines.text(classifications), Codes.text(fields),
            Codes.text(industries), Codes.text(ksicSections), region,
            Codes.text(partnerSought?.organisationKinds ?? []), partnerSought?.role ?? "",
            partnerSought?.expertise ?? "", Codes.text(partnerships), exclusive, isReviewed, submittedAt, validUntil,
            expiryNoticeAt, renewals, changed, updatedAt,
            publishedAt,
        ]
    }

    private func setCodes(_ db: Connection) throws {
        try db.run("DELETE FROM profile_code WHERE profile_id = ?", id)
        let codes =
            Codes.pairs("field", fields) + Codes.pairs("industry", industries) + Codes.pairs("ksic", ksicSections)
            + Codes.pairs("partnership", partnerships)
            + patents.map { (scheme: "patent", code: $0.description) }
            + classifications.flatMap { [$0, $0.wider] }.map { (scheme: "class", code: $0.description) }
            + [(scheme: "title", code: ProfileTitle.key(title))]
        for (scheme, code) in codes {
            try db.run(
                "INSERT INTO profile_code (profile_id, scheme, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id,
                scheme, code)
        }
    }
}

/// All that an event tells of what is not public.
private struct PrivateNotice<Kind: ProfileKind>: Codable, Sendable {
    let id: ID<Kind>
    let state: ProfileState
    let version: Int
}
