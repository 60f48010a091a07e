import JSON
import Storage
import Vocabulary

/// Where each consumer of a service stands, and the events that it could not handle.
enum ConsumerLedger {
    static let migration = Migration(
        "service-004-consumers",
        """
        CREATE TABLE service_consumer (
            name TEXT PRIMARY KEY,
            position BIGINT NOT NULL,
            handled BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE TABLE service_unhandled_event (
            consumer TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            at BIGINT NOT NULL,
            error TEXT NOT NULL,
            event TEXT NOT NULL,
            PRIMARY KEY (consumer, sequence)
        );
        """)

    /// Everything up to here is handled, set aside, or of no interest; 0 for a consumer that never looked.
    static func position(of consumer: String, in db: Connection) throws -> Int64 {
        try db.row("SELECT position FROM service_consumer WHERE name = ?", consumer)?.get("position") ?? 0
    }

    /// - Parameter handled: 1 behind an event of the consumer's, 0 behind those of no interest.
    static func advance(
        _ consumer: String, to sequence: Int64, handled: Int = 1, at now: Instant, in db: Connection
    ) throws {
        try db.run(
            """
            INSERT INTO service_consumer (name, position, handled, updated_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET position = excluded.position,
                handled = service_consumer.handled + excluded.handled, updated_at = excluded.updated_at
            """, consumer, sequence, handled, now)
    }

    static func goBack(_ consumer: String, to sequence: Int64, in db: Connection) throws {
        try db.run(
            "UPDATE service_consumer SET position = ? WHERE name = ? AND position > ?", sequence, consumer, sequence)
    }

    static func setAside(
        _ event: Event, _ text: String, error: String, by consumer: String, at now: Instant, in db: Connection
    ) throws {
        try db.run(
            """
            INSERT INTO service_unhandled_event (consumer, sequence, at, error, event) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (consumer, sequence) DO NOTHING
            """, consumer, event.sequence, now, error, text)
        try advance(consumer, to: event.sequence, at: now, in: db)
    }

    static func countOfUnhandled(in db: Connection) throws -> Int {
        try db.row("SELECT COUNT(*) AS count FROM service_unhandled_event")?.get("count") ?? 0
    }

    // MARK: service.consumers

    struct Look: Codable, Sendable, Constrained {
        /// Events set aside that are shown.
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(0...100)]
    }

    struct Standing: Codable, Sendable {
        let name: String
        let types: [String]
        /// The last event that it handled or set aside; where many of no interest follow, one of them.
        let position: Int64
        let handled: Int64
        let updatedAt: Instant?
        /// The last event of the whole log, when it was read last.
        let last: Int64
        /// Events of the log that it has not looked at.
        let lag: Int64
        /// Events that the log had forgotten before this consumer read them, since the start of the process.
        let lost: Int64
        let setAside: Int
    }

    struct Unhandled: Codable, Sendable {
        let consumer: String
        let sequence: Int64
        let at: Instant
        let error: JSON
        let event: JSON
    }

    struct State: Codable, Sendable {
        let consumers: [Standing]
        /// The latest that were set aside.
        let items: [Unhandled]
    }

    static func method(of consumptions: [Consumption]) -> Method {
        .query(
            "service.consumers",
            Bilingual(ko: "다른 서비스의 이벤트를 어디까지 처리했는지", en: "How far the events of others are handled"), role: .operator
        ) { (p: Look, r: Read) throws -> State in
            let items = try r.db.rows(
                "SELECT * FROM service_unhandled_event ORDER BY at DESC, sequence DESC LIMIT ?", p.limit ?? 20
            ).map { row in
                Unhandled(
                    consumer: try row.get("consumer"), sequence: try row.get("sequence"), at: try row.get("at"),
                    error: try JSON(parsing: row.get("error") as String),
                    event: try JSON(parsing: row.get("event") as String))
            }
            return State(consumers: try consumptions.map { try standing($0, r.db) }, items: items)
        }
    }

    private static func standing(_ consumption: Consumption, _ db: Connection) throws -> Standing {
        let name = consumption.consumer.name
        let row = try db.row("SELECT position, handled, updated_at FROM service_consumer WHERE name = ?", name)
        let position: Int64 = try row?.get("position") ?? 0
        let progress = consumption.state
        return Standing(
            name: name, types: consumption.consumer.types, position: position, handled: try row?.get("handled") ?? 0,
            updatedAt: try row?.get("updated_at"), last: progress.last,
            lag: max(0, progress.last - max(position, progress.seen)), lost: progress.lost,
            setAside: try db.row(
                "SELECT COUNT(*) AS count FROM service_unhandled_event WHERE consumer = ?", name)?.get("count") ?? 0)
    }
}
