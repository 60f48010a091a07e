/// The monotonic clock of the reactors.
public enum Clock {
    private static let origin = ContinuousClock.now

    /// Milliseconds since the process's first look at it.
    public static var now: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
