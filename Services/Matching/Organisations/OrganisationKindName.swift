import JSON
import Vocabulary

extension Organisations.Kind: Named {
    var name: Bilingual {
        switch self {
        case .institute: Bilingual(ko: "연구기관", en: "research institute")
        case .university: Bilingual(ko: "대학", en: "university")
        case .hospital: Bilingual(ko: "병원", en: "hospital")
        case .company: Bilingual(ko: "기업", en: "company")
        case .agency: Bilingual(ko: "지원기관", en: "support agency")
        case .association: Bilingual(ko: "협회·단체", en: "association")
        case .investor: Bilingual(ko: "투자기관", en: "investor")
        case .government: Bilingual(ko: "정부·지자체", en: "government")
        }
    }
}
