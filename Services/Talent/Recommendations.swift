import JSON
import ServiceKit
import Storage
import Vocabulary

/// Recommendations both ways (P:1931-1939): people for a posting, postings for a person, with the reasons.
struct Recommendations: Sendable {
    let profiles: Profiles

    /// At most so many are judged; those with most of the wished skills first.
    static let candidates = 500

    struct Ask: Codable, Sendable, Constrained {
        /// One of the two.
        let postingId: PostingID?
        let personId: PersonID?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...50)]
    }

    struct Item: Codable, Sendable {
        /// Of the person or of the posting that is recommended.
        let id: String
        let title: String
        let score: Double
        let reasons: [Fit.Reason]
        /// Masked.
        let person: Profile?
        let posting: Postings.Posting?
    }

    struct Answer: Codable, Sendable {
        let items: [Item]
        /// How many were judged.
        let considered: Int
        /// How many of those a rule ruled out, by rule.
        let excluded: [String: Int]
    }

    struct Explain: Codable, Sendable {
        let postingId: PostingID
        let personId: PersonID
    }

    struct Explanation: Codable, Sendable {
        let postingId: PostingID
        let personId: PersonID
        let score: Double
        let blocked: [Fit.Block]
        let reasons: [Fit.Reason]
    }

    var methods: [Method] {
        [
            .query(
                "talent.recommend",
                Bilingual(
                    ko: "공고에 맞는 사람(가려진 모습), 또는 사람에게 맞는 공고를 이유와 함께 추천한다",
                    en: "Recommends people (masked) for a posting, or postings for a person, with reasons"),
                role: .viewer
            ) { (p: Ask, r: Read) throws -> Answer in
                switch (p.postingId, p.personId) {
                case (let posting?, nil): try people(for: posting, p.limit ?? 10, r)
                case (nil, let person?): try postings(for: person, p.limit ?? 10, r)
                default:
                    throw Fault.invalid(
                        "", nil,
                        Bilingual(ko: "postingId와 personId 중 하나만 보내 주세요", en: "send one of postingId and personId"))
                }
            },
            .query(
                "talent.explain",
                Bilingual(ko: "한 사람과 한 공고가 왜 맞거나 맞지 않는지 설명한다", en: "Says why a person and a posting fit, or why not"),
                role: .member
            ) { (p: Explain, r: Read) throws -> Explanation in
                let posting = try Postings.load(p.postingId, r.db)
                let owner = try Profiles.owner(p.personId, r.db)
                guard try posting.state != .draft || Ownership.holds(Postings.owner(p.postingId, r.db), r.call) else {
                    throw Postings.unknown(p.postingId)
                }
                let people = try profiles.load([p.personId], r.db)
                guard let pair = try pairs(people.map { ($0, posting) }, r).first else {
                    throw Profiles.unknown(p.personId)
                }
                // A stranger learns nothing of somebody who does not take part, not even that there is such a person.
                guard pair.consented || Ownership.holds(owner, r.call) else { throw Profiles.unknown(p.personId) }
                let fit = Fit(pair)
                return Explanation(
                    postingId: p.postingId, personId: p.personId, score: fit.score, blocked: fit.blocked,
                    reasons: fit.reasons)
            },
        ]
    }

    private func people(for id: PostingID, _ limit: Int, _ r: Read) throws -> Answer {
        let posting = try Postings.load(id, r.db)
        guard try posting.state != .draft || Ownership.holds(Postings.owner(id, r.db), r.call) else {
            throw Postings.unknown(id)
        }
        let wished = posting.skills.map(\.code)
        let must = posting.skills.filter { $0.need == .must }.map(\.code)
        // Without a must, any wished skill will do.
        let required = must.isEmpty ? wished : must
        let rows = try r.db.rows(
            """
            SELECT s.person_id, COUNT(*) AS met FROM person_skills s
            WHERE s.skill IN (\(placeholders(wished.count))) AND EXISTS (
                SELECT 1 FROM consents c WHERE c.person_id = s.person_id AND c.purpose = 'recommendation'
                    AND c.ended_at IS NULL AND c.expires_at > ?)
            GROUP BY s.person_id
            HAVING SUM(CASE WHEN s.skill IN (\(placeholders(required.count))) THEN 1 ELSE 0 END) >= ?
            ORDER BY met DESC, s.person_id DESC LIMIT ?
            """, wished + [r.now] + required + [max(1, must.count), Self.candidates])
        let ids: [PersonID] = try rows.map { row throws in try row.get("person_id") }
        let people = try profiles.load(ids, r.db)
        return ranked(try pairs(people.map { ($0, posting) }, r), limit) { pair, fit in
            Item(
                id: pair.person.id.description,
                title: [pair.person.name ?? "○", pair.person.occupation?.name.ko].compactMap { $0 }.joined(
                    separator: " · "),
                score: fit.score, reasons: fit.reasons, person: pair.person, posting: nil)
        }
    }

    private func postings(for id: PersonID, _ limit: Int, _ r: Read) throws -> Answer {
        try Ownership.require(Profiles.owner(id, r.db), r.call, permission: "talent.person.own")
        try Consents.require(.recommendation, of: id, r.db, r.now)
        let people = try profiles.load([id], r.db)
        let rows = try r.db.rows(
            """
            SELECT w.posting_id, COUNT(*) AS met FROM posting_skills w
            WHERE w.skill IN (SELECT skill FROM person_skills WHERE person_id = ?) AND EXISTS (
                SELECT 1 FROM postings p WHERE p.id = w.posting_id AND p.state = 'published' AND p.end_day > ?)
            GROUP BY w.posting_id ORDER BY met DESC, w.posting_id DESC LIMIT ?
            """, id, Day.inSeoul(at: r.now), Self.candidates)
        let ids: [PostingID] = try rows.map { row throws in try row.get("posting_id") }
        let wanted = try Postings.load(ids, r.db)
        return ranked(try pairs(people.flatMap { person in wanted.map { (person, $0) } }, r), limit) { pair, fit in
            Item(
                id: pair.posting.id.description, title: pair.posting.title, score: fit.score, reasons: fit.reasons,
                person: nil, posting: pair.posting)
        }
    }

    private func ranked(_ pairs: [Fit.Pair], _ limit: Int, _ item: (Fit.Pair, Fit) -> Item) -> Answer {
        var excluded: [String: Int] = [:]
        var fits: [(pair: Fit.Pair, fit: Fit)] = []
        for pair in pairs {
            let fit = Fit(pair)
            if let block = fit.blocked.first { excluded[block.rule, default: 0] += 1 } else { fits.append((pair, fit)) }
        }
        fits.sort { left, right in
            // Equal scores: whoever is asked less comes first, then the one who came later.
            if left.fit.score != right.fit.score { return left.fit.score > right.fit.score }
            if left.pair.suitors != right.pair.suitors { return left.pair.suitors < right.pair.suitors }
            return (left.pair.person.id, left.pair.posting.id) > (right.pair.person.id, right.pair.posting.id)
        }
        return Answer(
            items: fits.prefix(limit).map { item($0.pair, $0.fit) }, considered: pairs.count, excluded: excluded)
    }

    /// Reads, in a constant number of queries, what the judgement of these pairs needs.
    private func pairs(_ pairs: [(person: Profile, posting: Postings.Posting)], _ r: Read) throws -> [Fit.Pair] {
        guard let first = pairs.first else { return [] }
        let ids: [(any SQLValue)?] = Array(Set(pairs.map(\.person.id)))
        let list = placeholders(ids.count)
        let from = pairs.reduce(first.posting.start) { min($0, $1.posting.start) }
        let to = pairs.reduce(first.posting.end) { max($0, $1.posting.end) }
        let consented: Set<PersonID> = try Set(
            r.db.rows(
                """
                SELECT person_id FROM consents WHERE person_id IN (\(list)) AND purpose = 'recommendation'
                    AND ended_at IS NULL AND expires_at > ?
                """, ids + [r.now]
            ).map { row throws in try row.get("person_id") })
        let windows = try spans(
            r.db.rows(
                "SELECT * FROM availability WHERE person_id IN (\(list)) AND start_day < ? AND end_day > ?",
                ids + [to, from]))
        let taken = try spans(
            r.db.rows(
                """
                SELECT person_id, start_day, end_day, share FROM engagements WHERE person_id IN (\(list))
                    AND end_day > ? AND start_day < ? AND state IN ('held', 'posted') AND (state = 'posted' OR expires_at > ?)
                """, ids + [from, to, r.now]))
        let (suitors, declined) = try interests(ids, r.db)
        let today = Day.inSeoul(at: r.now)
        return pairs.map { person, posting in
            Fit.Pair(
                posting: posting, person: person, consented: consented.contains(person.id),
                free: Shares.free(
                    from: posting.start, to: posting.end, available: windows[person.id] ?? [],
                    taken: taken[person.id] ?? []),
                interest: declined[person.id]?.contains(posting.id) ?? false ? .declined : nil,
                // The own posting's interest does not push the person down.
                suitors: (suitors[person.id] ?? []).subtracting([posting.id]).count, today: today)
        }
    }

    private func interests(_ people: [(any SQLValue)?], _ db: Connection) throws -> (
        open: [PersonID: Set<PostingID>], declined: [PersonID: Set<PostingID>]
    ) {
        var (open, declined): ([PersonID: Set<PostingID>], [PersonID: Set<PostingID>]) = ([:], [:])
        let rows = try db.rows(
            """
            SELECT i.person_id, i.posting_id, i.person_side, i.organisation_side, p.state FROM interests i
            JOIN postings p ON p.id = i.posting_id WHERE i.person_id IN (\(placeholders(people.count)))
            """, people)
        for row in rows {
            let (person, posting): (PersonID, PostingID) = (try row.get("person_id"), try row.get("posting_id"))
            let sides: [Interests.Stand] = [try row.get("person_side"), try row.get("organisation_side")]
            if sides.contains(.declined) {
                declined[person, default: []].insert(posting)
            } else if sides[1] == .expressed, try row.get("state") == Postings.State.published {
                open[person, default: []].insert(posting)
            }
        }
        return (open, declined)
    }

    private func spans(_ rows: [Row]) throws -> [PersonID: [ShareSpan]] {
        try rows.reduce(into: [:]) { spans, row in
            spans[try row.get("person_id"), default: []].append(contentsOf: try Availability.spans([row]))
        }
    }
}
