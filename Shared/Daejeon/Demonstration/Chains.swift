import JSON
import Vocabulary

extension Daejeon {
    /// Items that the plan names, as value chains. The documents name the items alone: at which stage they stand, what
    /// goes into what and which (invented) firm is on them was put together here, so all of it is synthetic. No firm is
    /// classed as growing or to leap again, since the plan announces the classes (P:1419) and classes nobody.
    static let chainCalls: [SeedCall] =
        [
            item(
                "itm-chip-materials", .nanoSemiconductor, "material", "반도체 소재·부품", "Chip materials and parts", "P:561"),
            item("itm-nano-process", .nanoSemiconductor, "process", "나노 공정", "Nano process", "P:2112"),
            item("itm-ddi", .nanoSemiconductor, "product", "디스플레이 구동칩(DDI)", "Display driver chips", "P:566"),
            item("itm-satellite-bus", .space, "product", "초소형위성", "Very small satellites", "P:753"),
            item("itm-space-proof", .space, "process", "우주 제품·기술 인증", "Certification of space products", "P:733"),
            item("itm-satellite-images", .space, "service", "위성영상 활용 서비스", "Services on satellite images", "P:731"),
        ]
        + [
            edge("itm-chip-materials", "itm-nano-process"), edge("itm-nano-process", "itm-ddi"),
            edge("itm-space-proof", "itm-satellite-bus"), edge("itm-satellite-bus", "itm-satellite-images"),
        ]
        + [
            place("itm-chip-materials", "moraetal-parts"), place("itm-nano-process", "nnfc"),
            place("itm-ddi", "silgaram-ddi"), place("itm-satellite-bus", "byeolmaru-space"),
            place("itm-space-proof", "kriss"), place("itm-satellite-images", "satlight"),
        ]

    /// The platform of C:289-293 with its five roles. The slides name groups, not organisations: who has which role
    /// here is synthetic, and two roles are left unfilled, so that a gap can be seen.
    static let platformCalls: [SeedCall] =
        [
            SeedCall(
                "plt-analysis", "matching.platforms.create",
                [
                    "nameKo": "분석과학플랫폼", "nameEn": "Analysis science platform", "industry": "research-equipment",
                    "purpose": "수요 기반 미해결 문제를 분석기술·장비·인력으로 해결한다", "source": "C:289",
                ], synthetic: false)
        ]
        + [("provider", "kbsi", "C:290"), ("firstComplementor", "cnuh", "C:291"), ("sponsor", "city", "C:293")]
        .map { role, organisation, source in
            SeedCall(
                "plt-analysis.\(role)", "matching.platforms.assign",
                [
                    "id": .id(of: "plt-analysis"), "organisationId": .id(of: organisation), "role": .string(role),
                    "source": .string("synthetic (\(source))"),
                ])
        }

    private static func item(
        _ alias: String, _ industry: StrategicIndustry, _ stage: String, _ ko: String, _ en: String, _ source: Source
    ) -> SeedCall {
        SeedCall(
            alias, "matching.chains.define",
            [
                "industry": .string(industry.rawValue), "stage": .string(stage), "nameKo": .string(ko),
                "nameEn": .string(en), "source": .string("synthetic (\(source))"),
            ])
    }

    private static func edge(_ from: String, _ to: String) -> SeedCall {
        SeedCall(
            "\(from).\(to)", "matching.chains.connect",
            ["from": .id(of: from), "to": .id(of: to), "source": "synthetic"])
    }

    private static func place(_ item: String, _ organisation: String) -> SeedCall {
        SeedCall(
            "\(item).\(organisation)", "matching.chains.place",
            ["itemId": .id(of: item), "organisationId": .id(of: organisation), "source": "synthetic"])
    }
}
