import JSON
import Vocabulary

/// The main job of the exchange: one need becomes one transaction over all services.
enum Commercialize {
    static let definition = FlowDefinition(
        name: "commercialize",
        title: Bilingual(
            ko: "수요를 기술·실증·인력·투자와 한 번에 맺는다",
            en: "Joins a need with a technology, a testbed slot, a specialist and a co-investment in one transaction"),
        input: .of(Input.self), rules: rules,
        lead: [
            FlowStep(
                name: "demand", title: Bilingual(ko: "수요를 확인한다", en: "Reads the demand"), kind: .action,
                method: "matching.demands.get", parameters: ["id": ["from": ["/input/demandId"]]],
                keeps: ["id", "state", "title"]),
            FlowParts.recommend, FlowParts.propose,
            FlowParts.agreement(patience: "/input/agreementTimeoutSeconds", seconds: 86_400),
        ], holds: FlowParts.holds)

    struct Input: Codable, Sendable, Constrained {
        let demandId: DemandID
        /// Left out, the best recommendation is taken.
        let technologyId: TechnologyID?
        let reservation: FlowParts.Reservation?
        let engagement: FlowParts.Engagement?
        let coinvestment: FlowParts.Coinvestment?
        /// How long a hold lasts before it runs out by itself.
        let holdSeconds: Int64?
        /// How long to wait for both sides to agree.
        let agreementTimeoutSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "holdSeconds": FlowParts.holdSeconds, "agreementTimeoutSeconds": .range(1...2_592_000),
        ]
    }

    private static let parts = ["reservation", "engagement", "coinvestment"]

    private static func rules(_ input: JSON) -> [FieldError] {
        guard parts.allSatisfy({ (input[$0] ?? .null).isNull }) else { return [] }
        return [
            FieldError(
                "", nil,
                Bilingual(
                    ko: "reservation, engagement, coinvestment 중 하나는 있어야 합니다",
                    en: "at least one of reservation, engagement and coinvestment is needed"))
        ]
    }
}
