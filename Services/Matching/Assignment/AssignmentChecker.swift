import JSON

/// Verifies a certificate without trusting who made it, and without the solver's code.
struct AssignmentChecker {
    struct Violation: Codable, Sendable, Hashable {
        /// The stable name of what is wrong, such as `assignment.blockingPair`.
        let rule: String
        /// Where, as a JSON Pointer into the certificate.
        let pointer: String
        let explanation: Bilingual
    }

    static let violationLimit = 50
    private(set) var violations: [Violation] = []
    let certificate: AssignmentCertificate
    var market: CheckedMarket

    /// Everything that is wrong with a certificate, at most 50 things; nothing when it holds.
    static func violations(of json: JSON) -> [Violation] {
        let certificate: AssignmentCertificate
        do {
            certificate = try json.decode(AssignmentCertificate.self)
            guard try JSON.encode(certificate) == json else {
                return [.init("certificate.members", "", "모르는 항목이 있습니다", "it has members that do not belong to it")]
            }
        } catch {
            return [.init("certificate.shape", "", "인증서 모양이 아닙니다", "it is no certificate of this format")]
        }
        return violations(of: certificate, json)
    }

    /// The same for a certificate that was just encoded.
    static func violations(of certificate: AssignmentCertificate, _ json: JSON) -> [Violation] {
        let drawn = Draw.orders(
            seed: certificate.lottery.seed,
            [certificate.problem.applicants.map(\.id), certificate.problem.hosts.map(\.id)])
        guard let market = CheckedMarket(certificate.problem, drawn: drawn) else {
            return [.init("problem.invalid", "/problem", "문제 자체가 맞지 않습니다", "the problem itself is not valid")]
        }
        var checker = AssignmentChecker(certificate: certificate, market: market)
        checker.checkForm(json, drawn)
        checker.checkAssignment()
        checker.checkProof()
        return Array(checker.violations.prefix(violationLimit))
    }

    private init(certificate: AssignmentCertificate, market: CheckedMarket) {
        self.certificate = certificate
        self.market = market
    }

    mutating func fail(_ rule: String, _ pointer: String, _ ko: String, _ en: String) {
        violations.append(.init(rule, pointer, ko, en))
    }

    private mutating func checkForm(_ json: JSON, _ drawn: [[String]]) {
        if certificate.format != AssignmentCertificate.format {
            fail("certificate.format", "/format", "모르는 형식입니다", "the format is not known")
        }
        var body = json
        body["digest"] = nil
        if SHA256.digest(body.canonical.bytes) != certificate.digest {
            fail("certificate.digest", "/digest", "내용이 다이제스트와 다릅니다", "the content does not have this digest")
        }
        if let problem = json["problem"], SHA256.digest(problem.canonical.bytes) != certificate.problemDigest {
            fail("problem.digest", "/problemDigest", "문제가 다이제스트와 다릅니다", "the problem does not have this digest")
        }
        let lottery = certificate.lottery
        if lottery.rule != "splitmix64 fisher-yates" || [lottery.applicants, lottery.hosts] != drawn {
            fail("lottery.draw", "/lottery", "추첨 순서가 씨앗에서 나오지 않습니다", "the order does not follow from the seed")
        }
        if !(0...(1 << 53 - 1)).contains(lottery.seed) {
            fail("lottery.seed", "/lottery/seed", "씨앗이 범위를 벗어났습니다", "the seed is out of range")
        }
    }

    /// Pairs are possible, in order, and no capacity is exceeded; fills in what everybody has.
    private mutating func checkAssignment() {
        var last = (-1, -1)
        for (index, pair) in certificate.assignment.enumerated() {
            let place = "/assignment/\(index)"
            guard let applicant = market.numbers[0][pair.applicant], let host = market.numbers[1][pair.host],
                market.sides[0][applicant].rank[host] != nil
            else {
                fail("assignment.unacceptable", place, "두 쪽이 모두 받아들인 쌍이 아닙니다", "the two do not both accept each other")
                continue
            }
            if (applicant, host) <= last {
                fail("assignment.order", place, "순서가 맞지 않거나 두 번 나옵니다", "it is out of order or occurs twice")
            }
            last = (applicant, host)
            market.sides[0][applicant].has.insert(host)
            market.sides[1][host].has.insert(applicant)
        }
        for (side, name) in ["applicants", "hosts"].enumerated() {
            for (index, member) in market.sides[side].enumerated() where member.has.count > member.capacity {
                fail(
                    "assignment.capacity", "/problem/\(name)/\(index)/capacity",
                    "\(member.id)의 정원 \(member.capacity)을(를) 넘었습니다", "\(member.id) has more than \(member.capacity)")
            }
        }
    }

    private mutating func checkProof() {
        var blocking = 0
        for (applicant, member) in market.sides[0].enumerated() {
            for host in member.list where member.wants(host) && market.sides[1][host].wants(applicant) {
                blocking += 1
                guard certificate.method != .maximumScore else { continue }
                let name = market.sides[1][host].id
                fail(
                    "assignment.blockingPair", "/assignment", "\(member.id)와(과) \(name)은(는) 서로를 더 원합니다",
                    "\(member.id) and \(name) would rather have each other")
            }
        }
        switch certificate.method {
        case .applicantOptimal: checkOptimality(for: 0)
        case .hostOptimal: checkOptimality(for: 1)
        case .maximumScore: checkPrices()
        }
        if certificate.method != .maximumScore, certificate.applicantPrices != nil || certificate.hostPrices != nil {
            fail("prices.unexpected", "/hostPrices", "이 방식에는 가격이 없습니다", "this method has no prices")
        }
        checkTotals(blocking)
        checkStandings(0, certificate.applicants, "/applicants")
        checkStandings(1, certificate.hosts, "/hosts")
    }

    private mutating func checkTotals(_ blocking: Int) {
        let expected = AssignmentCertificate.Totals(
            pairs: certificate.assignment.count, unassignedApplicants: market.sides[0].count { $0.has.isEmpty },
            vacantPlaces: market.sides[1].reduce(0) { $0 + $1.capacity - $1.has.count },
            score: certificate.problem.scores == nil ? nil : total, blockingPairs: blocking)
        if certificate.totals != expected {
            fail("totals.wrong", "/totals", "합계가 배정과 다릅니다", "the totals are not those of the assignment")
        }
    }

    /// The sum of the scores of what is assigned.
    var total: Int {
        market.sides[0].enumerated().reduce(0) { sum, member in
            member.element.has.reduce(sum) { $0 + (market.scores[member.offset]?[$1] ?? 0) }
        }
    }
}

extension AssignmentChecker.Violation {
    init(_ rule: String, _ pointer: String, _ ko: String, _ en: String) {
        self.init(rule: rule, pointer: pointer, explanation: Bilingual(ko: ko, en: en))
    }
}

/// The checker's own drawing of lots, written from the rule in `Lottery`.
private enum Draw {
    static func orders(seed: Int64, _ sides: [[String]]) -> [[String]] {
        var state = UInt64(bitPattern: seed)
        var orders: [[String]] = []
        for side in sides {
            var order = side
            var place = order.count
            while place > 1 {
                state = state &+ 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
                z ^= z >> 31
                let other = Int(z % UInt64(place))
                place -= 1
                let name = order[place]
                order[place] = order[other]
                order[other] = name
            }
            orders.append(order)
        }
        return orders
    }
}
