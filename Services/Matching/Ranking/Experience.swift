import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// What organisations declared, answered and did together, as ranking needs it: a few numbers each, in memory, so that
/// scoring two hundred candidates asks the database nothing.
///
/// It follows the committed rows by the numbers of `ranking_clock`, as the catalogue follows the profiles. What it
/// keeps grows with organisations that declared or answered something and with deals that are agreed or committed.
final class Experience: Sendable {
    struct OrganisationPair: Hashable, Sendable {
        let demand: OrganisationID
        let supply: OrganisationID
    }

    struct Respondent: Hashable, Sendable {
        let organisation: OrganisationID
        let side: Side
    }

    /// What one deal adds to the numbers, to be taken away when the deal changes.
    private struct Trace: Sendable {
        let pair: OrganisationPair
        let technology: TechnologyID
        let isAgreed: Bool
        let isCommitted: Bool
        let succeeded: Bool?
        let kind: OutcomeKind?
    }

    struct State: Sendable {
        fileprivate(set) var sequence: Int64 = -1
        fileprivate(set) var standings: [OrganisationID: Standing] = [:]
        fileprivate(set) var clusters: [OrganisationID: Cluster] = [:]
        fileprivate(set) var capacities: [TechnologyID: Int] = [:]
        fileprivate(set) var answers: [Respondent: AnswerTally] = [:]
        fileprivate(set) var loads: [OrganisationID: Int] = [:]
        fileprivate(set) var technologyLoads: [TechnologyID: Int] = [:]
        fileprivate(set) var partners: [OrganisationPair: Int] = [:]
        fileprivate(set) var records: [OrganisationID: OutcomeTally] = [:]
        fileprivate(set) var kinds: [OutcomeKind: OutcomeTally] = [:]
        fileprivate(set) var allOutcomes = OutcomeTally()
        /// Those of deals whose score at the proposal is kept.
        fileprivate(set) var scoredOutcomes = 0
        private var traces: [DealID: Trace] = [:]

        fileprivate mutating func replace(_ deal: DealID, _ row: Row) throws {
            if let old = traces.removeValue(forKey: deal) { count(old, -1) }
            let state: DealState = try row.get("state")
            let succeeded: Bool? = try row.getIfPresent("succeeded")
            guard state == .agreed || state == .committed || succeeded != nil else { return }
            let trace = Trace(
                pair: OrganisationPair(
                    demand: try row.get("demand_organisation_id"), supply: try row.get("supply_organisation_id")),
                technology: try row.get("technology_id"), isAgreed: state == .agreed,
                isCommitted: state == .committed, succeeded: succeeded, kind: try Self.kind(row))
            traces[deal] = trace
            count(trace, 1)
        }

        /// Nil for a deal of which no score was kept: what it was like is not known.
        private static func kind(_ row: Row) throws -> OutcomeKind? {
            guard try row.getIfPresent("weights_version") as Int? != nil else { return nil }
            let partnership: String? = try row.getIfPresent("partnership")
            let stage: String? = try row.getIfPresent("stage")
            let industry: String? = try row.getIfPresent("industry")
            return OutcomeKind(
                partnership: partnership.flatMap(Partnership.init), stage: stage.flatMap(TRL.Stage.init),
                industry: industry.flatMap(StrategicIndustry.init))
        }

        private mutating func count(_ trace: Trace, _ sign: Int) {
            if trace.isAgreed {
                loads[trace.pair.supply, default: 0] += sign
                technologyLoads[trace.technology, default: 0] += sign
            }
            if trace.isCommitted { partners[trace.pair, default: 0] += sign }
            guard let succeeded = trace.succeeded else { return }
            allOutcomes.add(succeeded, sign)
            records[trace.pair.supply, default: OutcomeTally()].add(succeeded, sign)
            guard let kind = trace.kind else { return }
            scoredOutcomes += sign
            kinds[kind, default: OutcomeTally()].add(succeeded, sign)
        }
    }

    private let kept = Mutex(State())

    /// As a value, at least as new as the snapshot that `db` reads.
    ///
    /// - Parameter isCommitted: false within a write: what it reads may yet be rolled back, so it is not kept.
    func current(_ db: Connection, isCommitted: Bool = true) throws -> State {
        let row = try db.row("SELECT sequence FROM ranking_clock WHERE id = 1")
        let committed: Int64 = try row?.get("sequence") ?? 0
        return try kept.withLock { kept in
            guard kept.sequence < committed else { return kept }
            var next = kept
            try follow(&next, db)
            next.sequence = committed
            if isCommitted { kept = next }
            return next
        }
    }

    private func follow(_ state: inout State, _ db: Connection) throws {
        let since = state.sequence
        try db.each("SELECT * FROM organisation_standing WHERE changed > ?", [since]) { row in
            let standing = try Standing(row)
            state.standings[standing.organisationId] = standing
            state.clusters[standing.organisationId] = standing.cluster.map(Cluster.init)
        }
        try db.each("SELECT technology_id, capacity FROM technology_capacity WHERE changed > ?", [since]) { row in
            state.capacities[try row.get("technology_id")] = try row.getIfPresent("capacity")
        }
        let deals = """
            SELECT d.id, d.demand_organisation_id, d.supply_organisation_id, d.technology_id, d.state, o.succeeded,
                s.weights_version, s.partnership, s.stage, s.industry
            FROM deal d LEFT JOIN deal_outcome o ON o.deal_id = d.id LEFT JOIN deal_score s ON s.deal_id = d.id
            WHERE d.changed > ?
            """
        try db.each(deals, [since]) { row in try state.replace(try row.get("id"), row) }
        // The last answer of a side to a pair counts, so each takes the place of the one before it.
        let answers = """
            SELECT a.organisation_id, a.side, a.answer, a.reason, a.industries, a.partnerships, a.below,
                b.answer AS old_answer, b.reason AS old_reason, b.industries AS old_industries,
                b.partnerships AS old_partnerships, b.below AS old_below
            FROM pair_answer a LEFT JOIN pair_answer b ON b.id = (SELECT MAX(o.id) FROM pair_answer o
                WHERE o.demand_id = a.demand_id AND o.technology_id = a.technology_id AND o.side = a.side
                    AND o.id < a.id)
            WHERE a.changed > ?
            """
        try db.each(answers, [since]) { row in
            let respondent = Respondent(
                organisation: try row.get("organisation_id"), side: try row.get("side"))
            func add(_ prefix: String, _ sign: Int) throws {
                guard let answer: PairAnswer = try row.getIfPresent(prefix + "answer") else { return }
                state.answers[respondent, default: AnswerTally()].add(
                    answer, try row.getIfPresent(prefix + "reason"),
                    other: Facts(industries: CaseSet(Codes.list(try row.get(prefix + "industries")))),
                    forms: Codes.list(try row.get(prefix + "partnerships")),
                    below: try row.getIfPresent(prefix + "below"), sign)
            }
            try add("", 1)
            try add("old_", -1)
        }
    }
}

extension Experience.State {
    /// How many deals can be followed up at once and how many there are: by the technology if that is declared, else by
    /// its organisation.
    func room(_ technology: TechnologyID, _ organisation: OrganisationID?) -> (capacity: Int?, load: Int)? {
        if let capacity = capacities[technology] { return (capacity, technologyLoads[technology] ?? 0) }
        guard let organisation, let capacity = standings[organisation]?.capacity else { return nil }
        return (capacity, loads[organisation] ?? 0)
    }

    /// What is known of a pair beside its profiles; how often they were shown is not known here.
    func circumstances(_ demand: Traits, _ technology: Traits, _ technologyId: TechnologyID, at now: Instant)
        -> Circumstances
    {
        var known = Circumstances()
        known.demandLeft = demand.validUntil.map { $0 - now }
        known.technologyLeft = technology.validUntil.map { $0 - now }
        known.allOutcomes = allOutcomes
        if !kinds.isEmpty {
            for kind in OutcomeKind.of(demand.facts, technology.facts) {
                if let tally = kinds[kind] { known.outcomes += tally }
            }
        }
        if let room = room(technologyId, technology.organisation) { (known.capacity, known.load) = room }
        guard let asking = demand.organisation, let offering = technology.organisation else { return known }
        if !standings.isEmpty {
            let firm = standings[asking]
            known.firm = firm?.firm ?? FirmFacts()
            known.firmSource = firm?.source
            known.demandCluster = clusters[asking]
            known.supplyCluster = clusters[offering]
        }
        if !partners.isEmpty {
            known.partners = partners[Experience.OrganisationPair(demand: asking, supply: offering)] ?? 0
        }
        if !records.isEmpty { known.record = records[offering] ?? OutcomeTally() }
        if !answers.isEmpty {
            let below: Int? =
                if let needed = demand.facts.trl?.level, let reached = technology.facts.trl?.level {
                    needed - reached
                } else { nil }
            let forms = demand.facts.partnerships.intersection(technology.facts.partnerships)
            func effect(_ organisation: OrganisationID, _ side: Side, _ other: Facts) -> AnswerEffect {
                answers[Experience.Respondent(organisation: organisation, side: side)]?
                    .effect(other: other, forms: forms, below: below) ?? AnswerEffect()
            }
            known.demandAnswers = effect(asking, .demand, technology.facts)
            known.supplyAnswers = effect(offering, .supply, demand.facts)
        }
        return known
    }
}
