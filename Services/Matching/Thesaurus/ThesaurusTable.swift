import JSON

/// Concepts as rows, so that a curator reads and extends them as a list:
/// `id | Korean names; … | English names; … | abbreviations; … / context; … | related=weight, … | source`.
/// The first name of each language is the label. A relation holds both ways. An abbreviation with a context counts only
/// where one of the words of the context stands in the same text.
enum ThesaurusTable {
    static func concepts(_ rows: String, reviewed: String = "2026-11-21") -> [Concept] {
        rows.split(separator: "\n").compactMap { concept(String($0), reviewed) }
    }

    /// Nil for a row of another shape; a test reads every row.
    static func concept(_ row: String, _ reviewed: String) -> Concept? {
        let columns = row.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
        guard columns.count == 6, let ko = list(columns[1]).first, let en = list(columns[2]).first else { return nil }
        let short = columns[3].split(separator: "/", maxSplits: 1).map(String.init)
        let context = short.count > 1 ? list(short[1]) : []
        let names = (list(columns[1]) + list(columns[2])).map {
            Concept.Name(text: $0, isAbbreviation: false, context: [])
        }
        let abbreviations = (short.first.map(list) ?? []).map {
            Concept.Name(text: $0, isAbbreviation: true, context: context)
        }
        let related = columns[4].split(separator: ",").compactMap { part -> Concept.Relation? in
            let sides = part.split(separator: "=").map(trimmed)
            guard sides.count == 2, let weight = Double(sides[1]) else { return nil }
            return Concept.Relation(concept: sides[0], weight: weight)
        }
        return Concept(
            id: columns[0], label: Bilingual(ko: ko, en: en), names: names + abbreviations, related: related,
            source: columns[5], reviewed: reviewed)
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ";").map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
