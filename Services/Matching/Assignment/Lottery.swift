/// The order in which ties are broken, drawn once for each side and part of the result: the same seed gives the same
/// order anywhere.
///
/// SplitMix64 (Steele, Lea, Flood 2014) started with the seed; for each side, applicants first, a Fisher-Yates shuffle
/// from the last place to the second, taking `next() % (place + 1)`. Of two equally liked, the one drawn earlier wins.
struct Lottery: Codable, Sendable, Hashable {
    static let rule = "splitmix64 fisher-yates"

    /// 0 to 2^53 - 1, so that every language reads it unchanged.
    let seed: Int64
    let rule: String
    /// Identifiers in the order drawn.
    let applicants: [String]
    let hosts: [String]

    static let seeds: ClosedRange<Int64> = 0...(1 << 53 - 1)

    init(seed: Int64, applicants: [String], hosts: [String]) {
        var generator = SplitMix64(state: UInt64(bitPattern: seed))
        self.seed = seed
        rule = Self.rule
        self.applicants = generator.shuffled(applicants.count).map { applicants[$0] }
        self.hosts = generator.shuffled(hosts.count).map { hosts[$0] }
    }
}

struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func shuffled(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(place, Int(next() % UInt64(place + 1)))
        }
        return order
    }
}
