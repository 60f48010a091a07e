import JSON

/// A query widened by words of what it found first (RM3: Lavrenko and Croft 2001, Abdul-Jaleel and others 2004).
///
/// Where many texts answer a need this finds more of them; where one does it only dilutes, as published figures and our
/// own known items show. So it is done only where the first pass found little, and what was added is always told.
struct Widening: Sendable {
    /// A word of the first texts that now asks too.
    struct Word: Codable, Sendable, Hashable {
        let text: String
        /// What it is worth beside the asker's own words, which are worth 1.
        let weight: Double
        /// The texts it came from.
        let from: [String]
    }

    /// How many of the first texts are read, how many words are taken, and the share of the query that stays its own.
    static let documents = 4
    static let wordCount = 10
    static let ownShare = 0.7
    /// A best text that reaches less of the query's own score than this is a weak find. Chosen on the tuning half.
    static let weakShare = 0.3
    let query: Query
    let words: [Word]

    /// How many were found says nothing: in a young exchange one may be all there is.
    ///
    /// - Parameter share: of the best text.
    static func isWeak(_ share: Double) -> Bool { share < weakShare }

    /// Nil when the texts have nothing to add.
    ///
    /// - Parameter first: the best texts of the first pass with their names and scores, best first.
    init?(_ query: Query, _ first: [(name: String, tokens: Tokens, score: Double)], _ thesaurus: Thesaurus) {
        let first = first.prefix(Self.documents)
        let sum = first.reduce(0) { $0 + $1.score }
        guard sum > 0 else { return nil }
        let asked = Set(query.entries.map(\.term))
        var found: [String: (terms: Set<Term>, mass: Double, from: [String])] = [:]
        for one in first {
            let read = one.tokens.words(thesaurus)
            let length = read.reduce(0) { $0 + $1.terms.count }
            for (text, terms) in read {
                let new = terms.filter { !asked.contains($0) && CommonWords.weight(of: $0) == 1 }
                // A word of which most was asked already adds only its ending.
                guard !new.isEmpty, new.count * 2 > terms.count else { continue }
                let mass = one.score / sum * Double(new.count) / Double(max(length, 1))
                found[text, default: ([], 0, [])].terms.formUnion(new)
                found[text, default: ([], 0, [])].mass += mass
                if found[text]?.from.last != one.name { found[text]?.from.append(one.name) }
            }
        }
        let best = found.sorted { ($1.value.mass, $0.key) < ($0.value.mass, $1.key) }.prefix(Self.wordCount)
        let mass = best.reduce(0) { $0 + $1.value.mass }
        guard mass > 0 else { return nil }
        let own = query.entries.reduce(0) { $0 + ($1.expandedFrom == nil ? $1.weight : 0) }
        let room = own * (1 - Self.ownShare) / Self.ownShare
        var entries = query.entries
        var added = asked
        var words: [Word] = []
        for (text, word) in best {
            let weight = min(Self.weightLimit, room * word.mass / mass / Double(word.terms.count))
            words.append(Word(text: text, weight: weight, from: word.from))
            for term in word.terms.sorted(by: { $0.bits < $1.bits }) where added.insert(term).inserted {
                entries.append(Query.Entry(term: term, weight: weight, expandedFrom: nil, word: text))
            }
        }
        self.query = Query(entries, vector: query.vector)
        self.words = words
    }

    /// No added word may outweigh one that was asked.
    private static let weightLimit = 0.5
}

extension Tokens {
    /// The words of the text with their terms; a concept under its label.
    fileprivate func words(_ thesaurus: Thesaurus) -> [(text: String, terms: [Term])] {
        runs.map { (String(String.UnicodeScalarView($0.text)), $0.terms) }
            + mentions.map { (thesaurus.concepts[$0].label.ko, [.concept($0)]) }
    }
}
