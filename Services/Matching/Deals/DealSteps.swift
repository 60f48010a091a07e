import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.deals.signNda`, `disclose`, `consult`, `finish` and `skip`: what is done between the agreement and the
/// negotiation of terms. Every step is kept with who, when, for which side, a note and documents.
enum DealSteps {
    struct SignNDA: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        /// Default today, in Seoul.
        let signedOn: Day?
        let note: String?
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "note": .length(1...2_000), "documents": Document.limit,
        ]
    }

    struct Disclose: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        /// What only the other side of this deal may read.
        let content: String
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "content": .length(1...20_000), "documents": Document.limit,
        ]
    }

    struct Consult: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        let heldOn: Day
        let minutes: Int
        /// The advisor, a person of the talent service.
        let advisorId: PersonID?
        let summary: String
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "minutes": .range(1...1_440), "summary": .length(1...4_000), "documents": Document.limit,
        ]
    }

    struct Finish: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        /// `consulting` or `valuation`.
        let stage: DealStage
        let note: String?
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "note": .length(1...2_000), "documents": Document.limit,
        ]
    }

    struct Skip: Codable, Sendable, Constrained {
        let id: DealID
        let side: Side
        /// `nda`, `consulting` or `valuation`.
        let stage: DealStage
        /// Why it is not needed.
        let reason: String
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...2_000)]
    }

    static let methods: [Method] = [
        .command(
            "matching.deals.signNda",
            Bilingual(ko: "한쪽이 비밀유지계약에 서명했음을 기록한다", en: "Records one side's signature under the NDA"),
            role: .member, idempotent: true
        ) { (p: SignNDA, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            let day = try notLater(p.signedOn, "/signedOn", w.now)
            guard try deal.take(.signNDA(p.side), w) != .unchanged else { return deal }
            try deal.sign("nda", version: 1, p.side, on: day, w.db)
            try deal.record(.ndaSigned, p.side, note: p.note, documents: p.documents, w)
            return deal
        },
        .command(
            "matching.deals.disclose",
            Bilingual(
                ko: "비밀유지계약 뒤에 비공개 내용을 상대에게 건넨다", en: "Gives the other side what is confidential, after the NDA")
        ) { (p: Disclose, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            _ = try deal.take(.disclose, w)
            try deal.record(.disclosed, p.side, note: nil, documents: p.documents, w)
            try w.db.run(
                """
                INSERT INTO deal_disclosure (deal_id, step, side, at, principal, content)
                SELECT deal_id, MAX(step), ?, ?, ?, ? FROM deal_history WHERE deal_id = ? GROUP BY deal_id
                """, p.side, w.now, w.call.principal, p.content, deal.id)
            return deal
        },
        .command(
            "matching.deals.consult",
            Bilingual(ko: "상담·컨설팅 한 회를 기록한다", en: "Records one consulting session")
        ) { (p: Consult, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            let day = try notLater(p.heldOn, "/heldOn", w.now)
            _ = try deal.take(.consult, w)
            try deal.record(.consulted, p.side, note: p.summary, documents: p.documents, w)
            try w.db.run(
                """
                INSERT INTO deal_session (deal_id, step, held_on, minutes, advisor_id, summary)
                SELECT deal_id, MAX(step), ?, ?, ?, ? FROM deal_history WHERE deal_id = ? GROUP BY deal_id
                """, day, p.minutes, p.advisorId, p.summary, deal.id)
            return deal
        },
        .command(
            "matching.deals.finish",
            Bilingual(ko: "컨설팅 또는 가치평가 단계를 마친다", en: "Completes consulting or valuation"), role: .member,
            idempotent: true
        ) { (p: Finish, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            guard try deal.take(.finish(p.stage), w) != .unchanged else { return deal }
            try deal.record(.finished, p.side, note: p.note, documents: p.documents, w)
            return deal
        },
        .command(
            "matching.deals.skip",
            Bilingual(ko: "필요 없는 단계를 이유를 적고 건너뛴다", en: "Skips a stage that is not needed, with the reason"),
            role: .member, idempotent: true
        ) { (p: Skip, w: Write) throws -> Deal in
            var deal = try Deals.mine(p.id, p.side, w)
            guard try deal.take(.skip(p.stage), w) != .unchanged else { return deal }
            try deal.record(.skipped, p.side, note: p.reason, w)
            return deal
        },
    ]

    /// The day that was given, or today; nothing is recorded as done that lies ahead.
    static func notLater(_ day: Day?, _ pointer: String, _ now: Instant) throws -> Day {
        let today = Day.inSeoul(at: now)
        guard let day else { return today }
        guard day <= today else {
            throw Fault.invalid(
                pointer, .string(day.description),
                Bilingual(ko: "오늘(\(today))보다 뒤일 수 없습니다", en: "must not be after today, \(today)"))
        }
        return day
    }
}

extension Deal {
    /// How far it has come, with what the stages need to know.
    func progress(_ db: Connection) throws -> DealProgress {
        var progress = DealProgress(state: state, stage: stage)
        progress.sessions = try count("deal_session", db)
        progress.valuations = try count("valuation", db)
        progress.termsVersion = try Offer.last(of: id, db)?.version ?? 0
        for row in try db.rows("SELECT act, version, side FROM deal_signature WHERE deal_id = ?", id) {
            let side: Side = try row.get("side")
            let isLast = try row.get("version") == progress.termsVersion
            switch try row.get("act") as String {
            case "nda": progress.signedNDA.insert(side)
            case "terms" where isLast: progress.acceptedTerms.insert(side)
            case "contract" where isLast: progress.signedContract.insert(side)
            default: break
            }
        }
        return progress
    }

    private func count(_ table: String, _ db: Connection) throws -> Int {
        try db.row("SELECT COUNT(*) AS count FROM \(table) WHERE deal_id = ?", id)?.get("count") ?? 0
    }

    /// Takes a step, or says why it cannot be taken now.
    mutating func take(_ step: DealProgress.Step, _ w: Write) throws -> DealProgress.Outcome {
        var progress = try progress(w.db)
        let outcome: DealProgress.Outcome
        do { outcome = try progress.take(step) } catch { throw error.fault(id) }
        guard outcome != .unchanged else { return outcome }
        state = progress.state
        enter(progress.stage, w.now)
        updatedAt = w.now
        try replace(w.db)
        return outcome
    }

    /// - Parameter act: `nda`, `terms` or `contract`.
    func sign(_ act: String, version: Int, _ side: Side, on day: Day, _ db: Connection) throws {
        try db.run(
            "INSERT INTO deal_signature (deal_id, act, version, side, signed_on) VALUES (?, ?, ?, ?, ?)",
            id, act, version, side, day)
    }
}
