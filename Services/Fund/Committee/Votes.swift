import JSON
import ServiceKit
import Storage
import Vocabulary

/// What members say about a case. A member may speak again until the case is decided: each time is a new row, and the
/// last one counts; a declared conflict of interest stays for the case.
enum Votes {
    struct Cast: Codable, Sendable, Constrained {
        /// The case.
        let id: CaseID
        let member: MemberID
        /// Left out by a member with a conflict of interest.
        let vote: Ballot.Choice?
        let conflictOfInterest: Bool?
        /// Contribution to the region (관내 기여도, P:1629).
        let contribution: Int?
        let note: String?

        static let constraints: [String: Schema.Constraint] = [
            "contribution": .range(0...100), "note": .length(0...2_000),
        ]
    }

    struct Vote: Codable, Sendable, Hashable {
        let caseId: CaseID
        let member: MemberID
        let revision: Int
        let vote: Ballot.Choice?
        let conflictOfInterest: Bool
        let contribution: Int?
        let note: String?
        let castAt: Instant

        var ballot: Ballot {
            Ballot(choice: vote, hasConflict: conflictOfInterest, contribution: contribution)
        }
    }

    static let methods: [Method] = [
        .command(
            "fund.cases.vote",
            Bilingual(
                ko: "안건에 표결하거나 이해상충을 밝힌다", en: "Votes on a case, or declares a conflict of interest"),
            role: .member
        ) { (p: Cast, w: Write) throws -> Vote in try cast(p, w) }
    ]

    private static func cast(_ p: Cast, _ w: Write) throws -> Vote {
        try check(p)
        let item = try Cases.get(p.id, w.db, w.now)
        let member = try Committee.get(p.member, w.db)
        try Cases.requireProposed(item)
        guard member.fundId == item.fundId, member.retiredAt == nil else {
            throw Fault.failedPrecondition(
                rule: "committee.notSeated",
                Bilingual(
                    ko: "이 펀드 투심위의 현직 위원이 아닙니다.", en: "This is no seated member of the fund's committee."),
                data: ["member": .string(p.member.description)])
        }
        if let principal = member.principal, principal != w.call.principal {
            throw Fault.forbidden(permission: "committee.seat \(member.id)")
        }
        let earlier = try latest(p.id, w.db).first { $0.member == p.member }
        let hasConflict = p.conflictOfInterest ?? false
        guard hasConflict || earlier?.conflictOfInterest != true else {
            throw Fault.failedPrecondition(
                rule: "committee.conflictDeclared",
                Bilingual(
                    ko: "이 안건에 이해상충을 밝힌 위원은 표결할 수 없습니다.",
                    en: "A member that declared a conflict of interest does not vote on the case any more."),
                data: ["member": .string(p.member.description)])
        }
        let vote = Vote(
            caseId: p.id, member: p.member, revision: (earlier?.revision ?? 0) + 1, vote: p.vote,
            conflictOfInterest: hasConflict, contribution: p.contribution, note: p.note, castAt: w.now)
        try w.db.run(
            """
            INSERT INTO votes (case_id, member_id, revision, vote, conflict, contribution, note, cast_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            vote.caseId, vote.member, vote.revision, vote.vote?.rawValue, vote.conflictOfInterest, vote.contribution,
            vote.note, vote.castAt)
        try w.emit("fund.vote.cast", subject: p.id.description, vote)
        w.audit(subject: p.id.description, reason: p.note)
        return vote
    }

    private static func check(_ p: Cast) throws {
        var errors: [FieldError] = []
        if p.conflictOfInterest == true {
            let rule = Bilingual(
                ko: "이해상충이 있는 위원은 표결도 평가도 하지 않습니다. 빼고 보내세요.",
                en: "A member with a conflict neither votes nor assesses; leave it out.")
            if let vote = p.vote { errors.append(FieldError("/vote", .string(vote.rawValue), rule)) }
            if let score = p.contribution { errors.append(FieldError("/contribution", .integer(Int64(score)), rule)) }
        } else if p.vote == nil {
            errors.append(
                FieldError(
                    "/vote", nil,
                    Bilingual(
                        ko: "approve, reject, abstain 중 하나를 적으세요.", en: "Give approve, reject or abstain.")))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }

    /// The last word of each member on a case.
    static func latest(_ id: CaseID, _ db: Connection) throws -> [Vote] {
        try db.rows(
            """
            SELECT v.* FROM votes v
            WHERE v.case_id = ? AND v.revision =
                (SELECT MAX(l.revision) FROM votes l WHERE l.case_id = v.case_id AND l.member_id = v.member_id)
            ORDER BY v.member_id
            """, id
        ).map { row in
            let choice: String? = try row.getIfPresent("vote")
            return Vote(
                caseId: try row.get("case_id"), member: try row.get("member_id"), revision: try row.get("revision"),
                vote: choice.flatMap { Ballot.Choice(rawValue: $0) }, conflictOfInterest: try row.get("conflict"),
                contribution: try row.getIfPresent("contribution"), note: try row.getIfPresent("note"),
                castAt: try row.get("cast_at"))
        }
    }

    /// The votes of the members that sit now, counted.
    static func tally(_ item: Cases.Case, rules: CommitteeRules, _ db: Connection) throws -> Tally {
        let seated = Set(try Committee.seated(item.fundId, db).map(\.id))
        let ballots = try latest(item.id, db).filter { seated.contains($0.member) }.map(\.ballot)
        return Tally(seats: seated.count, ballots: ballots, rules: rules)
    }
}
