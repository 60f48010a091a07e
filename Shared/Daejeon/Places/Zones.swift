import JSON

extension Daejeon {
    public static let zones: [Zone] = clusters + startupValleys.named

    private static let clusters: [Zone] = [
        Zone(
            "daedeok", ko: "대덕연구개발특구", en: "Daedeok Innopolis", .researchDistrict, at: Coordinate(127.365, 36.380),
            "P:1085"),
        Zone(
            "second-daedeok", ko: "제2대덕연구단지(교촌)", en: "Second Daedeok (Gyochon)", .researchDistrict,
            at: Coordinate(127.32, 36.31), "P:1102",
            note: Bilingual(ko: "면적은 530만㎡와 529만㎡ 두 가지로 적힘", en: "area given as 530 and as 529 ten-thousand m²")),
        Zone(
            "nano-cluster", ko: "나노·반도체 혁신 클러스터", en: "Nano and semiconductor cluster", .industrialComplex, "P:560",
            note: Bilingual(ko: "1,226만 평으로 적힘", en: "stated as 12.26 million pyeong")),
        Zone(
            "daejeon-complex", ko: "대전산업단지(거점)", en: "Daejeon industrial complex (hub)", .industrialComplex,
            at: Coordinate(127.415, 36.365), "P:874",
            note: Bilingual(
                ko: "545개사에서 1,045개사로, 첨단 비중 37%에서 64%로 늘리는 목표(P:868)",
                en: "to grow from 545 to 1,045 companies, advanced industry from 37% to 64% (P:868)")),
        Zone(
            "daedeok-complex", ko: "대덕산업단지(연계)", en: "Daedeok industrial complex (linked)", .industrialComplex,
            at: Coordinate(127.41, 36.44), "P:874"),
        Zone(
            "ansan", ko: "안산 첨단국방산업단지", en: "Ansan defence complex", .industrialComplex, at: Coordinate(127.29, 36.40),
            "P:676",
            note: Bilingual(
                ko: "약 48만 평, 1.4조 원; 입주의향 176개(방산 77, 일반 99, P:675)",
                en: "about 480,000 pyeong, 1.4조 won; 176 letters of intent (77 defence, 99 other, P:675)")),
        Zone("jangdae", ko: "장대지구", en: "Jangdae", .industrialComplex, at: Coordinate(127.33, 36.36), "P:1087"),
        Zone(
            "pyeongchon", ko: "평촌 뿌리산업 특화단지", en: "Pyeongchon root-industry complex", .industrialComplex,
            at: Coordinate(127.43, 36.43), "P:848"),
        Zone(
            "dungok", ko: "둔곡지구", en: "Dungok", .scienceBelt, at: Coordinate(127.37, 36.45), "P:998",
            note: Bilingual(ko: "연구장비 집적단지 예정", en: "meant to gather research equipment firms")),
        Zone(
            "science-belt", ko: "국제과학비즈니스벨트 거점지구", en: "International Science Business Belt, core", .scienceBelt,
            "P:1161", note: Bilingual(ko: "기능지구: 세종·천안·오송·오창", en: "linked: Sejong, Cheonan, Osong, Ochang")),
        Zone(
            "city-convergence", ko: "대전 도심융합특구", en: "City convergence district", .innovationDistrict,
            at: Coordinate(127.434, 36.332), "P:799"),
        Zone("convergence", ko: "융합혁신지구", en: "Convergence innovation district", .innovationDistrict, "P:1110"),
        Zone("quantum", ko: "퀀텀혁신지구", en: "Quantum innovation district", .innovationDistrict, "P:1110"),
        Zone("biomedical", ko: "바이오메디컬혁신지구", en: "Biomedical innovation district", .innovationDistrict, "P:1110"),
    ]

    /// The plan speaks of five start-up valleys and names four, as examples. The fifth is not invented here.
    public static let startupValleys = StartupValleys(
        stated: 5,
        named: [
            Zone(
                "gungdong", ko: "궁동 딥테크 밸리", en: "Gung-dong deep-tech valley", .startupValley,
                at: Coordinate(127.350, 36.362), "P:1523"),
            Zone(
                "wolpyeong", ko: "월평동 글로벌진출 밸리", en: "Wolpyeong-dong global valley", .startupValley,
                at: Coordinate(127.367, 36.357), "P:1523"),
            Zone(
                "hannam", ko: "한남대 생활창업 밸리", en: "Hannam University everyday-business valley", .startupValley,
                at: Coordinate(127.421, 36.354), "P:1523"),
            Zone(
                "jungangno", ko: "중앙로 소셜 밸리", en: "Jungang-ro social valley", .startupValley,
                at: Coordinate(127.425, 36.329), "P:1523"),
        ],
        source: "P:1523")

    public struct StartupValleys: Sendable {
        /// How many the plan counts.
        public let stated: Int
        /// Those it names.
        public let named: [Zone]
        public let source: Source

        /// How many are left without a name.
        public var unnamed: Int { stated - named.count }
    }
}
