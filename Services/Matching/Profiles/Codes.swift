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
