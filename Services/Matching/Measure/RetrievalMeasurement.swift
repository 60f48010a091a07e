import Foundation
import JSON
import Storage
import Vocabulary

/// `ieum-matching measure-retrieval`: the text index over generated profiles, beside SQLite's FTS5 on the same terms.
///
/// One thread. A query is what a need asks: all its terms, a filter on the region that nine of ten profiles pass, the
/// best twenty scored exactly, and the contribution of every term. FTS5 gets the same terms as words of its own, stores
/// nothing else (contentless, no positions), and answers the best twenty by bm25() without a filter.
struct RetrievalMeasurement {
    var profiles = 1_000_000
    var queries = 300
    var besideFTS5 = true
    private var report = JSON.Members()
    private let say: (String) -> Void

    init(say: @escaping (String) -> Void) { self.say = say }

    mutating func run() async throws -> JSON {
        var corpus = Corpus()
        let tokeniser = Tokeniser()
        let before = Self.residentBytes()
        say("\(profiles) profiles of \(Corpus.lengths) words, \(queries) queries")
        let index = build(&corpus, tokeniser)
        report["indexBytes"] = .integer(Int64(Self.residentBytes() - before))
        report["blocks"] = .integer(Int64(index.blocks.count))
        report["postings"] = .integer(Int64(index.blocks.reduce(0) { $0 + $1.documents.count }))
        var asking = Corpus(seed: 1)
        for _ in 0..<97 { _ = asking.profile() }
        let wanted = (0..<queries).map { _ in Query(tokeniser.vector(of: asking.query())) }
        report["queryTerms"] = .number(Double(wanted.reduce(0) { $0 + $1.entries.count }) / Double(wanted.count))
        let own = time(wanted) { query in
            let statistics = index.statistics(for: query)
            let found = index.nearest(query, statistics, count: 20) { $0.facts.region != .jeju }
            return found.reduce(0) { $0 + query.contributions(of: $1.document.vector, in: statistics).count }
        }
        report["own"] = own.json
        say("Ieum: \(own)")
        report["loss"] = loss(index, Array(wanted.prefix(50)))
        if besideFTS5 { try await measureFTS5(tokeniser, wanted, own) }
        return .object(report)
    }

    private mutating func build(_ corpus: inout Corpus, _ tokeniser: Tokeniser) -> TextIndex<TechnologyID> {
        var assembly = IndexAssembly<TechnologyID>()
        var random = SplitMix(state: 3)
        let moment = Instant.now()
        var spent = Duration.zero
        let clock = ContinuousClock()
        for number in 0..<profiles {
            let text = corpus.profile()
            let traits = Traits(facts: Facts(region: random.below(10) == 0 ? .jeju : .daejeon))
            let id = TechnologyID.new(at: moment)
            let begun = clock.now
            assembly.put(id, tokeniser.vector(of: text), traits)
            spent += clock.now - begun
            if number % 100_000 == 99_999 { say("indexed \(number + 1)") }
        }
        let begun = clock.now
        let index = assembly.finished()
        spent += clock.now - begun
        let rate = Double(profiles) / (spent / .seconds(1))
        report["profiles"] = .integer(Int64(profiles))
        report["profilesASecond"] = .number(rate.rounded())
        say("indexed \(Int(rate)) profiles a second")
        return index
    }

    /// How the best twenty of the quantised pass compare with exact BM25 over everything.
    private func loss(_ index: TextIndex<TechnologyID>, _ queries: [Query]) -> JSON {
        var roughOverlap = 0.0
        var roughGain = 0.0
        var finalOverlap = 0.0
        for query in queries {
            let statistics = index.statistics(for: query)
            // Wide enough that rounding cannot keep one of the best out.
            let exact = index.nearest(query, statistics, count: min(20_000, index.count))
            let best = Set(exact.prefix(20).map(\.document.key))
            let rough = index.roughly(query, statistics, count: 20).map { index.document($0.number, in: $0.block).key }
            let final = index.nearest(query, statistics, count: 20).map(\.document.key)
            let scores = Dictionary(uniqueKeysWithValues: exact.map { ($0.document.key, $0.score) })
            roughOverlap += Double(best.intersection(rough).count) / Double(max(best.count, 1))
            finalOverlap += Double(best.intersection(final).count) / Double(max(best.count, 1))
            func gain(_ scores: [Double]) -> Double {
                scores.enumerated().reduce(0) { $0 + $1.element / log1(Double($1.offset) + 2) }
            }
            let ideal = gain(exact.prefix(20).map(\.score))
            roughGain += ideal > 0 ? gain(rough.map { scores[$0] ?? 0 }) / ideal : 1
        }
        let count = Double(max(queries.count, 1))
        say("quantised alone: overlap@20 \(roughOverlap / count), nDCG@20 \(roughGain / count)")
        say("with exact rescoring: overlap@20 \(finalOverlap / count)")
        return [
            "quantisedOverlap20": .number(roughOverlap / count), "quantisedNdcg20": .number(roughGain / count),
            "rescoredOverlap20": .number(finalOverlap / count),
        ]
    }

    // MARK: - FTS5

    private mutating func measureFTS5(_ tokeniser: Tokeniser, _ wanted: [Query], _ own: Times) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "ieum-measure-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let table = "CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, columnsize=1)"
        let database = try Database(
            path: folder.appending(path: "fts5.sqlite").path, migrations: [Migration("words", table)])
        defer { database.close() }
        let filler = Filler(profiles: profiles, tokeniser: tokeniser)
        let spent = try await filler.fill(database)
        report["fts5ProfilesASecond"] = .number((Double(profiles) / (spent / .seconds(1))).rounded())
        let matches = wanted.prefix(100).map { query in
            query.entries.map { Filler.word($0.term) }.joined(separator: " OR ")
        }
        let durations = try await database.read { db in
            try matches.map { match in
                try ContinuousClock().measure {
                    _ = try db.rows(
                        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT 20", match)
                }
            }
        }
        let theirs = Times(durations)
        report["fts5"] = theirs.json
        report["fts5ToOwnAtTheMedian"] = .number(theirs.median / own.median)
        say("FTS5: \(theirs); \(Int(theirs.median / own.median)) times as long at the median")
    }

    /// Writes the same profiles again, as words of FTS5, and says how long the database took.
    private struct Filler: Sendable {
        let profiles: Int
        let tokeniser: Tokeniser

        static func word(_ term: Term) -> String { "t" + String(term.bits, radix: 36) }

        func fill(_ database: Database) async throws -> Duration {
            let (profiles, tokeniser) = (profiles, tokeniser)
            return try await database.write { db in
                var corpus = Corpus()
                var spent = Duration.zero
                for number in 0..<profiles {
                    let vector = tokeniser.vector(of: corpus.profile())
                    let text = zip(vector.terms, vector.counts).map { term, count in
                        repeatElement(Self.word(term), count: Int(count)).joined(separator: " ")
                    }.joined(separator: " ")
                    let begun = ContinuousClock.now
                    try db.run("INSERT INTO words (rowid, text) VALUES (?, ?)", number + 1, text)
                    spent += ContinuousClock.now - begun
                }
                return try spent
                    + ContinuousClock().measure { try db.run("INSERT INTO words (words) VALUES ('optimize')") }
            }
        }
    }
}
