import JSON
import Vocabulary

/// How technology can pass from one to another: the forms that the Technology Transfer Act lists (C:435-450).
enum Partnership: String, Codable, CaseIterable, Sendable, Named {
    case assignment, licence, guidance, jointResearch, jointVenture, merger

    var name: Bilingual {
        switch self {
        case .assignment: Bilingual(ko: "양도", en: "assignment")
        case .licence: Bilingual(ko: "실시권", en: "licence")
        case .guidance: Bilingual(ko: "기술지도", en: "technical guidance")
        case .jointResearch: Bilingual(ko: "공동연구", en: "joint research")
        case .jointVenture: Bilingual(ko: "합작투자", en: "joint venture")
        case .merger: Bilingual(ko: "인수·합병", en: "merger or acquisition")
        }
    }
}

/// The two sides of an exchange.
enum Side: String, Codable, CaseIterable, Sendable, Named {
    case demand, supply

    var other: Side { self == .demand ? .supply : .demand }

    var name: Bilingual {
        switch self {
        case .demand: Bilingual(ko: "수요 측", en: "the demand side")
        case .supply: Bilingual(ko: "공급 측", en: "the supply side")
        }
    }
}
