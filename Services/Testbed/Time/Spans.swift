import Vocabulary

/// A set of points in time, kept as sorted half-open ranges that neither touch nor overlap.
///
/// Opening hours, closures and bookable time are all of this shape, so "open, not closed and not taken" is
/// written as set algebra and every function here costs one pass.
struct Spans: Sendable, Hashable {
    let ranges: [Range<Instant>]

    static let none = Spans(sorted: [])

    /// Sorts, drops what is empty and joins what touches.
    init(merging parts: [Range<Instant>]) {
        var merged: [Range<Instant>] = []
        for part in parts.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, part.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
            } else {
                merged.append(part)
            }
        }
        ranges = merged
    }

    private init(sorted: [Range<Instant>]) { ranges = sorted }

    /// What lies inside `window`.
    func clamped(to window: Range<Instant>) -> Spans {
        Spans(sorted: ranges.map { $0.clamped(to: window) }.filter { !$0.isEmpty })
    }

    /// What is in this set and not in `other`.
    func subtracting(_ other: Spans) -> Spans {
        var left: [Range<Instant>] = []
        var next = 0
        for range in ranges {
            var start = range.lowerBound
            while next < other.ranges.count, other.ranges[next].upperBound <= start { next += 1 }
            var index = next
            while index < other.ranges.count, other.ranges[index].lowerBound < range.upperBound {
                let hole = other.ranges[index]
                if start < hole.lowerBound { left.append(start..<hole.lowerBound) }
                start = max(start, hole.upperBound)
                index += 1
            }
            if start < range.upperBound { left.append(start..<range.upperBound) }
        }
        return Spans(sorted: left)
    }

    /// Whether all of `range` is in this set.
    func covers(_ range: Range<Instant>) -> Bool {
        ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
    }

    func contains(_ instant: Instant) -> Bool {
        ranges.contains { $0.contains(instant) }
    }
}
