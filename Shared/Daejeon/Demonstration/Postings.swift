import JSON
import Vocabulary

extension Daejeon {
    private static func posting(
        _ alias: String, of organisation: String, _ kind: String, _ title: String, must: [String], nice: [String] = [],
        _ industry: StrategicIndustry?, share: Int64
    ) -> SeedCall {
        let skills: [JSON] =
            must.map { ["skill": .string($0), "need": "must", "level": "working"] }
            + nice.map { ["skill": .string($0), "need": "nice"] }
        return SeedCall(
            alias, "talent.postings.create",
            .given([
                "organisationId": .id(of: organisation), "kind": .string(kind), "title": .string(title),
                "skills": .array(skills), "region": .string(Region.daejeon.rawValue),
                "industry": industry.map { .string($0.rawValue) }, "start": "2026-12-01", "end": "2028-12-01",
                "share": .integer(share), "publish": true,
            ]))
    }

    /// What the invented companies look for, and one agreement that the demonstration's flow rests on.
    static let postingCalls: [SeedCall] = [
        posting(
            "pst-tem", of: "jeongmil-lab", "dispatched-expert", "투과전자현미경 실증 전문가 (TEM specialist for a trial)",
            must: ["analysis.electron-microscopy"], nice: ["analysis.equipment-operation"], .researchEquipment,
            share: 20),
        posting(
            "pst-toxin", of: "boramae-cosmetics", "advisory", "화장품 독소 시험 자문 (Adviser on toxin tests)",
            must: ["analysis.mass-spectrometry"], nice: ["bio.toxicity"], .bioHealth, share: 20),
        posting(
            "pst-sequencing", of: "gabcheon-diagnostics", "employment", "염기서열 진단 연구원 (Sequencing researcher)",
            must: ["bio.sequencing"], nice: ["bio.informatics"], .bioHealth, share: 100),
        posting(
            "pst-drone", of: "onnuri-drone", "employment", "드론 제어 개발자 (Drone control engineer)",
            must: ["machines.drones"], nice: ["machines.control"], .defence, share: 100),
        posting(
            "pst-casting", of: "daeum-root", "retired-expert", "주조 공정 자문 (Adviser on casting)",
            must: ["machines.manufacturing"], nice: ["materials.metals"], .traditionalManufacturing, share: 30),
        posting(
            "pst-intern", of: "jeongmil-lab", "internship", "분석장비 현장실습 (Internship in analysis equipment)",
            must: ["analysis.spectroscopy"], nice: ["ict.python"], .researchEquipment, share: 100),
        SeedCall(
            "int-tem.organisation", "talent.interests.express",
            ["postingId": .id(of: "pst-tem"), "personId": .id(of: "per-hong"), "side": "organisation"]),
        SeedCall(
            "int-tem.person", "talent.interests.express",
            ["postingId": .id(of: "pst-tem"), "personId": .id(of: "per-hong"), "side": "person"]),
    ]
}
