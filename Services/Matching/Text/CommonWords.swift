/// Words that needs and offers of every field are written with. In a large collection their rarity says so by itself; in
/// a young one it cannot yet, and 지원 or 대응 would decide what a demand is about. They count, but less.
enum CommonWords {
    /// What such a term is worth beside one that names a thing. Chosen on the tuning half of the judged pairs.
    static let weight = 0.6

    /// English writes apart what Korean hangs on the word; it names nothing at all. What is also an element's symbol
    /// (As, No, Be) is left alone.
    static let functionWordWeight = 0.1

    static func weight(of term: Term) -> Double {
        functionWords.contains(term) ? functionWordWeight : terms.contains(term) ? weight : 1
    }

    /// Their terms: the word for a Latin one, the bigrams for a Korean one, so that 고도화를 is meant with 고도화.
    private static let terms = terms(of: korean + " " + english)
    private static let functionWords = terms(of: englishFunctionWords)

    private static func terms(of text: String) -> Set<Term> {
        Set(Tokeniser(thesaurus: Thesaurus([])).vector(of: text).terms)
    }

    private static let korean = """
        가능 각종 강화 개발 개선 경쟁력 고도화 공동 관련 구축 국내 극대화 글로벌 급격 기능 기반 기술 기업 니즈 다양 대상 대응 대한 도입
        등의 따라 따른 맞춤 문제 미래 미흡 발생 부족 분야 사업 산업 새로운 서비스 선도 선점 성장 세계 센터 솔루션 수요 수준 시스템 시장
        신규 신속 어려움 역량 연계 연구 요구 우수 운영 위한 위해 육성 저조 전략 전문 전환 제고 제공 제품 조성 조기 종합 주요 중심 중요
        증가 증대 지역 지원 차세대 체계 체계적 첨단 촉진 최적 추진 취약 통한 통합 통해 특화 프로그램 플랫폼 필요 해결 해소 해외 핵심
        향상 혁신 협력 확대 확보 확산 활성화 활용 효과 효율
        """

    private static let english = """
        based development innovation new platform programme research service solution support system technology using
        """

    private static let englishFunctionWords = """
        a an and are by can for from has in into is it its of on or that the their this to was we which with
        """
}
