import JSON
import ServiceKit
import Storage
import Vocabulary

/// Finds deals that have stood at one stage for longer than is usual, marks them once, and says so by the event
/// `matching.deal.stalled`, so that somebody can ask what they wait for.
enum StalledDeals {
    /// How many days a stage may last: a judgement of this project, no rule of the field. The follow-up has its own days
    /// (`FollowUps`).
    static let days: [(stage: DealStage, days: Int64)] = [
        (.interest, 30), (.nda, 30), (.consulting, 90), (.valuation, 60), (.negotiation, 90), (.contract, 30),
    ]
    private static let batch = 100

    static let jobs = [
        Job.inParts("mark stalled deals", every: .seconds(60)) { (w: Write) throws in
            var marked = 0
            for (stage, days) in days where marked < batch {
                let rows = try w.db.rows(
                    """
                    SELECT * FROM deal WHERE stage = ? AND stalled_at IS NULL AND stage_since <= ?
                        AND state IN ('interest', 'agreed', 'committed') ORDER BY stage_since LIMIT \(batch - marked)
                    """, stage, w.now.adding(seconds: -days * 86_400))
                for row in rows {
                    var deal = try Deal(row)
                    deal.stalledAt = w.now
                    try deal.replace(w.db)
                    try deal.record(
                        .stalled, nil, note: "\(stage.name.ko) \(days)일 / \(stage.name.en), \(days) days", w)
                }
                marked += rows.count
            }
            return marked == batch
        }
    ]
}
