import JSON
import ServiceKit
import Storage
import Vocabulary

/// How far a deal has come, after the steps of the ministry's technology transfer (C:507) and of the field (domain.md
/// 2.1). A deal that ended keeps the stage at which it did.
enum DealStage: String, Codable, CaseIterable, Sendable, SQLValue, Named, Comparable {
    case interest, nda, consulting, valuation, negotiation, contract, followUp

    var name: Bilingual {
        switch self {
        case .interest: Bilingual(ko: "관심", en: "interest")
        case .nda: Bilingual(ko: "비밀유지계약", en: "non-disclosure agreement")
        case .consulting: Bilingual(ko: "상담·컨설팅", en: "consulting")
        case .valuation: Bilingual(ko: "기술가치평가", en: "technology valuation")
        case .negotiation: Bilingual(ko: "조건 협상", en: "negotiation")
        case .contract: Bilingual(ko: "계약 체결", en: "contract")
        case .followUp: Bilingual(ko: "사업화 추적", en: "follow-up")
        }
    }

    /// Known partners need no new NDA, a small deal no valuation; without terms and signatures there is no contract.
    var canBeSkipped: Bool { self == .nda || self == .consulting || self == .valuation }

    var next: DealStage { Self.allCases.first { $0 > self } ?? .followUp }

    static func < (left: DealStage, right: DealStage) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The steps between the agreement of both sides and their contract, without storage: what was done, and what an
/// action makes of it. The stage only goes forward, but for one way back: a new offer in place of terms that were
/// agreed and not yet signed.
struct DealProgress: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case signNDA(Side)
        case disclose
        case consult
        case value
        /// Consulting or valuation is done.
        case finish(DealStage)
        case skip(DealStage)
        case offer(Side)
        case acceptTerms(Side, version: Int)
        case sign(Side, version: Int)
        /// A hold on the technology was posted (`matching.technologies.post`).
        case transfer
    }

    enum Outcome: Hashable, Sendable {
        /// It was so before.
        case unchanged
        case changed
        /// The contract came about by this step.
        case concluded
    }

    var state: DealState
    var stage: DealStage
    var signedNDA: Set<Side> = []
    var sessions = 0
    var valuations = 0
    /// The last offer, 0 before the first, and who stands by it.
    var termsVersion = 0
    var acceptedTerms: Set<Side> = []
    var signedContract: Set<Side> = []

    var isUnderNDA: Bool { signedNDA.count == Side.allCases.count }

    mutating func take(_ step: Step) throws(StepRefused) -> Outcome {
        switch state {
        case .declined, .withdrawn: throw .ended(state)
        case .interest: throw .notAgreed
        case .agreed, .committed: break
        }
        switch step {
        case .signNDA(let side): return try signNDA(side)
        case .disclose:
            guard isUnderNDA else { throw .noNDA }
            return .changed
        case .consult:
            guard stage >= .consulting else { throw .tooEarly(stage, for: .consulting) }
            sessions += 1
            return .changed
        case .value:
            guard stage >= .consulting else { throw .tooEarly(stage, for: .valuation) }
            guard stage < .followUp else { throw .tooLate(stage) }
            valuations += 1
            return .changed
        case .finish(let done): return try finish(done)
        case .skip(let skipped): return try skip(skipped)
        case .offer(let side): return try offer(side)
        case .acceptTerms(let side, let version): return try acceptTerms(side, version)
        case .sign(let side, let version): return try sign(side, version)
        case .transfer: return transfer()
        }
    }

    /// Also possible after the stage was skipped, as long as there is no contract.
    private mutating func signNDA(_ side: Side) throws(StepRefused) -> Outcome {
        guard !signedNDA.contains(side) else { return .unchanged }
        guard stage < .followUp else { throw .tooLate(stage) }
        signedNDA.insert(side)
        if isUnderNDA, stage == .nda { stage = .consulting }
        return .changed
    }

    private mutating func finish(_ done: DealStage) throws(StepRefused) -> Outcome {
        guard done == .consulting || done == .valuation else { throw .notFinishable(done) }
        guard stage <= done else { return .unchanged }
        guard stage == done else { throw .tooEarly(stage, for: done) }
        guard (done == .consulting ? sessions : valuations) > 0 else { throw .nothingDone(done) }
        stage = done.next
        return .changed
    }

    private mutating func skip(_ skipped: DealStage) throws(StepRefused) -> Outcome {
        guard skipped.canBeSkipped else { throw .notSkippable(skipped) }
        guard stage <= skipped else { return .unchanged }
        guard stage == skipped else { throw .tooEarly(stage, for: skipped) }
        stage = skipped.next
        return .changed
    }

    private mutating func offer(_ side: Side) throws(StepRefused) -> Outcome {
        guard stage >= .negotiation else { throw .tooEarly(stage, for: .negotiation) }
        guard stage < .followUp else { throw .tooLate(stage) }
        termsVersion += 1
        acceptedTerms = [side]
        signedContract = []
        stage = .negotiation
        return .changed
    }

    private mutating func acceptTerms(_ side: Side, _ version: Int) throws(StepRefused) -> Outcome {
        guard stage >= .negotiation else { throw .tooEarly(stage, for: .negotiation) }
        guard termsVersion > 0, version == termsVersion else { throw .otherTerms(last: termsVersion) }
        guard acceptedTerms.insert(side).inserted else { return .unchanged }
        if acceptedTerms.count == Side.allCases.count { stage = .contract }
        return .changed
    }

    private mutating func sign(_ side: Side, _ version: Int) throws(StepRefused) -> Outcome {
        guard stage >= .contract else { throw .tooEarly(stage, for: .contract) }
        guard version == termsVersion else { throw .otherTerms(last: termsVersion) }
        // There is a contract of this version: by both signatures, or by a transfer that stands for them.
        guard stage < .followUp else { return .unchanged }
        guard signedContract.insert(side).inserted else { return .unchanged }
        return signedContract.count == Side.allCases.count ? conclude() : .changed
    }

    /// With terms that both accepted the transfer is their contract as well; without, the contract is still to come.
    private mutating func transfer() -> Outcome {
        guard state == .agreed else { return .unchanged }
        state = .committed
        return stage == .contract ? conclude() : .changed
    }

    private mutating func conclude() -> Outcome {
        signedContract = Set(Side.allCases)
        state = .committed
        stage = .followUp
        return .concluded
    }
}
