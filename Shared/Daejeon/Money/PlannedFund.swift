public import JSON
public import Vocabulary

extension Daejeon {
    /// A fund as the documents speak of it; what runs in the demonstration is registered with the Fund service.
    public struct PlannedFund: Sourced {
        public let id: String
        public let name: Bilingual
        public let target: Figure
        public let source: Source
        public let note: Bilingual?

        init(_ id: String, ko: String, en: String, _ target: Figure, _ source: Source, note: Bilingual? = nil) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.target = target
            self.source = source
            self.note = note
        }
    }

    /// Funds closed in the region by 2022-06-30, and what the city put into them (P:1392): leverage of about 13 to one.
    public static let closedFunds = Won.tenthsOfEok(75_478)
    public static let cityShareOfClosedFunds = Won.tenthsOfEok(5_747)

    public static let plannedFunds: [PlannedFund] = [
        PlannedFund(
            "investment-agency", ko: "대전투자청", en: "Daejeon investment agency", .eok(1_000), "P:1610",
            note: Bilingual(
                ko: "200억 이상으로 세워 2023년 700억, 은행 설립 전까지 시 출자 1,000억; 민간 몫은 미정",
                en: "200억 at least, 700억 by 2023, 1,000억 from the city in the end; private money not stated")),
        PlannedFund("regional-mother-fund", ko: "지역 모펀드", en: "Regional fund of funds", .silent, "P:1621"),
        PlannedFund("core-industry-fund", ko: "주력산업 특화 펀드", en: "Fund for the core industries", .silent, "P:1628"),
        PlannedFund("space-fund", ko: "우주산업 전용 R&D펀드", en: "Space R&D fund", .silent, "P:734"),
        PlannedFund("equipment-fund", ko: "연구장비 전용펀드", en: "Research equipment fund", .silent, "P:970"),
        PlannedFund("nano-fund", ko: "나노·반도체 창업펀드", en: "Nano and semiconductor start-up fund", .silent, "P:574"),
        PlannedFund("secondary-fund", ko: "세컨더리 펀드", en: "Secondary fund", .silent, "P:1633"),
        PlannedFund("citizen-fund", ko: "시민참여형 공공펀드", en: "Citizens' public fund", .silent, "P:1623"),
        PlannedFund(
            "leap-fund", ko: "대전 D-도약 펀드", en: "Daejeon D-Leap fund", .eok(2_048), "ext:nocut 6407490",
            note: Bilingual(
                ko: "계획 이후의 사실(2025-09-29): 계획의 투자청을 이은 대전투자금융의 모펀드",
                en: "later than the plan (2025-09-29): fund of funds of the agency's successor")),
    ]
}
