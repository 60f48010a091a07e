import JSON
import ServiceKit
import Storage
import Vocabulary

/// What became of the technology after it was transferred.
enum CommercialStatus: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case inProgress, succeeded, failed
    /// It was asked and could not be found out; says nothing against what was known before.
    case unknown

    var name: Bilingual {
        switch self {
        case .inProgress: Bilingual(ko: "사업화 진행 중", en: "in commercialisation")
        case .succeeded: Bilingual(ko: "사업화 성공", en: "succeeded")
        case .failed: Bilingual(ko: "사업화 실패", en: "failed")
        case .unknown: Bilingual(ko: "파악 불가", en: "unknown")
        }
    }

    /// Whether it succeeded; nil while that is not decided.
    var succeeded: Bool? {
        switch self {
        case .succeeded: true
        case .failed: false
        case .inProgress, .unknown: nil
        }
    }
}

/// Why commercialisation failed. The study's slides on external and internal reasons print the same text (C:691-710),
/// so that only its two statements are supported; whatever else it was is `other`, in words.
enum FailureReason: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case marketChange, demandMisfit, other

    var name: Bilingual {
        switch self {
        case .marketChange: Bilingual(ko: "시장 변화에 따른 사업성 악화", en: "the market changed")
        case .demandMisfit: Bilingual(ko: "기업·시장 수요에 맞지 않음", en: "poor fit with demand")
        case .other: Bilingual(ko: "그 밖의 이유", en: "another reason")
        }
    }
}

/// What was found out about a deal's commercialisation.
struct OutcomeFinding: Hashable, Sendable {
    let status: CommercialStatus
    let reason: FailureReason?
    let note: String?

    /// A failure has a reason and nothing else has one; `other` is said in words.
    func faults(at pointer: String = "") -> [FieldError] {
        if status == .failed, reason == nil {
            return [
                FieldError(
                    "\(pointer)/reason", nil,
                    Bilingual(ko: "실패한 이유를 골라야 합니다", en: "a failure needs its reason"))
            ]
        }
        if status != .failed, let reason {
            return [
                FieldError(
                    "\(pointer)/reason", .string(reason.rawValue),
                    Bilingual(ko: "실패일 때만 씁니다", en: "is for failures only"))
            ]
        }
        if reason == .other, note == nil {
            return [
                FieldError(
                    "\(pointer)/note", nil,
                    Bilingual(ko: "'그 밖의 이유'는 말로 적어야 합니다", en: "another reason must be said in words"))
            ]
        }
        return []
    }
}

/// How a deal's commercialisation stands, with all that was ever said of it.
struct Outcome: Codable, Sendable {
    struct Step: Codable, Sendable {
        let step: Int
        let at: Instant
        let principal: String
        let status: CommercialStatus
        let reason: FailureReason?
        let note: String?
    }

    let dealId: DealID
    let demandId: DemandID
    let technologyId: TechnologyID
    /// Absent while nothing is decided.
    let succeeded: Bool?
    let reason: FailureReason?
    let decidedAt: Instant?
    /// The last 100, oldest first.
    let history: [Step]

    init(_ deal: Deal, _ db: Connection) throws {
        let row = try db.row("SELECT * FROM deal_outcome WHERE deal_id = ?", deal.id)
        dealId = deal.id
        demandId = deal.demandId
        technologyId = deal.technologyId
        succeeded = try row?.get("succeeded")
        reason = try row?.getIfPresent("reason")
        decidedAt = try row?.get("at")
        let rows = try db.rows(
            "SELECT * FROM deal_outcome_step WHERE deal_id = ? ORDER BY step DESC LIMIT 100", deal.id)
        history = try rows.prefix(Listing.fitting(rows)).reversed().map { row in
            Step(
                step: try row.get("step"), at: try row.get("at"), principal: try row.get("principal"),
                status: try row.get("status"), reason: try row.getIfPresent("reason"),
                note: try row.getIfPresent("note"))
        }
    }
}

extension Deal {
    /// Writes down what was found out: a success or a failure decides the deal's outcome, work in progress takes an
    /// earlier decision back, and what could not be found out changes nothing. All of it stays in the history.
    func keep(_ finding: OutcomeFinding, _ w: Write) throws -> Outcome {
        let last = try w.db.row("SELECT MAX(step) AS step FROM deal_outcome_step WHERE deal_id = ?", id)
        let step: Int64 = try last?.getIfPresent("step") ?? 0
        try w.db.run(
            """
            INSERT INTO deal_outcome_step (deal_id, step, at, principal, status, reason, note)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            id, step + 1, w.now, w.call.principal, finding.status, finding.reason, finding.note)
        if finding.status != .unknown {
            try w.db.run("DELETE FROM deal_outcome WHERE deal_id = ?", id)
        }
        if let succeeded = finding.status.succeeded {
            try w.db.run(
                """
                INSERT INTO deal_outcome (deal_id, demand_id, technology_id, succeeded, reason, at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                id, demandId, technologyId, succeeded, finding.reason, w.now)
        }
        try RankingClock.touch(id, w.db)
        w.audit(subject: id.description, reason: finding.note ?? finding.reason?.rawValue)
        // That something was found; what it was is for the parties.
        try w.emit(
            "matching.deal.outcome", subject: id.description,
            [
                "dealId": id.description, "demandId": demandId.description, "technologyId": technologyId.description,
            ])
        return try Outcome(self, w.db)
    }
}
