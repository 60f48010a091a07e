import JSON
import ServiceKit
import Storage
import Vocabulary

/// A share of a person's time over days, held and then posted. On no day do live holds and posted engagements take
/// more than the person offers.
enum Engagements {
    struct Hold: Codable, Sendable, Constrained {
        let personId: PersonID
        let postingId: PostingID?
        let start: Day
        /// The first day that does not belong to it.
        let end: Day
        /// Per cent of full time.
        let share: Int
        /// Who holds it, such as a flow's id.
        let holder: String
        let ttlSeconds: Int64?
        /// An operator holds for a posting without the agreement of both sides.
        let onBehalf: Bool?

        static let constraints: [String: Schema.Constraint] = [
            "share": .range(1...100), "ttlSeconds": .range(1...86_400),
        ]
    }

    struct Engagement: Codable, Sendable {
        let id: EngagementID
        let personId: PersonID
        let postingId: PostingID?
        let start: Day
        let end: Day
        let share: Int
        /// As it counts now: a hold past its time is `expired`.
        let state: HoldState
        let holder: String
        let reason: String?
        let expiresAt: Instant
        let createdAt: Instant
    }

    struct Renew: Codable, Sendable, Constrained {
        let id: EngagementID
        let ttlSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = ["ttlSeconds": .range(1...86_400)]
    }
    struct Void: Codable, Sendable {
        let id: EngagementID
        let reason: String?
    }
    struct ListEngagements: Codable, Sendable, Constrained {
        let personId: PersonID?
        let holder: String?
        let after: EngagementID?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let defaultSeconds: Int64 = 600

    static let methods: [Method] = [
        .command(
            "talent.engagements.hold",
            Bilingual(ko: "사람의 시간을 기간과 비율로 잡아 둔다", en: "Holds a share of a person's time"), role: .member
        ) { (p: Hold, w: Write) throws -> Engagement in try hold(p, w) },
        .command(
            "talent.engagements.renew",
            Bilingual(ko: "잡아 둔 시간의 만료를 미룬다", en: "Moves the expiry of a hold"), role: .member, idempotent: true
        ) { (p: Renew, w: Write) throws -> Engagement in
            try change(p.id, .renew, w, expiresAt: w.now.adding(seconds: p.ttlSeconds ?? defaultSeconds))
        },
        .command(
            "talent.engagements.post",
            Bilingual(ko: "잡아 둔 시간을 확정한다", en: "Posts a hold: it becomes an engagement"), role: .member,
            idempotent: true
        ) { (p: ByID<EngagementKind>, w: Write) throws -> Engagement in try change(p.id, .post, w) },
        .command(
            "talent.engagements.void",
            Bilingual(ko: "잡아 둔 시간을 놓는다", en: "Gives a hold up"), role: .member, idempotent: true
        ) { (p: Void, w: Write) throws -> Engagement in
            let reason = try p.reason.map { try PlainText.checked($0, at: "/reason", length: 0...200) }
            return try change(p.id, .void, w, reason: reason)
        },
        .query(
            "talent.engagements.get",
            Bilingual(ko: "약정을 읽는다", en: "Reads an engagement"), role: .viewer
        ) { (p: ByID<EngagementKind>, r: Read) throws -> Engagement in try load(p.id, r.db, r.now) },
        .query(
            "talent.engagements.list",
            Bilingual(ko: "약정을 나열한다", en: "Lists engagements of a person or a holder"), role: .member
        ) { (p: ListEngagements, r: Read) throws -> Page<Engagement> in try list(p, r) },
    ]

    static let jobs: [Job] = [
        Job(name: "expire holds", every: .seconds(1)) { (w: Write) throws in try expire(w) }
    ]

    private static func hold(_ p: Hold, _ w: Write) throws -> Engagement {
        try Availability.checkPeriod(p.start, p.end, at: "/end")
        let holder = try PlainText.checked(p.holder, at: "/holder", length: 1...200)
        _ = try Profiles.lock(p.personId, w)
        try Consents.require(.engagement, of: p.personId, w.db, w.now)
        if let posting = p.postingId {
            try requireAgreement(posting, p.personId, onBehalf: p.onBehalf ?? false, w)
        }
        let free = try Availability.free(p.personId, from: p.start, to: p.end, w.db, w.now)
        guard Shares.fits(p.share, in: free) else {
            throw Fault.conflict(
                Bilingual(
                    ko: "이 기간에 그만큼의 시간이 비어 있지 않습니다. data.free를 보고 기간이나 비율을 바꿔 주세요",
                    en:
                        "The person does not have that share free on every day. See data.free, then change days or share"
                ),
                data: ["personId": .string(p.personId.description), "free": try JSON.encode(free)])
        }
        let engagement = Engagement(
            id: .new(at: w.now), personId: p.personId, postingId: p.postingId, start: p.start, end: p.end,
            share: p.share, state: .held, holder: holder, reason: nil,
            expiresAt: w.now.adding(seconds: p.ttlSeconds ?? defaultSeconds), createdAt: w.now)
        try w.db.run(
            """
            INSERT INTO engagements (id, person_id, posting_id, start_day, end_day, share, state, holder, expires_at,
                created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, 'held', ?, ?, ?, ?)
            """, engagement.id, p.personId, p.postingId, p.start, p.end, p.share, holder, engagement.expiresAt, w.now,
            w.now)
        w.audit(subject: engagement.id.description)
        try w.emit("talent.engagement.held", subject: engagement.id.description, engagement)
        return engagement
    }

    /// For a posting both sides must have agreed, unless an operator takes it on himself.
    private static func requireAgreement(_ posting: PostingID, _ person: PersonID, onBehalf: Bool, _ w: Write) throws {
        try Postings.requirePublished(Postings.load(posting, w.db))
        if onBehalf {
            guard w.call.actsForOthers else {
                throw Fault.forbidden(permission: "talent.engagement.onBehalf")
            }
            return
        }
        guard try Interests.find(posting, person, w.db)?.state == .agreed else {
            throw Fault.failedPrecondition(
                rule: "posting.notAgreed",
                Bilingual(
                    ko: "양쪽이 아직 동의하지 않았습니다. talent.interests.express로 양쪽의 관심을 확인해 주세요",
                    en: "Not both sides have agreed yet. Record both sides' interest with talent.interests.express"),
                data: ["postingId": .string(posting.description), "personId": .string(person.description)])
        }
    }

    private static func change(
        _ id: EngagementID, _ action: HoldAction, _ w: Write, expiresAt: Instant? = nil, reason: String? = nil
    ) throws -> Engagement {
        let before = try load(id, w.db, nil)
        let state = try before.state.changed(by: action, of: id, expiresAt: before.expiresAt, now: w.now)
        w.audit(subject: id.description)
        guard state != before.state || action == .renew else { return try load(id, w.db, w.now) }
        // A consent may have run out since the hold was made.
        if action == .renew || action == .post {
            _ = try Profiles.lock(before.personId, w)
            try Consents.require(.engagement, of: before.personId, w.db, w.now)
        }
        let changed = try w.db.run(
            """
            UPDATE engagements SET state = ?, expires_at = ?, reason = COALESCE(?, reason), updated_at = ?
            WHERE id = ? AND state = ?
            """, state.rawValue, max(before.expiresAt, expiresAt ?? before.expiresAt), reason, w.now, id,
            before.state.rawValue)
        precondition(changed == 1, "a write saw an engagement change under its hands")
        let after = try load(id, w.db, w.now)
        try w.emit("talent.engagement.\(action == .renew ? "renewed" : state.rawValue)", subject: id.description, after)
        return after
    }

    /// Voids what is held of a person; the caller has locked the person.
    static func voidHolds(of person: PersonID, reason: String, _ w: Write) throws {
        let rows = try w.db.rows(
            """
            UPDATE engagements SET state = 'voided', reason = ?, updated_at = ?
            WHERE person_id = ? AND state = 'held' AND expires_at > ? RETURNING *
            """, reason, w.now, person, w.now)
        for row in rows {
            let voided = try engagement(row)
            try w.emit("talent.engagement.voided", subject: voided.id.description, voided)
        }
    }

    /// In portions, so that a heap of expired holds does not stop the writer.
    private static func expire(_ w: Write) throws {
        let rows = try w.db.rows(
            """
            UPDATE engagements SET state = 'expired', updated_at = ?
            WHERE id IN (SELECT id FROM engagements WHERE state = 'held' AND expires_at <= ? ORDER BY expires_at LIMIT 200)
            RETURNING *
            """, w.now, w.now)
        for row in rows {
            let expired = try engagement(row)
            try w.emit("talent.engagement.expired", subject: expired.id.description, expired)
        }
    }

    private static func list(_ p: ListEngagements, _ r: Read) throws -> Page<Engagement> {
        var listing = Listing("SELECT * FROM engagements")
        listing.add("person_id = ?", p.personId)
        listing.add("holder = ?", p.holder)
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
            try engagement($0, now: r.now)
        }
    }

    private static func load(_ id: EngagementID, _ db: Connection, _ now: Instant?) throws -> Engagement {
        guard let row = try db.row("SELECT * FROM engagements WHERE id = ?", id) else {
            throw Fault.notFound(kind: "engagement", id: id.description)
        }
        return try engagement(row, now: now)
    }

    /// As the row says, or, given a time, as it counts then.
    private static func engagement(_ row: Row, now: Instant? = nil) throws -> Engagement {
        let (state, expiresAt): (HoldState, Instant) = (try row.get("state"), try row.get("expires_at"))
        return Engagement(
            id: try row.get("id"), personId: try row.get("person_id"), postingId: try row.getIfPresent("posting_id"),
            start: try row.get("start_day"), end: try row.get("end_day"), share: try row.get("share"),
            state: now.map { state.effective(expiresAt: expiresAt, now: $0) } ?? state, holder: try row.get("holder"),
            reason: try row.getIfPresent("reason"), expiresAt: expiresAt, createdAt: try row.get("created_at"))
    }
}
