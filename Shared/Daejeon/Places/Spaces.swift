public import JSON

extension Daejeon {
    /// Rooms for founders, by kind.
    public struct SpaceCount: Sourced {
        public let id: String
        public let name: Bilingual
        public let rooms: Int
        public let source: Source
    }

    /// Facilities for founders in the city; how they divide over the kinds is not stated.
    public static let spaceFacilities = 55
    /// The rooms in them, as the plan totals them.
    public static let spaceRooms = 2_067

    public static let spaces: [SpaceCount] = [
        SpaceCount(
            id: "incubators", name: Bilingual(ko: "창업보육센터", en: "Incubators"), rooms: 1_061, source: "P:1522"),
        SpaceCount(
            id: "startup-parks", name: Bilingual(ko: "권역별 스타트업 파크", en: "Start-up parks"), rooms: 442,
            source: "P:1522"),
        SpaceCount(
            id: "other-spaces", name: Bilingual(ko: "기타 창업공간", en: "Other spaces"), rooms: 564, source: "P:1522"),
    ]
}
