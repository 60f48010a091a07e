public import JSON

/// The 16 science and technology fields of the National Standard Science and Technology Classification that the 2018 and
/// the 2023 editions share (domain.md 3.4). The humanities fields changed in 2023 and are left to an import.
public enum ScienceField: String, Codable, CaseIterable, Sendable, Named {
    case mathematics = "NA"
    case physics = "NB"
    case chemistry = "NC"
    case earthScience = "ND"
    case lifeScience = "LA"
    case agricultureAndFood = "LB"
    case healthAndMedicine = "LC"
    case machinery = "EA"
    case materials = "EB"
    case chemicalEngineering = "EC"
    case electricalAndElectronics = "ED"
    case informationAndCommunication = "EE"
    case energyAndResources = "EF"
    case nuclear = "EG"
    case environment = "EH"
    case constructionAndTransport = "EI"

    /// The edition in force since February 2023.
    public static let edition = "2023"

    /// Nature, life or artefact: the letter that the code begins with.
    public var group: Group {
        switch rawValue.first {
        case "N": .nature
        case "L": .life
        default: .artefact
        }
    }

    public enum Group: String, Codable, CaseIterable, Sendable, Named {
        case nature, life, artefact

        public var name: Bilingual {
            switch self {
            case .nature: Bilingual(ko: "자연", en: "Nature")
            case .life: Bilingual(ko: "생명", en: "Life")
            case .artefact: Bilingual(ko: "인공물", en: "Artefacts")
            }
        }
    }

    public var name: Bilingual {
        switch self {
        case .mathematics: Bilingual(ko: "수학", en: "Mathematics")
        case .physics: Bilingual(ko: "물리학", en: "Physics")
        case .chemistry: Bilingual(ko: "화학", en: "Chemistry")
        case .earthScience: Bilingual(ko: "지구과학", en: "Earth science")
        case .lifeScience: Bilingual(ko: "생명과학", en: "Life science")
        case .agricultureAndFood: Bilingual(ko: "농림수산식품", en: "Agriculture, forestry, fisheries and food")
        case .healthAndMedicine: Bilingual(ko: "보건의료", en: "Health and medicine")
        case .machinery: Bilingual(ko: "기계", en: "Machinery")
        case .materials: Bilingual(ko: "재료", en: "Materials")
        case .chemicalEngineering: Bilingual(ko: "화공", en: "Chemical engineering")
        case .electricalAndElectronics: Bilingual(ko: "전기·전자", en: "Electrical and electronics")
        case .informationAndCommunication: Bilingual(ko: "정보·통신", en: "Information and communication")
        case .energyAndResources: Bilingual(ko: "에너지·자원", en: "Energy and resources")
        case .nuclear: Bilingual(ko: "원자력", en: "Nuclear")
        case .environment: Bilingual(ko: "환경", en: "Environment")
        case .constructionAndTransport: Bilingual(ko: "건설·교통", en: "Construction and transport")
        }
    }
}
