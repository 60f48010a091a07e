import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.surveys.*`: campaigns that ask for demands (M5, P:1092).
enum Surveys {
    struct Create: Codable, Sendable, Constrained {
        let title: String
        let description: String?
        let opensAt: Instant
        let closesAt: Instant
        /// Whom it is for; absent: everybody.
        let cluster: String?
        let industries: [StrategicIndustry]?
        let regions: [Region]?
        let questions: [SurveyQuestion]?
        static let constraints: [String: Schema.Constraint] = [
            "title": .length(2...200), "description": .length(0...20_000), "cluster": .length(1...200),
            "industries": .count(0...20), "regions": .count(0...17), "questions": .count(0...50),
        ]
    }

    /// Every member that is given replaces what was there. The questions are fixed once the campaign is open.
    struct Update: Codable, Sendable, Constrained {
        let id: SurveyID
        let title: String?
        let description: String?
        let opensAt: Instant?
        let closesAt: Instant?
        let cluster: String?
        let industries: [StrategicIndustry]?
        let regions: [Region]?
        let questions: [SurveyQuestion]?
        static let constraints: [String: Schema.Constraint] = Create.constraints
    }

    struct List: Codable, Sendable, Constrained {
        let state: SurveyState?
        let limit: Int?
        let after: SurveyID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Invite: Codable, Sendable, Constrained {
        let id: SurveyID
        let organisationIds: [OrganisationID]
        static let constraints: [String: Schema.Constraint] = ["organisationIds": .count(1...500)]
    }

    struct Invited: Codable, Sendable {
        let added: Int
        let invited: Int
    }

    static let methods: [Method] = [
        .command(
            "matching.surveys.create", Bilingual(ko: "기술수요조사를 연다", en: "Sets up a demand survey"), role: .operator
        ) { (p: Create, w: Write) throws -> Survey in
            let survey = Survey(
                id: .new(at: w.now), title: p.title, description: p.description ?? "",
                state: Survey.state(p.opensAt, p.closesAt, at: w.now), cluster: p.cluster,
                industries: p.industries ?? [], regions: p.regions ?? [], questions: p.questions ?? [],
                opensAt: p.opensAt, closesAt: p.closesAt, createdBy: w.call.principal, createdAt: w.now,
                updatedAt: w.now)
            try check(survey, w.now)
            try save(survey, "created", w)
            return survey
        },
        .command(
            "matching.surveys.update", Bilingual(ko: "마감 전의 수요조사를 고친다", en: "Changes a survey that is not closed"),
            role: .operator
        ) { (p: Update, w: Write) throws -> Survey in try update(p, w) },
        .command(
            "matching.surveys.close", Bilingual(ko: "수요조사를 지금 마감한다", en: "Closes a survey now"), role: .operator,
            idempotent: true
        ) { (p: ByID<SurveyKind>, w: Write) throws -> Survey in
            var survey = try Survey.find(p.id, w.db, w.now)
            if survey.state == .closed { return survey }
            try survey.require([.open])
            survey.closesAt = w.now
            survey.state = .closed
            survey.updatedAt = w.now
            try save(survey, "closed", w)
            return survey
        },
        .command(
            "matching.surveys.invite", Bilingual(ko: "기관들을 수요조사에 초대한다", en: "Invites organisations to a survey"),
            role: .operator, idempotent: true
        ) { (p: Invite, w: Write) throws -> Invited in
            let survey = try Survey.find(p.id, w.db, w.now)
            try survey.require([.planned, .open])
            var added = 0
            for id in p.organisationIds {
                try Organisations.find(id, w.db).requireNotMerged()
                added += try w.db.run(
                    "INSERT INTO survey_invitation (survey_id, organisation_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    p.id, id, w.now)
            }
            w.audit(subject: p.id.description)
            let count = try w.db.row("SELECT COUNT(*) AS count FROM survey_invitation WHERE survey_id = ?", p.id)
            return Invited(added: added, invited: try count?.get("count") ?? 0)
        },
        .query("matching.surveys.get", Bilingual(ko: "수요조사를 조회한다", en: "Reads a survey")) {
            (p: ByID<SurveyKind>, r: Read) throws -> Survey in try Survey.find(p.id, r.db, r.now)
        },
        .query("matching.surveys.list", Bilingual(ko: "수요조사 목록을 조회한다", en: "Lists surveys")) {
            (p: List, r: Read) throws -> Page<Survey> in
            var listing = Listing("SELECT * FROM survey")
            switch p.state {
            case .planned: listing.add("opens_at > ?", r.now)
            case .open: listing.add("opens_at <= ? AND closes_at > ?", all: [r.now, r.now])
            case .closed: listing.add("closes_at <= ?", r.now)
            case nil: break
            }
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Survey($0, at: r.now)
            }
        },
    ]

    private static func update(_ p: Update, _ w: Write) throws -> Survey {
        var survey = try Survey.find(p.id, w.db, w.now)
        try survey.require([.planned, .open])
        if let questions = p.questions, questions != survey.questions, survey.state == .open {
            throw Fault.failedPrecondition(
                rule: "survey.questionsFixed",
                Bilingual(
                    ko: "진행 중에는 질문을 바꿀 수 없습니다. 응답이 서로 달라집니다.",
                    en: "Questions stay as they are while the survey is open: answers would not compare."))
        }
        survey.title = p.title ?? survey.title
        survey.description = p.description ?? survey.description
        survey.cluster = p.cluster ?? survey.cluster
        survey.industries = p.industries ?? survey.industries
        survey.regions = p.regions ?? survey.regions
        survey.questions = p.questions ?? survey.questions
        survey.opensAt = p.opensAt ?? survey.opensAt
        survey.closesAt = p.closesAt ?? survey.closesAt
        survey.updatedAt = w.now
        try check(survey, w.now)
        survey.state = Survey.state(survey.opensAt, survey.closesAt, at: w.now)
        try save(survey, "updated", w)
        return survey
    }

    private static func check(_ survey: Survey, _ now: Instant) throws {
        var faults: [FieldError] = []
        if survey.closesAt <= max(survey.opensAt, now) {
            faults.append(
                FieldError(
                    "/closesAt", .string(survey.closesAt.description),
                    Bilingual(ko: "시작과 지금보다 뒤여야 합니다", en: "must be after the opening and after now")))
        }
        for (place, question) in survey.questions.enumerated() {
            let plain = question.key.utf8.allSatisfy { $0.isLetterOrDigit }
            if !plain || survey.questions[..<place].contains(where: { $0.key == question.key }) {
                faults.append(
                    FieldError(
                        "/questions/\(place)/key", .string(question.key),
                        Bilingual(ko: "영문자와 숫자로 된, 겹치지 않는 이름이어야 합니다", en: "must be letters and digits, and used once")))
            }
            if question.kind == .choice, (question.choices ?? []).isEmpty {
                faults.append(
                    FieldError(
                        "/questions/\(place)/choices", nil, Bilingual(ko: "선택지가 필요합니다", en: "is required for a choice"))
                )
            }
        }
        guard faults.isEmpty else { throw FieldErrors(faults) }
    }

    private static func save(_ survey: Survey, _ action: String, _ w: Write) throws {
        try survey.save(w)
        w.audit(subject: survey.id.description)
        try w.emit("matching.survey.\(action)", subject: survey.id.description, survey)
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
