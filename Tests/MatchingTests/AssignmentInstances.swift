import JSON

@testable import Matching

/// Problems made by chance from a seed, and the truth about small ones by looking at every assignment there is.
struct AssignmentInstances {
    var chance: SplitMix64

    init(_ seed: UInt64) { chance = SplitMix64(state: seed) }

    mutating func below(_ bound: Int) -> Int { Int(chance.next() % UInt64(bound)) }

    mutating func participants(_ prefix: String, _ count: Int, others: [String], ties: Bool, capacity: Int)
        -> [AssignmentProblem.Participant]
    {
        (0..<count).map { index in
            let listed = chance.shuffled(others.count).map { others[$0] }.filter { _ in below(5) > 0 }
            var tiers: [[String]] = []
            for id in listed {
                if ties, !tiers.isEmpty, below(3) == 0 { tiers[tiers.count - 1].append(id) } else { tiers.append([id]) }
            }
            // With ties, some have no list at all.
            let isIndifferent = ties && below(4) == 0
            return .init(
                id: "\(prefix)\(index)", capacity: 1 + below(capacity), preferences: ties ? nil : tiers.flatMap(\.self),
                tiers: ties && !isIndifferent ? tiers : nil)
        }
    }

    mutating func problem(
        _ applicants: Int, _ hosts: Int, ties: Bool = false, capacities: (Int, Int) = (1, 2), scored: Bool = false
    ) -> AssignmentProblem {
        let (a, h) = ((0..<applicants).map { "a\($0)" }, (0..<hosts).map { "h\($0)" })
        let first = participants("a", applicants, others: h, ties: ties, capacity: capacities.0)
        let second = participants("h", hosts, others: a, ties: ties, capacity: capacities.1)
        var scores: [AssignmentProblem.PairScore] = []
        if scored {
            for applicant in a {
                for host in h where below(6) > 0 {
                    scores.append(.init(applicant: applicant, host: host, score: 1 + below(9)))
                }
            }
        }
        return AssignmentProblem(applicants: first, hosts: second, scores: scored ? scores : nil)
    }
}

/// Every assignment of a small market within its capacities.
struct EveryAssignment {
    let market: AssignmentMarket

    var feasible: [[Bool]] {
        (0..<(1 << market.pairCount)).compactMap { mask in
            let chosen = (0..<market.pairCount).map { mask >> $0 & 1 == 1 }
            for side in AssignmentSide.allCases {
                let lists = market.lists(side)
                for index in lists.capacities.indices {
                    if lists.list(index).count(where: { chosen[$0] }) > lists.capacities[index] { return nil }
                }
            }
            return chosen
        }
    }

    /// Whether one end of a pair would rather have it than what it has.
    func wants(_ side: AssignmentSide, _ pair: Int, _ chosen: [Bool]) -> Bool {
        let lists = market.lists(side)
        let owner = market.participantOf(side)[pair]
        let mine = lists.list(owner)
        return mine.count { chosen[$0] } < lists.capacities[owner]
            || mine.contains { chosen[$0] && lists.places[$0] > lists.places[pair] }
    }

    var stable: [[Bool]] {
        feasible.filter { chosen in
            !chosen.indices.contains { !chosen[$0] && wants(.applicants, $0, chosen) && wants(.hosts, $0, chosen) }
        }
    }

    /// Whether everybody of a side, offered both, would choose exactly the first.
    func isBetter(_ first: [Bool], than second: [Bool], for side: AssignmentSide) -> Bool {
        let lists = market.lists(side)
        return lists.capacities.indices.allSatisfy { index in
            let offered = lists.list(index).filter { first[$0] || second[$0] }
            return Set(offered.prefix(lists.capacities[index])) == Set(offered.filter { first[$0] })
        }
    }
}
