import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.calibration.*`: when a score may be called a probability. Before 200 decided outcomes it may not, and
/// after them only if, on outcomes that were not fitted to, it tells more than the base rate does.
enum Calibrations {
    static let needed = 200
    /// Above this many, a step function may be fitted too; the better of the two is kept.
    static let neededForSteps = 1_000
    /// The latest so many outcomes are fitted to.
    static let mostCases = 10_000

    enum Method: String, Codable, CaseIterable, Sendable {
        case platt, isotonic
    }

    struct Calibration: Codable, Sendable {
        let version: Int
        /// The weights whose scores were fitted to. With other weights there is no probability.
        let weightsVersion: Int
        let method: Method
        let platt: PlattScaling
        let isotonic: IsotonicScaling?
        let report: CalibrationReport
        /// Better than the base rate, and surely rising with the score: probabilities are shown.
        let isInUse: Bool
        let fittedBy: String
        let fittedAt: Instant
    }

    /// Stands beside every list of scores.
    struct Standing: Codable, Sendable {
        let calibrated: Bool
        let outcomes: Int
        let needed: Int
        let version: Int?
    }

    /// The probability that a proposed pair like this one comes to the market, with its 95 % interval.
    struct Probability: Codable, Sendable, Hashable {
        let value: Double
        let low: Double
        let high: Double
    }

    struct State: Codable, Sendable {
        let standing: Standing
        /// The last fit, whether or not it is in use.
        let last: Calibration?
    }

    static func methods(_ experience: Experience) -> [ServiceKit.Method] {
        [
            .query(
                "matching.calibration.get",
                Bilingual(ko: "점수의 확률 보정 상태를 조회한다", en: "Reads whether scores are calibrated, and how well"),
                role: .viewer
            ) { (_: NoParameters, r: Read) throws -> State in
                State(standing: try Calibrator(r.db, try experience.current(r.db)).standing, last: try last(r.db))
            },
            .command(
                "matching.calibration.fit",
                Bilingual(
                    ko: "확정된 결과로 점수를 확률로 보정한다(결과 200건부터)",
                    en: "Fits scores to decided outcomes, of which 200 are needed"),
                role: .operator
            ) { (_: NoParameters, w: Write) throws -> Calibration in try fit(w) },
        ]
    }

    private static func fit(_ w: Write) throws -> Calibration {
        let (weights, weightsVersion) = try RankingWeights.current(w.db)
        let cases = try DealScores.decided(weights, w.db)
        guard cases.count >= needed, let platt = PlattScaling(cases) else {
            throw Fault.failedPrecondition(
                rule: "calibration.tooFewOutcomes",
                Bilingual(
                    ko: "점수가 남은 확정 결과가 \(cases.count)건입니다. 성공과 실패를 모두 포함해 \(needed)건이 모여야 보정할 수 있습니다.",
                    en:
                        "There are \(cases.count) decided outcomes with a kept score. \(needed) are needed, of both kinds."
                ),
                data: ["outcomes": .integer(Int64(cases.count)), "needed": .integer(Int64(needed))])
        }
        let plattReport = CalibrationReport(cases) { PlattScaling($0).map { fit in { fit.probability($0) } } }
        var (method, report, isotonic) = (Method.platt, plattReport, nil as IsotonicScaling?)
        if cases.count > neededForSteps, let steps = IsotonicScaling(cases) {
            let stepsReport = CalibrationReport(cases) { IsotonicScaling($0).map { fit in { fit.probability($0) } } }
            if stepsReport.logLoss < plattReport.logLoss {
                (method, report, isotonic) = (.isotonic, stepsReport, steps)
            }
        }
        let calibration = Calibration(
            version: (try last(w.db)?.version ?? 0) + 1, weightsVersion: weightsVersion, method: method, platt: platt,
            isotonic: isotonic, report: report, isInUse: report.isBetterThanBaseRate && platt.rises,
            fittedBy: w.call.principal, fittedAt: w.now)
        try w.db.run(
            "INSERT INTO score_calibration (version, body, principal, at) VALUES (?, ?, ?, ?)", calibration.version,
            try JSON.encode(calibration).text, w.call.principal, w.now)
        w.audit(subject: "calibration-\(calibration.version)")
        try w.emit("matching.calibration.fitted", subject: "calibration-\(calibration.version)", calibration)
        return calibration
    }

    static func last(_ db: Connection) throws -> Calibration? {
        try db.row("SELECT body FROM score_calibration ORDER BY version DESC LIMIT 1").map { row in
            try JSON(parsing: try row.get("body") as String).decode(Calibration.self)
        }
    }
}

/// Turns scores into probabilities where that is allowed.
struct Calibrator {
    let standing: Calibrations.Standing
    private let calibration: Calibrations.Calibration?

    /// - Parameter weightsVersion: of the scores; the present one when not given.
    init(_ db: Connection, _ experience: Experience.State, weightsVersion: Int? = nil) throws {
        let last = try Calibrations.last(db)
        let version = try weightsVersion ?? RankingWeights.current(db).version
        calibration = last.flatMap { $0.isInUse && $0.weightsVersion == version ? $0 : nil }
        standing = Calibrations.Standing(
            calibrated: calibration != nil, outcomes: experience.scoredOutcomes, needed: Calibrations.needed,
            version: calibration?.version)
    }

    func probability(_ logit: Double) -> Calibrations.Probability? {
        guard let calibration else { return nil }
        let (value, interval) =
            if let isotonic = calibration.isotonic { (isotonic.probability(logit), isotonic.interval(logit)) } else {
                (calibration.platt.probability(logit), calibration.platt.interval(logit))
            }
        return Calibrations.Probability(value: value, low: interval.low, high: interval.high)
    }
}
