import ServiceKit
import Storage
import Vocabulary

/// Forgets events that are too old or too many.
extension EventLog.Retention {
    init(environment: [String: String]) {
        self.init()
        if let keep = environment["IEUM_EVENTS_KEEP"].flatMap(Int64.init), keep > 0 { count = keep }
        if let days = environment["IEUM_EVENTS_KEEP_DAYS"].flatMap(Int64.init), (1...36_500).contains(days) {
            age = .seconds(days * 86_400)
        }
    }

    var job: Job {
        Job(name: "forget old events", every: .seconds(60)) { write in
            _ = try forget(in: write.db, at: write.now)
        }
    }

    /// At most one batch of the oldest; returns how many.
    func forget(in db: Connection, at now: Instant) throws -> Int {
        let last: Int64 = try db.row("SELECT last FROM event_counter WHERE name = 'sequence'")?.get("last") ?? 0
        let row = try db.row("SELECT MIN(sequence) AS first FROM event")
        guard let first: Int64 = try row?.getIfPresent("first") else { return 0 }
        let end = first + batch
        return try db.run(
            "DELETE FROM event WHERE sequence < ? AND (sequence <= ? OR stored_at < ?)", end, last - count, now - age)
    }
}
