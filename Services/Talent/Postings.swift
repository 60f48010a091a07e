import JSON
import ServiceKit
import Storage
import Vocabulary

/// What organisations look for (P:1936-1939): work for a share of the time over days.
enum Postings {
    enum State: String, Codable, CaseIterable, Sendable, SQLValue { case draft, published, closed }
    enum Need: String, Codable, CaseIterable, Sendable, SQLValue { case must, nice }

    struct SkillWish: Codable, Sendable {
        /// A code or free text in Korean or English; normalised.
        let skill: String
        let need: Need
        /// At least this level; left out: basic.
        let level: Skills.Level?
    }

    struct Create: Codable, Sendable, Constrained {
        let organisationId: OrganisationID
        let kind: WorkKind
        let title: String
        let skills: [SkillWish]
        let region: Region
        let industry: StrategicIndustry?
        let start: Day
        /// The first day that does not belong to it.
        let end: Day
        /// Per cent of full time; left out: 100.
        let share: Int?
        /// Won for the whole period.
        let payMin: Won?
        let payMax: Won?
        /// Published at once.
        let publish: Bool?

        static let constraints: [String: Schema.Constraint] = [
            "skills": .count(1...30), "share": .range(1...100), "payMin": .range(0...), "payMax": .range(0...),
        ]
    }

    struct Skill: Codable, Sendable, Hashable {
        let code: String
        let name: Bilingual
        let need: Need
        let level: Skills.Level
    }

    struct Posting: Codable, Sendable {
        let id: PostingID
        let state: State
        let organisationId: OrganisationID
        let kind: WorkKind
        let title: String
        let skills: [Skill]
        let region: Region
        let industry: StrategicIndustry?
        let start: Day
        let end: Day
        let share: Int
        let payMin: Won?
        let payMax: Won?
        let createdAt: Instant
    }

    struct ListPostings: Codable, Sendable, Constrained {
        let organisationId: OrganisationID?
        let state: State?
        let after: PostingID?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "talent.postings.create",
            Bilingual(ko: "구인 공고를 만든다", en: "Creates a posting"), role: .member
        ) { (p: Create, w: Write) throws -> Posting in try create(p, w) },
        .command(
            "talent.postings.publish",
            Bilingual(ko: "공고를 게시한다", en: "Publishes a posting"), role: .member, idempotent: true
        ) { (p: ByID<PostingIDKind>, w: Write) throws -> Posting in try move(p.id, to: .published, w) },
        .command(
            "talent.postings.close",
            Bilingual(ko: "공고를 닫는다", en: "Closes a posting for good"), role: .member, idempotent: true
        ) { (p: ByID<PostingIDKind>, w: Write) throws -> Posting in try move(p.id, to: .closed, w) },
        .query(
            "talent.postings.get",
            Bilingual(ko: "공고를 읽는다", en: "Reads a posting"), role: .viewer
        ) { (p: ByID<PostingIDKind>, r: Read) throws -> Posting in
            let posting = try load(p.id, r.db)
            guard try posting.state != .draft || Ownership.holds(owner(p.id, r.db), r.call) else { throw unknown(p.id) }
            return posting
        },
        .query(
            "talent.postings.list",
            Bilingual(ko: "공고를 나열한다", en: "Lists postings"), role: .viewer
        ) { (p: ListPostings, r: Read) throws -> Page<Posting> in try list(p, r) },
    ]

    private static func create(_ p: Create, _ w: Write) throws -> Posting {
        let title = try PlainText.checked(p.title, at: "/title", length: 1...200)
        try Availability.checkPeriod(p.start, p.end, at: "/end")
        if let low = p.payMin, let high = p.payMax, high < low {
            throw Fault.invalid(
                "/payMax", .integer(high.amount), Bilingual(ko: "payMin 이상이어야 합니다", en: "must be at least payMin"))
        }
        let id = PostingID.new(at: w.now)
        let state: State = p.publish ?? false ? .published : .draft
        try w.db.run(
            """
            INSERT INTO postings (id, state, owner, organisation_id, kind, title, region, industry, start_day, end_day,
                share, pay_min, pay_max, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, state, w.call.principal, p.organisationId, p.kind, title, p.region, p.industry, p.start, p.end,
            p.share ?? 100, p.payMin, p.payMax, w.now, w.now)
        for (place, wish) in p.skills.enumerated() {
            let code = try Skills.checked(wish.skill, at: "/skills/\(place)/skill")
            try w.db.run(
                """
                INSERT INTO posting_skills (posting_id, skill, need, level) VALUES (?, ?, ?, ?)
                ON CONFLICT (posting_id, skill) DO UPDATE SET need = excluded.need, level = excluded.level
                """, id, code, wish.need, wish.level ?? .basic)
        }
        let posting = try load(id, w.db)
        w.audit(subject: id.description)
        try w.emit("talent.posting.created", subject: id.description, posting)
        if state == .published { try w.emit("talent.posting.published", subject: id.description, posting) }
        return posting
    }

    /// draft → published → closed, never back; a repetition changes nothing.
    private static func move(_ id: PostingID, to state: State, _ w: Write) throws -> Posting {
        try Ownership.require(owner(id, w.db), w.call, permission: "talent.posting.own")
        let before = try load(id, w.db)
        w.audit(subject: id.description)
        if before.state == state { return before }
        guard before.state != .closed else {
            throw Fault.conflict(
                Bilingual(ko: "이미 닫힌 공고입니다. 새 공고를 만들어 주세요", en: "The posting is closed. Create a new one"),
                data: ["id": .string(id.description), "state": .string(before.state.rawValue)])
        }
        try w.db.run("UPDATE postings SET state = ?, updated_at = ? WHERE id = ?", state, w.now, id)
        let after = try load(id, w.db)
        try w.emit("talent.posting.\(state.rawValue)", subject: id.description, after)
        return after
    }

    /// Drafts are listed to nobody but those who act for their organisation.
    private static func list(_ p: ListPostings, _ r: Read) throws -> Page<Posting> {
        var listing = Listing("SELECT id FROM postings")
        listing.add("organisation_id = ?", p.organisationId)
        listing.add("state = ?", p.state)
        if !r.call.actsForOthers { listing.add("(state <> 'draft' OR owner = ?)", r.call.principal) }
        return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) { rows in
            try load(rows.map { row throws in try row.get("id") }, r.db)
        }
    }

    static func requirePublished(_ posting: Posting) throws {
        guard posting.state != .published else { return }
        throw Fault.failedPrecondition(
            rule: "posting.notPublished",
            Bilingual(ko: "공고가 게시 중이 아닙니다. 게시한 뒤 다시 요청해 주세요", en: "The posting is not published. Publish it first"),
            data: ["postingId": .string(posting.id.description), "state": .string(posting.state.rawValue)])
    }

    static func unknown(_ id: PostingID) -> Fault { Fault.notFound(kind: "posting", id: id.description) }

    static func owner(_ id: PostingID, _ db: Connection) throws -> String {
        guard let row = try db.row("SELECT owner FROM postings WHERE id = ?", id) else { throw unknown(id) }
        return try row.get("owner")
    }

    static func load(_ id: PostingID, _ db: Connection) throws -> Posting {
        guard let posting = try load([id], db).first else { throw unknown(id) }
        return posting
    }

    /// Those that exist, in the order of the identifiers given.
    static func load(_ ids: [PostingID], _ db: Connection) throws -> [Posting] {
        guard !ids.isEmpty else { return [] }
        let list = placeholders(ids.count)
        var skills: [PostingID: [Skill]] = [:]
        let skillRows = try db.rows(
            "SELECT posting_id, skill, need, level FROM posting_skills WHERE posting_id IN (\(list)) ORDER BY need, skill",
            ids)
        for row in skillRows {
            let code: String = try row.get("skill")
            skills[try row.get("posting_id"), default: []].append(
                Skill(code: code, name: Skills.name(of: code), need: try row.get("need"), level: try row.get("level")))
        }
        var found: [PostingID: Posting] = [:]
        for row in try db.rows("SELECT * FROM postings WHERE id IN (\(list))", ids) {
            let id: PostingID = try row.get("id")
            found[id] = Posting(
                id: id, state: try row.get("state"), organisationId: try row.get("organisation_id"),
                kind: try row.get("kind"), title: try row.get("title"), skills: skills[id] ?? [],
                region: try row.get("region"), industry: try row.getIfPresent("industry"),
                start: try row.get("start_day"), end: try row.get("end_day"), share: try row.get("share"),
                payMin: try row.getIfPresent("pay_min"), payMax: try row.getIfPresent("pay_max"),
                createdAt: try row.get("created_at"))
        }
        return ids.compactMap { found[$0] }
    }
}
