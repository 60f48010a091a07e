import JSON
import Vocabulary

/// Groups of demands that want similar things: what a planner can make a programme of (P:1092).
///
/// Two demands are as similar as the cosine of their terms, each weighted by how rare it is in the campaign
/// (ln(1 + n / df)), plus `sharedField` where they name a science field or industry in common. Groups are joined, the
/// most similar first, as long as their members are on average at least `threshold` alike (average linkage).
enum ProgrammeProposals {
    static let threshold = 0.2
    static let sharedField = 0.05
    /// So many demands are compared with each other.
    static let limit = 500

    struct Demand: Sendable {
        let profile: Profile<DemandKind>
        let tokens: Tokens
        let vector: TermVector

        init(_ profile: Profile<DemandKind>, _ tokeniser: Tokeniser) {
            self.profile = profile
            tokens = tokeniser.tokens(of: profile.text)
            vector = tokens.vector
        }
    }

    /// Places of similar demands, the largest groups first; demands like no other are in none.
    static func groups(_ demands: [Demand]) -> [(members: [Int], similarity: Double)] {
        let demands = Array(demands.prefix(limit))
        let weights = weights(demands)
        var similarities = demands.indices.map { _ in [Double](repeating: 0, count: demands.count) }
        for i in demands.indices {
            for j in demands.indices where j > i {
                similarities[i][j] = similarity(demands[i], demands[j], weights[i], weights[j])
                similarities[j][i] = similarities[i][j]
            }
        }
        var groups = demands.indices.map { [$0] }
        // Between two groups: the sum over all pairs, so that joining only adds.
        var sums = similarities
        while true {
            var best = (value: threshold, i: -1, j: -1)
            for i in groups.indices {
                for j in groups.indices where j > i && !groups[i].isEmpty && !groups[j].isEmpty {
                    let average = sums[i][j] / Double(groups[i].count * groups[j].count)
                    if average > best.value { best = (average, i, j) }
                }
            }
            guard best.i >= 0 else { break }
            groups[best.i] += groups[best.j]
            groups[best.j] = []
            for k in groups.indices where k != best.i {
                sums[best.i][k] += sums[best.j][k]
                sums[k][best.i] = sums[best.i][k]
            }
        }
        return groups.filter { $0.count > 1 }.map { members in
            var sum = 0.0
            for i in members { for j in members where j > i { sum += similarities[i][j] } }
            return (members.sorted(), sum / Double(members.count * (members.count - 1) / 2))
        }.sorted { ($1.members.count, $0.members[0]) < ($0.members.count, $1.members[0]) }
    }

    /// The words that at least half of a group's demands have, the rarest first.
    static func words(_ members: [Demand], among all: [Demand]) -> [String] {
        var scores: [String: Double] = [:]
        for member in members {
            for run in member.tokens.runs where run.text.count > 1 && !run.terms.isEmpty {
                let having = members.count { other in run.terms.allSatisfy { other.vector.count(of: $0) > 0 } }
                guard having * 2 >= members.count, having > 1 else { continue }
                let others = all.count { other in run.terms.allSatisfy { other.vector.count(of: $0) > 0 } }
                var text = String.UnicodeScalarView()
                text.append(contentsOf: run.text)
                scores[String(text)] = Double(having) * log1(Double(all.count) / Double(max(others, 1)) + 1)
            }
        }
        var chosen: [String] = []
        for (word, _) in scores.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            // 질량분석 says 질량분석기 already.
            if chosen.contains(where: { $0.hasPrefix(word) || word.hasPrefix($0) }) { continue }
            chosen.append(word)
            if chosen.count == 5 { break }
        }
        return chosen
    }

    private static func weights(_ demands: [Demand]) -> [[Double]] {
        var frequencies: [Term: Int] = [:]
        for demand in demands { for term in demand.vector.terms { frequencies[term, default: 0] += 1 } }
        return demands.map { demand in
            let raw = demand.vector.terms.map { log1(1 + Double(demands.count) / Double(frequencies[$0] ?? 1)) }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length > 0 ? raw.map { $0 / length } : raw
        }
    }

    private static func similarity(_ a: Demand, _ b: Demand, _ weightsOfA: [Double], _ weightsOfB: [Double]) -> Double {
        var (i, j, sum) = (0, 0, 0.0)
        while i < a.vector.terms.count, j < b.vector.terms.count {
            let (left, right) = (a.vector.terms[i].bits, b.vector.terms[j].bits)
            if left == right { sum += weightsOfA[i] * weightsOfB[j] }
            if left <= right { i += 1 }
            if right <= left { j += 1 }
        }
        let sharesField =
            !Set(a.profile.fields).isDisjoint(with: b.profile.fields)
            || !Set(a.profile.industries).isDisjoint(with: b.profile.industries)
        return sum + (sharesField ? sharedField : 0)
    }
}
