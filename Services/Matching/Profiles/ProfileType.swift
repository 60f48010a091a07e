import JSON
import Storage
import Vocabulary

/// The five types of the Enterprise Europe Network's partnering profiles (domain.md 2.1, 3.2). Rule of thumb for
/// offer or request: which way does the money flow.
enum ProfileType: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case technologyOffer, businessOffer
    case technologyRequest, businessRequest, researchRequest

    var side: Side {
        switch self {
        case .technologyOffer, .businessOffer: .supply
        case .technologyRequest, .businessRequest, .researchRequest: .demand
        }
    }

    var name: Bilingual {
        switch self {
        case .technologyOffer: Bilingual(ko: "기술 공급", en: "technology offer")
        case .businessOffer: Bilingual(ko: "사업 공급", en: "business offer")
        case .technologyRequest: Bilingual(ko: "기술 수요", en: "technology request")
        case .businessRequest: Bilingual(ko: "사업 수요", en: "business request")
        case .researchRequest: Bilingual(ko: "연구개발 협력 수요", en: "R&D request")
        }
    }

    /// What a profile is when nobody says: technology, as all were before there were types.
    static func standard(of side: Side) -> ProfileType { side == .supply ? .technologyOffer : .technologyRequest }

    /// Whether a request of one type is met by an offer of the other: business by business, technology and research
    /// by technology.
    func pairs(with other: ProfileType) -> Bool { side != other.side && isBusiness == other.isBusiness }

    private var isBusiness: Bool { self == .businessOffer || self == .businessRequest }
}
