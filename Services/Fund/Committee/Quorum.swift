import JSON
import ServiceKit
import Vocabulary

/// A part that must be reached or passed, compared as whole numbers: 1/2 strictly is "more than half", 2/3 not strictly
/// is "at least two thirds".
struct Threshold: Codable, Sendable, Hashable, Constrained {
    let numerator: Int
    let denominator: Int
    /// Whether exactly the part is not enough.
    let strictly: Bool

    static let moreThanHalf = Threshold(numerator: 1, denominator: 2, strictly: true)

    /// The least count that reaches it.
    func least(of total: Int) -> Int {
        let product = total * numerator
        return strictly ? product / denominator + 1 : (product + denominator - 1) / denominator
    }

    static let constraints: [String: Schema.Constraint] = [
        "numerator": .range(0...1_000), "denominator": .range(1...1_000),
    ]

    func problems(at pointer: String) -> [FieldError] {
        guard numerator > denominator || strictly && numerator == denominator else { return [] }
        return [
            FieldError(
                pointer, .string("\(numerator)/\(denominator)"),
                Bilingual(
                    ko: "0과 1 사이의 분수로 적으세요. 전부를 초과할 수는 없습니다.",
                    en: "Give a fraction from 0 to 1; nothing exceeds the whole."))
        ]
    }
}

/// How the regional investment committee (지역 투심위, P:1629-1630) of a fund decides. A member with a conflict of interest
/// does not vote on the case and does not count, neither as a member nor as present.
struct CommitteeRules: Codable, Sendable, Hashable, Constrained {
    /// Present members of all that count.
    let quorum: Threshold
    /// Approving members of those present.
    let majority: Threshold
    /// Whether who abstains is present for the majority too (so that an abstention weighs against). If not, only
    /// approvals and rejections are compared; for the quorum an abstention is always present.
    let abstentionsCount: Bool
    /// At least so many members must remain without a conflict.
    let minimumMembers: Int
    /// The mean contribution to the region (관내 기여도, 0-100) that an approval needs; none if left out.
    let minimumContribution: Int?
    /// At most so many ten-thousandths of the committed capital in one company; no limit if left out.
    let concentrationLimit: Int?

    /// More than half of the members present, more than half of those present in favour, three members at least; no
    /// minimum contribution and no limit of concentration, since the plan states none.
    static let standard = CommitteeRules(
        quorum: .moreThanHalf, majority: .moreThanHalf, abstentionsCount: true, minimumMembers: 3,
        minimumContribution: nil, concentrationLimit: nil)

    static let constraints: [String: Schema.Constraint] = [
        "minimumMembers": .range(1...100), "minimumContribution": .range(0...100),
        "concentrationLimit": .range(1...10_000),
    ]

    func problems(at pointer: String) -> [FieldError] {
        quorum.problems(at: pointer + "/quorum") + majority.problems(at: pointer + "/majority")
    }
}

/// What one member says about one case. Without a vote it is only the declaration of a conflict.
struct Ballot: Sendable, Hashable {
    enum Choice: String, Codable, CaseIterable, Sendable {
        case approve, reject, abstain
    }

    let choice: Choice?
    let hasConflict: Bool
    /// 관내 기여도, 0-100.
    let contribution: Int?
}

/// The ballots counted.
struct Tally: Codable, Sendable, Hashable {
    /// Seats, conflicted ones included.
    let seats: Int
    let conflicted: Int
    /// Seats without a conflict: these count.
    let eligible: Int
    let approve: Int
    let reject: Int
    let abstain: Int
    let present: Int
    /// How many must be present.
    let presentNeeded: Int
    /// How many must approve.
    let approveNeeded: Int
    /// The scores given: their number and sum. The mean is contributionSum / contributionCount.
    let contributionCount: Int
    let contributionSum: Int

    /// - Parameters:
    ///   - seats: how many members the committee has.
    ///   - ballots: the last word of each member that spoke.
    init(seats: Int, ballots: [Ballot], rules: CommitteeRules) {
        let counting = ballots.filter { !$0.hasConflict }
        let scores = counting.compactMap { $0.choice == nil ? nil : $0.contribution }
        self.seats = seats
        conflicted = ballots.count - counting.count
        eligible = seats - conflicted
        approve = counting.count { $0.choice == .approve }
        reject = counting.count { $0.choice == .reject }
        abstain = counting.count { $0.choice == .abstain }
        present = approve + reject + abstain
        presentNeeded = max(1, rules.quorum.least(of: eligible))
        approveNeeded = max(1, rules.majority.least(of: rules.abstentionsCount ? present : approve + reject))
        contributionCount = scores.count
        contributionSum = scores.reduce(0, +)
    }

    enum Outcome: Hashable {
        case approved
        case rejected
        case tooFewMembers
        case noQuorum
        /// Approved by votes, but nobody assessed the contribution that the rules ask for.
        case contributionMissing
    }

    func outcome(_ rules: CommitteeRules) -> Outcome {
        guard eligible >= rules.minimumMembers else { return .tooFewMembers }
        guard present >= presentNeeded else { return .noQuorum }
        guard approve >= approveNeeded else { return .rejected }
        guard let minimum = rules.minimumContribution else { return .approved }
        guard contributionCount > 0 else { return .contributionMissing }
        return contributionSum >= minimum * contributionCount ? .approved : .rejected
    }
}
