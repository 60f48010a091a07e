public import JSON
public import Storage
public import Vocabulary

/// A method that takes no parameters.
public struct NoParameters: Codable, Sendable {
    public init() {}
}

/// Parameters of a method that asks for one thing.
public struct ByID<Kind: IDKind>: Codable, Sendable {
    public let id: ID<Kind>
    public init(id: ID<Kind>) { self.id = id }
}

/// One page of a list; `next` goes into `after` of the next request and is missing on the last page.
public struct Page<Item: Codable & Sendable>: Codable, Sendable {
    public let items: [Item]
    public let next: String?

    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// What a query has: a snapshot of the database. Valid inside the handler only.
public struct Read {
    public let db: Connection
    public let call: Call
    public let now: Instant
}

/// What a command has: a transaction of its own. Everything it writes, emits and audits becomes true together, or not
/// at all when it throws. Valid inside the handler only.
public final class Write {
    public let db: Connection
    public let call: Call
    public let now: Instant
    /// CloudEvents as JSON text, in order.
    private(set) var events: [String] = []
    private(set) var audits: [(subject: String, reason: String?)] = []

    /// Whether what this write replaced must leave the disk with it.
    private(set) var mustEmptyLog = false
    private let service: String

    init(service: String, db: Connection, call: Call, now: Instant) {
        self.service = service
        self.db = db
        self.call = call
        self.now = now
    }

    /// Leaves an event: `ieum.` is put before the type; `subject` is the identifier of what it is about.
    ///
    /// - Throws: `payloadTooLarge` for one that no event log would take; the command then leaves nothing.
    public func emit(_ type: String, subject: String, _ data: some Encodable) throws {
        let event = Outbox.cloudEvent(type, subject: subject, try JSON.encode(data), source: service, call, at: now)
        events.append(try Outbox.checked(event.text, type: type))
    }

    /// Runs a part of the work so that what it wrote, emitted and audited, and only that, is undone when it throws.
    public func part<R>(_ body: () throws -> R) throws -> R {
        let (eventsBefore, auditsBefore) = (events.count, audits.count)
        do { return try db.savepoint(body) } catch {
            events.removeSubrange(eventsBefore...)
            audits.removeSubrange(auditsBefore...)
            throw error
        }
    }

    /// For erasure: after the commit, and before the caller is answered, the engine's log of recent writes is emptied,
    /// so that the bytes which this write replaced are not on the disk any more.
    public func emptyLogAfterwards() {
        mustEmptyLog = true
    }

    /// Names what was changed and why. Without it, a command's audit row names `id` of its result or parameters.
    public func audit(subject: String, reason: String? = nil) {
        audits.append((subject, reason))
    }

    /// The same transaction for queries' functions.
    public var read: Read { Read(db: db, call: call, now: now) }
}

/// One method, declared once: its name, what it does, who may call it, its parameters and result, and its function.
public struct Method: Sendable {
    /// What is kept of a command for a request that comes again with the same idempotency key.
    public enum Memory: String, Sendable {
        /// Its answer: the repetition is given it and changes nothing.
        case answer
        /// Only that the key was used, and for what: the repetition runs again and is answered anew. For answers that
        /// must not lie on the disk, of commands that are safe to run twice.
        case key
    }

    enum Body: Sendable {
        case query(@Sendable (JSON, Read) throws -> JSON)
        case command(@Sendable (JSON, Write) throws -> JSON)
        case action(@Sendable (JSON, Call) async throws -> JSON)
        /// Answers from memory, without a hop.
        case immediate(@Sendable (JSON, Call) throws -> JSON)
    }

    public let name: String
    public let summary: Bilingual
    public let role: Role
    /// Whether sending it twice does what sending it once does, even without an idempotency key.
    public let isIdempotent: Bool
    public let memory: Memory
    public let parameters: Schema
    public let result: Schema
    let body: Body
    /// Whether it gives items before its result (`Items`).
    var isStream = false

    /// Reads only. Runs on a reader thread over a snapshot.
    public static func query<P: Decodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ summary: Bilingual, role: Role = .viewer,
        _ body: @escaping @Sendable (P, Read) throws -> R
    ) -> Method {
        make(name, summary, role, true, P.self, R.self, .query { try JSON.encode(body($0.decode(), $1)) })
    }

    /// Writes. Runs on the writer thread, in a transaction; safe to repeat with an idempotency key.
    public static func command<P: Decodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ summary: Bilingual, role: Role = .member, idempotent: Bool = false,
        remembers memory: Memory = .answer, _ body: @escaping @Sendable (P, Write) throws -> R
    ) -> Method {
        make(
            name, summary, role, idempotent, P.self, R.self, .command { try JSON.encode(body($0.decode(), $1)) },
            memory)
    }

    /// Neither only reads nor only writes: waits, or calls others.
    public static func action<P: Decodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ summary: Bilingual, role: Role = .member, idempotent: Bool = false,
        _ body: @escaping @Sendable (P, Call) async throws -> R
    ) -> Method {
        make(name, summary, role, idempotent, P.self, R.self, .action { try JSON.encode(await body($0.decode(), $1)) })
    }

    /// Answers from memory at once; must not block.
    public static func immediate<P: Decodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ summary: Bilingual, role: Role = .viewer,
        _ body: @escaping @Sendable (P, Call) throws -> R
    ) -> Method {
        make(name, summary, role, true, P.self, R.self, .immediate { try JSON.encode(body($0.decode(), $1)) })
    }

    private static func make<P: Decodable, R: Encodable>(
        _ name: String, _ summary: Bilingual, _ role: Role, _ idempotent: Bool, _ parameters: P.Type, _ result: R.Type,
        _ body: Body, _ memory: Memory = .answer
    ) -> Method {
        Method(
            name: name, summary: summary, role: role, isIdempotent: idempotent, memory: memory,
            parameters: .of(P.self),
            result: (result as? any Decodable.Type).map { Schema.ofResult($0) } ?? .any, body: body)
    }
}
