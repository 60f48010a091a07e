public import JSON
public import Vocabulary

extension Daejeon {
    /// An organisation that offers, needs, invests or supports.
    public struct Organisation: Sourced {
        public let id: String
        public let name: Bilingual
        public let kind: Kind
        public let region: Region
        public let industries: [StrategicIndustry]
        public let source: Source
        public let synthetic: Bool
        public let note: Bilingual?

        public enum Kind: String, CaseIterable, Sendable, Named {
            case university, institute, hospital, agency, government, association, company, investor

            public var name: Bilingual {
                switch self {
                case .university: Bilingual(ko: "대학", en: "university")
                case .institute: Bilingual(ko: "연구기관", en: "research institute")
                case .hospital: Bilingual(ko: "병원", en: "hospital")
                case .agency: Bilingual(ko: "공공기관", en: "public body")
                case .association: Bilingual(ko: "협회·조합", en: "association")
                case .government: Bilingual(ko: "행정기관", en: "government")
                case .company: Bilingual(ko: "기업", en: "company")
                case .investor: Bilingual(ko: "투자기관", en: "investor")
                }
            }
        }

        init(
            _ id: String, ko: String, en: String, _ kind: Kind, region: Region = .daejeon,
            in industries: [StrategicIndustry] = [], _ source: Source, synthetic: Bool = false, note: Bilingual? = nil
        ) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.kind = kind
            self.region = region
            self.industries = industries
            self.source = source
            self.synthetic = synthetic
            self.note = note
        }
    }

    public static let organisations: [Organisation] = institutions + companies
}
