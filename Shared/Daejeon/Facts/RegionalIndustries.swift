public import JSON
public import Vocabulary

extension Daejeon {
    /// What each region set out to promote (C:198-211): its leading industries, those it shares with neighbours, and
    /// those of local tradition. Words as printed (Korean only), with the scan's slips corrected.
    public struct RegionalIndustries: Sourced {
        public let region: Region
        public let leading: [String]
        public let cooperating: [String]
        public let local: [String]
        public let source: Source

        public var id: String { region.rawValue }
        public var name: Bilingual { region.name }

        init(_ region: Region, leading: [String], cooperating: [String], local: [String], _ source: Source) {
            self.region = region
            self.leading = leading
            self.cooperating = cooperating
            self.local = local
            self.source = source
        }
    }

    public static let regionalIndustries: [RegionalIndustries] = [
        RegionalIndustries(
            .busan, leading: ["지능형 기계부품", "초정밀 융합부품", "금형 열처리", "바이오 헬스", "디지털 콘텐츠"],
            cooperating: ["조선해양 플랜트", "차량부품", "기능성 하이테크 섬유"],
            local: ["고령 친화기기", "스킨케어 화장품", "해양 바이오헬스"], "C:198"),
        RegionalIndustries(
            .daegu, leading: ["정밀성형", "스마트분산형에너지 시스템", "소재기반 바이오 헬스", "의료기기", "소프트 지식 서비스"],
            cooperating: ["자동차 융합부품", "지능형 기계", "기능성 하이테크 섬유"],
            local: ["패션의류", "안경테/선글라스", "주얼리"], "C:199"),
        RegionalIndustries(
            .daejeon, leading: ["무선통신 융합", "메디 바이오", "로봇 자동화", "지식재산 서비스", "금속 가공"],
            cooperating: ["기능성 화학소재", "광전자 융합", "지능형 기계"],
            local: ["안경렌즈", "대장금 프로젝트", "구즉 도토리묵"], "C:200"),
        RegionalIndustries(
            .gwangju, leading: ["스마트 가전", "생체소재부품", "복합 금형", "디자인", "초정밀 생산가공 시스템"],
            cooperating: ["친환경 자동차", "에너지 변환기술소재", "광전자 융합"],
            local: ["웰니스 CoBe", "휴먼케어산업", "인쇄출판"], "C:201"),
        RegionalIndustries(
            .ulsan, leading: ["친환경 그린 자동차부품", "정밀화학", "조선 기자재", "에너지 부품", "환경"],
            cooperating: ["자동차 융합부품", "나노융합 소재", "조선해양 플랜트"],
            local: ["하이브리드 카시트", "품질분석 시스템", "3D 프린팅용 소재"], "C:202"),
        RegionalIndustries(
            .sejong, leading: ["자동차 부품", "바이오 소재"],
            cooperating: ["기계부품"],
            local: ["조치원 복숭아"], "C:203"),
        RegionalIndustries(
            .gangwon, leading: ["웰니스 식품", "세라믹 신소재", "스포츠 지식 서비스"],
            cooperating: ["바이오 활성소재", "의료기기", "로하스 헬스케어"],
            local: ["목공예품", "해양 심층수", "강릉커피"], "C:204"),
        RegionalIndustries(
            .chungbuk, leading: ["반도체", "바이오 의약", "스마트IT부품", "태양광", "수송기계부품"],
            cooperating: ["화장품 뷰티", "이차전지", "의료기기"],
            local: ["슈퍼푸드", "밤"], "C:205"),
        RegionalIndustries(
            .chungnam, leading: ["자동차 부품", "인쇄 전자", "동물 식의약", "디지털 콘텐츠", "디스플레이"],
            cooperating: ["이차전지", "기계부품", "기능성 화학소재"],
            local: ["자카드 직물", "오메가 리놀렌산", "금산인삼"], "C:206"),
        RegionalIndustries(
            .jeonbuk, leading: ["기계부품", "건강기능식품", "해양설비 기자재", "경량소재 성형", "복합섬유 소재"],
            cooperating: ["친환경 자동차", "에너지 변환기술소재", "바이오 활성소재"],
            local: ["주얼리", "오미자/천마/홍삼", "전통 절임류"], "C:207"),
        RegionalIndustries(
            .jeonnam, leading: ["금속소재가공", "석유화학기반 고분자소재", "바이오 식품", "에너지 설비"],
            cooperating: ["바이오 활성소재", "조선해양 플랜트", "나노융합 소재"],
            local: ["고품질 타월", "산수유", "다시마"], "C:208"),
        RegionalIndustries(
            .gyeongbuk, leading: ["모바일 융합", "디지털 기기 부품", "에너지 소재부품", "성형가공", "기능성 바이오 소재"],
            cooperating: ["자동차 융합부품", "지능형 기계", "기능성 하이테크 섬유"],
            local: ["국화차", "청도반시", "붉은대게"], "C:209"),
        RegionalIndustries(
            .gyeongnam, leading: ["지능형 생산기계", "기계소재부품", "항공", "풍력 부품", "항노화 바이오"],
            cooperating: ["조선해양 플랜트", "나노융합 소재", "차량부품"],
            local: ["실크소재 전통의상", "전통 목공예/가구", "전통차"], "C:210"),
        RegionalIndustries(
            .jeju, leading: ["물응용", "관광 디지털 콘텐츠", "청정 헬스푸드", "풍력·전기차 서비스"],
            cooperating: ["로하스 헬스케어", "화장품 뷰티"],
            local: ["제주 무", "수산전통발효식품", "제주 전통주"], "C:211"),
    ]
}
