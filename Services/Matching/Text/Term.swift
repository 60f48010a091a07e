/// One entry of the text index's vocabulary.
enum Term: Hashable, Sendable {
    /// Two neighbouring syllables of one word (the first in the upper 16 bits), or a syllable that stands alone
    /// (lower half 0). Hangul syllables and the common Han characters all fit into 16 bits.
    case syllables(UInt32)
    /// A Latin term or a number with its unit, in lower case, without joiners: `gcms`, `1nm`.
    case word(String)
    /// A concept of the thesaurus, so that the Korean and the English name of one thing are one unit.
    case concept(String)

    static func pair(_ first: UInt16, _ second: UInt16) -> Term { .syllables(UInt32(first) << 16 | UInt32(second)) }
    static func single(_ syllable: UInt16) -> Term { .syllables(UInt32(syllable) << 16) }
}

/// The distinct terms of a text in the order of their first appearance, with how often each occurs.
struct TermVector: Sendable {
    private(set) var terms: [Term] = []
    private(set) var counts: [UInt32] = []
    /// The number of term occurrences, the length that BM25 normalises by.
    private(set) var length: UInt32 = 0
    private var places: [Term: Int] = [:]

    mutating func add(_ term: Term) {
        length += 1
        if let place = places[term] {
            counts[place] += 1
        } else {
            places[term] = terms.count
            terms.append(term)
            counts.append(1)
        }
    }

    func count(of term: Term) -> UInt32 { places[term].map { counts[$0] } ?? 0 }
}

/// A text cut into terms, with what is needed to show a reader which of his words matched.
struct Tokens: Sendable {
    /// A stretch of one script as it was written, and the terms it gave.
    struct Run: Sendable {
        var text: [Unicode.Scalar]
        var terms: [Term]
        var isSyllabic: Bool
    }

    /// A concept found in the text, with the words that named it.
    struct Mention: Sendable, Hashable {
        let concept: String
        let surface: String
    }

    var runs: [Run] = []
    var mentions: [Mention] = []

    var vector: TermVector {
        var vector = TermVector()
        for run in runs { for term in run.terms { vector.add(term) } }
        for mention in mentions { vector.add(.concept(mention.concept)) }
        return vector
    }
}
