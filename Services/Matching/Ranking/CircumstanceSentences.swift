import JSON
import Vocabulary

extension Circumstances {
    /// What a person reads about a circumstance, as this side sees it; also where nothing is known.
    func sentence(_ component: Component, _ side: Side) -> Bilingual {
        switch component {
        case .cluster: clusters
        case .capacity: room
        case .validity: lasting(side)
        case .firm: firmSentence
        case .partners:
            partners == 0
                ? Bilingual(ko: "두 기관이 함께 한 이전이 아직 없어 중립으로 봅니다", en: "No transfer between the two yet: neutral")
                : Bilingual(
                    ko: "두 기관은 이미 \(partners)건의 이전을 함께 했습니다",
                    en: "Completed together before: \(partners) transfer\(partners == 1 ? "" : "s")")
        case .outcomes:
            Self.outcomes(
                outcomes, among: allOutcomes,
                of: Bilingual(ko: "같은 유형(협력·단계·산업)", en: "of the same kind (form, stage, industry)"))
        case .record:
            Self.outcomes(record, among: allOutcomes, of: Bilingual(ko: "이 공급 기관", en: "of this supplier"))
        case .feedback: answers(side == .demand ? demandAnswers : supplyAnswers, side)
        case .exposure: shown(side == .demand ? technologyShown : demandShown)
        case .base, .text, .field, .industry, .trl, .region, .partnership, .reciprocity: Bilingual(ko: "", en: "")
        }
    }

    private var clusters: Bilingual {
        guard let demandCluster, let supplyCluster else {
            return Bilingual(ko: "클러스터를 한쪽이 밝히지 않아 중립으로 봅니다", en: "One side names no cluster: neutral")
        }
        return demandCluster == supplyCluster
            ? Bilingual(ko: "같은 클러스터: \(demandCluster.name)", en: "Same cluster: \(demandCluster.name)")
            : Bilingual(
                ko: "다른 클러스터: \(demandCluster.name)·\(supplyCluster.name)",
                en: "Different clusters: \(demandCluster.name) and \(supplyCluster.name)")
    }

    private var room: Bilingual {
        guard let capacity else {
            return Bilingual(ko: "수행 여력을 밝히지 않아 중립으로 봅니다", en: "No capacity is declared: neutral")
        }
        return Bilingual(
            ko: "밝힌 여력 \(capacity)건 가운데 \(load)건을 진행 중입니다", en: "\(load) of \(capacity) declared places are taken")
    }

    private func lasting(_ side: Side) -> Bilingual {
        let what =
            side == .demand ? Bilingual(ko: "기술", en: "the technology") : Bilingual(ko: "수요", en: "the demand")
        guard let left = side == .demand ? technologyLeft : demandLeft else {
            return Bilingual(
                ko: "\(what.ko)의 유효기간에 끝이 없어 중립으로 봅니다", en: "No end of validity is stated for \(what.en): neutral")
        }
        let (days, needed) = (Int(left / .seconds(86_400)), Int(Self.neededValidity / .seconds(86_400)))
        return days >= needed
            ? Bilingual(
                ko: "\(what.ko)의 유효기간이 \(days)일 남아 합의에 충분합니다",
                en: "\(days) days of validity are left for \(what.en), enough to agree")
            : Bilingual(
                ko: "\(what.ko)의 유효기간이 \(days)일만 남았습니다(합의까지 \(needed)일 기준)",
                en: "Only \(days) days of validity are left for \(what.en) (of \(needed) to agree)")
    }

    private var firmSentence: Bilingual {
        guard firm.value != nil else {
            return Bilingual(
                ko: "기업의 자체 투자·정부지원을 밝히지 않아 중립으로 봅니다",
                en: "The firm declares neither own investment nor support: neutral")
        }
        var ko: [String] = []
        var en: [String] = []
        func add(_ key: String, _ has: Bool?, _ name: Bilingual) {
            guard let has, let ratio = FirmFacts.factors.first(where: { $0.key == key })?.association.oddsRatio else {
                return
            }
            let shown = "\((ratio * 100).rounded() / 100)"
            ko.append("\(name.ko) \(has ? "있음" : "없음")(조사의 오즈비 \(shown))")
            en.append("\(has ? "" : "no ")\(name.en) (odds ratio \(shown) in the study)")
        }
        add("ownInvestment", firm.ownInvestment, Bilingual(ko: "1억원 이상 자체 투자", en: "own investment of 100 million won"))
        add("governmentSupport", firm.governmentSupport, Bilingual(ko: "정부지원", en: "government support"))
        let source = firmSource ?? ""
        return Bilingual(
            ko: "기업이 밝힘: \(ko.joined(separator: ", ")); 근거: \(source). 상관일 뿐 예측이 아닙니다",
            en: "The firm declares \(en.joined(separator: ", ")); source: \(source). A correlation, not a prediction")
    }

    private static func outcomes(_ tally: OutcomeTally, among all: OutcomeTally, of what: Bilingual) -> Bilingual {
        guard tally.decided >= OutcomeTally.fewest else {
            return Bilingual(
                ko: "\(what.ko)의 결과가 \(tally.decided)건뿐이라(\(OutcomeTally.fewest)건부터 봄) 중립으로 봅니다",
                en: "Only \(tally.decided) outcomes \(what.en) (\(OutcomeTally.fewest) are needed): neutral")
        }
        func percent(_ rate: Double) -> Int { Int((rate * 100).rounded()) }
        let (rate, base) = (percent(tally.rate(base: all.base)), percent(all.base))
        return Bilingual(
            ko: "\(what.ko)의 결과 \(tally.decided)건 중 \(tally.succeeded)건 성공(보정 \(rate)%, 전체 기준 \(base)%)",
            en:
                "\(tally.succeeded) of \(tally.decided) outcomes \(what.en) succeeded (\(rate)% smoothed, \(base)% overall)"
        )
    }

    /// No counts: what an organisation answered is its own business, and anybody may read the sentence.
    private func answers(_ effect: AnswerEffect, _ side: Side) -> Bilingual {
        let parts = [
            (effect.stage, Bilingual(ko: "기술 단계", en: "stage")),
            (effect.industry, Bilingual(ko: "산업", en: "industry")),
            (effect.partnership, Bilingual(ko: "협력 유형", en: "form of partnership")),
        ].filter { $0.0 != 0 }
        guard !parts.isEmpty else {
            return Bilingual(ko: "이 쌍에 관한 지난 답이 없어 중립으로 봅니다", en: "No earlier answer bears on this pair: neutral")
        }
        let ko = parts.map { "\($0.1.ko) \($0.0 > 0 ? "선호" : "기피")" }.joined(separator: ", ")
        let en = parts.map { "\($0.0 > 0 ? "for" : "against") this \($0.1.en)" }.joined(separator: ", ")
        return Bilingual(ko: "\(side.name.ko)의 지난 답: \(ko)", en: "Earlier answers of \(side.name.en): \(en)")
    }

    private func shown(_ shown: Shown) -> Bilingual {
        guard let cap = shown.cap, shown.value != nil else {
            return Bilingual(ko: "추천 노출이 몫을 넘지 않아 중립입니다", en: "Not shown more often than its share: neutral")
        }
        return Bilingual(
            ko: "최근 7일 동안 \(shown.count)번 추천되어 몫(\(Int(cap)))을 넘었습니다",
            en: "Shown \(shown.count) times in 7 days, more than its share of \(Int(cap))")
    }
}
