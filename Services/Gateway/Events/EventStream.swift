import JSON
import ServiceKit
import Storage

/// `gateway.events.stream`: what `gateway.events.read` gives in pages that fit into one message, in one go.
extension EventLog {
    struct StreamPast: Codable, Sendable, Constrained {
        /// The last sequence that the reader has; 0 for the beginning.
        let after: Int64?
        /// Default: all that one call has room for.
        let limit: Int?
        /// Types to keep, as `gateway.events.read` takes them.
        let types: [String]?
        static let constraints: [String: Schema.Constraint] = [
            "after": .range(0...), "limit": .range(1...1_000_000), "types": .count(1...50),
        ]
    }

    private static let pageLimit = 200

    func streaming(_ database: Database) -> Method {
        .stream(
            "gateway.events.stream",
            Bilingual(ko: "지난 이벤트를 흘려보낸다", en: "Streams the events of the past"), role: .viewer
        ) { [self] (p: StreamPast, _, items: Items<JSON>) async throws -> Past in
            var after = p.after ?? 0
            var left = p.limit ?? .max
            while true {
                let wanted = ReadPast(after: after, limit: min(left, Self.pageLimit), types: p.types)
                var page = try await database.read { [self] db in try read(wanted, db) }
                var hasRoom = true
                for event in page.items where hasRoom {
                    hasRoom = try await items.send(event)
                    after = event["sequence"]?.integer ?? after
                    left -= 1
                }
                guard hasRoom, left > 0, page.next != nil else {
                    page.items = items.rest
                    page.next = hasRoom && page.next == nil || after >= page.last ? nil : after
                    return page
                }
            }
        }
    }
}
