import JSON
import Storage
import Vocabulary

/// What one side said to one pair: to a deal, or to a recommendation without a deal.
enum PairAnswer: String, Codable, CaseIterable, Sendable, SQLValue, Named {
    /// To a deal: it proposed or accepted, declined, took its acceptance back.
    case interested, declined, withdrawn
    /// To a recommendation.
    case relevant, notRelevant, seenBefore

    var name: Bilingual {
        switch self {
        case .interested: Bilingual(ko: "관심", en: "interested")
        case .declined: Bilingual(ko: "거절", en: "declined")
        case .withdrawn: Bilingual(ko: "철회", en: "withdrawn")
        case .relevant: Bilingual(ko: "관련 있음", en: "relevant")
        case .notRelevant: Bilingual(ko: "관련 없음", en: "not relevant")
        case .seenBefore: Bilingual(ko: "이미 앎", en: "seen before")
        }
    }

    /// How long the pair is not recommended to this side again, nil if it may be. A reason that a change of the
    /// profiles can remove ends earlier (`AnswerSubject`).
    var silence: Duration? {
        switch self {
        case .declined, .notRelevant: .seconds(180 * 86_400)
        case .withdrawn, .seenBefore: .seconds(90 * 86_400)
        case .interested, .relevant: nil
        }
    }
}

/// The members of the two profiles that a reason is about. When one of them changes, the reason may be gone.
enum AnswerSubject: Sendable {
    case stage, text, orientation, terms, everything

    init(_ reason: DeclineReason?) {
        self =
            switch reason {
            case .tooEarly: .stage
            case .benefitUnclear, .commercialRouteUnclear, .descriptionUnclear, .scientificConcern: .text
            case .notAStrategicFit: .orientation
            case .termsUnsuitable: .terms
            case .alternativeInUse, nil: .everything
            }
    }

    /// A mark that changes with these members: FNV-1a of their text, 64 bits.
    func mark<Kind>(of profile: Profile<Kind>) -> String {
        let orientation = [
            Codes.text(profile.fields), Codes.text(profile.industries), Codes.text(profile.ksicSections),
        ]
        let stage = profile.trl.map { "\($0.level)" } ?? ""
        let terms = [Codes.text(profile.partnerships), "\(profile.exclusive)"]
        let parts: [String] =
            switch self {
            case .stage: [stage]
            case .text: [profile.text]
            case .orientation: orientation
            case .terms: terms
            case .everything: [profile.text, stage, profile.region?.rawValue ?? ""] + orientation + terms
            }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in parts.joined(separator: "\u{1F}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}

/// What the answers of one organisation, on one side, say about further offers or needs: how often it was interested in
/// an industry, a form of partnership or a stage, less how often it declined one for just that reason.
struct AnswerTally: Sendable, Hashable {
    private(set) var industries: [StrategicIndustry: Int] = [:]
    private(set) var partnerships: [Partnership: Int] = [:]
    /// By distance below the stage needed: an offer that is as far below or further is as early.
    private(set) var tooEarly: [Int: Int] = [:]
    private(set) var earlyEnough: [Int: Int] = [:]

    /// Counts an answer about `other`, whose distance below the needed stage was `below`; with -1 no longer.
    ///
    /// Only three of the eight reasons say something beyond the pair itself: too early, no strategic fit, terms.
    mutating func add(
        _ answer: PairAnswer, _ reason: DeclineReason?, other: Facts, forms: [Partnership], below: Int?,
        _ sign: Int = 1
    ) {
        func count<Key>(_ keys: some Sequence<Key>, _ counts: inout [Key: Int], _ difference: Int) {
            for key in keys {
                let count = (counts[key] ?? 0) + difference
                counts[key] = count == 0 ? nil : count
            }
        }
        let distance = [below].compactMap(\.self).filter { $0 > 0 }
        switch (answer, reason) {
        case (.interested, _), (.relevant, _):
            count(other.industries.cases, &industries, sign)
            count(forms, &partnerships, sign)
            count(distance, &earlyEnough, sign)
        case (.declined, .tooEarly), (.notRelevant, .tooEarly): count(distance, &tooEarly, sign)
        case (.declined, .notAStrategicFit), (.notRelevant, .notAStrategicFit):
            count(other.industries.cases, &industries, -sign)
        case (.declined, .termsUnsuitable), (.notRelevant, .termsUnsuitable): count(forms, &partnerships, -sign)
        default: break
        }
    }

    /// How they bear on a pair with these facts.
    func effect(other: Facts, forms: CaseSet<Partnership>, below: Int?) -> AnswerEffect {
        var effect = AnswerEffect()
        if !industries.isEmpty { effect.industry = Self.mean(other.industries.cases.map { industries[$0] ?? 0 }) }
        if !partnerships.isEmpty { effect.partnership = Self.mean(forms.cases.map { partnerships[$0] ?? 0 }) }
        if let below, below > 0 {
            let against = tooEarly.reduce(0) { $1.key <= below ? $0 + $1.value : $0 }
            let favour = earlyEnough.reduce(0) { $1.key >= below ? $0 + $1.value : $0 }
            effect.stage = Double(favour - against)
        }
        return effect
    }

    private static func mean(_ counts: [Int]) -> Double {
        counts.isEmpty ? 0 : Double(counts.reduce(0, +)) / Double(counts.count)
    }
}

/// The net counts of an organisation's answers that bear on one pair.
struct AnswerEffect: Sendable, Hashable {
    var stage = 0.0
    var industry = 0.0
    var partnership = 0.0

    /// Answers at which an effect reaches half of its bound.
    static let half = 3.0

    static func saturated(_ net: Double) -> Double { net / (abs(net) + half) }

    /// In -1...1, whatever the counts; nil when no answer bears on the pair.
    var value: Double? {
        let nets = [stage, industry, partnership]
        guard nets.contains(where: { $0 != 0 }) else { return nil }
        return max(-1, min(1, nets.reduce(0) { $0 + Self.saturated($1) }))
    }
}
