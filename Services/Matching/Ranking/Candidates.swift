import ServiceKit
import Storage
import Vocabulary

/// The profiles whose text is nearest to a query, as rows of the reader's snapshot.
enum Candidates<Kind: ProfileKind> {
    /// How many rows are read in search of those that are accepted.
    static var scanLimit: Int { 5_000 }

    /// - Parameter accept: decides by the row, which is the truth; the index may be newer than the snapshot.
    static func best(
        _ query: Query, statistics: CollectionStatistics, index: TextIndex<ID<Kind>>, wanted: Int, db: Connection,
        accept: (Profile<Kind>) throws -> Bool
    ) throws -> [Profile<Kind>] {
        let scores = index.scores(for: query, statistics: statistics)
        var accepted: [Profile<Kind>] = []
        var seen = 0
        var depth = wanted + 32
        while accepted.count < wanted, seen < scanLimit {
            let ids = top(depth, scores, index)
            if ids.count <= seen { break }
            let next = Array(ids[seen...])
            let rows = try Profile<Kind>.find(next, db)
            for id in next where accepted.count < wanted {
                if let profile = rows[id], try accept(profile) { accepted.append(profile) }
            }
            seen = ids.count
            depth = min(depth * 4, scanLimit)
        }
        return accepted
    }

    /// The keys of the `count` best living documents above 0, best first. One linear pass finds how high the score
    /// must be, so that only few are sorted.
    private static func top(_ count: Int, _ scores: [Float], _ index: TextIndex<ID<Kind>>) -> [ID<Kind>] {
        let highest = scores.max() ?? 0
        guard highest > 0 else { return [] }
        let steps = 1_024
        func step(_ score: Float) -> Int { min(steps - 1, Int(score / highest * Float(steps))) }
        var counts = [Int](repeating: 0, count: steps)
        for (document, score) in scores.enumerated() where score > 0 && index.isLive(document) {
            counts[step(score)] += 1
        }
        var lowest = steps
        var total = 0
        while lowest > 0, total < count {
            lowest -= 1
            total += counts[lowest]
        }
        var found: [(score: Float, key: ID<Kind>)] = []
        found.reserveCapacity(total)
        for (document, score) in scores.enumerated()
        where score > 0 && step(score) >= lowest && index.isLive(document) {
            found.append((score, index.key(document)))
        }
        found.sort { ($1.score, $0.key) < ($0.score, $1.key) }
        return found.prefix(count).map(\.key)
    }
}
