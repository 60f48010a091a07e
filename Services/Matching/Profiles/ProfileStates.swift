import JSON
import ServiceKit
import Storage
import Vocabulary

/// Marks profiles whose validity has passed. Until it runs they count as expired all the same (`Profile.isOpen`).
enum ProfileStates {
    /// How many are marked in one turn, so that a turn stays short.
    private static let batch = 200

    static let jobs = [
        Job(name: "expire profiles", every: .seconds(5)) { (w: Write) throws in
            let rows = try w.db.rows(
                """
                SELECT * FROM profile WHERE state = 'published' AND valid_until <= ? ORDER BY valid_until LIMIT \(batch)
                """, w.now)
            for row in rows {
                switch try row.get("side") as Side {
                case .demand: try expire(Profile<DemandKind>(row), w)
                case .supply: try expire(Profile<TechnologyKind>(row), w)
                }
            }
        }
    ]

    private static func expire<Kind>(_ profile: Profile<Kind>, _ w: Write) throws {
        var profile = profile
        profile.state = .expired
        profile.updatedAt = w.now
        try profile.save(.expired, w)
    }
}
