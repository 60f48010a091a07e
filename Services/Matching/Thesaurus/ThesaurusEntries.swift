import JSON

/// `P:`, `C:` and `M:` name lines of the source documents where the two names stand together or the need and the
/// technique meet; `know` is general knowledge of the field.
extension Thesaurus {
    static let standard = Thesaurus(
        instruments + biology + computing + industry + ThesaurusTable.concepts(ThesaurusTable.analysis)
            + ThesaurusTable.concepts(ThesaurusTable.life) + ThesaurusTable.concepts(ThesaurusTable.information)
            + ThesaurusTable.concepts(ThesaurusTable.manufacturing)
            + ThesaurusTable.concepts(ThesaurusTable.energyAndDefence) + ThesaurusTable.concepts(ThesaurusTable.agency)
            + ThesaurusTable.concepts(ThesaurusTable.people) + ThesaurusTable.concepts(ThesaurusTable.investigation)
            + ThesaurusTable.concepts(ThesaurusTable.problems))

    private static func entry(
        _ id: String, _ ko: String, _ en: String, names: [String] = [], abbreviations: [String] = [],
        context: [String] = [], related: [String: Double] = [:], source: String
    ) -> Concept {
        let plain = ([ko, en] + names).map { Concept.Name(text: $0, isAbbreviation: false, context: []) }
        let short = abbreviations.map { Concept.Name(text: $0, isAbbreviation: true, context: context) }
        return Concept(
            id: id, label: Bilingual(ko: ko, en: en), names: plain + short,
            related: related.sorted { $0.key < $1.key }.map { Concept.Relation(concept: $0.key, weight: $0.value) },
            source: source, reviewed: "2026-11-21")
    }

    private static let instruments: [Concept] = [
        entry(
            "sims", "이차이온 질량분석", "secondary ion mass spectrometry", names: ["2차이온 질량분석", "secondary ion MS"],
            abbreviations: ["SIMS"], related: ["mass-spectrometry": 0.4], source: "C:259"),
        entry(
            "tem", "투과전자현미경", "transmission electron microscope",
            names: ["transmission electron microscopy", "투과형 전자현미경"], abbreviations: ["TEM"],
            related: ["electron-microscope": 0.5], source: "C:244"),
        entry(
            "sem", "주사전자현미경", "scanning electron microscope", names: ["scanning electron microscopy"],
            abbreviations: ["SEM"], context: ["현미경", "microscop", "전자", "시료", "표면", "surface"],
            related: ["electron-microscope": 0.5], source: "know"),
        entry(
            "electron-microscope", "전자현미경", "electron microscope", names: ["electron microscopy"],
            related: ["super-resolution": 0.3, "tem": 0.4], source: "C:274"),
        entry(
            "super-resolution", "초고해상도현미경", "super-resolution microscope",
            names: ["super-resolution microscopy", "초고해상도 현미경", "초고분해능 현미경", "원자수준의 해상도", "원자 수준 해상도"],
            related: ["electron-microscope": 0.4], source: "C:271-274"),
        entry(
            "mass-spectrometry", "질량분석", "mass spectrometry", names: ["mass spectrometer", "질량 분석"],
            abbreviations: ["MS"], context: ["질량", "크로마토", "mass spec", "GC", "LC", "이온"],
            related: ["sims": 0.4], source: "C:259-266"),
        entry(
            "gas-chromatography", "가스크로마토그래피", "gas chromatography", names: ["기체크로마토그래피"],
            abbreviations: ["GC", "GC-MS"], context: ["크로마토", "질량", "chromatogr", "MS", "분석"],
            related: ["mass-spectrometry": 0.3], source: "C:266"),
        entry(
            "liquid-chromatography", "액체크로마토그래피", "liquid chromatography",
            abbreviations: ["LC", "LC-MS", "HPLC"], context: ["크로마토", "질량", "chromatogr", "MS", "분석"],
            related: ["mass-spectrometry": 0.3], source: "C:266-268"),
        entry(
            "mri", "자기공명영상", "magnetic resonance imaging", names: ["자기공명 영상", "고자장 영상"],
            abbreviations: ["MRI"], source: "C:246"),
        entry(
            "nmr", "핵자기공명", "nuclear magnetic resonance", abbreviations: ["NMR"], source: "know"),
        entry(
            "endoscope", "내시경", "endoscope", names: ["endoscopy"], source: "C:260"),
        entry(
            "detector", "디텍터", "detector", names: ["검출기"], source: "C:274"),
        entry(
            "chiral", "카이랄", "chiral", names: ["키랄", "chirality", "거울상 이성질"], source: "C:259"),
        entry(
            "imaging", "이미징", "imaging", names: ["영상화"], source: "C:244-259"),
        entry(
            "research-equipment", "연구장비", "research equipment",
            names: ["연구 장비", "분석장비", "연구시설장비", "scientific instrument", "research instrument"],
            source: "P:455; C:44"),
    ]

    private static let biology: [Concept] = [
        entry(
            "sequencer", "염기서열 분석기", "sequencer",
            names: [
                "시퀀서", "시퀀싱", "염기서열", "염기서열분석", "유전자 서열분석", "DNA sequencing", "gene sequencing",
                "sequencing",
            ],
            related: ["ngs": 0.5], source: "C:239,301,304"),
        entry(
            "ngs", "차세대 염기서열 분석", "next-generation sequencing",
            names: ["차세대 시퀀서", "차세대 시퀀싱", "next generation sequencing"], abbreviations: ["NGS"],
            related: ["sequencer": 0.5], source: "C:301,319"),
        entry("omics", "오믹스", "omics", names: ["유전체", "단백체", "대사체", "메타볼로믹스"], source: "C:268,319"),
        entry(
            "drug-discovery", "신약개발", "drug discovery",
            names: ["신약 개발", "drug development", "후보물질 도출", "후보물질 발굴"], source: "P:615-618; C:313"),
        entry(
            "drug-screening", "약물 스크리닝", "drug screening", names: ["후보약물 검증", "약물 탐색"],
            related: ["drug-discovery": 0.4], source: "C:313"),
        entry("antibody-drug", "항체의약품", "antibody drug", names: ["항체 의약", "therapeutic antibody"], source: "know"),
        entry("protein", "단백질", "protein", source: "C:274"),
        entry(
            "live-cell-imaging", "라이브 셀 이미징", "live cell imaging",
            names: ["살아있는 세포", "생세포 영상", "세포를 살아있는 채로"], related: ["imaging": 0.4], source: "P:618; know"),
        entry("toxin", "독소", "toxin", names: ["독성물질", "toxicity", "독성"], source: "C:239,313"),
        entry(
            "avian-influenza", "조류독감", "avian influenza", names: ["조류인플루엔자", "bird flu"],
            abbreviations: ["AI"], context: ["조류", "독감", "인플루엔자", "가금", "방역", "avian", "influenza", "poultry"],
            source: "C:304"),
        entry("scale-up", "스케일업", "scale-up", names: ["공정 확대", "양산화"], source: "P:202"),
        entry(
            "microbe", "미생물", "microorganism", names: ["microbe", "microbial"], source: "know"),
        entry(
            "digital-health", "디지털 헬스", "digital health", names: ["디지털 헬스케어", "digital healthcare"], source: "P:113"),
    ]

    private static let computing: [Concept] = [
        entry(
            "artificial-intelligence", "인공지능", "artificial intelligence", names: ["지능형"], abbreviations: ["AI"],
            context: [
                "지능", "학습", "데이터", "알고리즘", "딥러닝", "신경망", "소프트웨어", "SW", "ICT", "튜터", "로봇",
                "intelligen", "learning", "algorithm", "data", "neural", "software",
            ],
            related: ["machine-learning": 0.5], source: "M:872"),
        entry(
            "machine-learning", "기계학습", "machine learning", names: ["머신러닝", "딥러닝", "deep learning", "심층학습"],
            related: ["artificial-intelligence": 0.5], source: "M:803"),
        entry(
            "iot", "사물인터넷", "internet of things", abbreviations: ["IoT", "IOT"], related: ["sensor": 0.3],
            source: "M:803"),
        entry("sensor", "센서", "sensor", names: ["감지기"], related: ["monitoring": 0.3], source: "C:313"),
        entry("monitoring", "모니터링", "monitoring", names: ["감시", "상시 감시"], source: "know"),
        entry("big-data", "빅데이터", "big data", source: "C:311"),
        entry("metaverse", "메타버스", "metaverse", source: "P:113,892"),
        entry("digital-twin", "디지털 트윈", "digital twin", names: ["디지털트윈"], source: "know"),
        entry("ict", "정보통신기술", "information and communication technology", abbreviations: ["ICT"], source: "C:332"),
        entry("quantum-computing", "양자컴퓨팅", "quantum computing", names: ["양자컴퓨터"], source: "P:132; M:762"),
        entry("software", "소프트웨어", "software", names: ["S/W"], abbreviations: ["SW"], source: "C:332"),
        entry("simulation", "시뮬레이션", "simulation", names: ["모의실험", "전산모사"], source: "know"),
    ]

    private static let industry: [Concept] = [
        entry(
            "additive-manufacturing", "3D프린팅", "3D printing",
            names: ["3차원 프린팅", "3D 프린터", "적층제조", "additive manufacturing"], source: "P:836,857"),
        entry(
            "light-weighting", "경량화", "lightweighting", names: ["weight reduction", "경량 부품"],
            related: ["additive-manufacturing": 0.4], source: "P:857"),
        entry("satellite-imagery", "위성영상", "satellite imagery", names: ["위성 영상", "위성정보"], source: "P:731-732"),
        entry("cubesat", "큐브위성", "CubeSat", names: ["초소형위성", "nanosatellite"], source: "P:752"),
        entry(
            "drone", "드론", "drone", names: ["무인항공기", "무인기"], abbreviations: ["UAV"], source: "P:655"),
        entry(
            "uam", "도심항공 모빌리티", "urban air mobility", names: ["도심항공교통", "도심항공모빌리티"],
            abbreviations: ["UAM"], source: "P:1179"),
        entry("robot", "로봇", "robot", names: ["robotics"], source: "P:201"),
        entry("semiconductor", "반도체", "semiconductor", source: "P:201"),
        entry(
            "battery", "이차전지", "secondary battery", names: ["2차전지", "리튬이온 전지", "lithium-ion battery", "배터리"],
            source: "C:205; P:201"),
        entry("photovoltaic", "태양광", "photovoltaic", names: ["태양전지", "solar cell"], source: "C:205"),
        entry("hydrogen", "수소", "hydrogen", source: "P:201"),
        entry("renewable-energy", "재생에너지", "renewable energy", names: ["신재생에너지"], source: "know"),
        entry(
            "reconnaissance", "감시정찰", "surveillance and reconnaissance", names: ["정찰감시"], abbreviations: ["ISR"],
            source: "P:2139"),
        entry("unmanned-vessel", "무인함정", "unmanned vessel", names: ["무인선", "무인수상정"], source: "know"),
        entry(
            "public-safety", "재난안전", "public safety", names: ["스마트 안전", "시민 안전", "안전확보", "재난 안전"], source: "P:836"),
    ]
}
