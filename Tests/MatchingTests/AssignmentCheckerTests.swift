import JSON
import Testing

@testable import Matching

@Suite struct AssignmentCheckerTests {
    static let methods = AssignmentMethod.allCases

    /// Of all assignments of small problems the checker accepts exactly the one that is meant.
    @Test(arguments: [(1, 2), (2, 2), (1, 1)])
    func exactlyTheOptimalStableAssignmentIsAccepted(_ first: Int, _ second: Int) throws {
        var instances = AssignmentInstances(UInt64(100 + first * 10 + second))
        for round in 0..<40 {
            let problem = instances.problem(3, 3, ties: round % 2 == 0, capacities: (first, second))
            for method in [AssignmentMethod.applicantOptimal, .hostOptimal] {
                let side: AssignmentSide = method == .applicantOptimal ? .applicants : .hosts
                let truth = EveryAssignment(market: Assignment(problem, method, seed: 2).market)
                let stable = truth.stable
                var claims = stable
                // Some that are not stable, and one that exceeds capacities where that is possible.
                claims += truth.feasible.filter { !stable.contains($0) }.prefix(6)
                claims.append(truth.market.applicantOf.map { _ in true })
                for claim in claims {
                    let isMeant =
                        stable.contains(claim) && stable.allSatisfy { truth.isBetter(claim, than: $0, for: side) }
                    let certificate = try claimed(problem, method, truth.market, claim)
                    #expect(AssignmentChecker.violations(of: certificate).isEmpty == isMeant, "\(problem) \(claim)")
                }
            }
        }
    }

    @Test func exactlyTheGreatestSumsAreAccepted() throws {
        var instances = AssignmentInstances(31)
        for _ in 0..<12 {
            let problem = instances.problem(3, 2, capacities: (1, 2), scored: true)
            let solved = Assignment(problem, .maximumScore, seed: 2)
            let best = try solved.certificate().totals.score
            for claim in EveryAssignment(market: solved.market).feasible {
                let json = try claimed(problem, .maximumScore, solved.market, claim)
                let isBest = json.at("/totals/score")?.integer.map(Int.init) == best
                #expect(AssignmentChecker.violations(of: json).isEmpty == isBest)
            }
        }
    }

    /// Any single change anywhere is rejected.
    @Test(arguments: methods)
    func everyAlterationIsRejected(_ method: AssignmentMethod) throws {
        var instances = AssignmentInstances(41)
        for _ in 0..<2 {
            let problem = instances.problem(4, 3, ties: true, capacities: (2, 2), scored: method == .maximumScore)
            let json = try JSON.encode(try Assignment(problem, method, seed: 9).certificate())
            #expect(AssignmentChecker.violations(of: json) == [])
            let altered = json.alterations
            #expect(altered.count > 100)
            for other in altered { #expect(!AssignmentChecker.violations(of: other).isEmpty, "\(other.text)") }
        }
    }

    /// A forger who writes the right digest over an altered result is found out by what it says.
    @Test(arguments: methods)
    func everyForgedResultIsRejected(_ method: AssignmentMethod) throws {
        var instances = AssignmentInstances(51)
        for _ in 0..<2 {
            let problem = instances.problem(3, 3, ties: true, capacities: (2, 2), scored: method == .maximumScore)
            let json = try JSON.encode(try Assignment(problem, method, seed: 9).certificate())
            for member in ["assignment", "applicants", "hosts", "totals", "lottery", "format", "problemDigest"] {
                guard let value = json[member] else { continue }
                for other in value.alterations {
                    var forged = json
                    forged[member] = other
                    forged["digest"] = .string(AssignmentCertificate.digest(of: forged))
                    // Another seed that happens to draw the same order gives a true certificate of its own.
                    if let seed = forged.at("/lottery/seed")?.integer,
                        try JSON.encode(try Assignment(problem, method, seed: seed).certificate()) == forged
                    {
                        continue
                    }
                    #expect(!AssignmentChecker.violations(of: forged).isEmpty, "\(member) \(other.text)")
                }
            }
        }
    }

    @Test func whatIsNoCertificateIsSaidToBeNone() {
        for json: JSON in [[:], .null, ["format": "ieum.assignment.certificate/1"], [1, 2]] {
            #expect(AssignmentChecker.violations(of: json).map(\.rule) == ["certificate.shape"])
        }
    }

    @Test func theSameInputsAndSeedGiveTheSameBytes() throws {
        var instances = AssignmentInstances(61)
        let problem = instances.problem(20, 6, ties: true, capacities: (1, 4), scored: true)
        for method in Self.methods {
            let texts = try (0..<3).map { _ in
                try JSON.encode(try Assignment(problem, method, seed: 77).certificate()).canonical.text
            }
            #expect(Set(texts).count == 1)
        }
    }

    private func claimed(
        _ problem: AssignmentProblem, _ method: AssignmentMethod, _ market: AssignmentMarket, _ claim: [Bool]
    ) throws -> JSON {
        let pairs = claim.indices.filter { claim[$0] }.map { pair in
            AssignmentCertificate.Pair(
                applicant: problem.applicants[market.applicantOf[pair]].id,
                host: problem.hosts[market.hostOf[pair]].id)
        }
        return try JSON.encode(
            try Assignment(problem, method, seed: 2, claiming: Set(pairs)).certificate())
    }
}

extension JSON {
    /// Every value that differs from this one in a single place.
    var alterations: [JSON] {
        switch self {
        case .null: [1]
        case .bool(let value): [.bool(!value)]
        case .integer(let value): [.integer(value + 1), .integer(value - 1), .string("\(value)")]
        case .number(let value): [.number(value + 1)]
        case .string(let value): [.string(value + "x"), .string(String(value.dropLast())), .integer(0)]
        case .array(let items):
            items.indices.flatMap { index -> [JSON] in
                var without = items
                without.remove(at: index)
                let twice = items + [items[index]]
                let swapped =
                    index + 1 < items.count && items[index] != items[index + 1]
                    ? [
                        JSON.array(
                            Array(items[..<index]) + [items[index + 1], items[index]] + Array(items[(index + 2)...]))
                    ]
                    : []
                let inside = items[index].alterations.map { other -> JSON in
                    var changed = items
                    changed[index] = other
                    return .array(changed)
                }
                return [.array(without), .array(twice)] + swapped + inside
            }
        case .object(let members):
            [self.with("unknown", 1)]
                + members.keys.flatMap { key -> [JSON] in
                    [self.with(key, nil)] + (members[key] ?? .null).alterations.map { self.with(key, $0) }
                }
        }
    }

    private func with(_ key: String, _ value: JSON?) -> JSON {
        var changed = self
        changed[key] = value
        return changed
    }
}
