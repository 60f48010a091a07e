public import JSON
public import Vocabulary

/// Where a statement comes from: a document and its line, as in `P:1608`; `ext:` and a word for public reports later
/// than the plan; `invented` for what belongs to the demonstration alone.
public struct Source: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public enum Document: String, CaseIterable, Sendable, Named {
        case plan = "P"
        case slides = "C"
        case megaprojects = "M"
        case laterReport = "ext"
        case invented

        public var name: Bilingual {
            switch self {
            case .plan:
                Bilingual(
                    ko: "대전과학기술진흥종합계획 2023-2027", en: "Daejeon Science and Technology Promotion Plan 2023-2027")
            case .slides: Bilingual(ko: "지역 혁신 학술대회 발표자료", en: "Conference slides on regional innovation")
            case .megaprojects: Bilingual(ko: "해외 지역혁신 메가프로젝트 조사", en: "Study of regional megaprojects abroad")
            case .laterReport: Bilingual(ko: "계획 이후의 공개 보도", en: "Public reports later than the plan")
            case .invented: Bilingual(ko: "시연을 위해 지어냄", en: "Invented for the demonstration")
            }
        }
    }

    public let document: Document
    /// The line in the document's text, or the name of a report; empty for what was invented.
    public let place: String

    public static let invented: Source = "invented"

    public init(stringLiteral text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = parts.first, let document = Document(rawValue: first) else {
            preconditionFailure("\(text) names no document")
        }
        self.document = document
        place = parts.count > 1 ? parts[1] : ""
    }

    public var line: Int? { Int(place) }
    public var isLaterThanPlan: Bool { document == .laterReport }
    public var description: String { place.isEmpty ? document.rawValue : "\(document.rawValue):\(place)" }
}

/// A record that a person may ask about: what it is, where it stands, whether it was invented.
public protocol Sourced: Sendable {
    /// Stable, lower case, unique among records of its type.
    var id: String { get }
    var name: Bilingual { get }
    var source: Source { get }
    /// Invented for the demonstration, whatever it was built on.
    var synthetic: Bool { get }
    /// What a reader should know before relying on it.
    var note: Bilingual? { get }
}

extension Sourced {
    public var synthetic: Bool { source.document == .invented }
    public var note: Bilingual? { nil }
}
