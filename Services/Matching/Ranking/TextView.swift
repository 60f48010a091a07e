/// The words of one profile as a query over the collection of the other side.
struct TextView: Sendable {
    let query: Query
    let statistics: CollectionStatistics
    private let ownScore: Double

    init(_ vector: TermVector, statistics: (Query) -> CollectionStatistics) {
        query = Query(vector)
        self.statistics = statistics(query)
        ownScore = query.ownScore(in: self.statistics)
    }

    /// How much of this text's own score the other text reaches, 0...1.
    func share(of other: TermVector) -> Double {
        guard ownScore > 0 else { return 0 }
        return min(1, query.score(of: other, in: statistics) / ownScore)
    }
}
