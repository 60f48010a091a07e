/// Rounds for meetings: every meeting gets a round, nobody has two in one, no round has more than the tables allow.
///
/// Exact: a bipartite multigraph needs as many colours as its largest degree (Kőnig 1916), and with any number of
/// colours from there on the classes can be evened out until they differ by one at most (de Werra 1970). So the number
/// of rounds is max(largest degree, ⌈meetings / tables⌉), and no fewer are possible.
struct EdgeColouring {
    let meetings: [(applicant: Int, host: Int)]
    let roundCount: Int
    /// By meeting.
    private(set) var rounds: [Int]
    /// Of participants (applicants first, then hosts), by round: the meeting; -1 is none.
    private var table: [Int32]
    private let applicantCount: Int

    /// - Parameter tables: how many meetings a round can have; at least 1.
    init(_ meetings: [(applicant: Int, host: Int)], applicants: Int, hosts: Int, tables: Int?) {
        self.meetings = meetings
        applicantCount = applicants
        roundCount = Self.fewestRounds(meetings, applicants: applicants, hosts: hosts, tables: tables)
        rounds = Array(repeating: -1, count: meetings.count)
        table = Array(repeating: -1, count: (applicants + hosts) * roundCount)
        for meeting in meetings.indices { place(meeting) }
        evenOut()
    }

    static func fewestRounds(
        _ meetings: [(applicant: Int, host: Int)], applicants: Int, hosts: Int, tables: Int?
    ) -> Int {
        var degrees = [Int](repeating: 0, count: applicants + hosts)
        for meeting in meetings {
            degrees[meeting.applicant] += 1
            degrees[applicants + meeting.host] += 1
        }
        let byTables = tables.map { (meetings.count + $0 - 1) / $0 } ?? 0
        return max(degrees.max() ?? 0, byTables)
    }

    private func ends(_ meeting: Int) -> (Int, Int) {
        (meetings[meeting].applicant, applicantCount + meetings[meeting].host)
    }

    private func other(_ meeting: Int, _ node: Int) -> Int {
        let (applicant, host) = ends(meeting)
        return node == applicant ? host : applicant
    }

    private func freeRound(_ node: Int) -> Int {
        // There is one: a participant has at most as many meetings as there are rounds, and one is not placed yet.
        (0..<roundCount).first { table[node * roundCount + $0] < 0 } ?? 0
    }

    private mutating func place(_ meeting: Int) {
        let (applicant, host) = ends(meeting)
        let first = freeRound(applicant)
        let second = freeRound(host)
        if first != second, table[host * roundCount + first] >= 0 {
            // The path of rounds `first` and `second` from the host cannot end at the applicant, who has no `first`.
            swapPath(from: host, first, second)
        }
        set(meeting, first)
    }

    private mutating func set(_ meeting: Int, _ round: Int) {
        let (applicant, host) = ends(meeting)
        rounds[meeting] = round
        table[applicant * roundCount + round] = Int32(meeting)
        table[host * roundCount + round] = Int32(meeting)
    }

    /// Exchanges two rounds along the path that begins at a participant with a meeting in `first` and none in `second`.
    private mutating func swapPath(from start: Int, _ first: Int, _ second: Int) {
        var path: [Int] = []
        var node = start
        var round = first
        while table[node * roundCount + round] >= 0 {
            let meeting = Int(table[node * roundCount + round])
            path.append(meeting)
            node = other(meeting, node)
            round = round == first ? second : first
        }
        swap(path, first, second)
    }

    private mutating func swap(_ path: [Int], _ first: Int, _ second: Int) {
        for meeting in path {
            let (applicant, host) = ends(meeting)
            table[applicant * roundCount + rounds[meeting]] = -1
            table[host * roundCount + rounds[meeting]] = -1
        }
        for meeting in path { set(meeting, rounds[meeting] == first ? second : first) }
    }

    private mutating func evenOut() {
        guard roundCount > 1 else { return }
        var sizes = [Int](repeating: 0, count: roundCount)
        for round in rounds { sizes[round] += 1 }
        while true {
            guard let large = sizes.indices.max(by: { sizes[$0] < sizes[$1] }),
                let small = sizes.indices.min(by: { sizes[$0] < sizes[$1] }), sizes[large] - sizes[small] > 1
            else { return }
            // More meetings of the large round than of the small one: some path begins and ends with the large one.
            let path = longerPath(large, small)
            swap(path, large, small)
            sizes[large] -= 1
            sizes[small] += 1
        }
    }

    /// A path of alternating rounds with one more meeting in `large` than in `small`.
    private func longerPath(_ large: Int, _ small: Int) -> [Int] {
        for start in 0..<(table.count / roundCount)
        where table[start * roundCount + large] >= 0 && table[start * roundCount + small] < 0 {
            var path: [Int] = []
            var node = start
            var round = large
            while table[node * roundCount + round] >= 0 {
                let meeting = Int(table[node * roundCount + round])
                path.append(meeting)
                node = other(meeting, node)
                round = round == large ? small : large
            }
            if path.count % 2 == 1 { return path }
        }
        return []
    }
}
