import JSON
import ServiceKit
import Storage
import Vocabulary

/// `gateway.deadLetters.*` and `gateway.requests.*`: what an operator sees of the stored requests, and does with those
/// that could not be delivered.
enum DeadLetters {
    struct Item: Codable, Sendable {
        /// The UUID that the client has.
        let id: String
        let service: String
        let principal: String
        let state: StoredRequest.State
        let attempts: Int
        /// Bytes of the request and its reply.
        let bytes: Int
        let storedAt: Instant
        /// When it is given up or, at its end, forgotten.
        let expiresAt: Instant
        let finishedAt: Instant?
        /// Why it was given up.
        let error: JSON?
    }

    /// One with its frames, as text where they are UTF-8 and else as hexadecimal.
    struct Whole: Codable, Sendable {
        let request: Item
        let body: [String]
        let reply: [String]?
    }

    struct List: Codable, Sendable, Constrained {
        let service: String?
        let principal: String?
        let limit: Int?
        /// `next` of the page before.
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct ListByState: Codable, Sendable, Constrained {
        let state: StoredRequest.State?
        let service: String?
        let principal: String?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct ByUUID: Codable, Sendable { let id: String }

    /// Which dead letters: those named, or all, or all that are older.
    struct Choice: Codable, Sendable, Constrained {
        let ids: [String]?
        let all: Bool?
        let service: String?
        /// Dead for longer than this.
        let olderThanSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "ids": .count(1...1_000), "olderThanSeconds": .range(0...4_000_000_000),
        ]
    }

    struct Retried: Codable, Sendable { let retried: Int }
    struct Purged: Codable, Sendable { let purged: Int }

    static func methods(_ runner: TitanicRunner) -> [Method] {
        [
            .query(
                "gateway.deadLetters.list", Bilingual(ko: "전하지 못한 요청, 새것부터", en: "Dead letters, newest first"),
                role: .operator
            ) { (p: List, r) throws -> Page<Item> in
                try page(
                    ListByState(
                        state: .dead, service: p.service, principal: p.principal, limit: p.limit, after: p.after), r)
            },
            .query(
                "gateway.deadLetters.get", Bilingual(ko: "전하지 못한 요청과 그 내용", en: "A dead letter and its frames"),
                role: .operator
            ) { (p: ByUUID, r) throws -> Whole in try whole(p.id, state: .dead, r) },
            .query(
                "gateway.requests.list", Bilingual(ko: "맡아 둔 요청, 새것부터", en: "Stored requests, newest first"),
                role: .operator, page),
            .query(
                "gateway.requests.get", Bilingual(ko: "맡아 둔 요청과 그 내용", en: "A stored request and its frames"),
                role: .operator
            ) { (p: ByUUID, r) throws -> Whole in try whole(p.id, state: nil, r) },
            .action(
                "gateway.deadLetters.retry", Bilingual(ko: "전하지 못한 요청을 다시 시도한다", en: "Tries dead letters again"),
                role: .operator, idempotent: true
            ) { (p: Choice, call) throws -> Retried in
                Retried(
                    retried: try await runner.each(p) { try runner.books.retry($0, by: call.principal, $1, in: $2) })
            },
            .action(
                "gateway.deadLetters.purge", Bilingual(ko: "전하지 못한 요청을 지운다", en: "Deletes dead letters"),
                role: .operator, idempotent: true
            ) { (p: Choice, call) throws -> Purged in
                Purged(purged: try await runner.each(p) { try runner.books.purge($0, by: call.principal, $1, in: $2) })
            },
        ]
    }

    // MARK: Reading

    private static let columns =
        "number, uuid, service, principal, state, attempts, bytes, stored_at, expires_at, finished_at, error"

    private static func page(_ p: ListByState, _ r: Read) throws -> Page<Item> {
        let limit = p.limit ?? 50
        var sql = "SELECT \(columns) FROM stored_request WHERE 1 = 1"
        var arguments: [(any SQLValue)?] = []
        if let state = p.state {
            sql += " AND state = ?"
            arguments.append(state)
        }
        if let service = p.service {
            sql += " AND service = ?"
            arguments.append(service)
        }
        if let principal = p.principal {
            sql += " AND principal = ?"
            arguments.append(principal)
        }
        if let after = p.after {
            guard let number = Int64(after) else {
                throw Fault.invalid(
                    "/after", .string(after),
                    Bilingual(ko: "앞 쪽의 next여야 합니다", en: "must be the next of the page before"))
            }
            sql += " AND number < ?"
            arguments.append(number)
        }
        arguments.append(limit + 1)
        let rows = try r.db.rows(sql + " ORDER BY number DESC LIMIT ?", arguments)
        let next: Int64? = rows.count > limit ? try rows[limit - 1].get("number") : nil
        return Page(items: try rows.prefix(limit).map(item), next: next.map { String($0) })
    }

    private static func item(_ row: Row) throws -> Item {
        let error: String? = try row.getIfPresent("error")
        return Item(
            id: try row.get("uuid"), service: try row.get("service"), principal: try row.get("principal"),
            state: try row.get("state"), attempts: try row.get("attempts"), bytes: try row.get("bytes"),
            storedAt: try row.get("stored_at"), expiresAt: try row.get("expires_at"),
            finishedAt: try row.getIfPresent("finished_at"), error: try error.map { try JSON(parsing: $0) })
    }

    private static func whole(_ id: String, state: StoredRequest.State?, _ r: Read) throws -> Whole {
        let row = try r.db.row("SELECT \(columns), body, reply FROM stored_request WHERE uuid = ?", id.uppercased())
        guard let row, try state == nil || state == row.get("state") else {
            throw Fault.notFound(kind: state == .dead ? "deadLetter" : "request", id: String(id.prefix(100)))
        }
        let reply: [UInt8]? = try row.getIfPresent("reply")
        return Whole(
            request: try item(row), body: Frames.unpack(try row.get("body")).map(text),
            reply: reply.map { Frames.unpack($0).map(text) })
    }

    private static func text(_ frame: [UInt8]) -> String {
        String(validating: frame, as: UTF8.self)
            ?? frame.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

extension TitanicRunner {
    /// Does something to the chosen dead letters, some at a time, so that other writes do not wait.
    /// - Returns: to how many.
    func each(
        _ choice: DeadLetters.Choice,
        _ body: @escaping @Sendable ([String], Instant, Connection) throws -> TitanicBooks.Result
    ) async throws -> Int {
        guard choice.ids != nil || choice.all == true || choice.olderThanSeconds != nil || choice.service != nil else {
            throw Fault.invalid(
                "", nil,
                Bilingual(
                    ko: "ids, all, service, olderThanSeconds 가운데 하나로 무엇을 할지 고르세요",
                    en: "say which: ids, all, service or olderThanSeconds"))
        }
        let now = Instant.now()
        let ids = try await database.read { [books] db in try books.deadLetters(choice, at: now, in: db) }
        if let missing = choice.ids?.first(where: { !ids.contains($0.uppercased()) }) {
            throw Fault.notFound(kind: "deadLetter", id: String(missing.prefix(100)))
        }
        var count = 0
        for start in stride(from: 0, to: ids.count, by: TitanicBooks.sweepBatch) {
            let batch = Array(ids[start..<min(start + TitanicBooks.sweepBatch, ids.count)])
            count += try await withCheckedThrowingContinuation { continuation in
                database.submitWrite({ db in try body(batch, now, db) }) {
                    [self] (result: Result<TitanicBooks.Result, any Error>) in
                    // On the writer thread: events are published in the order of the log.
                    if let result = try? result.get() {
                        handle(.changed(result.written.changes))
                        tell(result)
                    }
                    continuation.resume(with: result.map(\.written.changes.count))
                }
            }
        }
        return count
    }
}

extension TitanicBooks {
    func deadLetters(_ choice: DeadLetters.Choice, at now: Instant, in db: Connection) throws -> [String] {
        var sql = "SELECT uuid FROM stored_request WHERE state = 'dead'"
        var arguments: [(any SQLValue)?] = []
        if let ids = choice.ids {
            sql += " AND uuid IN (" + ids.map { _ in "?" }.joined(separator: ", ") + ")"
            arguments += ids.map { $0.uppercased() as (any SQLValue)? }
        }
        if let service = choice.service {
            sql += " AND service = ?"
            arguments.append(service)
        }
        if let seconds = choice.olderThanSeconds {
            sql += " AND finished_at <= ?"
            arguments.append(now.adding(seconds: -seconds))
        }
        return try db.rows(sql + " ORDER BY number", arguments).map { try $0.get("uuid") }
    }

    /// Back into its line, as if it had just been stored: with all its attempts and all its time.
    func retry(_ ids: [String], by principal: String, _ now: Instant, in db: Connection) throws -> Result {
        try change(
            ids, "request.retried", by: principal, now,
            """
            UPDATE stored_request SET state = 'waiting', attempts = 0, next_at = ?, expires_at = ?, finished_at = NULL,
                error = NULL WHERE uuid = ? AND state = 'dead' RETURNING principal, service, bytes, state
            """, [now, now.adding(seconds: Int64(limits.storedSeconds))], in: db
        ) { row in Change(principal: try row.get("principal"), service: try row.get("service"), unfinished: 1) }
    }

    func purge(_ ids: [String], by principal: String, _ now: Instant, in db: Connection) throws -> Result {
        try change(
            ids, "request.purged", by: principal, now,
            """
            DELETE FROM stored_request WHERE uuid = ? AND state = 'dead' RETURNING principal, service, bytes, state
            """, [], in: db, Self.removal)
    }

    private func change(
        _ ids: [String], _ event: String, by principal: String, _ now: Instant, _ sql: String,
        _ arguments: [(any SQLValue)?], in db: Connection, _ change: (Row) throws -> Change
    ) throws -> Result {
        var result = Result()
        var told: [JSON] = []
        for id in ids {
            // Closed by its client meanwhile, perhaps.
            guard let row = try db.rows(sql, arguments + [id]).first else { continue }
            result.written.changes.append(try change(row))
            let service: String = try row.get("service")
            told.append(
                EventLog.event(
                    event, subject: id, data: ["id": .string(id), "service": .string(service)], by: principal, at: now))
        }
        result.events = try events.append(told.map(EventLog.Entry.init), at: now, in: db)
        return result
    }

    /// For `gateway.stats`.
    static func figures(in db: Connection) throws -> JSON {
        var figures: JSON = [:]
        for state in StoredRequest.State.allCases { figures[state.rawValue] = 0 }
        var bytes: Int64 = 0
        for row in try db.rows("SELECT state, COUNT(*) AS n, SUM(bytes) AS b FROM stored_request GROUP BY state") {
            figures[try row.get("state") as String] = .integer(try row.get("n"))
            bytes += try row.get("b")
        }
        figures["bytes"] = .integer(bytes)
        return figures
    }
}
