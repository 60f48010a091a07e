/// Makes a schedule from pairs, absences, tables and a limit of rounds.
struct MeetingPlanner {
    static let meetingLimit = 10_000
    static let roundLimit = 2_000
    /// How often the heuristic starts again with the meetings that came late put first.
    private static let attempts = 60

    private let pairs: [AssignmentCertificate.Pair]
    private let meetings: [(applicant: Int, host: Int)]
    private let applicantCount: Int
    private let hostCount: Int
    private let tables: Int?
    private let maxRounds: Int
    /// By participant, applicants first: rounds (from 0) in which it is away.
    private let absences: [Set<Int>]
    private let ids: [String]

    /// - Parameter absences: by side and identifier, rounds from 1.
    init(
        _ pairs: [AssignmentCertificate.Pair], absences: [AssignmentSide: [String: [Int]]], tables: Int?,
        maxRounds: Int?
    ) {
        let applicants = Self.numbers(pairs.map(\.applicant))
        let hosts = Self.numbers(pairs.map(\.host))
        self.pairs = pairs
        meetings = pairs.compactMap { pair in
            guard let applicant = applicants[pair.applicant], let host = hosts[pair.host] else { return nil }
            return (applicant, host)
        }
        applicantCount = applicants.count
        hostCount = hosts.count
        self.tables = tables
        self.maxRounds = min(maxRounds ?? Self.roundLimit, Self.roundLimit)
        var away = [Set<Int>](repeating: [], count: applicants.count + hosts.count)
        for (id, rounds) in absences[.applicants] ?? [:] {
            if let number = applicants[id] { away[number] = Set(rounds.map { $0 - 1 }) }
        }
        for (id, rounds) in absences[.hosts] ?? [:] {
            if let number = hosts[id] { away[applicants.count + number] = Set(rounds.map { $0 - 1 }) }
        }
        self.absences = away
        ids = [applicants, hosts].flatMap { side in side.sorted { $0.value < $1.value }.map(\.key) }
    }

    private static func numbers(_ ids: [String]) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for id in ids where numbers[id] == nil { numbers[id] = numbers.count }
        return numbers
    }

    func schedule() -> MeetingSchedule {
        let bound = lowerBound
        let needed = EdgeColouring.fewestRounds(
            meetings, applicants: applicantCount, hosts: hostCount, tables: tables)
        guard needed <= maxRounds else { return result(.heuristic, heuristic(bound), bound) }
        let colouring = EdgeColouring(meetings, applicants: applicantCount, hosts: hostCount, tables: tables)
        if absences.allSatisfy(\.isEmpty) { return result(.edgeColouring, colouring.rounds, bound) }
        if bound <= maxRounds, let order = roundOrder(colouring, within: max(bound, colouring.roundCount)) {
            return result(.orderedColouring, colouring.rounds.map { order[$0] }, bound)
        }
        return result(.heuristic, heuristic(bound), bound)
    }

    /// The largest of what any participant needs in the rounds it is there, and what the tables need.
    private var lowerBound: Int {
        var degrees = [Int](repeating: 0, count: absences.count)
        for meeting in meetings {
            degrees[meeting.applicant] += 1
            degrees[applicantCount + meeting.host] += 1
        }
        var bound = tables.map { (meetings.count + $0 - 1) / $0 } ?? 0
        for (number, degree) in degrees.enumerated() where degree > 0 {
            var free = 0
            var round = 0
            while free < degree {
                if !absences[number].contains(round) { free += 1 }
                round += 1
            }
            bound = max(bound, round)
        }
        return bound
    }

    /// Which round each class of a colouring is held in, so that nobody is away from a meeting of its own; by augmenting
    /// paths, so that an order is found if this colouring has one.
    private func roundOrder(_ colouring: EdgeColouring, within count: Int) -> [Int]? {
        guard colouring.roundCount <= count else { return nil }
        /// By class: when somebody in it is away.
        var away = [Set<Int>](repeating: [], count: colouring.roundCount)
        for (meeting, round) in colouring.rounds.enumerated() {
            away[round].formUnion(absences[meetings[meeting].applicant])
            away[round].formUnion(absences[applicantCount + meetings[meeting].host])
        }
        var holder = [Int](repeating: -1, count: count)
        func assign(_ one: Int, _ seen: inout Set<Int>) -> Bool {
            // A round that nobody holds first: chains of exchanges stay short.
            if let free = (0..<count).first(where: { holder[$0] < 0 && !away[one].contains($0) }) {
                holder[free] = one
                return true
            }
            for round in 0..<count where !away[one].contains(round) && seen.insert(round).inserted {
                if assign(holder[round], &seen) {
                    holder[round] = one
                    return true
                }
            }
            return false
        }
        for one in away.indices {
            var seen: Set<Int> = []
            guard assign(one, &seen) else { return nil }
        }
        var order = [Int](repeating: 0, count: away.count)
        for (round, one) in holder.enumerated() where one >= 0 { order[one] = round }
        return order
    }

    /// By meeting; -1 where no round was found. Of several tries the one that places most, then the shortest.
    private func heuristic(_ bound: Int) -> [Int] {
        var degrees = [Int](repeating: 0, count: absences.count)
        for meeting in meetings {
            degrees[meeting.applicant] += 1
            degrees[applicantCount + meeting.host] += 1
        }
        var weight = meetings.map { meeting -> Int in
            let host = applicantCount + meeting.host
            return max(
                degrees[meeting.applicant] + absences[meeting.applicant].count, degrees[host] + absences[host].count)
        }
        var best: (missing: Int, last: Int, rounds: [Int])?
        for attempt in 0..<(meetings.count > 2_000 ? 5 : Self.attempts) {
            let order = meetings.indices.sorted { (-weight[$0], $0) < (-weight[$1], $1) }
            let rounds = firstFit(order)
            let missing = rounds.count { $0 < 0 }
            let last = rounds.max() ?? -1
            if best.map({ (missing, last) < ($0.missing, $0.last) }) ?? true { best = (missing, last, rounds) }
            if missing == 0, last < bound { break }
            for (meeting, round) in rounds.enumerated() where round < 0 || round >= bound {
                weight[meeting] += 1 + attempt % 3
            }
        }
        return best?.rounds ?? []
    }

    /// Each meeting in the first round that both are free in and that has a table; by bits, 64 rounds at a time.
    private func firstFit(_ order: [Int]) -> [Int] {
        let words = (maxRounds + 63) / 64
        var busy = [UInt64](repeating: 0, count: absences.count * words)
        for (number, away) in absences.enumerated() {
            for round in away where round < maxRounds { busy[number * words + round / 64] |= 1 << UInt64(round % 64) }
        }
        var full = [UInt64](repeating: 0, count: words)
        for round in maxRounds..<max(maxRounds, words * 64) { full[round / 64] |= 1 << UInt64(round % 64) }
        var used = [Int](repeating: 0, count: maxRounds)
        var rounds = [Int](repeating: -1, count: meetings.count)
        for meeting in order {
            let applicant = meetings[meeting].applicant * words
            let host = (applicantCount + meetings[meeting].host) * words
            for word in 0..<words {
                let free = ~(busy[applicant + word] | busy[host + word] | full[word])
                guard free != 0 else { continue }
                let bit = free & (0 &- free)
                let round = word * 64 + free.trailingZeroBitCount
                rounds[meeting] = round
                busy[applicant + word] |= bit
                busy[host + word] |= bit
                used[round] += 1
                if used[round] == tables { full[word] |= bit }
                break
            }
        }
        return rounds
    }

    private func result(_ method: MeetingSchedule.Method, _ rounds: [Int], _ bound: Int) -> MeetingSchedule {
        var used: [Int: Int] = [:]
        let placed = rounds.indices.filter { rounds[$0] >= 0 }.sorted { (rounds[$0], $0) < (rounds[$1], $1) }
        let list = placed.map { meeting -> MeetingSchedule.Meeting in
            used[rounds[meeting], default: 0] += 1
            return .init(
                applicant: pairs[meeting].applicant, host: pairs[meeting].host, round: rounds[meeting] + 1,
                table: used[rounds[meeting]] ?? 1)
        }
        let last = (rounds.max() ?? -1) + 1
        let unplaced = rounds.indices.filter { rounds[$0] < 0 }.map { pairs[$0] }
        let away = absences.indices.filter { !absences[$0].isEmpty }.map { number in
            MeetingSchedule.Absence(
                side: number < applicantCount ? .applicants : .hosts, id: ids[number],
                rounds: absences[number].map { $0 + 1 }.sorted())
        }
        return MeetingSchedule(
            format: MeetingSchedule.format, assignmentDigest: "", tables: tables, maxRounds: maxRounds,
            absences: away, method: method, rounds: last, lowerBound: bound,
            isProvenMinimal: unplaced.isEmpty && last == bound,
            meetings: list, unplaced: unplaced, digest: "")
    }
}
