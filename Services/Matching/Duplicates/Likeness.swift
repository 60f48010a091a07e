import JSON
import Vocabulary

/// Why two profiles may be one.
enum LikenessReason: String, Codable, CaseIterable, Sendable, Named {
    case samePatent, sameTitle, sameText, contained, likeTitle

    /// Whether there is no doubt left.
    var isCertain: Bool { self == .samePatent || self == .sameTitle }

    var name: Bilingual {
        switch self {
        case .samePatent: Bilingual(ko: "같은 특허번호", en: "the same patent number")
        case .sameTitle: Bilingual(ko: "같은 기관의 같은 제목", en: "the same title in one organisation")
        case .sameText: Bilingual(ko: "글이 거의 같음", en: "nearly the same text")
        case .contained: Bilingual(ko: "한쪽 글이 다른 쪽에 들어 있음", en: "one text stands within the other")
        case .likeTitle: Bilingual(ko: "제목이 거의 같고 글이 비슷함", en: "nearly the same title and a similar text")
        }
    }
}

/// How much of their terms two texts share. Terms are those of the index (bigrams of Hangul, Latin words), each once.
///
/// The limits were set on the Daejeon data: its 42 technologies and demands are all different, and the two most alike
/// share .39 of their terms; copies with every twelfth word changed and a sentence added are all found
/// (`DuplicatesTests`).
struct Likeness: Hashable, Sendable {
    /// Shared terms as a share of all terms of both (Jaccard), 0...1.
    let text: Double
    /// Shared terms as a share of the shorter text's.
    let containment: Double
    /// Jaccard of the titles.
    let title: Double

    static let sameText = 0.6
    static let contained = 0.85
    static let likeTitle = 0.75
    static let likeTitleText = 0.4
    /// A shorter text is in many others by chance.
    static let termsToContain = 20

    private let shorter: Int

    init(_ a: Text, _ b: Text) {
        let shared = Double(Self.shared(a.terms, b.terms))
        let all = Double(a.terms.count + b.terms.count) - shared
        shorter = min(a.terms.count, b.terms.count)
        text = all > 0 ? shared / all : 0
        containment = shorter > 0 ? shared / Double(shorter) : 0
        let titles = Double(Self.shared(a.title, b.title))
        let titleTerms = Double(a.title.count + b.title.count) - titles
        title = titleTerms > 0 ? titles / titleTerms : 0
    }

    var reasons: [LikenessReason] {
        var reasons: [LikenessReason] = []
        if text >= Self.sameText { reasons.append(.sameText) }
        if containment >= Self.contained, shorter >= Self.termsToContain { reasons.append(.contained) }
        if title >= Self.likeTitle, text >= Self.likeTitleText { reasons.append(.likeTitle) }
        return reasons
    }

    /// The terms of a profile, in ascending order.
    struct Text: Sendable {
        let terms: [Term]
        let title: [Term]

        init(_ text: String, title: String, _ tokeniser: Tokeniser) {
            // Concepts repeat what the words say already.
            terms = tokeniser.vector(of: text).terms.filter { $0.concept == nil }
            self.title = tokeniser.vector(of: title).terms.filter { $0.concept == nil }
        }

        init<Kind>(_ profile: Profile<Kind>, _ tokeniser: Tokeniser) {
            self.init(profile.text, title: profile.title, tokeniser)
        }
    }

    private static func shared(_ a: [Term], _ b: [Term]) -> Int {
        var (i, j, shared) = (0, 0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                (i, j, shared) = (i + 1, j + 1, shared + 1)
            } else if a[i].bits < b[j].bits {
                i += 1
            } else {
                j += 1
            }
        }
        return shared
    }
}
