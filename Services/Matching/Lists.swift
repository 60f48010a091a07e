import JSON
import ServiceKit
import Storage
import Vocabulary

extension Page {
    /// - Parameter fetch: gives up to as many items as it is asked for; one more than the page tells if there is a next.
    init(limit: Int?, id: (Item) -> String, fetch: (Int) throws -> [Item]) throws {
        let limit = limit ?? 50
        let found = try fetch(limit + 1)
        let items = Array(found.prefix(limit))
        self.init(items: items, next: found.count > limit ? items.last.map(id) : nil)
    }
}

/// The WHERE of a list, with its arguments.
struct Filter {
    private var conditions: [String] = []
    private(set) var arguments: [(any SQLValue)?] = []

    init(after: String?) {
        if let after { add("id > ?", after) }
    }

    mutating func add(_ condition: String, _ arguments: (any SQLValue)?...) {
        conditions.append(condition)
        self.arguments.append(contentsOf: arguments)
    }

    mutating func equals(_ column: String, _ value: (any SQLValue)?) {
        if let value { add("\(column) = ?", value) }
    }

    var sql: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
}

/// Lists of codes in one text column, parted by spaces.
enum Codes {
    static func text<T: RawRepresentable<String>>(_ values: [T]) -> String {
        values.map(\.rawValue).joined(separator: " ")
    }

    static func list<T: RawRepresentable<String>>(_ text: String) -> [T] {
        text.split(separator: " ").compactMap { T(rawValue: String($0)) }
    }

    static func pairs<T: RawRepresentable<String>>(_ scheme: String, _ values: [T]) -> [(scheme: String, code: String)]
    {
        values.map { (scheme, $0.rawValue) }
    }
}
