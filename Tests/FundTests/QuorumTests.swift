import JSON
import Testing
import Vocabulary

@testable import Fund

@Suite struct QuorumTests {
    @Test(
        "Least counts of thresholds",
        arguments: [
            (Threshold.moreThanHalf, 4, 3), (.moreThanHalf, 5, 3), (.moreThanHalf, 1, 1), (.moreThanHalf, 0, 1),
            (Threshold(numerator: 1, denominator: 2, strictly: false), 4, 2),
            (Threshold(numerator: 2, denominator: 3, strictly: false), 9, 6),
            (Threshold(numerator: 2, denominator: 3, strictly: false), 10, 7),
            (Threshold(numerator: 2, denominator: 3, strictly: true), 9, 7),
            (Threshold(numerator: 1, denominator: 1, strictly: false), 5, 5),
            (Threshold(numerator: 0, denominator: 1, strictly: false), 5, 0),
        ]) func least(_ threshold: Threshold, _ total: Int, _ expected: Int)
    {
        #expect(threshold.least(of: total) == expected)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        /// a, r, - (abstains), c (conflict)
        let ballots: String
        let seats: Int
        var rules = CommitteeRules.standard
        let outcome: Tally.Outcome
        var scores: [Int?] = []
        var testDescription: String { "\(ballots) of \(seats): \(outcome)" }
    }

    static func rules(
        abstentionsCount: Bool = true, minimumMembers: Int = 3, minimumContribution: Int? = nil
    ) -> CommitteeRules {
        CommitteeRules(
            quorum: .moreThanHalf, majority: .moreThanHalf, abstentionsCount: abstentionsCount,
            minimumMembers: minimumMembers, minimumContribution: minimumContribution, concentrationLimit: nil)
    }

    static let rows = [
        Row(ballots: "aa", seats: 3, outcome: .approved),
        Row(ballots: "a", seats: 3, outcome: .noQuorum),
        Row(ballots: "", seats: 3, outcome: .noQuorum),
        Row(ballots: "ar", seats: 3, outcome: .rejected),
        Row(ballots: "aar", seats: 3, outcome: .approved),
        Row(ballots: "rrr", seats: 5, outcome: .rejected),
        // An abstention is present and weighs against, unless the rules say otherwise.
        Row(ballots: "a-", seats: 3, outcome: .rejected),
        Row(ballots: "a-", seats: 3, rules: rules(abstentionsCount: false), outcome: .approved),
        Row(ballots: "--", seats: 3, rules: rules(abstentionsCount: false), outcome: .rejected),
        // A member with a conflict counts neither as a member nor as present.
        Row(ballots: "aac", seats: 4, outcome: .approved),
        Row(ballots: "aac", seats: 5, outcome: .noQuorum),
        Row(ballots: "aaac", seats: 6, outcome: .approved),
        Row(ballots: "aac", seats: 3, outcome: .tooFewMembers),
        Row(ballots: "aac", seats: 3, rules: rules(minimumMembers: 2), outcome: .approved),
        Row(ballots: "ccc", seats: 3, rules: rules(minimumMembers: 1), outcome: .tooFewMembers),
        Row(ballots: "aa", seats: 3, rules: rules(minimumContribution: 50), outcome: .contributionMissing),
        Row(
            ballots: "aa", seats: 3, rules: rules(minimumContribution: 50), outcome: .approved, scores: [40, 60]),
        Row(
            ballots: "aa", seats: 3, rules: rules(minimumContribution: 50), outcome: .rejected, scores: [40, 59]),
        Row(
            ballots: "aa", seats: 3, rules: rules(minimumContribution: 50), outcome: .approved, scores: [nil, 50]),
        Row(
            ballots: "aaac", seats: 6, rules: rules(minimumContribution: 50), outcome: .rejected,
            scores: [40, 40, 40, 100]),
    ]

    @Test("Outcomes", arguments: rows) func outcome(_ row: Row) {
        let ballots = row.ballots.enumerated().map { index, letter in
            Ballot(
                choice: ["a": .approve, "r": .reject, "-": .abstain][letter], hasConflict: letter == "c",
                contribution: row.scores.indices.contains(index) ? row.scores[index] : nil)
        }
        #expect(Tally(seats: row.seats, ballots: ballots, rules: row.rules).outcome(row.rules) == row.outcome)
    }

    @Test func standardRulesAreValid() {
        #expect(CommitteeRules.standard.problems(at: "").isEmpty)
        let wrong = CommitteeRules(
            quorum: Threshold(numerator: 3, denominator: 2, strictly: false),
            majority: Threshold(numerator: 1, denominator: 1, strictly: true), abstentionsCount: true,
            minimumMembers: 3, minimumContribution: nil, concentrationLimit: nil)
        #expect(wrong.problems(at: "/rules").map(\.pointer) == ["/rules/quorum", "/rules/majority"])
    }
}
