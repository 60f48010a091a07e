public import JSON
public import Vocabulary

extension Daejeon {
    /// One number of a document, with its unit and its time.
    public struct Fact: Sourced {
        public let id: String
        public let name: Bilingual
        public let value: Value
        public let unit: Bilingual
        /// The year or day it speaks of; nil where the document does not say.
        public let asOf: String?
        public let source: Source
        public let note: Bilingual?

        public enum Value: Hashable, Sendable {
            case count(Int)
            case money(Won)
            /// As printed, so that nothing is rounded.
            case decimal(String)
        }

        init(
            _ id: String, ko: String, en: String, _ value: Value, _ unit: Bilingual, asOf: String? = nil,
            _ source: Source, note: Bilingual? = nil
        ) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.value = value
            self.unit = unit
            self.asOf = asOf
            self.source = source
            self.note = note
        }
    }
}

extension Bilingual {
    static let percent = Bilingual(ko: "%", en: "%")
    static let won = Bilingual(ko: "원", en: "won")
    static let people = Bilingual(ko: "명", en: "people")
    static let businesses = Bilingual(ko: "개사", en: "businesses")
    static let points = Bilingual(ko: "점", en: "points")
    static let cases = Bilingual(ko: "건", en: "cases")
    static let years = Bilingual(ko: "년", en: "years")
    static let facilities = Bilingual(ko: "개 시설", en: "facilities")
    static let rooms = Bilingual(ko: "실", en: "rooms")
    static let bodies = Bilingual(ko: "개 기관", en: "bodies")
    static let pieces = Bilingual(ko: "점", en: "pieces")
}
