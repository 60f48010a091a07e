public import JSON

/// Technology readiness level, 1 to 9, in the nine Korean steps that ministries' R&D programmes use (domain.md 3.1).
///
/// JSON and SQL form: the integer.
public struct TRL: Hashable, Sendable, Comparable, Named {
    public let level: Int

    /// Nil outside 1...9.
    public init?(_ level: Int) {
        guard (1...9).contains(level) else { return nil }
        self.level = level
    }

    private init(step: Int) {
        level = step
    }

    public static let allCases: [TRL] = (1...9).map { TRL(step: $0) }
    public static let lowest = TRL(step: 1)
    public static let highest = TRL(step: 9)

    public static func < (left: TRL, right: TRL) -> Bool { left.level < right.level }

    public var name: Bilingual {
        switch level {
        case 1: Bilingual(ko: "기초 이론·실험", en: "Basic theory and experiment")
        case 2: Bilingual(ko: "개념 정립", en: "Concept formulated")
        case 3: Bilingual(ko: "실험실 성능 검증", en: "Performance proven in the laboratory")
        case 4: Bilingual(ko: "실험실 소재·부품 핵심성능 평가", en: "Core performance of materials and parts in the laboratory")
        case 5: Bilingual(ko: "시작품 제작·성능 평가", en: "Prototype made and evaluated")
        case 6: Bilingual(ko: "파일럿 시작품 제작·평가", en: "Pilot-scale prototype made and evaluated")
        case 7: Bilingual(ko: "신뢰성 평가·수요기업 평가", en: "Reliability and evaluation by a customer")
        case 8: Bilingual(ko: "시제품 인증·표준화", en: "Certified and standardised")
        default: Bilingual(ko: "사업화", en: "In business")
        }
    }

    public var stage: Stage {
        switch level {
        case 1, 2: .basicResearch
        case 3, 4: .experiment
        case 5, 6: .prototype
        case 7, 8: .demonstration
        default: .business
        }
    }

    /// The five stages that the nine steps fall into.
    public enum Stage: String, Codable, CaseIterable, Sendable, Named {
        case basicResearch, experiment, prototype, demonstration, business

        public var name: Bilingual {
            switch self {
            case .basicResearch: Bilingual(ko: "기초연구", en: "basic research")
            case .experiment: Bilingual(ko: "실험", en: "experiment")
            case .prototype: Bilingual(ko: "시작품", en: "prototype")
            case .demonstration: Bilingual(ko: "실용화", en: "demonstration")
            case .business: Bilingual(ko: "사업화", en: "business")
            }
        }
    }
}
