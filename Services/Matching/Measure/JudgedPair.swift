import JSON

/// A need with the text that answers it and others that answer it in part.
struct JudgedPair: Decodable, Sendable {
    let id: String?
    let demand: String
    let technology: String
    let also_relevant: [String]?

    /// The answers with what finding each is worth.
    var answers: [(text: String, worth: Double)] { [(technology, 2)] + (also_relevant ?? []).map { ($0, 1) } }

    /// Whether the pair belongs to the half that is only measured and never looked at in tuning.
    var isHeldOut: Bool { Fowler.hash(demand) >> 32 & 1 == 1 }

    /// Whether a comparison of plain terms can find the answer at all.
    var sharesTerms: Bool {
        let plain = Tokeniser(thesaurus: Thesaurus([]))
        return !Set(plain.vector(of: demand).terms).isDisjoint(with: plain.vector(of: technology).terms)
    }
}

extension JudgedPair {
    static let givenPairs = pairs(given)
    static let writtenPairs = pairs(written)

    /// Rows of `id | need | answer | other answers; … | source`.
    static func pairs(_ rows: String) -> [JudgedPair] { rows.split(separator: "\n").compactMap { pair(String($0)) } }

    /// Nil for a row of another shape; a test reads every row.
    static func pair(_ row: String) -> JudgedPair? {
        let columns = row.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
        guard columns.count == 5, !columns[1].isEmpty, !columns[2].isEmpty, !columns[4].isEmpty else { return nil }
        return JudgedPair(
            id: columns[0], demand: columns[1], technology: columns[2],
            also_relevant: columns[3].split(separator: ";").map { trimmed($0) })
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// The hash of Fowler, Noll and Vo (1a, 64 bits): the same everywhere and for ever.
enum Fowler {
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
