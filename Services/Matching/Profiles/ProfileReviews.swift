import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.<plural>.submit`, `.queue`, `.review`, `.reviews`: what is published is read first by somebody else.
enum ProfileReviews<Kind: ProfileKind> {
    struct Submit: Codable, Sendable {
        let id: ID<Kind>
    }

    struct Queue: Codable, Sendable, Constrained {
        let type: ProfileType?
        let limit: Int?
        /// `next` of the last page.
        let after: Instant?
        static var constraints: [String: Schema.Constraint] { ["limit": .range(1...100)] }
    }

    /// A profile that waits, with what its reviewer should know.
    struct Waiting: Codable, Sendable {
        let profile: Profile<Kind>
        /// The order of the queue.
        let submittedAt: Instant
        /// Numbers that profiles of other organisations name too.
        let sharedPatents: [SharedPatent]
        /// How often it was reviewed before.
        let earlierReviews: Int
    }

    struct Ask: Codable, Sendable, Constrained {
        let id: ID<Kind>
        /// The version that was read; another one is a conflict.
        let version: Int
        let score: ReviewScore
        /// To the owner, about the whole.
        let note: String?
        static var constraints: [String: Schema.Constraint] { ["version": .atLeast(1), "note": .length(1...2_000)] }
    }

    struct Review: Codable, Sendable {
        /// Counts the reviews of the profile, from 1.
        let number: Int
        let version: Int
        let at: Instant
        let reviewer: String
        let score: ReviewScore
        /// 0-20.
        let total: Int
        let grade: ReviewGrade
        let note: String?
    }

    struct Reviewed: Codable, Sendable {
        let review: Review
        let profile: Profile<Kind>
    }

    struct List: Codable, Sendable {
        let items: [Review]
    }

    private static func name(_ verb: String) -> String { "matching.\(Kind.plural).\(verb)" }

    static var methods: [Method] {
        [
            .command(
                name("submit"),
                Bilingual(ko: "\(Kind.name.ko)을(를) 검토해 달라고 제출한다", en: "Submits a \(Kind.name.en) to the reviewers"),
                role: .member, idempotent: true
            ) { (p: Submit, w: Write) throws -> Profile<Kind> in try submit(p.id, w) },
            .query(
                name("queue"),
                Bilingual(
                    ko: "검토를 기다리는 \(Kind.name.ko)을(를) 오래된 것부터 본다", en: "Lists what waits for review, oldest first"),
                role: .operator
            ) { (p: Queue, r: Read) throws -> Page<Waiting> in try queue(p, r) },
            .command(
                name("review"),
                Bilingual(
                    ko: "네 항목에 0–5점을 주어 공개, 보완, 반려를 정한다(자기 기관은 안 됨)",
                    en: "Scores four categories 0-5, which publishes, holds or rejects; never of one's own organisation"
                ),
                role: .operator
            ) { (p: Ask, w: Write) throws -> Reviewed in try review(p, w) },
            .query(
                name("reviews"),
                Bilingual(ko: "받은 검토와 의견을 본다", en: "Reads the reviews of one's own \(Kind.name.en)"), role: .viewer
            ) { (p: ByID<Kind>, r: Read) throws -> List in
                try Profile<Kind>.own(p.id, r)
                return List(items: try reviews(of: p.id, r.db))
            },
        ]
    }

    static func submit(_ id: ID<Kind>, _ w: Write) throws -> Profile<Kind> {
        var profile = try Profile<Kind>.own(id, w)
        var standing = profile.standing(at: w.now)
        do throws(ProfileRefused) {
            guard try standing.submit() == .changed else { return profile }
        } catch { throw error.fault(id) }
        try profile.requireNoContact()
        try profile.stand(standing, w)
        try profile.save(.submitted, w)
        return profile
    }

    private static func queue(_ p: Queue, _ r: Read) throws -> Page<Waiting> {
        var listing = Listing("SELECT * FROM profile")
        listing.add("side = ?", Kind.side)
        listing.add("submitted_at IS NOT NULL")
        listing.add("type = ?", p.type)
        return try listing.page(
            in: r.db, by: "submitted_at", after: p.after, limit: p.limit ?? 20, cursor: \.submittedAt.description
        ) { row in
            let profile = try Profile<Kind>(row)
            return Waiting(
                profile: profile, submittedAt: try row.get("submitted_at"),
                sharedPatents: try SharedPatent.of(profile, r.db),
                earlierReviews: try count(of: profile.id, r.db))
        }
    }

    private static func review(_ p: Ask, _ w: Write) throws -> Reviewed {
        let missing = p.score.missingComments
        guard missing.isEmpty else { throw Fault.invalid(missing) }
        var profile = try Profile<Kind>.find(p.id, w.db)
        guard try !Representation.isNamed(w.call.principal, for: profile.organisationId, w.db) else {
            throw Fault.failedPrecondition(
                rule: "review.ownOrganisation",
                Bilingual(
                    ko: "자기 기관의 것은 검토할 수 없습니다. 다른 검토자에게 맡기세요.",
                    en: "Nobody reviews for an organisation that he represents. Leave it to another reviewer."),
                data: ["organisationId": .string(profile.organisationId.description)])
        }
        guard profile.version == p.version else {
            throw Fault.conflict(
                Bilingual(
                    ko: "그 사이에 \(profile.version)판으로 고쳐졌습니다. 다시 읽고 검토하세요.",
                    en: "It was edited meanwhile and is at version \(profile.version). Read it again, then review."),
                data: ["version": .integer(Int64(profile.version))])
        }
        var standing = profile.standing(at: w.now)
        let wasPublic = standing.state == .published || standing.state == .expired
        let grade = p.score.grade
        do throws(ProfileRefused) { try standing.review(grade) } catch { throw error.fault(p.id) }
        if Kind.side == .supply, standing.state != .published {
            try TechnologyHolds.requireNoLiveHold(profile.id.description, w)
        }
        try profile.stand(standing, w)
        if grade.isPassed, !wasPublic { profile.open(until: profile.validUntil, w.now) }
        let review = Review(
            number: try count(of: p.id, w.db) + 1, version: profile.version, at: w.now, reviewer: w.call.principal,
            score: p.score, total: p.score.total, grade: grade, note: p.note)
        try keep(review, of: p.id, w.db)
        let action: ProfileAction =
            switch grade {
            case .excellent, .good, .sufficient: wasPublic ? .reviewed : .published
            case .onHold: .held
            case .rejected: .rejected
            }
        try profile.save(action, reason: "\(grade.rawValue) \(review.total)/20", w)
        if action == .published { try SharedPatent.tell(of: profile, w) }
        return Reviewed(review: review, profile: profile)
    }

    private static func keep(_ review: Review, of id: ID<Kind>, _ db: Connection) throws {
        try db.run(
            """
            INSERT INTO profile_review (profile_id, number, version, at, reviewer, grade, total, score, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, review.number, review.version, review.at, review.reviewer, review.grade, review.total,
            try JSON.encode(review.score).text, review.note)
    }

    private static func count(of id: ID<Kind>, _ db: Connection) throws -> Int {
        try db.row("SELECT COUNT(*) AS number FROM profile_review WHERE profile_id = ?", id)?.get("number") ?? 0
    }

    private static func reviews(of id: ID<Kind>, _ db: Connection) throws -> [Review] {
        // The newest hundred are more than any profile has had; the order is that of their numbers.
        try db.rows("SELECT * FROM profile_review WHERE profile_id = ? ORDER BY number DESC LIMIT 100", id).map { row in
            Review(
                number: try row.get("number"), version: try row.get("version"), at: try row.get("at"),
                reviewer: try row.get("reviewer"),
                score: try JSON(parsing: try row.get("score") as String).decode(ReviewScore.self),
                total: try row.get("total"), grade: try row.get("grade"), note: try row.getIfPresent("note"))
        }.reversed()
    }
}
