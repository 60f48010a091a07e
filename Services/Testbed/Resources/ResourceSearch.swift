import Foundation
import JSON
import ServiceKit
import Storage
import Vocabulary

/// Finds resources by words in Korean or English.
///
/// Korean has no useful word ends, so names are indexed as pairs of neighbouring characters inside a word: on a
/// judged set that beats whole words by far. A resource is found when it has every pair of the query.
enum ResourceSearch {
    struct Search: Codable, Sendable, Constrained {
        let text: String
        let kinds: [ResourceSort]?
        let siteId: SiteID?
        let zone: String?
        let state: ResourceState?
        let limit: Int?
        let after: ResourceID?

        static let constraints: [String: Schema.Constraint] = [
            "text": .length(1...100), "kinds": .count(1...4), "zone": .length(1...100), "limit": .range(1...200),
        ]
    }

    static let methods: [Method] = [
        .query(
            "testbed.resources.search",
            Bilingual(ko: "이름·모델·설명으로 자원을 찾는다", en: "Finds resources by name, model or description"),
            role: .viewer, search)
    ]

    private static func search(_ p: Search, _ r: Read) throws -> Page<Resource> {
        let terms = terms(of: p.text)
        guard !terms.isEmpty else {
            throw Fault.invalid(
                "/text", .string(p.text),
                Bilingual(ko: "글자나 숫자가 있어야 합니다.", en: "Must have letters or digits."))
        }
        var listing = Listing("SELECT r.* FROM resources r JOIN sites s ON s.id = r.site_id")
        listing.add(
            """
            r.id IN (SELECT resource_id FROM resource_terms WHERE term IN (\(placeholders(terms.count)))
                GROUP BY resource_id HAVING COUNT(*) = ?)
            """, all: terms.map { $0 as any SQLValue } + [terms.count])
        listing.add("r.kind", in: p.kinds)
        listing.add("r.site_id = ?", p.siteId)
        listing.add("s.zone = ?", p.zone)
        listing.add("r.state = ?", p.state)
        return try listing.page(in: r.db, by: "r.id", after: p.after, limit: p.limit, cursor: \.id.description) {
            try Resource($0)
        }
    }

    /// Replaces the terms of a resource.
    static func index(_ resource: Resource, in db: Connection) throws {
        let texts = [
            resource.name.ko, resource.name.en, resource.description, resource.equipment?.nfecNumber?.description,
            resource.equipment?.model, resource.equipment?.maker, resource.equipment?.classCode,
        ]
        var all: Set<String> = []
        for text in texts.compactMap({ $0 }) { all.formUnion(terms(of: text, indexing: true)) }
        try db.run("DELETE FROM resource_terms WHERE resource_id = ?", resource.id)
        for term in all.sorted() {
            try db.run("INSERT INTO resource_terms (term, resource_id) VALUES (?, ?)", term, resource.id)
        }
    }

    /// The distinct pairs of neighbouring characters in each run of letters and digits. A run of one character is its
    /// own term; when `indexing`, every character is one too, so that a query of one character finds longer words.
    static func terms(of text: String, indexing: Bool = false) -> [String] {
        var terms: Set<String> = []
        let composed = text.precomposedStringWithCanonicalMapping.lowercased()
        for run in composed.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let characters = Array(run)
            if indexing || characters.count == 1 { terms.formUnion(characters.map(String.init)) }
            terms.formUnion(zip(characters, characters.dropFirst()).map { String([$0, $1]) })
        }
        return terms.sorted()
    }
}
