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

    /// What is wrong with a name or text that somebody sent: in each language it must have so many characters.
    public func problems(at pointer: String, length: ClosedRange<Int>) -> [FieldError] {
        [("ko", ko), ("en", en)].compactMap { language, text in
            guard !length.contains(text.count) else { return nil }
            return FieldError(
                "\(pointer)/\(language)", .string(text),
                Bilingual(
                    ko: "\(length.lowerBound)~\(length.upperBound)자여야 합니다",
                    en: "must have \(length.lowerBound) to \(length.upperBound) characters"))
        }
    }
}
