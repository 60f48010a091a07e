import JSON
import Vocabulary

extension Daejeon {
    /// The tree of the plan: 4 strategies, 12 tasks (P:453-464), 32 details with 94 parts. Departments follow the annex
    /// (P:2420-2489), which forgets the third part of 3-2-3. Seven details state an amount; 25 do not.
    public static let details: [Detail] = strategyOne + strategyTwo + strategyThree + strategyFour

    private static let strategyOne: [Detail] = [
        Detail(
            "1-1-1", ko: "국가 나노·반도체산업 미래 선도", en: "Leading the nation's nano and semiconductor industry",
            by: ["전략산업반도체과"], parts: 3, budget: .eok(35_065),
            shares: [
                FundingShare(payer: .national, amount: .eok(2_630)), FundingShare(payer: .local, amount: .eok(1_650)),
                FundingShare(payer: .publicBodies, amount: .eok(27_885)),
                FundingShare(payer: .privateSector, amount: .eok(2_900)),
            ],
            source: "P:2420", budgetSource: "P:583"),
        Detail(
            "1-1-2", ko: "바이오헬스산업 글로벌 경쟁력 강화", en: "Global competitiveness of the bio-health industry",
            by: ["바이오헬스산업과"], parts: 3, budget: .eok(3_000), source: "P:2421", budgetSource: "P:641"),
        Detail(
            "1-1-3", ko: "K-방산 허브도시 조성", en: "Hub city of the Korean defence industry", by: ["국방산업추진단"],
            parts: 3, budget: .eok(17_000), source: "P:2422", budgetSource: "P:697"),
        Detail(
            "1-1-4", ko: "우주산업 3각 클러스터 구축", en: "Three-cornered space cluster", by: ["우주항공산업추진단"], parts: 3,
            budget: .eok(2_658), source: "P:2423", budgetSource: "P:772"),
        Detail(
            "1-2-1", ko: "테스트베드 실증도시 대전 구현", en: "Daejeon as a testbed city", by: ["창업진흥과"], parts: 3,
            budget: .eok(1_500), source: "P:2424", budgetSource: "P:825"),
        Detail(
            "1-2-2", ko: "지역 전통제조업의 디지털 전환", en: "Digital turn of traditional manufacturing", by: ["전략산업반도체과"],
            parts: 3, budget: .eok(3_000), source: "P:2425", budgetSource: "P:879"),
        Detail(
            "1-3-1", ko: "첨단ICT·AI 기반 융합 촉진", en: "Convergence on advanced ICT and AI", by: ["스마트도시과"], parts: 3,
            budget: .eok(3_012), source: "P:2426", budgetSource: "P:935",
            note: Bilingual(ko: "원문 판독 '3.012억'을 3,012억으로 바로잡음", en: "scanned as 3.012억; read as 3,012억")),
        Detail(
            "1-3-2", ko: "연구장비·서비스산업 연계 육성", en: "Research equipment and research services", by: ["전략산업반도체과"],
            parts: 3, source: "P:2427",
            note: Bilingual(
                ko: "연구산업진흥단지 사업과 연계해 국비·시비를 조정한다고만 적음(P:1005)",
                en: "the plan only says that national and city money will be adjusted (P:1005)")),
    ]

    private static let strategyTwo: [Detail] = [
        Detail(
            "2-1-1", ko: "대전 트라이앵글 클러스터 고도화", en: "Triangle of clusters raised", by: ["과학협력과", "산업입지과"],
            parts: 3, source: "P:2429"),
        Detail(
            "2-1-2", ko: "혁신클러스터 통합연계 강화", en: "Innovation clusters joined up", by: ["전략사업추진실"], parts: 3,
            source: "P:2430"),
        Detail(
            "2-2-1", ko: "충청권 메가시티 초광역 협력 확대", en: "Wider cooperation in the Chungcheong megacity",
            by: ["전략산업반도체과", "산업입지과"], parts: 2, source: "P:2431"),
        Detail(
            "2-2-2", ko: "국제과학비즈니스벨트 연계 초광역 R&BD 플랫폼 구축", en: "R&BD platform with the science belt",
            by: ["전략산업반도체과", "산업입지과"], parts: 2, source: "P:2432"),
        Detail(
            "2-3-1", ko: "글로벌 혁신 인프라 및 인재 유치·활용", en: "Global infrastructure and talent", by: ["창업진흥과"],
            parts: 3, source: "P:2433"),
        Detail(
            "2-3-2", ko: "지역 혁신주체 글로벌 진출 활성화", en: "Local innovators abroad", by: ["과학협력과", "도시브랜드담당관"],
            parts: 3, source: "P:2434"),
    ]

    private static let strategyThree: [Detail] = [
        Detail(
            "3-1-1", ko: "공공기술 사업화 중심의 창업 지원체계 구축", en: "Start-up support around public technology",
            by: ["창업진흥과"], parts: 3, source: "P:2436"),
        Detail(
            "3-1-2", ko: "딥테크 실증 클러스터 조성", en: "Deep-tech demonstration cluster", by: ["창업진흥과"], parts: 4,
            source: "P:2440"),
        Detail(
            "3-2-1", ko: "기업 맞춤형 딥테크 성장 고도화", en: "Deep-tech growth fitted to each company", by: ["창업진흥과"],
            parts: 3, source: "P:2444"),
        Detail(
            "3-2-2", ko: "딥테크 융합형 유니콘·스타기업 육성", en: "Unicorns and star companies", by: ["창업진흥과"], parts: 3,
            source: "P:2446"),
        Detail(
            "3-2-3", ko: "스타트업 기술금융 생태계 확충", en: "Finance for technology start-ups", by: ["기업투자유치과"], parts: 3,
            source: "P:2449",
            note: Bilingual(
                ko: "본문의 세 번째 항목(P:1625)이 부속 표에는 빠짐",
                en: "the annex drops the third part, which the body has (P:1625)")),
        Detail(
            "3-3-1", ko: "과학예술융합 공간 조성 및 인프라 구축", en: "Places where science meets art", by: ["경제과학국"],
            parts: 3, source: "P:2452"),
        Detail(
            "3-3-2", ko: "과학예술융합 콘텐츠 발굴 및 육성", en: "Works where science meets art", by: ["경제과학국"], parts: 3,
            source: "P:2455"),
        Detail(
            "3-3-3", ko: "시민 참여형 과학문화·실증 프로그램 확대", en: "Citizens in science culture and trials",
            by: ["경제과학국"], parts: 3, source: "P:2458"),
    ]

    private static let strategyFour: [Detail] = [
        Detail(
            "4-1-1", ko: "지역주도 인재 양성 체계 구축", en: "A regional system of training", by: ["전략사업추진실"], parts: 2,
            source: "P:2461"),
        Detail(
            "4-1-2", ko: "일자리 지원 환경 혁신", en: "Better support of employment", by: ["전략사업추진실"], parts: 3,
            source: "P:2464"),
        Detail(
            "4-1-3", ko: "정주여건 질적 개선", en: "Better living conditions", by: ["전략사업추진실", "일자리경제과"], parts: 3,
            source: "P:2467",
            note: Bilingual(
                ko: "보육시설 한 곳의 설치·운영비만 적고 5년 총액은 없음", en: "states unit costs of childcare only, no five-year amount")),
        Detail(
            "4-2-1", ko: "신진 과학기술 인재 양성 및 확보", en: "New talent in science and technology", by: ["전략사업추진실"],
            parts: 4, source: "P:2470"),
        Detail(
            "4-2-2", ko: "핵심전략산업 수요 인력 양성 및 확보", en: "Workforce for the core industries", by: ["전략사업추진실"],
            parts: 4, source: "P:2473"),
        Detail(
            "4-2-3", ko: "산업환경 변화에 대응한 산업체 재직자 확보", en: "People at work in changing industries",
            by: ["전략사업추진실"], parts: 3, source: "P:2478"),
        Detail(
            "4-2-4", ko: "여성 및 고경력 은퇴 과학기술인 취·창업 확대", en: "Work for women and retired experts in science",
            by: ["전략사업추진실"], parts: 2, source: "P:2480"),
        Detail(
            "4-3-1", ko: "글로벌 인재 유치 및 정착지원", en: "Global talent: coming and staying", by: ["창업진흥과"], parts: 3,
            source: "P:2483"),
        Detail(
            "4-3-2", ko: "글로벌 전문 기술인력 양성·활용 강화", en: "Global technical specialists", by: ["도시브랜드담당관"],
            parts: 2, source: "P:2485"),
        Detail(
            "4-3-3", ko: "글로벌 창업 교육 및 창업 활성화", en: "Start-up training for the world", by: ["기업투자유치과"], parts: 3,
            source: "P:2488"),
    ]
}
