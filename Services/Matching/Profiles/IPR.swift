import JSON
import ServiceKit
import Storage
import Vocabulary

/// How the knowledge of a profile is protected; several may hold at once.
enum IPRStatus: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case unprotected = "none"
    case secretKnowHow, applied, granted, copyright, design, tradeMark, other

    var name: Bilingual {
        switch self {
        case .unprotected: Bilingual(ko: "없음", en: "none")
        case .secretKnowHow: Bilingual(ko: "비밀 노하우", en: "secret know-how")
        case .applied: Bilingual(ko: "특허 출원", en: "patent applied for")
        case .granted: Bilingual(ko: "특허 등록", en: "patent granted")
        case .copyright: Bilingual(ko: "저작권", en: "copyright")
        case .design: Bilingual(ko: "디자인권", en: "design right")
        case .tradeMark: Bilingual(ko: "상표권", en: "trade mark")
        case .other: Bilingual(ko: "기타", en: "other")
        }
    }
}

extension PatentNumber {
    /// The statuses of which one must be stated for the number to make sense.
    var evidence: [IPRStatus] {
        switch form {
        case .registration(.patent), .registration(.utilityModel): [.granted]
        case .application(.patent, _), .application(.utilityModel, _), .international: [.applied, .granted]
        case .registration(.design), .application(.design, _): [.design]
        case .registration(.tradeMark), .application(.tradeMark, _): [.tradeMark]
        }
    }
}

/// The status of protection with the numbers that prove it.
struct IPR: Hashable, Sendable {
    var statuses: [IPRStatus]
    var patents: [PatentNumber]

    /// What does not fit together, all at once: `none` stands alone, a patent granted has a registration number, one
    /// applied for an application number, and every number has its status.
    var contradictions: [FieldError] {
        var found: [FieldError] = []
        func status(_ ko: String, _ en: String) {
            found.append(
                FieldError(
                    "/iprStatus", .array(statuses.map { .string($0.rawValue) }), Bilingual(ko: ko, en: en)))
        }
        if statuses.contains(.unprotected), statuses.count > 1 {
            status("'none'은 다른 상태와 함께 쓸 수 없습니다", "'none' cannot stand beside another status")
        }
        if statuses.contains(.granted), !patents.contains(where: { $0.evidence == [.granted] }) {
            status(
                "'granted'에는 등록번호(10-1234567)가 있어야 합니다. patents에 적으세요",
                "'granted' needs a registration number (10-1234567) in patents")
        }
        if statuses.contains(.applied), !patents.contains(where: { $0.evidence.contains(.applied) }) {
            status(
                "'applied'에는 출원번호(10-2020-0123456 또는 PCT)가 있어야 합니다. patents에 적으세요",
                "'applied' needs an application number (10-2020-0123456 or PCT) in patents")
        }
        for (place, number) in patents.enumerated() where Set(number.evidence).isDisjoint(with: statuses) {
            let wanted = number.evidence.map(\.rawValue)
            found.append(
                FieldError(
                    "/patents/\(place)", .string(number.description),
                    Bilingual(
                        ko: "이 번호에 맞는 상태(\(wanted.joined(separator: " 또는 ")))가 iprStatus에 없습니다",
                        en: "is a number of the status \(wanted.joined(separator: " or ")), which iprStatus lacks")))
        }
        return found
    }
}
