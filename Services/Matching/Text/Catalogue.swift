import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// The published profiles as text indexes in memory, one for each side.
///
/// The indexes follow the committed rows and nothing else: every change of a profile takes the next number of
/// `profile_clock` in its own transaction, and a reader that finds a higher number in its snapshot than the indexes
/// have first brings in the rows that changed since. A change that is rolled back is never seen, and a change that is
/// committed is seen by the next query.
final class Catalogue: Sendable {
    struct Indexes: Sendable {
        fileprivate(set) var sequence: Int64 = 0
        fileprivate(set) var demands = TextIndex<DemandID>()
        fileprivate(set) var technologies = TextIndex<TechnologyID>()
    }

    let tokeniser = Tokeniser()
    let experience = Experience()
    let exposure = Exposure()
    private let indexes = Mutex(Indexes())

    /// The indexes as a value of its own, at least as new as the snapshot that `db` reads.
    ///
    /// - Parameter isCommitted: false within a write: what it reads may yet be rolled back, so it is not kept.
    func current(_ db: Connection, isCommitted: Bool = true) throws -> Indexes {
        let row = try db.row("SELECT sequence FROM profile_clock WHERE id = 1")
        let committed: Int64 = try row?.get("sequence") ?? 0
        return try indexes.withLock { kept in
            guard !isCommitted else {
                try follow(&kept, to: committed, db)
                return kept
            }
            var own = kept
            try follow(&own, to: committed, db)
            return own
        }
    }

    private func follow(_ indexes: inout Indexes, to sequence: Int64, _ db: Connection) throws {
        guard indexes.sequence < sequence else { return }
        // A failure in between leaves the number as it was: the same rows are read again.
        try follow(&indexes.demands, since: indexes.sequence, db)
        try follow(&indexes.technologies, since: indexes.sequence, db)
        indexes.sequence = sequence
    }

    private func follow<Kind: ProfileKind>(_ index: inout TextIndex<ID<Kind>>, since sequence: Int64, _ db: Connection)
        throws
    {
        let sql = """
            SELECT id, type, state, \(ProfileText.columns.joined(separator: ", ")), classifications, organisation_id, trl,
                fields, industries, sections, region, partnerships, valid_until
            FROM profile WHERE side = ? AND changed > ? ORDER BY changed
            """
        try db.each(sql, [Kind.side, sequence]) { row in
            let id: ID<Kind> = try row.get("id")
            let state: ProfileState = try row.get("state")
            guard state == .published else { return index.remove(id) }
            index.put(id, tokeniser.vector(of: try ProfileText.of(row)), try Traits(row))
        }
        index.settle()
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
