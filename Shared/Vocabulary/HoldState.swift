public import JSON

/// The life of a hold, the same in all services: something scarce is first held, then posted, voided, or it expires.
public enum HoldState: String, Codable, CaseIterable, Sendable, Named {
    case held, posted, voided, expired

    public var name: Bilingual {
        switch self {
        case .held: Bilingual(ko: "보류", en: "held")
        case .posted: Bilingual(ko: "확정", en: "posted")
        case .voided: Bilingual(ko: "취소", en: "voided")
        case .expired: Bilingual(ko: "만료", en: "expired")
        }
    }

    /// No action changes it any more.
    public var isFinal: Bool { self != .held }

    /// The state as it counts at `now`: a hold stops counting the instant `expiresAt` is reached, whether or not the job
    /// that marks it has run. SQL says the same as `state = 'held' AND expires_at > now`.
    public func effective(expiresAt: Instant, now: Instant) -> HoldState {
        self == .held && now >= expiresAt ? .expired : self
    }

    /// The state after an action, or why the action is refused. Repeating a post or a void is harmless.
    ///
    /// | effective state | renew | post | void | expire |
    /// | --- | --- | --- | --- | --- |
    /// | held | held | posted | voided | refused |
    /// | posted | refused | posted | refused | refused |
    /// | voided | refused | refused | voided | voided |
    /// | expired | refused | refused | expired | expired |
    public func after(_ action: HoldAction, expiresAt: Instant, now: Instant) throws(HoldRefused) -> HoldState {
        let state = effective(expiresAt: expiresAt, now: now)
        return switch (state, action) {
        case (.held, .renew): .held
        case (.held, .post), (.posted, .post): .posted
        case (.held, .void), (.voided, .void), (.voided, .expire): .voided
        case (.expired, .void), (.expired, .expire): .expired
        case (.held, .expire), (.posted, .renew), (.posted, .void), (.posted, .expire), (.voided, .renew),
            (.voided, .post), (.expired, .renew), (.expired, .post):
            throw HoldRefused(state: state, action: action)
        }
    }
}

public enum HoldAction: String, Codable, CaseIterable, Sendable {
    case renew, post, void, expire
}

/// The action does not fit the state. Services answer it as `conflict` with `{"state": …, "id": …}`.
public struct HoldRefused: Error, Hashable {
    /// The state that counts: a hold past its time is `expired` even if its row still says `held`.
    public let state: HoldState
    public let action: HoldAction

    public init(state: HoldState, action: HoldAction) {
        self.state = state
        self.action = action
    }

    /// What is wrong and what to do next.
    public var message: Bilingual {
        switch (state, action) {
        case (.held, _):
            Bilingual(
                ko: "아직 유효한 보류입니다. 만료 시각이 지난 뒤에 처리하거나 취소하세요.",
                en: "The hold is still live. Wait until it expires, or void it.")
        case (.posted, .void):
            Bilingual(
                ko: "이미 확정되어 취소할 수 없습니다. 정정은 새 기록으로 남기세요.",
                en: "It is already posted and cannot be voided. Record a correction instead.")
        case (.posted, _):
            Bilingual(ko: "이미 확정되었습니다. 더 할 일이 없습니다.", en: "It is already posted. Nothing more is to be done.")
        case (.voided, _):
            Bilingual(ko: "이미 취소되었습니다. 다시 보류를 신청하세요.", en: "It was voided. Ask for a new hold.")
        case (.expired, _):
            Bilingual(ko: "보류 시간이 지났습니다. 다시 보류를 신청하세요.", en: "The hold has expired. Ask for a new hold.")
        }
    }
}
