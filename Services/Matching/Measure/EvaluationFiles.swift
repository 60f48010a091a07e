import Foundation
import JSON

extension Evaluation {
    private struct Pair: Decodable {
        let id: String?
        let demand: String
        let technology: String
        let also_relevant: [String]?
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// The sets that the files hold: judged pairs, a known-item set, or both.
    static func sets(_ paths: [String]) throws -> [Evaluation] {
        var pairs: [Pair] = []
        var lines: [String] = []
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Unreadable(description: "\(path) 를 읽을 수 없습니다 / cannot be read")
            }
            if path.hasSuffix(".json") {
                pairs += try JSONDecoder().decode([Pair].self, from: data)
            } else {
                lines += String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            }
        }
        var sets: [Evaluation] = []
        let items = lines.map(cut)
        if !pairs.isEmpty { sets.append(judged(pairs, among: items.compactMap(\.title))) }
        if !items.isEmpty { sets.append(knownItems(items)) }
        return sets
    }

    private static func judged(_ pairs: [Pair], among titles: [String]) -> Evaluation {
        var collection: [String] = []
        var places: [String: Int] = [:]
        func place(_ text: String) -> Int {
            if let known = places[text] { return known }
            places[text] = collection.count
            collection.append(text)
            return collection.count - 1
        }
        let judged = pairs.enumerated().map { number, pair in
            var relevant: [Int: Double] = [:]
            for other in pair.also_relevant ?? [] { relevant[place(other)] = 1 }
            relevant[place(pair.technology)] = 2
            return Judged(id: pair.id ?? "\(number + 1)", query: pair.demand, relevant: relevant)
        }
        for title in titles { _ = place(title) }
        return Evaluation(name: "judged", judged: judged, collection: collection)
    }

    private static func knownItems(_ items: [(title: String?, body: String)]) -> Evaluation {
        let bodies = items.filter { $0.body.count > 1 }
        let judged = bodies.enumerated().compactMap { place, item in
            item.title.map { Judged(id: "line \(place + 1)", query: $0, relevant: [place: 1]) }
        }
        return Evaluation(name: "knownItems", judged: judged, collection: bodies.map(\.body))
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

    /// The figures of every ranking, and with `verbose` each query's rank and what was matched.
    func report(verbose: Bool) -> JSON {
        var members = JSON.Members()
        members["set"] = .string(name)
        members["collection"] = .integer(Int64(collection.count))
        for ranking in Ranking.allCases {
            let results = run(ranking)
            members[ranking.rawValue] = figures(of: results).json
            guard verbose, ranking == .recommend else { continue }
            members["queries"] = .array(zip(judged, results).map { query, found in detail(query, found) })
        }
        return .object(members)
    }

    private func detail(_ query: Judged, _ found: [TextIndex<Int>.Found]) -> JSON {
        let tokens = Tokeniser().tokens(of: query.query)
        let rank = rank(found, query)
        func shown(_ one: TextIndex<Int>.Found) -> JSON {
            let asked = Query(tokens.vector)
            let even = CollectionStatistics(
                documents: collection.count, averageLength: 20, frequencies: asked.entries.map { _ in 1 })
            let words = Evidence(query: asked, tokens: tokens, of: one.document.vector, in: even).words
            return [
                "text": .string(collection[one.document.key]), "score": .number(one.score),
                "matched": .array(words.prefix(6).map { .string("\($0.text) (\($0.kind.rawValue))") }),
            ]
        }
        var members = JSON.Members()
        members["id"] = .string(query.id)
        members["demand"] = .string(query.query)
        members["rank"] = rank.map { .integer(Int64($0)) } ?? .null
        members["first"] = found.first.map(shown) ?? .null
        if let rank, rank > 1 { members["answer"] = shown(found[rank - 1]) }
        return .object(members)
    }
}
