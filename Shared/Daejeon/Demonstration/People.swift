import JSON
import Vocabulary

extension Daejeon {
    /// People of the demonstration: names from old tales, marked as invented; addresses that lead nowhere.
    struct Person {
        let alias: String
        let name: String
        let occupation: String
        /// Codes of Talent's vocabulary with level and years.
        let skills: [(code: String, level: String, years: Int64)]
        let fields: [ScienceField]
        let industries: [StrategicIndustry]
        let seeks: [String]
        var birthYear: Int64
        var share: Int64 = 50
        var senior = false
        var returner = false

        var calls: [SeedCall] {
            let wanted: [JSON] = skills.map {
                ["skill": .string($0.code), "level": .string($0.level), "years": .integer($0.years)]
            }
            let purposes: [JSON] = ["recommendation", "contact", "engagement"].map { ["purpose": .string($0)] }
            return [
                SeedCall(
                    alias, "talent.people.register",
                    .given([
                        "name": .string("\(name)(가상)"), "email": .string("\(alias)@example.org"),
                        "birthYear": .integer(birthYear),
                        "cv": .string("시연을 위해 지어낸 이력입니다. Invented for demonstration."),
                        "region": .string(Region.daejeon.rawValue), "occupation": .string(occupation),
                        "skills": .array(wanted), "fields": .codes(fields), "industries": .codes(industries),
                        "languages": ["ko", "en"], "seeks": .array(seeks.map { .string($0) }), "senior": .bool(senior),
                        "returner": .bool(returner), "consents": .array(purposes),
                    ])),
                SeedCall(
                    "\(alias).available", "talent.availability.set",
                    ["personId": .id(of: alias), "windows": .array(Self.windows(share: share))]),
            ]
        }

        /// Long enough to hold whenever somebody tries the demonstration; a window is at most three years.
        private static func windows(share: Int64) -> [JSON] {
            [("2025-01-01", "2028-01-01"), ("2028-01-01", "2031-01-01"), ("2031-01-01", "2034-01-01")].map {
                ["start": .string($0.0), "end": .string($0.1), "share": .integer(share)]
            }
        }
    }

    static let people: [Person] = [
        Person(
            alias: "per-hong", name: "홍길동", occupation: "equipment-operator",
            skills: [("analysis.electron-microscopy", "expert", 12), ("analysis.equipment-operation", "expert", 12)],
            fields: [.physics], industries: [.researchEquipment, .bioHealth], seeks: ["dispatched-expert", "advisory"],
            birthYear: 1984),
        Person(
            alias: "per-chunhyang", name: "성춘향", occupation: "researcher",
            skills: [("analysis.mass-spectrometry", "expert", 9), ("bio.toxicity", "working", 5)],
            fields: [.chemistry], industries: [.bioHealth],
            seeks: ["dispatched-expert", "advisory"], birthYear: 1988),
        Person(
            alias: "per-mongryong", name: "이몽룡", occupation: "technology-transfer",
            skills: [("business.technology-transfer", "expert", 8), ("business.patents", "working", 6)], fields: [],
            industries: [.researchEquipment, .bioHealth], seeks: ["advisory"], birthYear: 1986, share: 40),
        Person(
            alias: "per-simcheong", name: "심청", occupation: "researcher",
            skills: [("bio.sequencing", "expert", 7), ("bio.informatics", "working", 5)], fields: [.lifeScience],
            industries: [.bioHealth], seeks: ["employment"], birthYear: 1990, share: 100, returner: true),
        Person(
            alias: "per-heosaeng", name: "허생", occupation: "management",
            skills: [("business.finance", "expert", 25), ("people.mentoring", "expert", 10)], fields: [],
            industries: [],
            seeks: ["retired-expert", "advisory"], birthYear: 1960, share: 30, senior: true),
        Person(
            alias: "per-jeon", name: "전우치", occupation: "engineer",
            skills: [("space.satellites", "working", 6), ("ict.embedded", "expert", 8)],
            fields: [.electricalAndElectronics], industries: [.space], seeks: ["employment"], birthYear: 1991,
            share: 100),
        Person(
            alias: "per-kkokdu", name: "꼭두쇠", occupation: "engineer",
            skills: [("machines.drones", "expert", 7), ("machines.control", "working", 7)], fields: [.machinery],
            industries: [.defence, .intelligentRobots], seeks: ["employment", "dispatched-expert"], birthYear: 1989,
            share: 100),
        Person(
            alias: "per-heungbu", name: "흥부", occupation: "engineer",
            skills: [("machines.manufacturing", "expert", 20), ("materials.metals", "expert", 20)],
            fields: [.machinery, .materials], industries: [.traditionalManufacturing],
            seeks: ["retired-expert", "advisory"], birthYear: 1962, share: 40, senior: true),
        Person(
            alias: "per-janghwa", name: "장화", occupation: "engineer",
            skills: [("semiconductor.design", "expert", 9), ("semiconductor.process", "basic", 3)],
            fields: [.electricalAndElectronics], industries: [.nanoSemiconductor], seeks: ["employment"],
            birthYear: 1987,
            share: 100),
        Person(
            alias: "per-hongryeon", name: "홍련", occupation: "researcher",
            skills: [("ict.machine-learning", "expert", 6), ("ict.computer-vision", "working", 5)],
            fields: [.informationAndCommunication], industries: [.ictAI], seeks: ["employment", "dispatched-expert"],
            birthYear: 1993, share: 80),
        Person(
            alias: "per-kongjwi", name: "콩쥐", occupation: "student",
            skills: [("analysis.spectroscopy", "basic", 1), ("ict.python", "working", 2)], fields: [.chemistry],
            industries: [.researchEquipment], seeks: ["internship"], birthYear: 2001, share: 100),
        Person(
            alias: "per-byeonsatto", name: "변사또", occupation: "legal",
            skills: [("business.certification", "expert", 11), ("business.quality", "working", 11)], fields: [],
            industries: [.bioHealth, .defence], seeks: ["advisory"], birthYear: 1979, share: 20),
    ]
}
