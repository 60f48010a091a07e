import JSON
import Vocabulary

extension Daejeon {
    /// Companies of the demonstration. All are invented; any likeness in name is chance. What each of them needs is
    /// built on the line that it cites.
    public static let companies: [Organisation] = [
        company("hanbit-bio", "가상 한빛바이오", "Fictive Hanbit Bio", [.bioHealth], "P:615"),
        company("gabcheon-diagnostics", "가상 갑천진단", "Fictive Gapcheon Diagnostics", [.bioHealth], "P:631"),
        company(
            "boramae-cosmetics", "가상 보라매화장품", "Fictive Boramae Cosmetics", [.bioHealth], "C:240", region: .chungbuk),
        company("geumgang-food", "가상 금강식품", "Fictive Geumgang Food", [], "C:240", region: .chungnam),
        company("nunsol-imaging", "가상 눈솔이미징", "Fictive Nunsol Imaging", [.bioHealth, .researchEquipment], "C:245"),
        company("byeolmaru-space", "가상 별마루우주", "Fictive Byeolmaru Space", [.space], "P:729"),
        company("satlight", "가상 위성빛", "Fictive Satlight", [.space, .ictAI], "P:731"),
        company("mirinae-defence", "가상 미리내방산", "Fictive Mirinae Defence", [.defence, .intelligentRobots], "P:680"),
        company("onnuri-drone", "가상 온누리드론", "Fictive Onnuri Drone", [.defence], "P:684"),
        company("silgaram-ddi", "가상 실가람반도체", "Fictive Silgaram Semiconductor", [.nanoSemiconductor], "P:566"),
        company("moraetal-parts", "가상 모래털소재", "Fictive Moraetal Materials", [.nanoSemiconductor], "P:561"),
        company("daeum-root", "가상 다음뿌리", "Fictive Daeum Casting", [.traditionalManufacturing], "P:848"),
        company("saesol-factory", "가상 새솔공장", "Fictive Saesol Factory", [.traditionalManufacturing, .ictAI], "P:859"),
        company("mulgyeol-water", "가상 물결수자원", "Fictive Mulgyeol Water", [.ictAI], "P:921"),
        company("ansim-safety", "가상 안심세이프티", "Fictive Ansim Safety", [.ictAI], "P:919"),
        company("jeongmil-lab", "가상 정밀랩", "Fictive Jeongmil Lab", [.researchEquipment], "P:947"),
        Organisation(
            "gyeryong-ventures", ko: "가상 계룡벤처스", en: "Fictive Gyeryong Ventures", .investor, in: [.bioHealth],
            .invented,
            synthetic: true),
        Organisation(
            "daecheong-capital", ko: "가상 대청캐피탈", en: "Fictive Daecheong Capital", .investor, in: [.space, .defence],
            .invented, synthetic: true),
    ]

    private static func company(
        _ id: String, _ ko: String, _ en: String, _ industries: [StrategicIndustry], _ basis: Source,
        region: Region = .daejeon
    ) -> Organisation {
        Organisation(id, ko: ko, en: en, .company, region: region, in: industries, basis, synthetic: true)
    }
}
