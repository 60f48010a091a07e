import Dispatch
import Logging
import ServiceKit
import Storage
import Vocabulary

/// The published profiles as text indexes in memory, one for each side.
///
/// The indexes follow the committed rows and nothing else: every change of a profile takes the next number of
/// `profile_clock` in its own transaction, and a reader that finds a higher number in its snapshot than the indexes
/// have first brings in the rows that changed since. A change that is rolled back is never seen, and a change that is
/// committed is seen by the next query.
final class Catalogue: Sendable {
    struct Indexes: Sendable {
        /// The change that they have followed at least.
        let sequence: Int64
        let demands: TextIndex<DemandID>
        let technologies: TextIndex<TechnologyID>
    }

    let tokeniser: Tokeniser
    let experience = Experience()
    let exposure = Exposure()
    private let demands: LiveIndex<DemandKind>
    private let technologies: LiveIndex<TechnologyKind>
    private let isKept: Bool

    /// - Parameter directory: where the indexes are kept, so that a start need not build them; nil for indexes in memory
    ///   only, which every query keeps up to date by itself.
    init(
        directory: String? = nil, tokeniser: Tokeniser = Tokeniser(),
        log: Logger = Logger(label: "matching") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.tokeniser = tokeniser
        isKept = directory != nil
        let fingerprint = directory == nil ? 0 : tokeniser.fingerprint
        let queue = DispatchQueue(label: "matching-index", qos: .utility)
        demands = LiveIndex(directory, fingerprint, tokeniser, queue, log)
        technologies = LiveIndex(directory, fingerprint, tokeniser, queue, log)
    }

    /// The indexes as a value of its own, at least as new as the snapshot that `db` reads.
    ///
    /// - Parameter isCommitted: false within a write: what it reads may yet be rolled back, so it is not kept.
    func current(_ db: Connection, isCommitted: Bool = true) throws -> Indexes {
        let committed = try Self.clock(db)
        return Indexes(
            sequence: committed,
            demands: try demands.current(db, to: committed, isCommitted: isCommitted),
            technologies: try technologies.current(db, to: committed, isCommitted: isCommitted))
    }

    /// Does ahead of the queries what takes long.
    var jobs: [Job] {
        guard isKept else { return [] }
        return [.reading("follow the profiles", every: .milliseconds(250)) { [self] in try keepUp($0) }]
    }

    /// - Returns: whether there is more to do at once.
    func keepUp(_ db: Connection) throws -> Bool {
        let committed = try Self.clock(db)
        let isMore = try demands.keepUp(db, to: committed)
        return try technologies.keepUp(db, to: committed) || isMore
    }

    private static func clock(_ db: Connection) throws -> Int64 {
        try db.row("SELECT sequence FROM profile_clock WHERE id = 1")?.get("sequence") ?? 0
    }
}
