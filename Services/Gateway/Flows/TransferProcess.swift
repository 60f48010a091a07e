import JSON
import Vocabulary

/// The ministry's process of technology transfer (C:507): technology and firms found, business model, valuation,
/// marketing, and R&D in the laboratory or R&BD in the firm.
///
/// The steps in between are the stages of the deal, where people do them (`matching.deals.consult`, `value`, `offer` …);
/// the flow waits for each. When terms are agreed it holds the technology with what the further development needs, and
/// posting the technology makes these terms the contract. Where both sides sign before that, the contract has transferred
/// the technology, and the flow holds and posts the rest.
enum TransferProcess {
    static let definition = FlowDefinition(
        name: "transfer",
        title: Bilingual(
            ko: "기술·수요기업 발굴에서 BM, 가치평가, 기술마케팅, R&D·R&BD까지 (C:507)",
            en: "From finding technology and firms over business model, valuation and marketing to R&D and R&BD (C:507)"
        ),
        input: .of(Input.self),
        lead: [
            FlowParts.published, FlowParts.recommend, FlowParts.propose,
            FlowParts.agreement(patience: "/input/patienceSeconds", seconds: 90 * 86_400),
            FlowParts.stage(
                "businessModel",
                Bilingual(ko: "BM 개발 컨설팅이 끝나기를 기다린다", en: "Waits for the consulting on the business model"),
                reached: FlowParts.stages(after: "consulting")),
            FlowParts.stage(
                "valuation", Bilingual(ko: "기술가치평가를 기다린다", en: "Waits for the valuation"),
                reached: FlowParts.stages(after: "valuation")),
            FlowParts.stage(
                "marketing", Bilingual(ko: "기술마케팅과 조건 합의를 기다린다", en: "Waits for marketing and agreed terms"),
                reached: FlowParts.stages(after: "negotiation")),
        ], holds: FlowParts.holds)

    struct Input: Codable, Sendable, Constrained {
        let demandId: DemandID
        /// Left out, the best recommendation is taken.
        let technologyId: TechnologyID?
        /// R&D: the laboratory in which it is developed further.
        let reservation: FlowParts.Reservation?
        let engagement: FlowParts.Engagement?
        /// R&BD: the money with which the firm brings it to the market.
        let coinvestment: FlowParts.Coinvestment?
        /// How long a hold lasts before it runs out by itself.
        let holdSeconds: Int64?
        /// How long each step that waits for people may take; 90 days unless given.
        let patienceSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "holdSeconds": FlowParts.holdSeconds, "patienceSeconds": FlowParts.patienceSeconds,
        ]
    }
}
