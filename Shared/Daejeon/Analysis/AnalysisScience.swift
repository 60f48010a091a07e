public import JSON

extension Daejeon {
    /// Something that users of analytical science need, or cannot do yet (C:236-246).
    public struct Need: Sourced {
        public let id: String
        public let name: Bilingual
        public let isUnsolved: Bool
        public let source: Source
    }

    /// A technology under development that answers such needs (C:255-260).
    public struct AnalysisTechnology: Sourced {
        public let id: String
        public let name: Bilingual
        /// Needs that the slides set beside it, or that follow from its subject; some needs have no answer.
        public let answers: [String]
        public let source: Source
    }

    public static let needs: [Need] = [
        Need(
            id: "genome", name: Bilingual(ko: "유전자·생명정보 분석", en: "Analysis of genes and biological information"),
            isUnsolved: false, source: "C:238"),
        Need(
            id: "sequencing", name: Bilingual(ko: "염기서열 분석 장비", en: "Equipment for sequencing"), isUnsolved: false,
            source: "C:239"),
        Need(
            id: "toxins", name: Bilingual(ko: "식품·화장품의 독소 시험", en: "Testing food and cosmetics for toxins"),
            isUnsolved: false, source: "C:240"),
        Need(
            id: "inside-samples",
            name: Bilingual(ko: "투과전자현미경으로 시료 내부 보기", en: "Seeing inside a sample with a TEM"), isUnsolved: true,
            source: "C:244"),
        Need(
            id: "inside-bodies",
            name: Bilingual(ko: "개체 안 조직에 가까이 가서 분자 변화 찾기", en: "Finding molecular change close to tissue in a body"),
            isUnsolved: true, source: "C:244"),
        Need(
            id: "imaging-signal",
            name: Bilingual(ko: "이미징 신호 왜곡과 조직 질량분석 영상", en: "Distorted imaging signals and mass imaging of tissue"),
            isUnsolved: true, source: "C:245"),
        Need(
            id: "molecular-samples",
            name: Bilingual(ko: "분자 시료 분석과 고자장 MRI 왜곡", en: "Molecular samples, and distortion in high-field MRI"),
            isUnsolved: true, source: "C:246"),
    ]

    /// The four that nobody can do yet.
    public static var unsolvedProblems: [Need] { needs.filter(\.isUnsolved) }

    public static let analysisTechnologies: [AnalysisTechnology] = [
        AnalysisTechnology(
            id: "desktop-tem", name: Bilingual(ko: "1nm급 탁상형 투과전자현미경", en: "Desktop TEM with 1 nm resolution"),
            answers: ["inside-samples"], source: "C:257"),
        AnalysisTechnology(
            id: "protein-candidate",
            name: Bilingual(ko: "단백질-후보물질 상호작용 검출", en: "Detecting how proteins meet drug candidates"), answers: [],
            source: "C:258"),
        AnalysisTechnology(
            id: "bio-sims", name: Bilingual(ko: "바이오 이차이온 질량분석(Bio SIMS)", en: "Bio SIMS"),
            answers: ["imaging-signal"], source: "C:259"),
        AnalysisTechnology(
            id: "chiral-microscope", name: Bilingual(ko: "카이랄 분자 현미경", en: "Microscope for chiral molecules"),
            answers: ["molecular-samples"], source: "C:259"),
        AnalysisTechnology(
            id: "optical-endoscope",
            name: Bilingual(ko: "고민감·고배율 광신호 내시경", en: "Endoscope for faint optical signals, high magnification"),
            answers: ["inside-bodies"], source: "C:260"),
    ]
}
