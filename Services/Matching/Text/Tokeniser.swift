/// Cuts Korean and English text into index terms.
///
/// Hangul and Han: character bigrams inside the word, and a unigram only for a word of one syllable; measured on
/// the source documents this beats whitespace words, trigrams and particle stripping. Latin terms and numbers with
/// units are words; a joined term (`LC/MS`) gives itself without the joiner and its parts.
struct Tokeniser: Sendable {
    let thesaurus: Thesaurus

    init(thesaurus: Thesaurus = .standard) { self.thesaurus = thesaurus }

    func tokens(of text: String) -> Tokens {
        let scalars = Scalars.normalised(text)
        var tokens = Tokens()
        var compact = CompactText()
        var place = 0
        while place < scalars.count {
            switch scalars[place].scalarClass {
            case .syllable:
                let end = scalars[place...].firstIndex { $0.scalarClass != .syllable } ?? scalars.count
                tokens.runs.append(Self.syllabicRun(scalars[place..<end]))
                compact.append(part: scalars[place..<end])
                place = end
            case .letter, .digit:
                let end = Self.endOfLatinRun(scalars, from: place)
                let parts = Self.parts(of: scalars[place..<end])
                for part in parts { compact.append(part: part[...]) }
                if let joined = Self.number(parts, withUnitAfter: end, in: scalars) {
                    tokens.runs.append(joined.run)
                    compact.append(part: joined.unit[...])
                    place = joined.end
                } else {
                    tokens.runs.append(Self.latinRun(scalars[place..<end], parts: parts))
                    place = end
                }
            case .joiner, .other:
                place += 1
            }
        }
        tokens.mentions = thesaurus.mentions(in: compact)
        return tokens
    }

    func vector(of text: String) -> TermVector { tokens(of: text).vector }

    private static func syllabicRun(_ scalars: ArraySlice<Unicode.Scalar>) -> Tokens.Run {
        let units = scalars.map { UInt16(truncatingIfNeeded: $0.value) }
        var terms: [Term] = []
        if units.count == 1 {
            terms = [.single(units[0])]
        } else {
            terms.reserveCapacity(units.count - 1)
            for i in 1..<units.count { terms.append(.pair(units[i - 1], units[i])) }
        }
        return Tokens.Run(text: Array(scalars), terms: terms, isSyllabic: true)
    }

    /// The first place after a run of letters and digits; a joiner belongs to it only between two of them.
    private static func endOfLatinRun(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start
        while end < scalars.count {
            switch scalars[end].scalarClass {
            case .letter, .digit: end += 1
            case .joiner:
                guard end + 1 < scalars.count else { return end }
                switch scalars[end + 1].scalarClass {
                case .letter, .digit: end += 2
                default: return end
                }
            case .syllable, .other: return end
            }
        }
        return end
    }

    /// The parts between joiners in lower case; a point or comma between digits does not part a number, and the
    /// comma of thousands is left out. Case is kept: the thesaurus looks at it.
    private static func parts(of run: ArraySlice<Unicode.Scalar>) -> [[Unicode.Scalar]] {
        var parts: [[Unicode.Scalar]] = [[]]
        for (place, scalar) in zip(run.indices, run) {
            guard scalar.scalarClass == .joiner else {
                parts[parts.count - 1].append(scalar)
                continue
            }
            let betweenDigits =
                run[place - 1].scalarClass == .digit && place + 1 < run.endIndex
                && run[place + 1].scalarClass == .digit
            switch scalar {
            case "." where betweenDigits: parts[parts.count - 1].append(scalar)
            case "," where betweenDigits: break
            default: parts.append([])
            }
        }
        return parts.filter { !$0.isEmpty }
    }

    private static func latinRun(_ run: ArraySlice<Unicode.Scalar>, parts: [[Unicode.Scalar]]) -> Tokens.Run {
        let words = parts.map(word)
        var terms: [Term] = []
        if words.count > 1 { terms.append(.word(words.joined())) }
        for (word, part) in zip(words, parts) where words.count == 1 || part.count > 1 {
            terms.append(.word(word))
            // "TRL4" is also found by "TRL"; short heads such as the CO of CO2 would only be noise.
            let head = part.prefix { $0.scalarClass == .letter }
            if head.count >= 3, head.count < part.count { terms.append(.word(Self.word(Array(head)))) }
        }
        return Tokens.Run(text: Array(run), terms: terms, isSyllabic: false)
    }

    /// "1 nm" is the same as "1nm": a number, a space and a unit are one term.
    private static func number(
        _ parts: [[Unicode.Scalar]], withUnitAfter end: Int, in scalars: [Unicode.Scalar]
    ) -> (run: Tokens.Run, unit: [Unicode.Scalar], end: Int)? {
        guard parts.count == 1, parts[0].allSatisfy({ $0.scalarClass == .digit || $0 == "." }),
            end + 1 < scalars.count, scalars[end] == " ", scalars[end + 1].scalarClass == .letter
        else { return nil }
        let unitEnd = endOfLatinRun(scalars, from: end + 1)
        let unit = Array(scalars[(end + 1)..<unitEnd])
        guard units.contains(word(unit)) else { return nil }
        let text = parts[0] + [" "] + unit
        return (Tokens.Run(text: text, terms: [.word(word(parts[0] + unit))], isSyllabic: false), unit, unitEnd)
    }

    private static func word(_ part: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: part.map(\.lowerCased))
        return String(text)
    }

    private static let units: Set<String> = [
        "nm", "um", "mm", "cm", "m", "km", "mg", "g", "kg", "t", "ml", "ul", "l", "hz", "khz", "mhz", "ghz", "thz",
        "w", "kw", "mw", "gw", "v", "kv", "a", "ma", "ev", "kev", "mev", "db", "pa", "kpa", "mpa", "gpa", "bar", "k",
        "degc", "ppm", "ppb", "bp", "kda", "da", "rpm", "gb", "tb", "mb", "gbps", "mbps", "kwh", "mwh", "wh", "ms",
        "us", "ns", "ps", "fs", "angstrom", "inch", "m2", "m3", "gy", "tesla",
    ]
}
