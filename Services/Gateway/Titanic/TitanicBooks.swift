import JSON
import ServiceKit
import Storage
import Vocabulary

/// The stored requests on the disk. Each function is a part of one write; what it returns says how much more or less is
/// kept now.
struct TitanicBooks: Sendable {
    let limits: Limits
    let events: EventLog

    /// Rows that one sweep looks at, so that other writes do not wait.
    static let sweepBatch = 200

    struct Result: Sendable {
        var written = Titanic.Written()
        /// To be published.
        var events: [EventLog.Stored] = []
        /// For the log.
        var deadLetters: [String] = []
    }

    /// What the start finds: whatever was on its way when the process ended waits again, unless that was its last
    /// attempt. The changes are everything that is kept.
    func recover(at now: Instant, in db: Connection) throws -> Result {
        var result = Result()
        let last = try db.rows(
            "SELECT uuid FROM stored_request WHERE state = 'sent' AND attempts >= ?", limits.deliveryAttempts)
        for row in last {
            let one = try bury(row.get("uuid"), .endedWithGateway, from: .sent, at: now, in: db)
            result.events += one.events
            result.deadLetters += one.deadLetters
        }
        try db.run("UPDATE stored_request SET state = 'waiting' WHERE state = 'sent'")
        result.written.changes = try db.rows(
            """
            SELECT principal, service, COUNT(*) AS requests, SUM(bytes) AS bytes,
                SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS unfinished
            FROM stored_request GROUP BY principal, service
            """
        ).map { row in
            Change(
                principal: try row.get("principal"), service: try row.get("service"), requests: try row.get("requests"),
                bytes: try row.get("bytes"), unfinished: try row.get("unfinished"))
        }
        return result
    }

    func perform(_ write: Titanic.Write, at now: Instant, in db: Connection) throws -> Result {
        switch write {
        case .insert(let request, let expiresAt, _):
            try insert(request, expiresAt: expiresAt, in: db)
            return Result()
        case .claim(let service, let limit): return try claim(service, limit, at: now, in: db)
        case .finish(let uuid, let reply, let fault): return try finish(uuid, reply, fault, at: now, in: db)
        case .putBack(let uuid, _, let nextAt, let counts):
            try db.run(
                """
                UPDATE stored_request SET state = 'waiting', next_at = ?, attempts = attempts - ?
                WHERE uuid = ? AND state = 'sent'
                """, nextAt, counts ? 0 : 1, uuid)
            return Result()
        case .bury(let uuid, let fault): return try bury(uuid, fault, from: .sent, at: now, in: db)
        case .sweep: return try sweep(at: now, in: db)
        }
    }

    private func insert(_ request: StoredRequest, expiresAt: Instant, in db: Connection) throws {
        try db.run(
            """
            INSERT INTO stored_request (number, uuid, service, principal, roles, state, attempts, stored_at, deadline,
                next_at, expires_at, bytes, body)
            SELECT COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, 'waiting', 0, ?, ?, 0, ?, ?, ? FROM stored_request
            """, request.uuid, request.service, request.principal,
            request.roles.map(\.rawValue).joined(separator: " "), request.storedAt, request.deadline, expiresAt,
            request.byteCount, Frames.pack(request.body))
    }

    /// A moment to come that is further away than any pause was set before the clock was put back.
    private func claim(_ service: String, _ limit: Int, at now: Instant, in db: Connection) throws -> Result {
        let rows = try db.rows(
            """
            UPDATE stored_request SET state = 'sent', attempts = attempts + 1 WHERE number IN (
                SELECT number FROM stored_request
                WHERE service = ? AND state = 'waiting' AND (next_at <= ? OR next_at > ?) ORDER BY number LIMIT ?)
            RETURNING number, uuid, service, principal, roles, attempts, deadline, expires_at, body
            """, service, now, now + Titanic.longestPause, limit)
        // RETURNING promises no order.
        let ordered = try rows.map { (number: try $0.get("number") as Int64, row: $0) }.sorted { $0.number < $1.number }
        var result = Result()
        result.written.deliveries = try ordered.map { try Self.delivery($0.row) }
        if rows.count < limit {
            result.written.next = try db.row(
                "SELECT MIN(next_at) AS next FROM stored_request WHERE service = ? AND state = 'waiting'", service)?
                .getIfPresent("next")
        }
        return result
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        Delivery(
            uuid: try row.get("uuid"), service: try row.get("service"), principal: try row.get("principal"),
            roles: (try row.get("roles") as String).split(separator: " ").compactMap { Role(rawValue: String($0)) },
            body: Frames.unpack(try row.get("body")), attempts: try row.get("attempts"),
            deadline: try row.getIfPresent("deadline"), expiresAt: try row.get("expires_at"))
    }

    // MARK: Ends

    /// - Parameter fault: the broker's, when the reply is not the service's own.
    private func finish(
        _ uuid: String, _ reply: [[UInt8]], _ fault: Fault?, from state: StoredRequest.State = .sent,
        at now: Instant, in db: Connection
    ) throws -> Result {
        let packed = Frames.pack(reply)
        let size = reply.reduce(0) { $0 + $1.count }
        let row = try db.row(
            """
            UPDATE stored_request SET state = 'answered', reply = ?, error = ?, finished_at = ?, expires_at = ?,
                bytes = bytes + ? WHERE uuid = ? AND state = ?
            RETURNING principal, service, attempts
            """, packed, fault?.json.text, now, now.adding(seconds: Int64(limits.storedReplySeconds)), size, uuid,
            state)
        // Closed meanwhile, or ended before by an earlier attempt.
        guard let row else { return Result() }
        return try ended(uuid, row, fault, isDead: false, bytes: size, at: now, in: db)
    }

    private func bury(
        _ uuid: String, _ fault: Fault, from state: StoredRequest.State, at now: Instant, in db: Connection
    ) throws -> Result {
        let row = try db.row(
            """
            UPDATE stored_request SET state = 'dead', error = ?, finished_at = ?, expires_at = ?
            WHERE uuid = ? AND state = ? RETURNING principal, service, attempts
            """, fault.json.text, now, now.adding(seconds: Int64(limits.deadLetterSeconds)), uuid, state)
        guard let row else { return Result() }
        return try ended(uuid, row, fault, isDead: true, bytes: 0, at: now, in: db)
    }

    private func ended(
        _ uuid: String, _ row: Row, _ fault: Fault?, isDead: Bool, bytes: Int, at now: Instant, in db: Connection
    ) throws -> Result {
        let (principal, service): (String, String) = (try row.get("principal"), try row.get("service"))
        var data: JSON = [
            "id": .string(uuid), "service": .string(service), "attempts": .integer(try row.get("attempts")),
            "state": .string((isDead ? StoredRequest.State.dead : .answered).rawValue),
        ]
        if let fault { data["error"] = fault.json }
        let event = EventLog.event(
            fault == nil ? "request.finished" : "request.failed", subject: uuid, data: data, by: principal, at: now)
        var result = Result()
        result.events = try events.append([EventLog.Entry(event)], at: now, in: db)
        result.written.changes = [Change(principal: principal, service: service, bytes: bytes, unfinished: -1)]
        if isDead { result.deadLetters = ["\(uuid) for \(service): \(fault?.message.en ?? "")"] }
        return result
    }

    /// - Parameter only: closes what belongs to this principal, and nothing of anybody else.
    func close(_ uuid: String, only principal: String, in db: Connection) throws -> [Change] {
        try db.rows(
            """
            DELETE FROM stored_request WHERE uuid = ? AND principal = ? RETURNING principal, service, bytes, state
            """, uuid, principal
        ).map(Self.removal)
    }

    static func removal(_ row: Row) throws -> Change {
        let state: StoredRequest.State = try row.get("state")
        let bytes: Int = try row.get("bytes")
        return Change(
            principal: try row.get("principal"), service: try row.get("service"), requests: -1, bytes: -bytes,
            unfinished: state == .waiting || state == .sent ? -1 : 0)
    }

    private func sweep(at now: Instant, in db: Connection) throws -> Result {
        var result = Result()
        let forgotten = try db.rows(
            """
            DELETE FROM stored_request WHERE number IN (
                SELECT number FROM stored_request WHERE state IN ('answered', 'dead') AND expires_at <= ? LIMIT ?)
            RETURNING principal, service, bytes, state
            """, now, Self.sweepBatch)
        result.written.changes = try forgotten.map(Self.removal)
        let late = try db.rows(
            """
            SELECT uuid, deadline, body FROM stored_request WHERE state = 'waiting' AND expires_at <= ?
            ORDER BY expires_at LIMIT ?
            """, now, Self.sweepBatch)
        for row in late {
            let uuid: String = try row.get("uuid")
            let deadline: Instant? = try row.getIfPresent("deadline")
            let one: Result
            if let deadline, deadline <= now {
                let fault = Fault(.deadlineExceeded, data: ["started": false])
                let body = Frames.unpack(try row.get("body")).first ?? []
                one = try finish(uuid, [Broker.response(to: body[...], fault)], fault, from: .waiting, at: now, in: db)
            } else {
                one = try bury(uuid, .outlived, from: .waiting, at: now, in: db)
            }
            result.written.changes += one.written.changes
            result.events += one.events
            result.deadLetters += one.deadLetters
        }
        return result
    }

    // MARK: What the caller may see

    enum Reply: Sendable, Equatable {
        case unknown, pending, dead(Fault)
        case ready([[UInt8]])
    }

    /// Another's request is as unknown as one that never was.
    func reply(_ uuid: String, for principal: String, in db: Connection) throws -> Reply {
        let row = try db.row(
            "SELECT state, reply, error FROM stored_request WHERE uuid = ? AND principal = ?", uuid, principal)
        guard let row else { return .unknown }
        switch try row.get("state") as StoredRequest.State {
        case .waiting, .sent: return .pending
        case .answered: return .ready(Frames.unpack(try row.getIfPresent("reply") ?? []))
        case .dead: return .dead(Fault(json: try JSON(parsing: row.getIfPresent("error") ?? "{}")))
        }
    }
}
