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
        var (deals, items) = (0, [Count]())
        let rows = try db.rows(
            """
            SELECT state, ended_by, reason, COUNT(*) AS number FROM deal WHERE \(column) = ?
            GROUP BY state, ended_by, reason
            """, id)
        for row in rows {
            let number: Int = try row.get("number")
            deals += number
            let (state, side): (DealState, Side?) = (try row.get("state"), try row.getIfPresent("ended_by"))
            guard state == .declined, side == Kind.side.other,
                let reason: DeclineReason = try row.getIfPresent("reason")
            else { continue }
            items.append(Count(reason: reason, name: reason.name, count: number))
        }
        return Answer(
            items: items.sorted { ($1.count, $0.reason.rawValue) < ($0.count, $1.reason.rawValue) }, deals: deals,
            declined: items.reduce(0) { $0 + $1.count })
    }
}
