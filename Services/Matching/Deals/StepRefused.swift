import JSON
import ServiceKit
import Vocabulary

/// Why a step of a deal is refused, and what to do instead.
enum StepRefused: Error, Hashable {
    case ended(DealState)
    case notAgreed
    case noNDA
    case tooEarly(DealStage, for: DealStage)
    case tooLate(DealStage)
    case notFinishable(DealStage)
    case notSkippable(DealStage)
    case nothingDone(DealStage)
    case otherTerms(last: Int)

    func fault(_ id: DealID) -> Fault {
        let (rule, message) = words
        return .failedPrecondition(rule: rule, message, data: ["id": .string(id.description)])
    }

    private var words: (rule: String, Bilingual) {
        switch self {
        case .ended(let state):
            (
                "deal.ended",
                Bilingual(
                    ko: "이미 끝난 거래입니다(\(state.name.ko)). 다시 하려면 새로 제안하세요.",
                    en: "The deal has ended (\(state.rawValue)). Propose anew to try again.")
            )
        case .notAgreed:
            ("deal.notAgreed", Bilingual(ko: "양쪽이 모두 거래를 수락해야 합니다.", en: "Both sides must accept the deal first."))
        case .noNDA:
            (
                "deal.ndaMissing",
                Bilingual(
                    ko: "비밀유지계약에 양쪽이 서명한 뒤에만 비공개 내용을 건넬 수 있습니다(matching.deals.signNda).",
                    en: "What is confidential can be given once both sides signed the NDA (matching.deals.signNda).")
            )
        case .tooEarly(let stage, let wanted):
            (
                "deal.stage",
                Bilingual(
                    ko: "지금은 '\(stage.name.ko)' 단계입니다. 마치거나 건너뛴 뒤 '\(wanted.name.ko)'(으)로 가세요.",
                    en: "The deal is at \(stage.name.en). Complete or skip it before \(wanted.name.en).")
            )
        case .tooLate(let stage):
            (
                "deal.stage",
                Bilingual(
                    ko: "이미 '\(stage.name.ko)' 단계입니다. 계약 뒤에는 할 수 없습니다.",
                    en: "The deal is at \(stage.name.en) already. This is not done after the contract.")
            )
        case .notFinishable(let stage):
            (
                "deal.notFinishable",
                Bilingual(
                    ko: "'\(stage.name.ko)' 단계는 서명이나 합의로 끝납니다. consulting, valuation만 마침을 알립니다.",
                    en: "\(stage.name.en) ends by signatures or agreement; only consulting and valuation are finished.")
            )
        case .notSkippable(let stage):
            (
                "deal.notSkippable",
                Bilingual(
                    ko: "'\(stage.name.ko)' 단계는 건너뛸 수 없습니다. nda, consulting, valuation만 건너뜁니다.",
                    en: "\(stage.name.en) cannot be skipped; nda, consulting and valuation can.")
            )
        case .nothingDone(let stage):
            (
                "deal.nothingDone",
                Bilingual(
                    ko: "'\(stage.name.ko)' 기록이 없습니다. 기록하거나 이유를 적고 건너뛰세요.",
                    en: "Nothing is recorded for \(stage.name.en). Record it, or skip it with a reason.")
            )
        case .otherTerms(let last):
            (
                "deal.otherTerms",
                Bilingual(
                    ko: last == 0 ? "아직 제시된 조건이 없습니다." : "마지막 조건은 \(last)번입니다. 다시 읽고 그 번호로 답하세요.",
                    en: last == 0
                        ? "No terms have been offered yet."
                        : "The last terms are version \(last). Read them and answer that version.")
            )
        }
    }
}
