import JSON
import ServiceKit
import Storage
import Vocabulary

/// Flows on the disk: the state that a restart reads, and a row for everything that happened.
enum FlowJournal {
    /// Stores a flow before its first step. With a key that this principal has used, the flow it started then.
    static func create(_ state: FlowState, key: String?, in db: Connection) throws -> FlowState {
        if let key {
            let first = try db.row(
                "SELECT state FROM flow WHERE started_by = ? AND start_key = ?", state.startedBy, key)
            if let first { return try decode(first) }
        }
        try db.run(
            """
            INSERT INTO flow (id, definition, phase, is_final, started_at, started_by, start_key, state)
            VALUES (?, ?, ?, 0, ?, ?, ?, ?)
            """, state.id, state.flow, state.phase.rawValue, state.startedAt, state.startedBy, key,
            JSON.encode(state).text)
        return state
    }

    static func save(_ state: FlowState, _ entries: [JournalEntry], in db: Connection) throws {
        try db.run(
            "UPDATE flow SET phase = ?, is_final = ?, state = ? WHERE id = ?", state.phase.rawValue,
            state.phase.isFinal, JSON.encode(state).text, state.id)
        for entry in entries {
            try db.run(
                "INSERT INTO flow_journal (flow, number, at, kind, step, detail) VALUES (?, ?, ?, ?, ?, ?)",
                state.id, entry.number, entry.at, entry.kind, entry.step, entry.detail.text)
        }
    }

    static func state(of id: FlowID, in db: Connection) throws -> FlowState? {
        try db.row("SELECT state FROM flow WHERE id = ?", id).map(decode)
    }

    /// Flows that have not ended, oldest first.
    static func unfinished(in db: Connection) throws -> [FlowState] {
        try db.rows("SELECT state FROM flow WHERE is_final = 0 ORDER BY id").map(decode)
    }

    static func entries(of id: FlowID, in db: Connection) throws -> [JSON] {
        try db.rows("SELECT at, kind, step, detail FROM flow_journal WHERE flow = ? ORDER BY number", id).map { row in
            let at: Instant = try row.get("at")
            var entry: JSON = ["at": .string(at.description), "kind": .string(try row.get("kind"))]
            if let step: String = try row.getIfPresent("step") { entry["step"] = .string(step) }
            entry["detail"] = try JSON(parsing: row.get("detail") as String)
            return entry
        }
    }

    static func decode(_ row: Row) throws -> FlowState {
        try JSON(parsing: row.get("state") as String).decode(FlowState.self)
    }
}
