import JSON

extension Evaluation {
    /// The figures of every ranking with their intervals, and with `verbose` each query's rank, what was matched and, for
    /// an answer that is not first, why.
    func report(verbose: Bool) -> JSON {
        var members = JSON.Members()
        members["set"] = .string(name)
        members["queries"] = .integer(Int64(judged.count))
        members["collection"] = .integer(Int64(collection.count))
        var plain: Figures?
        for ranking in Ranking.allCases {
            let results = run(ranking)
            let figures = figures(of: results)
            members[ranking.rawValue] = figures.json(against: plain)
            if plain == nil { plain = figures }
            guard verbose, ranking == .search else { continue }
            members["each"] = .array(zip(judged, results).map { detail($0, $1) })
        }
        return .object(members)
    }

    private func detail(_ query: Judged, _ found: [TextIndex<Int>.Found]) -> JSON {
        let tokeniser = Tokeniser()
        let tokens = tokeniser.tokens(of: query.query)
        let asked = Query(tokens.vector)
        let even = CollectionStatistics(
            documents: collection.count, averageLength: 20, frequencies: asked.entries.map { _ in 1 })
        func evidence(_ place: Int) -> Evidence {
            Evidence(query: asked, tokens: tokens, of: tokeniser.vector(of: collection[place]), in: even)
        }
        func shown(_ place: Int) -> JSON {
            let words = evidence(place).words.prefix(6).map { JSON.string("\($0.text) (\($0.kind.rawValue))") }
            return ["text": .string(collection[place]), "matched": .array(Array(words))]
        }
        let rank = rank(found, query)
        var members = JSON.Members()
        members["id"] = .string(query.id)
        members["demand"] = .string(query.query)
        members["rank"] = rank.map { .integer(Int64($0)) } ?? .null
        members["first"] = found.first.map { shown($0.document.key) } ?? .null
        guard rank != 1, let best = query.relevant.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
            return .object(members)
        }
        members["answer"] = shown(rank.map { found[$0 - 1].document.key } ?? best)
        if rank == nil { members["why"] = .string(whyMissed(query.query, collection[best], tokeniser)) }
        return .object(members)
    }

    /// What would have to be known for the answer to be found.
    private func whyMissed(_ demand: String, _ answer: String, _ tokeniser: Tokeniser) -> String {
        func names(_ text: String) -> String {
            let places = tokeniser.vector(of: text).concepts
            return places.isEmpty
                ? "-" : places.map { tokeniser.thesaurus.concepts[$0].label.ko }.joined(separator: ", ")
        }
        return "no shared term and no relation: [\(names(demand))] / [\(names(answer))]"
    }
}

extension Evaluation.Figures {
    /// - Parameter plain: the figures of the plainest ranking; the difference of MRR@10 to it is drawn query by query.
    func json(against plain: Evaluation.Figures?) -> JSON {
        func rounded(_ value: Double) -> JSON { .number((value * 10_000).rounded() / 10_000) }
        func range(_ values: [Double]) -> JSON {
            Bootstrap.interval(values).map { .array([rounded($0.lowerBound), rounded($0.upperBound)]) } ?? .null
        }
        var members = JSON.Members()
        for (name, value) in [("mrr", mrr), ("mrr10", mrr10), ("ndcg10", ndcg10), ("recall10", recall10)] {
            members[name] = rounded(value)
        }
        members["interval95"] = [
            "mrr10": range(reciprocalRanks10), "ndcg10": range(gains10), "recall10": range(recalls10),
        ]
        if let plain {
            members["mrr10MoreThanBigrams"] = range(
                zip(reciprocalRanks10, plain.reciprocalRanks10).map { $0 - $1 })
        }
        return .object(members)
    }
}
