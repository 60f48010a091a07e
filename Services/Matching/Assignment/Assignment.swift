import JSON

/// Solves a problem and says why: problem, method and seed in, certificate out.
struct Assignment {
    let problem: AssignmentProblem
    let method: AssignmentMethod
    let lottery: Lottery
    let market: AssignmentMarket
    /// By pair.
    let isAssigned: [Bool]
    private let scores: [Int]?
    private let prices: (applicants: [Int], hosts: [Int])?

    /// The problem must be valid (`AssignmentProblem.errors`).
    /// - Parameter step: told how many applicants of how many are served, where that takes long; may end the work.
    init(
        _ problem: AssignmentProblem, _ method: AssignmentMethod, seed: Int64,
        step: (_ done: Int, _ total: Int) throws -> Void
    ) rethrows {
        self.problem = problem
        self.method = method
        lottery = Lottery(seed: seed, applicants: problem.applicants.map(\.id), hosts: problem.hosts.map(\.id))
        market = AssignmentMarket(problem, lottery)
        scores = Self.scores(problem, market)
        switch method {
        case .applicantOptimal, .hostOptimal:
            isAssigned = DeferredAcceptance.stable(
                market, proposing: method == .applicantOptimal ? .applicants : .hosts)
            prices = nil
        case .maximumScore:
            let numbers = Dictionary(
                problem.applicants.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
            let flow = try MaximumScore(
                market, scores: scores ?? Array(repeating: 0, count: market.pairCount),
                order: lottery.applicants.compactMap { numbers[$0] }, step: step)
            isAssigned = flow.isChosen
            prices = (flow.applicantPrices, flow.hostPrices)
        }
    }

    init(_ problem: AssignmentProblem, _ method: AssignmentMethod, seed: Int64) {
        self.init(problem, method, seed: seed) { _, _ in }
    }

    /// An assignment that somebody else made, as if it were this method's: its certificate holds only if it is.
    init(
        _ problem: AssignmentProblem, _ method: AssignmentMethod, seed: Int64,
        claiming pairs: Set<AssignmentCertificate.Pair>
    ) {
        let solved = Assignment(problem, method, seed: seed)
        let market = solved.market
        self.problem = problem
        self.method = method
        lottery = solved.lottery
        self.market = market
        scores = solved.scores
        prices = solved.prices
        isAssigned = (0..<market.pairCount).map {
            pairs.contains(
                .init(
                    applicant: problem.applicants[market.applicantOf[$0]].id,
                    host: problem.hosts[market.hostOf[$0]].id))
        }
    }

    /// By pair of the market; 0 where a possible pair was given none.
    private static func scores(_ problem: AssignmentProblem, _ market: AssignmentMarket) -> [Int]? {
        guard let scores = problem.scores else { return nil }
        var table: [String: [String: Int]] = [:]
        for pair in scores { table[pair.applicant, default: [:]][pair.host] = pair.score }
        return (0..<market.pairCount).map { pair in
            table[problem.applicants[market.applicantOf[pair]].id]?[problem.hosts[market.hostOf[pair]].id] ?? 0
        }
    }

    func certificate() throws -> AssignmentCertificate { try certified().certificate }

    /// The certificate and its canonical JSON.
    func certified() throws -> (certificate: AssignmentCertificate, json: JSON) {
        let standings = AssignmentSide.allCases.map { Standings(self, $0) }
        let wishes = standings.map(\.wishes)
        let pairs = (0..<market.pairCount).filter { isAssigned[$0] }.sorted {
            (market.applicantOf[$0], market.hostOf[$0]) < (market.applicantOf[$1], market.hostOf[$1])
        }
        let totals = AssignmentCertificate.Totals(
            pairs: pairs.count, unassignedApplicants: standings[0].counts.count { $0 == 0 },
            vacantPlaces: zip(market.hosts.capacities, standings[1].counts).reduce(0) { $0 + $1.0 - $1.1 },
            score: scores.map { scores in pairs.reduce(0) { $0 + scores[$1] } },
            blockingPairs: zip(wishes[0], wishes[1]).count { $0 && $1 })
        var certificate = AssignmentCertificate(
            format: AssignmentCertificate.format, method: method, problem: problem,
            problemDigest: SHA256.digest(try JSON.encode(problem).canonical.bytes), lottery: lottery,
            assignment: pairs.map {
                .init(
                    applicant: problem.applicants[market.applicantOf[$0]].id,
                    host: problem.hosts[market.hostOf[$0]].id)
            },
            applicants: standings[0].list(refusal), hosts: standings[1].list(refusal),
            applicantPrices: prices.map { priceList($0.applicants, problem.applicants) },
            hostPrices: prices.map { priceList($0.hosts, problem.hosts) }, totals: totals, digest: "")
        var json = try JSON.encode(certificate).canonical
        certificate.digest = AssignmentCertificate.digest(of: json)
        json["digest"] = .string(certificate.digest)
        return (certificate, json)
    }

    private func priceList(_ prices: [Int], _ participants: [AssignmentProblem.Participant])
        -> [AssignmentCertificate.Price]
    {
        zip(participants, prices).compactMap { $1 == 0 ? nil : .init(id: $0.id, price: $1) }
    }

    /// Why a wanted pair is not in the assignment.
    private func refusal(_ pair: Int, wantedBy side: AssignmentSide, least: Int?) -> AssignmentCertificate.Refusal {
        let other = problem.participants(side.other)[market.participantOf(side.other)[pair]].id
        guard let prices, let scores else {
            let own = problem.participants(side)
            return .init(
                id: other, least: least.map { own[market.participantOf(side)[$0]].id }, score: nil, price: nil)
        }
        return .init(
            id: other, least: nil, score: scores[pair],
            price: prices.applicants[market.applicantOf[pair]] + prices.hosts[market.hostOf[pair]])
    }

    /// What each participant of one side has, and what it would rather have.
    private struct Standings {
        let assignment: Assignment
        let side: AssignmentSide
        let counts: [Int]
        /// By pair: not had, but wanted by this side.
        let wishes: [Bool]

        init(_ assignment: Assignment, _ side: AssignmentSide) {
            self.assignment = assignment
            self.side = side
            let lists = assignment.market.lists(side)
            var counts = [Int](repeating: 0, count: lists.capacities.count)
            var wishes = [Bool](repeating: false, count: assignment.market.pairCount)
            for participant in counts.indices {
                let list = lists.list(participant)
                counts[participant] = list.count { assignment.isAssigned[$0] }
                let isFull = counts[participant] == lists.capacities[participant]
                let end = isFull ? list.lastIndex { assignment.isAssigned[$0] } ?? list.startIndex : list.endIndex
                for pair in list[..<end] where !assignment.isAssigned[pair] { wishes[pair] = true }
            }
            self.counts = counts
            self.wishes = wishes
        }

        func list(_ refusal: (Int, AssignmentSide, Int?) -> AssignmentCertificate.Refusal)
            -> [AssignmentCertificate.Standing]
        {
            let market = assignment.market
            let lists = market.lists(side)
            let others = market.lists(side.other)
            let otherOf = market.participantOf(side.other)
            var least: [Int: Int] = [:]
            return assignment.problem.participants(side).enumerated().compactMap { index, participant in
                let wanted = lists.list(index).filter { wishes[$0] }
                guard !wanted.isEmpty || counts[index] < lists.capacities[index] else { return nil }
                let refusals = wanted.map { pair in
                    let other = otherOf[pair]
                    let worst = least[other] ?? others.list(other).last { assignment.isAssigned[$0] }
                    least[other] = worst
                    return refusal(pair, side, worst)
                }
                return .init(
                    id: participant.id, assigned: counts[index], capacity: lists.capacities[index], wanted: refusals)
            }
        }
    }
}
