import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.surveys.results`: what a campaign brought, for its planner.
enum SurveyResults {
    struct Ask: Codable, Sendable, Constrained {
        let id: SurveyID
        /// From this score on a technology counts as a match (default 0.5, as in `matching.gaps`).
        let threshold: Double?
        static let constraints: [String: Schema.Constraint] = ["threshold": .between(0...1)]
    }

    /// How many demands have a property, and for how many of them there is supply. A demand with several counts for each.
    struct Count: Codable, Sendable {
        /// A code; absent for the demands that do not say.
        let key: String?
        let name: Bilingual
        var demands = 0
        var matched = 0
        var unmatched = 0
    }

    struct Answers: Codable, Sendable {
        let key: String
        let ko: String
        let answered: Int
        let unanswered: Int
        /// Of a choice or a yes-no question: how often each answer was given.
        let counts: [String: Int]
    }

    struct Member: Codable, Sendable {
        let demandId: DemandID
        let title: String
        let organisationId: OrganisationID
        let isMatched: Bool
        /// The best that there is; absent when nothing shares a word.
        let bestTechnologyId: TechnologyID?
        let bestScore: Double?
    }

    struct Programme: Codable, Sendable {
        /// What most of the members name.
        let words: [String]
        let fields: [ScienceField]
        let industries: [StrategicIndustry]
        let organisations: Int
        /// Of the stages that are named.
        let trlFrom: TRL?
        let trlTo: TRL?
        let matched: Int
        let unmatched: Int
        /// On average, 0...1.
        let similarity: Double
        let members: [Member]
        let suggestion: Bilingual
    }

    struct Answer: Codable, Sendable {
        let surveyId: SurveyID
        let state: SurveyState
        let responses: Int
        /// Answers whose demand was withdrawn before the close: not counted further.
        let withdrawn: Int
        let organisations: Int
        let outsideTarget: Int
        let invited: Int
        let invitedThatAnswered: Int
        /// Of those that were invited; absent when nobody was, since then it is not known.
        let responseRate: Double?
        let threshold: Double
        let matched: Int
        let unmatched: Int
        let byField: [Count]
        let byIndustry: [Count]
        let byRegion: [Count]
        let byTRL: [Count]
        let answers: [Answers]
        let programmes: [Programme]
        /// How many demands were looked at, of the first in order of identifiers; the rest is not known.
        let examined: Int
        /// What was counted: the demands as they were then.
        let asOf: Instant
        let weightsVersion: Int
    }

    static func methods(_ catalogue: Catalogue) -> [Method] {
        [
            .query(
                "matching.surveys.results",
                Bilingual(
                    ko: "수요조사의 집계와 상향식 프로그램 제안을 조회한다", en: "Counts what a survey brought and proposes programmes"),
                role: .operator
            ) { (p: Ask, r: Read) throws -> Answer in try results(p, catalogue, r) }
        ]
    }

    private static func results(_ p: Ask, _ catalogue: Catalogue, _ r: Read) throws -> Answer {
        let survey = try Survey.find(p.id, r.db, r.now)
        let asOf = min(r.now, survey.closesAt)
        let responses = try r.db.rows(
            "SELECT * FROM survey_response WHERE survey_id = ? ORDER BY demand_id LIMIT ?", p.id,
            ProgrammeProposals.limit
        ).map(SurveyResponse.init)
        let all = try responses.compactMap { try demand($0.demandId, at: asOf, r.db) }
        let demands = all.filter { $0.state != .withdrawn }.map { ProgrammeProposals.Demand($0, catalogue.tokeniser) }
        let counted = Set(demands.map(\.profile.id))
        let threshold = p.threshold ?? 0.5
        let assessor = try Assessor(catalogue, r.db, at: r.now)
        let members = try demands.map { try member($0.profile, threshold, assessor, r) }
        let pairs = Array(zip(demands.map(\.profile), members))
        let matched = members.count(where: \.isMatched)
        let total = try count("SELECT COUNT(*) AS count FROM survey_response WHERE survey_id = ?", p.id, r.db)
        let invited = try count("SELECT COUNT(*) AS count FROM survey_invitation WHERE survey_id = ?", p.id, r.db)
        let answered = try count(
            """
            SELECT COUNT(*) AS count FROM survey_invitation WHERE survey_id = ? AND organisation_id IN
                (SELECT organisation_id FROM survey_response WHERE survey_id = survey_invitation.survey_id)
            """, p.id, r.db)
        return Answer(
            surveyId: p.id, state: survey.state, responses: total, withdrawn: all.count - demands.count,
            organisations: try count(
                "SELECT COUNT(DISTINCT organisation_id) AS count FROM survey_response WHERE survey_id = ?", p.id, r.db),
            outsideTarget: demands.count { survey.isOutside($0.profile) }, invited: invited,
            invitedThatAnswered: answered,
            responseRate: invited > 0 ? (Double(answered) / Double(invited) * 1_000).rounded() / 1_000 : nil,
            threshold: threshold, matched: matched, unmatched: members.count - matched,
            byField: counts(pairs) { $0.fields.map { ($0.rawValue, $0.name) } },
            byIndustry: counts(pairs) { $0.industries.map { ($0.rawValue, $0.name) } },
            byRegion: counts(pairs) { $0.region.map { [($0.rawValue, $0.name)] } ?? [] },
            byTRL: counts(pairs) { demand in
                demand.trl.map { [("\($0.level)", Bilingual(ko: "TRL \($0.level)", en: "TRL \($0.level)"))] } ?? []
            }, answers: tallies(survey, responses.filter { counted.contains($0.demandId) }),
            programmes: programmes(demands, members),
            examined: responses.count, asOf: asOf, weightsVersion: assessor.weightsVersion)
    }

    private static func count(_ sql: String, _ id: SurveyID, _ db: Connection) throws -> Int {
        try db.row(sql, id)?.get("count") ?? 0
    }

    /// A demand as it was at a moment: what happened after the close changes no result.
    private static func demand(_ id: DemandID, at moment: Instant, _ db: Connection) throws -> Profile<DemandKind>? {
        try db.row(
            "SELECT content FROM profile_history WHERE profile_id = ? AND at <= ? ORDER BY step DESC LIMIT 1", id,
            moment
        ).map { try Profile(history: JSON(parsing: $0.get("content") as String)) }
    }

    private static func member(
        _ demand: Profile<DemandKind>, _ threshold: Double, _ assessor: Assessor, _ r: Read
    ) throws -> Member {
        let prepared = assessor.prepare(demand)
        let best = try Recommendations.technologies(
            for: prepared, limit: 1, MatchFilters(includeHeld: true), assessor, r.db, r.now
        ).first
        let score = best.map { Score.sigmoid(assessor.logit(prepared, $0)) }
        return Member(
            demandId: demand.id, title: demand.title, organisationId: demand.organisationId,
            isMatched: score.map { $0 >= threshold } ?? false, bestTechnologyId: best?.profile.id, bestScore: score)
    }

    private static func counts(
        _ pairs: [(Profile<DemandKind>, Member)], _ keys: (Profile<DemandKind>) -> [(String, Bilingual)]
    ) -> [Count] {
        var counts: [String: Count] = [:]
        for (demand, member) in pairs {
            let found = keys(demand)
            let unknown = ("", Bilingual(ko: "모름", en: "not said"))
            for (key, name) in found.isEmpty ? [unknown] : found {
                var count = counts[key] ?? Count(key: key.isEmpty ? nil : key, name: name)
                count.demands += 1
                if member.isMatched { count.matched += 1 } else { count.unmatched += 1 }
                counts[key] = count
            }
        }
        return counts.values.sorted { ($1.demands, $0.key ?? "~") < ($0.demands, $1.key ?? "~") }
    }

    private static func tallies(_ survey: Survey, _ responses: [SurveyResponse]) -> [Answers] {
        survey.questions.map { question in
            let given = responses.compactMap { $0.answers[question.key] }.filter { $0 != .null }
            var counts: [String: Int] = [:]
            if question.kind == .choice || question.kind == .yesNo {
                for answer in given { counts[answer.string ?? answer.text, default: 0] += 1 }
            }
            return Answers(
                key: question.key, ko: question.ko, answered: given.count, unanswered: responses.count - given.count,
                counts: counts)
        }
    }

    private static func programmes(_ demands: [ProgrammeProposals.Demand], _ members: [Member]) -> [Programme] {
        ProgrammeProposals.groups(demands).map { group in
            let own = group.members.map { demands[$0] }
            let listed = group.members.map { members[$0] }
            let matched = listed.count(where: \.isMatched)
            let levels = own.compactMap(\.profile.trl)
            return Programme(
                words: ProgrammeProposals.words(own, among: demands), fields: common(own.map(\.profile.fields)),
                industries: common(own.map(\.profile.industries)),
                organisations: Set(listed.map(\.organisationId)).count, trlFrom: levels.min { $0.level < $1.level },
                trlTo: levels.max { $0.level < $1.level }, matched: matched, unmatched: listed.count - matched,
                similarity: (group.similarity * 1_000).rounded() / 1_000, members: listed,
                suggestion: suggestion(matched, of: listed.count))
        }
    }

    /// What at least half of the members name.
    private static func common<T: Hashable & RawRepresentable<String>>(_ lists: [[T]]) -> [T] {
        var counts: [T: Int] = [:]
        for list in lists { for item in Set(list) { counts[item, default: 0] += 1 } }
        return counts.filter { $0.value * 2 >= lists.count }.keys.sorted { $0.rawValue < $1.rawValue }
    }

    private static func suggestion(_ matched: Int, of count: Int) -> Bilingual {
        if matched == count {
            return Bilingual(
                ko: "모두 공급 기술이 있다: 기술이전·후속 실증 프로그램", en: "All have supply: a programme of transfer and demonstration")
        }
        if matched == 0 {
            return Bilingual(ko: "공급 기술이 없다: 신규 연구개발 기획", en: "None has supply: new research is to be planned")
        }
        return Bilingual(
            ko: "\(count)건 가운데 \(matched)건은 이전, \(count - matched)건은 연구개발",
            en: "\(matched) of \(count) by transfer, the rest by research")
    }
}
