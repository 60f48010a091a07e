import JSON

/// The study of technology commercialisation that the project's third source document prints (C:557-722), as what it
/// is: counts, two regressions, and what cannot be concluded from them. Lines are those of the document.
struct CommercialisationStudy: Codable, Sendable {
    struct Source: Codable, Sendable, Hashable {
        let document: String
        let firstLine: Int
        let lastLine: Int
        let description: Bilingual
    }

    struct Count: Codable, Sendable, Hashable {
        let name: Bilingual
        let value: Int
        let line: Int
    }

    struct Factor: Codable, Sendable, Hashable {
        let key: String
        let name: Bilingual
        let association: OddsRatio
        let lines: [Int]
        /// How the counts were had: as printed, or from a printed percentage of a printed total.
        let derivation: Bilingual
        /// Known only after the outcome, or a part of it: never usable beforehand.
        let isOutcome: Bool
        let sentence: Bilingual
    }

    struct Regression: Codable, Sendable, Hashable {
        let key: String
        let name: Bilingual
        let coefficients: [CoefficientAudit]
        let fit: FitAudit
        let isConsistent: Bool
        let verdict: Bilingual
    }

    struct Note: Codable, Sendable, Hashable {
        let key: String
        let text: Bilingual
        let lines: [Int]
    }

    let source: Source
    let counts: [Count]
    let factors: [Factor]
    let regressions: [Regression]
    let limits: [Note]
    /// Always false: nothing here says anything about one case.
    let isPrediction: Bool
}

extension CommercialisationStudy {
    static let successes = 139
    static let failures = 182

    static let published = CommercialisationStudy(
        source: Source(
            document: "C", firstLine: 557, lastLine: 722,
            description: Bilingual(
                ko: "과학기술일자리진흥원 공공연구성과 추적조사 2015~2017년 416건의 분석",
                en: "analysis of 416 cases of the follow-up survey of public research results, 2015-2017")),
        counts: [
            Count(name: Bilingual(ko: "분석 사례", en: "cases analysed"), value: 416, line: 561),
            Count(name: Bilingual(ko: "자금지원", en: "supported by money"), value: 350, line: 573),
            Count(
                name: Bilingual(ko: "컨설팅·서비스 지원", en: "supported by consulting or services"), value: 66, line: 574),
            Count(name: Bilingual(ko: "사업화 성공", en: "commercialised"), value: successes, line: 663),
            Count(name: Bilingual(ko: "사업화 실패", en: "not commercialised"), value: failures, line: 664),
        ],
        factors: [
            factor(
                "ownInvestment", "기업의 자체 투자 1억원 이상", "own investment of 100 million won or more", 88, 47,
                lines: [663, 664], printed: true),
            factor(
                "governmentSupport", "정부지원을 받은 경험", "government support received", 51, 26, lines: [666],
                printed: false),
            factor(
                "patents", "특허 출원·등록 성과", "patents applied for or registered", 50, 16, lines: [674], printed: false,
                isOutcome: true),
        ],
        regressions: [trlIncrease, fee], limits: limits, isPrediction: false)

    private static func factor(
        _ key: String, _ ko: String, _ en: String, _ successesWith: Int, _ failuresWith: Int, lines: [Int],
        printed: Bool, isOutcome: Bool = false
    ) -> Factor {
        let ratio = OddsRatio(successes: successes, with: successesWith, failures: failures, with: failuresWith)
        let (value, low, high) = (ratio.oddsRatio.twoDecimals, ratio.low95.twoDecimals, ratio.high95.twoDecimals)
        let derivation =
            printed
            ? Bilingual(ko: "인쇄된 건수", en: "counts as printed")
            : Bilingual(
                ko: "인쇄되지 않은 건수는 인쇄된 백분율과 전체 건수에서 구함",
                en: "counts that are not printed follow from the printed percentages and totals")
        return Factor(
            key: key, name: Bilingual(ko: ko, en: en), association: ratio, lines: lines, derivation: derivation,
            isOutcome: isOutcome,
            sentence: Bilingual(
                ko: "\(ko): 성공 기업에서 오즈가 \(value)배(95% 신뢰구간 \(low)–\(high)). 상관이며 원인이나 예측이 아닙니다.",
                en: "\(en): the odds are \(value) times as high among successes (95% interval \(low) to \(high)). "
                    + "A correlation, neither a cause nor a prediction."))
    }

    private static var trlIncrease: Regression {
        Regression(
            key: "trlIncrease", name: Bilingual(ko: "도입기술의 TRL 증가", en: "rise of the technology's TRL"),
            coefficients: [
                CoefficientAudit(
                    "(상수)", "constant", b: 1.341, standardError: 0.231, t: 5.809, decimals: 3, line: 637),
                CoefficientAudit(
                    "컨설팅·서비스 지원", "consulting or services", b: 0.707, standardError: 0.243, t: 2.905, decimals: 3,
                    line: 638),
            ],
            fit: FitAudit(
                f: 8.442, p: 0.004, rSquared: 0.020, adjusted: 0.018, cases: 416, predictors: 1, line: 640),
            isConsistent: true,
            verdict: Bilingual(
                ko: "표의 수치가 서로 맞습니다. 설명력은 2%(R² .020)뿐입니다.",
                en: "The table is consistent with itself. It explains 2% of the variation only (R² .020)."))
    }

    private static var fee: Regression {
        Regression(
            key: "technologyFee", name: Bilingual(ko: "기술료(원)", en: "technology fee (won)"),
            coefficients: [
                CoefficientAudit(
                    "(상수)", "constant", b: 51_462_649.047, standardError: 10_782_348.678, t: 4.773, decimals: 3,
                    line: 627),
                CoefficientAudit(
                    "컨설팅·서비스 지원", "consulting or services", b: 71_252_155.295, standardError: 10_972_370.463,
                    t: 3.848, decimals: 3, line: 628),
                CoefficientAudit(
                    "기술사업화 추진경험", "earlier commercialisation", b: 10_174_492.994, standardError: 14_920_189.463,
                    t: 2.682, decimals: 3, line: 629),
                CoefficientAudit(
                    "연구개발 인력 수", "R&D staff", b: 93_444.336, standardError: 32_812.399, t: 1.848, decimals: 3,
                    line: 630),
            ],
            fit: FitAudit(
                f: 4.300, p: 0.014, rSquared: 0.026, adjusted: 0.020, cases: 416, predictors: 3, line: 632),
            isConsistent: false,
            verdict: Bilingual(
                ko: "인쇄된 t 값이 B/SE와 다르고 F와 R²도 416건·변수 3개의 모형과 맞지 않습니다. 계수를 쓰지 마세요.",
                en: "The printed t values are not B/SE, and F and R² do not belong to 416 cases and 3 predictors. "
                    + "Do not use the coefficients."))
    }

    private static let limits = [
        note(
            "notAPrediction", "어떤 한 건의 성패를 예측하는 데 쓸 수 없습니다.", "It says nothing about the success of any one case.", []),
        note(
            "correlation", "조사에서 관찰한 상관이며, 투자나 지원이 성공의 원인이라는 증거가 아닙니다.",
            "These are correlations seen in a survey, no evidence that money or support causes success.", [662, 665]),
        note(
            "survivorship", "추적조사에 응답한 기업만 있어 사라진 기업이 빠졌을 수 있습니다. 416건 가운데 성패가 나온 것은 321건입니다.",
            "Only firms that answered the follow-up are in it, so those that vanished may be missing. Of 416 cases 321 have an outcome.",
            [561, 663, 664]),
        note(
            "explainedVariation", "회귀모형의 설명력은 약 2%입니다(R² .020, .026).",
            "The regressions explain about 2% of the variation (R² .020 and .026).", [632, 640]),
        note(
            "outcome", "특허 성과는 사업화의 결과이기도 하므로 사전 판단에 쓸 수 없습니다.",
            "Patents are themselves a result of the work, so they cannot be used beforehand.", [672, 674]),
        note(
            "noCounterpart", "성공 기업의 69.1%가 연구자의 소개·공동 R&D로 기술을 도입했으나 실패 기업의 비율은 없어 비교할 수 없습니다.",
            "69.1% of successes had the technology through researchers or joint R&D; the share of failures is not printed, "
                + "so nothing can be compared.", [682]),
        note(
            "groupMeans", "TRL 표의 집단 평균(1.34, 2.05)을 표본 수로 가중하면 1.45로, 전체 평균 1.96과 다릅니다.",
            "The group means of the TRL table (1.34 and 2.05) weigh to 1.45, not to the overall mean 1.96.",
            [590, 611, 612]),
        note(
            "repeatedText", "외부·내부 실패 요인의 본문이 같은 글입니다. 시장 변화와 수요 부적합만 근거로 볼 수 있습니다.",
            "The slides on external and internal reasons of failure carry the same text; only market change and poor fit "
                + "with demand are supported.", [693, 703]),
    ]

    private static func note(_ key: String, _ ko: String, _ en: String, _ lines: [Int]) -> Note {
        Note(key: key, text: Bilingual(ko: ko, en: en), lines: lines)
    }
}

extension Double {
    fileprivate var twoDecimals: String {
        let hundredths = Int((self * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
