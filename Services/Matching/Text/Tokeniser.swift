/// Cuts Korean and English text into index terms.
///
/// Hangul and Han: character bigrams inside the word, and a unigram only for a word of one syllable; measured on
/// the source documents this beats whitespace words, trigrams and particle stripping. Latin terms and numbers with
/// units are words; a joined term (`LC/MS`) gives itself without the joiner and its parts.
struct Tokeniser: Sendable {
    let thesaurus: Thesaurus

    init(thesaurus: Thesaurus = .standard) { self.thesaurus = thesaurus }

    func tokens(of text: String) -> Tokens {
        var cut = Cut(Scalars.normalised(text))
        cut.all()
        return Tokens(
            text: cut.text, pieces: cut.pieces, terms: cut.terms, mentions: thesaurus.mentions(in: cut.compact))
    }

    func vector(of text: String) -> TermVector { tokens(of: text).vector }
}

/// One text while it is cut: from left to right, with what came out so far.
private struct Cut {
    let text: [Unicode.Scalar]
    var pieces: [Tokens.Piece] = []
    var terms: [Term] = []
    /// The same words without what joins them: a Latin word's parts are looked at here.
    var compact = CompactText()
    /// The parts of the Latin word at hand, as places in `compact`.
    private var parts: [Range<Int>] = []

    init(_ text: [Unicode.Scalar]) {
        self.text = text
        pieces.reserveCapacity(text.count / 3)
        terms.reserveCapacity(text.count)
        compact.reserveCapacity(text.count)
    }

    mutating func all() {
        var place = 0
        while place < text.count {
            switch text[place].scalarClass {
            case .syllable: place = syllables(from: place)
            case .letter, .digit: place = latin(from: place)
            case .joiner, .other: place += 1
            }
        }
    }

    private mutating func syllables(from start: Int) -> Int {
        let first = terms.count
        var before = UInt16(truncatingIfNeeded: text[start].value)
        var end = start + 1
        while end < text.count, text[end].scalarClass == .syllable {
            let next = UInt16(truncatingIfNeeded: text[end].value)
            terms.append(.pair(before, next))
            before = next
            end += 1
        }
        if end == start + 1 { terms.append(.single(before)) }
        compact.append(part: text[start..<end])
        pieces.append(Tokens.Piece(text: start..<end, terms: first..<terms.count, isSyllabic: true))
        return end
    }

    private mutating func latin(from start: Int) -> Int {
        let first = terms.count
        var end = endOfLatinRun(from: start)
        takeParts(of: start..<end)
        if let unitEnd = endOfUnit(after: end) {
            // "1 nm" is the same as "1nm": a number, a space and a unit are one term.
            let number = compact.scalars.count - parts[0].count
            compact.append(part: text[(end + 1)..<unitEnd])
            terms.append(word(number..<compact.scalars.count))
            end = unitEnd
        } else {
            addWords()
        }
        pieces.append(Tokens.Piece(text: start..<end, terms: first..<terms.count, isSyllabic: false))
        return end
    }

    /// The first place after a run of letters and digits; a joiner belongs to it only between two of them.
    private func endOfLatinRun(from start: Int) -> Int {
        var end = start
        while end < text.count {
            switch text[end].scalarClass {
            case .letter, .digit: end += 1
            case .joiner:
                guard end + 1 < text.count else { return end }
                switch text[end + 1].scalarClass {
                case .letter, .digit: end += 2
                default: return end
                }
            case .syllable, .other: return end
            }
        }
        return end
    }

    /// The parts between joiners; a point or comma between digits does not part a number, and the comma of thousands is
    /// left out.
    private mutating func takeParts(of run: Range<Int>) {
        parts.removeAll(keepingCapacity: true)
        var first = compact.scalars.count
        for place in run {
            let scalar = text[place]
            guard scalar.scalarClass == .joiner else {
                compact.append(scalar)
                continue
            }
            let betweenDigits =
                text[place - 1].scalarClass == .digit && place + 1 < run.upperBound
                && text[place + 1].scalarClass == .digit
            switch scalar {
            case "." where betweenDigits: compact.append(scalar)
            case "," where betweenDigits: break
            default:
                endPart(&first)
            }
        }
        endPart(&first)
    }

    private mutating func endPart(_ first: inout Int) {
        let end = compact.scalars.count
        guard first < end else { return }
        compact.mark(wordAt: first..<end)
        parts.append(first..<end)
        first = end
    }

    private mutating func addWords() {
        guard let start = parts.first?.lowerBound, let end = parts.last?.upperBound else { return }
        if parts.count > 1 { terms.append(word(start..<end)) }
        for part in parts where parts.count == 1 || part.count > 1 {
            terms.append(word(part))
            // "TRL4" is also found by "TRL"; short heads such as the CO of CO2 would only be noise.
            let head = compact.scalars[part].prefix { Unicode.Scalar($0)?.scalarClass == .letter }.count
            if head >= 3, head < part.count { terms.append(word(part.prefix(head))) }
        }
    }

    /// Where the unit ends that stands one space after a number.
    private func endOfUnit(after end: Int) -> Int? {
        guard parts.count == 1, end + 1 < text.count, text[end] == " ", text[end + 1].scalarClass == .letter,
            compact.scalars[parts[0]].allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
        else { return nil }
        let unitEnd = endOfLatinRun(from: end + 1)
        var unit = WordTerm()
        for scalar in text[(end + 1)..<unitEnd] { unit.append(scalar.lowerCased.value) }
        return Self.units.contains(unit.term) ? unitEnd : nil
    }

    private func word(_ range: Range<Int>) -> Term {
        var word = WordTerm()
        for place in range { word.append(compact.scalars[place]) }
        return word.term
    }

    private static let units: Set<Term> = Set(
        [
            "nm", "um", "mm", "cm", "m", "km", "mg", "g", "kg", "t", "ml", "ul", "l", "hz", "khz", "mhz", "ghz", "thz",
            "w", "kw", "mw", "gw", "v", "kv", "a", "ma", "ev", "kev", "mev", "db", "pa", "kpa", "mpa", "gpa", "bar",
            "k", "degc", "ppm", "ppb", "bp", "kda", "da", "rpm", "gb", "tb", "mb", "gbps", "mbps", "kwh", "mwh", "wh",
            "ms", "us", "ns", "ps", "fs", "angstrom", "inch", "m2", "m3", "gy", "tesla",
        ].map { Term.word($0) })
}
