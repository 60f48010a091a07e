import JSON

/// A thing of the field with the names it goes by in Korean and English.
struct Concept: Sendable {
    /// One way to write the concept.
    struct Name: Sendable {
        let text: String
        /// An abbreviation counts only in capitals and as a whole word.
        let isAbbreviation: Bool
        /// For a homonym: at least one of these must stand in the same text before the name means this concept.
        let context: [String]
    }

    struct Relation: Sendable {
        let concept: String
        /// What a text about the related concept is worth to a query for this one, 0.3-0.5.
        let weight: Double
    }

    let id: String
    let label: Bilingual
    let names: [Name]
    let related: [Relation]
    /// Where the equivalence was read (a line of the source documents) or `know` for general knowledge.
    let source: String
    /// The day a curator last looked at it.
    let reviewed: String
}

/// A small curated bilingual thesaurus. What it finds becomes a concept term beside the ordinary terms; nothing is
/// replaced, so a wrong entry can add a match but never lose one.
struct Thesaurus: Sendable {
    private struct Pattern: Sendable {
        let scalars: [UInt32]
        let concept: Int
        let isAbbreviation: Bool
        let needsStart: Bool
        let needsEnd: Bool
        let context: [[UInt32]]
    }

    let concepts: [Concept]
    private let byID: [String: Int]
    private let patterns: [Pattern]
    private let beginnings: Beginnings
    private let relations: [[(place: Int, weight: Double)]]

    init(_ concepts: [Concept]) {
        self.concepts = concepts
        let byID = Dictionary(
            concepts.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        self.byID = byID
        // A relation holds both ways, with the stronger weight where both are written.
        var weights = [[Int: Double]](repeating: [:], count: concepts.count)
        for (place, concept) in concepts.enumerated() {
            for relation in concept.related {
                guard let other = byID[relation.concept], other != place else { continue }
                weights[place][other] = max(weights[place][other] ?? 0, relation.weight)
                weights[other][place] = max(weights[other][place] ?? 0, relation.weight)
            }
        }
        relations = weights.map { $0.sorted { $0.key < $1.key }.map { (place: $0.key, weight: $0.value) } }
        patterns = concepts.enumerated().flatMap { place, concept in
            concept.names.compactMap { Self.pattern($0, concept: place) }
        }
        beginnings = Beginnings(patterns.map(\.scalars))
    }

    /// The same names with nothing related to anything, to measure what relations bring.
    static let withoutRelations = Thesaurus(
        standard.concepts.map {
            Concept(
                id: $0.id, label: $0.label, names: $0.names, related: [], source: $0.source, reviewed: $0.reviewed)
        })

    /// Where a concept stands in `concepts`; its term carries this place.
    func place(of id: String) -> Int? { byID[id] }

    /// The related concepts of the one at a place, by their places.
    func relations(of place: Int) -> [(place: Int, weight: Double)] { relations[place] }

    /// The places of the concepts named in a text, each as often as it is named. A homonym whose context is missing, or whose
    /// two meanings are both possible, names nothing.
    func mentions(in text: CompactText) -> [Int] {
        var mentions: [Int] = []
        var contexts: [[UInt32]: Bool] = [:]
        for place in text.scalars.indices where beginnings.mayBegin(text.scalars, at: place) {
            var found: [(pattern: Int, range: Range<Int>)] = []
            for candidate in beginnings.candidates(text.scalars, at: place) {
                guard let range = Self.match(patterns[candidate], in: text, at: place) else { continue }
                let pattern = patterns[candidate]
                let isMeant =
                    pattern.context.isEmpty
                    || pattern.context.contains { word in
                        if let known = contexts[word] { return known }
                        let known = text.contains(word)
                        contexts[word] = known
                        return known
                    }
                guard isMeant, !found.contains(where: { patterns[$0.pattern].concept == pattern.concept }) else {
                    continue
                }
                found.append((candidate, range))
            }
            for (place, range) in found {
                let pattern = patterns[place]
                let isAmbiguous =
                    !pattern.context.isEmpty
                    && found.contains {
                        let other = patterns[$0.pattern]
                        return !other.context.isEmpty && other.concept != pattern.concept && $0.range == range
                    }
                guard !isAmbiguous else { continue }
                mentions.append(pattern.concept)
            }
        }
        return mentions
    }

    private static func pattern(_ name: Concept.Name, concept: Int) -> Pattern? {
        let scalars = compact(name.text)
        guard let first = scalars.first.flatMap(Unicode.Scalar.init),
            let last = scalars.last.flatMap(Unicode.Scalar.init)
        else { return nil }
        return Pattern(
            scalars: scalars, concept: concept, isAbbreviation: name.isAbbreviation,
            // A long Korean name is found inside a compound (생물전용투과전자현미경); a short one would be chance.
            needsStart: !first.isHangul || scalars.count < 3,
            // Particles follow a Korean name (센서를); after one of a single syllable they would make other words (밀접).
            needsEnd: !last.isHangul || scalars.count == 1, context: name.context.map(compact))
    }

    private static func compact(_ text: String) -> [UInt32] {
        Scalars.normalised(text).filter { scalar in
            switch scalar.scalarClass {
            case .syllable, .letter, .digit: true
            case .joiner, .other: false
            }
        }.map(\.lowerCased.value)
    }

    private static func match(_ pattern: Pattern, in text: CompactText, at place: Int) -> Range<Int>? {
        var end = place + pattern.scalars.count
        guard text.stands(pattern.scalars, at: place) else { return nil }
        if !text.marks[place].contains(.begins) {
            // Inside a compound is well, across the end of another word would be chance (질량분석 장비 is no 분석장비).
            let crossesWords = text.marks[(place + 1)..<end].contains { $0.contains(.begins) }
            if pattern.needsStart || crossesWords { return nil }
        }
        if pattern.needsEnd, !text.marks[end - 1].contains(.ends) {
            // The English plural is the same name.
            let isPlural =
                end < text.scalars.count && text.scalars[end] == 0x73 && text.marks[end].contains(.ends)
                && !text.marks[end].contains(.begins)
            guard isPlural else { return nil }
            end += 1
        }
        if pattern.isAbbreviation {
            let letters = (place..<(place + pattern.scalars.count)).filter { (0x61...0x7A).contains(text.scalars[$0]) }
            guard letters.allSatisfy({ text.marks[$0].contains(.capital) }) else { return nil }
        }
        return place..<end
    }
}
