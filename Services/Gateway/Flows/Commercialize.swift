import JSON
import Vocabulary

/// The main job of the exchange: one need becomes one transaction over all services.
enum Commercialize {
    static let definition = FlowDefinition(
        name: "commercialize",
        title: Bilingual(
            ko: "수요를 기술·실증·인력·투자와 한 번에 맺는다",
            en: "Joins a need with a technology, a testbed slot, a specialist and a co-investment in one transaction"),
        input: .of(Input.self), rules: rules, lead: lead, holds: holds)

    struct Input: Codable, Sendable, Constrained {
        let demandId: DemandID
        /// Left out, the best recommendation is taken.
        let technologyId: TechnologyID?
        let reservation: Reservation?
        let engagement: Engagement?
        let coinvestment: Coinvestment?
        /// How long a hold lasts before it runs out by itself.
        let holdSeconds: Int64?
        /// How long to wait for both sides to agree.
        let agreementTimeoutSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "holdSeconds": .range(10...86_400), "agreementTimeoutSeconds": .range(1...2_592_000),
        ]
    }

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

    private static let technology: JSON = ["from": ["/input/technologyId", "/results/recommend/items/0/id"]]

    private static let lead = [
        FlowStep(
            name: "demand", title: Bilingual(ko: "수요를 확인한다", en: "Reads the demand"), kind: .action,
            method: "matching.demands.get", parameters: ["id": ["from": ["/input/demandId"]]]),
        FlowStep(
            name: "recommend", title: Bilingual(ko: "기술을 추천받는다", en: "Asks for the best technology"), kind: .action,
            method: "matching.recommend", parameters: ["demandId": ["from": ["/input/demandId"]], "limit": 5],
            condition: .absent("/input/technologyId"), requires: "/items/0/id"),
        FlowStep(
            name: "propose", title: Bilingual(ko: "수요 쪽의 관심을 전한다", en: "Proposes the deal for the demand side"),
            kind: .action, method: "matching.deals.propose",
            parameters: [
                "demandId": ["from": ["/input/demandId"]], "technologyId": technology, "side": "demand",
            ], requires: "/id"),
        FlowStep(
            name: "agreement", title: Bilingual(ko: "양쪽의 합의를 기다린다", en: "Waits for both sides to agree"),
            kind: .await, method: "matching.deals.get", parameters: ["id": ["from": ["/results/propose/id"]]],
            until: FlowStep.Until(
                pointer: "/state", reached: ["agreed"], pending: ["interest"], poll: .seconds(1) ... .seconds(15),
                wokenBy: "ieum.matching.deal.",
                patiencePointer: "/input/agreementTimeoutSeconds", defaultPatienceSeconds: 86_400)),
    ]

    private static let holds = [
        FlowDefinition.Hold(
            name: "technology", title: Bilingual(ko: "기술", en: "technology"), resource: "matching.technologies",
            parameters: [
                "technologyId": technology, "demandId": ["from": ["/input/demandId"]],
                "dealId": ["from": ["/results/propose/id"]],
            ]),
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
