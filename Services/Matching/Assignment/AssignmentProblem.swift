import JSON

enum AssignmentSide: String, Codable, CaseIterable, Sendable {
    case applicants, hosts

    var other: AssignmentSide { self == .applicants ? .hosts : .applicants }
}

enum AssignmentMethod: String, Codable, CaseIterable, Sendable {
    /// Stable, and of all stable assignments the best for every applicant (deferred acceptance).
    case applicantOptimal
    /// Stable, and of all stable assignments the best for every host.
    case hostOptimal
    /// The greatest sum of scores; need not be stable.
    case maximumScore
}

/// Who could be assigned to whom: two sides with capacities, what each would like, and scores of pairs.
///
/// Applicants with capacity 1 make it many-to-one, more make it many-to-many; preferences are responsive: a partner is
/// liked for itself, whoever else there is. A pair is possible only if both accept each other.
struct AssignmentProblem: Codable, Sendable, Hashable, Constrained {
    struct Participant: Codable, Sendable, Hashable, Constrained {
        let id: String
        /// Places; default 1. Who has 0 is assigned to nobody, and stays in the lists of others.
        let capacity: Int?
        /// Acceptable partners, the best first. Whom the list leaves out is not acceptable. Without any list, partners
        /// are ordered by the scores if there are scores; otherwise everybody is acceptable and equally liked.
        let preferences: [String]?
        /// Instead of `preferences`: groups of equally liked partners, the best group first.
        let tiers: [[String]]?

        static let constraints: [String: Schema.Constraint] = [
            "id": .length(1...100), "capacity": .range(0...100_000), "preferences": .count(0...20_000),
            "tiers": .count(0...20_000),
        ]

        var places: Int { capacity ?? 1 }
        /// The list in groups; nil without a list.
        var groups: [[String]]? { tiers ?? preferences?.map { [$0] } }
    }

    struct PairScore: Codable, Sendable, Hashable, Constrained {
        let applicant: String
        let host: String
        /// A whole number, so that sums are exact. 0 is possible and worth nothing.
        let score: Int
        static let constraints: [String: Schema.Constraint] = ["score": .range(0...1_000_000_000)]
    }

    let applicants: [Participant]
    let hosts: [Participant]
    let scores: [PairScore]?

    static let participantLimit = 20_000
    static let pairLimit = 400_000
    static let constraints: [String: Schema.Constraint] = [
        "applicants": .count(0...participantLimit), "hosts": .count(0...participantLimit),
        "scores": .count(0...pairLimit),
    ]

    func participants(_ side: AssignmentSide) -> [Participant] { side == .applicants ? applicants : hosts }
}

extension AssignmentProblem {
    /// Everything that is wrong with it, at once (at most 100).
    func errors(at pointer: String = "") -> [FieldError] {
        var errors: [FieldError] = []
        let ids = Dictionary(
            uniqueKeysWithValues: AssignmentSide.allCases.map { ($0, Set(participants($0).map(\.id))) })
        for side in AssignmentSide.allCases {
            var seen: Set<String> = []
            for (index, participant) in participants(side).enumerated() where errors.count < 100 {
                let place = "\(pointer)/\(side.rawValue)/\(index)"
                if !seen.insert(participant.id).inserted {
                    errors.append(Self.error(place + "/id", participant.id, "이미 나온 식별자입니다", "this id occurs already"))
                }
                errors += Self.listErrors(participant, at: place, known: ids[side.other] ?? [])
            }
        }
        var pairs: Set<[String]> = []
        for (index, pair) in (scores ?? []).enumerated() where errors.count < 100 {
            let place = "\(pointer)/scores/\(index)"
            if ids[.applicants]?.contains(pair.applicant) != true {
                errors.append(Self.error(place + "/applicant", pair.applicant, "없는 신청자입니다", "no applicant has this id"))
            }
            if ids[.hosts]?.contains(pair.host) != true {
                errors.append(Self.error(place + "/host", pair.host, "없는 기관입니다", "no host has this id"))
            }
            if !pairs.insert([pair.applicant, pair.host]).inserted {
                errors.append(Self.error(place, pair.host, "이 쌍의 점수가 이미 있습니다", "this pair has a score already"))
            }
        }
        if errors.isEmpty, pairCount > Self.pairLimit {
            errors.append(
                FieldError(
                    pointer, .integer(Int64(pairCount)),
                    Bilingual(
                        ko: "가능한 쌍이 너무 많습니다. \(Self.pairLimit)쌍까지만 됩니다",
                        en: "too many pairs to look at; at most \(Self.pairLimit) are allowed")))
        }
        return errors
    }

    /// At least as many as the pairs that a solver looks at: what is listed, scored, or indifferent on both sides.
    private var pairCount: Int {
        let listed = (applicants + hosts).reduce(0) { sum, one in
            sum + (one.preferences?.count ?? one.tiers?.reduce(0) { $0 + $1.count } ?? 0)
        }
        let indifferent = AssignmentSide.allCases.map { participants($0).count { $0.groups == nil } }
        return listed / 2 + (scores?.count ?? indifferent[0] * indifferent[1])
    }

    private static func listErrors(_ participant: Participant, at place: String, known: Set<String>) -> [FieldError] {
        if participant.preferences != nil, participant.tiers != nil {
            return [
                error(
                    place + "/tiers", participant.id, "preferences와 tiers 가운데 하나만 주세요",
                    "give preferences or tiers, not both")
            ]
        }
        var errors: [FieldError] = []
        var seen: Set<String> = []
        let name = participant.tiers == nil ? "preferences" : "tiers"
        for (row, group) in (participant.groups ?? []).enumerated() {
            if group.isEmpty { errors.append(error("\(place)/\(name)/\(row)", "", "빈 묶음입니다", "the group is empty")) }
            for (column, id) in group.enumerated() {
                let pointer = participant.tiers == nil ? "\(place)/\(name)/\(row)" : "\(place)/\(name)/\(row)/\(column)"
                if !known.contains(id) {
                    errors.append(error(pointer, id, "상대편에 없는 식별자입니다", "nobody on the other side has this id"))
                } else if !seen.insert(id).inserted {
                    errors.append(error(pointer, id, "목록에 두 번 나옵니다", "it occurs twice in the list"))
                }
            }
        }
        return errors
    }

    private static func error(_ pointer: String, _ value: String, _ ko: String, _ en: String) -> FieldError {
        FieldError(pointer, .string(value), Bilingual(ko: ko, en: en))
    }
}
