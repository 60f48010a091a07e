import JSON
import Vocabulary

extension Daejeon {
    /// Something to book. That the thing exists or is planned stands in the cited line; hours, capacity and fee are
    /// invented, so every one is marked synthetic.
    struct Resource {
        enum Hours {
            /// Weekdays, nine to six.
            case office
            case always
        }

        let alias: String
        let site: String
        /// In the words of the Testbed service.
        let kind: String
        let name: Bilingual
        let about: Bilingual
        var capacity = 1
        var access = ["direct"]
        var hours = Hours.office
        /// Won an hour for one unit.
        var fee: Int64?
        var bufferSeconds = 0
        var minimumSeconds = 3_600
        var maximumSeconds = 31 * 86_400
        var requiresPermit = false
        var space: JSON?
        let source: Source

        var call: SeedCall {
            let week: JSON = [
                ["days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "18:00"]
            ]
            return SeedCall(
                alias, "testbed.resources.register",
                .given([
                    "siteId": .id(of: site), "kind": .string(kind), "name": name.json,
                    "description": .string("\(about.ko)\n\(about.en)"), "capacity": .integer(Int64(capacity)),
                    "access": .array(access.map { .string($0) }), "openingHours": hours == .office ? week : nil,
                    "feePerHour": fee.map { .integer($0) }, "minLengthSeconds": .integer(Int64(minimumSeconds)),
                    "maxLengthSeconds": .integer(Int64(maximumSeconds)),
                    "bufferSeconds": .integer(Int64(bufferSeconds)), "requiresPermit": .bool(requiresPermit),
                    "equipment": kind == "equipment" ? ["utilisation": "shared"] : nil, "space": space,
                    "source": .string("synthetic (\(source))"), "synthetic": true,
                ]))
        }
    }

    static let resources: [Resource] = equipment + rooms + virtualResources

    private static let equipment: [Resource] = [
        Resource(
            alias: "tem", site: "site-kbsi", kind: "equipment",
            name: Bilingual(ko: "생물전용 투과전자현미경", en: "TEM for biology"),
            about: Bilingual(ko: "생물·단백질·고분자 시편 관찰", en: "Biological, protein and polymer specimens"), capacity: 2,
            access: ["direct", "request"], fee: 120_000, bufferSeconds: 1_800, source: "C:278"),
        Resource(
            alias: "sims", site: "site-kbsi", kind: "equipment",
            name: Bilingual(ko: "이차이온 질량분석기(SIMS)", en: "Secondary ion mass spectrometer"),
            about: Bilingual(ko: "조직 표면의 분자 분포", en: "Molecules on the surface of tissue"), access: ["request"],
            fee: 150_000, bufferSeconds: 3_600, source: "C:259"),
        Resource(
            alias: "mri", site: "site-kbsi", kind: "equipment", name: Bilingual(ko: "고자장 MRI", en: "High-field MRI"),
            about: Bilingual(ko: "고자장 영상. 왜곡 보정 시험 가능", en: "High-field images; correction can be tried"),
            access: ["direct", "request"], fee: 200_000, bufferSeconds: 1_800, source: "C:246"),
        Resource(
            alias: "mass-spectrometer", site: "site-kriss", kind: "equipment",
            name: Bilingual(ko: "액체크로마토그래피 질량분석기", en: "LC/MS"),
            about: Bilingual(ko: "독소·잔류농약·대사체", en: "Toxins, residues, metabolites"), capacity: 2,
            access: ["request", "direct"], fee: 80_000, source: "C:268"),
        Resource(
            alias: "sequencer", site: "site-cnuh", kind: "equipment",
            name: Bilingual(ko: "차세대 염기서열 분석기", en: "Next-generation sequencer"),
            about: Bilingual(ko: "의뢰 분석", en: "On request"), access: ["request"], fee: 90_000, source: "C:319"),
        Resource(
            alias: "reliability-chamber", site: "site-kriss", kind: "equipment",
            name: Bilingual(ko: "연구장비 신뢰성 시험 체임버", en: "Reliability chamber for equipment"),
            about: Bilingual(ko: "온습도·진동 시험", en: "Climate and vibration"), fee: 60_000, source: "P:963"),
        Resource(
            alias: "vacuum-chamber", site: "site-reliability", kind: "equipment",
            name: Bilingual(ko: "열진공 체임버", en: "Thermal vacuum chamber"),
            about: Bilingual(ko: "우주 부품 환경시험", en: "Space conditions for parts"), access: ["request"], fee: 180_000,
            bufferSeconds: 7_200, source: "P:745"),
        Resource(
            alias: "nano-line", site: "site-nnfc", kind: "equipment",
            name: Bilingual(ko: "나노 공정 시험 라인", en: "Nano process test line"),
            about: Bilingual(ko: "연구·제품 실증용 공정", en: "For research and product trials"), capacity: 4,
            access: ["request"], fee: 250_000, source: "P:2112"),
    ]

    private static let rooms: [Resource] = [
        Resource(
            alias: "teaching-fab", site: "site-teaching-fab", kind: "space",
            name: Bilingual(ko: "교육용 공유팹 실습실", en: "Teaching fab"),
            about: Bilingual(
                ko: "계획: 클래스 1,000~10,000, 약 1,000평", en: "Planned: class 1,000 to 10,000, about 3,300 m²"),
            capacity: 30, fee: 20_000, space: ["seats": 30, "cleanroomClass": 10_000], source: "P:2111"),
        Resource(
            alias: "equipment-lab", site: "site-kbsi", kind: "space",
            name: Bilingual(ko: "국산장비 활용랩", en: "Lab for domestic equipment"),
            about: Bilingual(ko: "국산 장비를 나란히 시험하는 공간", en: "Where domestic equipment is tried side by side"),
            capacity: 6, space: ["seats": 6], source: "P:964"),
        Resource(
            alias: "startup-room", site: "site-gungdong", kind: "space",
            name: Bilingual(ko: "딥테크 창업 공간(5~10명)", en: "Deep-tech start-up rooms (5-10 people)"),
            about: Bilingual(ko: "초기 기업", en: "Young companies"), capacity: 12, hours: .always,
            maximumSeconds: 366 * 86_400, space: ["seats": 10, "rooms": 12, "stage": "startup"], source: "P:1528"),
        Resource(
            alias: "scaleup-room", site: "site-wolpyeong", kind: "space",
            name: Bilingual(ko: "스케일업 공간(20명 이상)", en: "Scale-up rooms (20 people or more)"),
            about: Bilingual(ko: "투자 단계 A~C 기업", en: "Companies in series A to C"), capacity: 4, hours: .always,
            maximumSeconds: 366 * 86_400, space: ["seats": 30, "rooms": 4, "stage": "scaleUp"], source: "P:1527"),
        Resource(
            alias: "living-lab", site: "site-jungangno", kind: "space",
            name: Bilingual(ko: "시민 참여 실증 거리", en: "Street for trials with citizens"),
            about: Bilingual(ko: "시민이 함께하는 현장 실증", en: "Trials in the open, with citizens"), capacity: 3,
            hours: .always, source: "P:819"),
        Resource(
            alias: "sky-road", site: "site-sky-road", kind: "space",
            name: Bilingual(ko: "드론 실증 비행 구간", en: "Test corridor for drones"),
            about: Bilingual(ko: "허가 조건 안에서만 예약", en: "Only under a permit's conditions"), capacity: 2,
            requiresPermit: true, source: "P:684"),
    ]

    private static let virtualResources: [Resource] = [
        Resource(
            alias: "open-lab", site: "site-open-lab", kind: "data",
            name: Bilingual(ko: "도시 빅데이터 분석 자리", en: "Seats for city data"),
            about: Bilingual(ko: "도시 자료의 수집·가공·분석", en: "City data collected, processed, analysed"), capacity: 20,
            source: "P:816"),
        Resource(
            alias: "pseudonym-data", site: "site-open-lab", kind: "data",
            name: Bilingual(ko: "가명정보 분석 환경", en: "Workspace for pseudonymised data"),
            about: Bilingual(ko: "데이터안심구역과 함께 운영", en: "Run with the safe data zone"), capacity: 4,
            requiresPermit: true, source: "P:818"),
        Resource(
            alias: "satellite-pool", site: "site-satellite-pool", kind: "data",
            name: Bilingual(ko: "위성영상 열람권", en: "Access to satellite images"),
            about: Bilingual(ko: "공공서비스로 제공하는 영상 자료", en: "Images offered as a public service"), capacity: 50,
            hours: .always, source: "P:732"),
        Resource(
            alias: "ddx-planet", site: "site-ddx", kind: "virtual",
            name: Bilingual(ko: "DDX 가상 실증 공간", en: "DDX virtual testbed"),
            about: Bilingual(ko: "현장에 나가기 전의 디지털트윈 실증", en: "Trials on a digital twin before going outdoors"),
            capacity: 10, hours: .always, source: "P:916"),
    ]

    /// An invented exemption, so that the drone corridor can be booked by somebody and by nobody else.
    static let dronePermit = SeedCall(
        "permit-drone", "testbed.permits.grant",
        [
            "kind": "exemption", "number": "가상-2025-001",
            "title": Bilingual(ko: "드론 실증 특례(가상)", en: "Exemption for drone trials (fictive)").json,
            "organisationId": .id(of: "onnuri-drone"), "start": "2025-01-01T00:00:00Z", "end": "2034-01-01T00:00:00Z",
            "siteIds": [.id(of: "site-sky-road")], "maxUnits": 2,
        ])
}
