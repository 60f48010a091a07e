import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.outcomes.summary`: how many matches came to a transfer and how many of those to the market, with what was
/// paid and how far the technology rose. The closed loop, in figures that everybody may read.
enum OutcomeSummary {
    enum Dimension: String, Codable, CaseIterable, Sendable {
        /// The form of the contract; a deal without one is under `none`.
        case type
        /// Of the technology. A deal counts under each, so that groups overlap.
        case field, industry
        /// In which both sides accepted.
        case year

        /// Whether each deal is in one group, so that a hidden group could be had by subtraction.
        var isPartition: Bool { self == .type || self == .year }
    }

    struct Ask: Codable, Sendable {
        let by: Dimension
    }

    /// One deal, as far as it counts.
    struct Fact: Hashable, Sendable {
        var keys: [String]
        /// The technology was transferred, by a contract or by a flow whose contract is still to come.
        var isTransferred = false
        var isContracted = false
        var succeeded: Bool?
        var hasEnded = false
        var royaltiesDue = Won.zero
        var royaltiesPaid = Won.zero
        /// Stages risen since the contract; nil when either is unknown.
        var trlRise: Int?
    }

    struct Figures: Codable, Hashable, Sendable {
        /// Both sides accepted.
        var matched = 0
        /// Of them those that ended before a transfer, and those that are still on their way to one.
        var ended = 0
        var underWay = 0
        var transferred = 0
        /// Of the transferred ones; those by a flow may have their contract still to come.
        var contracted = 0
        /// Of the transferred ones; the undecided ones are counted and not guessed.
        var succeeded = 0
        var failed = 0
        var undecided = 0
        /// Contracts under which something is due or paid, and how much; absent where it is of too few to be shown.
        var paying = 0
        var royaltiesDue: Won? = Won.zero
        var royaltiesPaid: Won? = Won.zero
        /// Sum of the stages risen, over the contracts of which it is known; the mean is their quotient.
        var trlRise: Int? = 0
        var trlKnown = 0

        mutating func add(_ fact: Fact) throws(Won.Overflow) {
            matched += 1
            guard fact.isTransferred else {
                if fact.hasEnded { ended += 1 } else { underWay += 1 }
                return
            }
            transferred += 1
            if fact.isContracted { contracted += 1 }
            switch fact.succeeded {
            case true?: succeeded += 1
            case false?: failed += 1
            case nil: undecided += 1
            }
            if fact.royaltiesDue != .zero || fact.royaltiesPaid != .zero { paying += 1 }
            royaltiesDue = try (royaltiesDue ?? .zero) + fact.royaltiesDue
            royaltiesPaid = try (royaltiesPaid ?? .zero) + fact.royaltiesPaid
            if let rise = fact.trlRise {
                trlRise = (trlRise ?? 0) + rise
                trlKnown += 1
            }
        }
    }

    struct Group: Codable, Hashable, Sendable {
        let key: String
        /// Absent where the group is too small to be shown to those who are no operators.
        var figures: Figures?
    }

    struct Answer: Codable, Sendable {
        let by: Dimension
        let groups: [Group]
        /// Over the groups that are shown; absent where groups overlap.
        let shown: Figures?
        /// Groups of fewer deals than this are hidden; 0 for operators.
        let smallestShown: Int
    }

    /// Below it a figure would be about one or two deals, whose terms are their parties' own.
    static let smallestShown = 3

    static let methods: [Method] = [
        .query(
            "matching.outcomes.summary",
            Bilingual(
                ko: "성사·계약·사업화 성공과 실패를 유형·분야·산업·연도별로 센다",
                en: "Counts matches, contracts, successes and failures by type, field, industry or year"),
            role: .viewer
        ) { (p: Ask, r: Read) throws -> Answer in
            var figures: [String: Figures] = [:]
            try each(p, r.db) { fact in
                for key in fact.keys { try figures[key, default: Figures()].add(fact) }
            }
            return try answer(p.by, figures, smallest: r.call.actsForOthers ? 0 : smallestShown)
        }
    ]

    /// Hides small groups, and in the others the money and the stages risen that are of too few contracts.
    static func answer(_ by: Dimension, _ figures: [String: Figures], smallest: Int) throws(Won.Overflow) -> Answer {
        let small = hidden(by, figures, smallest, \.matched)
        var shown = figures.filter { !small.contains($0.key) }
        for key in hidden(by, figures, smallest, already: small, \.paying) {
            shown[key]?.royaltiesDue = nil
            shown[key]?.royaltiesPaid = nil
        }
        for key in hidden(by, figures, smallest, already: small, \.trlKnown) { shown[key]?.trlRise = nil }
        var total = Figures()
        for one in shown.values { total = try total.adding(one) }
        return Answer(
            by: by, groups: figures.keys.sorted().map { Group(key: $0, figures: shown[$0]) },
            shown: by.isPartition ? total : nil, smallestShown: smallest)
    }

    /// The groups of fewer than the smallest number. What is hidden can be had in one sum, by subtraction from the total
    /// of another dimension: so larger groups are hidden too until that sum is of several groups and of enough deals.
    private static func hidden(
        _ by: Dimension, _ figures: [String: Figures], _ smallest: Int, already: Set<String> = [],
        _ count: (Figures) -> Int
    ) -> Set<String> {
        let counts = figures.mapValues(count).filter { $0.value > 0 }
        let sorted = counts.sorted {
            (already.contains($0.key) ? 0 : $0.value, $0.key) < (already.contains($1.key) ? 0 : $1.value, $1.key)
        }
        var hidden = sorted.prefix { already.contains($0.key) || $0.value < smallest }
        while by.isPartition, !hidden.isEmpty, hidden.count < sorted.count,
            hidden.count == 1 || hidden.reduce(0, { $0 + $1.value }) < smallest
        { hidden = sorted.prefix(hidden.count + 1) }
        return Set(hidden.map(\.key))
    }

    /// Every deal that both sides accepted, a row at a time.
    private static func each(_ p: Ask, _ db: Connection, _ body: (Fact) throws -> Void) throws {
        try db.each(
            """
            SELECT d.state, d.demand_accepted_at, d.supply_accepted_at, c.type, c.trl, c.trl_reached, c.royalties_due,
                c.royalties_paid, o.succeeded, p.fields, p.industries
            FROM deal AS d JOIN profile AS p ON p.id = d.technology_id LEFT JOIN deal_contract AS c ON c.deal_id = d.id
                LEFT JOIN deal_outcome AS o ON o.deal_id = d.id
            WHERE d.demand_accepted_at IS NOT NULL AND d.supply_accepted_at IS NOT NULL
            """
        ) { row in
            let accepted = max(try row.get("demand_accepted_at") as Instant, try row.get("supply_accepted_at"))
            let year = Day.inSeoul(at: accepted).year
            let type: String? = try row.getIfPresent("type")
            let state: DealState = try row.get("state")
            let keys: [String]
            switch p.by {
            case .type: keys = [type ?? "none"]
            case .field: keys = (try row.get("fields") as String).split(separator: " ").map(String.init)
            case .industry: keys = (try row.get("industries") as String).split(separator: " ").map(String.init)
            case .year: keys = ["\(year)"]
            }
            let before: TRL? = try row.getIfPresent("trl")
            let after: TRL? = try row.getIfPresent("trl_reached")
            try body(
                Fact(
                    keys: keys.isEmpty ? ["none"] : keys, isTransferred: state == .committed,
                    isContracted: type != nil,
                    succeeded: try row.getIfPresent("succeeded"), hasEnded: state == .declined || state == .withdrawn,
                    royaltiesDue: try row.getIfPresent("royalties_due") ?? .zero,
                    royaltiesPaid: try row.getIfPresent("royalties_paid") ?? .zero,
                    trlRise: before.flatMap { before in after.map { $0.level - before.level } }))
        }
    }
}

extension OutcomeSummary.Figures {
    fileprivate func adding(_ other: Self) throws(Won.Overflow) -> Self {
        var sum = self
        sum.matched += other.matched
        sum.ended += other.ended
        sum.underWay += other.underWay
        sum.transferred += other.transferred
        sum.contracted += other.contracted
        sum.succeeded += other.succeeded
        sum.failed += other.failed
        sum.undecided += other.undecided
        sum.paying += other.paying
        sum.royaltiesDue = try (royaltiesDue ?? .zero) + (other.royaltiesDue ?? .zero)
        sum.royaltiesPaid = try (royaltiesPaid ?? .zero) + (other.royaltiesPaid ?? .zero)
        sum.trlRise = (trlRise ?? 0) + (other.trlRise ?? 0)
        sum.trlKnown += other.trlKnown
        return sum
    }
}
