/// A text without spaces and joiners, in lower case, that remembers where words began and ended and what was in
/// capitals; the thesaurus looks for its variants here, so that 질량 분석, 질량분석 and 질량-분석 are the same.
struct CompactText {
    struct Marks: OptionSet {
        let rawValue: UInt8
        static let begins = Marks(rawValue: 1)
        static let ends = Marks(rawValue: 2)
        static let capital = Marks(rawValue: 4)
    }

    private(set) var scalars: [UInt32] = []
    private(set) var marks: [Marks] = []

    mutating func reserveCapacity(_ count: Int) {
        scalars.reserveCapacity(count)
        marks.reserveCapacity(count)
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        scalars.append(scalar.lowerCased.value)
        marks.append(scalar.isUpperCaseLatin ? .capital : [])
    }

    /// What was appended to these places is a word.
    mutating func mark(wordAt range: Range<Int>) {
        marks[range.lowerBound].insert(.begins)
        marks[range.upperBound - 1].insert(.ends)
    }

    mutating func append(part: ArraySlice<Unicode.Scalar>) {
        guard !part.isEmpty else { return }
        let first = scalars.count
        for scalar in part { append(scalar) }
        mark(wordAt: first..<scalars.count)
    }

    func contains(_ wanted: [UInt32]) -> Bool {
        guard !wanted.isEmpty, wanted.count <= scalars.count else { return false }
        return (0...(scalars.count - wanted.count)).contains { stands(wanted, at: $0) }
    }

    func stands(_ wanted: [UInt32], at place: Int) -> Bool {
        guard place + wanted.count <= scalars.count else { return false }
        for offset in wanted.indices where scalars[place + offset] != wanted[offset] { return false }
        return true
    }
}
