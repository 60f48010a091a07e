import ServiceKit
import Storage
import Vocabulary

/// Forgets events that are too old or too many.
extension EventLog.Retention {
    init(environment: [String: String]) throws(Limits.Refused) {
        self.init()
        count = try Self.number("IEUM_EVENTS_KEEP", environment) ?? count
        age = try Self.number("IEUM_EVENTS_KEEP_DAYS", environment).map { .seconds($0 * 86_400) } ?? age
    }

    private static func number(_ variable: String, _ environment: [String: String]) throws(Limits.Refused) -> Int64? {
        guard let text = environment[variable] else { return nil }
        guard let number = Int64(text), (1...1_000_000_000).contains(number) else {
            throw Limits.Refused(variable: variable, value: text)
        }
        return number
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
