public import Storage

/// A SELECT whose conditions depend on which filters were given. Every condition is on an indexed column; the order is
/// that of the cursor's column, by default of the identifiers, which is the order of creation.
public struct Listing {
    private let select: String
    private var conditions: [String] = []
    private var arguments: [(any SQLValue)?] = []

    public static let defaultLimit = 50
    /// A page ends early when its text grows to this, so that the answer stays below the limit of a message.
    static let pageBytes = 600_000

    /// - Parameter select: the statement up to, not including, WHERE.
    public init(_ select: String) { self.select = select }

    /// Adds the condition when the value is there.
    public mutating func add(_ condition: String, _ value: (any SQLValue)?) {
        guard let value else { return }
        add(condition, all: [value])
    }

    public mutating func add(_ condition: String, all values: [(any SQLValue)?] = []) {
        conditions.append(condition)
        arguments.append(contentsOf: values)
    }

    /// `column IN (…)` when there are values.
    public mutating func add(_ column: String, in values: [any SQLValue]?) {
        guard let values, !values.isEmpty else { return }
        add("\(column) IN (\(placeholders(values.count)))", all: values)
    }

    /// One page of items that are read a row at a time.
    /// - Parameters:
    ///   - column: the order; unique within the list.
    ///   - isDescending: whether the newest come first.
    ///   - after: the cursor where the last page ended.
    ///   - cursor: the cursor of an item, as the client gives it back.
    public func page<Item: Codable & Sendable>(
        in db: Connection, by column: String = "id", isDescending: Bool = false, after: (any SQLValue)?, limit: Int?,
        cursor: (Item) -> String, item: (Row) throws -> Item
    ) throws -> Page<Item> {
        try page(in: db, by: column, isDescending: isDescending, after: after, limit: limit, cursor: cursor) {
            try $0.map(item)
        }
    }

    /// One page of items that are read all at once, for those that need further tables.
    /// - Parameter items: makes one item of each row, in their order.
    public func page<Item: Codable & Sendable>(
        in db: Connection, by column: String = "id", isDescending: Bool = false, after: (any SQLValue)?, limit: Int?,
        cursor: (Item) -> String, items: ([Row]) throws -> [Item]
    ) throws -> Page<Item> {
        let limit = limit ?? Self.defaultLimit
        var listing = self
        listing.add("\(column) \(isDescending ? "<" : ">") ?", after)
        let filter = listing.conditions.isEmpty ? "" : " WHERE " + listing.conditions.joined(separator: " AND ")
        // One row more than asked for tells whether anything follows.
        let rows = try db.rows(
            select + filter + " ORDER BY \(column)\(isDescending ? " DESC" : "") LIMIT ?",
            listing.arguments + [limit + 1])
        let kept = Array(rows.prefix(min(limit, Self.fitting(rows))))
        let items = try items(kept)
        return Page(items: items, next: rows.count > kept.count ? items.last.map(cursor) : nil)
    }

    /// How many rows fit into a page, one at least.
    public static func fitting(_ rows: [Row]) -> Int {
        var bytes = 0
        for (count, row) in rows.enumerated() {
            bytes += row.scalars.reduce(512) { if case .text(let text) = $1 { $0 + text.utf8.count } else { $0 } }
            if bytes > pageBytes { return max(1, count) }
        }
        return rows.count
    }
}

/// `?, ?, ?` for a list of so many values.
public func placeholders(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
}
