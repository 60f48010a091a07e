import JSON

extension Weights {
    /// What the circumstances count. Their values lie in -1...1 and are 0 where nothing is known, so that a weight is
    /// also the most that a circumstance can move one side's logit.
    struct Circumstances: Codable, Sendable, Hashable {
        /// Judgement: nearness is weak evidence (Mukherji and Silberman 2021), and the region counts already.
        var cluster: Double
        /// Judgement: who has no room cannot follow up, and follow-up decides (Min and Kim 2014).
        var capacity: Double
        /// Judgement.
        var validity: Double
        /// Half of the association found (C:657-668: odds ratios 4.96 and 3.48 of 321 firms, no cause shown).
        var firm: Double
        /// Min and Kim 2014, Min, Vonortas and Kim 2019, Min, Kim and Vonortas 2020: earlier partnership matters.
        var partners: Double
        /// Judgement: what is seen here, smoothed.
        var outcomes: Double
        /// 0: the institute's past transfers do not matter (Min and Kim 2014).
        var record: Double
        /// Judgement: the bound of what answers change.
        var feedback: Double
        /// Judgement: small against text (4.5), so that equals change places and a much better one stays. 0 turns the
        /// cap off.
        var exposure: Double

        static let standard = Circumstances(
            cluster: 0.2, capacity: 0.4, validity: 0.4, firm: 0.5, partners: 0.8, outcomes: 0.6, record: 0,
            feedback: 0.3, exposure: 0.6)

        /// For versions that were kept before there were circumstances.
        static let none = Circumstances(
            cluster: 0, capacity: 0, validity: 0, firm: 0, partners: 0, outcomes: 0, record: 0, feedback: 0,
            exposure: 0)

        func weight(of component: Component) -> Double {
            switch component {
            case .cluster: cluster
            case .capacity: capacity
            case .validity: validity
            case .firm: firm
            case .partners: partners
            case .outcomes: outcomes
            case .record: record
            case .feedback: feedback
            case .exposure: exposure
            case .base, .text, .field, .industry, .trl, .region, .partnership, .reciprocity: 0
            }
        }
    }
}

extension Weights.Circumstances: Constrained {
    static let constraints: [String: Schema.Constraint] = [
        "cluster": .between(0...5), "capacity": .between(0...5), "validity": .between(0...5),
        "firm": .between(0...5), "partners": .between(0...5), "outcomes": .between(0...5),
        "record": .between(0...5), "feedback": .between(0...0.3), "exposure": .between(0...2),
    ]
}
