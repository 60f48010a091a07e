import JSON
import Storage
import Vocabulary

/// What a person does for a living, in the groups the plan speaks of.
enum Occupation: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case researcher, engineer, management, legal, education, student, other
    /// Staff of research equipment (P:1209-1212).
    case equipmentOperator = "equipment-operator"
    case technologyTransfer = "technology-transfer"
    /// Communicators and performers of science (P:1751-1752).
    case scienceCommunication = "science-communication"

    var name: Bilingual {
        switch self {
        case .researcher: Bilingual(ko: "연구", en: "Research")
        case .engineer: Bilingual(ko: "기술·개발", en: "Engineering")
        case .management: Bilingual(ko: "경영", en: "Management")
        case .legal: Bilingual(ko: "법률·지식재산", en: "Law and intellectual property")
        case .education: Bilingual(ko: "교육", en: "Education")
        case .student: Bilingual(ko: "학생", en: "Student")
        case .other: Bilingual(ko: "기타", en: "Other")
        case .equipmentOperator: Bilingual(ko: "연구장비 전문인력", en: "Research equipment staff")
        case .technologyTransfer: Bilingual(ko: "기술사업화", en: "Technology transfer")
        case .scienceCommunication: Bilingual(ko: "과학문화", en: "Science communication")
        }
    }
}

/// The form of work that a posting offers and a person seeks.
enum WorkKind: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case employment, advisory
    /// P:1945-1946, 2228-2229.
    case internship
    /// An expert of an institute, sent to a firm for a share of the time.
    case dispatchedExpert = "dispatched-expert"
    /// P:2219-2227.
    case retiredExpert = "retired-expert"

    var name: Bilingual {
        switch self {
        case .employment: Bilingual(ko: "채용", en: "employment")
        case .advisory: Bilingual(ko: "자문", en: "advisory work")
        case .internship: Bilingual(ko: "현장실습·인턴", en: "internship")
        case .dispatchedExpert: Bilingual(ko: "파견 전문가", en: "dispatched expert")
        case .retiredExpert: Bilingual(ko: "은퇴 전문가", en: "retired expert")
        }
    }
}

/// Languages a person works in.
enum SpokenLanguage: String, Codable, CaseIterable, Sendable, SQLValue {
    case ko, en, zh, ja, vi, ru, de, fr, es, other
}
