/// A problem with names replaced by numbers and ties by the lottery: the pairs that both sides accept, and where each
/// stands in both lists.
struct AssignmentMarket: Sendable {
    /// One side's lists, end to end.
    struct Lists: Sendable {
        let capacities: [Int]
        /// Where the list of each participant starts in `pairs`; one more at the end.
        let starts: [Int]
        /// Pairs in order of preference, list after list.
        let pairs: [Int]
        /// Where each pair stands in `pairs`: the smaller of two in one list is liked better.
        let places: [Int]

        func list(_ participant: Int) -> ArraySlice<Int> { pairs[starts[participant]..<starts[participant + 1]] }
    }

    /// By pair.
    let applicantOf: [Int]
    let hostOf: [Int]
    let applicants: Lists
    let hosts: Lists

    var pairCount: Int { applicantOf.count }

    func lists(_ side: AssignmentSide) -> Lists { side == .applicants ? applicants : hosts }
    func participantOf(_ side: AssignmentSide) -> [Int] { side == .applicants ? applicantOf : hostOf }

    /// Linear in the length of the lists.
    init(
        applicantLists: [[Int]], hostLists: [[Int]], applicantCapacities: [Int], hostCapacities: [Int]
    ) {
        // Candidates are the pairs that applicants list, in their order, then gathered by host.
        var candidateHosts: [Int] = []
        var candidateApplicants: [Int] = []
        candidateHosts.reserveCapacity(applicantLists.reduce(0) { $0 + $1.count })
        var starts = [Int](repeating: 0, count: hostLists.count + 1)
        for (applicant, list) in applicantLists.enumerated() {
            for host in list {
                candidateHosts.append(host)
                candidateApplicants.append(applicant)
                starts[host + 1] += 1
            }
        }
        for host in 0..<hostLists.count { starts[host + 1] += starts[host] }
        var cursor = starts
        var byHost = [Int](repeating: 0, count: candidateHosts.count)
        for (pair, host) in candidateHosts.enumerated() {
            byHost[cursor[host]] = pair
            cursor[host] += 1
        }

        // A host's list picks those that are mutual.
        var place = [Int](repeating: -1, count: applicantLists.count)
        var isMutual = [Bool](repeating: false, count: candidateHosts.count)
        var hostPairs: [Int] = []
        hostPairs.reserveCapacity(candidateHosts.count)
        var hostStarts = [0]
        for (host, list) in hostLists.enumerated() {
            for pair in byHost[starts[host]..<starts[host + 1]] { place[candidateApplicants[pair]] = pair }
            for applicant in list where place[applicant] >= 0 {
                hostPairs.append(place[applicant])
                isMutual[place[applicant]] = true
            }
            for pair in byHost[starts[host]..<starts[host + 1]] { place[candidateApplicants[pair]] = -1 }
            hostStarts.append(hostPairs.count)
        }

        // What is not mutual goes, and the rest is numbered anew in the applicants' order.
        var number = [Int](repeating: -1, count: candidateHosts.count)
        var applicantOf: [Int] = []
        var hostOf: [Int] = []
        var applicantStarts = [Int](repeating: 0, count: applicantLists.count + 1)
        for pair in candidateHosts.indices where isMutual[pair] {
            number[pair] = applicantOf.count
            applicantOf.append(candidateApplicants[pair])
            hostOf.append(candidateHosts[pair])
            applicantStarts[candidateApplicants[pair] + 1] += 1
        }
        for applicant in 0..<applicantLists.count { applicantStarts[applicant + 1] += applicantStarts[applicant] }
        for index in hostPairs.indices { hostPairs[index] = number[hostPairs[index]] }
        var hostPlaces = [Int](repeating: 0, count: hostPairs.count)
        for (index, pair) in hostPairs.enumerated() { hostPlaces[pair] = index }
        let identity = Array(applicantOf.indices)
        self.applicantOf = applicantOf
        self.hostOf = hostOf
        applicants = Lists(
            capacities: applicantCapacities, starts: applicantStarts, pairs: identity, places: identity)
        hosts = Lists(capacities: hostCapacities, starts: hostStarts, pairs: hostPairs, places: hostPlaces)
    }
}

extension AssignmentMarket {
    /// The identifiers must be valid (`AssignmentProblem.errors`).
    init(_ problem: AssignmentProblem, _ lottery: Lottery) {
        let sides = [problem.applicants, problem.hosts]
        let numbers = sides.map { side in
            Dictionary(side.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let draws = [lottery.applicants, lottery.hosts].enumerated().map { side, drawn in
            var draw = [Int](repeating: 0, count: drawn.count)
            for (place, id) in drawn.enumerated() { if let number = numbers[side][id] { draw[number] = place } }
            return draw
        }
        let scored = Self.scoredGroups(problem, numbers)
        let lists: [[[Int]?]] = [0, 1].map { side in
            sides[side].indices.map { index in
                let participant = sides[side][index]
                if let strict = participant.preferences { return strict.compactMap { numbers[1 - side][$0] } }
                let groups =
                    participant.tiers.map { $0.map { $0.compactMap { numbers[1 - side][$0] } } }
                    ?? scored?[side][index]
                return groups?.flatMap { group in
                    group.count < 2 ? group : group.sorted { draws[1 - side][$0] < draws[1 - side][$1] }
                }
            }
        }
        var filled = lists
        let indifferent = [0, 1].map { side in lists[side].indices.filter { lists[side][$0] == nil } }
        for side in [0, 1] where !indifferent[side].isEmpty {
            // Of those who accept everybody, only who accepts them matters: who lists them, and who has no list either.
            var partners = [[Int]](repeating: [], count: lists[side].count)
            for (other, list) in lists[1 - side].enumerated() {
                for one in list ?? indifferent[side] { partners[one].append(other) }
            }
            for one in indifferent[side] {
                filled[side][one] = partners[one].sorted { draws[1 - side][$0] < draws[1 - side][$1] }
            }
        }
        self.init(
            applicantLists: filled[0].map { $0 ?? [] }, hostLists: filled[1].map { $0 ?? [] },
            applicantCapacities: problem.applicants.map(\.places), hostCapacities: problem.hosts.map(\.places))
    }

    /// For both sides, by participant: those with a score in groups of equal score, the highest first.
    private static func scoredGroups(_ problem: AssignmentProblem, _ numbers: [[String: Int]]) -> [[[[Int]]]]? {
        guard let scores = problem.scores else { return nil }
        var partners: [[[(partner: Int, score: Int)]]] = [problem.applicants, problem.hosts].map {
            Array(repeating: [], count: $0.count)
        }
        for pair in scores {
            guard let applicant = numbers[0][pair.applicant], let host = numbers[1][pair.host] else { continue }
            partners[0][applicant].append((host, pair.score))
            partners[1][host].append((applicant, pair.score))
        }
        return partners.map { side in
            side.map { list in
                var groups: [[Int]] = []
                var last: Int?
                for (partner, score) in list.sorted(by: { ($1.score, $0.partner) < ($0.score, $1.partner) }) {
                    if score == last { groups[groups.count - 1].append(partner) } else { groups.append([partner]) }
                    last = score
                }
                return groups
            }
        }
    }
}
