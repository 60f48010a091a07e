/// When the index is written anew: at once where nothing is kept, else so that a start has few changes to follow and a
/// busy day writes no more than a little every minute.
struct SnapshotSchedule: Sendable {
    static let pause = Duration.seconds(60)
    /// So many changes do not wait for the pause, but for a tenth of it.
    static let many: Int64 = 10_000

    /// The change up to which the kept index has followed; nil when none is kept.
    private var saved: Int64?
    private var at: ContinuousClock.Instant?

    init() {}

    init(saved: Int64, at: ContinuousClock.Instant) {
        self.saved = saved
        self.at = at
    }

    func isDue(_ sequence: Int64, at now: ContinuousClock.Instant) -> Bool {
        guard let saved, let at else { return sequence > 0 }
        guard sequence > saved else { return false }
        return now - at >= (sequence - saved >= Self.many ? Self.pause / 10 : Self.pause)
    }
}
