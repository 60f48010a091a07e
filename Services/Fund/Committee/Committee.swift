import JSON
import ServiceKit
import Storage
import Vocabulary

enum MemberKind: IDKind { static let prefix = "mbr" }
typealias MemberID = ID<MemberKind>

/// The seats of a fund's investment committee and its rules. A seat is described by what it stands for; who sits there is
/// a person of Talent, by identifier only.
enum Committee {
    struct Appoint: Codable, Sendable, Constrained {
        let fundId: FundID
        /// What the seat stands for, such as "기술사업화 전문가"; not the name of a person.
        let seat: Bilingual
        let personId: PersonID?
        /// If given, only this principal can vote from the seat.
        let principal: String?

        static let constraints: [String: Schema.Constraint] = ["principal": .length(1...200)]
    }

    struct Member: Codable, Sendable {
        let id: MemberID
        let fundId: FundID
        let seat: Bilingual
        let personId: PersonID?
        let principal: String?
        let appointedAt: Instant
        let retiredAt: Instant?
    }

    struct Retire: Codable, Sendable, Constrained {
        let id: MemberID
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct List: Codable, Sendable, Constrained {
        let fundId: FundID
        let limit: Int?
        let after: MemberID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Configure: Codable, Sendable, Constrained {
        let fundId: FundID
        let rules: CommitteeRules
        let reason: String

        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    struct Configured: Codable, Sendable {
        let fundId: FundID
        let before: CommitteeRules
        let rules: CommitteeRules
        let reason: String
    }

    static let methods: [Method] = [
        .command(
            "fund.committee.appoint", Bilingual(ko: "투심위 위원을 위촉한다", en: "Appoints a member of the committee"),
            role: .operator
        ) { (p: Appoint, w: Write) throws -> Member in try appoint(p, w) },
        .command(
            "fund.committee.retire", Bilingual(ko: "투심위 위원을 해촉한다", en: "Retires a member of the committee"),
            role: .operator
        ) { (p: Retire, w: Write) throws -> Member in try retire(p, w) },
        .query("fund.committee.members", Bilingual(ko: "투심위 위원 목록", en: "The members"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Member> in
            try Funds.require(p.fundId, r.db)
            var listing = Listing("SELECT * FROM members")
            listing.add("fund_id = ?", p.fundId)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: read)
        },
        .command(
            "fund.committee.configure",
            Bilingual(
                ko: "의결 규칙을 바꾼다 (이미 의결한 안건에는 미치지 않는다)",
                en: "Changes how the committee decides; decided cases keep the rules they were decided by"),
            role: .operator
        ) { (p: Configure, w: Write) throws -> Configured in
            let errors = p.rules.problems(at: "/rules")
            guard errors.isEmpty else { throw Fault.invalid(errors) }
            let before = try Funds.get(p.fundId, w.db).rules
            try w.db.run("UPDATE funds SET rules = ? WHERE id = ?", try JSON.encode(p.rules).text, p.fundId)
            let change = Configured(fundId: p.fundId, before: before, rules: p.rules, reason: p.reason)
            try w.emit("fund.committee.configured", subject: p.fundId.description, change)
            w.audit(subject: p.fundId.description, reason: p.reason)
            return change
        },
    ]

    private static func appoint(_ p: Appoint, _ w: Write) throws -> Member {
        let errors = p.seat.problems(at: "/seat", length: 1...200)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        try Funds.require(p.fundId, w.db)
        let member = Member(
            id: MemberID.new(at: w.now), fundId: p.fundId, seat: p.seat, personId: p.personId, principal: p.principal,
            appointedAt: w.now, retiredAt: nil)
        try w.db.run(
            """
            INSERT INTO members (id, fund_id, seat_ko, seat_en, person_id, principal, appointed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, member.id, p.fundId, p.seat.ko, p.seat.en, p.personId, p.principal, w.now)
        try w.emit("fund.member.appointed", subject: member.id.description, member)
        w.audit(subject: member.id.description, reason: nil)
        return member
    }

    private static func retire(_ p: Retire, _ w: Write) throws -> Member {
        guard try get(p.id, w.db).retiredAt == nil else {
            throw Fault.conflict(
                Bilingual(ko: "이미 해촉된 위원입니다.", en: "The member has retired already."),
                data: ["id": .string(p.id.description)])
        }
        try w.db.run("UPDATE members SET retired_at = ? WHERE id = ?", w.now, p.id)
        let member = try get(p.id, w.db)
        try w.emit("fund.member.retired", subject: p.id.description, member)
        w.audit(subject: p.id.description, reason: p.reason)
        return member
    }

    /// The members that sit now.
    static func seated(_ fund: FundID, _ db: Connection) throws -> [Member] {
        try db.rows("SELECT * FROM members WHERE fund_id = ? AND retired_at IS NULL ORDER BY id", fund).map(read)
    }

    static func get(_ id: MemberID, _ db: Connection) throws -> Member {
        guard let row = try db.row("SELECT * FROM members WHERE id = ?", id) else {
            throw Fault.notFound(kind: "member", id: id.description)
        }
        return try read(row)
    }

    private static func read(_ row: Row) throws -> Member {
        Member(
            id: try row.get("id"), fundId: try row.get("fund_id"),
            seat: Bilingual(ko: try row.get("seat_ko"), en: try row.get("seat_en")),
            personId: try row.getIfPresent("person_id"), principal: try row.getIfPresent("principal"),
            appointedAt: try row.get("appointed_at"), retiredAt: try row.getIfPresent("retired_at"))
    }
}
