import JSON
import Vocabulary

/// The flagship of convergence research (P:1128-1130): a firm's need is analysed, public technology is matched to it,
/// and both go to a trial.
enum Flagship {
    static let definition = FlowDefinition(
        name: "flagship",
        title: Bilingual(
            ko: "융합연구 플래그십: 기업 수요분석, 공공기술 매칭, 실증사업 연계 (P:1128-1130)",
            en: "Flagship of convergence research: need, public technology, trial (P:1128-1130)"),
        input: .of(Input.self),
        lead: [
            FlowParts.published, FlowParts.recommend, FlowParts.propose,
            FlowParts.agreement(patience: "/input/patienceSeconds", seconds: 90 * 86_400),
        ], holds: FlowParts.holds.filter { $0.name != "coinvestment" })

    struct Input: Codable, Sendable, Constrained {
        let demandId: DemandID
        /// Left out, the best recommendation is taken.
        let technologyId: TechnologyID?
        /// Where the trial takes place; `testbed.demonstrations.plan` takes the posted reservation up.
        let reservation: FlowParts.Reservation
        let engagement: FlowParts.Engagement?
        /// How long a hold lasts before it runs out by itself.
        let holdSeconds: Int64?
        /// How long each step that waits for people may take; 90 days unless given.
        let patienceSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "holdSeconds": FlowParts.holdSeconds, "patienceSeconds": FlowParts.patienceSeconds,
        ]
    }
}
