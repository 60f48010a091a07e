import JSON
import ServiceKit
import Storage
import Vocabulary

/// A demand as an answer to a campaign.
struct SurveyResponse: Codable, Sendable {
    let surveyId: SurveyID
    let demandId: DemandID
    let organisationId: OrganisationID
    /// To the questions beyond the demand's own fields, by their keys.
    let answers: [String: JSON]
    let createdAt: Instant
    let updatedAt: Instant

    init(_ row: Row) throws {
        surveyId = try row.get("survey_id")
        demandId = try row.get("demand_id")
        organisationId = try row.get("organisation_id")
        let members = try JSON(parsing: row.get("answers") as String).object ?? JSON.Members()
        answers = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }
}

/// `matching.surveys.respond`, `.responses` and `.retract`.
enum SurveyResponses {
    /// Exactly one of `demand` and `demandId`. With the same demand again the answers are replaced; its fields are
    /// edited by `matching.demands.update`. What counts is how both are when the campaign closes.
    struct Respond: Codable, Sendable {
        let id: SurveyID
        /// A new demand, written as a draft.
        let demand: Profiles<DemandKind>.Create?
        /// A demand that is there already.
        let demandId: DemandID?
        let answers: [String: JSON]?
    }

    struct Responded: Codable, Sendable {
        let response: SurveyResponse
        let demand: Profile<DemandKind>
        /// The demand's region or industry is not among those that the campaign is for; it counts as such.
        let isOutsideTarget: Bool
    }

    struct List: Codable, Sendable, Constrained {
        let id: SurveyID
        let organisationId: OrganisationID?
        let limit: Int?
        let after: DemandID?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    struct Retract: Codable, Sendable {
        let id: SurveyID
        let demandId: DemandID
    }

    struct Retracted: Codable, Sendable { let isRetracted: Bool }

    static let methods: [Method] = [
        .command(
            "matching.surveys.respond", Bilingual(ko: "수요조사에 수요로 응답한다", en: "Answers a survey with a demand")
        ) { (p: Respond, w: Write) throws -> Responded in
            let demand: Profile<DemandKind>
            switch (p.demand, p.demandId) {
            case (let create?, nil): demand = try Profiles<DemandKind>.create(create, w)
            case (nil, let id?): demand = try Profile<DemandKind>.own(id, w)
            default:
                throw FieldError(
                    "/demand", nil,
                    Bilingual(ko: "demand와 demandId 가운데 하나만 주어야 합니다", en: "give exactly one of demand and demandId"))
            }
            let answers = JSON.Members(
                uniqueKeysWithValues: (p.answers ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            return try respond(p.id, demand, answers, w)
        },
        .command(
            "matching.surveys.retract", Bilingual(ko: "마감 전에 응답을 거둔다", en: "Takes an answer back before the close"),
            idempotent: true
        ) { (p: Retract, w: Write) throws -> Retracted in
            try Survey.find(p.id, w.db, w.now).require([.open])
            try Profile<DemandKind>.own(p.demandId, w.read)
            let count = try w.db.run(
                "DELETE FROM survey_response WHERE survey_id = ? AND demand_id = ?", p.id, p.demandId)
            w.audit(subject: p.id.description, reason: p.demandId.description)
            return Retracted(isRetracted: count > 0)
        },
        .query(
            "matching.surveys.responses",
            Bilingual(ko: "응답 목록을 조회한다(자기 기관 것, 운영자는 모두)", en: "Lists answers: one's own, to operators all")
        ) { (p: List, r: Read) throws -> Page<SurveyResponse> in
            var listing = Listing("SELECT * FROM survey_response")
            listing.add("survey_id = ?", p.id)
            listing.add("organisation_id = ?", p.organisationId)
            if !r.call.actsForOthers {
                listing.add(
                    "organisation_id IN (SELECT organisation_id FROM representative WHERE principal = ?)",
                    r.call.principal)
            }
            return try listing.page(
                in: r.db, by: "demand_id", after: p.after, limit: p.limit, cursor: \.demandId.description,
                item: SurveyResponse.init)
        },
    ]

    /// What a demand answers to campaigns that are not closed becomes the answer of the one into which it was merged,
    /// where that has none of its own.
    static func move(from dropped: String, to kept: String, _ organisation: OrganisationID, _ w: Write) throws {
        try w.db.run(
            """
            UPDATE survey_response SET demand_id = ?, organisation_id = ? WHERE demand_id = ?
                AND survey_id IN (SELECT id FROM survey WHERE closes_at > ?)
                AND survey_id NOT IN (SELECT survey_id FROM survey_response WHERE demand_id = ?)
            """, kept, organisation, dropped, w.now, kept)
    }

    /// Makes a demand an answer, or replaces its answers.
    static func respond(_ id: SurveyID, _ demand: Profile<DemandKind>, _ answers: JSON.Members, _ w: Write) throws
        -> Responded
    {
        let survey = try Survey.find(id, w.db, w.now)
        try survey.require([.open])
        try Representation.require(demand.organisationId, w.db, w.call)
        try demand.requireNotMerged()
        let faults = survey.faults(in: answers)
        guard faults.isEmpty else { throw FieldErrors(faults) }
        try w.db.run(
            """
            INSERT INTO survey_response (survey_id, demand_id, organisation_id, answers, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (survey_id, demand_id) DO UPDATE SET answers = excluded.answers,
                organisation_id = excluded.organisation_id, updated_at = excluded.updated_at
            """, id, demand.id, demand.organisationId, JSON.object(answers).text, w.now, w.now)
        w.audit(subject: id.description, reason: demand.id.description)
        try w.emit(
            "matching.survey.answered", subject: id.description,
            ["surveyId": id.description, "demandId": demand.id.description])
        let row = try w.db.row("SELECT * FROM survey_response WHERE survey_id = ? AND demand_id = ?", id, demand.id)
        guard let row else { throw Fault.notFound(kind: "response", id: demand.id.description) }
        return Responded(
            response: try SurveyResponse(row), demand: demand, isOutsideTarget: survey.isOutside(demand))
    }
}
