public import JSON
public import Vocabulary

extension Daejeon {
    /// A point on the map: WGS 84, degrees. Those here are approximate (within about a kilometre), read off public
    /// knowledge of the city and not taken from the documents.
    public struct Coordinate: Hashable, Sendable {
        public let longitude: Double
        public let latitude: Double
        public let approximate: Bool

        init(_ longitude: Double, _ latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
            approximate = true
        }
    }

    /// A cluster, complex or district that the plan names.
    public struct Zone: Sourced {
        public let id: String
        public let name: Bilingual
        public let kind: Kind
        /// Nil where no point is known well enough.
        public let coordinate: Coordinate?
        public let source: Source
        public let note: Bilingual?

        public enum Kind: String, CaseIterable, Sendable, Named {
            case researchDistrict, industrialComplex, innovationDistrict, scienceBelt, startupValley

            public var name: Bilingual {
                switch self {
                case .researchDistrict: Bilingual(ko: "연구단지", en: "research district")
                case .industrialComplex: Bilingual(ko: "산업단지", en: "industrial complex")
                case .innovationDistrict: Bilingual(ko: "혁신지구", en: "innovation district")
                case .scienceBelt: Bilingual(ko: "과학벨트", en: "science belt")
                case .startupValley: Bilingual(ko: "창업밸리", en: "start-up valley")
                }
            }
        }

        init(
            _ id: String, ko: String, en: String, _ kind: Kind, at coordinate: Coordinate? = nil, _ source: Source,
            note: Bilingual? = nil
        ) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.kind = kind
            self.coordinate = coordinate
            self.source = source
            self.note = note
        }
    }
}
