import JSON
import ServiceKit
import Storage
import Vocabulary

extension Demonstration {
    /// The row alone, as lists show it.
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), title: Bilingual(ko: try row.get("title_ko"), en: try row.get("title_en")),
            type: try row.get("type"), summary: try row.getIfPresent("summary"),
            organisationId: try row.getIfPresent("organisation_id"), demandId: try row.getIfPresent("demand_id"),
            technologyId: try row.getIfPresent("technology_id"), permitId: try row.getIfPresent("permit_id"),
            state: try row.get("state"), outcome: try row.getIfPresent("outcome"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }

    /// With everything that belongs to it.
    static func find(_ id: DemonstrationID, in db: Connection) throws -> Demonstration {
        guard let row = try db.row("SELECT * FROM demonstrations WHERE id = ?", id) else {
            throw Fault.notFound(kind: "demonstration", id: id.description)
        }
        var whole = try Demonstration(row)
        whole.resourceIds = try db.rows(
            "SELECT resource_id FROM demonstration_resources WHERE demonstration_id = ? ORDER BY resource_id", id
        ).map { try $0.get("resource_id") }
        whole.reservationIds = try db.rows(
            "SELECT reservation_id FROM demonstration_reservations WHERE demonstration_id = ? ORDER BY reservation_id",
            id
        ).map { try $0.get("reservation_id") }
        let criteria = try db.rows(
            "SELECT * FROM demonstration_criteria WHERE demonstration_id = ? ORDER BY position", id
        ).map { try Criterion($0) }
        let measurements = try db.rows("SELECT * FROM measurements WHERE demonstration_id = ? ORDER BY id", id)
            .map { try Measurement($0) }
        whole.criteria = criteria
        whole.measurements = measurements
        whole.history = try db.rows(
            "SELECT * FROM demonstration_history WHERE demonstration_id = ? ORDER BY position", id
        ).map { try Step($0) }
        if whole.state == .finished { whole.result = try result(id, criteria, measurements, in: db) }
        return whole
    }

    /// The verdicts as they were given, not as a later program would give them.
    private static func result(
        _ id: DemonstrationID, _ criteria: [Criterion], _ measurements: [Measurement], in db: Connection
    ) throws -> DemonstrationResult {
        let rows = try db.rows("SELECT * FROM demonstration_verdicts WHERE demonstration_id = ?", id)
        var given: [String: (word: Verdict.Word, measurement: MeasurementID?)] = [:]
        for row in rows {
            let name: String = try row.get("name")
            given[name] = (try row.get("verdict"), try row.getIfPresent("measurement_id"))
        }
        return DemonstrationResult(
            criteria.map { criterion in
                let verdict = given[criterion.name]
                let measurement = measurements.first { $0.id == verdict?.measurement }
                return Verdict(
                    criterion: criterion, verdict: verdict?.word ?? .notMeasured, measurementId: measurement?.id,
                    value: measurement?.value, reservationId: measurement?.reservationId)
            })
    }
}

extension Criterion {
    init(_ row: Row) throws {
        self.init(
            name: try row.get("name"), unit: try row.get("unit"), atLeast: try row.getIfPresent("at_least"),
            atMost: try row.getIfPresent("at_most"))
    }
}

extension Measurement {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), name: try row.get("name"), value: try row.get("value"), unit: try row.get("unit"),
            method: try row.get("method"), reservationId: try row.get("reservation_id"),
            measuredAt: try row.get("measured_at"), recordedAt: try row.get("recorded_at"),
            note: try row.getIfPresent("note"))
    }
}

extension Demonstration.Step {
    init(_ row: Row) throws {
        self.init(
            state: try row.get("state"), at: try row.get("at"), principal: try row.get("principal"),
            note: try row.getIfPresent("note"))
    }
}
