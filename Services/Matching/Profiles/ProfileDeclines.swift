import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.<plural>.declines`: why others said no to a profile, told to its owner, who can better it.
enum ProfileDeclines<Kind: ProfileKind> {
    struct Count: Codable, Sendable {
        let reason: DeclineReason
        let name: Bilingual
        let count: Int
    }

    struct Answer: Codable, Sendable {
        /// The most frequent first.
        let items: [Count]
        /// Deals of this profile, however they stand.
        let deals: Int
        /// Those that the other side declined.
        let declined: Int
    }

    static var methods: [Method] {
        [
            .query(
                "matching.\(Kind.plural).declines",
                Bilingual(
                    ko: "상대가 거절한 이유를 세어 소유 기관에 알린다",
                    en: "Counts the reasons for which others declined one's own profile"),
                role: .viewer
            ) { (p: ByID<Kind>, r: Read) throws -> Answer in
                try Profile<Kind>.own(p.id, r)
                return try answer(p.id, r.db)
            }
        ]
    }

    private static func answer(_ id: ID<Kind>, _ db: Connection) throws -> Answer {
        let column = Kind.side == .demand ? "demand_id" : "technology_id"
        let deals: Int = try db.row("SELECT COUNT(*) AS number FROM deal WHERE \(column) = ?", id)?.get("number") ?? 0
        let items = try db.rows(
            """
            SELECT reason, COUNT(*) AS number FROM deal
            WHERE \(column) = ? AND state = 'declined' AND ended_by = ? AND reason IS NOT NULL
            GROUP BY reason ORDER BY number DESC, reason
            """, id, Kind.side.other
        ).map { row in
            let reason: DeclineReason = try row.get("reason")
            return Count(reason: reason, name: reason.name, count: try row.get("number"))
        }
        return Answer(items: items, deals: deals, declined: items.reduce(0) { $0 + $1.count })
    }
}
