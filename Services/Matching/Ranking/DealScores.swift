import JSON
import ServiceKit
import Storage
import Vocabulary

/// The score of a pair as it was when a deal was proposed, so that outcomes can later be held against it. What was
/// shown how often is left out: it says nothing about the fit.
enum DealScores {
    static func keep(
        _ deal: Deal, _ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>, _ catalogue: Catalogue,
        _ w: Write
    ) throws {
        let assessor = try Assessor(catalogue, w.db, isCommitted: false, at: w.now)
        let values = assessor.values(assessor.prepare(demand), assessor.prepare(technology))
        // One kind for one deal, so that it counts once: the first that both name.
        let kind = OutcomeKind.of(demand.facts, technology.facts).first
        try w.db.run(
            """
            INSERT INTO deal_score (deal_id, logit, weights_version, partnership, stage, industry, body, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            deal.id, Score.joined(values, assessor.weights), assessor.weightsVersion, kind?.partnership?.rawValue,
            kind?.stage?.rawValue, kind?.industry, try JSON.encode(values).text, w.now)
    }

    /// Every decided outcome with the score that these weights give to the values of its proposal, in the order of the
    /// deals.
    static func decided(_ weights: Weights, _ db: Connection) throws -> [Labelled] {
        var cases: [Labelled] = []
        let sql = """
            SELECT s.body, o.succeeded FROM deal_outcome o JOIN deal_score s ON s.deal_id = o.deal_id
            ORDER BY o.deal_id DESC LIMIT \(Calibrations.mostCases)
            """
        try db.each(sql, []) { row in
            let values = try JSON(parsing: try row.get("body") as String).decode(PairValues.self)
            cases.append(Labelled(logit: Score.joined(values, weights), succeeded: try row.get("succeeded")))
        }
        return cases.reversed()
    }
}
