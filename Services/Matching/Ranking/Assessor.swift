import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile made ready to be scored against many of the other side, and to be explained.
struct Prepared<Kind: ProfileKind>: Sendable {
    let profile: Profile<Kind>
    let tokens: Tokens
    let text: TextView
    /// The same that the index keeps of it; scores look at these, so changing them asks what would be if.
    var traits: Traits

    init(_ profile: Profile<Kind>, _ tokeniser: Tokeniser, statistics: (Query) -> CollectionStatistics) {
        self.profile = profile
        tokens = tokeniser.tokens(of: profile.text)
        text = TextView(tokens.vector, statistics: statistics)
        traits = Traits(
            facts: profile.facts, type: profile.type, organisation: profile.organisationId,
            validUntil: profile.validUntil)
    }
}

/// Scores pairs. The same functions make lists, explanations and gaps, so that one pair has one score everywhere.
struct Assessor {
    let indexes: Catalogue.Indexes
    let tokeniser: Tokeniser
    let weights: Weights
    let weightsVersion: Int
    let experience: Experience.State
    /// Counts how often profiles were shown, where that is to bear on the score; nil where it is not.
    let exposure: Exposure?
    let now: Instant

    /// - Parameters:
    ///   - version: of the weights; the present one when not given.
    ///   - countsExposure: for what people are shown; what measures or records a fit leaves it out.
    init(
        _ catalogue: Catalogue, _ db: Connection, isCommitted: Bool = true, at now: Instant, version: Int? = nil,
        countsExposure: Bool = false
    ) throws {
        indexes = try catalogue.current(db, isCommitted: isCommitted)
        tokeniser = catalogue.tokeniser
        (weights, weightsVersion) = try version.map { try RankingWeights.version($0, db) } ?? RankingWeights.current(db)
        experience = try catalogue.experience.current(db, isCommitted: isCommitted)
        exposure = countsExposure && weights.circumstances.exposure > 0 ? catalogue.exposure : nil
        try exposure?.begin(db, at: now)
        self.now = now
    }

    func prepare(_ demand: Profile<DemandKind>) -> Prepared<DemandKind> {
        Prepared(demand, tokeniser, statistics: indexes.technologies.statistics)
    }

    func prepare(_ technology: Profile<TechnologyKind>) -> Prepared<TechnologyKind> {
        Prepared(technology, tokeniser, statistics: indexes.demands.statistics)
    }

    /// The logit of the joint score alone, for ordering.
    func logit(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> Double {
        logit(
            demand.text, demand.traits.facts, technology.text, technology.traits.facts,
            circumstances(demand, technology))
    }

    /// The technologies of the index nearest to a demand, ordered by the joint score; no text is read.
    func nearest(to demand: Prepared<DemandKind>, depth: Int, accept: (Traits) -> Bool) -> [TechnologyID] {
        scored(near: demand, depth: depth, accept: accept).map(\.key)
    }

    func nearest(to technology: Prepared<TechnologyKind>, depth: Int, accept: (Traits) -> Bool) -> [DemandID] {
        scored(near: technology, depth: depth, accept: accept).map(\.key)
    }

    /// One of the nearest texts with its joint score; `place` is its place by the text alone, from 0.
    struct Scored<Key> {
        let key: Key
        let logit: Double
        let place: Int

        var score: Double { Score.sigmoid(logit) }
    }

    /// Those of the `depth` nearest texts that are accepted, best first.
    func scored(near demand: Prepared<DemandKind>, depth: Int, accept: (Traits) -> Bool) -> [Scored<TechnologyID>] {
        let found = indexes.technologies.nearest(
            demand.text.query, demand.text.statistics, count: depth, accept: accept)
        let shown = exposure?.shown(found.map(\.document.key)) ?? [:]
        let own = exposure?.shown(demand.profile.id) ?? Shown()
        return Self.ordered(found) { document in
            let text = TextView(document.vector, statistics: indexes.demands.statistics)
            var known = experience.circumstances(demand.traits, document.traits, document.key, at: now)
            (known.demandShown, known.technologyShown) = (own, shown[document.key] ?? Shown())
            return logit(demand.text, demand.traits.facts, text, document.traits.facts, known)
        }
    }

    func scored(near technology: Prepared<TechnologyKind>, depth: Int, accept: (Traits) -> Bool) -> [Scored<DemandID>] {
        let found = indexes.demands.nearest(
            technology.text.query, technology.text.statistics, count: depth, accept: accept)
        let shown = exposure?.shown(found.map(\.document.key)) ?? [:]
        let own = exposure?.shown(technology.profile.id) ?? Shown()
        return Self.ordered(found) { document in
            let text = TextView(document.vector, statistics: indexes.technologies.statistics)
            var known = experience.circumstances(document.traits, technology.traits, technology.profile.id, at: now)
            (known.demandShown, known.technologyShown) = (shown[document.key] ?? Shown(), own)
            return logit(text, document.traits.facts, technology.text, technology.traits.facts, known)
        }
    }

    private static func ordered<Key: Comparable>(
        _ found: [TextIndex<Key>.Found], by logit: (TextIndex<Key>.Document) -> Double
    ) -> [Scored<Key>] {
        found.enumerated().map { place, one in
            Scored(key: one.document.key, logit: logit(one.document), place: place)
        }.sorted { ($1.logit, $0.key) < ($0.logit, $1.key) }
    }

    private func logit(
        _ demand: TextView, _ demandFacts: Facts, _ technology: TextView, _ technologyFacts: Facts,
        _ known: Circumstances
    ) -> Double {
        let text = textValues(demand, technology)
        let facts = FactValues(demand: demandFacts, technology: technologyFacts, weights: weights)
        return Score.joined(
            Score.logit(.demand, text: text.demand, facts: facts, weights: weights) { known.value(of: $0, .demand) },
            Score.logit(.supply, text: text.supply, facts: facts, weights: weights) { known.value(of: $0, .supply) })
    }

    /// What is known of the pair beside the profiles, at this moment.
    func circumstances(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> Circumstances {
        var known = experience.circumstances(demand.traits, technology.traits, technology.profile.id, at: now)
        if let exposure {
            known.demandShown = exposure.shown(demand.profile.id)
            known.technologyShown = exposure.shown(technology.profile.id)
        }
        return known
    }

    /// The value of every component, as both sides see it.
    func values(_ demand: Prepared<DemandKind>, _ technology: Prepared<TechnologyKind>) -> PairValues {
        let text = textValues(demand.text, technology.text)
        var values = PairValues(
            demandText: text.demand, supplyText: text.supply,
            facts: FactValues(demand: demand.traits.facts, technology: technology.traits.facts, weights: weights),
            circumstances(demand, technology))
        values.textHalf = weights.textHalf
        if let needed = demand.traits.facts.trl?.level, let reached = technology.traits.facts.trl?.level {
            values.below = needed - reached
        }
        return values
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
        let known = circumstances(demand, technology)
        let sentences = Sentences(
            demand: demand.profile.facts, technology: technology.profile.facts, values: facts, known: known,
            demandEvidence: demandEvidence, supplyEvidence: supplyEvidence)
        let score = Score(
            demandText: text.demand, supplyText: text.supply, facts: facts, weights: weights,
            circumstance: known.value, sentence: sentences.sentence)
        return Assessment(
            score: score, demandEvidence: demandEvidence, supplyEvidence: supplyEvidence, known: known,
            text: text, facts: facts)
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
    let known: Circumstances
    let text: (demand: Double, supply: Double)
    let facts: FactValues

    var values: PairValues { PairValues(demandText: text.demand, supplyText: text.supply, facts: facts, known) }
}
