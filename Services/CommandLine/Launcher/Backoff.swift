/// How long to wait before a process that ended is started again: exponential, with jitter.
///
/// The first restart comes almost at once, so that one crash costs little; a process that keeps dying is started
/// ever more rarely. A run that lasted `steadyRun` counts as recovery.
struct Backoff: Sendable {
    static let firstWaitMs = 50
    static let longestWaitMs = 10_000
    static let steadyRun: Duration = .seconds(1)

    /// Ends in a row without a steady run between them.
    private(set) var failures = 0

    /// The wait in milliseconds after a run of `lasted`. `chance` is uniform in 0..<1 and spreads processes that
    /// died together: the wait is between half of its nominal length and the whole.
    mutating func wait(after lasted: Duration, chance: Double) -> Int {
        if lasted >= Backoff.steadyRun { failures = 0 }
        let nominal = min(Backoff.longestWaitMs, Backoff.firstWaitMs << min(failures, 16))
        failures += 1
        return Int(Double(nominal) * (0.5 + chance / 2))
    }
}
