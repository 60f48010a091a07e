import JSON
import ServiceKit
import Vocabulary

/// A part of a whole, in won and exactly; the ratio is only for reading and is rounded down, so that it never claims
/// more than is there.
struct Share: Codable, Sendable, Hashable {
    let part: Won
    let whole: Won
    /// Ten-thousandths; absent as long as the whole is zero: then the ratio is open, not zero.
    let basisPoints: Int?

    init(part: Won, whole: Won) {
        self.part = part
        self.whole = whole
        guard part >= .zero, whole > .zero else {
            basisPoints = nil
            return
        }
        let product = part.amount.magnitude.multipliedFullWidth(by: 10_000)
        guard product.high < whole.amount.magnitude else {
            basisPoints = nil
            return
        }
        basisPoints = Int(clamping: whole.amount.magnitude.dividingFullWidth(product).quotient)
    }

    /// Whether the part is at least so many ten-thousandths of the whole, without rounding; nil while the whole is zero.
    func reaches(_ required: Int) -> Bool? {
        guard whole > .zero, part >= .zero, required >= 0 else { return nil }
        let (have, need) = products(with: required)
        return have >= need
    }

    /// Whether the part is more than so many ten-thousandths of the whole; anything is more than a part of nothing.
    func exceeds(_ limit: Int) -> Bool {
        let (have, need) = products(with: limit)
        return have > need
    }

    private func products(with basisPoints: Int) -> (have: (UInt64, UInt64), need: (UInt64, UInt64)) {
        let have = part.amount.magnitude.multipliedFullWidth(by: 10_000)
        let need = whole.amount.magnitude.multipliedFullWidth(by: UInt64(basisPoints.magnitude))
        return ((have.high, have.low), (need.high, need.low))
    }
}

/// What a fund has promised about where its money goes, as a stated ratio. A ratio that the source leaves open stays open.
struct Obligation: Codable, Sendable, Hashable, Constrained {
    enum Kind: String, Codable, CaseIterable, Sendable {
        /// Investment in companies of the region (관내).
        case region
        /// Investment in one of the strategic industries (주목적); `industry` says which.
        case industry
        /// Anything that the ledger cannot measure; `text` says what.
        case other
    }

    enum Basis: String, Codable, CaseIterable, Sendable {
        /// Of what was invested so far.
        case invested
        /// Of what the partners have committed.
        case committed
    }

    let kind: Kind
    let basis: Basis
    /// At least so many ten-thousandths (6,000 = 60 %); left out where the source states none.
    let basisPoints: Int?
    let industry: StrategicIndustry?
    let text: Bilingual?

    static let constraints: [String: Schema.Constraint] = ["basisPoints": .range(0...10_000)]

    /// What is wrong with it, beyond what its types say.
    func problems(at pointer: String) -> [FieldError] {
        switch kind {
        case .region: []
        case .industry where industry == nil:
            [
                FieldError(
                    pointer + "/industry", nil,
                    Bilingual(ko: "어느 산업에 대한 의무인지 적으세요.", en: "Say which industry the obligation is about."))
            ]
        case .other where text == nil:
            [
                FieldError(
                    pointer + "/text", nil,
                    Bilingual(ko: "의무의 내용을 적으세요.", en: "Say in words what the obligation is."))
            ]
        case .industry, .other: []
        }
    }
}

/// An obligation and how far it is met.
struct ObligationStatus: Codable, Sendable, Hashable {
    let obligation: Obligation
    /// Absent where the ledger cannot measure it.
    let achieved: Share?
    /// Absent where the ratio is open or nothing was invested or committed yet.
    let met: Bool?

    /// Pure: the status from what was invested where.
    init(_ obligation: Obligation, invested: Invested, committed: Won) {
        self.obligation = obligation
        let part: Won? =
            switch obligation.kind {
            case .region: invested.inRegion
            case .industry: obligation.industry.map { invested.byIndustry[$0] ?? .zero }
            case .other: nil
            }
        let whole = obligation.basis == .invested ? invested.total : committed
        let share = part.map { Share(part: $0, whole: whole) }
        achieved = share
        met = obligation.basisPoints.flatMap { share?.reaches($0) }
    }
}

/// What a fund has disbursed, by what obligations ask about.
struct Invested: Sendable, Hashable {
    var total = Won.zero
    var inRegion = Won.zero
    var byIndustry: [StrategicIndustry: Won] = [:]
}
