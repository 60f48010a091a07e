/// The assignment with the greatest sum of scores, by min-cost flow in whole numbers: successive shortest paths with
/// potentials (Edmonds and Karp 1972), one path for each place of each applicant, stopped when the sink is reached.
///
/// Every unit of an applicant's capacity flows either to a host at the cost of minus the score, or straight to the sink
/// at no cost, which is to stay unassigned. The potentials at the end are prices that prove the sum to be greatest.
struct MaximumScore {
    private let market: AssignmentMarket
    private let scores: [Int]
    private(set) var isChosen: [Bool]
    /// Of applicants first, then of hosts; the sink's is 0.
    private var potentials: [Int]
    /// The chosen pairs of each host, in no order: far fewer than its list.
    private var members: [[Int]]
    private var distances: [Int]
    private var parents: [Int]
    private var reached: [Int] = []
    private let applicantCount: Int

    /// - Parameter scores: one a pair, 0 or more. - Parameter order: applicants, who of equals is served first.
    /// - Parameter step: told how many applicants of how many are served; may end the work.
    init(
        _ market: AssignmentMarket, scores: [Int], order: [Int],
        step: (_ done: Int, _ total: Int) throws -> Void
    ) rethrows {
        self.market = market
        self.scores = scores
        applicantCount = market.applicants.capacities.count
        let count = applicantCount + market.hosts.capacities.count
        isChosen = Array(repeating: false, count: market.pairCount)
        members = Array(repeating: [], count: market.hosts.capacities.count)
        potentials = Array(repeating: 0, count: count)
        distances = Array(repeating: .max, count: count)
        parents = Array(repeating: -1, count: count)
        for pair in 0..<market.pairCount {
            potentials[market.applicantOf[pair]] = max(potentials[market.applicantOf[pair]], scores[pair])
        }
        for (served, applicant) in order.enumerated() {
            if served % 64 == 0 { try step(served, order.count) }
            for _ in 0..<market.applicants.capacities[applicant] {
                guard augment(from: applicant) else { break }
            }
        }
    }

    /// What a place of each host is worth, and what each applicant gains by one more place of its own: never below 0,
    /// and no pair outside the assignment scores more than the two prices together.
    var hostPrices: [Int] { potentials[applicantCount...].map { max(0, -$0) } }
    var applicantPrices: [Int] { potentials[..<applicantCount].map { max(0, $0) } }

    /// Sends one unit; false if it is best left unassigned, as the applicant's further ones then are.
    private mutating func augment(from source: Int) -> Bool {
        for node in reached {
            distances[node] = .max
            parents[node] = -1
        }
        reached = [source]
        distances[source] = 0
        var heap = Heap()
        heap.push(0, source)
        var best = Int.max
        var last = source
        while let (distance, node) = heap.pop() {
            if distance >= best { break }
            guard distance == distances[node] else { continue }
            let mayEnd = node < applicantCount || members[node - applicantCount].count < capacity(ofHost: node)
            if mayEnd, distance + potentials[node] < best {
                best = distance + potentials[node]
                last = node
            }
            relax(from: node, distance, below: best, &heap)
        }
        for node in reached where distances[node] < best { potentials[node] += distances[node] - best }
        var node = last
        while parents[node] >= 0 {
            let pair = parents[node]
            toggle(pair)
            node = node < applicantCount ? applicantCount + market.hostOf[pair] : market.applicantOf[pair]
        }
        return last != source
    }

    private mutating func toggle(_ pair: Int) {
        let host = market.hostOf[pair]
        isChosen[pair].toggle()
        if isChosen[pair] {
            members[host].append(pair)
        } else if let place = members[host].firstIndex(of: pair) {
            members[host].swapAt(place, members[host].count - 1)
            members[host].removeLast()
        }
    }

    private func capacity(ofHost node: Int) -> Int { market.hosts.capacities[node - applicantCount] }

    private mutating func relax(from node: Int, _ distance: Int, below best: Int, _ heap: inout Heap) {
        if node < applicantCount {
            for pair in market.applicants.list(node) where !isChosen[pair] {
                reach(applicantCount + market.hostOf[pair], by: pair, from: node, distance - scores[pair], best, &heap)
            }
        } else {
            for pair in members[node - applicantCount] {
                reach(market.applicantOf[pair], by: pair, from: node, distance + scores[pair], best, &heap)
            }
        }
    }

    private mutating func reach(
        _ node: Int, by pair: Int, from: Int, _ cost: Int, _ best: Int, _ heap: inout Heap
    ) {
        let length = cost + potentials[from] - potentials[node]
        guard length < distances[node], length < best else { return }
        if distances[node] == .max { reached.append(node) }
        distances[node] = length
        parents[node] = pair
        heap.push(length, node)
    }
}

/// The smallest distance first, of equals the smaller node, so that a result never depends on chance.
private struct Heap {
    private var items: [(distance: Int, node: Int)] = []

    mutating func push(_ distance: Int, _ node: Int) {
        items.append((distance, node))
        var place = items.count - 1
        while place > 0, items[place] < items[(place - 1) / 2] {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func pop() -> (distance: Int, node: Int)? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        if items.isEmpty { return first }
        items[0] = last
        var place = 0
        while true {
            var smallest = place
            for child in [2 * place + 1, 2 * place + 2] where child < items.count && items[child] < items[smallest] {
                smallest = child
            }
            if smallest == place { return first }
            items.swapAt(place, smallest)
            place = smallest
        }
    }
}
