public import JSON
public import Vocabulary

extension Daejeon {
    /// Money for a purpose: a programme of the plan or of a ministry, with what its document says of the amount.
    public struct Programme: Sourced {
        public let id: String
        public let name: Bilingual
        public let budget: Figure
        /// As stated; nil where the document does not say.
        public let period: String?
        public let source: Source
        public let note: Bilingual?

        init(
            _ id: String, ko: String, en: String, _ budget: Figure, period: String? = nil, _ source: Source,
            note: Bilingual? = nil
        ) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.budget = budget
            self.period = period
            self.source = source
            self.note = note
        }
    }

    public static let programmes: [Programme] = [
        Programme(
            "space-foundations", ko: "우주산업 혁신기반 조성", en: "Foundations of the space industry", .eok(20), "P:745",
            note: Bilingual(ko: "시비", en: "city money")),
        Programme(
            "space-equipment", ko: "우주장비 스마트특성화", en: "Space equipment", .eok(70), "P:745",
            note: Bilingual(ko: "내역은 국 48억, 시 30억으로 합이 78억", en: "its parts, 48억 and 30억, make 78억")),
        Programme(
            "open-lab", ko: "빅데이터 오픈랩", en: "Big data open lab", .eok(6), period: "2023-2024", "P:818",
            note: Bilingual(ko: "연 3억 원, 두 해", en: "3억 a year for two years")),
        Programme(
            "digital-services", ko: "지역현안 해결형 디지털서비스", en: "Digital services for local problems", .eok(100),
            period: "2024-2028", "P:821"),
        Programme(
            "safety-ai", ko: "인공지능·메타버스 안전서비스", en: "Safety services with AI and metaverse", .eok(112),
            period: "2023-2025", "P:923"),
        Programme(
            "water-ai", ko: "디지털 물산업 AI 융합", en: "AI for the water industry", .known(.tenthsOfEok(645)),
            period: "2022-2023", "P:923"),
        Programme(
            "defence-cluster", ko: "방산혁신클러스터", en: "Defence innovation cluster", .eok(490), "P:655",
            note: Bilingual(ko: "국비 245억, 시비 245억(P:2140)", en: "245억 national, 245억 city (P:2140)")),
        Programme(
            "defence-city", ko: "방산기업 친화형 거점 도시", en: "City for defence companies", .eok(1_000), "P:683"),
        Programme(
            "i2i", ko: "i2i 플랫폼", en: "i2i platform", .silent, "P:1130"),
        Programme(
            "testbed-map", ko: "테스트베드 지도·플랫폼", en: "Testbed map and platform", .silent, "P:807"),
        Programme(
            "shared-fab", ko: "교육용 반도체 공유팹", en: "Shared teaching fab", .silent, "P:2110"),
        Programme(
            "technology-consulting", ko: "공공연구성과 기술컨설팅", en: "Consulting on public research results",
            .known(.tenthsOfEok(298)), period: "2018", "C:535"),
        Programme(
            "technology-upgrade", ko: "공공연구성과 기술업그레이드 R&D", en: "Upgrading public research results",
            .known(.tenthsOfEok(518)), period: "2018", "C:536"),
    ]
}
