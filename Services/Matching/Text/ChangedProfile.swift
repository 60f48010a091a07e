import ServiceKit
import Storage
import Vocabulary

/// A row of a profile that changed, as the index takes it in.
struct ChangedProfile<Kind: ProfileKind> {
    let id: ID<Kind>
    let sequence: Int64
    /// The same as `Profile.text`, so that a list and its explanation count the same terms.
    let text: String
    /// Nil for one that is not to be found.
    let traits: Traits?

    static func list(since sequence: Int64, limit: Int, _ db: Connection) throws -> [ChangedProfile] {
        let sql = """
            SELECT id, type, state, \(ProfileText.columns.joined(separator: ", ")), classifications, organisation_id, trl,
                fields, industries, sections, region, partnerships, valid_until, changed
            FROM profile WHERE side = ? AND changed > ? ORDER BY changed LIMIT ?
            """
        var changes: [ChangedProfile] = []
        try db.each(sql, [Kind.side, sequence, limit]) { changes.append(try ChangedProfile($0)) }
        return changes
    }

    private init(_ row: Row) throws {
        id = try row.get("id")
        sequence = try row.get("changed")
        let state: ProfileState = try row.get("state")
        guard state == .published else {
            text = ""
            traits = nil
            return
        }
        text = try ProfileText.of(row)
        traits = try Traits(row)
    }
}

extension Traits {
    fileprivate init(_ row: Row) throws {
        type = try row.get("type")
        organisation = try row.get("organisation_id")
        validUntil = try row.getIfPresent("valid_until")
        facts = Facts(
            trl: try row.getIfPresent("trl"), region: try row.getIfPresent("region"),
            fields: CaseSet(Codes.list(try row.get("fields")) as [ScienceField]),
            industries: CaseSet(Codes.list(try row.get("industries")) as [StrategicIndustry]),
            sections: CaseSet(Codes.list(try row.get("sections")) as [KSICSection]),
            partnerships: CaseSet(Codes.list(try row.get("partnerships")) as [Partnership]))
    }
}

/// Rows by which a database is told from another of the same name, such as an older backup that was put in its place
/// and has gone on from there.
extension SnapshotManifest.Witness {
    static func list<Kind: ProfileKind>(_ kind: Kind.Type, upTo sequence: Int64, _ db: Connection) throws
        -> [SnapshotManifest.Witness]
    {
        let sql = """
            SELECT id, changed, updated_at FROM profile WHERE side = ? AND changed <= ? ORDER BY changed DESC LIMIT 32
            """
        return try db.rows(sql, Kind.side, sequence).map { row in
            let id: ID<Kind> = try row.get("id")
            return SnapshotManifest.Witness(
                key: id.number, changed: try row.get("changed"), updatedAt: try row.get("updated_at"))
        }
    }

    /// Whether the row is as it was, or changed after all that the index has followed.
    func holds<Kind: ProfileKind>(_ kind: Kind.Type, since sequence: Int64, _ db: Connection) throws -> Bool {
        let id = ID<Kind>(number: key)
        guard let row = try db.row("SELECT changed, updated_at FROM profile WHERE id = ?", id) else { return false }
        let changed: Int64 = try row.get("changed")
        return try changed > sequence || (changed == self.changed && row.get("updated_at") == updatedAt)
    }
}
