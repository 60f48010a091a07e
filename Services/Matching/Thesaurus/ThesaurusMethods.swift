import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.thesaurus.*`: what the service takes for the same and for related, where that was read, and what published
/// profiles suggest to a curator.
enum ThesaurusMethods {
    struct List: Codable, Sendable, Constrained {
        /// A part of a name or of an identifier.
        let text: String?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["text": .length(1...100), "limit": .range(1...200)]
    }

    struct Get: Codable, Sendable {
        let id: String
    }

    struct Lookup: Codable, Sendable, Constrained {
        let text: String
        static let constraints: [String: Schema.Constraint] = ["text": .length(1...2_000)]
    }

    struct Suggest: Codable, Sendable, Constrained {
        let side: Side
        /// How many profiles are read; default 200.
        let limit: Int?
        /// The `next` of the page before.
        let after: String?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...500)]
    }

    struct Related: Codable, Sendable {
        let id: String
        let label: Bilingual
        /// What a text about it is worth to a query for the concept, beside the concept itself.
        let weight: Double
    }

    struct Name: Codable, Sendable {
        let text: String
        /// Counts only in capitals and as a whole word.
        let isAbbreviation: Bool
        /// One of these must stand in the same text; empty for a name that has one meaning.
        let context: [String]
    }

    struct Entry: Codable, Sendable {
        let id: String
        let label: Bilingual
        let names: [Name]
        let related: [Related]
        /// Lines of the source documents (`C:`, `P:`, `M:`), or `know` for general knowledge of the field.
        let source: String
        let reviewed: String
    }

    struct Found: Codable, Sendable {
        let items: [Entry]
        /// The text's words that are common to every field and count less.
        let common: [String]
    }

    struct Suggestion: Codable, Sendable {
        let ko: String
        let latin: String
        /// The concepts that the Korean and the Latin name have already; both empty for what is new.
        let koConcepts: [String]
        let latinConcepts: [String]
        /// The profile that says so.
        let profileId: String
    }

    static let methods: [Method] = [
        .immediate(
            "matching.thesaurus.list", Bilingual(ko: "시소러스의 개념을 훑어본다", en: "Lists the concepts of the thesaurus"),
            role: .viewer
        ) { (p: List, _: Call) throws -> Page<Entry> in list(p, .standard) },
        .immediate(
            "matching.thesaurus.get",
            Bilingual(ko: "개념의 이름, 관련 개념, 출처를 조회한다", en: "Reads a concept: names, relations, source"), role: .viewer
        ) { (p: Get, _: Call) throws -> Entry in
            let thesaurus = Thesaurus.standard
            guard let place = thesaurus.place(of: p.id) else { throw Fault.notFound(kind: "concept", id: p.id) }
            return entry(place, thesaurus)
        },
        .immediate(
            "matching.thesaurus.lookup",
            Bilingual(
                ko: "글에서 알아본 개념과 덜 세는 낱말을 보인다",
                en: "Shows the concepts that a text names, and its words that count less"),
            role: .viewer
        ) { (p: Lookup, _: Call) throws -> Found in lookup(p.text, .standard) },
        .query(
            "matching.thesaurus.suggest",
            Bilingual(
                ko: "공개된 프로필의 괄호 풀이에서 새 이름 후보를 모은다; 저절로 쓰이지는 않는다",
                en: "Gathers candidates from glosses in parentheses in published profiles; none is used by itself"),
            role: .operator
        ) { (p: Suggest, r: Read) throws -> Page<Suggestion> in try suggest(p, .standard, r.db) },
    ]

    static func list(_ p: List, _ thesaurus: Thesaurus) -> Page<Entry> {
        let wanted = p.text?.lowercased()
        let limit = p.limit ?? 50
        let places = thesaurus.concepts.indices.filter { place in
            let concept = thesaurus.concepts[place]
            guard concept.id > (p.after ?? "") else { return false }
            return wanted.map { text in
                concept.id.contains(text) || concept.names.contains { $0.text.lowercased().contains(text) }
            } ?? true
        }.sorted { thesaurus.concepts[$0].id < thesaurus.concepts[$1].id }
        let items = places.prefix(limit).map { entry($0, thesaurus) }
        return Page(items: items, next: places.count > limit ? items.last?.id : nil)
    }

    static func lookup(_ text: String, _ thesaurus: Thesaurus) -> Found {
        let tokens = Tokeniser(thesaurus: thesaurus).tokens(of: text)
        let common = tokens.runs.filter { run in
            !run.terms.isEmpty && run.terms.allSatisfy { CommonWords.weight(of: $0) < 1 }
        }.map { String(String.UnicodeScalarView($0.text)) }
        var seen: Set<Int> = []
        let places = tokens.mentions.filter { seen.insert($0).inserted }
        return Found(items: places.map { entry($0, thesaurus) }, common: common)
    }

    private static func suggest(_ p: Suggest, _ thesaurus: Thesaurus, _ db: Connection) throws -> Page<Suggestion> {
        let limit = p.limit ?? 200
        let rows = try db.rows(
            """
            SELECT id, title, summary, description FROM profile
            WHERE side = ? AND state = 'published' AND id > ? ORDER BY id LIMIT ?
            """, p.side, p.after ?? "", limit)
        var found: [Suggestion] = []
        var seen: Set<Gloss> = []
        for row in rows {
            let id: String = try row.get("id")
            let text = try ["title", "summary", "description"].map { try row.get($0) as String }.joined(separator: "\n")
            for gloss in Gloss.mined(from: text) where seen.insert(gloss).inserted {
                let ko = names(gloss.ko, thesaurus), latin = names(gloss.latin, thesaurus)
                // What the thesaurus has as one concept already needs no curator.
                guard Set(ko).isDisjoint(with: latin) else { continue }
                found.append(
                    Suggestion(ko: gloss.ko, latin: gloss.latin, koConcepts: ko, latinConcepts: latin, profileId: id))
            }
        }
        return Page(items: found, next: rows.count < limit ? nil : try rows.last?.get("id"))
    }

    private static func names(_ text: String, _ thesaurus: Thesaurus) -> [String] {
        Tokeniser(thesaurus: thesaurus).vector(of: text).concepts.map { thesaurus.concepts[$0].id }
    }

    private static func entry(_ place: Int, _ thesaurus: Thesaurus) -> Entry {
        let concept = thesaurus.concepts[place]
        return Entry(
            id: concept.id, label: concept.label,
            names: concept.names.map { Name(text: $0.text, isAbbreviation: $0.isAbbreviation, context: $0.context) },
            related: thesaurus.relations(of: place).map { relation in
                let other = thesaurus.concepts[relation.place]
                return Related(id: other.id, label: other.label, weight: relation.weight)
            }, source: concept.source, reviewed: concept.reviewed)
    }
}
