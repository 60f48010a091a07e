/// The BM25 weighting of Robertson and Walker with the parameters measured on the source documents (k1 0.9, b 0.4).
/// Everything that ranks or explains uses these few functions, so that a list and its explanation cannot differ.
struct BM25: Sendable {
    var k1 = 0.9
    var b = 0.4

    static let standard = BM25()

    /// How much a term tells: rare terms much, common terms little, never negative.
    func rarity(documents: Int, containing frequency: Int) -> Double {
        let frequency = Double(min(frequency, documents))
        return log1(1 + (Double(documents) - frequency + 0.5) / (frequency + 0.5))
    }

    /// What the denominator adds to the count: `k1 · (1 - b + b · length / average)`.
    func saturation(length: Double, average: Double) -> Double {
        average > 0 ? k1 * (1 - b + b * length / average) : k1
    }

    func impact(count: Double, saturation: Double) -> Double { count * (k1 + 1) / (count + saturation) }
}

/// What a query asks for: its own terms at weight 1 (common words at less, concepts at more), and those of related
/// concepts at the share of a concept's weight that the thesaurus says.
struct Query: Sendable {
    struct Entry: Sendable {
        let term: Term
        let weight: Double
        /// For a related concept: the place of the concept of the text that led to it.
        let expandedFrom: Int?
        /// For a term of a widened query: the word that it is a part of.
        var word: String?
    }

    let entries: [Entry]
    let vector: TermVector

    /// A concept stands for the whole of a name of which bigrams are parts. Chosen on the tuning half of the judged pairs
    /// among 1, 1.3, 1.5 and 2, as the largest that costs known items nothing against plain bigrams.
    static let conceptWeight = 1.5

    /// - Parameter entries: first those of the vector's terms, one for each.
    init(_ entries: [Entry], vector: TermVector) {
        self.entries = entries
        self.vector = vector
    }

    private static func weight(of term: Term) -> Double {
        term.concept == nil ? CommonWords.weight(of: term) : conceptWeight
    }

    /// The terms alone, all at weight 1: the plain BM25 to which everything else is compared.
    init(plain vector: TermVector) {
        self.vector = vector
        entries = vector.terms.map { Entry(term: $0, weight: 1, expandedFrom: nil) }
    }

    init(_ vector: TermVector, thesaurus: Thesaurus = .standard) {
        self.vector = vector
        var entries = vector.terms.map { Entry(term: $0, weight: Self.weight(of: $0), expandedFrom: nil) }
        // Where two concepts lead to the same one, the stronger relation counts, and only once.
        var related: [Term: Entry] = [:]
        for place in vector.concepts {
            for relation in thesaurus.relations(of: place) {
                let term = Term.concept(relation.place)
                let weight = Self.conceptWeight * relation.weight
                guard vector.count(of: term) == 0, (related[term]?.weight ?? 0) < weight else { continue }
                related[term] = Entry(term: term, weight: weight, expandedFrom: place)
            }
        }
        entries.append(contentsOf: related.values.sorted { $0.term.bits < $1.term.bits })
        self.entries = entries
    }
}

/// What BM25 needs to know of a collection, for the terms of one query.
struct CollectionStatistics: Sendable {
    let documents: Int
    let averageLength: Double
    /// In how many live documents each term of the query occurs, in the order of its entries.
    let frequencies: [Int]
}

extension Query {
    /// What each entry adds to the score of one document, in the order of the entries.
    func contributions(of document: TermVector, in statistics: CollectionStatistics, by bm25: BM25 = .standard)
        -> [Double]
    {
        let saturation = bm25.saturation(length: Double(document.length), average: statistics.averageLength)
        return zip(entries, statistics.frequencies).map { entry, frequency in
            let count = document.count(of: entry.term)
            guard count > 0 else { return 0 }
            return entry.weight * bm25.rarity(documents: statistics.documents, containing: frequency)
                * bm25.impact(count: Double(count), saturation: saturation)
        }
    }

    /// The sum of the contributions, without a list of them.
    func score(of document: TermVector, in statistics: CollectionStatistics, by bm25: BM25 = .standard) -> Double {
        let saturation = bm25.saturation(length: Double(document.length), average: statistics.averageLength)
        var score = 0.0
        for (entry, frequency) in zip(entries, statistics.frequencies) {
            let count = document.count(of: entry.term)
            guard count > 0 else { continue }
            score +=
                entry.weight * bm25.rarity(documents: statistics.documents, containing: frequency)
                * bm25.impact(count: Double(count), saturation: saturation)
        }
        return score
    }

    /// The score that the query's own text would have as a document of the collection: the measure that makes scores
    /// of different queries comparable. A term that no document has counts as if one had it.
    func ownScore(in statistics: CollectionStatistics, by bm25: BM25 = .standard) -> Double {
        let saturation = bm25.saturation(length: Double(vector.length), average: statistics.averageLength)
        let documents = max(statistics.documents, 1)
        var score = 0.0
        // The first entries are the vector's terms, one for each.
        for (place, count) in vector.counts.enumerated() {
            let frequency = statistics.frequencies[place]
            score +=
                entries[place].weight * bm25.rarity(documents: documents, containing: max(frequency, 1))
                * bm25.impact(count: Double(count), saturation: saturation)
        }
        return score
    }
}
