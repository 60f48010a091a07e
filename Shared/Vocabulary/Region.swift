public import JSON

/// A province or metropolitan city of the Republic of Korea, by ISO 3166-2:KR. (The administrative codes of the ministry
/// differ: 강원 51, 전북 52. ISO codes are used throughout.)
public enum Region: String, Codable, CaseIterable, Sendable, Named {
    case seoul = "KR-11"
    case busan = "KR-26"
    case daegu = "KR-27"
    case incheon = "KR-28"
    case gwangju = "KR-29"
    case daejeon = "KR-30"
    case ulsan = "KR-31"
    case gyeonggi = "KR-41"
    case gangwon = "KR-42"
    case chungbuk = "KR-43"
    case chungnam = "KR-44"
    case jeonbuk = "KR-45"
    case jeonnam = "KR-46"
    case gyeongbuk = "KR-47"
    case gyeongnam = "KR-48"
    case jeju = "KR-49"
    case sejong = "KR-50"

    public var name: Bilingual {
        switch self {
        case .seoul: Bilingual(ko: "서울특별시", en: "Seoul")
        case .busan: Bilingual(ko: "부산광역시", en: "Busan")
        case .daegu: Bilingual(ko: "대구광역시", en: "Daegu")
        case .incheon: Bilingual(ko: "인천광역시", en: "Incheon")
        case .gwangju: Bilingual(ko: "광주광역시", en: "Gwangju")
        case .daejeon: Bilingual(ko: "대전광역시", en: "Daejeon")
        case .ulsan: Bilingual(ko: "울산광역시", en: "Ulsan")
        case .gyeonggi: Bilingual(ko: "경기도", en: "Gyeonggi")
        case .gangwon: Bilingual(ko: "강원특별자치도", en: "Gangwon")
        case .chungbuk: Bilingual(ko: "충청북도", en: "North Chungcheong")
        case .chungnam: Bilingual(ko: "충청남도", en: "South Chungcheong")
        case .jeonbuk: Bilingual(ko: "전북특별자치도", en: "North Jeolla")
        case .jeonnam: Bilingual(ko: "전라남도", en: "South Jeolla")
        case .gyeongbuk: Bilingual(ko: "경상북도", en: "North Gyeongsang")
        case .gyeongnam: Bilingual(ko: "경상남도", en: "South Gyeongsang")
        case .jeju: Bilingual(ko: "제주특별자치도", en: "Jeju")
        case .sejong: Bilingual(ko: "세종특별자치시", en: "Sejong")
        }
    }

    /// The wider region that plans cooperate in (the plan's 충청권 megacity is Daejeon, Sejong, 충북, 충남).
    public var wider: WiderRegion {
        switch self {
        case .seoul, .incheon, .gyeonggi: .capital
        case .daejeon, .sejong, .chungbuk, .chungnam: .chungcheong
        case .gwangju, .jeonbuk, .jeonnam: .honam
        case .daegu, .gyeongbuk: .daegyeong
        case .busan, .ulsan, .gyeongnam: .dongnam
        case .gangwon: .gangwon
        case .jeju: .jeju
        }
    }
}

/// Groups of regions, for nearness in matching.
public enum WiderRegion: String, Codable, CaseIterable, Sendable, Named {
    case capital, chungcheong, honam, daegyeong, dongnam, gangwon, jeju

    public var name: Bilingual {
        switch self {
        case .capital: Bilingual(ko: "수도권", en: "Capital area")
        case .chungcheong: Bilingual(ko: "충청권", en: "Chungcheong")
        case .honam: Bilingual(ko: "호남권", en: "Honam")
        case .daegyeong: Bilingual(ko: "대경권", en: "Daegu and North Gyeongsang")
        case .dongnam: Bilingual(ko: "동남권", en: "South-east")
        case .gangwon: Bilingual(ko: "강원권", en: "Gangwon")
        case .jeju: Bilingual(ko: "제주권", en: "Jeju")
        }
    }
}
