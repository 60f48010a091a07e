/// One entry of the text index's vocabulary, in one word, so that it is compared and hashed without touching memory
/// elsewhere. The two highest bits say what it is.
struct Term: Hashable, Sendable {
    let bits: UInt64

    private static let shortWord: UInt64 = 1 << 62
    private static let longWord: UInt64 = 2 << 62
    private static let conceptTag: UInt64 = 3 << 62

    /// Two neighbouring syllables of one word. Hangul syllables and the common Han characters all fit into 16 bits.
    static func pair(_ first: UInt16, _ second: UInt16) -> Term { Term(bits: UInt64(first) << 16 | UInt64(second)) }

    /// A syllable that stands alone.
    static func single(_ syllable: UInt16) -> Term { Term(bits: UInt64(syllable) << 16) }

    /// A concept of the thesaurus by its place there, so that the Korean and the English name of one thing are one unit.
    static func concept(_ place: Int) -> Term { Term(bits: conceptTag | UInt64(place)) }

    /// A Latin term or a number with its unit, in lower case, without joiners: `gcms`, `1nm`.
    static func word(_ text: String) -> Term {
        var word = WordTerm()
        for scalar in text.unicodeScalars { word.append(scalar.value) }
        return word.term
    }

    fileprivate static func word(_ bytes: UInt64, hash: UInt64, count: Int) -> Term {
        Term(bits: count <= 7 ? shortWord | bytes : longWord | (hash ^ (hash >> 29)) >> 2)
    }

    /// The place of a concept in the thesaurus, nil for other terms.
    var concept: Int? { bits >> 62 == 3 ? Int(bits & 0xFFFF_FFFF) : nil }
}

extension Term: CustomStringConvertible {
    var description: String {
        switch bits >> 62 {
        case 0:
            let units = [bits >> 16 & 0xFFFF, bits & 0xFFFF].filter { $0 != 0 }
            return String(decoding: units.map { UInt16($0) }, as: UTF16.self)
        case 1:
            let bytes = stride(from: 48, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
            return String(decoding: bytes.drop { $0 == 0 }, as: UTF8.self)
        case 2: return "word \(String(bits & ~Term.conceptTag, radix: 16))"
        default: return "concept \(bits & 0xFFFF_FFFF)"
        }
    }
}

/// The term of a word, made from its characters one by one. Up to seven bytes of UTF-8 are kept as they are; of longer
/// words 62 bits of a hash (FNV-1a, mixed): that two of a million words meet has a chance of one in ten million, and
/// would only add a match.
struct WordTerm {
    private var bytes: UInt64 = 0
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private var count = 0

    mutating func append(_ scalar: UInt32) {
        if scalar < 0x80 { return append(byte: UInt8(scalar)) }
        for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
            append(byte: byte)
        }
    }

    private mutating func append(byte: UInt8) {
        bytes = bytes << 8 | UInt64(byte)
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        count += 1
    }

    var term: Term { .word(bytes, hash: (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15, count: count) }
}

/// The distinct terms of a text in their order, with how often each occurs: two arrays, found by halving.
struct TermVector: Sendable {
    let terms: [Term]
    let counts: [UInt16]
    /// The number of term occurrences, the length that BM25 normalises by.
    let length: Int

    init() { self.init([]) }

    /// - Parameter occurrences: every term as often as it occurs, in any order.
    init(_ occurrences: consuming [Term]) {
        var sorted = occurrences
        sorted.sort { $0.bits < $1.bits }
        var terms: [Term] = []
        var counts: [UInt16] = []
        terms.reserveCapacity(sorted.count)
        counts.reserveCapacity(sorted.count)
        for term in sorted {
            if terms.last == term {
                counts[counts.count - 1] = counts[counts.count - 1].addingWithoutOverflow(1)
            } else {
                terms.append(term)
                counts.append(1)
            }
        }
        self.init(terms: terms, counts: counts, length: sorted.count)
    }

    /// - Parameter terms: distinct and in ascending order.
    init(terms: [Term], counts: [UInt16], length: Int) {
        self.terms = terms
        self.counts = counts
        self.length = length
    }

    func count(of term: Term) -> UInt16 {
        var low = 0
        var high = terms.count
        while low < high {
            let middle = (low + high) / 2
            if terms[middle].bits < term.bits { low = middle + 1 } else { high = middle }
        }
        return low < terms.count && terms[low] == term ? counts[low] : 0
    }

    /// The concepts that the text names. Their terms are the last ones.
    var concepts: [Int] { terms.reversed().prefix { $0.concept != nil }.compactMap(\.concept) }
}

extension UInt16 {
    fileprivate func addingWithoutOverflow(_ more: UInt16) -> UInt16 { self > .max - more ? .max : self + more }
}

/// A text cut into terms, with what is needed to show a reader which of his words matched.
struct Tokens: Sendable {
    /// A stretch of one script as it was written, and the terms it gave.
    struct Run: Sendable {
        let text: [Unicode.Scalar]
        let terms: [Term]
        let isSyllabic: Bool
    }

    /// The same by its places.
    struct Piece: Sendable {
        let text: Range<Int>
        let terms: Range<Int>
        let isSyllabic: Bool
    }

    private let text: [Unicode.Scalar]
    private let pieces: [Piece]
    private let terms: [Term]
    /// The concepts that the text names, by their place in the thesaurus, each as often as it is named.
    let mentions: [Int]

    init(text: [Unicode.Scalar], pieces: [Piece], terms: [Term], mentions: [Int]) {
        self.text = text
        self.pieces = pieces
        self.terms = terms
        self.mentions = mentions
    }

    var runs: [Run] {
        pieces.map { Run(text: Array(text[$0.text]), terms: Array(terms[$0.terms]), isSyllabic: $0.isSyllabic) }
    }

    var vector: TermVector {
        var occurrences = terms
        for mention in mentions { occurrences.append(.concept(mention)) }
        return TermVector(occurrences)
    }
}
