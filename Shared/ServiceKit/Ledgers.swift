import JSON
import Storage
import Vocabulary

/// The kinds of identifier that the kit itself gives out.
enum EventKind: IDKind { static let prefix = "evt" }
enum RequestKind: IDKind { static let prefix = "req" }

/// What every command leaves beside its rows, in the same transaction: the stored response of its idempotency key, its
/// events and its audit rows.
struct Ledgers: Sendable {
    /// How long a key is remembered: `IEUM_IDEMPOTENCY_DAYS`.
    let keyAge: Duration

    /// A key that begins so is never forgotten: a data set is brought into a database once in its life.
    static let lastingPrefix = "import:"
    /// Keys forgotten in one transaction, so that writers do not wait.
    static let forgottenAtOnce = 1_000

    /// The first response to this key; nil when it is new, or when its command is run again.
    ///
    /// - Throws: `conflict` when the same key came with another request.
    func stored(_ call: Call, fingerprint: String, in db: Connection) throws -> JSON? {
        guard let key = call.idempotencyKey else { return nil }
        let row = try db.row(
            "SELECT fingerprint, response FROM service_idempotency WHERE principal = ? AND key = ?", call.principal, key
        )
        guard let row else { return nil }
        guard try row.get("fingerprint") == fingerprint else {
            throw Fault.conflict(
                Bilingual(
                    ko: "멱등 키 '\(key)'은(는) 다른 요청에 이미 쓰였습니다. 새 키를 쓰세요",
                    en: "the idempotency key '\(key)' was used for another request; use a new key"),
                data: ["idempotencyKey": .string(key)])
        }
        let response: String = try row.get("response")
        guard !response.isEmpty else { return nil }
        return try JSON(parsing: response)
    }

    /// - Parameter result: nil to keep only that the key was used.
    func store(_ result: JSON?, of call: Call, fingerprint: String, at now: Instant, in db: Connection) throws {
        guard let key = call.idempotencyKey else { return }
        try db.run(
            """
            INSERT INTO service_idempotency (position, created_at, principal, key, fingerprint, response)
            VALUES ((SELECT COALESCE(MAX(position), 0) + 1 FROM service_idempotency), ?, ?, ?, ?, ?)
            ON CONFLICT (principal, key) DO NOTHING
            """, now, call.principal, key, fingerprint, result?.text ?? "")
    }

    /// Appends events and audit rows. One thread writes, so that the next position is the last one and one more.
    func record(_ write: Write, result: JSON, parameters: JSON) throws {
        for event in write.events {
            try write.db.run(
                """
                INSERT INTO service_outbox (position, event)
                SELECT COALESCE(MAX(position), 0) + 1, ? FROM service_outbox
                """, event)
        }
        var audits = write.audits
        if audits.isEmpty {
            let subject = result["id"]?.string ?? parameters["id"]?.string
            audits = [(subject ?? "", parameters["reason"]?.string)]
        }
        for audit in audits {
            try write.db.run(
                """
                INSERT INTO service_audit (position, at, principal, method, subject, reason, request_id)
                SELECT COALESCE(MAX(position), 0) + 1, ?, ?, ?, ?, ?, ? FROM service_audit
                """, write.now, write.call.principal, write.call.method,
                audit.subject.isEmpty ? nil : audit.subject, audit.reason, write.call.requestId)
        }
    }

    /// Forgets the oldest keys, which stand in the order they came: the first that is young enough ends the search.
    ///
    /// - Returns: whether there are more.
    func forgetOldKeys(_ write: Write) throws -> Bool {
        let young = try write.db.row(
            "SELECT MIN(position) AS first FROM service_idempotency WHERE created_at >= ?", write.now - keyAge)
        let first: Int64? = try young?.getIfPresent("first")
        let forgotten = try write.db.run(
            """
            DELETE FROM service_idempotency WHERE position IN (
                SELECT position FROM service_idempotency WHERE position < ? AND created_at < ? AND key NOT LIKE ?
                ORDER BY position LIMIT ?)
            """, first ?? Int64.max, write.now - keyAge, Ledgers.lastingPrefix + "%", Ledgers.forgottenAtOnce)
        return forgotten == Ledgers.forgottenAtOnce
    }
}

/// FNV-1a of the method and the parameters in canonical form: tells a repeated request from another one that reuses its
/// key by mistake.
func fingerprint(_ method: String, _ parameters: JSON) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array(method.utf8) + [0] + parameters.canonical.bytes {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
}
