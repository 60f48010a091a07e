import JSON
import ServiceKit
import Storage
import Vocabulary

enum AnswerKind: IDKind { static let prefix = "ans" }

/// `matching.feedback.*`: what the two sides say to what they are recommended, kept with who and when.
enum PairAnswers {
    /// The answers to a recommendation; those to a deal come from the deal.
    enum Judgement: String, Codable, CaseIterable, Sendable {
        case relevant, notRelevant, seenBefore

        var answer: PairAnswer {
            switch self {
            case .relevant: .relevant
            case .notRelevant: .notRelevant
            case .seenBefore: .seenBefore
            }
        }
    }

    struct Record: Codable, Sendable, Constrained {
        let demandId: DemandID
        let technologyId: TechnologyID
        /// Whose answer this is.
        let side: Side
        let answer: Judgement
        /// Of `notRelevant`: one of the eight reasons.
        let reason: DeclineReason?
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct List: Codable, Sendable, Constrained {
        let organisationId: OrganisationID
        let limit: Int?
        let after: ID<AnswerKind>?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Kept: Codable, Sendable {
        let id: ID<AnswerKind>
        let demandId: DemandID
        let technologyId: TechnologyID
        let side: Side
        let organisationId: OrganisationID
        let answer: PairAnswer
        let reason: DeclineReason?
        let note: String?
        /// The deal that was answered, if it was one.
        let dealId: DealID?
        let answeredBy: String
        let at: Instant
        /// Until when the pair is not recommended to this side, unless what the reason is about changes before.
        let silentUntil: Instant?
        fileprivate var demandMark = ""
        fileprivate var technologyMark = ""

        private enum CodingKeys: String, CodingKey {
            case id, demandId, technologyId, side, organisationId, answer, reason, note, dealId, answeredBy, at
            case silentUntil
        }
    }

    static let methods: [Method] = [
        .command(
            "matching.feedback.record",
            Bilingual(
                ko: "추천받은 쌍에 대해 관련 있음·없음·이미 앎을 남긴다",
                en: "Answers a recommendation: relevant, not relevant, or seen before")
        ) { (p: Record, w: Write) throws -> Kept in try record(p, w) },
        .query(
            "matching.feedback.list",
            Bilingual(ko: "한 기관이 남긴 답과 거절 이유를 조회한다", en: "Lists an organisation's answers and reasons"),
            role: .viewer
        ) { (p: List, r: Read) throws -> Page<Kept> in
            try Representation.require(try Organisations.find(p.organisationId, r.db).id, r.db, r.call)
            var listing = Listing("SELECT * FROM pair_answer")
            listing.add("organisation_id = ?", p.organisationId)
            return try listing.page(
                in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: Kept.init)
        },
    ]

    private static func record(_ p: Record, _ w: Write) throws -> Kept {
        let demand = try Profile<DemandKind>.visible(p.demandId, w.read)
        let technology = try Profile<TechnologyKind>.visible(p.technologyId, w.read)
        try Representation.require(p.side == .demand ? demand.organisationId : technology.organisationId, w.db, w.call)
        if let reason = p.reason, p.answer != .notRelevant {
            throw Fault.invalid(
                "/reason", .string(reason.rawValue),
                Bilingual(ko: "'관련 없음'일 때만 이유를 적습니다", en: "is for notRelevant only"))
        }
        let kept = try keep(p.answer.answer, p.reason, p.side, demand, technology, note: p.note, deal: nil, w)
        w.audit(subject: kept.id.description, reason: p.note ?? p.reason?.rawValue)
        return kept
    }

    /// Follows what is done to a deal: interest, a refusal with its reason, a withdrawal; and has the deal counted anew.
    static func follow(_ deal: Deal, _ action: DealAction, _ side: Side?, note: String?, _ w: Write) throws {
        try RankingClock.touch(deal.id, w.db)
        let answers: [DealAction: PairAnswer] = [
            .proposed: .interested, .accepted: .interested, .declined: .declined, .withdrawn: .withdrawn,
        ]
        guard let side, let answer = answers[action] else { return }
        let demand = try Profile<DemandKind>.find(deal.demandId, w.db)
        let technology = try Profile<TechnologyKind>.find(deal.technologyId, w.db)
        let reason = answer == .declined ? deal.reason : nil
        _ = try keep(answer, reason, side, demand, technology, note: note, deal: deal.id, w)
    }

    private static func keep(
        _ answer: PairAnswer, _ reason: DeclineReason?, _ side: Side, _ demand: Profile<DemandKind>,
        _ technology: Profile<TechnologyKind>, note: String?, deal: DealID?, _ w: Write
    ) throws -> Kept {
        let subject = AnswerSubject(reason)
        let kept = Kept(
            id: .new(at: w.now), demandId: demand.id, technologyId: technology.id, side: side,
            organisationId: side == .demand ? demand.organisationId : technology.organisationId, answer: answer,
            reason: reason, note: note, dealId: deal, answeredBy: w.call.principal, at: w.now,
            silentUntil: answer.silence.map { w.now + $0 }, demandMark: subject.mark(of: demand),
            technologyMark: subject.mark(of: technology))
        let industries = side == .demand ? technology.industries : demand.industries
        let forms = demand.facts.partnerships.intersection(technology.facts.partnerships).cases
        let below: Int? =
            if let needed = demand.trl?.level, let reached = technology.trl?.level { needed - reached } else { nil }
        try w.db.run(
            """
            INSERT INTO pair_answer (id, demand_id, technology_id, side, organisation_id, answer, reason, note, deal_id,
                industries, partnerships, below, demand_mark, technology_mark, principal, at, changed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            kept.id, kept.demandId, kept.technologyId, side, kept.organisationId, answer, reason, note, deal,
            Codes.text(industries), Codes.text(forms), below, kept.demandMark, kept.technologyMark, kept.answeredBy,
            kept.at, try RankingClock.next(w.db))
        return kept
    }
}

extension PairAnswers.Kept {
    init(_ row: Row) throws {
        id = try row.get("id")
        demandId = try row.get("demand_id")
        technologyId = try row.get("technology_id")
        side = try row.get("side")
        organisationId = try row.get("organisation_id")
        answer = try row.get("answer")
        reason = try row.getIfPresent("reason")
        note = try row.getIfPresent("note")
        dealId = try row.getIfPresent("deal_id")
        answeredBy = try row.get("principal")
        at = try row.get("at")
        silentUntil = answer.silence.map { [at] in at + $0 }
        demandMark = try row.get("demand_mark")
        technologyMark = try row.get("technology_mark")
    }

    /// Why the pair is not recommended to this side now; nil once the time is over or what it is about has changed.
    func refusal(_ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>, at now: Instant) -> HardFilter? {
        guard let silentUntil, now < silentUntil else { return nil }
        let subject = AnswerSubject(reason)
        guard subject.mark(of: demand) == demandMark, subject.mark(of: technology) == technologyMark else { return nil }
        let why =
            reason.map { Bilingual(ko: ", 이유: \($0.name.ko)", en: ": \($0.name.en)") } ?? Bilingual(ko: "", en: "")
        return HardFilter(
            rule: "pair.\(answer.rawValue)",
            ko: "\(side.name.ko)이 \(at)에 '\(answer.name.ko)'으로 답했습니다\(why.ko). \(silentUntil)부터, 또는 그 이유가 된 내용이 "
                + "바뀌면 다시 추천합니다",
            en: "\(side.name.en) answered '\(answer.name.en)' at \(at)\(why.en). It is recommended again from "
                + "\(silentUntil), or when what the answer is about changes")
    }
}

/// The last answers of one side about one profile of its own, by the other profile. They are private: only who may act
/// for that side is shown, or spared, anything by them.
struct PairSilences<Other: ProfileKind> {
    /// Answers looked at, the latest first.
    static var limit: Int { 1_000 }

    let last: [ID<Other>: PairAnswers.Kept]

    static func about(_ demand: Profile<DemandKind>, _ r: Read) throws -> PairSilences<TechnologyKind> {
        try .init(of: demand, column: "demand_id", r) { $0.technologyId }
    }

    static func about(_ technology: Profile<TechnologyKind>, _ r: Read) throws -> PairSilences<DemandKind> {
        try .init(of: technology, column: "technology_id", r) { $0.demandId }
    }
}

extension PairSilences {
    fileprivate init<Kind: ProfileKind>(
        of profile: Profile<Kind>, column: String, _ r: Read, other: (PairAnswers.Kept) -> ID<Other>
    ) throws {
        let rows = try r.db.rows(
            "SELECT * FROM pair_answer WHERE \(column) = ? AND side = ? ORDER BY id DESC LIMIT \(Self.limit)",
            profile.id, Kind.side)
        guard !rows.isEmpty, try Representation.mayAct(for: profile.organisationId, r.db, r.call) else {
            last = [:]
            return
        }
        let answers = try rows.map(PairAnswers.Kept.init)
        last = Dictionary(answers.map { (other($0), $0) }) { latest, _ in latest }
    }
}
