/// The numbers of the documents of a block that are gone: one bit each, made when the first one goes.
struct Tombstones: Sendable {
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    init() {}

    init(words: [UInt64]) {
        self.words = words
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    func contains(_ number: Int) -> Bool {
        let word = number >> 6
        return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
    }

    mutating func insert(_ number: Int) {
        let word = number >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64(number & 63)
        count += 1
    }

    /// The numbers that are here and were not in `earlier`.
    func numbers(since earlier: Tombstones = Tombstones()) -> [Int] {
        words.enumerated().flatMap { place, word in
            var left = word & ~(place < earlier.words.count ? earlier.words[place] : 0)
            var numbers: [Int] = []
            while left != 0 {
                numbers.append(place << 6 | left.trailingZeroBitCount)
                left &= left - 1
            }
            return numbers
        }
    }
}
