import Foundation

/// How many seeded runs each simulation makes: its standard in `make test`, or what `IEUM_SIMULATIONS` asks for. A
/// failure names its seed, and the same seed is the same run.
enum SimulationRuns {
    /// The parts that run side by side.
    static let parts = 0..<8

    static func seeds(of part: Int, standard: Int) -> Range<UInt64> {
        let wanted = ProcessInfo.processInfo.environment["IEUM_SIMULATIONS"].flatMap(Int.init) ?? standard
        let each = UInt64(max(1, wanted / parts.count))
        return UInt64(part) * each..<UInt64(part + 1) * each
    }
}

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { number(in: 0...99) < percent }
    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }
    mutating func index(of list: some Collection) -> Int { number(in: 0...list.count - 1) }
}
