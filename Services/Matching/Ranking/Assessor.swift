import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile made ready to be scored against many of the other side, and to be explained.
struct Prepared<Kind: ProfileKind>: Sendable {
    let profile: Profile<Kind>
    let tokens: Tokens
    let text: TextView

    init(_ profile: Profile<Kind>, _ tokeniser: Tokeniser, statistics: (Query) -> CollectionStatistics) {
        self.profile = profile
        tokens = tokeniser.tokens(of: profile.text)
        text = TextView(tokens.vector, statistics: statistics)
    }
}

/// Scores pairs. The same functions make lists, explanations and gaps, so that one pair has one score everywhere.
struct Assessor {
    let indexes: Catalogue.Indexes
    let tokeniser: Tokeniser
    let weights: Weights
    let weightsVersion: Int

    init(_ catalogue: Catalogue, _ db: Connection, isCommitted: Bool = true) throws {
        indexes = try catalogue.current(db, isCommitted: isCommitted)
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
        logit(demand.text, demand.profile.facts, technology.text, technology.profile.facts)
    }

    /// The technologies of the index nearest to a demand, ordered by the joint score; no text is read.
    func nearest(to demand: Prepared<DemandKind>, depth: Int, accept: (Traits) -> Bool) -> [TechnologyID] {
        let facts = demand.profile.facts
        let found = indexes.technologies.nearest(
            demand.text.query, demand.text.statistics, count: depth, accept: accept)
        return Self.ordered(found) { document in
            let text = TextView(document.vector, statistics: indexes.demands.statistics)
            return logit(demand.text, facts, text, document.traits.facts)
        }
    }

    func nearest(to technology: Prepared<TechnologyKind>, depth: Int, accept: (Traits) -> Bool) -> [DemandID] {
        let facts = technology.profile.facts
        let found = indexes.demands.nearest(
            technology.text.query, technology.text.statistics, count: depth, accept: accept)
        return Self.ordered(found) { document in
            let text = TextView(document.vector, statistics: indexes.technologies.statistics)
            return logit(text, document.traits.facts, technology.text, facts)
        }
    }

    private static func ordered<Key>(_ found: [TextIndex<Key>.Found], by logit: (TextIndex<Key>.Document) -> Double)
        -> [Key]
    {
        found.map { (logit: logit($0.document), key: $0.document.key) }
            .sorted { ($1.logit, $0.key) < ($0.logit, $1.key) }.map(\.key)
    }

    private func logit(_ demand: TextView, _ demandFacts: Facts, _ technology: TextView, _ technologyFacts: Facts)
        -> Double
    {
        let text = textValues(demand, technology)
        let facts = FactValues(demand: demandFacts, technology: technologyFacts, weights: weights)
        return Score.joined(
            Score.logit(.demand, text: text.demand, facts: facts, weights: weights),
            Score.logit(.supply, text: text.supply, facts: facts, weights: weights))
    }

    func assess(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> Assessment {
        let text = textValues(demand.text, technology.text)
        let demandEvidence = Evidence(
            query: demand.text.query, tokens: demand.tokens, of: technology.text.query.vector,
            in: demand.text.statistics)
        let supplyEvidence = Evidence(
            query: technology.text.query, tokens: technology.tokens, of: demand.text.query.vector,
            in: technology.text.statistics)
        let facts = FactValues(
            demand: demand.profile.facts, technology: technology.profile.facts, weights: weights)
        let sentences = Sentences(
            demand: demand.profile.facts, technology: technology.profile.facts, values: facts,
            demandEvidence: demandEvidence, supplyEvidence: supplyEvidence)
        let score = Score(
            demandText: text.demand, supplyText: text.supply, facts: facts, weights: weights,
            sentence: sentences.sentence)
        return Assessment(score: score, demandEvidence: demandEvidence, supplyEvidence: supplyEvidence)
    }

    private func textValues(_ demand: TextView, _ technology: TextView) -> (demand: Double, supply: Double) {
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
