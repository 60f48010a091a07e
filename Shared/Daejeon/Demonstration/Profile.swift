public import JSON
public import Vocabulary

extension Daejeon {
    /// A technology offer or a demand of the demonstration. Its subject comes from the cited line; who offers or needs
    /// it, its stage and its wording are invented, so it is always synthetic.
    public struct Profile: Sourced {
        public let id: String
        /// The alias of the organisation.
        public let organisation: String
        /// Its title.
        public let name: Bilingual
        public let summary: Bilingual
        public let trl: TRL
        public let fields: [ScienceField]
        public let industries: [StrategicIndustry]
        public let keywords: [String]
        /// Forms of working together, in the words of the Matching service.
        public let partnerships: [String]
        /// In the words of the Matching service; nil: a technology offer or request.
        public let type: String?
        public let source: Source

        public var synthetic: Bool { true }

        init(
            _ id: String, of organisation: String, ko: String, en: String, _ summaryKo: String, _ summaryEn: String,
            trl level: Int, _ fields: [ScienceField], in industries: [StrategicIndustry], words keywords: [String],
            by partnerships: [String] = ["licence", "jointResearch"], as type: String? = nil, _ source: Source
        ) {
            self.id = id
            self.organisation = organisation
            self.name = Bilingual(ko: ko, en: en)
            self.summary = Bilingual(ko: summaryKo, en: summaryEn)
            self.trl = TRL(level) ?? .lowest
            self.fields = fields
            self.industries = industries
            self.keywords = keywords
            self.partnerships = partnerships
            self.type = type
            self.source = source
        }

        /// Written as a draft and then published.
        func calls(_ kind: String) -> [SeedCall] {
            [
                SeedCall(
                    id, "matching.\(kind).create",
                    .given([
                        "type": type.map { .string($0) }, "organisationId": .id(of: organisation),
                        "title": .string(name.ko),
                        "summary": .string(summary.ko),
                        "description": .string("\(name.en). \(summary.en)"),
                        "keywords": .array(keywords.map { .string($0) }), "trl": .integer(Int64(trl.level)),
                        "fields": .codes(fields), "industries": .codes(industries),
                        "partnerships": .array(partnerships.map { .string($0) }), "source": .string(citation),
                    ])),
                SeedCall("\(id).published", "matching.\(kind).publish", ["id": .id(of: id)]),
            ]
        }
    }
}
