/// What may be shown of a name before both sides agreed: its initial, never its length.
enum Masking {
    /// "김철수" → "김○○", "Jane van Doe" → "J. v. D.", "" → "○".
    static func initial(of name: String) -> String {
        let words = name.split(whereSeparator: \.isWhitespace)
        guard let first = words.first?.first else { return "○" }
        if first.unicodeScalars.allSatisfy({ $0.value < 0x2E80 }) {
            return words.prefix(4).compactMap(\.first).map { "\($0)." }.joined(separator: " ")
        }
        return "\(first)○○"
    }
}
