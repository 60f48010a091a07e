import Testing
import Vocabulary

@testable import Talent

/// SplitMix64: small, seeded, the same everywhere.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

@Suite struct SharesTests {
    private func span(_ start: Int, _ end: Int, _ share: Int) -> ShareSpan {
        ShareSpan(start: Day(number: start), end: Day(number: end), share: share)
    }

    private func sum(_ spans: [ShareSpan], on day: Int) -> Int {
        spans.reduce(0) { $0 + ($1.start.number <= day && day < $1.end.number ? $1.share : 0) }
    }

    private func spans(_ random: inout Seeded) -> [ShareSpan] {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let start = Int.random(in: -5...45, using: &random)
            return span(start, start + Int.random(in: 1...20, using: &random), Int.random(in: 1...100, using: &random))
        }
    }

    @Test(arguments: UInt64(0)..<1_000)
    func agreesWithADayGrid(seed: UInt64) {
        var random = Seeded(state: seed)
        let (available, taken) = (spans(&random), spans(&random))
        let start = Int.random(in: 0...30, using: &random)
        let end = start + Int.random(in: 1...30, using: &random)
        let free = Shares.free(from: Day(number: start), to: Day(number: end), available: available, taken: taken)
        // The spans cover the period, adjoin, and differ from their neighbours.
        #expect(free.first?.start.number == start && free.last?.end.number == end)
        for (one, next) in zip(free, free.dropFirst()) { #expect(one.end == next.start && one.share != next.share) }
        var good = 0
        for day in start..<end {
            let expected = max(0, min(100, sum(available, on: day)) - sum(taken, on: day))
            #expect(sum(free, on: day) == expected, "seed \(seed), day \(day)")
            good += expected >= 50 ? 1 : 0
        }
        #expect(Shares.part(50, of: free) == Double(good) / Double(end - start))
        #expect(Shares.fits(50, in: free) == (good == end - start))
        let excess = Shares.excess(available: available, taken: taken)
        for day in -10..<80 {
            let tooMuch = max(0, sum(taken, on: day) - min(100, sum(available, on: day)))
            #expect(sum(excess, on: day) == tooMuch, "seed \(seed), day \(day)")
        }
    }

    @Test func hasNothingInAnEmptyPeriod() {
        #expect(Shares.free(from: Day(number: 5), to: Day(number: 5), available: [span(0, 9, 100)], taken: []).isEmpty)
        #expect(Shares.part(1, of: []) == 0)
    }

    @Test func lastDayIsNotIncluded() {
        let free = Shares.free(
            from: Day(number: 0), to: Day(number: 4), available: [span(0, 4, 60)], taken: [span(0, 2, 60)])
        #expect(free == [span(0, 2, 0), span(2, 4, 60)])
    }
}
