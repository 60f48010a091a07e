import JSON
import ServiceKit
import Storage
import Vocabulary

enum DemonstrationIDKind: IDKind { static let prefix = "dmo" }
enum MeasurementIDKind: IDKind { static let prefix = "mea" }
typealias DemonstrationID = ID<DemonstrationIDKind>
typealias MeasurementID = ID<MeasurementIDKind>

/// How something is shown to work: 프로젝트형, 실증거점단지형, 광역지구형 (B4, P:798).
enum DemonstrationType: String, Codable, CaseIterable, Sendable, SQLValue {
    case project, baseComplex, wideArea
}

/// From the idea to the result (B11, P:1471).
enum DemonstrationState: String, Codable, CaseIterable, Sendable, SQLValue {
    case created, planned, running, finished, cancelled

    enum Action: String, Sendable, CaseIterable { case plan, start, record, finish, cancel }

    /// The state after an action, nil when it does not fit.
    func after(_ action: Action) -> DemonstrationState? {
        switch (self, action) {
        case (.created, .plan), (.planned, .plan): .planned
        case (.planned, .start): .running
        case (.running, .record): .running
        case (.running, .finish): .finished
        case (.created, .cancel), (.planned, .cancel), (.running, .cancel): .cancelled
        default: nil
        }
    }
}

/// What must be reached, agreed before the start.
struct Criterion: Codable, Sendable, Hashable, Constrained {
    let name: String
    let unit: String
    /// At least one of the two bounds; both are inclusive.
    let atLeast: Double?
    let atMost: Double?

    static let constraints: [String: Schema.Constraint] = ["name": .length(1...100), "unit": .length(1...30)]
}

/// One measured value and the use it comes from.
struct Measurement: Codable, Sendable, Hashable {
    let id: MeasurementID
    let name: String
    let value: Double
    let unit: String
    let method: String
    let reservationId: ReservationID
    let measuredAt: Instant
    let recordedAt: Instant
    let note: String?
}

/// What one criterion came to; every verdict names the measurement and the use that show it.
struct Verdict: Codable, Sendable, Hashable {
    enum Word: String, Codable, CaseIterable, Sendable, SQLValue { case met, notMet, notMeasured }

    let criterion: Criterion
    let verdict: Word
    let measurementId: MeasurementID?
    let value: Double?
    let reservationId: ReservationID?
}

/// The result of a finished demonstration.
struct DemonstrationResult: Codable, Sendable, Hashable {
    /// `met`: every criterion is; `notMet`: at least one is not; `undetermined`: none failed, something was not measured.
    enum Outcome: String, Codable, CaseIterable, Sendable, SQLValue { case met, notMet, undetermined }

    static let rule = Bilingual(
        ko: "기준마다 가장 늦게 측정한 값으로 판정한다. 상·하한은 그 값을 포함한다.",
        en: "Each criterion is decided by its latest measurement. Bounds include their value.")

    let outcome: Outcome
    let rule: Bilingual
    let verdicts: [Verdict]
}

extension Verdict {
    /// Judges a criterion by the latest of its measurements.
    init(_ criterion: Criterion, _ measurements: [Measurement]) {
        let latest = measurements.filter { $0.name == criterion.name }
            .max { ($0.measuredAt, $0.id) < ($1.measuredAt, $1.id) }
        guard let latest else {
            self.init(
                criterion: criterion, verdict: .notMeasured, measurementId: nil, value: nil, reservationId: nil)
            return
        }
        let met =
            criterion.atLeast.map { latest.value >= $0 } ?? true && criterion.atMost.map { latest.value <= $0 } ?? true
        self.init(
            criterion: criterion, verdict: met ? .met : .notMet, measurementId: latest.id, value: latest.value,
            reservationId: latest.reservationId)
    }
}

extension DemonstrationResult {
    init(_ criteria: [Criterion], _ measurements: [Measurement]) {
        let verdicts = criteria.map { Verdict($0, measurements) }
        self.init(verdicts)
    }

    init(_ verdicts: [Verdict]) {
        let words = Set(verdicts.map(\.verdict))
        let outcome: Outcome = words.contains(.notMet) ? .notMet : words == [.met] ? .met : .undetermined
        self.init(outcome: outcome, rule: DemonstrationResult.rule, verdicts: verdicts)
    }
}

/// A demonstration project.
struct Demonstration: Codable, Sendable, Hashable {
    struct Step: Codable, Sendable, Hashable {
        let state: DemonstrationState
        let at: Instant
        let principal: String
        let note: String?
    }

    let id: DemonstrationID
    let title: Bilingual
    let type: DemonstrationType
    let summary: String?
    let organisationId: OrganisationID?
    let demandId: DemandID?
    let technologyId: TechnologyID?
    let permitId: PermitID?
    let state: DemonstrationState
    let outcome: DemonstrationResult.Outcome?
    let createdAt: Instant
    let updatedAt: Instant
    // Not in lists:
    var resourceIds: [ResourceID]?
    var reservationIds: [ReservationID]?
    var criteria: [Criterion]?
    var measurementCount: Int?
    /// The latest 50; `testbed.demonstrations.measurements` lists all.
    var measurements: [Measurement]?
    var result: DemonstrationResult?
    /// The latest 50 steps, oldest first.
    var history: [Step]?

    static let shown = 50
}
