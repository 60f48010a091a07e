import JSON
import ServiceKit
import Testing

@testable import Matching

@Suite("Where a profile stands")
struct ProfileStandingTests {
    private static let actions = [
        "editM", "editO", "submit", "pass", "hold", "reject", "pubM", "pubO", "renew", "withdraw",
    ]

    /// What each action makes of each standing. Letters: Draft, Submitted, Held, Rejected, Published, Withdrawn,
    /// Expired; `r` reviewed, `q` in the queue; `=` nothing changes; refused: `c` closed, `v` reviewed already, `i` not
    /// in review, `n` not reviewed, `x` not renewable.
    private static let table = """
        D   D   D   Sq  i   i   i   n   P   x   W
        Sq  Sq  Sq  =   Pr  H   R   n   Pq  x   W
        H   H   H   Sq  i   i   i   n   P   x   W
        R   R   R   Sq  i   i   i   n   P   x   W
        P   Pq  P   Pq  Pr  H   R   =   =   P   W
        Pr  Pq  P   v   i   i   i   =   =   Pr  Wr
        Pq  Pq  Pq  =   Pr  H   R   =   =   Pq  W
        W   c   c   Sq  i   i   i   n   P   x   =
        Wr  c   c   v   i   i   i   Pr  Pr  x   =
        E   c   c   Sq  i   i   i   n   P   P   W
        Er  c   c   v   i   i   i   Pr  Pr  Pr  Wr
        Eq  c   c   =   Er  H   R   n   Pq  Pq  W
        """

    private static let letters: [Character: ProfileState] = [
        "D": .draft, "S": .submitted, "H": .onHold, "R": .rejected, "P": .published, "W": .withdrawn, "E": .expired,
    ]

    private static func standing(_ code: Substring) throws -> ProfileStanding {
        ProfileStanding(
            state: try #require(code.first.flatMap { letters[$0] }), isReviewed: code.contains("r"),
            isQueued: code.contains("q"))
    }

    private static func code(_ standing: ProfileStanding) -> String {
        let letter = letters.first { $0.value == standing.state }?.key ?? "?"
        return "\(letter)" + (standing.isReviewed ? "r" : "") + (standing.isQueued ? "q" : "")
    }

    private static func outcome(_ action: String, of start: ProfileStanding) -> String {
        var standing = start
        do throws(ProfileRefused) {
            var outcome = ProfileStanding.Outcome.changed
            switch action {
            case "editM": try standing.edit(by: .member)
            case "editO": try standing.edit(by: .operator)
            case "submit": outcome = try standing.submit()
            case "pass": try standing.review(.sufficient)
            case "hold": try standing.review(.onHold)
            case "reject": try standing.review(.rejected)
            case "pubM": outcome = try standing.publish(by: .member)
            case "pubO": outcome = try standing.publish(by: .operator)
            case "renew": try standing.renew()
            default: outcome = standing.withdraw()
            }
            #expect((outcome == .unchanged) ? standing == start : true)
            return outcome == .unchanged ? "=" : code(standing)
        } catch {
            #expect(standing == start && error.state == start.state)
            switch error {
            case .closed: return "c"
            case .reviewed: return "v"
            case .notInReview: return "i"
            case .notReviewed: return "n"
            case .notRenewable: return "x"
            }
        }
    }

    @Test func everyActionInEveryStanding() throws {
        for row in Self.table.split(separator: "\n").map({ $0.split(separator: " ") }) {
            #expect(row.count == Self.actions.count + 1)
            let standing = try Self.standing(row[0])
            for (action, expected) in zip(Self.actions, row.dropFirst()) {
                #expect(Self.outcome(action, of: standing) == expected, "\(action) of \(row[0])")
            }
        }
    }

    /// The table has every standing that can be reached, and no other.
    @Test func theTableIsClosed() throws {
        let listed = Set(
            Self.table.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
        var reached: Set = ["D"]
        var open = ["D"]
        while let code = open.popLast() {
            let standing = try Self.standing(code[...])
            var next = Self.actions.map { Self.outcome($0, of: standing) }
            if standing.state == .published {
                var expired = standing
                expired.state = .expired
                next.append(Self.code(expired))
            }
            for found in next where Self.letters[found.first ?? "="] != nil && reached.insert(found).inserted {
                open.append(found)
            }
        }
        #expect(reached == listed)
    }

    /// Every sum that four categories of 0 to 5 can have, by the bands as the guideline prints them.
    @Test func gradesFollowTheBandsAtEveryBorder() {
        var seen: Set<Int> = []
        for a in 0...5 {
            for b in 0...5 {
                for c in 0...5 {
                    for d in 0...5 {
                        let (sum, hasZero) = (a + b + c + d, [a, b, c, d].contains(0))
                        let expected: ReviewGrade =
                            if sum <= 4 { .rejected } else if sum <= 9 || hasZero {
                                .onHold
                            } else if sum <= 14 { .sufficient } else if sum <= 16 { .good } else { .excellent }
                        #expect(ReviewGrade(points: [a, b, c, d]) == expected)
                        seen.insert(sum)
                    }
                }
            }
        }
        #expect(seen == Set(0...20))
    }

    @Test(arguments: [
        ([0, 0, 0, 0], ReviewGrade.rejected), ([1, 1, 1, 1], .rejected), ([4, 0, 0, 0], .rejected),
        ([2, 1, 1, 1], .onHold), ([5, 0, 0, 0], .onHold), ([3, 2, 2, 2], .onHold), ([3, 3, 2, 2], .sufficient),
        ([5, 5, 0, 0], .onHold), ([4, 4, 3, 3], .sufficient), ([4, 4, 4, 3], .good), ([5, 5, 5, 0], .onHold),
        ([4, 4, 4, 4], .good), ([5, 4, 4, 4], .excellent), ([5, 5, 5, 5], .excellent),
    ])
    func gradesAtTheBorders(points: [Int], grade: ReviewGrade) {
        #expect(ReviewGrade(points: points) == grade)
        #expect(grade.isPassed == (grade != .onHold && grade != .rejected))
    }

    @Test func fewPointsNeedAComment() {
        func score(_ points: Int, _ comment: String?) -> ReviewScore {
            let fine = ReviewMark(points: 3, comment: nil)
            return ReviewScore(
                advantages: ReviewMark(points: points, comment: comment), clarity: fine, cooperation: fine,
                language: ReviewMark(points: points, comment: nil))
        }
        #expect(score(3, nil).missingComments.isEmpty)
        #expect(
            score(2, nil).missingComments.map(\.pointer) == ["/score/advantages/comment", "/score/language/comment"])
        #expect(score(2, "무엇이 새로운지 적으세요").missingComments.map(\.pointer) == ["/score/language/comment"])
    }
}
