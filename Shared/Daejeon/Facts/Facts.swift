import JSON
import Vocabulary

extension Daejeon {
    /// Numbers that describe the region and its industries.
    public static let facts: [Fact] = economy + research + industries + equipmentIndustry

    private static let economy: [Fact] = [
        Fact(
            "grdp", ko: "지역내총생산", en: "Regional product", .money(.tenthsOfEok(4_640_000)), .won, asOf: "2021", "P:254"),
        Fact("grdp-growth", ko: "실질성장률", en: "Real growth", .decimal("2.8"), .percent, asOf: "2021", "P:255"),
        Fact("services", ko: "서비스업 비중", en: "Share of services", .decimal("77.5"), .percent, asOf: "2021", "P:272"),
        Fact(
            "manufacturing", ko: "광제조업 비중", en: "Share of mining and manufacturing", .decimal("16.1"), .percent,
            asOf: "2021", "P:272"),
        Fact("businesses", ko: "사업체", en: "Businesses", .count(123_728), .businesses, asOf: "2020", "P:278"),
        Fact(
            "technology-businesses", ko: "기술기반업종 사업체", en: "Technology businesses", .count(30_499), .businesses,
            asOf: "2020", "P:279"),
        Fact("workers", ko: "종사자", en: "Workers", .count(618_248), .people, asOf: "2020", "P:287"),
        Fact(
            "technology-workers", ko: "기술기반업종 종사자", en: "Technology workers", .count(305_913), .people, asOf: "2020",
            "P:288"),
        Fact("young-people", ko: "청년(19-39세)", en: "People aged 19-39", .count(430_122), .people, "P:1876"),
        Fact("start-ups", ko: "창업기업", en: "Start-ups", .count(35_500), .businesses, asOf: "2021", "P:1500"),
        Fact(
            "technology-start-ups", ko: "기술기반 창업기업", en: "Technology start-ups", .count(5_391), .businesses,
            asOf: "2021", "P:1500"),
        Fact(
            "large-rounds", ko: "1,000억 원 이상 투자유치 기업", en: "Companies that raised 100 billion won or more",
            .count(12), .businesses, asOf: "2020-2022", "P:1505"),
    ]

    private static let research: [Fact] = [
        Fact(
            "rnd", ko: "연구개발 총투자액", en: "R&D invested", .money(.eok(68_734)), .won, asOf: "2021", "P:321",
            note: Bilingual(ko: "원문 판독 '68.734억'을 바로잡음", en: "scanned as 68.734억")),
        Fact("rnd-national", ko: "연구개발 국비", en: "R&D, national", .money(.eok(68_208)), .won, asOf: "2021", "P:321"),
        Fact("rnd-city", ko: "연구개발 시비", en: "R&D, city", .money(.eok(525)), .won, asOf: "2021", "P:321"),
        Fact(
            "rnd-matching", ko: "국비매칭 연구개발", en: "R&D matching national money", .money(.eok(3_569)), .won, asOf: "2021",
            "P:322", note: Bilingual(ko: "원문 판독 '3.569억'을 바로잡음", en: "scanned as 3.569억")),
        Fact("rnd-own", ko: "시 자체 연구개발", en: "The city's own R&D", .money(.eok(168)), .won, asOf: "2021", "P:322"),
        Fact("papers", ko: "논문", en: "Papers", .count(5_465), .cases, asOf: "2020", "P:330"),
        Fact("patent-filings", ko: "특허 출원", en: "Patent applications", .count(5_421), .cases, asOf: "2020", "P:330"),
        Fact("patent-grants", ko: "특허 등록", en: "Patents granted", .count(3_785), .cases, asOf: "2020", "P:330"),
        Fact("royalties", ko: "기술료", en: "Royalties", .money(.eok(488)), .won, asOf: "2020", "P:330"),
        Fact("commercialised", ko: "사업화", en: "Commercialised", .count(2_676), .cases, asOf: "2020", "P:330"),
        Fact("rcostii", ko: "지역 과학기술혁신역량지수", en: "R-COSTII", .decimal("17.678"), .points, asOf: "2021", "P:315"),
        Fact("researchers", ko: "석·박사", en: "Masters and doctors", .count(30_000), .people, "P:786"),
        Fact("patents", ko: "특허", en: "Patents", .count(148_000), .cases, "P:786"),
        Fact("members", ko: "대덕특구 구성원", en: "People of Daedeok Innopolis", .count(80_000), .people, "P:786"),
        Fact(
            "foreign-talent", ko: "외국인 우수 인재", en: "Foreign talent", .count(7_000), .people, "P:364",
            note: Bilingual(ko: "원문 판독 '7.000여'를 바로잡음; 어림수", en: "scanned as 7.000; about")),
    ]

    private static let industries: [Fact] = [
        Fact(
            "semiconductor-bodies", ko: "반도체 연구 인프라", en: "Semiconductor bodies", .count(22), .bodies, "P:528"),
        Fact(
            "semiconductor-bodies-nation", ko: "전국 반도체 연구 인프라", en: "Nationwide", .count(51), .bodies, "P:528"
        ),
        Fact("bio-companies", ko: "바이오헬스 기업", en: "Bio-health companies", .count(300), .businesses, "P:597"),
        Fact("bio-bodies", ko: "바이오 연구기관", en: "Bio research bodies", .count(45), .bodies, "P:597"),
        Fact("bio-doctors", ko: "바이오 박사급 인력", en: "Doctors in bio", .count(15_000), .people, "P:597"),
        Fact(
            "defence-agency-budget", ko: "방위사업청 연간 예산", en: "Yearly budget of the defence acquisition agency",
            .money(.jo(17)), .won, "P:655"),
        Fact(
            "space-product", ko: "국내 우주 총생산", en: "National space product", .money(.tenthsOfEok(340_000)), .won,
            asOf: "2021", "P:712"),
        Fact(
            "space-companies", ko: "우주기업 중 충청권", en: "Space companies in Chungcheong", .decimal("23.7"), .percent,
            "P:717"),
        Fact(
            "root-companies", ko: "뿌리기업", en: "Root-industry companies", .count(528), .businesses, asOf: "2018", "P:849"
        ),
        Fact("manufacturers", ko: "제조기업", en: "Manufacturers", .count(7_479), .businesses, asOf: "2018", "P:849"),
    ]

    private static let equipmentIndustry: [Fact] = [
        Fact(
            "equipment", ko: "연구장비 구축 수", en: "Research equipment", .count(3_497), .pieces, "P:956",
            note: Bilingual(ko: "원문 판독 '3.497점'을 바로잡음; 전국의 15.9%", en: "scanned as 3.497; 15.9% of the nation")),
        Fact(
            "equipment-value", ko: "연구장비 구축액", en: "Research equipment, value", .money(.eok(6_311)), .won, "P:956",
            note: Bilingual(ko: "원문 판독 '6.311억'을 바로잡음; 전국의 14.5%", en: "scanned as 6.311억; 14.5% of the nation")),
        Fact("equipment-firms", ko: "연구장비 전문사업자", en: "Registered equipment firms", .count(23), .businesses, "P:957"),
        Fact(
            "equipment-firms-nation", ko: "전국 연구장비 전문사업자", en: "Nationwide", .count(34), .businesses, "P:957"),
        Fact("equipment-imports", ko: "연구장비 외산 의존도", en: "Dependence on imports", .decimal("85.5"), .percent, "P:947"),
        Fact("equipment-age", ko: "입주기업 평균 업력", en: "Average age of resident firms", .decimal("14.3"), .years, "P:997"),
        Fact(
            "equipment-start-ups", ko: "최근 5년 창업", en: "Founded in the last five years", .count(8), .businesses, "P:997"
        ),
    ]
}
