import JSON
import Vocabulary

extension Daejeon {
    /// What the documents state about the weight of industries, for location quotients. Where the nation's figure is
    /// not stated the quotient stays unknown; those of North Chungcheong (C:215) are printed without their figures.
    static let quotientCalls: [SeedCall] = [
        figures(
            "quotients-structure", "P:272-273",
            [
                share("KR-30", "services", 7_750), share("KR", "services", 6_321),
                share("KR-30", "mining-and-manufacturing", 1_610), share("KR-30", "F", 540),
            ]),
        figures(
            "quotients-establishments", "P:278-279",
            [
                count("establishments", 2020, "KR-30", "all", 123_728),
                count("establishments", 2020, "KR-30", "technology-based", 30_499),
            ]),
        figures(
            "quotients-employment", "P:287-288",
            [
                count("employment", 2020, "KR-30", "all", 618_248),
                count("employment", 2020, "KR-30", "technology-based", 305_913),
            ]),
        figures(
            "quotients-start-ups", "P:1500",
            [
                count("startUps", 2021, "KR", "all", 1_417_973),
                count("startUps", 2021, "KR", "technology-based", 239_620),
                count("startUps", 2021, "KR-30", "all", 35_500),
                count("startUps", 2021, "KR-30", "technology-based", 5_391),
            ]),
        figures(
            "quotients-chungbuk", "C:215",
            [
                printed("finished-medicine", "완제의약품 제조업", "Finished medicines", "5.6"),
                printed("biological-products", "생물학적 제제 제조업", "Biological products", "3.5"),
                printed("medical-supplies", "의료용품 및 기타 의약 관련제품 제조업", "Medical supplies", "2.6"),
                printed("medicinal-compounds", "의약품 화합물 및 항생물질 제조업", "Medicinal compounds and antibiotics", "1.9"),
                printed("oriental-medicine", "한의약품 제조업", "Oriental medicines", "1.9"),
                printed("veterinary-medicine", "동물용 의약품 제조업", "Veterinary medicines", "1.0"),
            ]),
    ]

    private static func figures(_ alias: String, _ source: String, _ figures: [JSON]) -> SeedCall {
        SeedCall(
            alias, "matching.quotients.load", ["source": .string(source), "figures": .array(figures)],
            synthetic: false)
    }

    private static func share(_ region: String, _ industry: String, _ points: Int64) -> JSON {
        [
            "measure": "output", "year": 2021, "region": .string(region), "industry": .string(industry),
            "shareBasisPoints": .integer(points),
        ]
    }

    private static func count(_ measure: String, _ year: Int64, _ region: String, _ industry: String, _ value: Int64)
        -> JSON
    {
        [
            "measure": .string(measure), "year": .integer(year), "region": .string(region),
            "industry": .string(industry), "value": .integer(value),
        ]
    }

    /// The slide says neither of what nor of which year they are.
    private static func printed(_ industry: String, _ ko: String, _ en: String, _ quotient: String) -> JSON {
        [
            "measure": "unstated", "region": "KR-43", "industry": .string(industry), "nameKo": .string(ko),
            "nameEn": .string(en), "publishedQuotient": .string(quotient),
        ]
    }
}
