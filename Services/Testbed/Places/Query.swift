import JSON
import ServiceKit
import Storage
import Vocabulary

/// A SELECT whose conditions depend on which filters were given. Every condition is on an indexed column, and the
/// order is always that of the identifiers, which is the order of creation.
struct Query {
    private let select: String
    private var conditions: [String] = []
    private var arguments: [(any SQLValue)?] = []

    init(_ select: String) { self.select = select }

    /// Adds the condition when the value is there.
    mutating func add(_ condition: String, _ value: (any SQLValue)?) {
        guard let value else { return }
        conditions.append(condition)
        arguments.append(value)
    }

    mutating func add(_ condition: String, all values: [any SQLValue]) {
        conditions.append(condition)
        arguments.append(contentsOf: values)
    }

    /// `column IN (…)` when there are values.
    mutating func add(_ column: String, in values: [any SQLValue]?) {
        guard let values, !values.isEmpty else { return }
        add("\(column) IN (\(Query.marks(values.count)))", all: values)
    }

    static func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }

    static let defaultLimit = 50
    /// A page ends early when its text grows to this, so that the answer stays below the limit of a message.
    static let pageBytes = 600_000

    /// One page; `next` is the last identifier when there is more.
    func page<Item: Codable & Sendable>(
        in db: Connection, limit: Int?, column: String = "id", item: (Row) throws -> Item, id: (Item) -> String
    ) throws -> Page<Item> {
        let limit = limit ?? Self.defaultLimit
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let rows = try db.rows(
            select + filter + " ORDER BY \(column) LIMIT ?", arguments + [limit + 1])
        var items: [Item] = []
        var bytes = 0
        for row in rows.prefix(limit) {
            bytes += row.scalars.reduce(512) { if case .text(let text) = $1 { $0 + text.utf8.count } else { $0 } }
            guard items.isEmpty || bytes <= Self.pageBytes else { break }
            items.append(try item(row))
        }
        return Page(items: items, next: rows.count > items.count ? items.last.map(id) : nil)
    }
}

/// Names are shown to people in both languages, so neither may be empty.
enum Names {
    static let length = 1...200

    static func errors(_ name: Bilingual?, _ pointer: String) -> [FieldError] {
        guard let name else { return [] }
        return [("ko", name.ko), ("en", name.en)].compactMap { language, text in
            guard !length.contains(text.count) else { return nil }
            return FieldError(
                pointer + "/" + language, .string(text),
                Bilingual(
                    ko: "1~\(length.upperBound)자여야 합니다.",
                    en: "Must have 1 to \(length.upperBound) characters."))
        }
    }

    static func check(_ name: Bilingual?, _ pointer: String) throws {
        let errors = errors(name, pointer)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}
