import JSON
import Vocabulary

/// The seven steps of the analysis science platform (C:346-355), the one workflow of the documents that goes through
/// matching, testbed and talent: a problem nobody has solved meets the techniques, machines and people of a region.
enum AnalysisPlatform {
    static let definition = FlowDefinition(
        name: "analysis",
        title: Bilingual(
            ko: "미해결 문제를 분석기술·장비·인력과 맺는 분석과학플랫폼 7단계 (C:346-355)",
            en: "Seven steps that join an unsolved problem with analysis technology, equipment and people (C:346-355)"),
        input: .of(Input.self), lead: lead, holds: FlowParts.holds)

    struct Input: Codable, Sendable, Constrained {
        /// The problem, as a demand (step 1).
        let demandId: DemandID
        /// Left out, the best recommendation is taken (step 2).
        let technologyId: TechnologyID?
        /// Words by which equipment is looked for (step 2).
        let equipment: String?
        /// The consortium, as a platform whose needed roles must be filled (step 3).
        let platformId: ID<PlatformKind>?
        /// Whom to look for (step 4): people are recommended for this posting.
        let postingId: ID<PostingKind>?
        /// The trial of the improved technique or instrument that must have finished (step 6).
        let demonstrationId: ID<DemonstrationKind>?
        let reservation: FlowParts.Reservation?
        let engagement: FlowParts.Engagement?
        /// The budget (step 7). Tests and certification stand on the platform as second complementors, the permit in
        /// `reservation.permitId`.
        let coinvestment: FlowParts.Coinvestment?
        /// How long a hold lasts before it runs out by itself.
        let holdSeconds: Int64?
        /// How long each step that waits for people may take; 90 days unless given.
        let patienceSeconds: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "equipment": .length(1...100), "holdSeconds": FlowParts.holdSeconds,
            "patienceSeconds": FlowParts.patienceSeconds,
        ]
    }

    enum PlatformKind: IDKind { static let prefix = "plt" }
    enum PostingKind: IDKind { static let prefix = "pst" }
    enum DemonstrationKind: IDKind { static let prefix = "dmo" }

    private static let lead = [
        numbered(1, FlowParts.published),
        numbered(
            2,
            FlowStep(
                name: "infrastructure", title: Bilingual(ko: "분석 장비를 찾는다", en: "Looks for equipment"),
                kind: .action, method: "testbed.resources.search",
                parameters: ["text": ["from": ["/input/equipment"]], "limit": 5],
                condition: .present("/input/equipment"))),
        numbered(2, FlowParts.recommend),
        numbered(
            3,
            FlowParts.waiting(
                "consortium", Bilingual(ko: "협의체의 역할이 채워지기를 기다린다", en: "Waits until the consortium's roles are filled"),
                "matching.platforms.get", id: "/input/platformId", for: "/state", reached: ["complete"],
                pending: ["forming"], wokenBy: "ieum.matching.platform.", condition: .present("/input/platformId"))),
        numbered(4, FlowParts.propose),
        numbered(4, FlowParts.agreement(patience: "/input/patienceSeconds", seconds: 90 * 86_400)),
        numbered(
            4,
            FlowStep(
                name: "people", title: Bilingual(ko: "전문인력을 추천받는다", en: "Asks for people"), kind: .action,
                method: "talent.recommend", parameters: ["postingId": ["from": ["/input/postingId"]], "limit": 5],
                condition: .present("/input/postingId"))),
        numbered(
            5,
            FlowParts.stage(
                "consulting", Bilingual(ko: "상담·지도·컨설팅이 끝나기를 기다린다", en: "Waits for advice and consulting"),
                reached: FlowParts.stages(after: "consulting").subtracting(["followUp"]))),
        numbered(
            6,
            FlowParts.waiting(
                "improvement", Bilingual(ko: "기법·기기 개선의 실증이 끝나기를 기다린다", en: "Waits for the trial of what was improved"),
                "testbed.demonstrations.get", id: "/input/demonstrationId", for: "/state", reached: ["finished"],
                pending: ["created", "planned", "running"], wokenBy: "ieum.testbed.demonstration.",
                condition: .present("/input/demonstrationId"))),
    ]

    private static func numbered(_ number: Int, _ step: FlowStep) -> FlowStep {
        var step = step
        step.title = Bilingual(ko: "(\(number)) \(step.title.ko)", en: "(\(number)) \(step.title.en)")
        return step
    }
}
