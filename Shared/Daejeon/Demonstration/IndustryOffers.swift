import JSON
import Vocabulary

extension Daejeon {
    static let industryOffers: [Profile] = [
        Profile(
            "tec-ddi", of: "kaist", ko: "저전력 디스플레이 구동 회로", en: "Low-power display driver circuit",
            "차세대 디스플레이를 적은 전력으로 구동하는 집적회로 설계.",
            "Circuit design that drives next-generation displays on little power.", trl: 4, [.electricalAndElectronics],
            in: [.nanoSemiconductor], words: ["DDI", "시스템반도체", "디스플레이 구동", "회로 설계"], "P:566"),
        Profile(
            "tec-nanofab-sensor", of: "nnfc", ko: "나노 공정 기반 센서 시제품 제작", en: "Sensor prototypes on a nano process",
            "소재·부품 기업이 설계한 센서를 표준 나노 공정에서 시제품으로 만들고 신뢰성을 확인한다.",
            "Makes prototypes of sensors on a standard nano process and checks their reliability.", trl: 6,
            [.electricalAndElectronics, .materials], in: [.nanoSemiconductor],
            words: ["나노 공정", "센서", "팹", "시제품", "MEMS"],
            by: ["guidance", "jointResearch"], "P:2112"),
        Profile(
            "tec-materials-testbed", of: "nnfc", ko: "반도체 소재·부품 평가 절차",
            en: "Evaluating semiconductor materials and parts",
            "소재와 부품을 실제 공정 조건에서 비교 평가하는 시험 절차와 자료.",
            "Test procedures and data that compare materials and parts under process conditions.", trl: 7, [.materials],
            in: [.nanoSemiconductor], words: ["소재", "부품", "소부장", "테스트베드", "평가"], by: ["guidance"], "P:561"),
        Profile(
            "tec-3d-printing", of: "kaist", ko: "금속 3D프린팅 공정 예측", en: "Predicting metal 3D printing",
            "출력 과정을 감시하고 모의실험으로 변형을 미리 보정해 가볍고 일체로 된 부품을 만든다.",
            "Watches the print and corrects distortion by simulation, for light one-piece parts.", trl: 6,
            [.machinery, .materials], in: [.traditionalManufacturing, .space, .defence],
            words: ["3D프린팅", "적층제조", "경량화", "일체화", "시뮬레이션", "additive manufacturing"], "P:857"),
        Profile(
            "tec-smart-factory", of: "cnu", ko: "중소 공장 이상 징후 감지", en: "Spotting trouble in small factories",
            "값싼 센서와 인공지능으로 설비의 이상을 미리 알린다.", "Cheap sensors and AI that warn before a machine fails.", trl: 7,
            [.informationAndCommunication, .machinery], in: [.traditionalManufacturing, .ictAI],
            words: ["스마트공장", "이상 감지", "센서", "AI", "설비"], "P:859"),
        Profile(
            "tec-casting-design", of: "hannam", ko: "뿌리기업용 주조 설계 도구", en: "Casting design for root industry",
            "주조 설계를 디지털로 옮기고 정밀 금형까지 잇는 도구.",
            "Takes casting design to digital tools and on to precision moulds.", trl: 6, [.machinery, .materials],
            in: [.traditionalManufacturing], words: ["주조", "금형", "디지털 엔지니어링", "뿌리기술"], "P:851"),
        Profile(
            "tec-safety-ai", of: "cnu", ko: "도시 재난 조기 감지 인공지능", en: "AI that sees city disasters early",
            "도로·하천 영상과 센서 자료로 재난을 일찍 알린다.", "Warns early from road and river images and sensors.", trl: 6,
            [.informationAndCommunication], in: [.ictAI], words: ["재난", "안전", "AI", "영상 분석", "조기 경보"], "P:919"),
        Profile(
            "tec-water-ai", of: "cnu", ko: "상수도 누수·수질 예측", en: "Predicting leaks and quality of water",
            "관망 자료를 학습해 누수와 수질 변화를 예측한다.", "Learns from the network's data to predict leaks and changes of quality.",
            trl: 6, [.informationAndCommunication, .environment], in: [.ictAI], words: ["물산업", "누수", "수질", "AI", "예측"],
            "P:921"),
        Profile(
            "tec-digital-twin", of: "kaist", ko: "도시 디지털트윈 실증 도구", en: "Digital twin for trials in a city",
            "현장에 나가기 전에 가상 도시에서 서비스를 시험한다.", "Tries services in a virtual city before they go outdoors.", trl: 5,
            [.informationAndCommunication], in: [.ictAI], words: ["디지털트윈", "메타버스", "가상 실증", "시뮬레이션"], "P:915"),
        Profile(
            "tec-sample-package", of: "kbsi", ko: "시료 전처리·분석 연계 장치", en: "Sample preparation joined to analysis",
            "전처리와 측정을 한 장치로 이어 국산 연구장비의 쓰임새를 넓힌다.",
            "Joins preparation and measurement in one device, to widen the use of domestic equipment.", trl: 6,
            [.chemistry, .machinery], in: [.researchEquipment], words: ["시료 전처리", "연구장비 국산화", "분석장비", "패키지"],
            "P:995"),
    ]

    static let spaceOffers: [Profile] = [
        Profile(
            "tec-small-satellite", of: "kari", ko: "초소형 위성 본체", en: "Bus for very small satellites",
            "여러 임무에 쓰는 초소형 위성의 전력·자세 제어 본체.",
            "A bus with power and attitude control for many missions.", trl: 6,
            [.machinery, .electricalAndElectronics],
            in: [.space], words: ["초소형위성", "큐브위성", "위성 본체", "헤리티지", "cubesat"], "P:753"),
        Profile(
            "tec-satellite-images", of: "kari", ko: "위성영상 변화 탐지", en: "Detecting change in satellite images",
            "위성영상에서 지표의 변화를 자동으로 찾아 서비스 개발에 쓰게 한다.",
            "Finds change on the ground in satellite images, ready for services.", trl: 6,
            [.informationAndCommunication, .earthScience], in: [.space, .ictAI],
            words: ["위성영상", "변화 탐지", "데이터", "원격탐사"],
            "P:731"),
        Profile(
            "tec-space-certification", of: "kriss", ko: "우주 부품 환경시험 표준 절차", en: "Standard tests for space parts",
            "열진공 등 우주 환경에서 부품의 신뢰성을 확인하는 시험 절차.",
            "Procedures that prove parts in thermal vacuum and other space conditions.", trl: 5,
            [.physics, .machinery],
            in: [.space, .defence], words: ["우주 인증", "열진공", "신뢰성", "표준", "환경시험"], by: ["guidance"], "P:733"),
        Profile(
            "tec-drone-team", of: "kaist", ko: "무인기 협동 비행 제어", en: "Drones that fly as a team",
            "유인 장비와 무인기가 함께 움직이도록 편대를 제어한다.", "Controls formations in which crewed and uncrewed craft move together.",
            trl: 5, [.machinery, .informationAndCommunication], in: [.defence, .intelligentRobots],
            words: ["드론", "유무인복합", "편대", "자율비행", "UAV"], "P:680"),
    ]
}
