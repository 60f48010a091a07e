import JSON
import Vocabulary

/// What a person reads about each component of one pair's score.
struct Sentences {
    let demand: Facts
    let technology: Facts
    let values: FactValues
    let known: Circumstances
    let demandEvidence: Evidence
    let supplyEvidence: Evidence

    func sentence(_ component: Component, _ side: Side?) -> Bilingual {
        switch component {
        case .text: text(side)
        case .field: shared(demand.fields, technology.fields, what: Bilingual(ko: "기술 분야", en: "fields"))
        case .industry: industry
        case .trl: stage
        case .region: region
        case .partnership:
            shared(
                demand.partnerships, technology.partnerships, what: Bilingual(ko: "협력 유형", en: "forms of partnership"))
        case .cluster, .capacity, .validity, .firm, .partners, .outcomes, .record, .feedback, .exposure:
            known.sentence(component, side ?? .demand)
        case .base:
            Bilingual(ko: "모든 쌍에 같은 출발점입니다", en: "The starting point, the same for every pair")
        case .reciprocity:
            Bilingual(
                ko: "양쪽의 점수 차이만큼 깎입니다(조화평균)",
                en: "What the distance of the two sides' scores takes away (harmonic mean)")
        }
    }

    private func text(_ side: Side?) -> Bilingual {
        let evidence = side == .supply ? supplyEvidence : demandEvidence
        guard !evidence.words.isEmpty else { return Bilingual(ko: "공통된 낱말이 없습니다", en: "No word in common") }
        let words = evidence.words.prefix(5).map(\.text).joined(separator: ", ")
        let percent = Int((evidence.share * 100).rounded())
        return side == .supply
            ? Bilingual(
                ko: "기술 설명의 \(percent)%에 해당하는 낱말이 수요에 있습니다: \(words)",
                en: "The demand has \(percent)% of the technology's words by weight: \(words)")
            : Bilingual(
                ko: "수요의 \(percent)%에 해당하는 낱말이 기술에 있습니다: \(words)",
                en: "The technology has \(percent)% of the demand's words by weight: \(words)")
    }

    private func shared<T: Named & Hashable & RawRepresentable<String> & CaseIterable & Sendable>(
        _ one: CaseSet<T>, _ other: CaseSet<T>, what: Bilingual
    ) -> Bilingual {
        guard !one.isEmpty, !other.isEmpty else {
            return Bilingual(
                ko: "\(what.ko): 한쪽이 밝히지 않아 중립으로 봅니다", en: "One side does not state its \(what.en): taken as neutral")
        }
        let common = one.intersection(other).cases.sorted { $0.rawValue < $1.rawValue }
        guard !common.isEmpty else {
            return Bilingual(ko: "겹치는 \(what.ko)이(가) 없습니다", en: "No \(what.en) in common")
        }
        return Bilingual(
            ko: "\(what.ko) 일치: \(common.map(\.name.ko).joined(separator: ", "))",
            en: "Same \(what.en): \(common.map(\.name.en).joined(separator: ", "))")
    }

    private var industry: Bilingual {
        let what = Bilingual(ko: "산업", en: "industries")
        let industries = shared(demand.industries, technology.industries, what: what)
        let sections = shared(demand.sections, technology.sections, what: what)
        let isIndustryStronger =
            demand.industries.isEmpty == false
            && (demand.sections.isDisjoint(with: technology.sections)
                || !demand.industries.isDisjoint(with: technology.industries))
        return isIndustryStronger ? industries : sections
    }

    private var stage: Bilingual {
        guard let needed = demand.trl?.level, let reached = technology.trl?.level else {
            return Bilingual(
                ko: "기술성숙도(TRL)를 한쪽이 밝히지 않아 중립으로 봅니다", en: "One side does not state its TRL: taken as neutral")
        }
        if needed == reached {
            return Bilingual(ko: "필요한 TRL \(needed)단계와 같습니다", en: "At the TRL that is needed, \(needed)")
        }
        return needed > reached
            ? Bilingual(
                ko: "필요한 TRL \(needed)단계보다 \(needed - reached)단계 낮습니다(현재 \(reached))",
                en: "\(needed - reached) below the TRL that is needed (\(reached) of \(needed))")
            : Bilingual(
                ko: "필요한 TRL \(needed)단계를 넘어 \(reached)단계입니다",
                en: "At TRL \(reached), past the \(needed) that is needed")
    }

    private var region: Bilingual {
        guard let one = demand.region, let other = technology.region else {
            return Bilingual(ko: "지역을 한쪽이 밝히지 않아 중립으로 봅니다", en: "One side states no region: taken as neutral")
        }
        if one == other { return Bilingual(ko: "같은 지역: \(one.name.ko)", en: "Same region: \(one.name.en)") }
        if one.wider == other.wider {
            return Bilingual(
                ko: "같은 \(one.wider.name.ko): \(one.name.ko)·\(other.name.ko)",
                en: "Both in \(one.wider.name.en): \(one.name.en) and \(other.name.en)")
        }
        return Bilingual(
            ko: "다른 지역: \(one.name.ko)·\(other.name.ko)", en: "Apart: \(one.name.en) and \(other.name.en)")
    }
}
