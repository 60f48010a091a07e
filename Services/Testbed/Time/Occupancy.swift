import Vocabulary

/// How many units of one resource are in use, as a step function of time.
///
/// The check that keeps a resource within its capacity is `peak`: the highest number of units in use at one
/// instant of a window, not the sum over the bookings that touch it (two bookings one after the other use one unit).
struct Occupancy: Sendable, Hashable {
    /// Units in use over a half-open range. As input these may overlap.
    struct Use: Sendable, Hashable {
        let range: Range<Instant>
        let units: Int
    }

    /// Sorted, disjoint, units above zero, neighbours with equal units joined.
    let steps: [Use]

    /// A sweep over the ends: what ends at an instant is gone before what starts there counts.
    init(_ uses: [Use]) {
        var changes: [(at: Instant, by: Int)] = []
        changes.reserveCapacity(uses.count * 2)
        for use in uses where !use.range.isEmpty && use.units != 0 {
            changes.append((use.range.lowerBound, use.units))
            changes.append((use.range.upperBound, -use.units))
        }
        changes.sort { $0.at < $1.at }
        var steps: [Use] = []
        var level = 0
        for (index, change) in changes.enumerated() {
            level += change.by
            guard index + 1 < changes.count else { break }
            let next = changes[index + 1].at
            if change.at < next { Self.append(change.at..<next, level, to: &steps) }
        }
        self.steps = steps
    }

    private init(steps: [Use]) { self.steps = steps }

    /// The highest use at any instant of `window`.
    func peak(in window: Range<Instant>) -> Int {
        steps.reduce(0) { $1.range.overlaps(window) ? max($0, $1.units) : $0 }
    }

    /// For every instant the highest use from it until `seconds` later.
    ///
    /// A booking keeps its resource for the buffer after its end. A body at an instant is possible when the units are
    /// there from that instant until the buffer has passed, which is this function. (Adding the buffers of others in
    /// front of them instead would count two bookings that follow each other as if they overlapped.)
    func lookingAhead(seconds: Int64) -> Occupancy {
        guard seconds > 0 else { return self }
        let early = steps.map {
            Use(range: $0.range.lowerBound.adding(seconds: -seconds)..<$0.range.upperBound, units: $0.units)
        }
        let marks = Set(early.flatMap { [$0.range.lowerBound, $0.range.upperBound] }).sorted()
        var highest: [Use] = []
        // Starts and ends of `early` are both in order, so the steps that cover a mark are a sliding window; the
        // queue keeps those that can still be the highest, with units falling.
        var queue: ArraySlice<Use> = []
        var next = 0
        for (mark, following) in zip(marks, marks.dropFirst()) {
            while next < early.count, early[next].range.lowerBound <= mark {
                while let last = queue.last, last.units <= early[next].units { queue.removeLast() }
                queue.append(early[next])
                next += 1
            }
            while let first = queue.first, first.range.upperBound <= mark { queue.removeFirst() }
            if let first = queue.first { Self.append(mark..<following, first.units, to: &highest) }
        }
        return Occupancy(steps: highest)
    }

    /// What is left of `capacity` during `open`: the exact complement, pieces with no unit left are absent.
    func free(during open: Spans, capacity: Int) -> [FreeTime] {
        var free: [FreeTime] = []
        var next = 0
        func add(_ range: Range<Instant>, _ units: Int) {
            guard units > 0, !range.isEmpty else { return }
            if let last = free.last, last.end == range.lowerBound, last.units == units {
                free[free.count - 1] = FreeTime(start: last.start, end: range.upperBound, units: units)
            } else {
                free.append(FreeTime(start: range.lowerBound, end: range.upperBound, units: units))
            }
        }
        for range in open.ranges {
            var start = range.lowerBound
            while next < steps.count, steps[next].range.upperBound <= start { next += 1 }
            var index = next
            while index < steps.count, steps[index].range.lowerBound < range.upperBound {
                let step = steps[index]
                if start < step.range.lowerBound { add(start..<step.range.lowerBound, capacity) }
                let end = min(step.range.upperBound, range.upperBound)
                add(max(start, step.range.lowerBound)..<end, capacity - step.units)
                start = end
                index += 1
            }
            if start < range.upperBound { add(start..<range.upperBound, capacity) }
        }
        return free
    }

    private static func append(_ range: Range<Instant>, _ units: Int, to steps: inout [Use]) {
        guard units > 0 else { return }
        if let last = steps.last, last.range.upperBound == range.lowerBound, last.units == units {
            steps[steps.count - 1] = Use(range: last.range.lowerBound..<range.upperBound, units: units)
        } else {
            steps.append(Use(range: range, units: units))
        }
    }
}

/// A time at which `units` of a resource can be had, `[start, end)`.
struct FreeTime: Codable, Sendable, Hashable {
    let start: Instant
    let end: Instant
    let units: Int

    var range: Range<Instant> { start..<end }

    /// The longest stretches during which at least `units` are left; each says the least that is left through it.
    static func stretches(of free: [FreeTime], atLeast units: Int) -> [FreeTime] {
        var joined: [FreeTime] = []
        for piece in free where piece.units >= units {
            if let last = joined.last, last.end == piece.start {
                joined[joined.count - 1] = FreeTime(
                    start: last.start, end: piece.end, units: min(last.units, piece.units))
            } else {
                joined.append(piece)
            }
        }
        return joined
    }

    /// The times of the same length as `wish` nearest to it, at most `before` that start earlier and `after` that
    /// start later, in the order of time. `stretches` must be in order and free for the wished units.
    static func nearest(
        to wish: Range<Instant>, in stretches: [FreeTime], before: Int = 2, after: Int = 3
    ) -> [FreeTime] {
        let length = wish.upperBound.milliseconds - wish.lowerBound.milliseconds
        let slots = stretches.compactMap { stretch -> FreeTime? in
            let latest = stretch.end.adding(milliseconds: -length)
            guard stretch.start <= latest else { return nil }
            let start = min(max(wish.lowerBound, stretch.start), latest)
            return FreeTime(start: start, end: start.adding(milliseconds: length), units: stretch.units)
        }
        let earlier = slots.filter { $0.start < wish.lowerBound }.suffix(before)
        let later = slots.filter { $0.start >= wish.lowerBound }.prefix(after)
        return Array(earlier) + later
    }
}
