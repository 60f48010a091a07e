import JSON
import ServiceKit
import Storage
import Vocabulary

enum SurveyKind: IDKind { static let prefix = "svy" }
typealias SurveyID = ID<SurveyKind>

enum SurveyState: String, Codable, CaseIterable, Sendable, Named {
    case planned, open, closed

    var name: Bilingual {
        switch self {
        case .planned: Bilingual(ko: "예정", en: "planned")
        case .open: Bilingual(ko: "진행 중", en: "open")
        case .closed: Bilingual(ko: "마감", en: "closed")
        }
    }
}

/// What a campaign asks beyond the fields of a demand.
struct SurveyQuestion: Codable, Sendable, Hashable, Constrained {
    enum Kind: String, Codable, CaseIterable, Sendable { case text, number, yesNo, choice }

    /// Names the answer; a column of an import may be called so, or as the question is asked.
    let key: String
    let ko: String
    let en: String?
    let kind: Kind
    /// Of a choice.
    let choices: [String]?
    let isRequired: Bool?

    static let constraints: [String: Schema.Constraint] = [
        "key": .length(1...40), "ko": .length(1...500), "en": .length(1...500), "choices": .count(2...50),
    ]

    /// The rule of the answer.
    var schema: Schema {
        switch kind {
        case .text: .string(minLength: 1, maxLength: 4_000)
        case .number: .number()
        case .yesNo: .boolean
        case .choice: .choice(choices ?? [])
        }
    }

    func faults(in answers: JSON.Members) -> [FieldError] {
        if let answer = answers[key], answer != .null { return schema.validate(answer, at: "/answers/\(key)") }
        guard isRequired == true else { return [] }
        return [FieldError("/answers/\(key)", nil, Bilingual(ko: "꼭 필요합니다", en: "is required"))]
    }
}

/// A demand survey: a period in which companies say what technology they need, for the planning from below (P:1092).
struct Survey: Codable, Sendable {
    let id: SurveyID
    var title: String
    var description: String
    var state: SurveyState
    /// Whom it is for; empty or absent: everybody.
    var cluster: String?
    var industries: [StrategicIndustry]
    var regions: [Region]
    var questions: [SurveyQuestion]
    var opensAt: Instant
    var closesAt: Instant
    let createdBy: String
    let createdAt: Instant
    var updatedAt: Instant

    static func state(_ opens: Instant, _ closes: Instant, at now: Instant) -> SurveyState {
        now < opens ? .planned : now < closes ? .open : .closed
    }

    /// Of a demand or its organisation: whether it is not among those that the campaign is for.
    func isOutside(_ demand: Profile<DemandKind>) -> Bool {
        if !regions.isEmpty, let region = demand.region, !regions.contains(region) { return true }
        return !industries.isEmpty && !demand.industries.isEmpty
            && Set(industries).isDisjoint(with: demand.industries)
    }

    /// Everything that is wrong with answers to its questions.
    func faults(in answers: JSON.Members) -> [FieldError] {
        let known = questions.map(\.key)
        let unknown = answers.filter { !known.contains($0.key) }.map { key, value in
            FieldError(
                "/answers/\(key)", value,
                Bilingual(
                    ko: "없는 질문입니다. 있는 질문: \(known.joined(separator: ", "))",
                    en: "is no question; they are: \(known.joined(separator: ", "))"))
        }
        return unknown + questions.flatMap { $0.faults(in: answers) }
    }

    /// Planned and closed campaigns take no answers; closed ones never change again.
    func require(_ states: [SurveyState]) throws {
        guard !states.contains(state) else { return }
        throw Fault.failedPrecondition(
            rule: "survey.\(state.rawValue)",
            Bilingual(
                ko: "'\(state.name.ko)' 상태의 수요조사입니다(\(opensAt) ~ \(closesAt)).",
                en: "The survey is \(state.rawValue) (from \(opensAt) to \(closesAt))."),
            data: [
                "state": .string(state.rawValue), "opensAt": .string(opensAt.description),
                "closesAt": .string(closesAt.description),
            ])
    }
}

extension Survey {
    init(_ row: Row, at now: Instant) throws {
        id = try row.get("id")
        title = try row.get("title")
        description = try row.get("description")
        cluster = try row.getIfPresent("cluster")
        industries = Codes.list(try row.get("industries"))
        regions = Codes.list(try row.get("regions"))
        questions = try JSON(parsing: row.get("questions") as String).decode([SurveyQuestion].self)
        opensAt = try row.get("opens_at")
        closesAt = try row.get("closes_at")
        state = Survey.state(opensAt, closesAt, at: now)
        createdBy = try row.get("created_by")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    static func find(_ id: SurveyID, _ db: Connection, _ now: Instant) throws -> Survey {
        guard let row = try db.row("SELECT * FROM survey WHERE id = ?", id) else {
            throw Fault.notFound(kind: "survey", id: id.description)
        }
        return try Survey(row, at: now)
    }

    func save(_ w: Write) throws {
        try w.db.run(
            """
            INSERT INTO survey (id, title, description, cluster, industries, regions, questions, opens_at, closes_at,
                created_by, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description,
                cluster = excluded.cluster, industries = excluded.industries, regions = excluded.regions,
                questions = excluded.questions, opens_at = excluded.opens_at, closes_at = excluded.closes_at,
                updated_at = excluded.updated_at
            """,
            id, title, description, cluster, Codes.text(industries), Codes.text(regions),
            try JSON.encode(questions).text, opensAt, closesAt, createdBy, createdAt, updatedAt)
    }
}
