import JSON
import Vocabulary

extension Daejeon {
    /// Institutions that the plan names (it does not name ETRI).
    public static let institutions: [Organisation] = science + support + defence

    private static let science: [Organisation] = [
        Organisation("kaist", ko: "한국과학기술원(KAIST)", en: "KAIST", .university, "P:559"),
        Organisation("ust", ko: "과학기술연합대학원대학교(UST)", en: "University of Science and Technology", .university, "P:1273"),
        Organisation("cnu", ko: "충남대학교", en: "Chungnam National University", .university, "P:818"),
        Organisation("hannam", ko: "한남대학교", en: "Hannam University", .university, "P:1523"),
        Organisation(
            "cnuh", ko: "충남대학교병원", en: "Chungnam National University Hospital", .hospital, in: [.bioHealth], "P:620"),
        Organisation(
            "kribb", ko: "한국생명공학연구원", en: "Korea Research Institute of Bioscience and Biotechnology", .institute,
            in: [.bioHealth], "P:620"),
        Organisation(
            "krict", ko: "한국화학연구원", en: "Korea Research Institute of Chemical Technology", .institute, in: [.bioHealth],
            "P:620"),
        Organisation(
            "kari", ko: "한국항공우주연구원", en: "Korea Aerospace Research Institute", .institute, in: [.space], "P:710"),
        Organisation(
            "kbsi", ko: "한국기초과학지원연구원(KBSI)", en: "Korea Basic Science Institute", .institute, in: [.researchEquipment],
            "P:963"),
        Organisation(
            "kriss", ko: "한국표준과학연구원(KRISS)", en: "Korea Research Institute of Standards and Science", .institute,
            in: [.researchEquipment], "P:963"),
        Organisation(
            "nnfc", ko: "나노종합기술원(NNFC)", en: "National NanoFab Center", .institute, in: [.nanoSemiconductor], "P:2112"),
        Organisation("ibs", ko: "기초과학연구원(IBS)", en: "Institute for Basic Science", .institute, "P:1222"),
        Organisation("nsm", ko: "국립중앙과학관", en: "National Science Museum", .agency, "P:1698"),
    ]

    private static let support: [Organisation] = [
        Organisation("city", ko: "대전광역시", en: "Daejeon Metropolitan City", .government, "P:2385"),
        Organisation(
            "distep", ko: "대전과학산업진흥원(DISTEP)", en: "DISTEP", .agency, "P:2386",
            note: Bilingual(ko: "계획의 수립·점검과 DAON 운영을 맡음(P:2392)", en: "plans, checks and runs DAON (P:2392)")),
        Organisation("djtp", ko: "대전테크노파크", en: "Daejeon Technopark", .agency, "P:1566"),
        Organisation(
            "ccei", ko: "대전창조경제혁신센터", en: "Daejeon Center for Creative Economy and Innovation", .agency, "P:1895"),
        Organisation("djba", ko: "대전일자리경제진흥원", en: "Daejeon jobs and economy agency", .agency, "P:1895"),
        Organisation("chamber", ko: "대전상공회의소", en: "Daejeon Chamber of Commerce and Industry", .association, "P:1895"),
        Organisation("inva", ko: "대전이노폴리스벤처협회", en: "Innopolis venture association", .association, "P:1895"),
        Organisation(
            "heads", ko: "대전연구단지기관장협의회", en: "Council of heads of Daedeok institutes", .association, "P:1895"),
        Organisation(
            "bhca", ko: "바이오헬스케어협회", en: "Bio-healthcare association", .association, in: [.bioHealth], "P:1902"),
        Organisation(
            "wiset", ko: "한국여성과학기술인육성재단", en: "Foundation for women in science and technology", .agency,
            region: .seoul, "P:2207"),
        Organisation(
            "posep", ko: "과학기술연결플랫폼협동조합(PoSEP)", en: "PoSEP, co-operative of retired scientists", .association,
            "P:2220"),
        Organisation("exchange", ko: "대전시 국제교류센터", en: "Daejeon international centre", .agency, "P:2266"),
        Organisation("tourism", ko: "대전관광공사", en: "Daejeon tourism organisation", .agency, "P:2266"),
        Organisation(
            "investment-agency", ko: "대전투자청", en: "Daejeon investment agency", .investor, "P:1608",
            note: Bilingual(
                ko: "계획 당시의 이름. 이후 대전투자금융으로 설립(계획 이후의 사실)",
                en: "as the plan calls it; founded later under another name (later than the plan)")),
    ]

    private static let defence: [Organisation] = [
        Organisation("dapa", ko: "방위사업청", en: "Defence acquisition agency", .government, in: [.defence], "P:655"),
        Organisation("add", ko: "국방과학연구소", en: "Agency for Defense Development", .institute, in: [.defence], "P:656"),
        Organisation("logistics", ko: "군수사령부", en: "Logistics command", .government, in: [.defence], "P:656"),
        Organisation(
            "reliability", ko: "국방신뢰성시험센터", en: "Defence reliability test centre", .agency, in: [.defence], "P:685"),
        Organisation("shinsegae", ko: "신세계 아트앤사이언스", en: "Shinsegae Art & Science", .company, "P:1717"),
    ]
}
