/// What people write at the head of a column. Names are compared without case, blanks, signs and what stands in
/// parentheses, so that `제목 (필수)` and `Business_Number` are understood.
enum ColumnName {
    static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        var depth = 0
        for scalar in text.precomposed.unicodeScalars {
            switch scalar {
            case "(", "[", "（": depth += 1
            case ")", "]", "）": depth = max(0, depth - 1)
            case _ where depth > 0: break
            default:
                let properties = scalar.properties
                if properties.isAlphabetic || properties.numericType != nil {
                    plain.append(contentsOf: properties.lowercaseMapping.unicodeScalars)
                }
            }
        }
        return String(plain)
    }

    /// Further names of a field beside its own, by the field's name in the method's parameters. A field that is not
    /// here is known by its own name.
    static let aliases: [String: [String]] = [
        "title": ["제목", "기술명", "수요명", "명칭", "name"],
        "summary": ["요약", "개요", "기술요약", "수요요약", "abstract"],
        "description": ["설명", "내용", "상세설명", "상세내용", "기술내용", "수요내용", "details"],
        "keywords": ["키워드", "핵심어", "검색어", "keyword"],
        "trl": ["기술성숙도", "TRL단계", "기술수준", "필요TRL", "stage"],
        "fields": ["과학기술분류", "기술분류", "기술분야", "분야", "field"],
        "industries": ["산업", "전략산업", "산업분야", "industry"],
        "ksicSections": ["표준산업분류", "한국표준산업분류", "업종", "KSIC", "sections"],
        "region": ["지역", "소재지", "시도"],
        "partnerships": ["협력유형", "협력방식", "이전방식", "이전유형", "거래유형", "partnership"],
        "exclusive": ["독점", "독점여부", "전용실시"],
        "validUntil": ["유효기간", "유효일", "만료일", "마감일", "expires"],
        "source": ["출처"],
        "type": ["유형", "프로필유형", "구분"],
        "advantages": ["장점과혁신성", "장점", "강점", "혁신성", "차별성", "advantage"],
        "iprStatus": ["지식재산상태", "권리상태", "IPR상태", "지식재산권", "IPR"],
        "patents": ["특허번호", "특허", "출원번호", "등록번호", "patent", "patent number"],
        "classifications": ["특허분류", "국제특허분류", "IPC", "CPC"],
        "partnerSought": ["희망협력대상"],
        "partnerSought.role": ["협력대상역할", "찾는역할"],
        "partnerSought.expertise": ["협력대상전문성", "필요전문성"],
        "partnerSought.organisationKinds": ["협력대상유형", "희망기관유형"],
        "kind": ["기관유형", "기관구분", "구분", "유형", "type"],
        "nameKo": ["기관명", "기업명", "회사명", "상호", "이름", "국문명", "name"],
        "nameEn": ["영문명", "영문기관명", "영문이름", "english name"],
        "businessNumber": ["사업자등록번호", "사업자번호", "business registration number"],
        "contact.department": ["담당부서", "부서"],
        "contact.email": ["이메일", "메일", "전자우편", "email"],
        "contact.phone": ["전화", "전화번호", "연락처", "phone"],
        "representatives": ["대표사용자", "담당주체"],
        "organisation": ["기관", "기관명", "기업명", "회사명", "소속", "소속기관", "보유기관", "organisationId", "company"],
        "organisationKind": ["기관유형", "기관구분"],
    ]
}

extension String {
    /// Hangul that was decomposed (as macOS writes file names and some texts) as syllables.
    var precomposed: String {
        let isPlain = utf8.allSatisfy { $0 < 0x80 }
        guard !isPlain, unicodeScalars.contains(where: { (0x1100...0x11FF).contains($0.value) }) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            guard let last = result.last, let joined = Unicode.Scalar.joined(last, scalar) else {
                result.append(scalar)
                continue
            }
            result.removeLast()
            result.append(joined)
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Hangul syllable composition of the Unicode Standard, 3.12.
    fileprivate static func joined(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first.value), (0x1161...0x1175).contains(second.value) {
            return Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
        }
        if (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00) % 28 == 0,
            (0x11A8...0x11C2).contains(second.value)
        {
            return Unicode.Scalar(first.value + second.value - 0x11A7)
        }
        return nil
    }
}
