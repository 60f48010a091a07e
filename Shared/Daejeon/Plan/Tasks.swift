import JSON

extension Daejeon {
    public static let strategies: [Strategy] = [
        Strategy(
            id: "1", name: Bilingual(ko: "과학산업의 전략적 육성", en: "Science industries as a strategy"), source: "P:453"),
        Strategy(
            id: "2", name: Bilingual(ko: "글로벌 과학산업 융합혁신 거점 조성", en: "A global base of convergence"),
            source: "P:456"),
        Strategy(
            id: "3", name: Bilingual(ko: "과학산업 창업·사업화 생태계 조성", en: "Start-ups and commercialisation"),
            source: "P:460"),
        Strategy(
            id: "4", name: Bilingual(ko: "지역 과학산업 인재 양성 및 확보", en: "Talent for the region's science industries"),
            source: "P:463"),
    ]

    public static let tasks: [Task] = [
        Task(id: "1-1", name: Bilingual(ko: "핵심전략산업 집중육성", en: "Core strategic industries"), source: "P:453"),
        Task(id: "1-2", name: Bilingual(ko: "과학기술 실증혁신체계 고도화", en: "Demonstration raised"), source: "P:454"),
        Task(
            id: "1-3", name: Bilingual(ko: "과학산업 성장을 위한 기술기반 확대", en: "Technological foundations widened"),
            source: "P:455"),
        Task(
            id: "2-1", name: Bilingual(ko: "대덕특구 연계 융합혁신 생태계 조성", en: "Convergence around Daedeok Innopolis"),
            source: "P:456"),
        Task(
            id: "2-2", name: Bilingual(ko: "초광역 융합혁신 플랫폼 허브 역량 강화", en: "Hub of a platform across regions"),
            source: "P:457"),
        Task(
            id: "2-3", name: Bilingual(ko: "글로벌 과학산업 혁신생태계 조성", en: "A global ecosystem of science industry"),
            source: "P:458"),
        Task(
            id: "3-1", name: Bilingual(ko: "공공기술 실증·사업화 생태계 조성", en: "Public technology proven and sold"),
            source: "P:459"),
        Task(
            id: "3-2", name: Bilingual(ko: "딥테크 스케일업 생태계 활성화", en: "Deep tech that scales up"), source: "P:460"),
        Task(
            id: "3-3", name: Bilingual(ko: "창업 친화형 과학문화 확산", en: "A culture of science that welcomes founders"),
            source: "P:461"),
        Task(
            id: "4-1", name: Bilingual(ko: "지역 과학산업 인재 양성 시스템 구축", en: "A system that trains talent"),
            source: "P:462"),
        Task(
            id: "4-2", name: Bilingual(ko: "수요기반 전주기적 인재 양성 및 확보", en: "Talent on demand, the whole cycle"),
            source: "P:463"),
        Task(
            id: "4-3", name: Bilingual(ko: "글로벌 과학산업 인재 양성 및 유치", en: "Global talent trained and attracted"),
            source: "P:464"),
    ]
}
