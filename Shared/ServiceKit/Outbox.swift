import JSON
import Storage
import Vocabulary

/// The events that wait for the gateway's log. What the log refuses is set aside, so that what comes behind it goes on.
public enum Outbox {
    /// Bytes of one event as JSON text; what is larger is refused by the command that wants to leave it.
    public static let eventBytes = 256 << 10
    /// Events handed over in one call, and their bytes together: a message may have 1 MiB.
    static let batchEvents = 100
    static let batchBytes = 768 << 10

    struct Entry: Sendable {
        let position: Int64
        let text: String
    }

    /// CloudEvents 1.0, structured JSON mode. `sequence` is added by the gateway's event log.
    static func cloudEvent(
        _ type: String, subject: String, _ data: JSON, source: String, _ call: Call, at now: Instant
    ) -> JSON {
        var json: JSON = [
            "specversion": "1.0", "id": .string(ID<EventKind>.new(at: now).description),
            "source": .string("/ieum/\(source)"), "type": .string("ieum.\(type)"),
            "subject": .string(subject), "time": .string(now.description),
            "datacontenttype": "application/json", "principal": .string(call.principal),
        ]
        if let traceparent = call.traceparent { json["traceparent"] = .string(traceparent) }
        json["data"] = data
        return json
    }

    static func checked(_ text: String, type: String) throws(Fault) -> String {
        let bytes = text.utf8.count
        guard bytes > eventBytes else { return text }
        throw Fault(
            .payloadTooLarge,
            Bilingual(
                ko: "이 요청이 남길 이벤트 \(type)이(가) \(bytes)바이트로 \(eventBytes)바이트를 넘습니다. 내용을 나누어 보내세요",
                en:
                    "the event \(type) of this request would have \(bytes) bytes, more than \(eventBytes); send less at once"
            ), data: ["limit": .integer(Int64(eventBytes)), "unit": "bytes", "started": false])
    }

    /// The oldest events, as many as fit into one message; at least one when there is one.
    static func batch(in db: Connection, bytes limit: Int = batchBytes) throws -> [Entry] {
        struct Enough: Error {}
        var batch: [Entry] = []
        var bytes = 0
        do {
            try db.each("SELECT position, event FROM service_outbox ORDER BY position LIMIT ?", [batchEvents]) { row in
                let entry = Entry(position: try row.get("position"), text: try row.get("event"))
                bytes += entry.text.utf8.count + 1
                guard batch.isEmpty || bytes <= limit else { throw Enough() }
                batch.append(entry)
            }
        } catch is Enough {}
        return batch
    }

    static func forget(_ entries: [Entry], in db: Connection) throws {
        guard let first = entries.first, let last = entries.last else { return }
        try db.run("DELETE FROM service_outbox WHERE position BETWEEN ? AND ?", first.position, last.position)
    }

    /// Moves one event out of the way.
    static func setAside(_ entry: Entry, because fault: Fault, at now: Instant, in db: Connection) throws {
        let last: Int64? = try db.row("SELECT MAX(number) AS last FROM service_refused_event")?.getIfPresent("last")
        try db.run(
            "INSERT INTO service_refused_event (number, at, error, event) VALUES (?, ?, ?, ?)", (last ?? 0) + 1, now,
            fault.json.text, entry.text)
        try forget([entry], in: db)
    }

    static func countOfRefused(in db: Connection) throws -> Int {
        try db.row("SELECT COUNT(*) AS count FROM service_refused_event")?.get("count") ?? 0
    }

    // MARK: service.outbox

    struct Look: Codable, Sendable, Constrained {
        /// Events set aside that are shown.
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(0...100)]
    }

    struct Refused: Codable, Sendable {
        let number: Int64
        let at: Instant
        let error: JSON
        /// As text: it may be no JSON.
        let event: String
    }

    struct State: Codable, Sendable {
        let waiting: Int
        /// When the oldest that waits was left.
        let oldest: Instant?
        let setAside: Int
        /// The latest of those.
        let items: [Refused]
    }

    static let method = Method.query(
        "service.outbox",
        Bilingual(ko: "아직 전하지 못한 이벤트와 받아들여지지 않은 이벤트", en: "Events that wait, and events the log refused"),
        role: .operator
    ) { (p: Look, r: Read) throws -> State in
        let waiting: Int = try r.db.row("SELECT COUNT(*) AS count FROM service_outbox")?.get("count") ?? 0
        let first = try r.db.row("SELECT event FROM service_outbox ORDER BY position LIMIT 1")
        let oldest = try first.flatMap { try JSON(parsing: $0.get("event") as String)["time"]?.string }
        let items = try r.db.rows(
            "SELECT number, at, error, event FROM service_refused_event ORDER BY number DESC LIMIT ?", p.limit ?? 20
        ).map { row in
            Refused(
                number: try row.get("number"), at: try row.get("at"),
                error: try JSON(parsing: row.get("error") as String), event: try row.get("event"))
        }
        return State(
            waiting: waiting, oldest: oldest.flatMap { Instant($0) }, setAside: try countOfRefused(in: r.db),
            items: items)
    }
}
