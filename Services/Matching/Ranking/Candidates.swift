import ServiceKit
import Storage
import Vocabulary

/// The profiles whose text is nearest to a query, as rows of the reader's snapshot.
enum Candidates<Kind: ProfileKind> {
    /// How many rows are read in search of those that are accepted.
    static var scanLimit: Int { 5_000 }

    /// - Parameters:
    ///   - accept: decides by the row, which is the truth; the index may be newer than the snapshot.
    ///   - likely: decides by what the index keeps, so that few rows are read in vain.
    static func best(
        _ query: Query, statistics: CollectionStatistics, index: TextIndex<ID<Kind>>, wanted: Int, db: Connection,
        likely: (Traits) -> Bool = { _ in true }, accept: (Profile<Kind>) throws -> Bool
    ) throws -> [Profile<Kind>] {
        var accepted: [Profile<Kind>] = []
        var seen = 0
        var depth = wanted + 8
        while accepted.count < wanted, seen < scanLimit {
            let found = index.nearest(query, statistics, count: depth, accept: likely).map(\.document.key)
            if found.count <= seen { break }
            let next = Array(found[seen...])
            let rows = try Profile<Kind>.find(next, db)
            for id in next where accepted.count < wanted {
                if let profile = rows[id], try accept(profile) { accepted.append(profile) }
            }
            if found.count < depth { break }
            seen = found.count
            depth = min(depth * 4, scanLimit)
        }
        return accepted
    }
}
