import JSON
import Testing

@testable import Matching

@Suite struct AssignmentSolverTests {
    /// Both methods against the truth, many-to-one and many-to-many, with ties.
    @Test(arguments: [(1, 2), (2, 2), (1, 1), (2, 3)])
    func deferredAcceptanceFindsTheBestStableAssignmentOfEachSide(_ first: Int, _ second: Int) {
        var instances = AssignmentInstances(UInt64(first * 10 + second))
        for round in 0..<60 {
            let problem = instances.problem(3, 3, ties: round % 2 == 0, capacities: (first, second))
            for side in AssignmentSide.allCases {
                let method: AssignmentMethod = side == .applicants ? .applicantOptimal : .hostOptimal
                let solved = Assignment(problem, method, seed: Int64(round))
                let truth = EveryAssignment(market: solved.market)
                let stable = truth.stable
                #expect(stable.contains(solved.isAssigned), "\(problem)")
                let isBest = stable.allSatisfy { truth.isBetter(solved.isAssigned, than: $0, for: side) }
                #expect(isBest, "\(problem)")
            }
        }
    }

    /// Every instance of 2 × 2 with strict lists, complete or not, and capacities 1 or 2.
    @Test func everyTwoByTwoInstance() {
        let lists = [[], [0], [1], [0, 1], [1, 0]]
        for code in 0..<(625 * 16) {
            let list = [code % 5, code / 5 % 5, code / 25 % 5, code / 125 % 5].map { lists[$0] }
            let bits = code / 625
            let market = AssignmentMarket(
                applicantLists: [list[0], list[1]], hostLists: [list[2], list[3]],
                applicantCapacities: [1 + bits & 1, 1 + bits >> 1 & 1],
                hostCapacities: [1 + bits >> 2 & 1, 1 + bits >> 3 & 1])
            let truth = EveryAssignment(market: market)
            let stable = truth.stable
            for side in AssignmentSide.allCases {
                let solved = DeferredAcceptance.stable(market, proposing: side)
                let isBest =
                    stable.contains(solved) && stable.allSatisfy { truth.isBetter(solved, than: $0, for: side) }
                if !isBest { Issue.record("instance \(code) for \(side)") }
            }
        }
    }

    /// Every instance of 3 × 3 with complete strict lists (the first applicant's order fixed, by symmetry).
    @Test func everyThreeByThreeInstance() {
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        for code in 0..<7_776 {
            let applicants = [orders[0], orders[code % 6], orders[code / 6 % 6]]
            let hosts = [orders[code / 36 % 6], orders[code / 216 % 6], orders[code / 1_296]]
            let market = AssignmentMarket(
                applicantLists: applicants, hostLists: hosts, applicantCapacities: [1, 1, 1], hostCapacities: [1, 1, 1])
            let ranks = hosts.map { list in (0..<3).map { list.firstIndex(of: $0) ?? 3 } }
            let liked = applicants.map { list in (0..<3).map { list.firstIndex(of: $0) ?? 3 } }
            let stable = orders.filter { match in
                !(0..<3).contains { a in
                    (0..<3).contains { h in
                        let holder = match.firstIndex(of: h) ?? 3
                        return liked[a][h] < liked[a][match[a]] && ranks[h][a] < ranks[h][holder]
                    }
                }
            }
            let best = (0..<3).map { a in stable.map { $0[a] }.min { liked[a][$0] < liked[a][$1] } ?? 3 }
            let worst = (0..<3).map { a in stable.map { $0[a] }.max { liked[a][$0] < liked[a][$1] } ?? 3 }
            for (side, expected) in [(AssignmentSide.applicants, best), (.hosts, worst)] {
                let held = DeferredAcceptance.stable(market, proposing: side)
                let found = held.indices.filter { held[$0] }.map { market.hostOf[$0] }
                if found != expected { Issue.record("instance \(code) for \(side): \(found), not \(expected)") }
            }
        }
    }

    /// Rural hospitals (Roth 1986): who is unmatched, and what an under-filled host has, is the same in all of them.
    @Test func theUnmatchedAreTheSameInAllStableAssignments() {
        var instances = AssignmentInstances(7)
        for _ in 0..<150 {
            let problem = instances.problem(4, 2, capacities: (1, 3))
            let market = Assignment(problem, .applicantOptimal, seed: 1).market
            let stable = EveryAssignment(market: market).stable
            let outcomes = Set(
                stable.map { chosen -> [[Int]] in
                    let matched = (0..<4).map { market.applicants.list($0).count { chosen[$0] } }
                    let filled = (0..<2).map { host -> [Int] in
                        let members = market.hosts.list(host).filter { chosen[$0] }
                        return members.count < market.hosts.capacities[host] ? members.sorted() : [-1, members.count]
                    }
                    return [matched] + filled
                })
            #expect(outcomes.count == 1)
        }
    }

    /// Gale and Shapley 1962, example 1: three stable assignments, the best for each side and one between.
    @Test func galeAndShapleyExampleOne() throws {
        let men = ["A": ["1", "2", "3"], "B": ["2", "3", "1"], "C": ["3", "1", "2"]]
        let women = ["1": ["B", "C", "A"], "2": ["C", "A", "B"], "3": ["A", "B", "C"]]
        let problem = strict(men, women)
        #expect(try pairs(problem, .applicantOptimal) == ["A1", "B2", "C3"])
        #expect(try pairs(problem, .hostOptimal) == ["A3", "B1", "C2"])
        #expect(EveryAssignment(market: Assignment(problem, .hostOptimal, seed: 0).market).stable.count == 3)
    }

    /// Gale and Shapley 1962, example 2: exactly one stable assignment.
    @Test func galeAndShapleyExampleTwo() throws {
        let men = [
            "A": ["1", "2", "3", "4"], "B": ["1", "4", "3", "2"], "C": ["2", "1", "3", "4"], "D": ["4", "2", "3", "1"],
        ]
        let women = [
            "1": ["D", "C", "A", "B"], "2": ["B", "D", "A", "C"], "3": ["D", "A", "B", "C"], "4": ["C", "B", "A", "D"],
        ]
        for method in [AssignmentMethod.applicantOptimal, .hostOptimal] {
            #expect(try pairs(strict(men, women), method) == ["A3", "B4", "C1", "D2"])
        }
    }

    /// Five residents and three hospitals: the worked example of PyPI `matching` (hospital-resident).
    @Test func residentsAndHospitals() throws {
        let residents = [
            "A": ["C"], "S": ["C", "M"], "D": ["C", "G", "M"], "L": ["M", "C", "G"],
            "J": ["C", "G", "M"],
        ]
        let hospitals = ["M": ["D", "L", "S", "J"], "C": ["D", "A", "S", "L", "J"], "G": ["D", "J", "L"]]
        let problem = strict(residents, hospitals, capacities: ["M": 2, "C": 2, "G": 2])
        #expect(try pairs(problem, .applicantOptimal) == ["AC", "DC", "JG", "LM", "SM"])
    }

    @Test func theGreatestSumIsFoundAndProved() throws {
        var instances = AssignmentInstances(11)
        for round in 0..<120 {
            let problem = instances.problem(3, 3, capacities: (1 + round % 2, 2), scored: true)
            let solved = Assignment(problem, .maximumScore, seed: 3)
            let table = Dictionary(
                (problem.scores ?? []).map { ([$0.applicant, $0.host], $0.score) },
                uniquingKeysWith: { first, _ in first })
            let scores = (0..<solved.market.pairCount).map { pair in
                let applicant = problem.applicants[solved.market.applicantOf[pair]].id
                return table[[applicant, problem.hosts[solved.market.hostOf[pair]].id]] ?? 0
            }
            let sums = EveryAssignment(market: solved.market).feasible.map { chosen in
                chosen.indices.reduce(0) { $0 + (chosen[$1] ? scores[$1] : 0) }
            }
            let certificate = try solved.certificate()
            #expect(certificate.totals.score == sums.max())
            #expect(AssignmentChecker.violations(of: try JSON.encode(certificate)) == [])
        }
    }

    @Test func withoutListsEverybodyIsEquallyLikedAndTheLotteryDecides() throws {
        let problem = AssignmentProblem(
            applicants: (0..<6).map { .init(id: "a\($0)", capacity: nil, preferences: nil, tiers: nil) },
            hosts: [.init(id: "h", capacity: 2, preferences: nil, tiers: nil)], scores: nil)
        let first = try Assignment(problem, .applicantOptimal, seed: 1).certificate()
        #expect(Set(first.assignment.map(\.applicant)) == Set(first.lottery.applicants.prefix(2)))
        let winners = Set(
            try (0..<30).map { seed in
                try Assignment(problem, .applicantOptimal, seed: seed).certificate().assignment.map(\.applicant)
            })
        #expect(winners.count > 5)
    }

    /// FIPS 180-4, and the published first outputs of SplitMix64 with seed 1234567.
    @Test func digestAndLotteryAreTheStandardOnes() {
        #expect(
            SHA256.digest(Array("abc".utf8))
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.digest([]) == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.digest(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
                == "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        var generator = SplitMix64(state: 1_234_567)
        #expect([generator.next(), generator.next()] == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973])
    }

    private func strict(_ first: [String: [String]], _ second: [String: [String]], capacities: [String: Int] = [:])
        -> AssignmentProblem
    {
        AssignmentProblem(
            applicants: first.keys.sorted().map { .init(id: $0, capacity: nil, preferences: first[$0], tiers: nil) },
            hosts: second.keys.sorted().map {
                .init(id: $0, capacity: capacities[$0], preferences: second[$0], tiers: nil)
            }, scores: nil)
    }

    private func pairs(_ problem: AssignmentProblem, _ method: AssignmentMethod) throws -> [String] {
        let certificate = try Assignment(problem, method, seed: 5).certificate()
        #expect(AssignmentChecker.violations(of: try JSON.encode(certificate)) == [])
        return certificate.assignment.map { $0.applicant + $0.host }
    }
}
