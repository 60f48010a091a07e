import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// How often profiles are shown, counted in memory: a question writes nothing. A job puts the counts into the database
/// twice a minute, so that a restart forgets half a minute of them, and one process counts for itself.
final class Exposure: Sendable {
    private struct Windows: Sendable {
        var isLoaded = false
        var technologies = ExposureWindow<DemandID, TechnologyID>()
        var demands = ExposureWindow<TechnologyID, DemandID>()
        /// What was counted since it was last written.
        var unwritten: Set<Entry> = []
    }

    private enum Entry: Hashable, Sendable {
        case technology(TechnologyID, Int64)
        case demand(DemandID, Int64)
    }

    private let windows = Mutex(Windows())
    /// Rows in one part of the job.
    private static let batch = 500

    private static func day(_ now: Instant) -> Int64 { now.milliseconds / 86_400_000 }

    /// Reads once what an earlier process wrote, and forgets what is too old.
    func begin(_ db: Connection, at now: Instant) throws {
        let day = Self.day(now)
        try windows.withLock { windows in
            windows.technologies.advance(to: day)
            windows.demands.advance(to: day)
            guard !windows.isLoaded else { return }
            let oldest = day - ExposureWindow<DemandID, TechnologyID>.length
            let rows = try db.rows("SELECT day, profile_id, shown FROM profile_exposure WHERE day > ?", oldest)
            for row in rows {
                let (day, id, count): (Int64, String, Int) = (
                    try row.get("day"), try row.get("profile_id"), try row.get("shown")
                )
                if let id = TechnologyID(id) { windows.technologies.restore(id, count, on: day) }
                if let id = DemandID(id) { windows.demands.restore(id, count, on: day) }
            }
            windows.isLoaded = true
        }
    }

    func shown(_ id: TechnologyID) -> Shown { windows.withLock { $0.technologies.shown(id) } }
    func shown(_ id: DemandID) -> Shown { windows.withLock { $0.demands.shown(id) } }

    /// Of those that were shown at all; the lock is taken once.
    func shown(_ ids: [TechnologyID]) -> [TechnologyID: Shown] {
        windows.withLock { Self.shown(ids, $0.technologies) }
    }

    func shown(_ ids: [DemandID]) -> [DemandID: Shown] { windows.withLock { Self.shown(ids, $0.demands) } }

    private static func shown<Asker, Key>(_ ids: [Key], _ window: ExposureWindow<Asker, Key>) -> [Key: Shown] {
        var shown: [Key: Shown] = [:]
        guard let cap = window.cap else { return shown }
        for id in ids {
            // What is below the cap has no value, as what was never shown has none.
            if let count = window.totals[id], Double(count) > cap { shown[id] = Shown(count: count, cap: cap) }
        }
        return shown
    }

    func show(_ ids: [TechnologyID], to demand: DemandID, at now: Instant) {
        let day = Self.day(now)
        windows.withLock { windows in
            for id in windows.technologies.show(ids, to: demand, on: day) {
                windows.unwritten.insert(.technology(id, day))
            }
        }
    }

    func show(_ ids: [DemandID], to technology: TechnologyID, at now: Instant) {
        let day = Self.day(now)
        windows.withLock { windows in
            for id in windows.demands.show(ids, to: technology, on: day) { windows.unwritten.insert(.demand(id, day)) }
        }
    }

    func job() -> Job {
        .inParts("keep what was shown", every: .seconds(30)) { (w: Write) throws in try self.write(w) }
    }

    private func write(_ w: Write) throws -> Bool {
        let (entries, isMore) = windows.withLock { windows -> ([(String, Int64, Int)], Bool) in
            let part = windows.unwritten.prefix(Self.batch)
            windows.unwritten.subtract(part)
            let entries = part.map { entry -> (String, Int64, Int) in
                switch entry {
                case .technology(let id, let day):
                    (id.description, day, windows.technologies.days[day]?.counts[id] ?? 0)
                case .demand(let id, let day): (id.description, day, windows.demands.days[day]?.counts[id] ?? 0)
                }
            }
            return (entries, !windows.unwritten.isEmpty)
        }
        for (id, day, count) in entries {
            try w.db.run(
                """
                INSERT INTO profile_exposure (day, profile_id, shown) VALUES (?, ?, ?)
                ON CONFLICT (day, profile_id) DO UPDATE SET shown = excluded.shown
                """, day, id, count)
        }
        let oldest = Self.day(w.now) - ExposureWindow<DemandID, TechnologyID>.length
        let forgotten = try w.db.run(
            """
            DELETE FROM profile_exposure WHERE (day, profile_id) IN
                (SELECT day, profile_id FROM profile_exposure WHERE day <= ? ORDER BY day LIMIT \(Self.batch))
            """, oldest)
        return isMore || forgotten == Self.batch
    }
}
