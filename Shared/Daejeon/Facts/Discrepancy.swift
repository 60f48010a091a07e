public import JSON

extension Daejeon {
    /// Two readings that the documents give of one thing. Both are kept; nothing here decides between them.
    public struct Discrepancy: Sourced {
        public let id: String
        public let name: Bilingual
        public let readings: [Reading]
        public let note: Bilingual?

        public var source: Source { readings.first?.source ?? .invented }
    }

    public struct Reading: Hashable, Sendable {
        public let value: String
        public let source: Source
    }

    public static let discrepancies: [Discrepancy] = [
        Discrepancy(
            id: "gyochon-area", name: Bilingual(ko: "교촌 국가산단 면적", en: "Area of the Gyochon national complex"),
            readings: [
                Reading(value: "530만㎡", source: "P:1102"), Reading(value: "529만㎡", source: "P:2022"),
            ],
            note: Bilingual(ko: "반올림 차이로 보이나 확인되지 않음", en: "probably rounding; not confirmed")),
        Discrepancy(
            id: "space-equipment", name: Bilingual(ko: "우주장비 스마트특성화 사업비", en: "Space equipment programme"),
            readings: [
                Reading(value: "총 70억", source: "P:745"), Reading(value: "국 48억 + 시 30억 = 78억", source: "P:745"),
            ],
            note: Bilingual(ko: "한 문장 안에서 총액과 내역이 맞지 않음", en: "total and parts disagree within one sentence")),
        Discrepancy(
            id: "technology-share",
            name: Bilingual(ko: "기술기반업종의 지역내총생산 비중", en: "Technology industries' share of regional product"),
            readings: [
                Reading(value: "57.3%", source: "P:274"), Reading(value: "24.7조 ÷ 46.4조 = 53.2%", source: "P:254"),
            ],
            note: Bilingual(ko: "생산액과 부가가치의 기준이 다를 수 있음", en: "output and value added may have been mixed")),
        Discrepancy(
            id: "canada-total", name: Bilingual(ko: "캐나다 슈퍼클러스터 총액", en: "Canadian superclusters, total"),
            readings: [
                Reading(value: "12.2억 C$", source: "M:725"), Reading(value: "12.4385억 C$ (5개 합)", source: "M:741"),
            ],
            note: Bilingual(ko: "본문과 표의 합이 다름", en: "text and table differ")),
        Discrepancy(
            id: "plan-parts", name: Bilingual(ko: "계획의 세세부과제 수", en: "Parts of the plan's details"),
            readings: [Reading(value: "94 (본문)", source: "P:1625"), Reading(value: "93 (부속 표)", source: "P:2449")],
            note: Bilingual(ko: "부속 표가 3-2-3의 한 항목을 빠뜨림", en: "the annex drops one part of 3-2-3")),
    ]
}
