/// Which of many words may begin at a place of a text, by their first two characters. One bit for each of 65,536 slots
/// that pairs fall on answers for most places that none does.
struct Beginnings: Sendable {
    private var bits = [UInt64](repeating: 0, count: 1_024)
    /// The places of the words in their list, in its order.
    private var words: [UInt64: [Int]] = [:]
    /// Those of one character only.
    private var alone: [UInt32: [Int]] = [:]

    init(_ list: [[UInt32]]) {
        for (place, word) in list.enumerated() where !word.isEmpty {
            guard word.count > 1 else {
                alone[word[0], default: []].append(place)
                continue
            }
            words[Self.key(word[0], word[1]), default: []].append(place)
            let slot = Self.slot(word[0], word[1])
            bits[slot >> 6] |= 1 << UInt64(slot & 63)
        }
    }

    /// False when none begins here; true when one may.
    func mayBegin(_ text: [UInt32], at place: Int) -> Bool {
        if place + 1 < text.count {
            let slot = Self.slot(text[place], text[place + 1])
            if bits[slot >> 6] & (1 << UInt64(slot & 63)) != 0 { return true }
        }
        return !alone.isEmpty && alone[text[place]] != nil
    }

    /// Those whose first two characters stand here.
    func candidates(_ text: [UInt32], at place: Int) -> [Int] {
        let pair = place + 1 < text.count ? words[Self.key(text[place], text[place + 1])] ?? [] : []
        return alone.isEmpty ? pair : pair + (alone[text[place]] ?? [])
    }

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    private static func slot(_ first: UInt32, _ second: UInt32) -> Int {
        Int(((first &* 0x9E37_79B1) ^ (second &* 0x85EB_CA77)) >> 16)
    }
}
