import JSON
import ServiceKit
import Storage
import Vocabulary

/// Scores of an event's pairs from the recommendation: the joint score of demand and technology in millionths.
enum EventScores {
    static let pairLimit = 20_000

    static func scores(of event: AssignmentEvent, _ catalogue: Catalogue, _ w: Write) throws
        -> [AssignmentProblem.PairScore]
    {
        let applicants = try event.participants(.applicants, w.db)
        let hosts = try event.participants(.hosts, w.db)
        guard applicants.count * hosts.count <= pairLimit else {
            throw Fault.failedPrecondition(
                rule: "event.tooManyPairs",
                Bilingual(
                    ko: "쌍이 \(pairLimit)개를 넘습니다. matching.events.setScores로 점수를 직접 주세요.",
                    en: "There are more than \(pairLimit) pairs. Give scores by matching.events.setScores."))
        }
        let assessor = try Assessor(catalogue, w.db, isCommitted: false, at: w.now)
        let all = applicants + hosts
        let demands = try Profile<DemandKind>.find(all.compactMap(\.demandId), w.db).mapValues(assessor.prepare)
        let technologies = try Profile<TechnologyKind>.find(all.compactMap(\.technologyId), w.db)
            .mapValues(assessor.prepare)
        var scores: [AssignmentProblem.PairScore] = []
        for (place, applicant) in applicants.enumerated() {
            try w.call.mustGoOn()
            for host in hosts {
                guard let demand = (applicant.demandId ?? host.demandId).flatMap({ demands[$0] }),
                    let technology = (applicant.technologyId ?? host.technologyId).flatMap({ technologies[$0] })
                else { continue }
                let value = Score.sigmoid(assessor.logit(demand, technology))
                let score = max(1, Int((value * 1_000_000).rounded()))
                scores.append(.init(applicant: applicant.id, host: host.id, score: score))
            }
            w.call.progress(
                Int64(place + 1), of: Int64(applicants.count), Bilingual(ko: "참가자의 쌍을 채점한다", en: "scoring the pairs"))
        }
        guard !scores.isEmpty else {
            throw Fault.failedPrecondition(
                rule: "event.noProfiles",
                Bilingual(
                    ko: "한쪽에 demandId, 다른 쪽에 technologyId가 있는 참가자가 없습니다.",
                    en: "No pair has a demandId on one side and a technologyId on the other."))
        }
        return scores
    }
}
