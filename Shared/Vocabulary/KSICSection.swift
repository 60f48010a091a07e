public import JSON

/// Sections of the Korean Standard Industrial Classification, 11th revision, in force since 2024-07-01 (domain.md 3.5).
public enum KSICSection: String, Codable, CaseIterable, Sendable, Named {
    case a = "A", b = "B", c = "C", d = "D", e = "E", f = "F", g = "G", h = "H", i = "I", j = "J", k = "K", l = "L"
    case m = "M", n = "N", o = "O", p = "P", q = "Q", r = "R", s = "S", t = "T", u = "U"

    /// The revision that the names belong to.
    public static let edition = "11"

    public var name: Bilingual {
        switch self {
        case .a: Bilingual(ko: "농업, 임업 및 어업", en: "Agriculture, forestry and fishing")
        case .b: Bilingual(ko: "광업", en: "Mining and quarrying")
        case .c: Bilingual(ko: "제조업", en: "Manufacturing")
        case .d: Bilingual(ko: "전기, 가스, 증기 및 공기 조절 공급업", en: "Electricity, gas, steam and air conditioning supply")
        case .e: Bilingual(ko: "수도, 하수 및 폐기물 처리, 원료 재생업", en: "Water, sewage, waste and materials recovery")
        case .f: Bilingual(ko: "건설업", en: "Construction")
        case .g: Bilingual(ko: "도매 및 소매업", en: "Wholesale and retail trade")
        case .h: Bilingual(ko: "운수 및 창고업", en: "Transportation and storage")
        case .i: Bilingual(ko: "숙박 및 음식점업", en: "Accommodation and food service")
        case .j: Bilingual(ko: "정보통신업", en: "Information and communication")
        case .k: Bilingual(ko: "금융 및 보험업", en: "Finance and insurance")
        case .l: Bilingual(ko: "부동산업", en: "Real estate")
        case .m: Bilingual(ko: "전문, 과학 및 기술 서비스업", en: "Professional, scientific and technical services")
        case .n: Bilingual(ko: "사업시설 관리, 사업 지원 및 임대 서비스업", en: "Facilities, business support and rental services")
        case .o: Bilingual(ko: "공공 행정, 국방 및 사회보장 행정", en: "Public administration, defence and social security")
        case .p: Bilingual(ko: "교육 서비스업", en: "Education")
        case .q: Bilingual(ko: "보건업 및 사회복지 서비스업", en: "Human health and social work")
        case .r: Bilingual(ko: "예술, 스포츠 및 여가관련 서비스업", en: "Arts, sports and recreation")
        case .s: Bilingual(ko: "협회 및 단체, 수리 및 기타 개인 서비스업", en: "Membership organisations, repair and personal services")
        case .t: Bilingual(ko: "가구 내 고용활동 및 자가 소비 생산활동", en: "Households as employers or producers for own use")
        case .u: Bilingual(ko: "국제 및 외국기관", en: "International and foreign organisations")
        }
    }
}
