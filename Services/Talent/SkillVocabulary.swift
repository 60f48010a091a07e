import JSON

/// One word of the skill vocabulary.
struct SkillTerm: Sendable, Hashable {
    /// `group.name`, stable: what is stored.
    let code: String
    let name: Bilingual
    let aliases: [String]

    var group: Substring { code.prefix { $0 != "." } }
}

extension SkillTerm {
    private init(_ code: String, _ ko: String, _ en: String, _ aliases: String...) {
        self.init(code: code, name: Bilingual(ko: ko, en: en), aliases: aliases)
    }

    /// A small vocabulary of our own (synthetic): the analysis technologies and industries that the plan names, and what
    /// a small firm asks of an expert. ESCO and NCS codes can be mapped to it later.
    static let all: [SkillTerm] = [
        SkillTerm("bio.sequencing", "염기서열 분석", "DNA sequencing", "NGS", "차세대 염기서열", "next generation sequencing"),
        SkillTerm("bio.informatics", "생명정보 분석", "Bioinformatics", "바이오인포매틱스", "유전체 분석"),
        SkillTerm("bio.cell-culture", "세포 배양", "Cell culture", "세포배양 공정"),
        SkillTerm("bio.pharmaceutical", "의약품 개발", "Drug development", "신약 개발", "신약개발"),
        SkillTerm("bio.clinical", "임상시험", "Clinical trials", "임상 연구", "clinical research", "CRA"),
        SkillTerm("bio.toxicity", "독성 시험", "Toxicity testing", "독성 평가", "toxicology"),
        SkillTerm("bio.device", "의료기기 개발", "Medical devices", "medical device", "체외진단", "IVD"),
        SkillTerm("analysis.electron-microscopy", "전자현미경", "Electron microscopy", "TEM", "SEM", "투과전자현미경"),
        SkillTerm("analysis.mass-spectrometry", "질량분석", "Mass spectrometry", "LC-MS", "GC-MS", "SIMS", "MS"),
        SkillTerm("analysis.optical-microscopy", "광학현미경", "Optical microscopy", "광학 내시경", "endoscopy"),
        SkillTerm("analysis.nmr", "핵자기공명", "Nuclear magnetic resonance", "NMR", "MRI"),
        SkillTerm("analysis.spectroscopy", "분광 분석", "Spectroscopy", "Raman", "라만", "FT-IR"),
        SkillTerm("analysis.metrology", "측정·교정", "Metrology", "정밀 측정", "calibration", "측정 표준"),
        SkillTerm("analysis.equipment-operation", "연구장비 운영", "Research equipment operation", "장비 운용", "장비 엔지니어"),
        SkillTerm("semiconductor.process", "반도체 공정", "Semiconductor processing", "반도체 8대 공정", "semiconductor process"),
        SkillTerm("semiconductor.design", "반도체 설계", "Chip design", "회로 설계", "SoC", "RTL", "Verilog", "circuit design"),
        SkillTerm("semiconductor.packaging", "반도체 패키징", "Semiconductor packaging", "후공정", "packaging"),
        SkillTerm("semiconductor.lithography", "노광", "Lithography", "리소그래피", "EUV"),
        SkillTerm("semiconductor.sensors", "센서 개발", "Sensor development", "MEMS", "센서", "sensor"),
        SkillTerm("ict.machine-learning", "기계학습", "Machine learning", "머신러닝", "딥러닝", "deep learning", "인공지능", "AI"),
        SkillTerm("ict.computer-vision", "컴퓨터 비전", "Computer vision", "영상 처리", "image processing"),
        SkillTerm("ict.language-processing", "자연어 처리", "Natural language processing", "NLP", "LLM"),
        SkillTerm("ict.data-engineering", "데이터 엔지니어링", "Data engineering", "빅데이터", "big data", "ETL"),
        SkillTerm("ict.statistics", "통계 분석", "Statistics", "통계", "statistical analysis"),
        SkillTerm("ict.python", "파이썬", "Python"),
        SkillTerm("ict.swift", "스위프트", "Swift"),
        SkillTerm("ict.cpp", "C++", "C++", "CPP", "C/C++"),
        SkillTerm("ict.embedded", "임베디드 소프트웨어", "Embedded software", "펌웨어", "firmware", "embedded"),
        SkillTerm("ict.web", "웹 개발", "Web development", "프런트엔드", "frontend", "백엔드", "backend"),
        SkillTerm("ict.security", "정보 보안", "Information security", "보안", "cyber security"),
        SkillTerm("ict.networks", "통신 네트워크", "Communication networks", "5G", "6G", "무선 통신", "wireless"),
        SkillTerm("ict.quantum", "양자 정보", "Quantum information", "양자컴퓨팅", "quantum computing"),
        SkillTerm("machines.robotics", "로봇", "Robotics", "로보틱스", "ROS"),
        SkillTerm("machines.control", "제어", "Control engineering", "PLC", "제어 공학", "자동화", "automation"),
        SkillTerm("machines.mechanical-design", "기구 설계", "Mechanical design", "CAD", "기계 설계", "SolidWorks"),
        SkillTerm("machines.simulation", "공학 해석", "Engineering simulation", "CAE", "FEM", "CFD", "유한요소해석"),
        SkillTerm("machines.manufacturing", "생산 기술", "Manufacturing engineering", "스마트공장", "smart factory", "금형"),
        SkillTerm("machines.drones", "무인기", "Unmanned aircraft", "드론", "drone", "UAV"),
        SkillTerm("space.satellites", "위성 개발", "Satellite engineering", "위성", "큐브샛", "cubesat"),
        SkillTerm("space.propulsion", "추진 기관", "Propulsion", "로켓", "rocket", "발사체"),
        SkillTerm("space.radar", "레이다", "Radar", "레이더", "SAR"),
        SkillTerm("defence.weapon-systems", "무기 체계", "Weapon systems", "국방 무기", "방산"),
        SkillTerm("defence.reliability", "신뢰성 시험", "Reliability testing", "환경 시험", "MIL-STD"),
        SkillTerm("materials.polymers", "고분자", "Polymers", "polymer"),
        SkillTerm("materials.nano", "나노 소재", "Nanomaterials", "나노", "그래핀", "graphene"),
        SkillTerm("materials.batteries", "이차전지", "Batteries", "배터리", "battery", "secondary battery"),
        SkillTerm("materials.metals", "금속 재료", "Metals", "뿌리기술", "주조", "용접", "welding"),
        SkillTerm("energy.hydrogen", "수소", "Hydrogen", "연료전지", "fuel cell"),
        SkillTerm("energy.solar", "태양광", "Solar power", "photovoltaics"),
        SkillTerm("energy.nuclear", "원자력", "Nuclear engineering", "방사선"),
        SkillTerm("business.technology-transfer", "기술이전", "Technology transfer", "기술사업화", "tech transfer", "TLO"),
        SkillTerm("business.technology-valuation", "기술가치평가", "Technology valuation", "기술평가"),
        SkillTerm("business.patents", "특허", "Patents", "지식재산", "IP", "특허 분석", "patent analysis"),
        SkillTerm("business.certification", "인증·규제", "Certification and regulation", "인허가", "KC 인증", "RA", "규제 대응"),
        SkillTerm("business.finance", "재무·회계", "Finance and accounting", "회계", "재무", "accounting"),
        SkillTerm("business.investment", "투자 유치", "Raising investment", "IR", "벤처투자", "venture capital"),
        SkillTerm("business.marketing", "마케팅", "Marketing", "판로 개척", "시장 조사"),
        SkillTerm("business.export", "수출", "Export", "해외 진출", "무역", "international trade"),
        SkillTerm("business.project-management", "과제 관리", "Project management", "PM", "사업 관리", "PMP"),
        SkillTerm("business.quality", "품질 관리", "Quality management", "QA", "QC", "ISO 9001", "GMP"),
        SkillTerm("business.procurement", "공공 조달", "Public procurement", "조달", "혁신제품 지정"),
        SkillTerm("people.mentoring", "멘토링", "Mentoring", "기술 자문", "코칭", "coaching", "advisory"),
        SkillTerm("people.training", "교육 훈련", "Training", "강의", "teaching"),
        SkillTerm("people.science-communication", "과학 소통", "Science communication", "과학 문화", "과학 해설"),
        SkillTerm("people.design", "디자인", "Design", "UX", "산업 디자인", "UI"),
    ]
}
