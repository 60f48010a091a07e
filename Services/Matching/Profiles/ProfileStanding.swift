import JSON
import ServiceKit
import Storage
import Vocabulary

/// draft → submitted → published, on hold or rejected → withdrawn or expired. What is on hold or rejected is submitted
/// again; an operator may publish without review, which shows.
enum ProfileState: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    case draft, submitted, onHold, rejected, published, withdrawn, expired

    var name: Bilingual {
        switch self {
        case .draft: Bilingual(ko: "작성 중", en: "draft")
        case .submitted: Bilingual(ko: "검토 대기", en: "submitted")
        case .onHold: Bilingual(ko: "보완 필요", en: "on hold")
        case .rejected: Bilingual(ko: "반려", en: "rejected")
        case .published: Bilingual(ko: "공개", en: "published")
        case .withdrawn: Bilingual(ko: "철회", en: "withdrawn")
        case .expired: Bilingual(ko: "만료", en: "expired")
        }
    }
}

/// Where a profile stands, and what each action makes of that, without storage.
struct ProfileStanding: Hashable, Sendable {
    /// By the time of the action: what is past its validity has expired, marked or not.
    var state: ProfileState
    /// The present version has passed its review.
    var isReviewed = false
    /// It waits for a reviewer.
    var isQueued = false

    enum Actor: CaseIterable, Sendable { case member, `operator` }
    enum Outcome: Hashable, Sendable { case unchanged, changed }

    /// The content changes. What is public stays so, marked as unreviewed; a member's edit of it waits for a reviewer.
    mutating func edit(by actor: Actor) throws(ProfileRefused) {
        switch state {
        case .draft, .submitted, .onHold, .rejected: isReviewed = false
        case .published:
            isReviewed = false
            if actor == .member { isQueued = true }
        case .withdrawn, .expired: throw .closed(state)
        }
    }

    /// To the reviewers. What an operator published without review stays public meanwhile.
    mutating func submit() throws(ProfileRefused) -> Outcome {
        if isReviewed { throw .reviewed(state) }
        if isQueued { return .unchanged }
        isQueued = true
        if state != .published { state = .submitted }
        return .changed
    }

    /// A reviewer decides on what waits, or on what is public without review.
    mutating func review(_ grade: ReviewGrade) throws(ProfileRefused) {
        guard isQueued || state == .published, !isReviewed else { throw .notInReview(state) }
        isQueued = false
        switch grade {
        case .excellent, .good, .sufficient:
            isReviewed = true
            // Its time has passed while it waited: the owner renews it.
            if state != .expired { state = .published }
        case .onHold: state = .onHold
        case .rejected: state = .rejected
        }
    }

    /// Into the public: an operator whatever the review says (it goes on, if one was asked for), a member with a
    /// review that was passed.
    mutating func publish(by actor: Actor) throws(ProfileRefused) -> Outcome {
        if state == .published { return .unchanged }
        guard actor == .operator || isReviewed else { throw .notReviewed(state) }
        state = .published
        return .changed
    }

    /// Prolongs what is or was public; its content and its review stay as they are.
    mutating func renew() throws(ProfileRefused) {
        guard state == .published || state == .expired else { throw .notRenewable(state) }
        state = .published
    }

    mutating func withdraw() -> Outcome {
        if state == .withdrawn { return .unchanged }
        state = .withdrawn
        isQueued = false
        return .changed
    }
}

/// The action does not fit where the profile stands.
enum ProfileRefused: Error, Hashable {
    case closed(ProfileState)
    case reviewed(ProfileState)
    case notInReview(ProfileState)
    case notReviewed(ProfileState)
    case notRenewable(ProfileState)

    var state: ProfileState {
        switch self {
        case .closed(let state), .reviewed(let state), .notInReview(let state), .notReviewed(let state),
            .notRenewable(let state):
            state
        }
    }

    private var rule: String {
        switch self {
        case .closed: "profile.closed"
        case .reviewed: "profile.reviewed"
        case .notInReview: "profile.notInReview"
        case .notReviewed: "profile.notReviewed"
        case .notRenewable: "profile.notRenewable"
        }
    }

    func fault<Kind: ProfileKind>(_ id: ID<Kind>) -> Fault {
        let method = "matching.\(Kind.plural)"
        let message =
            switch self {
            case .closed:
                Bilingual(
                    ko: "\(state.name.ko) 상태에서는 고칠 수 없습니다. 먼저 다시 공개하세요.",
                    en: "It is \(state.name.en) and cannot be edited. Publish it again first.")
            case .reviewed:
                Bilingual(
                    ko: "지금 판은 이미 검토를 통과했습니다. \(method).publish로 공개하거나 \(method).prolong으로 연장하세요.",
                    en: "Its present version has passed its review. Publish it (\(method).publish) or prolong it.")
            case .notInReview:
                Bilingual(
                    ko: "검토를 기다리지 않습니다(\(state.name.ko)). 소유 기관이 \(method).submit으로 제출해야 합니다.",
                    en: "It waits for no review (\(state.name.en)). Its owner submits it with \(method).submit.")
            case .notReviewed:
                Bilingual(
                    ko: "검토를 통과한 판만 직접 공개할 수 있습니다(\(state.name.ko)). \(method).submit으로 검토를 요청하세요.",
                    en: "Only a version that passed its review can be published by its owner "
                        + "(it is \(state.name.en)). Ask for a review with \(method).submit.")
            case .notRenewable:
                Bilingual(
                    ko: "공개되었던 것만 연장할 수 있습니다(\(state.name.ko)). \(method).publish로 공개하세요.",
                    en: "Only what is or was public can be renewed (it is \(state.name.en)). Publish it first.")
            }
        return .failedPrecondition(
            rule: rule, message, data: ["id": .string(id.description), "state": .string(state.rawValue)])
    }
}

extension Call {
    var actor: ProfileStanding.Actor { actsForOthers ? .operator : .member }
}

extension Profile {
    func standing(at now: Instant) -> ProfileStanding {
        ProfileStanding(state: effectiveState(at: now), isReviewed: isReviewed, isQueued: submittedAt != nil)
    }

    /// Puts the profile where the rules say; its place in the queue is the moment it came.
    mutating func stand(_ standing: ProfileStanding, _ w: Write) throws {
        // What a review took back may say anything by now: its withdrawal shows it to nobody.
        if standing.state == .withdrawn, !isPublic { publishedAt = nil }
        state = standing.state
        isReviewed = standing.isReviewed
        updatedAt = w.now
        if !standing.isQueued { submittedAt = nil }
        if standing.isQueued, submittedAt == nil { submittedAt = try Self.endOfQueue(w) }
        if state != .published { expiryNoticeAt = nil }
    }

    /// Now, or the first free millisecond after it: one moment is one place.
    private static func endOfQueue(_ w: Write) throws -> Instant {
        let last = try w.db.row(
            "SELECT MAX(submitted_at) AS last FROM profile WHERE side = ? AND submitted_at IS NOT NULL", Kind.side)
        let end: Instant? = try last?.getIfPresent("last")
        return max(w.now, end?.adding(milliseconds: 1) ?? w.now)
    }
}
