public import JSON

/// Industries of the Daejeon plan. Four are the city's core strategic industries (P:237-238); three more are named as
/// strategic industries of the city beside them, "and others" (P:1440); the rest are the subjects of details 1-2-2,
/// 1-3-1 and 1-3-2, which the plan promotes without calling them strategic.
public enum StrategicIndustry: String, Codable, CaseIterable, Sendable, Named {
    case nanoSemiconductor = "nano-semiconductor"
    case bioHealth = "bio-health"
    case defence = "defence"
    case space = "space"
    case nextGenerationWireless = "next-generation-wireless"
    case renewableEnergy = "renewable-energy"
    case intelligentRobots = "intelligent-robots"
    case ictAI = "ict-ai"
    case researchEquipment = "research-equipment"
    case traditionalManufacturing = "traditional-manufacturing"

    public enum Standing: String, Codable, CaseIterable, Sendable {
        /// One of the four core strategic industries (P:237-238).
        case core
        /// Named in the longer list of P:1440.
        case named
        /// Promoted by a detail of tasks 1-2 and 1-3.
        case supported
    }

    public var standing: Standing {
        switch self {
        case .nanoSemiconductor, .bioHealth, .defence, .space: .core
        case .nextGenerationWireless, .renewableEnergy, .intelligentRobots: .named
        case .ictAI, .researchEquipment, .traditionalManufacturing: .supported
        }
    }

    /// Where the plan names it: document letter and line.
    public var source: String {
        switch self {
        case .nanoSemiconductor, .bioHealth, .defence, .space: "P:238"
        case .nextGenerationWireless, .renewableEnergy, .intelligentRobots: "P:1440"
        case .ictAI: "P:2426"
        case .researchEquipment: "P:2427"
        case .traditionalManufacturing: "P:2425"
        }
    }

    public var name: Bilingual {
        switch self {
        case .nanoSemiconductor: Bilingual(ko: "나노·반도체", en: "Nano and semiconductors")
        case .bioHealth: Bilingual(ko: "바이오헬스", en: "Bio-health")
        case .defence: Bilingual(ko: "국방", en: "Defence")
        case .space: Bilingual(ko: "우주", en: "Space")
        case .nextGenerationWireless: Bilingual(ko: "차세대 무선통신", en: "Next-generation wireless")
        case .renewableEnergy: Bilingual(ko: "신재생에너지", en: "New and renewable energy")
        case .intelligentRobots: Bilingual(ko: "지능형 로봇", en: "Intelligent robots")
        case .ictAI: Bilingual(ko: "첨단 ICT·AI", en: "Advanced ICT and AI")
        case .researchEquipment: Bilingual(ko: "연구장비·서비스", en: "Research equipment and services")
        case .traditionalManufacturing: Bilingual(ko: "전통제조", en: "Traditional manufacturing")
        }
    }
}
