public import JSON

extension Daejeon {
    /// A slip of the scan, and how it is read here.
    public struct Correction: Sourced {
        public let id: String
        public let name: Bilingual
        /// As it stands in the scanned text.
        public let printed: String
        /// As it is used here.
        public let read: String
        public let kind: Kind
        public let source: Source
        public let note: Bilingual?

        public enum Kind: String, Sendable, CaseIterable {
            /// A comma that groups thousands was scanned as a point: the number is off by a factor of 1000.
            case thousand
            /// A letter was misread.
            case letter
            /// A row was dropped.
            case omission
        }
    }

    private static func thousand(
        _ id: String, _ ko: String, _ en: String, _ printed: String, _ read: String, _ source: Source,
        because note: Bilingual? = nil
    ) -> Correction {
        Correction(
            id: id, name: Bilingual(ko: ko, en: en), printed: printed, read: read, kind: .thousand, source: source,
            note: note)
    }

    private static func letter(
        _ id: String, _ printed: String, _ read: String, en: String, _ source: Source
    ) -> Correction {
        Correction(
            id: id, name: Bilingual(ko: read, en: en), printed: printed, read: read, kind: .letter, source: source,
            note: nil)
    }

    /// Every number of the plan that lost a factor of 1000 in the scan, and the letters that matter to names.
    public static let corrections: [Correction] = [
        thousand(
            "rnd-total", "2021년 대전 연구개발사업 총투자액", "R&D invested in Daejeon, 2021", "68.734억", "68,734억", "P:321",
            because: Bilingual(ko: "국비 68,208억 + 시비 525억과 맞음", en: "agrees with 68,208억 national + 525억 city")),
        thousand("rnd-matching", "국비매칭 연구개발사업", "R&D matching national money", "3.569억", "3,569억", "P:322"),
        thousand("rnd-seoul", "서울 자체 연구개발 투자", "Seoul's own R&D", "1.408억", "1,408억", "P:323"),
        thousand("rnd-gyeonggi", "경기 자체 연구개발 투자", "Gyeonggi's own R&D", "1.103억", "1,103억", "P:323"),
        thousand("foreign-talent", "외국인 우수 인재", "Foreign talent", "7.000여", "7,000여", "P:364"),
        thousand("defence-staff", "국방 혁신기관·기업 유치 인원", "Defence staff to attract", "2.500여", "2,500여", "P:673"),
        thousand(
            "budget-1-3-1", "1-3-1 5년 지원 규모", "Five-year amount of 1-3-1", "3.012억", "3,012억", "P:935",
            because: Bilingual(
                ko: "3억 원으로는 112억 원 사업(P:923)도 담지 못함", en: "3억 could not hold the 112억 programme of P:923")),
        thousand("equipment-count", "연구장비 구축 수", "Research equipment, pieces", "3.497점", "3,497점", "P:956"),
        thousand("equipment-value", "연구장비 구축액", "Research equipment, value", "6.311억", "6,311억", "P:956"),
        letter("convergence-lab", "응합특화 랩", "융합특화 랩", en: "convergence lab", "P:1437"),
        letter("human-complex", "휴면산단", "휴먼산단", en: "complex for people", "P:871"),
        letter("functional-chemicals", "가능성 화학소재", "기능성 화학소재", en: "functional chemical materials", "C:200"),
        letter("acorn-jelly", "구축 도토리묵", "구즉 도토리묵", en: "Gujeuk acorn jelly", "C:200"),
        letter("green-parts", "친환경 기술린 자동차부품", "친환경 그린 자동차부품", en: "green car parts (probable reading)", "C:202"),
        letter("antibiotics", "향생물질", "항생물질", en: "antibiotics", "C:215"),
        Correction(
            id: "annex-3-2-3", name: Bilingual(ko: "3-2-3의 세 번째 항목", en: "Third part of 3-2-3"),
            printed: "93", read: "94", kind: .omission, source: "P:2449",
            note: Bilingual(ko: "본문에는 있음(P:1625)", en: "the body has it (P:1625)")),
    ]
}
