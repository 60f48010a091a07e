import Testing
import Vocabulary

@testable import Testbed

/// The algebra of time against a brute-force grid of minutes.
@Suite struct OccupancyTests {
    static func at(_ minute: Int) -> Instant { Instant(milliseconds: Int64(minute) * 60_000) }
    static func span(_ from: Int, _ to: Int) -> Range<Instant> { at(from)..<at(to) }
    static func minute(_ instant: Instant) -> Int { Int(instant.milliseconds / 60_000) }

    @Test func theSweepCountsUnitsAtAnInstantAndNotTheSum() {
        let occupancy = Occupancy([
            .init(range: Self.span(0, 10), units: 1), .init(range: Self.span(10, 20), units: 1),
            .init(range: Self.span(5, 15), units: 2), .init(range: Self.span(7, 7), units: 9),
        ])
        #expect(
            occupancy.steps == [
                .init(range: Self.span(0, 5), units: 1), .init(range: Self.span(5, 15), units: 3),
                .init(range: Self.span(15, 20), units: 1),
            ])
        #expect(occupancy.peak(in: Self.span(0, 20)) == 3)
        #expect(occupancy.peak(in: Self.span(0, 5)) == 1)
        #expect(occupancy.peak(in: Self.span(20, 30)) == 0)
    }

    @Test func spansJoinWhatTouchesAndKeepTheEndOut() {
        let spans = Spans(merging: [Self.span(10, 20), Self.span(0, 10), Self.span(30, 40), Self.span(33, 35)])
        #expect(spans.ranges == [Self.span(0, 20), Self.span(30, 40)])
        #expect(
            spans.subtracting(Spans(merging: [Self.span(5, 8), Self.span(15, 32)])).ranges == [
                Self.span(0, 5), Self.span(8, 15), Self.span(32, 40),
            ])
        #expect(spans.covers(Self.span(0, 20)))
        #expect(!spans.covers(Self.span(15, 31)))
        #expect(!spans.contains(Self.at(20)))
        #expect(spans.clamped(to: Self.span(18, 31)).ranges == [Self.span(18, 20), Self.span(30, 31)])
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func freeTimeIsExactlyTheComplementOnAGridOfMinutes(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let horizon = 240
        let capacity = Int.random(in: 1...4, using: &random)
        let buffer = [0, 0, 1, 7, 30].randomElement(using: &random) ?? 0
        var uses: [Occupancy.Use] = []
        var grid = [Int](repeating: 0, count: horizon + 100)
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let start = Int.random(in: 0..<horizon, using: &random)
            let end = min(horizon, start + Int.random(in: 0...60, using: &random))
            let units = Int.random(in: 1...2, using: &random)
            uses.append(.init(range: Self.span(start, end), units: units))
            for minute in start..<end { grid[minute] += units }
        }
        var open: [Range<Instant>] = []
        var isOpen = [Bool](repeating: false, count: horizon + 1)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let start = Int.random(in: 0..<horizon, using: &random)
            let end = Int.random(in: start...horizon, using: &random)
            open.append(Self.span(start, end))
            for minute in start..<end { isOpen[minute] = true }
        }

        let occupancy = Occupancy(uses)
        for minute in 0..<horizon { #expect(occupancy.peak(in: Self.span(minute, minute + 1)) == grid[minute]) }
        let free = occupancy.lookingAhead(seconds: Int64(buffer) * 60)
            .free(during: Spans(merging: open), capacity: capacity)
        // A body at a minute needs its units from then until the buffer has passed: any instant of the minute does, so
        // the grid's window is the minute and the buffer after it. (Levels change at whole minutes only.)
        var left = [Int](repeating: 0, count: horizon)
        for minute in 0..<horizon where isOpen[minute] {
            left[minute] = max(0, capacity - (grid[minute...minute + buffer].max() ?? 0))
        }
        var seen = [Int](repeating: 0, count: horizon)
        for piece in free {
            #expect(piece.start < piece.end && piece.units > 0)
            for minute in Self.minute(piece.start)..<Self.minute(piece.end) { seen[minute] += piece.units }
        }
        // With a buffer an instant inside a minute looks past the next minute's edge, so pieces end at whole minutes
        // and the two agree on every minute.
        #expect(seen == left, "seed \(seed)")
        for (piece, following) in zip(free, free.dropFirst()) {
            #expect(piece.end < following.start || piece.end == following.start && piece.units != following.units)
        }
        checkStretches(free, left, seed, &random)
    }

    private func checkStretches(_ free: [FreeTime], _ left: [Int], _ seed: UInt64, _ random: inout SeededRandom) {
        let units = Int.random(in: 1...3, using: &random)
        let stretches = FreeTime.stretches(of: free, atLeast: units)
        var covered = [Bool](repeating: false, count: left.count)
        for stretch in stretches {
            let minutes = Self.minute(stretch.start)..<Self.minute(stretch.end)
            #expect(left[minutes].min() == stretch.units)
            for minute in minutes { covered[minute] = true }
        }
        #expect(covered == left.map { $0 >= units }, "seed \(seed)")

        let start = Int.random(in: 0..<200, using: &random)
        let length = Int.random(in: 1...40, using: &random)
        func fits(_ at: Int) -> Bool {
            at >= 0 && at + length <= left.count && left[at..<at + length].allSatisfy { $0 >= units }
        }
        let near = FreeTime.nearest(to: Self.span(start, start + length), in: stretches, before: 1, after: 1)
        for slot in near { #expect(fits(Self.minute(slot.start)), "seed \(seed)") }
        #expect(
            near.last { Self.minute($0.start) >= start }.map { Self.minute($0.start) }
                == (start..<240).first(where: fits))
        // A stretch that goes on past the wish offers the wish itself, so an earlier one is the nearest only if it ends.
        let before = (0..<start).last(where: fits)
        let offered = near.first { Self.minute($0.start) < start }.map { Self.minute($0.start) }
        if let before, !fits(start) { #expect(offered == before, "seed \(seed)") }
    }
}
