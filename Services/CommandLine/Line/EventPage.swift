import JSON

/// One answer of `gateway.events.read`.
struct EventPage: Sendable {
    let items: [JSON]
    /// The sequence of the newest event of the whole log.
    let last: Int64

    init(_ answer: JSON) {
        items = answer["items"]?.array ?? []
        last = answer["last"]?.integer ?? 0
    }

    /// Whether an event's type is asked for: the type itself, or a beginning followed by `*`.
    static func matches(_ wish: String, _ type: String) -> Bool {
        wish.hasSuffix("*") ? type.hasPrefix(wish.dropLast()) : wish == type
    }
}
