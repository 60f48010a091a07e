import JSON

/// A word of the query that the other text has too, and what it added to the BM25 score.
struct MatchedWord: Codable, Sendable, Hashable {
    enum Kind: String, Codable, CaseIterable, Sendable {
        case word
        /// The same thing under a name of the thesaurus, perhaps in the other language.
        case concept
        /// A related concept, to which the query was widened: counted less, and always shown.
        case related
        /// A word of the texts that were found first, to which the query was widened: counted less, and always shown.
        case expanded
    }

    let text: String
    let kind: Kind
    let contribution: Double
}

/// What two texts share, from the side of one of them.
struct Evidence: Sendable {
    /// BM25 of the query for the other text.
    let score: Double
    /// The score as a share of what the query's own text would have, 0...1.
    let share: Double
    /// Matched words, the strongest first; their contributions add up to the score.
    let words: [MatchedWord]

    /// The strongest words of the query that the other text lacks, with what they would have added at least.
    let missing: [MatchedWord]

    init(
        query: Query, tokens: Tokens, of document: TermVector, in statistics: CollectionStatistics,
        thesaurus: Thesaurus = .standard
    ) {
        let contributions = query.contributions(of: document, in: statistics)
        score = contributions.reduce(0, +)
        let own = query.ownScore(in: statistics)
        share = own > 0 ? min(1, score / own) : 0
        words = Self.words(query, tokens, contributions, thesaurus)
        let absent = zip(contributions, query.contributions(of: query.vector, in: statistics)).map { found, possible in
            found > 0 ? 0 : possible
        }
        missing = Self.words(query, tokens, absent, thesaurus)
    }

    /// Contributions of terms gathered into words that a person reads.
    private static func words(
        _ query: Query, _ tokens: Tokens, _ contributions: [Double], _ thesaurus: Thesaurus
    ) -> [MatchedWord] {
        var open: [Term: Double] = [:]
        for (entry, contribution) in zip(query.entries, contributions) where contribution > 0 {
            open[entry.term] = contribution
        }
        var words: [String: MatchedWord] = [:]
        func add(_ text: String, _ kind: MatchedWord.Kind, _ contribution: Double) {
            let before = words[text]?.contribution ?? 0
            words[text] = MatchedWord(text: text, kind: kind, contribution: before + contribution)
        }
        for run in tokens.runs {
            for (range, terms) in matchedSpans(run, open) {
                let contribution = terms.reduce(0.0) { $0 + (open.removeValue(forKey: $1) ?? 0) }
                if contribution > 0 { add(String(String.UnicodeScalarView(run.text[range])), .word, contribution) }
            }
        }
        for entry in query.entries {
            if let word = entry.word {
                let contribution = open.removeValue(forKey: entry.term) ?? 0
                if contribution > 0 { add(word, .expanded, contribution) }
                continue
            }
            guard let place = entry.term.concept, let contribution = open.removeValue(forKey: entry.term) else {
                continue
            }
            let label = thesaurus.concepts[place].label
            let name = "\(label.ko) = \(label.en)"
            guard let origin = entry.expandedFrom else {
                add(name, .concept, contribution)
                continue
            }
            add("\(thesaurus.concepts[origin].label.ko) → \(name)", .related, contribution)
        }
        return words.values.sorted { ($1.contribution, $0.text) < ($0.contribution, $1.text) }
    }

    /// The longest stretches of a run whose terms all matched: bigrams become the word again.
    private static func matchedSpans(_ run: Tokens.Run, _ open: [Term: Double]) -> [(Range<Int>, [Term])] {
        guard run.isSyllabic, run.text.count > 1 else {
            let matched = run.terms.filter { open[$0] != nil }
            return matched.isEmpty ? [] : [(0..<run.text.count, matched)]
        }
        var spans: [(Range<Int>, [Term])] = []
        for (place, term) in run.terms.enumerated() where open[term] != nil {
            if let last = spans.last, last.0.upperBound == place + 1 {
                spans[spans.count - 1] = (last.0.lowerBound..<(place + 2), last.1 + [term])
            } else {
                spans.append((place..<(place + 2), [term]))
            }
        }
        return spans
    }
}
