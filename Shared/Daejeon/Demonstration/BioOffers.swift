import JSON
import Vocabulary

extension Daejeon {
    /// Technology offers: the five analysis technologies first, then others that the documents speak of.
    public static let offers: [Profile] = analysisOffers + bioOffers + industryOffers + spaceOffers

    static let analysisOffers: [Profile] = [
        Profile(
            "tec-desktop-tem", of: "kbsi", ko: "1nm급 탁상형 투과전자현미경", en: "Desktop TEM with 1 nm resolution",
            "책상 위에 놓는 투과전자현미경으로 시료의 내부 구조를 1nm 분해능으로 본다. 작은 실험실도 갖출 수 있는 값을 목표로 한다.",
            "A desk-top electron microscope that shows the inside of a sample at 1 nm, priced for small labs.",
            trl: 5, [.physics, .electricalAndElectronics], in: [.researchEquipment, .bioHealth],
            words: ["투과전자현미경", "TEM", "고분해능", "시료 내부 구조", "electron microscope"],
            by: ["licence", "jointResearch", "guidance"], "C:257"),
        Profile(
            "tec-protein-candidate", of: "krict", ko: "단백질과 후보물질의 상호작용 검출",
            en: "Detecting how proteins meet drug candidates",
            "약물 표적 단백질에 후보물질이 붙는 것을 표지 없이 검출해 초기 후보를 빠르게 가려낸다.",
            "Label-free detection of binding between target proteins and candidates, to sort early candidates fast.",
            trl: 4,
            [.lifeScience, .healthAndMedicine], in: [.bioHealth],
            words: ["약물 표적", "후보물질", "단백질 상호작용", "스크리닝", "drug target"], "C:258"),
        Profile(
            "tec-bio-sims", of: "kbsi", ko: "생체 조직용 이차이온 질량분석 영상", en: "Bio SIMS: mass imaging of tissue",
            "이온빔으로 조직 표면을 훑어 분자 분포를 질량분석 영상으로 얻는다. 신호 왜곡을 줄이는 시료 준비법을 함께 제공한다.",
            "Scans tissue with an ion beam and maps molecules by mass, with preparation that reduces distortion.",
            trl: 4, [.chemistry, .lifeScience], in: [.researchEquipment, .bioHealth],
            words: ["이차이온 질량분석", "SIMS", "질량분석 영상", "조직", "mass spectrometry imaging"], "C:259"),
        Profile(
            "tec-chiral-microscope", of: "kriss", ko: "카이랄 분자 현미경", en: "Microscope for chiral molecules",
            "거울상 분자를 가려 보는 현미경. 분자 시료의 입체화학 구조를 영상으로 구분한다.",
            "Tells mirror-image molecules apart and shows the stereochemistry of molecular samples as images.", trl: 3,
            [.physics, .chemistry], in: [.researchEquipment, .bioHealth],
            words: ["카이랄", "분자 시료", "입체화학", "분자 이미징", "chirality"], by: ["jointResearch"], "C:259"),
        Profile(
            "tec-optical-endoscope", of: "kaist", ko: "고민감·고배율 광신호 내시경", en: "Endoscope for faint optical signals",
            "개체 안의 조직에 가까이 가서 약한 광신호를 높은 배율로 읽어 분자 변화를 찾는다.",
            "Reads faint optical signals close to tissue inside a body, magnified, to find molecular change.",
            trl: 5, [.healthAndMedicine, .electricalAndElectronics], in: [.bioHealth],
            words: ["내시경", "광신호", "고배율", "생체 영상", "분자 변화", "in vivo imaging"], "C:260"),
    ]

    static let bioOffers: [Profile] = [
        Profile(
            "tec-live-cell", of: "ibs", ko: "살아 있는 세포 영상", en: "Live cell imaging",
            "세포를 죽이지 않고 오래 관찰해 질환의 진행을 수치로 나타낸다.",
            "Watches cells alive for long and expresses the course of a disease in numbers.", trl: 5,
            [.lifeScience, .physics], in: [.bioHealth], words: ["라이브 셀", "세포 영상", "바이오마커", "live cell"], "C:302"),
        Profile(
            "tec-toxin-assay", of: "kribb", ko: "식품·화장품 독소 종합분석", en: "Assay of toxins in food and cosmetics",
            "액체크로마토그래피와 질량분석을 묶어 식품과 화장품의 독소·잔류농약을 한 번에 시험한다.",
            "LC/MS in one run for toxins and residues in food and cosmetics.", trl: 7,
            [.chemistry, .agricultureAndFood],
            in: [.bioHealth], words: ["독소", "LC/MS", "질량분석", "식품", "화장품", "잔류농약", "toxin test"],
            by: ["licence", "guidance"], "C:268"),
        Profile(
            "tec-volatile-analysis", of: "kriss", ko: "휘발성 유기화합물 현장 분석", en: "Volatile organic compounds on site",
            "기체크로마토그래피 질량분석을 현장용으로 줄여 냄새와 환경 오염 물질을 그 자리에서 잰다.",
            "GC/MS made portable, for odours and pollutants on the spot.", trl: 6, [.chemistry, .environment],
            in: [.researchEquipment], words: ["GC/MS", "휘발성 유기화합물", "환경 분석", "다이옥신"], "C:267"),
        Profile(
            "tec-3d-toxicity", of: "krict", ko: "3차원 독성 스크리닝", en: "Toxicity screening in 3D",
            "입체 배양 조직으로 후보약물의 독성을 동물실험 전에 가려낸다.",
            "Screens drug candidates for toxicity in 3D tissue before any animal test.", trl: 4,
            [.lifeScience, .healthAndMedicine], in: [.bioHealth], words: ["독성", "3D 스크리닝", "후보약물", "toxicity"],
            "C:313"),
        Profile(
            "tec-drug-sensor", of: "kribb", ko: "약물 스크리닝 센서", en: "Sensor for drug screening",
            "작은 칩 위의 센서로 여러 후보약물의 반응을 동시에 잰다.",
            "Sensors on a small chip that measure the response of many candidates at once.", trl: 4,
            [.lifeScience, .electricalAndElectronics], in: [.bioHealth, .nanoSemiconductor],
            words: ["약물 스크리닝", "바이오센서", "칩", "biosensor"], "C:313"),
        Profile(
            "tec-sequencing", of: "kribb", ko: "신속 유전자 염기서열 진단", en: "Fast sequencing for diagnosis",
            "감염 여부를 염기서열로 빠르게 판정하는 시약과 해석 소프트웨어.",
            "Reagents and software that tell an infection from its sequence, fast.", trl: 6,
            [.lifeScience, .informationAndCommunication], in: [.bioHealth],
            words: ["염기서열", "시퀀싱", "NGS", "유전자", "감염 진단"], "C:239"),
        Profile(
            "tec-organoid", of: "kribb", ko: "오가노이드 활용 약효 평가", en: "Organoids to judge drugs",
            "사람 조직을 닮은 오가노이드로 약효를 평가하고 재현성 있는 배양 절차를 제공한다.",
            "Judges drugs on organoids, with a culture protocol that repeats.", trl: 5, [.lifeScience],
            in: [.bioHealth],
            words: ["오가노이드", "약효", "유사장기", "organoid"], "P:621"),
        Profile(
            "tec-drug-foundry", of: "krict", ko: "바이오 신약 초기 유효물질 발굴 절차", en: "Finding first hits for new drugs",
            "유효물질 발굴에서 후보 도출까지 자동화 장비와 자료로 기간을 줄인다.",
            "Automation and data shorten the way from hits to a candidate.", trl: 4, [.healthAndMedicine, .chemistry],
            in: [.bioHealth], words: ["신약개발", "파운드리", "유효물질", "후보물질", "빅데이터"], "P:618"),
        Profile(
            "tec-immuno-diagnostics", of: "kaist", ko: "분자·면역 동시 체외진단", en: "Molecular and immune diagnosis in one",
            "한 카트리지에서 분자진단과 면역진단을 함께 하는 현장용 체외진단.",
            "One cartridge for molecular and immune diagnosis at the bedside.", trl: 6,
            [.healthAndMedicine, .electricalAndElectronics], in: [.bioHealth], words: ["체외진단", "분자진단", "면역진단", "IVD"],
            "P:631"),
    ]
}
