import JSON
import Vocabulary

extension Daejeon {
    /// A place with things to book, as the Testbed service registers it.
    struct Site {
        let alias: String
        let name: Bilingual
        /// In the words of the Testbed service.
        let kind: String
        let organisation: String?
        let coordinate: Coordinate?
        let zone: String?
        let source: Source
        var synthetic = false

        var call: SeedCall {
            SeedCall(
                alias, "testbed.sites.register",
                .given([
                    "name": name.json, "kind": .string(kind), "organisationId": organisation.map { .id(of: $0) },
                    "location": coordinate.map {
                        ["longitude": .number($0.longitude), "latitude": .number($0.latitude)]
                    },
                    "zone": zone.map { .string($0) },
                    "source": .string(
                        (synthetic ? "synthetic (\(source))" : "\(source)")
                            + (coordinate == nil ? "" : "; approximate location")),
                    "synthetic": .bool(synthetic),
                ]), synthetic: synthetic)
        }
    }

    static let sites: [Site] = [
        Site(
            alias: "site-kbsi", name: Bilingual(ko: "KBSI 연구장비 실증랩", en: "KBSI equipment demonstration lab"),
            kind: "institute", organisation: "kbsi", coordinate: Coordinate(127.355, 36.376), zone: "대덕특구",
            source: "P:963"),
        Site(
            alias: "site-kriss", name: Bilingual(ko: "KRISS 연구장비 신뢰성랩", en: "KRISS equipment reliability lab"),
            kind: "institute", organisation: "kriss", coordinate: Coordinate(127.371, 36.387), zone: "대덕특구",
            source: "P:963"),
        Site(
            alias: "site-nnfc", name: Bilingual(ko: "나노종합기술원 팹", en: "National NanoFab"), kind: "institute",
            organisation: "nnfc", coordinate: Coordinate(127.367, 36.369), zone: "대덕특구", source: "P:2112"),
        Site(
            alias: "site-teaching-fab", name: Bilingual(ko: "교육용 반도체 공유팹(계획)", en: "Shared teaching fab (planned)"),
            kind: "sharedFab", organisation: nil, coordinate: nil, zone: nil, source: "P:2111"),
        Site(
            alias: "site-cnuh", name: Bilingual(ko: "충남대학교병원 임상연구", en: "CNU Hospital, clinical research"),
            kind: "hospital", organisation: "cnuh", coordinate: Coordinate(127.415, 36.317), zone: nil, source: "P:620",
            synthetic: true),
        Site(
            alias: "site-open-lab", name: Bilingual(ko: "대전 빅데이터 오픈랩", en: "Daejeon big data open lab"),
            kind: "dataCentre", organisation: "cnu", coordinate: Coordinate(127.345, 36.369), zone: nil, source: "P:818"
        ),
        Site(
            alias: "site-ddx", name: Bilingual(ko: "DDX 플래닛", en: "DDX planet"), kind: "virtual", organisation: "city",
            coordinate: nil, zone: "도심융합특구", source: "P:915"),
        Site(
            alias: "site-gungdong", name: Bilingual(ko: "궁동 스타트업 파크", en: "Gung-dong start-up park"),
            kind: "startupFacility", organisation: "djtp", coordinate: Coordinate(127.350, 36.362), zone: "궁동",
            source: "P:1465"),
        Site(
            alias: "site-wolpyeong", name: Bilingual(ko: "월평동 글로벌진출 공간", en: "Wolpyeong-dong global space"),
            kind: "startupFacility", organisation: "djtp", coordinate: Coordinate(127.367, 36.357), zone: "월평동",
            source: "P:1523", synthetic: true),
        Site(
            alias: "site-jungangno", name: Bilingual(ko: "중앙로 소셜 리빙랩", en: "Jungang-ro social living lab"),
            kind: "livingLab", organisation: "city", coordinate: Coordinate(127.425, 36.329), zone: "중앙로",
            source: "P:1523", synthetic: true),
        Site(
            alias: "site-sky-road", name: Bilingual(ko: "K-하늘길 드론 실증로", en: "K-Sky road for drones"),
            kind: "demonstrationComplex", organisation: "city", coordinate: Coordinate(127.29, 36.40), zone: "안산",
            source: "P:684", synthetic: true),
        Site(
            alias: "site-reliability", name: Bilingual(ko: "국방신뢰성시험센터", en: "Defence reliability test centre"),
            kind: "institute", organisation: "reliability", coordinate: nil, zone: nil, source: "P:685"),
        Site(
            alias: "site-satellite-pool", name: Bilingual(ko: "위성영상 데이터 풀", en: "Pool of satellite images"),
            kind: "dataCentre", organisation: "kari", coordinate: Coordinate(127.353, 36.374), zone: "대덕특구",
            source: "P:732", synthetic: true),
        Site(
            alias: "site-dungok", name: Bilingual(ko: "둔곡 연구장비 집적단지(계획)", en: "Dungok equipment complex (planned)"),
            kind: "industrialComplex", organisation: nil, coordinate: Coordinate(127.37, 36.45), zone: "둔곡",
            source: "P:998"),
    ]
}
