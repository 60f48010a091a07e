import ServiceKit
import Storage

/// A list query: equality filters that an index serves, and a cursor. Reads one row more than asked to know whether
/// anything follows.
struct Listing {
    static let defaultLimit = 50

    private var conditions: [String] = []
    private var arguments: [(any SQLValue)?] = []

    /// Filters by a column, unless the value was left out.
    mutating func filter(_ column: String, _ value: (any SQLValue)?) {
        guard let value else { return }
        conditions.append("\(column) = ?")
        arguments.append(value)
    }

    mutating func condition(_ sql: String, _ values: any SQLValue...) {
        conditions.append(sql)
        arguments.append(contentsOf: values)
    }

    /// - Parameters:
    ///   - select: the statement up to, not including, WHERE.
    ///   - cursor: the column by which the list is ordered, unique within it.
    ///   - name: the cursor of an item, as the client gives it back.
    func page<Item: Codable & Sendable>(
        _ db: Connection, _ select: String, cursor: String, after: (any SQLValue)?, limit: Int?,
        name: (Item) -> String, item: (Row) throws -> Item
    ) throws -> Page<Item> {
        let limit = limit ?? Self.defaultLimit
        var conditions = conditions
        var arguments = arguments
        if let after {
            conditions.append("\(cursor) > ?")
            arguments.append(after)
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let rows = try db.rows("\(select)\(filter) ORDER BY \(cursor) LIMIT \(limit + 1)", arguments)
        let items = try rows.prefix(limit).map(item)
        return Page(items: items, next: rows.count > limit ? items.last.map(name) : nil)
    }
}
