/// A stretch of time `[start, end)`: the end does not belong to it, so back-to-back bookings do not overlap.
///
/// JSON form: `{"start": "…", "end": "…"}` with the end after the start.
public struct Interval: Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    /// Nil unless the end is after the start.
    public init?(start: Instant, end: Instant) {
        guard end > start else { return nil }
        self.start = start
        self.end = end
    }

    /// For a length that is known to be positive.
    init(from start: Instant, lasting milliseconds: Int64) {
        precondition(milliseconds > 0)
        self.start = start
        end = start.adding(milliseconds: milliseconds)
    }

    public var duration: Duration { end - start }

    public func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

    public func contains(_ other: Interval) -> Bool { start <= other.start && other.end <= end }

    public func overlaps(_ other: Interval) -> Bool { start < other.end && other.start < end }

    /// The part both have; nil if there is none.
    public func intersection(_ other: Interval) -> Interval? {
        Interval(start: max(start, other.start), end: min(end, other.end))
    }
}
