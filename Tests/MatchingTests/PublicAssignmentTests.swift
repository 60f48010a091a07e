import Foundation
import JSON
import Testing

@testable import Matching

/// Instances that others have published, with what they found (`Cases/stable-matching.json` names every source).
@Suite struct PublicAssignmentTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let source: String
        let problem: AssignmentProblem
        let applicantOptimal: [[String]]?
        let hostOptimal: [[String]]?
        let greatestSum: Int?

        var testDescription: String { name }
    }

    static let cases: [Case] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/stable-matching.json")
        guard let json = try? JSON(parsing: Data(contentsOf: file)) else { return [] }
        return (try? json.decode([Case].self)) ?? []
    }()

    @Test func theCasesAreThere() { #expect(Self.cases.count >= 37) }

    @Test(arguments: cases) func theResultIsTheirs(_ one: Case) throws {
        #expect(one.problem.errors() == [])
        let wanted: [(AssignmentMethod, [[String]]?)] = [
            (.applicantOptimal, one.applicantOptimal), (.hostOptimal, one.hostOptimal),
        ]
        for (method, pairs) in wanted {
            guard let pairs else { continue }
            let (certificate, json) = try Assignment(one.problem, method, seed: 1).certified()
            #expect(
                certificate.assignment.map { [$0.applicant, $0.host] }.sorted { $0.lexicographicallyPrecedes($1) }
                    == pairs.sorted { $0.lexicographicallyPrecedes($1) }, "\(method)")
            #expect(AssignmentChecker.violations(of: json) == [])
        }
        if let greatestSum = one.greatestSum {
            let (certificate, json) = try Assignment(one.problem, .maximumScore, seed: 1).certified()
            #expect(certificate.totals.score == greatestSum)
            #expect(AssignmentChecker.violations(of: json) == [])
        }
    }

    /// Of every stable result with pairs: one pair dropped, two partners swapped or a pair doubled is refused, even
    /// when all that follows from the pairs is written anew.
    @Test(arguments: cases) func anAlteredResultIsRefused(_ one: Case) throws {
        let method: AssignmentMethod = one.greatestSum == nil ? .applicantOptimal : .maximumScore
        let solved = try Assignment(one.problem, method, seed: 1).certificate()
        for claim in solved.assignment.altered {
            let forged = try Assignment(one.problem, method, seed: 1, claiming: claim).certificate()
            // Another sum as great is as good.
            if let score = forged.totals.score, score == solved.totals.score, claim.count == solved.assignment.count {
                continue
            }
            #expect(try !AssignmentChecker.violations(of: JSON.encode(forged)).isEmpty)
        }
    }
}

extension [AssignmentCertificate.Pair] {
    /// Without one pair, and with the partners of two exchanged.
    fileprivate var altered: [Set<Element>] {
        var claims: [Set<Element>] = []
        for index in indices.prefix(12) {
            claims.append(Set(self).subtracting([self[index]]))
            guard index + 1 < count, self[index].host != self[index + 1].host else { continue }
            var swapped = self
            swapped[index] = .init(applicant: self[index].applicant, host: self[index + 1].host)
            swapped[index + 1] = .init(applicant: self[index + 1].applicant, host: self[index].host)
            if Set(swapped) != Set(self) { claims.append(Set(swapped)) }
        }
        return claims
    }
}
