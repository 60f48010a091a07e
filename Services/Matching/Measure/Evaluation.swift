import JSON

/// How well needs find what answers them, over one judged set.
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

    /// What is compared, from the plainest to what the service does.
    enum Ranking: String, CaseIterable, Sendable {
        /// BM25 over plain terms, without the thesaurus.
        case bigrams
        /// With concepts: the names of one thing in both languages are one term.
        case concepts
        /// What a search does: with what is related to the concepts too.
        case search
        /// A search that is widened by what it found first, where that was little.
        case widened
        /// The same whatever was found: to see what widening would do to those that need none.
        case alwaysWidened
        /// What a recommendation does: both directions joined, with nothing known but the words.
        case recommend

        var thesaurus: Thesaurus {
            switch self {
            case .bigrams: Thesaurus([])
            case .concepts: .withoutRelations
            case .search, .widened, .alwaysWidened, .recommend: .standard
            }
        }
    }

    /// For each query the places of the nearest, best first.
    func run(_ ranking: Ranking) -> [[TextIndex<Int>.Found]] {
        let thesaurus = ranking.thesaurus
        let tokeniser = Tokeniser(thesaurus: thesaurus)
        let vectors = judged.map { tokeniser.vector(of: $0.query) }
        var index = TextIndex<Int>()
        for (place, text) in collection.enumerated() { index.put(place, tokeniser.vector(of: text)) }
        index.settle()
        var needs = TextIndex<Int>()
        for (place, vector) in vectors.enumerated() { needs.put(place, vector) }
        needs.settle()
        return vectors.map { vector in
            let query = ranking == .bigrams ? Query(plain: vector) : Query(vector, thesaurus: thesaurus)
            let found = index.nearest(query, index.statistics(for: query), count: 200)
            switch ranking {
            case .widened, .alwaysWidened:
                return widened(query, found, index, tokeniser, always: ranking == .alwaysWidened)
            case .bigrams, .concepts, .search: return found
            case .recommend: break
            }
            return Self.joined(found, TextView(vector, statistics: index.statistics), needs)
        }
    }

    private func widened(
        _ query: Query, _ found: [TextIndex<Int>.Found], _ index: TextIndex<Int>, _ tokeniser: Tokeniser, always: Bool
    ) -> [TextIndex<Int>.Found] {
        let own = query.ownScore(in: index.statistics(for: query))
        let share = own > 0 ? (found.first?.score ?? 0) / own : 0
        guard always || Widening.isWeak(share) else { return found }
        let first = found.prefix(Widening.documents).map {
            (name: "\($0.document.key)", tokens: tokeniser.tokens(of: collection[$0.document.key]), score: $0.score)
        }
        guard let widening = Widening(query, first, tokeniser.thesaurus) else { return found }
        return index.nearest(widening.query, index.statistics(for: widening.query), count: 200)
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
}

// MARK: - Figures

extension Evaluation {
    /// Each query's own figures, so that intervals can be drawn from them; the means are what is usually quoted.
    struct Figures: Sendable {
        var reciprocalRanks: [Double] = []
        var reciprocalRanks10: [Double] = []
        var gains10: [Double] = []
        var recalls10: [Double] = []

        var queries: Int { reciprocalRanks.count }
        var mrr: Double { Self.mean(reciprocalRanks) }
        var mrr10: Double { Self.mean(reciprocalRanks10) }
        var ndcg10: Double { Self.mean(gains10) }
        var recall10: Double { Self.mean(recalls10) }

        static func mean(_ values: [Double]) -> Double {
            values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        }
    }

    func figures(of results: [[TextIndex<Int>.Found]]) -> Figures {
        var figures = Figures()
        for (query, found) in zip(judged, results) {
            let rank = self.rank(found, query)
            let reciprocal = rank.map { 1 / Double($0) } ?? 0
            figures.reciprocalRanks.append(reciprocal)
            figures.reciprocalRanks10.append((rank ?? 11) <= 10 ? reciprocal : 0)
            let gains = found.prefix(10).map { query.relevant[$0.document.key] ?? 0 }
            figures.recalls10.append(Double(gains.count { $0 > 0 }) / Double(max(query.relevant.count, 1)))
            let ideal = Self.gain(query.relevant.values.sorted(by: >).prefix(10).map(\.self))
            figures.gains10.append(ideal > 0 ? Self.gain(gains) / ideal : 0)
        }
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

/// The percentile bootstrap (Efron 1979): the mean of as many values drawn with repetition, a thousand times.
enum Bootstrap {
    /// The middle 95 % of the means; nil without values. The same values give the same interval.
    static func interval(_ values: [Double], draws: Int = 1_000) -> ClosedRange<Double>? {
        guard !values.isEmpty else { return nil }
        var random = SplitMix(state: 7)
        let means = (0..<draws).map { _ in
            values.reduce(0.0) { sum, _ in sum + values[random.below(values.count)] } / Double(values.count)
        }.sorted()
        return means[draws / 40]...means[draws - 1 - draws / 40]
    }
}
