import JSON
import Storage
import Vocabulary

/// A document that belongs to a step, wherever it is kept: where to find it and what its bytes were. The file itself
/// never passes through here.
struct Document: Codable, Hashable, Sendable, Constrained {
    let title: String
    /// Such as a registry number or an address.
    let reference: String
    let sha256: Digest
    static let constraints: [String: Schema.Constraint] = ["title": .length(1...200), "reference": .length(1...500)]

    /// Of one step at most.
    static let limit = Schema.Constraint.count(0...20)

    /// Those of a row with a column `documents`.
    static func list(_ row: Row) throws -> [Document] {
        let text: String? = try row.getIfPresent("documents")
        return try text.map { try JSON(parsing: $0).decode([Document].self) } ?? []
    }
}

/// A SHA-256 as 64 lower-case hexadecimal digits.
struct Digest: Hashable, Sendable, TextCoded {
    let description: String

    init?(_ text: String) {
        let isDigest =
            text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isDigest else { return nil }
        description = text
    }

    private init(zeros: Void) { description = String(repeating: "0", count: 64) }

    static let title = Bilingual(ko: "SHA-256 (소문자 16진수 64자리)", en: "SHA-256 as 64 lower-case hexadecimal digits")
    static let pattern = "^[0-9a-f]{64}$"
    static let sample = Digest(zeros: ())
}
