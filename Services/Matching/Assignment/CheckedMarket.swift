import JSON

/// The checker's own reading of a problem: names, dictionaries and plain loops. It shares nothing with the solver but
/// the types of the certificate, so that one mistake cannot hide another.
struct CheckedMarket {
    struct Member {
        let id: String
        let capacity: Int
        /// Partners that both sides accept, the best first.
        var list: [Int] = []
        /// Partner → place in the list.
        var rank: [Int: Int] = [:]
        /// Assigned partners.
        var has: Set<Int> = []

        var isFull: Bool { has.count >= capacity }
        /// The place of the one liked least among those it has.
        var worst: Int? { has.compactMap { rank[$0] }.max() }

        /// Whether it would take this partner, dropping its worst if it must.
        func wants(_ partner: Int) -> Bool {
            guard let place = rank[partner], !has.contains(partner) else { return false }
            return !isFull || place < (worst ?? 0)
        }
    }

    /// Applicants and hosts.
    var sides: [[Member]]
    var numbers: [[String: Int]]
    /// Applicant → host → score.
    var scores: [Int: [Int: Int]] = [:]

    /// Nil when the problem itself is wrong: unknown, repeated or missing names, or numbers out of range.
    init?(_ problem: AssignmentProblem, drawn: [[String]]) {
        let participants = [problem.applicants, problem.hosts]
        guard Self.isBounded(problem) else { return nil }
        numbers = []
        for side in participants {
            var table: [String: Int] = [:]
            for (index, one) in side.enumerated() {
                guard table.updateValue(index, forKey: one.id) == nil, (0...100_000).contains(one.capacity ?? 1)
                else { return nil }
            }
            numbers.append(table)
        }
        for score in problem.scores ?? [] {
            guard let applicant = numbers[0][score.applicant], let host = numbers[1][score.host],
                (0...1_000_000_000).contains(score.score), scores[applicant]?[host] == nil
            else { return nil }
            scores[applicant, default: [:]][host] = score.score
        }
        sides = participants.map { $0.map { Member(id: $0.id, capacity: $0.capacity ?? 1) } }
        var places: [[Int: Int]] = [[:], [:]]
        for side in [0, 1] {
            for (place, id) in drawn[side].enumerated() {
                if let index = numbers[side][id] { places[side][index] = place }
            }
        }
        let scored = Self.byPartner(scores)
        let fans = [0, 1].map { Self.fans(participants[$0], of: participants[1 - $0], numbers[$0]) }
        // What each would accept, in order; then what both accept.
        var liked: [[[Int]]] = [[], []]
        for side in [0, 1] {
            let other = 1 - side
            for (index, one) in participants[side].enumerated() {
                guard one.preferences == nil || one.tiers == nil else { return nil }
                var keyed: [(group: Int, draw: Int, partner: Int)] = []
                if let groups = one.tiers ?? one.preferences.map({ $0.map { [$0] } }) {
                    for (group, names) in groups.enumerated() {
                        for name in names {
                            guard let partner = numbers[other][name] else { return nil }
                            keyed.append((group, places[other][partner] ?? 0, partner))
                        }
                    }
                    guard Set(keyed.map(\.partner)).count == keyed.count else { return nil }
                } else if problem.scores != nil {
                    for (partner, score) in scored[side][index] ?? [] {
                        keyed.append((-score, places[other][partner] ?? 0, partner))
                    }
                } else {
                    keyed = (fans[side][index] ?? []).map { (0, places[other][$0] ?? 0, $0) }
                }
                liked[side].append(keyed.sorted { ($0.group, $0.draw) < ($1.group, $1.draw) }.map(\.partner))
            }
        }
        let accepted = liked.map { $0.map { Set($0) } }
        for side in [0, 1] {
            for index in sides[side].indices {
                let list = liked[side][index].filter { accepted[1 - side][$0].contains(index) }
                sides[side][index].list = list
                for (place, partner) in list.enumerated() { sides[side][index].rank[partner] = place }
            }
        }
    }

    /// The scores from both ends.
    private static func byPartner(_ scores: [Int: [Int: Int]]) -> [[Int: [(partner: Int, score: Int)]]] {
        var scored: [[Int: [(partner: Int, score: Int)]]] = [[:], [:]]
        for (applicant, row) in scores {
            for (host, score) in row {
                scored[0][applicant, default: []].append((host, score))
                scored[1][host, default: []].append((applicant, score))
            }
        }
        return scored
    }

    /// For those who accept everybody: who accepts them.
    private static func fans(
        _ side: [AssignmentProblem.Participant], of others: [AssignmentProblem.Participant], _ numbers: [String: Int]
    ) -> [Int: [Int]] {
        let indifferent = side.indices.filter { side[$0].tiers == nil && side[$0].preferences == nil }
        guard !indifferent.isEmpty else { return [:] }
        var fans: [Int: [Int]] = [:]
        for (other, one) in others.enumerated() {
            if let named = one.tiers?.flatMap(\.self) ?? one.preferences {
                for name in named { if let number = numbers[name] { fans[number, default: []].append(other) } }
            } else {
                for number in indifferent { fans[number, default: []].append(other) }
            }
        }
        return fans
    }

    /// Small enough to be looked at pair by pair.
    private static func isBounded(_ problem: AssignmentProblem) -> Bool {
        let sides = [problem.applicants, problem.hosts]
        guard sides.allSatisfy({ $0.count <= AssignmentProblem.participantLimit }) else { return false }
        var listed = 0
        var free = [0, 0]
        for side in [0, 1] {
            for one in sides[side] {
                if let tiers = one.tiers {
                    listed += tiers.reduce(0) { $0 + $1.count }
                } else if let preferences = one.preferences {
                    listed += preferences.count
                } else {
                    free[side] += 1
                }
            }
        }
        return listed / 2 + (problem.scores?.count ?? free[0] * free[1]) <= AssignmentProblem.pairLimit
    }
}
