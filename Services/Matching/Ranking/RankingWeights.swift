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
    }

    struct Set: Codable, Sendable, Constrained {
        let weights: Weights
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    static let methods: [Method] = [
        .query("matching.weights.get", Bilingual(ko: "추천 가중치를 조회한다", en: "Reads the weights of scores"), role: .viewer)
        {
            (_: NoParameters, r: Read) throws -> Version in
            let (weights, version) = try current(r.db)
            return Version(version: version, weights: weights)
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
            let result = Version(version: version, weights: p.weights)
            w.audit(subject: "weights-\(version)", reason: p.reason)
            try w.emit("matching.weights.changed", subject: "weights-\(version)", result)
            return result
        },
    ]

    static func current(_ db: Connection) throws -> (weights: Weights, version: Int) {
        guard let row = try db.row("SELECT version, body FROM ranking_weights ORDER BY version DESC LIMIT 1") else {
            return (.standard, 0)
        }
        let weights = try JSON(parsing: try row.get("body") as String).decode(Weights.self)
        return (weights, try row.get("version"))
    }
}
