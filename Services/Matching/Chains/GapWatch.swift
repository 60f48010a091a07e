import JSON
import ServiceKit
import Storage
import Vocabulary

/// Opens and closes gap signals as profiles come and go. Everything that it decides stands in the transaction in which
/// it is decided, so a kill leaves neither a signal without its event nor two of one.
///
/// What changes is followed by the sequence of `profile_clock`. A changed demand is looked at again; of a changed offer
/// those demands for which it was the best, and the open gaps nearest to its text. What that misses (an offer near to
/// more than two hundred gaps, statistics that drift, what organisations declare and answer) is found when every
/// verdict is renewed, every six hours in which anything changed. Where nothing changes, nothing is done.
enum GapWatch {
    /// The default of `matching.gaps`.
    static let threshold = 0.5
    static let renewal: Int64 = 6 * 3_600
    /// In one turn, for which others' writes wait.
    private static let followed = 5
    private static let examined = 5
    /// With more changes than this to follow, as after an import, offers are not followed one by one: all verdicts are
    /// renewed instead.
    private static let backlog: Int64 = 2_000
    private static let caughtUp = 500

    static func jobs(_ catalogue: Catalogue) -> [Job] {
        [Job.inParts("watch gaps", every: .seconds(2)) { (w: Write) throws in try turn(catalogue, w) }]
    }

    /// An offer was handed over or came back: whom it served best is looked at again.
    static func supplyChanged(_ technology: TechnologyID, _ db: Connection) throws {
        try db.run("UPDATE gap SET due_at = 0 WHERE best_technology_id = ?", technology)
    }

    private struct Change {
        let id: String
        let side: Side
        let isPublished: Bool
        let sequence: Int64
    }

    /// The row of `gap_watch`: how far everything was noted.
    private struct Progress: Equatable {
        var sequence: Int64
        var weightsVersion: Int
        /// Verdicts from before this moment are too old.
        var staleBefore: Instant
        /// The clocks of profiles and of ranking, added up, at that moment.
        var renewedClock: Int64
    }

    /// Returns whether there is more to do at once.
    private static func turn(_ catalogue: Catalogue, _ w: Write) throws -> Bool {
        guard
            let row = try w.db.row(
                """
                SELECT g.*, (SELECT sequence FROM profile_clock WHERE id = 1) AS profiles,
                    (SELECT sequence FROM ranking_clock WHERE id = 1) AS ranking,
                    (SELECT COALESCE(MAX(version), 0) FROM ranking_weights) AS weights
                FROM gap_watch g WHERE g.id = 1
                """)
        else { return false }
        let before = Progress(
            sequence: try row.get("sequence"), weightsVersion: try row.get("weights_version"),
            staleBefore: try row.get("stale_before"), renewedClock: try row.get("renewed_clock"))
        let (profiles, ranking): (Int64, Int64) = (try row.get("profiles"), try row.get("ranking"))
        var next = before
        next.weightsVersion = try row.get("weights")
        let isBehind = profiles - before.sequence > backlog
        let isTime = before.staleBefore.adding(seconds: renewal) <= w.now && profiles + ranking != before.renewedClock
        if isBehind || isTime || next.weightsVersion != before.weightsVersion {
            (next.staleBefore, next.renewedClock) = (w.now, profiles + ranking)
        }
        let changes = try changes(since: before.sequence, limit: isBehind ? caughtUp : followed, w.db)
        next.sequence = changes.last?.sequence ?? before.sequence
        if isBehind {
            for change in changes { try note(change, w.db) }
            try keep(next, w.db)
            return true
        }
        // What is at once is due at 0, everything else one renewal after its verdict.
        func due() throws -> [DemandID] {
            try w.db.rows(
                "SELECT demand_id FROM gap WHERE due_at < ? ORDER BY due_at LIMIT \(examined)",
                next.staleBefore.adding(seconds: renewal)
            ).map { try $0.get("demand_id") }
        }
        if changes.isEmpty, try due().isEmpty {
            if next != before { try keep(next, w.db) }
            return false
        }
        guard let assessor = try assessor(catalogue, w) else { return false }
        for change in changes {
            try note(change, w.db)
            try wake(nearTo: change, assessor, w.db)
        }
        let demands = try due()
        for demand in demands { try examine(demand, assessor, w) }
        if next != before { try keep(next, w.db) }
        return !changes.isEmpty || demands.count == examined
    }

    /// Nil while the text index is being built: what is to be done waits for it.
    private static func assessor(_ catalogue: Catalogue, _ w: Write) throws -> Assessor? {
        do { return try Assessor(catalogue, w.db, isCommitted: false, at: w.now) } catch let fault as Fault {
            guard fault.code == .overloaded else { throw fault }
            return nil
        }
    }

    private static func keep(_ progress: Progress, _ db: Connection) throws {
        try db.run(
            "UPDATE gap_watch SET sequence = ?, weights_version = ?, stale_before = ?, renewed_clock = ? WHERE id = 1",
            progress.sequence, progress.weightsVersion, progress.staleBefore, progress.renewedClock)
    }

    private static func changes(since: Int64, limit: Int, _ db: Connection) throws -> [Change] {
        let both = try Side.allCases.flatMap { side in
            try db.rows(
                """
                SELECT id, state, changed FROM profile WHERE side = ? AND changed > ? ORDER BY changed LIMIT \(limit)
                """, side, since
            ).map { row in
                Change(
                    id: try row.get("id"), side: side, isPublished: try row.get("state") as ProfileState == .published,
                    sequence: try row.get("changed"))
            }
        }
        return Array(both.sorted { $0.sequence < $1.sequence }.prefix(limit))
    }

    private static func note(_ change: Change, _ db: Connection) throws {
        switch change.side {
        case .demand:
            guard let id = DemandID(change.id) else { return }
            try db.run(
                """
                INSERT INTO gap (id, demand_id, state, weights_version, due_at, opened_times)
                VALUES (?, ?, 'unchecked', 0, 0, 0) ON CONFLICT (demand_id) DO UPDATE SET due_at = 0
                """, GapSignal.identifier(of: id), id)
        case .supply:
            if let id = TechnologyID(change.id) { try supplyChanged(id, db) }
        }
    }

    /// The open gaps that an offer may close.
    private static func wake(nearTo change: Change, _ assessor: Assessor, _ db: Connection) throws {
        guard change.side == .supply, change.isPublished, let id = TechnologyID(change.id),
            let technology = try Profile<TechnologyKind>.findIfPresent(id, db)
        else { return }
        let near = assessor.nearest(
            to: assessor.prepare(technology), depth: Recommendations.depth,
            accept: Recommendations.open(to: technology, nil, assessor.now))
        guard !near.isEmpty else { return }
        try db.run(
            "UPDATE gap SET due_at = 0 WHERE state = 'open' AND demand_id IN (\(placeholders(near.count)))", near)
    }

    private static func examine(_ id: DemandID, _ assessor: Assessor, _ w: Write) throws {
        guard let demand = try Profile<DemandKind>.findIfPresent(id, w.db),
            let before = try GapSignal.findIfPresent(id, w.db)
        else { return }
        guard demand.isOpen(at: w.now) else {
            return try settle(before, as: demand.state == .draft ? .unchecked : .gone, GapEvidence(), nil, assessor, w)
        }
        let evidence = try GapEvidence(of: demand, reaching: threshold, assessor, w.read)
        let reason = evidence.reason(below: threshold)
        try settle(before, as: reason == nil ? .met : .open, evidence, reason, assessor, w)
    }

    /// Writes a verdict, and tells it when it opens, closes or explains a gap otherwise than before.
    private static func settle(
        _ before: GapSignal, as state: GapSignal.State, _ evidence: GapEvidence, _ reason: GapReason?,
        _ assessor: Assessor, _ w: Write
    ) throws {
        let (wasOpen, isOpen) = (before.state == .open, state == .open)
        let (isOpening, isClosing) = (isOpen && !wasOpen, wasOpen && !isOpen)
        // A closed signal still says why it was open.
        let kept = reason ?? (before.openedTimes > 0 ? before.reason : nil)
        let dueAt = isOpen || state == .met ? w.now.adding(seconds: renewal) : nil
        let openedAt = isOpening ? w.now : before.openedAt
        let closedAt = isOpen ? nil : isClosing ? w.now : before.closedAt
        try w.db.run(
            """
            UPDATE gap SET state = ?, reason = ?, best_technology_id = ?, best_score = ?, weights_version = ?,
                checked_at = ?, due_at = ?, opened_at = ?, closed_at = ?, opened_times = ? WHERE id = ?
            """,
            state, kept, evidence.bestTechnology, evidence.best, assessor.weightsVersion, w.now, dueAt, openedAt,
            closedAt, before.openedTimes + (isOpening ? 1 : 0), before.id)
        let what: String
        switch (wasOpen, isOpen) {
        case (false, true): what = "opened"
        case (true, false): what = "closed"
        case (true, true) where before.reason != reason: what = "changed"
        default: return
        }
        guard let now = try GapSignal.findIfPresent(before.demandId, w.db) else { return }
        let last = try w.db.row("SELECT MAX(step) AS step FROM gap_history WHERE gap_id = ?", now.id)
        try w.db.run(
            """
            INSERT INTO gap_history (gap_id, step, at, state, reason, best_technology_id, best_score)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            now.id, (try last?.getIfPresent("step") ?? 0) + 1, w.now, now.state, now.reason, now.bestTechnologyId,
            now.bestScore)
        w.audit(subject: now.id.description, reason: reason?.rawValue)
        try w.emit("matching.gap.\(what)", subject: now.id.description, now)
    }
}
