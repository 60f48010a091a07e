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

/// Lists of values in one text column, one a line; a value never has a line break in it.
enum Lines {
    static func text(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: "\n")
    }

    static func values<T: LosslessStringConvertible>(_ text: String) -> [T] {
        text.split(separator: "\n").compactMap { T(String($0)) }
    }
}
