import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile made ready to be scored against many of the other side.
struct Prepared<Kind: ProfileKind>: Sendable {
    let profile: Profile<Kind>
    let tokens: Tokens
    let query: Query
    /// Of the other side's collection.
    let statistics: CollectionStatistics
    private let ownScore: Double

    init(_ profile: Profile<Kind>, _ tokeniser: Tokeniser, statistics: (Query) -> CollectionStatistics) {
        self.profile = profile
        tokens = tokeniser.tokens(of: profile.text)
        query = Query(tokens.vector)
        self.statistics = statistics(query)
        ownScore = query.ownScore(in: self.statistics)
    }

    /// How much of this profile's own score the other text reaches, 0...1.
    func share(of other: TermVector) -> Double {
        guard ownScore > 0 else { return 0 }
        return min(1, query.contributions(of: other, in: statistics).reduce(0, +) / ownScore)
    }
}

/// Scores pairs. The same function makes lists, explanations and gaps, so that one pair has one score everywhere.
struct Assessor {
    let indexes: Catalogue.Indexes
    let tokeniser: Tokeniser
    let weights: Weights
    let weightsVersion: Int

    init(_ catalogue: Catalogue, _ db: Connection) throws {
        indexes = try catalogue.current(db)
        tokeniser = catalogue.tokeniser
        (weights, weightsVersion) = try RankingWeights.current(db)
    }

    func prepare(_ demand: Profile<DemandKind>) -> Prepared<DemandKind> {
        Prepared(demand, tokeniser, statistics: indexes.technologies.statistics)
    }

    func prepare(_ technology: Profile<TechnologyKind>) -> Prepared<TechnologyKind> {
        Prepared(technology, tokeniser, statistics: indexes.demands.statistics)
    }

    /// The logit of the joint score alone, for ordering.
    func logit(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> Double {
        let text = textValues(demand, technology)
        let facts = facts(demand, technology)
        return Score.joined(
            Score.logit(.demand, text: text.demand, facts: facts, weights: weights),
            Score.logit(.supply, text: text.supply, facts: facts, weights: weights))
    }

    func assess(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> Assessment {
        let text = textValues(demand, technology)
        let demandEvidence = Evidence(
            query: demand.query, tokens: demand.tokens, of: technology.query.vector, in: demand.statistics)
        let supplyEvidence = Evidence(
            query: technology.query, tokens: technology.tokens, of: demand.query.vector, in: technology.statistics)
        let facts = facts(demand, technology)
        let sentences = Sentences(
            demand: demand.profile.facts, technology: technology.profile.facts, values: facts,
            demandEvidence: demandEvidence, supplyEvidence: supplyEvidence)
        let score = Score(
            demandText: text.demand, supplyText: text.supply, facts: facts, weights: weights,
            sentence: sentences.sentence)
        return Assessment(score: score, demandEvidence: demandEvidence, supplyEvidence: supplyEvidence)
    }

    private func facts(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> FactValues {
        FactValues(demand: demand.profile.facts, technology: technology.profile.facts, weights: weights)
    }

    private func textValues(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>)
        -> (demand: Double, supply: Double)
    {
        (
            Score.textValue(share: demand.share(of: technology.query.vector), half: weights.textHalf),
            Score.textValue(share: technology.share(of: demand.query.vector), half: weights.textHalf)
        )
    }
}

/// The score of one pair with all that explains it.
struct Assessment {
    let score: Score
    let demandEvidence: Evidence
    let supplyEvidence: Evidence
}
