import JSON

extension AssignmentChecker {
    /// Of all stable assignments this one is the best for a side exactly if no rotation is left that would improve it:
    /// each full member of the other side takes the next best who wants it, who leaves its worst partner for that, who
    /// takes the next best … and round to the first. Every member has one such successor, so a cycle is found by walking.
    mutating func checkOptimality(for side: Int) {
        let others = market.sides[1 - side]
        let next: [Int?] = others.indices.map { index in
            let member = others[index]
            guard member.isFull, let worst = member.worst else { return nil }
            let taker = member.list[(worst + 1)...].first { market.sides[side][$0].wants(index) }
            guard let taker, market.sides[side][taker].isFull else { return nil }
            return market.sides[side][taker].worst.map { market.sides[side][taker].list[$0] }
        }
        var walk = [Int](repeating: 0, count: others.count)
        for start in others.indices {
            var node: Int? = start
            while let at = node, walk[at] == 0 {
                walk[at] = start + 1
                node = next[at]
            }
            if let at = node, walk[at] == start + 1, next[at] != nil {
                let name = side == 0 ? "신청자" : "기관"
                fail(
                    "assignment.notOptimal", "/method", "\(name) 쪽에 더 나은 안정 배정이 있습니다",
                    "another stable assignment is better for \(side == 0 ? "applicants" : "hosts")")
                return
            }
        }
    }

    /// Prices bound every sum from above (weak duality); a bound that is reached proves that the sum is greatest.
    mutating func checkPrices() {
        guard certificate.problem.scores != nil, let applicants = prices(certificate.applicantPrices, 0),
            let hosts = prices(certificate.hostPrices, 1)
        else {
            return fail("prices.invalid", "/hostPrices", "가격이 없거나 맞지 않습니다", "the prices are missing or not valid")
        }
        var bound = 0
        var overflow = false
        func add(_ value: Int, _ factor: Int) {
            let (product, first) = value.multipliedReportingOverflow(by: factor)
            let (sum, second) = bound.addingReportingOverflow(product)
            overflow = overflow || first || second
            bound = sum
        }
        for (index, member) in market.sides[0].enumerated() { add(applicants[index], member.capacity) }
        for (index, member) in market.sides[1].enumerated() { add(hosts[index], member.capacity) }
        for (applicant, member) in market.sides[0].enumerated() {
            for host in member.list {
                let score = market.scores[applicant]?[host] ?? 0
                add(max(0, score - applicants[applicant] - hosts[host]), 1)
            }
        }
        if overflow || bound != total {
            fail(
                "prices.gap", "/hostPrices", "가격이 보이는 상한 \(bound)에 합계 \(total)이(가) 미치지 못합니다",
                "the sum \(total) does not reach the bound \(bound) that the prices show")
        }
    }

    /// By member; nil if a name is unknown, repeated, out of order, or a price is not above 0.
    private func prices(_ list: [AssignmentCertificate.Price]?, _ side: Int) -> [Int]? {
        guard let list else { return nil }
        var prices = [Int](repeating: 0, count: market.sides[side].count)
        var last = -1
        for one in list {
            guard let index = market.numbers[side][one.id], index > last, one.price > 0, one.price <= 1 << 40 else {
                return nil
            }
            prices[index] = one.price
            last = index
        }
        return prices
    }

    /// What is said of each that is not content is exactly what follows from the assignment.
    mutating func checkStandings(_ side: Int, _ stated: [AssignmentCertificate.Standing], _ pointer: String) {
        let byId = Dictionary(stated.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var expectedOrder: [String] = []
        let isPriced = certificate.method == .maximumScore
        let applicantPrices = prices(certificate.applicantPrices, 0)
        let hostPrices = prices(certificate.hostPrices, 1)
        for (index, member) in market.sides[side].enumerated() {
            let wanted = member.list.filter { member.wants($0) }
            guard !wanted.isEmpty || !member.isFull else { continue }
            expectedOrder.append(member.id)
            let refusals = wanted.map { partner -> AssignmentCertificate.Refusal in
                let other = market.sides[1 - side][partner]
                guard isPriced, let applicantPrices, let hostPrices else {
                    let least = other.worst.map { market.sides[side][other.list[$0]].id }
                    return .init(id: other.id, least: least, score: nil, price: nil)
                }
                let (applicant, host) = side == 0 ? (index, partner) : (partner, index)
                return .init(
                    id: other.id, least: nil, score: market.scores[applicant]?[host] ?? 0,
                    price: applicantPrices[applicant] + hostPrices[host])
            }
            let expected = AssignmentCertificate.Standing(
                id: member.id, assigned: member.has.count, capacity: member.capacity, wanted: refusals)
            if byId[member.id] != expected {
                fail("reasons.wrong", pointer, "\(member.id)의 이유가 배정과 다릅니다", "what is said of \(member.id) is not so")
            }
        }
        if stated.map(\.id) != expectedOrder {
            fail(
                "reasons.members", pointer, "이유 목록의 구성이 다릅니다", "the list of reasons has other members or another order")
        }
    }
}
