/// The two languages in which Ieum speaks to people.
public enum Language: String, Codable, Sendable, CaseIterable {
    case ko, en
}

/// One sentence or name in Korean and in English. JSON form: `{"ko": "…", "en": "…"}`.
public struct Bilingual: Codable, Sendable, Hashable {
    public let ko: String
    public let en: String

    public init(ko: String, en: String) {
        self.ko = ko
        self.en = en
    }

    public func text(_ language: Language) -> String {
        language == .ko ? ko : en
    }
}
