public import JSON
public import Vocabulary

/// What a service does with the events of others, each event once.
///
///     Consumer("technologies' demonstrations", of: ["ieum.testbed.demonstration.finished"]) { event, w in
///         try record(event.decode(), w)
///     }
///
/// The position in the log is kept in the transaction of what the event did, so that a restart of anybody neither skips
/// an event nor handles one twice. Events come in the order of the log. One that cannot be handled is tried again for
/// about ten seconds and then set aside (`service.consumers`), so that those behind it go on.
public struct Consumer: Sendable {
    /// Unique in the service and kept for ever: its position is stored under it.
    public let name: String
    /// CloudEvents types; one that ends in `*` or `.` takes all that begin so.
    public let types: [String]
    let handle: @Sendable (Event, Write) throws -> Void

    public init(_ name: String, of types: [String], _ handle: @escaping @Sendable (Event, Write) throws -> Void) {
        precondition((1...50).contains(types.count), "\(name) must name 1 to 50 types")
        self.name = name
        self.types = types
        self.handle = handle
    }

    /// The prefixes of its types, as SUB sockets want them.
    var topics: [String] { types.map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 } }
}

/// An event of the log: CloudEvents 1.0.
public struct Event: Sendable {
    /// Its place in the gapless order of all events.
    public let sequence: Int64
    public let id: String
    public let type: String
    public let subject: String
    /// When it happened, by the clock of the service that left it.
    public let time: Instant
    /// Who caused it, such as `uid:1000`.
    public let principal: String
    /// W3C Trace Context.
    public let traceparent: String?
    public let data: JSON

    /// Nil for what is no event of a log.
    init?(_ json: JSON) {
        guard let sequence = json["sequence"]?.integer, let id = json["id"]?.string, let type = json["type"]?.string
        else { return nil }
        self.sequence = sequence
        self.id = id
        self.type = type
        subject = json["subject"]?.string ?? ""
        time = json["time"]?.string.flatMap { Instant($0) } ?? Instant(milliseconds: 0)
        principal = json["principal"]?.string ?? ""
        traceparent = json["traceparent"]?.string
        data = json["data"] ?? .null
    }

    /// `data` as a value. Name the members that are needed, and no others: the service that sends them may add some.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T { try data.decode() }
}
