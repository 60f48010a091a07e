import JSON
import ServiceKit
import Storage
import Vocabulary

/// Interest of a person in a posting and of its organisation in the person; when both have it, they have agreed and
/// the organisation may see the contact for a stated time.
enum Interests {
    /// How long the contact stays visible after both sides agreed.
    static let contactDays: Int64 = 30

    enum Side: String, Codable, CaseIterable, Sendable { case person, organisation }
    enum Stand: String, Codable, CaseIterable, Sendable, SQLValue { case open, expressed, declined }
    enum State: String, Codable, CaseIterable, Sendable { case interest, agreed, declined }

    /// Reasons are words of a list, so that nothing personal is written where it stays.
    enum DeclineReason: String, Codable, CaseIterable, Sendable, SQLValue {
        case skills, availability, pay, location, other
        case alreadyFilled = "already-filled"
        case noLongerInterested = "no-longer-interested"
    }

    struct Interest: Codable, Sendable {
        let id: InterestID
        let postingId: PostingID
        let personId: PersonID
        let state: State
        let person: Stand
        let organisation: Stand
        let declineReason: DeclineReason?
        let agreedAt: Instant?
        /// Until then `talent.people.reveal` shows the contact to the organisation of the posting.
        let contactUntil: Instant?
    }

    struct Express: Codable, Sendable {
        let postingId: PostingID
        let personId: PersonID
        let side: Side
    }
    struct Decline: Codable, Sendable {
        let id: InterestID
        let side: Side
        let reason: DeclineReason
    }
    struct ListInterests: Codable, Sendable, Constrained {
        let postingId: PostingID?
        let personId: PersonID?
        let after: InterestID?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let methods: [Method] = [
        .command(
            "talent.interests.express",
            Bilingual(
                ko: "한쪽의 관심을 기록한다. 양쪽이 모이면 합의가 된다",
                en: "Records one side's interest; with both sides it is an agreement"),
            role: .member, idempotent: true
        ) { (p: Express, w: Write) throws -> Interest in try express(p, w) },
        .command(
            "talent.interests.decline",
            Bilingual(
                ko: "관심을 거절하거나 거둔다. 연락처는 즉시 가려진다", en: "Declines, or takes interest back: the contact closes at once"),
            role: .member, idempotent: true
        ) { (p: Decline, w: Write) throws -> Interest in try decline(p, w) },
        .query(
            "talent.interests.get",
            Bilingual(ko: "관심의 상태를 읽는다", en: "Reads an interest"), role: .member
        ) { (p: ByID<InterestIDKind>, r: Read) throws -> Interest in
            let interest = try load(p.id, r.db)
            try requireEitherSide(interest, r)
            return interest
        },
        .query(
            "talent.interests.list",
            Bilingual(ko: "공고나 사람의 관심을 나열한다", en: "Lists the interests of a posting or a person"), role: .member
        ) { (p: ListInterests, r: Read) throws -> Page<Interest> in try list(p, r) },
    ]

    private static func express(_ p: Express, _ w: Write) throws -> Interest {
        let personOwner = try Profiles.lock(p.personId, w)
        let posting = try Postings.load(p.postingId, w.db)
        switch p.side {
        case .person: try Ownership.require(personOwner, w.call, permission: "talent.person.own")
        case .organisation:
            try Ownership.require(Postings.owner(p.postingId, w.db), w.call, permission: "talent.posting.own")
        }
        try Postings.requirePublished(posting)
        let before = try find(p.postingId, p.personId, w.db)
        if p.side == .organisation, before == nil,
            try !Consents.isLive(.recommendation, of: p.personId, w.db, w.now)
        {
            throw Profiles.unknown(p.personId)
        }
        let id = before?.id ?? InterestID.new(at: w.now)
        w.audit(subject: id.description)
        let stands = (
            person: p.side == .person ? Stand.expressed : before?.person ?? .open,
            organisation: p.side == .organisation ? Stand.expressed : before?.organisation ?? .open
        )
        if let before, (before.person, before.organisation) == stands { return before }
        let agreed = stands == (.expressed, .expressed)
        let (agreedAt, until): (Instant?, Instant?) =
            agreed ? (w.now, w.now.adding(seconds: contactDays * 86_400)) : (nil, nil)
        try w.db.run(
            """
            INSERT INTO interests (id, posting_id, person_id, person_side, organisation_side, agreed_at, contact_until,
                created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (posting_id, person_id) DO UPDATE SET person_side = excluded.person_side,
                organisation_side = excluded.organisation_side, agreed_at = excluded.agreed_at,
                contact_until = excluded.contact_until, decline_reason = NULL, updated_at = excluded.updated_at
            """, id, p.postingId, p.personId, stands.person, stands.organisation, agreedAt, until, w.now, w.now)
        let after = try load(id, w.db)
        try w.emit("talent.interest.\(agreed ? "agreed" : "expressed")", subject: id.description, after)
        return after
    }

    private static func decline(_ p: Decline, _ w: Write) throws -> Interest {
        let found = try load(p.id, w.db)
        let personOwner = try Profiles.lock(found.personId, w)
        let owner = p.side == .person ? personOwner : try Postings.owner(found.postingId, w.db)
        try Ownership.require(
            owner, w.call, permission: p.side == .person ? "talent.person.own" : "talent.posting.own")
        w.audit(subject: p.id.description)
        let before = try load(p.id, w.db)
        let own = p.side == .person ? before.person : before.organisation
        if own == .declined { return before }
        try w.db.run(
            "UPDATE interests SET \(p.side.rawValue)_side = 'declined', decline_reason = ?, contact_until = NULL, "
                + "agreed_at = NULL, updated_at = ? WHERE id = ?", p.reason, w.now, p.id)
        let after = try load(p.id, w.db)
        try w.emit("talent.interest.declined", subject: p.id.description, after)
        return after
    }

    /// Ends what is open of a person, for an erasure; the caller has locked the person.
    static func close(of person: PersonID, _ w: Write) throws {
        try w.db.run(
            """
            UPDATE interests SET person_side = 'declined', decline_reason = 'no-longer-interested', contact_until = NULL,
                agreed_at = NULL, updated_at = ?
            WHERE person_id = ? AND person_side <> 'declined'
            """, w.now, person)
    }

    static func find(_ posting: PostingID, _ person: PersonID, _ db: Connection) throws -> Interest? {
        try db.row("SELECT * FROM interests WHERE posting_id = ? AND person_id = ?", posting, person).map(interest)
    }

    private static func load(_ id: InterestID, _ db: Connection) throws -> Interest {
        guard let row = try db.row("SELECT * FROM interests WHERE id = ?", id) else {
            throw Fault.notFound(kind: "interest", id: id.description)
        }
        return try interest(row)
    }

    private static func requireEitherSide(_ interest: Interest, _ r: Read) throws {
        guard
            try Ownership.holds(Postings.owner(interest.postingId, r.db), r.call)
                || (r.db.row("SELECT owner FROM people WHERE id = ?", interest.personId)?.get("owner") as String?)
                    == r.call.principal
        else { throw Fault.forbidden(permission: "talent.interest.own") }
    }

    private static func list(_ p: ListInterests, _ r: Read) throws -> Page<Interest> {
        if let posting = p.postingId {
            try Ownership.require(Postings.owner(posting, r.db), r.call, permission: "talent.posting.own")
        } else if let person = p.personId {
            try Ownership.require(Profiles.owner(person, r.db), r.call, permission: "talent.person.own")
        } else {
            guard r.call.actsForOthers else { throw Fault.forbidden(permission: "talent.interest.listAll") }
        }
        var listing = Listing("SELECT * FROM interests")
        listing.add("posting_id = ?", p.postingId)
        listing.add("person_id = ?", p.personId)
        return try listing.page(
            in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: interest)
    }

    private static func interest(_ row: Row) throws -> Interest {
        let (person, organisation): (Stand, Stand) = (try row.get("person_side"), try row.get("organisation_side"))
        let state: State =
            person == .declined || organisation == .declined
            ? .declined : person == .expressed && organisation == .expressed ? .agreed : .interest
        return Interest(
            id: try row.get("id"), postingId: try row.get("posting_id"), personId: try row.get("person_id"),
            state: state, person: person, organisation: organisation,
            declineReason: try row.getIfPresent("decline_reason"), agreedAt: try row.getIfPresent("agreed_at"),
            contactUntil: try row.getIfPresent("contact_until"))
    }
}
