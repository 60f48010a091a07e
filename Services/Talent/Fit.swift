import JSON
import ServiceKit
import Vocabulary

/// How well a person and a posting fit, as a pure function: what rules it out, and what the score is made of.
struct Fit: Codable, Sendable {
    /// One part of the score: the score is the sum of weight × value over the sum of weights.
    struct Reason: Codable, Sendable {
        let component: String
        let weight: Double
        /// 0...1.
        let value: Double
        let ko: String
        let en: String
    }

    /// One rule that forbids the pair, whatever the score.
    struct Block: Codable, Sendable {
        /// Stable: `consent.recommendation`, `skill.missing`, `availability.none`, `kind.unwanted`, `posting.state`,
        /// `posting.past`, `interest.declined`.
        let rule: String
        let ko: String
        let en: String
    }

    /// 0...1, to three decimals; 0 when something forbids the pair.
    let score: Double
    let blocked: [Block]
    let reasons: [Reason]

    /// Everything the judgement looks at, read from storage beforehand.
    struct Pair: Sendable {
        let posting: Postings.Posting
        let person: Profile
        let consented: Bool
        /// Over the posting's days.
        let free: [ShareSpan]
        let interest: Interests.State?
        /// Open interests of organisations in this person: attention that others lack.
        let suitors: Int
        let today: Day
    }

    init(_ pair: Pair) {
        let blocked = Self.blocks(pair)
        // Whoever did not consent is not described either.
        let reasons = pair.consented ? Self.reasons(pair) : []
        let weights = reasons.reduce(0) { $0 + $1.weight }
        let sum = reasons.reduce(0) { $0 + $1.weight * $1.value }
        self.blocked = blocked
        self.reasons = reasons
        score = blocked.isEmpty && weights > 0 ? Self.rounded(sum / weights) : 0
    }

    static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

    private static func blocks(_ pair: Pair) -> [Block] {
        guard pair.consented else {
            return [
                Block(
                    rule: "consent.recommendation", ko: "본인의 추천 동의가 없거나 끝났습니다",
                    en: "The person has not consented to be recommended, or no longer does")
            ]
        }
        var blocks: [Block] = []
        let posting = pair.posting
        if posting.state != .published {
            blocks.append(
                Block(rule: "posting.state", ko: "공고가 게시 중이 아닙니다", en: "The posting is not published"))
        }
        if posting.end <= pair.today {
            blocks.append(Block(rule: "posting.past", ko: "공고의 기간이 지났습니다", en: "The posting's days are over"))
        }
        let held = Set(pair.person.skills.map(\.code))
        let missing = posting.skills.filter { $0.need == .must && !held.contains($0.code) }
        if !missing.isEmpty {
            blocks.append(
                Block(
                    rule: "skill.missing", ko: "필수 기술이 없습니다: \(missing.map(\.name.ko).joined(separator: ", "))",
                    en: "Required skills are missing: \(missing.map(\.name.en).joined(separator: ", "))"))
        }
        if Shares.part(posting.share, of: pair.free) == 0 {
            blocks.append(
                Block(
                    rule: "availability.none", ko: "이 기간에 \(posting.share)% 이상 비어 있는 날이 없습니다",
                    en: "On none of these days is \(posting.share)% of full time free"))
        }
        if !pair.person.seeks.isEmpty, !pair.person.seeks.contains(posting.kind) {
            blocks.append(
                Block(
                    rule: "kind.unwanted", ko: "찾는 일의 형태가 아닙니다: \(posting.kind.name.ko)",
                    en: "The person does not seek this form of work: \(posting.kind.name.en)"))
        }
        if pair.interest == .declined {
            blocks.append(
                Block(rule: "interest.declined", ko: "이미 한쪽이 거절했습니다", en: "One side has declined already"))
        }
        return blocks
    }

    private static func reasons(_ pair: Pair) -> [Reason] {
        [skills(pair), availability(pair), region(pair), industry(pair), kind(pair), attention(pair)]
            .compactMap { $0 }
    }

    /// Must counts twice as much as nice; a level below the wish counts in part, a neighbouring skill a little.
    private static func skills(_ pair: Pair) -> Reason? {
        let wishes = pair.posting.skills
        guard !wishes.isEmpty else { return nil }
        let held = Dictionary(pair.person.skills.map { ($0.code, $0) }) { first, _ in first }
        let groups = Set(pair.person.skills.compactMap { Skills.group(of: $0.code) })
        var (sum, weights) = (0.0, 0.0)
        var (met, below, near): ([Bilingual], [Bilingual], [Bilingual]) = ([], [], [])
        for wish in wishes {
            let weight = wish.need == .must ? 2.0 : 1.0
            weights += weight
            if let skill = held[wish.code] {
                let short = max(0, wish.level.rank - skill.level.rank)
                sum += weight * max(0.4, 1 - 0.3 * Double(short))
                if short == 0 { met.append(wish.name) } else { below.append(wish.name) }
            } else if let group = Skills.group(of: wish.code), groups.contains(group) {
                sum += weight * 0.2
                near.append(wish.name)
            }
        }
        var (ko, en) = (["원하는 기술 \(wishes.count)개 중 \(met.count)개 충족"], ["\(met.count) of \(wishes.count) skills met"])
        if !met.isEmpty {
            ko.append("충족: \(met.map(\.ko).joined(separator: ", "))")
            en.append("met: \(met.map(\.en).joined(separator: ", "))")
        }
        if !below.isEmpty {
            ko.append("수준 미달: \(below.map(\.ko).joined(separator: ", "))")
            en.append("below the wished level: \(below.map(\.en).joined(separator: ", "))")
        }
        if !near.isEmpty {
            ko.append("같은 분야의 경험: \(near.map(\.ko).joined(separator: ", "))")
            en.append("experience in the same field: \(near.map(\.en).joined(separator: ", "))")
        }
        return Reason(
            component: "skills", weight: 0.5, value: rounded(sum / weights), ko: ko.joined(separator: "; "),
            en: en.joined(separator: "; "))
    }

    private static func availability(_ pair: Pair) -> Reason {
        let part = Shares.part(pair.posting.share, of: pair.free)
        let percent = Int((part * 100).rounded())
        return Reason(
            component: "availability", weight: 0.2, value: rounded(part),
            ko: "공고 기간의 \(percent)%에서 \(pair.posting.share)%의 시간을 낼 수 있습니다",
            en: "\(pair.posting.share)% of full time is free on \(percent)% of the days")
    }

    private static func region(_ pair: Pair) -> Reason? {
        guard let home = pair.person.region else { return nil }
        let there = pair.posting.region
        let (value, ko, en): (Double, String, String) =
            if home == there {
                (1, "같은 지역: \(there.name.ko)", "same region: \(there.name.en)")
            } else if home.wider == there.wider {
                (0.7, "같은 권역: \(there.wider.name.ko)", "same wider region: \(there.wider.name.en)")
            } else {
                (
                    0.2, "다른 지역: \(home.name.ko) → \(there.name.ko)",
                    "another region: \(home.name.en), not \(there.name.en)"
                )
            }
        return Reason(component: "region", weight: 0.1, value: value, ko: ko, en: en)
    }

    private static func industry(_ pair: Pair) -> Reason? {
        guard let industry = pair.posting.industry else { return nil }
        let known = pair.person.industries.contains(industry)
        return Reason(
            component: "industry", weight: 0.1, value: known ? 1 : 0,
            ko: known ? "산업 경험: \(industry.name.ko)" : "산업 경험이 적혀 있지 않음: \(industry.name.ko)",
            en: known ? "knows the industry: \(industry.name.en)" : "no experience stated in: \(industry.name.en)")
    }

    private static func kind(_ pair: Pair) -> Reason {
        let kind = pair.posting.kind
        let (value, ko, en): (Double, String, String) =
            if pair.person.seeks.contains(kind) {
                (1, "찾는 일의 형태: \(kind.name.ko)", "seeks this form of work: \(kind.name.en)")
            } else if kind == .retiredExpert, pair.person.senior {
                (0.9, "경험을 나누려는 시니어 전문가", "a senior expert who offers experience")
            } else if kind == .retiredExpert {
                (0.2, "시니어 전문가로 등록되지 않음", "not registered as a senior expert")
            } else {
                (0.6, "일의 형태를 가리지 않음", "open to any form of work")
            }
        return Reason(component: "kind", weight: 0.05, value: value, ko: ko, en: en)
    }

    /// Congestion: those whom many already ask step back a little, so that all are seen.
    private static func attention(_ pair: Pair) -> Reason {
        Reason(
            component: "attention", weight: 0.05, value: rounded(1 / (1 + Double(pair.suitors) / 2)),
            ko: pair.suitors == 0 ? "아직 다른 기관의 제안이 없음" : "이미 \(pair.suitors)개 기관이 관심을 보임",
            en: pair.suitors == 0
                ? "no other organisation has asked yet" : "\(pair.suitors) organisations have asked already")
    }
}
