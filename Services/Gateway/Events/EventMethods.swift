import JSON
import ServiceKit
import Storage
import Vocabulary

/// How services hand their events over, and how subscribers read what they missed.
extension EventLog {
    /// Of events in one answer, which a message must hold; at least one event is answered.
    static let answerBytes = 768 << 10

    struct Append: Codable, Sendable, Constrained {
        let events: [JSON]
        static let constraints: [String: Schema.Constraint] = ["events": .count(1...EventLog.batchLimit)]
    }

    struct Appended: Codable, Sendable {
        /// Events stored now.
        let stored: Int
        /// Events that were stored before, told by their id.
        let duplicates: Int
        /// The last number of the log.
        let last: Int64
    }

    struct ReadPast: Codable, Sendable, Constrained {
        /// The last sequence that the reader has; 0 for the beginning.
        let after: Int64?
        let limit: Int?
        /// Types to keep, such as `ieum.fund.case.approved`; one that ends in `.` or `*` keeps all that begin so.
        let types: [String]?
        static let constraints: [String: Schema.Constraint] = [
            "after": .range(0...), "limit": .range(1...1_000), "types": .count(1...50),
        ]
    }

    struct Past: Codable, Sendable {
        var items: [JSON]
        /// Goes into `after` of the next read; missing when there is nothing further.
        var next: Int64?
        /// The oldest number that is kept.
        let first: Int64
        let last: Int64
        /// Events after `after` that are kept no more: a reader that was so far behind has lost them, whatever their
        /// type. 0 for one that was in time.
        let forgotten: Int64
    }

    func methods(_ database: Database) -> [Method] {
        [
            .action(
                "gateway.events.append",
                Bilingual(
                    ko: "이벤트를 순서대로 기록하고 알린다 (다시 보내도 안전)", en: "Stores and publishes events in order; safe to repeat"),
                role: .service, idempotent: true
            ) { [self] (p: Append, call) throws -> Appended in try await store(p.events, in: database) },
            .query(
                "gateway.events.read",
                Bilingual(ko: "놓친 이벤트를 읽는다", en: "Reads events that were missed"), role: .viewer
            ) { [self] (p: ReadPast, r) throws -> Past in try read(p, r.db) },
            streaming(database),
        ]
    }

    /// Stores events and returns when they are on the disk; they are published then.
    func store(_ events: [JSON], in database: Database) async throws -> Appended {
        let entries = events.map(Entry.init)
        let faults = zip(events, entries).enumerated().flatMap { place, event in
            self.faults(in: event.0, event.1, at: "/events/\(place)")
        }
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        return try await withCheckedThrowingContinuation { continuation in
            database.submitWrite({ [self] db in
                let stored = try append(entries, at: .now(), in: db)
                return (stored, try lastSequence(in: db))
            }) { [self] (result: Result<([Stored], Int64), any Error>) in
                if let (stored, _) = try? result.get() { committed(stored) }
                continuation.resume(
                    with: result.map { stored, last in
                        Appended(stored: stored.count, duplicates: events.count - stored.count, last: last)
                    })
            }
        }
    }

    /// CloudEvents 1.0, section 3.1, and what the log needs.
    private func faults(in event: JSON, _ entry: Entry, at pointer: String) -> [FieldError] {
        var faults: [FieldError] = []
        func require(_ name: String, _ rule: Bilingual, _ holds: (String) -> Bool) {
            let value = event[name]
            if let text = value?.string, holds(text) { return }
            faults.append(FieldError("\(pointer)/\(name)", value, rule))
        }
        require("specversion", Bilingual(ko: "\"1.0\"이어야 합니다", en: "must be \"1.0\"")) { $0 == "1.0" }
        let text = Bilingual(ko: "1자 이상 200자 이하의 문자열이어야 합니다", en: "must be a string of 1 to 200 characters")
        require("id", text) { (1...200).contains($0.unicodeScalars.count) }
        require("source", text) { (1...200).contains($0.unicodeScalars.count) }
        require("type", Bilingual(ko: "ieum.으로 시작해야 합니다", en: "must begin with ieum.")) {
            $0.hasPrefix("ieum.") && $0.unicodeScalars.count <= 200
        }
        require("time", Bilingual(ko: "RFC 3339 시각이어야 합니다", en: "must be an RFC 3339 time")) { Instant($0) != nil }
        if faults.isEmpty, entry.head.utf8.count >= sizeLimit {
            let rule = Bilingual(
                ko: "이벤트는 \(sizeLimit)바이트 이하여야 합니다", en: "an event must have at most \(sizeLimit) bytes")
            faults.append(FieldError(pointer, nil, rule))
        }
        return faults
    }

    func read(_ parameters: ReadPast, _ db: Connection) throws -> Past {
        let after = parameters.after ?? 0
        let limit = parameters.limit ?? 100
        var conditions: [String] = []
        var arguments: [(any SQLValue)?] = [after]
        for type in parameters.types ?? [] {
            if type.hasSuffix("*") || type.hasSuffix(".") {
                let prefix = type.hasSuffix("*") ? String(type.dropLast()) : type
                conditions.append("(type >= ? AND type < ?)")
                arguments += [prefix, prefix + "\u{10FFFF}"]
            } else {
                conditions.append("type = ?")
                arguments.append(type)
            }
        }
        arguments.append(limit + 1)
        let filter = conditions.isEmpty ? "" : " AND (" + conditions.joined(separator: " OR ") + ")"
        struct Enough: Error {}
        var items: [JSON] = []
        var bytes = 0
        var hasMore = false
        do {
            try db.each(
                "SELECT sequence, event FROM event WHERE sequence > ?\(filter) ORDER BY sequence LIMIT ?", arguments
            ) { row in
                let text: String = try row.get("event")
                bytes += text.utf8.count + 1
                guard items.count < limit, items.isEmpty || bytes <= Self.answerBytes else { throw Enough() }
                items.append(try JSON(parsing: text))
            }
        } catch is Enough {
            hasMore = true
        }
        let last = try lastSequence(in: db)
        let oldest: Int64? = try db.row("SELECT MIN(sequence) AS first FROM event")?.getIfPresent("first")
        let first = oldest ?? last + 1
        return Past(
            items: items, next: hasMore ? items.last?["sequence"]?.integer : nil, first: first, last: last,
            forgotten: max(0, first - 1 - after))
    }
}
