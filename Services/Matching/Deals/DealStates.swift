import JSON
import ServiceKit
import Storage
import Vocabulary

/// Whether a deal stands: both sides agreed to pursue it, and it is committed once the technology is transferred. How far
/// it has come on that way is its `DealStage`.
enum DealState: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case interest, agreed, committed, declined, withdrawn

    var name: Bilingual {
        switch self {
        case .interest: Bilingual(ko: "관심", en: "interest")
        case .agreed: Bilingual(ko: "상호 수락", en: "agreed")
        case .committed: Bilingual(ko: "이전 확정", en: "committed")
        case .declined: Bilingual(ko: "거절", en: "declined")
        case .withdrawn: Bilingual(ko: "철회", en: "withdrawn")
        }
    }

    var isOpen: Bool { self == .interest || self == .agreed }
}

/// The eight reasons for which offers are declined, after the taxonomy that the field published in 2023. Five of them
/// could be read (Inpart; domain.md 2.1); the last three complete the eight and are to be checked against it.
enum DeclineReason: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case tooEarly, benefitUnclear, commercialRouteUnclear, descriptionUnclear, scientificConcern
    case notAStrategicFit, alternativeInUse, termsUnsuitable

    var name: Bilingual {
        switch self {
        case .tooEarly: Bilingual(ko: "아직 이른 단계", en: "too early a stage")
        case .benefitUnclear: Bilingual(ko: "기존 기술 대비 이점 불분명", en: "benefit over existing technology unclear")
        case .commercialRouteUnclear: Bilingual(ko: "사업화 경로 불분명", en: "commercial route unclear")
        case .descriptionUnclear: Bilingual(ko: "설명 불충분", en: "description unclear")
        case .scientificConcern: Bilingual(ko: "과학·기술적 의문", en: "scientific concern")
        case .notAStrategicFit: Bilingual(ko: "전략·수요와 맞지 않음", en: "no fit with strategy or demand")
        case .alternativeInUse: Bilingual(ko: "다른 해법을 이미 사용", en: "an alternative is in use")
        case .termsUnsuitable: Bilingual(ko: "조건 불일치", en: "terms unsuitable")
        }
    }
}

/// What can be done to a deal.
enum DealAction: String, Codable, CaseIterable, Sendable, SQLValue {
    case proposed, accepted, agreed, declined, withdrawn, committed
    /// To the profile that its own was merged into.
    case moved
    case ndaSigned, disclosed, consulted, valued, finished, skipped, offered, termsAccepted, signed, concluded, stalled
}

/// The rules of a deal, without storage: which side has accepted, and what an action makes of that.
struct DealRules: Hashable, Sendable {
    var state: DealState
    var accepted: Set<Side>
    var endedBy: Side?

    static func proposed(by side: Side) -> DealRules { DealRules(state: .interest, accepted: [side]) }

    enum Outcome: Hashable, Sendable {
        case unchanged
        case changed
        /// The second side accepted just now.
        case agreed
    }

    /// Interest of one side. Both sides' interest is the agreement; repeating it changes nothing.
    mutating func accept(_ side: Side) throws(DealRefused) -> Outcome {
        switch state {
        case .interest:
            guard accepted.insert(side).inserted else { return .unchanged }
            guard accepted.count == Side.allCases.count else { return .changed }
            state = .agreed
            return .agreed
        case .agreed, .committed: return .unchanged
        case .declined, .withdrawn: throw DealRefused(state: state, action: .accepted)
        }
    }

    /// One side says no, with a reason, to what it was offered or had agreed to.
    mutating func decline(_ side: Side) throws(DealRefused) -> Outcome {
        switch state {
        case .interest, .agreed:
            state = .declined
            endedBy = side
            return .changed
        case .declined where endedBy == side: return .unchanged
        case .declined, .withdrawn, .committed: throw DealRefused(state: state, action: .declined)
        }
    }

    /// A side that had accepted takes that back.
    mutating func withdraw(_ side: Side) throws(DealRefused) -> Outcome {
        switch state {
        case .interest, .agreed:
            guard accepted.contains(side) else { throw DealRefused(state: state, action: .withdrawn) }
            state = .withdrawn
            endedBy = side
            return .changed
        case .withdrawn where endedBy == side: return .unchanged
        case .declined, .withdrawn, .committed: throw DealRefused(state: state, action: .withdrawn)
        }
    }

    /// The transfer is posted.
    mutating func commit() throws(DealRefused) -> Outcome {
        switch state {
        case .agreed:
            state = .committed
            return .changed
        case .committed: return .unchanged
        case .interest, .declined, .withdrawn: throw DealRefused(state: state, action: .committed)
        }
    }
}

/// The action does not fit the state.
struct DealRefused: Error, Hashable {
    let state: DealState
    let action: DealAction

    func fault(_ id: DealID) -> Fault {
        .conflict(message, data: ["state": .string(state.rawValue), "id": .string(id.description)])
    }

    private var message: Bilingual {
        switch (state, action) {
        case (.interest, .withdrawn):
            Bilingual(
                ko: "수락한 적이 없는 쪽은 철회할 수 없습니다. 거절(decline)하세요.",
                en: "A side that has not accepted cannot withdraw. Decline instead.")
        case (.interest, _), (.agreed, _):
            Bilingual(ko: "양쪽이 모두 수락해야 합니다. 먼저 수락을 받으세요.", en: "Both sides must accept first.")
        case (.committed, _):
            Bilingual(
                ko: "이전이 확정되어 되돌릴 수 없는 거래입니다. 그 뒤의 일은 matching.outcomes.record로 남기세요.",
                en: "The transfer is committed and stays. Record what came of it with matching.outcomes.record.")
        case (.declined, _), (.withdrawn, _):
            Bilingual(
                ko: "이미 끝난 거래입니다(\(state.name.ko)). 다시 제안하려면 새로 제안하세요.",
                en: "The deal has ended (\(state.rawValue)). Propose anew to try again.")
        }
    }
}
