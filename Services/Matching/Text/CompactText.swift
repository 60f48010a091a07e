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

    mutating func append(part: ArraySlice<Unicode.Scalar>) {
        guard !part.isEmpty else { return }
        let first = scalars.count
        for scalar in part {
            scalars.append(scalar.lowerCased.value)
            marks.append(scalar.isUpperCaseLatin ? .capital : [])
        }
        marks[first].insert(.begins)
        marks[marks.count - 1].insert(.ends)
    }

    func contains(_ wanted: [UInt32]) -> Bool {
        guard let head = wanted.first, wanted.count <= scalars.count else { return false }
        for place in 0...(scalars.count - wanted.count) where scalars[place] == head {
            if scalars[place..<(place + wanted.count)].elementsEqual(wanted) { return true }
        }
        return false
    }
}
