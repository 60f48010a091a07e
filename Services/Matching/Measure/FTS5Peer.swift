import Foundation
import JSON
import Storage

/// SQLite's FTS5 on the same terms: contentless, without positions, ranked by its bm25().
struct FTS5Peer {
    let profiles: Int
    let tokeniser: Tokeniser
    let say: @Sendable (String) -> Void

    func measure(_ queries: [Query], in folder: String) async throws -> JSON {
        let table = "CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, columnsize=1)"
        let database = try Database(path: folder + "/fts5.sqlite", migrations: [Migration("words", table)])
        defer { database.close() }
        let spent = try await fill(database)
        let matches = queries.map { query in query.entries.map { Self.word($0.term) }.joined(separator: " OR ") }
        let say = say
        let durations = try await database.read { db in
            try matches.enumerated().map { place, match in
                if place % 10 == 0 { say("FTS5: query \(place + 1) of \(matches.count)") }
                return try ContinuousClock().measure {
                    _ = try db.rows(
                        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT 20", match)
                }
            }
        }
        let times = Times(durations)
        say("FTS5: \(times)")
        let bytes = try? FileManager.default.attributesOfItem(atPath: folder + "/fts5.sqlite")[.size] as? Int
        return [
            "profilesASecond": .number((Double(profiles) / (spent / .seconds(1))).rounded()), "query": times.json,
            "fileBytes": .integer(Int64(bytes ?? 0)),
        ]
    }

    private static func word(_ term: Term) -> String { "t" + String(term.bits, radix: 36) }

    /// Writes the same profiles again, and says how long the database took.
    private func fill(_ database: Database) async throws -> Duration {
        let (profiles, tokeniser, say) = (profiles, tokeniser, say)
        return try await database.write { db in
            var corpus = Corpus()
            var spent = Duration.zero
            for number in 1...profiles {
                let vector = tokeniser.vector(of: corpus.profile())
                let text = zip(vector.terms, vector.counts).map { term, count in
                    repeatElement(Self.word(term), count: Int(count)).joined(separator: " ")
                }.joined(separator: " ")
                let begun = ContinuousClock.now
                try db.run("INSERT INTO words (rowid, text) VALUES (?, ?)", number, text)
                spent += ContinuousClock.now - begun
                if number % 100_000 == 0 { say("FTS5: \(number)") }
            }
            return try spent
                + ContinuousClock().measure { try db.run("INSERT INTO words (words) VALUES ('optimize')") }
        }
    }
}
