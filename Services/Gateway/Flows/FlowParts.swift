import JSON
import Vocabulary

/// What several flows have in common: their input, the steps that lead to a deal, the waits for people, and the holds.
///
/// The rule of every flow: people come before holds. What people decide lives in the service that owns it, as the state
/// of a demand, a deal, a platform or a demonstration, and the flow waits for that state for as long as it takes,
/// holding nothing; a restart finds it as it is. Only when the last person has decided, everything scarce is held,
/// for minutes, and posted or voided together.
enum FlowParts {
    struct Reservation: Codable, Sendable, Constrained {
        let resourceId: ResourceID
        let start: Instant
        let end: Instant
        let units: Int64?
        let purpose: String?
        /// The regulatory permit, for a resource that needs one.
        let permitId: PermitID?
        static let constraints: [String: Schema.Constraint] = ["units": .range(1...1_000_000)]
    }

    struct Engagement: Codable, Sendable, Constrained {
        let personId: PersonID
        let postingId: String?
        let start: Day
        let end: Day
        /// Per cent of full time.
        let share: Int64
        static let constraints: [String: Schema.Constraint] = ["share": .range(1...100)]
    }

    struct Coinvestment: Codable, Sendable {
        let caseId: CaseID
        /// Left out, what the committee approved.
        let amount: Won?
    }

    static let holdSeconds = Schema.Constraint.range(10...86_400)
    /// Up to two years for each step that waits for people.
    static let patienceSeconds = Schema.Constraint.range(1...63_072_000)

    static let technology: JSON = ["from": ["/input/technologyId", "/results/recommend/items/0/id"]]

    // MARK: What leads to a deal

    static let recommend = FlowStep(
        name: "recommend", title: Bilingual(ko: "기술을 추천받는다", en: "Asks for the best technology"), kind: .action,
        method: "matching.recommend", parameters: ["demandId": ["from": ["/input/demandId"]], "limit": 5],
        condition: .absent("/input/technologyId"), requires: "/items/0/id")

    static let propose = FlowStep(
        name: "propose", title: Bilingual(ko: "수요 쪽의 관심을 전한다", en: "Proposes the deal for the demand side"),
        kind: .action, method: "matching.deals.propose",
        parameters: ["demandId": ["from": ["/input/demandId"]], "technologyId": technology, "side": "demand"],
        requires: "/id")

    static func agreement(patience: String, seconds: Int64) -> FlowStep {
        FlowStep(
            name: "agreement", title: Bilingual(ko: "양쪽의 합의를 기다린다", en: "Waits for both sides to agree"),
            kind: .await, method: "matching.deals.get", parameters: ["id": ["from": ["/results/propose/id"]]],
            keeps: ["id", "state", "stage"],
            until: FlowStep.Until(
                pointer: "/state", reached: ["agreed", "committed"], pending: ["interest"],
                poll: .seconds(1) ... .seconds(15),
                wokenBy: "ieum.matching.deal.", patiencePointer: patience, defaultPatienceSeconds: seconds))
    }

    // MARK: Waits for people

    /// What a demand may be until it is published: its organisation writes it, the agency reviews it.
    static let published = waiting(
        "demand", Bilingual(ko: "수요가 공개되기를 기다린다", en: "Waits for the demand to be published"),
        "matching.demands.get", id: "/input/demandId", for: "/state", reached: ["published"],
        pending: ["draft", "submitted", "onHold"], wokenBy: "ieum.matching.demand.")

    /// Waits until the deal has come to one of the stages. One that was declined keeps its stage, so its state is
    /// looked at first.
    static func stage(_ name: String, _ title: Bilingual, reached: Set<String>) -> FlowStep {
        var step = waiting(
            name, title, "matching.deals.get", id: "/results/propose/id", for: "/stage", reached: reached,
            pending: Set(stages.prefix { !reached.contains($0) }), wokenBy: "ieum.matching.deal.")
        step.until?.over = FlowStep.Until.Over(pointer: "/state", values: ["declined", "withdrawn"])
        return step
    }

    /// As `matching.deals.get` names them, in their order.
    static let stages = ["interest", "nda", "consulting", "valuation", "negotiation", "contract", "followUp"]

    /// The stages after this one.
    static func stages(after stage: String) -> Set<String> {
        Set(stages.drop { $0 != stage }.dropFirst())
    }

    static func waiting(
        _ name: String, _ title: Bilingual, _ method: String, id: String, for pointer: String,
        reached: Set<String>, pending: Set<String>, wokenBy: String, condition: FlowStep.Condition = .always
    ) -> FlowStep {
        FlowStep(
            name: name, title: title, kind: .await, method: method, parameters: ["id": ["from": [.string(id)]]],
            condition: condition, keeps: ["id", "state", "stage", "unfilled", "outcome"],
            until: FlowStep.Until(
                pointer: pointer, reached: reached, pending: pending, poll: .seconds(2) ... .seconds(300),
                wokenBy: wokenBy, patiencePointer: "/input/patienceSeconds",
                defaultPatienceSeconds: 90 * 86_400))
    }

    // MARK: Holds

    static let holds = [
        FlowDefinition.Hold(
            name: "technology", title: Bilingual(ko: "기술", en: "technology"), resource: "matching.technologies",
            parameters: [
                "technologyId": technology, "demandId": ["from": ["/input/demandId"]],
                "dealId": ["from": ["/results/propose/id"]],
            ],
            // Both sides signed before the flow came to it: the contract has transferred the technology already.
            needless: ["deal.signed"]),
        FlowDefinition.Hold(
            name: "reservation", title: Bilingual(ko: "실증 시간", en: "testbed slot"), resource: "testbed.reservations",
            parameters: part("reservation", ["resourceId", "start", "end", "units", "purpose", "permitId"]),
            condition: .present("/input/reservation")),
        FlowDefinition.Hold(
            name: "engagement", title: Bilingual(ko: "전문인력", en: "specialist"), resource: "talent.engagements",
            parameters: part("engagement", ["personId", "postingId", "start", "end", "share"]),
            condition: .present("/input/engagement")),
        FlowDefinition.Hold(
            name: "coinvestment", title: Bilingual(ko: "공동투자", en: "co-investment"), resource: "fund.coinvestments",
            parameters: part("coinvestment", ["caseId", "amount"]), condition: .present("/input/coinvestment")),
    ]

    /// Parameters that have the names of the input's members.
    private static func part(_ part: String, _ names: [String]) -> JSON {
        .object(
            JSON.Members(
                uniqueKeysWithValues: names.map { ($0, ["from": [.string("/input/\(part)/\($0)")]]) }))
    }
}
