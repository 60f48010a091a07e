import JSON
import ServiceKit
import Storage
import Vocabulary

/// What a reviewer judges: the four categories of the Enterprise Europe Network's external review (domain.md 2.1).
enum ReviewCategory: String, Codable, CaseIterable, Sendable, Named {
    case advantages, clarity, cooperation, language

    var name: Bilingual {
        switch self {
        case .advantages: Bilingual(ko: "장점과 혁신성", en: "advantages and innovation")
        case .clarity: Bilingual(ko: "명확성", en: "clarity")
        case .cooperation: Bilingual(ko: "협력에 거는 기대", en: "cooperation expectations")
        case .language: Bilingual(ko: "작성 지침과 언어", en: "guidelines and language")
        }
    }
}

/// One category's points with what the owner should know.
struct ReviewMark: Codable, Sendable, Hashable, Constrained {
    let points: Int
    /// Needed below 3.
    let comment: String?

    static let constraints: [String: Schema.Constraint] = ["points": .range(0...5), "comment": .length(1...2_000)]
}

/// What the points come to: 17-20 excellent, 15-16 good, 10-14 sufficient, all three published; 5-9 on hold; 0-4
/// rejected.
enum ReviewGrade: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case excellent, good, sufficient, onHold, rejected

    var name: Bilingual {
        switch self {
        case .excellent: Bilingual(ko: "우수", en: "excellent")
        case .good: Bilingual(ko: "양호", en: "good")
        case .sufficient: Bilingual(ko: "적합", en: "sufficient")
        case .onHold: Bilingual(ko: "보완 필요", en: "on hold")
        case .rejected: Bilingual(ko: "반려", en: "rejected")
        }
    }

    /// A zero in one category holds what the sum would publish. It does not lift what the sum rejects: otherwise the
    /// band 0-4 would be the single case 1+1+1+1.
    init(points: [Int]) {
        self =
            switch points.reduce(0, +) {
            case ..<5: .rejected
            case 5..<10: .onHold
            case _ where points.contains(0): .onHold
            case 10..<15: .sufficient
            case 15..<17: .good
            default: .excellent
            }
    }

    var isPassed: Bool { self == .excellent || self == .good || self == .sufficient }
}

/// The marks of one review.
struct ReviewScore: Codable, Sendable, Hashable {
    let advantages: ReviewMark
    let clarity: ReviewMark
    let cooperation: ReviewMark
    let language: ReviewMark

    subscript(category: ReviewCategory) -> ReviewMark {
        switch category {
        case .advantages: advantages
        case .clarity: clarity
        case .cooperation: cooperation
        case .language: language
        }
    }

    private var points: [Int] { ReviewCategory.allCases.map { self[$0].points } }
    var total: Int { points.reduce(0, +) }
    var grade: ReviewGrade { ReviewGrade(points: points) }

    /// Few points without a comment help nobody; every such category is named.
    var missingComments: [FieldError] {
        ReviewCategory.allCases.filter { self[$0].points < 3 && self[$0].comment == nil }.map { category in
            FieldError(
                "/score/\(category.rawValue)/comment", nil,
                Bilingual(
                    ko: "\(category.name.ko)이(가) 3점 미만이면 무엇을 고칠지 적어야 합니다",
                    en: "is required below 3 points: say what should be better in \(category.name.en)"))
        }
    }
}
