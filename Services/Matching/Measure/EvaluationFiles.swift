import Daejeon
import Foundation
import JSON

/// What `ieum evaluate` measures: the judged pairs that are compiled in, or those of files; and the known-item set that
/// is cut from documents, or from the Daejeon data when none is given.
///
/// A `.json` file is an array of `{"id", "demand", "technology", "also_relevant": […]}`, a `.jsonl` file has one such
/// object a line; `id` and `also_relevant` may be missing. Any other file is a document: of its lines `(title) body` the
/// title asks and its own body among all bodies and lines is the one answer.
struct EvaluationFiles {
    /// What stands beside the answers in the collection of the judged sets.
    enum Cut: String, CaseIterable {
        /// The titles of the documents' lines `(title) body`.
        case titles
        /// Every line and table cell of the documents, cut to a readable length, but not those that needs and answers
        /// were taken from.
        case lines
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    private var judged: [(name: String, pairs: [JudgedPair])] = []
    private var lines: [String] = []

    init(_ paths: [String]) throws {
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Unreadable(description: "\(path) 를 읽을 수 없습니다 / cannot be read")
            }
            let name = URL(filePath: path).deletingPathExtension().lastPathComponent
            switch URL(filePath: path).pathExtension {
            case "json":
                judged.append((name, try Self.read(path) { try JSONDecoder().decode([JudgedPair].self, from: data) }))
            case "jsonl":
                let pairs = try data.split(separator: 0x0A).map { line in
                    try Self.read(path) { try JSONDecoder().decode(JudgedPair.self, from: line) }
                }
                judged.append((name, pairs))
            default: lines += String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            }
        }
        guard judged.isEmpty else { return }
        let halves = Dictionary(grouping: JudgedPair.writtenPairs, by: \.isHeldOut)
        let heldOut = halves[true] ?? []
        judged = [
            ("given", JudgedPair.givenPairs), ("tune", halves[false] ?? []), ("heldOut", heldOut),
            ("heldOutWithoutSharedTerm", heldOut.filter { !$0.sharesTerms }),
        ]
    }

    private static func read<Value>(_ path: String, _ decode: () throws -> Value) throws -> Value {
        do { return try decode() } catch {
            throw Unreadable(
                description: """
                    \(path): {"id", "demand", "technology", "also_relevant": […]} 의 배열(.json)이나 줄(.jsonl)이 아닙니다 / \
                    is no array (.json) or lines (.jsonl) of such objects: \(error)
                    """)
        }
    }

    /// All judged pairs share one collection: every answer, and what the cut adds.
    func sets(_ cut: Cut) -> [Evaluation] {
        let known = lines.isEmpty ? Self.ownItems : lines.map(Self.cut)
        var collection: [String] = []
        var places: [String: Int] = [:]
        func place(_ text: String) -> Int {
            if let known = places[text] { return known }
            places[text] = collection.count
            collection.append(text)
            return collection.count - 1
        }
        let answered = judged.map { name, pairs in
            let queries = pairs.enumerated().map { number, pair in
                Evaluation.Judged(
                    id: pair.id ?? "\(number + 1)", query: pair.demand,
                    relevant: Dictionary(pair.answers.map { (place($0.text), $0.worth) }, uniquingKeysWith: max))
            }
            return (name: name, queries: queries)
        }
        for text in others(cut, known) { _ = place(text) }
        return answered.map { Evaluation(name: $0.name, judged: $0.queries, collection: collection) }
            + [Self.knownItems(known)]
    }

    private func others(_ cut: Cut, _ known: [(title: String?, body: String)]) -> [String] {
        switch cut {
        case .titles: return known.compactMap(\.title)
        case .lines:
            let taken = judged.flatMap(\.pairs).flatMap { [$0.demand] + $0.answers.map(\.text) }.map(Self.terms)
            let short = (lines.isEmpty ? known.map(\.body) : lines).flatMap { $0.split(separator: "\t") }
                .map { String($0.drop { !$0.isLetter && !$0.isNumber }.prefix(80)) }.filter { $0.count >= 4 }
            return short.filter { text in
                let own = Self.terms(text)
                return !taken.contains { $0.intersection(own).count * 2 > min($0.count, own.count) }
            }
        }
    }

    private static func terms(_ text: String) -> Set<Term> {
        Set(Tokeniser(thesaurus: Thesaurus([])).vector(of: text).terms)
    }

    private static func knownItems(_ items: [(title: String?, body: String)]) -> Evaluation {
        let bodies = items.filter { $0.body.count > 1 }
        let judged = bodies.enumerated().compactMap { place, item in
            item.title.map { Evaluation.Judged(id: "line \(place + 1)", query: $0, relevant: [place: 1]) }
        }
        return Evaluation(name: "knownItems", judged: judged, collection: bodies.map(\.body))
    }

    /// Titles and summaries of the Daejeon data, and what only has a title.
    private static var ownItems: [(title: String?, body: String)] {
        let profiles = (Daejeon.offers + Daejeon.demands).map { (title: Optional($0.name.ko), body: $0.summary.ko) }
        let names =
            Daejeon.details.map(\.name.ko) + Daejeon.tasks.map(\.name.ko) + Daejeon.programmes.map(\.name.ko)
            + Daejeon.plannedFunds.map(\.name.ko) + Daejeon.facts.map(\.name.ko) + Daejeon.needs.map(\.name.ko)
        return profiles + names.map { (title: nil, body: $0) }
    }

    /// "- (시민 리빙랩 활성화) 시민참여 …" is a title and a body; other lines are bodies.
    private static func cut(_ line: String) -> (title: String?, body: String) {
        let text = line.drop { !$0.isLetter && !$0.isNumber && $0 != "(" }
        guard text.first == "(", let end = text.firstIndex(of: ")") else { return (nil, String(text)) }
        let title = String(text[text.index(after: text.startIndex)..<end])
        let body = String(text[text.index(after: end)...].drop { $0.isWhitespace || $0 == "*" })
        guard title.count >= 4, body.count >= 10 else { return (nil, String(text)) }
        return (title, body)
    }
}
