import Foundation
import JSON
import Vocabulary

/// How well needs find what answers them, over judged pairs.
///
/// A file of pairs is a JSON array of `{"id", "demand", "technology", "also_relevant": […]}`; the technologies of all
/// files are the collection. From a text file lines of the form `(title) body` are cut into a known-item set: the title
/// asks, and its own body among all bodies and lines of the files is the one answer. Where both are given, the titles
/// stand among the technologies as distractors too.
struct Evaluation: Sendable {
    struct Judged: Sendable {
        let id: String
        let query: String
        /// Places in the collection with what finding each is worth.
        let relevant: [Int: Double]
    }

    let name: String
    let judged: [Judged]
    let collection: [String]

    enum Ranking: String, CaseIterable, Sendable {
        /// BM25 over plain terms, without the thesaurus.
        case bigrams
        /// What a search does: with concepts and what is related to them.
        case search
        /// What a recommendation does: both directions joined, with nothing known but the words.
        case recommend
    }

    /// For each query the places of the first hundred, best first.
    func run(_ ranking: Ranking) -> [[TextIndex<Int>.Found]] {
        let thesaurus = ranking == .bigrams ? Thesaurus([]) : .standard
        let tokeniser = Tokeniser(thesaurus: thesaurus)
        let vectors = judged.map { tokeniser.vector(of: $0.query) }
        var index = TextIndex<Int>()
        for (place, text) in collection.enumerated() { index.put(place, tokeniser.vector(of: text)) }
        index.settle()
        var needs = TextIndex<Int>()
        for (place, vector) in vectors.enumerated() { needs.put(place, vector) }
        needs.settle()
        return vectors.map { vector in
            let query = Query(vector, thesaurus: thesaurus)
            let found = index.nearest(query, index.statistics(for: query), count: 200)
            guard ranking == .recommend else { return found }
            return Self.joined(found, TextView(vector, statistics: index.statistics), needs)
        }
    }

    private static func joined(_ found: [TextIndex<Int>.Found], _ need: TextView, _ needs: TextIndex<Int>)
        -> [TextIndex<Int>.Found]
    {
        let weights = Weights.standard
        let facts = FactValues(demand: Facts(), technology: Facts(), weights: weights)
        let scored = found.map { one in
            let offer = TextView(one.document.vector, statistics: needs.statistics)
            func logit(_ side: Side, _ view: TextView, _ other: TextView) -> Double {
                let text = Score.textValue(share: view.share(of: other.query.vector), half: weights.textHalf)
                return Score.logit(side, text: text, facts: facts, weights: weights)
            }
            let logit = Score.joined(logit(.demand, need, offer), logit(.supply, offer, need))
            return TextIndex<Int>.Found(document: one.document, score: Score.sigmoid(logit))
        }
        return scored.sorted { ($1.score, $0.document.key) < ($0.score, $1.document.key) }
    }

    /// Means over the queries.
    struct Figures: Sendable {
        var mrr = 0.0
        var mrr10 = 0.0
        var ndcg10 = 0.0
        var recall10 = 0.0
        var queries = 0

        var json: JSON {
            func rounded(_ value: Double) -> JSON { .number((value * 10_000).rounded() / 10_000) }
            return [
                "queries": .integer(Int64(queries)), "mrr": rounded(mrr), "mrr10": rounded(mrr10),
                "ndcg10": rounded(ndcg10), "recall10": rounded(recall10),
            ]
        }
    }

    func figures(of results: [[TextIndex<Int>.Found]]) -> Figures {
        var figures = Figures()
        for (query, found) in zip(judged, results) {
            let rank = self.rank(found, query)
            figures.queries += 1
            figures.mrr += rank.map { 1 / Double($0) } ?? 0
            figures.mrr10 += rank.map { $0 <= 10 ? 1 / Double($0) : 0 } ?? 0
            let gains = found.prefix(10).map { query.relevant[$0.document.key] ?? 0 }
            figures.recall10 += Double(gains.count { $0 > 0 }) / Double(max(query.relevant.count, 1))
            let ideal = Self.gain(query.relevant.values.sorted(by: >).prefix(10).map(\.self))
            figures.ndcg10 += ideal > 0 ? Self.gain(gains) / ideal : 0
        }
        let count = Double(max(figures.queries, 1))
        figures.mrr /= count
        figures.mrr10 /= count
        figures.ndcg10 /= count
        figures.recall10 /= count
        return figures
    }

    /// The place of the first answer, from 1; nil when it was not found.
    func rank(_ found: [TextIndex<Int>.Found], _ query: Judged) -> Int? {
        found.firstIndex { query.relevant[$0.document.key] != nil }.map { $0 + 1 }
    }

    private static func gain(_ gains: [Double]) -> Double {
        gains.enumerated().reduce(0) { $0 + $1.element / log1(Double($1.offset) + 2) }
    }
}
