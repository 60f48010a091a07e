import JSON
import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// All events of all services in one gapless order. An event is acknowledged when it is on the disk, and published
/// after that, in the order of its sequence.
final class EventLog: Sendable {
    /// What the log keeps; older events are forgotten, the sequence goes on.
    struct Retention: Sendable {
        /// `IEUM_EVENTS_KEEP`
        var count: Int64 = 1_000_000
        /// `IEUM_EVENTS_KEEP_MEBIBYTES`: of the events' text.
        var mebibytes: Int64 = 4_096
        /// `IEUM_EVENTS_KEEP_DAYS`
        var age = Duration.seconds(90 * 86_400)
        /// Rows forgotten in one transaction, so that writers do not wait.
        var batch: Int64 = 1_000
    }

    /// An event with its place in the log, ready to send.
    struct Stored: Sendable, Equatable {
        let sequence: Int64
        let type: String
        let subject: String?
        let bytes: [UInt8]
    }

    /// Events of one append.
    static let batchLimit = 500
    /// Bytes of one event.
    let sizeLimit: Int

    private let listeners = Mutex<[@Sendable ([Stored]) -> Void]>([])

    init(sizeLimit: Int = Outbox.eventBytes) {
        self.sizeLimit = sizeLimit
    }

    /// Calls `listener` with everything that was stored, after it is on the disk, in order, on the writer thread.
    func onStored(_ listener: @escaping @Sendable ([Stored]) -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    /// To be called when the transaction that stored the events is committed.
    func committed(_ stored: [Stored]) {
        guard !stored.isEmpty else { return }
        for listener in listeners.withLock({ $0 }) { listener(stored) }
    }

    /// An event as it will be stored, but for its number.
    struct Entry: Sendable {
        let id: String
        let type: String
        let subject: String?
        /// JSON text without the last brace: `sequence` is put behind the other members.
        let head: String

        init(_ event: JSON) {
            id = event["id"]?.string ?? ""
            type = event["type"]?.string ?? ""
            subject = event["subject"]?.string
            var unnumbered = event
            unnumbered["sequence"] = nil
            head = String(unnumbered.text.dropLast())
        }

        func text(_ sequence: Int64) -> String { "\(head),\"sequence\":\(sequence)}" }
    }

    /// Gives each new event the next number. An event whose id is known is left out: it was stored before.
    func append(_ entries: [Entry], at now: Instant, in db: Connection) throws -> [Stored] {
        var last = try lastSequence(in: db)
        var bytes = 0
        var stored: [Stored] = []
        for entry in entries {
            let next = last + 1
            let text = entry.text(next)
            let added = try db.run(
                """
                INSERT INTO event (sequence, id, type, stored_at, bytes, event) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """, next, entry.id, entry.type, now, text.utf8.count, text)
            guard added == 1 else { continue }
            last = next
            bytes += text.utf8.count
            stored.append(Stored(sequence: next, type: entry.type, subject: entry.subject, bytes: Array(text.utf8)))
        }
        if !stored.isEmpty {
            try db.run("UPDATE event_counter SET last = ? WHERE name = 'sequence'", last)
            try db.run("UPDATE event_counter SET last = last + ? WHERE name = 'bytes'", bytes)
        }
        return stored
    }

    func lastSequence(in db: Connection) throws -> Int64 {
        try db.row("SELECT last FROM event_counter WHERE name = 'sequence'")?.get("last") ?? 0
    }

    /// An event of the gateway's own.
    static func event(_ type: String, subject: String, data: JSON, by principal: String, at now: Instant) -> JSON {
        [
            "specversion": "1.0", "id": .string(ID<EventKind>.new(at: now).description), "source": "/ieum/gateway",
            "type": .string("ieum.gateway.\(type)"), "subject": .string(subject), "time": .string(now.description),
            "datacontenttype": "application/json", "principal": .string(principal), "data": data,
        ]
    }

    enum EventKind: IDKind { static let prefix = "evt" }
}
