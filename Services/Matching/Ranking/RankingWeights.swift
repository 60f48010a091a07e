import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.weights.*`: what each component of a score counts. Every version is kept.
enum RankingWeights {
    struct Version: Codable, Sendable {
        /// 0 is what the program came with.
        let version: Int
        let weights: Weights
        /// Absent for version 0.
        let reason: String?
        let setBy: String?
        let setAt: Instant?
    }

    struct Get: Codable, Sendable, Constrained {
        /// The present one when not given.
        let version: Int?
        static let constraints: [String: Schema.Constraint] = ["version": .range(0...1_000_000)]
    }

    struct History: Codable, Sendable, Constrained {
        let limit: Int?
        /// Versions before this one.
        let after: Int?
        static let constraints: [String: Schema.Constraint] = [
            "limit": .range(1...200), "after": .range(0...1_000_000),
        ]
    }

    struct Set: Codable, Sendable, Constrained {
        let weights: Weights
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    static let methods: [Method] = [
        .query("matching.weights.get", Bilingual(ko: "추천 가중치를 조회한다", en: "Reads the weights of scores"), role: .viewer)
        {
            (p: Get, r: Read) throws -> Version in
            let version = try p.version ?? current(r.db).version
            return try kept(version, r.db)
        },
        .query(
            "matching.weights.history",
            Bilingual(ko: "가중치의 모든 판을 최신순으로 조회한다", en: "Lists the versions of the weights, the newest first"),
            role: .viewer
        ) { (p: History, r: Read) throws -> Page<Version> in
            let page = try Listing("SELECT * FROM ranking_weights").page(
                in: r.db, by: "version", isDescending: true, after: p.after, limit: p.limit,
                cursor: { "\($0.version)" }, item: Version.init)
            // Version 0 is no row: it ends the last page.
            return page.next == nil ? Page(items: page.items + [.initial], next: nil) : page
        },
        .command(
            "matching.weights.set",
            Bilingual(ko: "추천 가중치의 새 판을 정한다", en: "Sets a new version of the weights of scores"),
            role: .operator
        ) { (p: Set, w: Write) throws -> Version in
            let version = try current(w.db).version + 1
            try w.db.run(
                "INSERT INTO ranking_weights (version, body, reason, principal, at) VALUES (?, ?, ?, ?, ?)", version,
                try JSON.encode(p.weights).text, p.reason, w.call.principal, w.now)
            let result = Version(
                version: version, weights: p.weights, reason: p.reason, setBy: w.call.principal, setAt: w.now)
            w.audit(subject: "weights-\(version)", reason: p.reason)
            try w.emit("matching.weights.changed", subject: "weights-\(version)", result)
            return result
        },
    ]

    static func current(_ db: Connection) throws -> (weights: Weights, version: Int) {
        guard let row = try db.row("SELECT version, body FROM ranking_weights ORDER BY version DESC LIMIT 1") else {
            return (.standard, 0)
        }
        return (try weights(row), try row.get("version"))
    }

    /// An earlier version, so that an answer that names one can be computed again.
    static func version(_ version: Int, _ db: Connection) throws -> (weights: Weights, version: Int) {
        (try kept(version, db).weights, version)
    }

    private static func kept(_ version: Int, _ db: Connection) throws -> Version {
        if version == 0 { return .initial }
        guard let row = try db.row("SELECT * FROM ranking_weights WHERE version = ?", version) else {
            throw Fault.notFound(kind: "weights", id: "\(version)")
        }
        return try Version(row)
    }

    /// What was kept before there were circumstances counted none.
    fileprivate static func weights(_ row: Row) throws -> Weights {
        var body = try JSON(parsing: try row.get("body") as String)
        if body["circumstances"] == nil { body["circumstances"] = try JSON.encode(Weights.Circumstances.none) }
        return try body.decode(Weights.self)
    }
}

extension RankingWeights.Version {
    static let initial = Self(version: 0, weights: .standard, reason: nil, setBy: nil, setAt: nil)

    fileprivate init(_ row: Row) throws {
        version = try row.get("version")
        weights = try RankingWeights.weights(row)
        reason = try row.getIfPresent("reason")
        setBy = try row.get("principal")
        setAt = try row.get("at")
    }
}
