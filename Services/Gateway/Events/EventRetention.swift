import ServiceKit
import Storage
import Vocabulary

/// Forgets events that are too old, too many, or together too large.
extension EventLog.Retention {
    init(environment: [String: String]) throws(Limits.Refused) {
        self.init()
        count = try Self.number("IEUM_EVENTS_KEEP", environment) ?? count
        mebibytes = try Self.number("IEUM_EVENTS_KEEP_MEBIBYTES", environment) ?? mebibytes
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
        .inParts("forget old events", every: .seconds(60)) { try forget(in: $0.db, at: $0.now) == batch }
    }

    /// At most one batch of the oldest; returns how many.
    func forget(in db: Connection, at now: Instant) throws -> Int {
        let row = try db.row("SELECT MIN(sequence) AS first FROM event")
        guard let first: Int64 = try row?.getIfPresent("first") else { return 0 }
        let end = try min(first + batch, max(tooMany(db), tooOld(db, now), tooLarge(db, from: first)))
        guard end > first else { return 0 }
        try db.run(
            """
            UPDATE event_counter SET last = last - (SELECT COALESCE(SUM(bytes), 0) FROM event WHERE sequence < ?)
            WHERE name = 'bytes'
            """, end)
        return try db.run("DELETE FROM event WHERE sequence < ?", end)
    }

    /// Each rule says the first event that it lets stay.
    private func tooMany(_ db: Connection) throws -> Int64 {
        try counter("sequence", db) - count + 1
    }

    /// Events stand in the order they were stored.
    private func tooOld(_ db: Connection, _ now: Instant) throws -> Int64 {
        let young = try db.row("SELECT MIN(sequence) AS first FROM event WHERE stored_at >= ?", now - age)
        return try young?.getIfPresent("first") ?? counter("sequence", db) + 1
    }

    private func tooLarge(_ db: Connection, from first: Int64) throws -> Int64 {
        var excess = try counter("bytes", db) - mebibytes << 20
        var end = first
        guard excess > 0 else { return end }
        for row in try db.rows("SELECT sequence, bytes FROM event ORDER BY sequence LIMIT ?", batch) where excess > 0 {
            excess -= try row.get("bytes")
            end = try row.get("sequence") + 1
        }
        return end
    }

    private func counter(_ name: String, _ db: Connection) throws -> Int64 {
        try db.row("SELECT last FROM event_counter WHERE name = ?", name)?.get("last") ?? 0
    }
}
