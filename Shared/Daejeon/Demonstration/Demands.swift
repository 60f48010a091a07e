import JSON
import Vocabulary

extension Daejeon {
    /// What the invented companies need: the four unsolved problems first, which ask for research, then needs that the
    /// documents name.
    public static let demands: [Profile] = unsolvedDemands + otherDemands

    private static let unsolvedDemands: [Profile] = [
        Profile(
            "dmd-inside-samples", of: "jeongmil-lab", ko: "시료 내부를 볼 수 있는 소형 투과전자현미경",
            en: "A small TEM that sees inside samples",
            "투과전자현미경으로 시료의 내부 구조를 관찰하기 어렵다. 고객 실험실에 놓을 작은 장비와 그 실증이 필요하다.",
            "Seeing inside a sample with a TEM is hard; we need a small instrument for labs, and a trial.",
            trl: 7, [.physics, .electricalAndElectronics], in: [.researchEquipment],
            words: ["투과전자현미경", "TEM", "시료 내부", "고분해능"], as: "researchRequest", "C:244"),
        Profile(
            "dmd-inside-bodies", of: "hanbit-bio", ko: "개체 안 조직의 분자 변화 탐지",
            en: "Finding molecular change inside a body",
            "살아 있는 개체의 특정 조직에 가까이 다가가 분자적 변화를 찾을 방법이 필요하다.",
            "We need a way close to one tissue in a living body, to find molecular change there.", trl: 7,
            [.healthAndMedicine], in: [.bioHealth], words: ["생체 영상", "조직", "분자 변화", "내시경"], as: "researchRequest",
            "C:244"),
        Profile(
            "dmd-imaging-signal", of: "nunsol-imaging", ko: "조직 질량분석 영상의 신호 왜곡 줄이기",
            en: "Less distortion in mass imaging of tissue",
            "단순 영상으로는 시료와 신호 왜곡이 문제다. 조직 수준에서 믿을 만한 질량분석 영상이 필요하다.",
            "Plain imaging suffers from samples and distorted signals; we need mass images of tissue to rely on.",
            trl: 6,
            [.chemistry, .lifeScience], in: [.researchEquipment, .bioHealth],
            words: ["질량분석", "분자영상", "신호 왜곡", "조직"], as: "researchRequest", "C:245"),
        Profile(
            "dmd-molecular-samples", of: "gabcheon-diagnostics", ko: "분자 시료 구분과 영상 왜곡 해결",
            en: "Telling molecular samples apart without distortion",
            "분자로 된 시료를 분석하지 못하고, 고자장 MRI는 영상이 왜곡된다.",
            "Samples made of molecules cannot be analysed, and high-field MRI distorts.", trl: 5,
            [.physics, .chemistry],
            in: [.bioHealth, .researchEquipment], words: ["분자 시료", "MRI", "영상 왜곡", "입체화학"], as: "researchRequest",
            "C:246"),
    ]

    private static let otherDemands: [Profile] = [
        Profile(
            "dmd-cosmetic-toxins", of: "boramae-cosmetics", ko: "화장품 독소 시험법", en: "Tests for toxins in cosmetics",
            "수출국 규제에 맞춰 화장품의 독소를 빠르게 시험해야 한다.", "We must test cosmetics for toxins fast, as importing countries ask.",
            trl: 8, [.chemistry], in: [.bioHealth], words: ["화장품", "독소", "시험", "규제"], by: ["guidance", "licence"],
            "C:240"),
        Profile(
            "dmd-food-toxins", of: "geumgang-food", ko: "식품 원료 독소·잔류농약 검사", en: "Checking food for toxins and residues",
            "원료 입고 때 독소와 잔류농약을 한 번에 검사하고 싶다.", "We want to check toxins and residues in one test as material arrives.",
            trl: 8, [.agricultureAndFood, .chemistry], in: [], words: ["식품", "독소", "잔류농약", "검사"], by: ["guidance"],
            "C:240"),
        Profile(
            "dmd-sequencing", of: "gabcheon-diagnostics", ko: "현장용 염기서열 진단", en: "Sequencing at the bedside",
            "외국 장비에 기대지 않는 염기서열 진단 제품을 만들고자 한다.",
            "We plan a sequencing product that does not lean on foreign equipment.",
            trl: 7, [.lifeScience], in: [.bioHealth], words: ["염기서열", "유전자", "진단"], "C:239"),
        Profile(
            "dmd-display-driver", of: "silgaram-ddi", ko: "차세대 디스플레이 구동칩 설계", en: "Design of display drivers",
            "새 디스플레이에 맞는 저전력 구동 회로를 함께 개발할 곳을 찾는다.", "We look for a partner for low-power driver circuits.", trl: 6,
            [.electricalAndElectronics], in: [.nanoSemiconductor], words: ["DDI", "구동칩", "시스템반도체"],
            as: "researchRequest", "P:566"),
        Profile(
            "dmd-chip-materials", of: "moraetal-parts", ko: "반도체 소재 평가", en: "Evaluation of chip materials",
            "개발한 소재를 실제 공정 조건에서 평가받고자 한다.", "We want our material evaluated under process conditions.", trl: 7,
            [.materials], in: [.nanoSemiconductor], words: ["소재", "평가", "공정", "소부장"], by: ["guidance"], "P:561"),
        Profile(
            "dmd-light-parts", of: "mirinae-defence", ko: "가볍고 일체로 된 방산 부품", en: "Light one-piece defence parts",
            "여러 부품을 하나로 합쳐 무게를 줄이는 제조 방법이 필요하다.", "We need a process that joins parts into one and saves weight.",
            trl: 7, [.machinery, .materials], in: [.defence], words: ["경량화", "일체화", "3D프린팅", "부품"], "P:857"),
        Profile(
            "dmd-satellite-service", of: "satlight", ko: "위성영상 서비스용 변화 탐지", en: "Change detection for image services",
            "농지와 하천의 변화를 알리는 서비스에 쓸 영상 분석이 필요하다.", "We need image analysis for a service about fields and rivers.",
            trl: 7, [.informationAndCommunication, .earthScience], in: [.space], words: ["위성영상", "변화 탐지", "데이터"],
            "P:732"),
        Profile(
            "dmd-casting", of: "daeum-root", ko: "주조 설계의 디지털 전환", en: "Casting design made digital",
            "숙련자의 감에 기대던 주조 설계를 도구로 옮기고 싶다.", "We want tools where casting leaned on experience alone.", trl: 7,
            [.machinery], in: [.traditionalManufacturing], words: ["주조", "설계", "디지털", "뿌리기업"], "P:852"),
        Profile(
            "dmd-water", of: "mulgyeol-water", ko: "누수 예측 서비스", en: "Leak prediction as a service",
            "상수도 자료로 누수를 예측하는 서비스를 시작하려 한다.", "We start a service that predicts leaks from network data.", trl: 7,
            [.informationAndCommunication, .environment], in: [.ictAI], words: ["누수", "물산업", "예측", "AI"], "P:921"),
        Profile(
            "dmd-domestic-equipment", of: "jeongmil-lab", ko: "수입 연구장비를 대신할 국산 장치",
            en: "Domestic equipment in place of imports",
            "대부분 수입에 기대는 분석장비를 국산 장치로 바꿀 기술이 필요하다.",
            "We need technology to replace analysis equipment that is mostly imported.", trl: 7,
            [.chemistry, .machinery],
            in: [.researchEquipment], words: ["연구장비", "국산화", "분석장비", "외산"], "P:947"),
    ]
}
