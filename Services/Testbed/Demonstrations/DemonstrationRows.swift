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
        whole.criteria = criteria
        whole.measurementCount = try db.row(
            "SELECT COUNT(*) AS n FROM measurements WHERE demonstration_id = ?", id)?.get("n")
        whole.measurements = try db.rows(
            "SELECT * FROM measurements WHERE demonstration_id = ? ORDER BY id DESC LIMIT ?", id, shown
        ).reversed().map { try Measurement($0) }
        whole.history = try db.rows(
            "SELECT * FROM demonstration_history WHERE demonstration_id = ? ORDER BY position DESC LIMIT ?", id, shown
        ).reversed().map { try Step($0) }
        if whole.state == .finished { whole.result = try result(id, criteria, in: db) }
        return whole
    }

    /// The verdicts as they were given, not as a later program would give them.
    private static func result(
        _ id: DemonstrationID, _ criteria: [Criterion], in db: Connection
    ) throws -> DemonstrationResult {
        let rows = try db.rows(
            """
            SELECT v.name AS criterion, v.verdict, v.measurement_id, m.value, m.reservation_id
            FROM demonstration_verdicts v LEFT JOIN measurements m ON m.id = v.measurement_id
            WHERE v.demonstration_id = ?
            """, id)
        var given: [String: Row] = [:]
        for row in rows { given[try row.get("criterion")] = row }
        return DemonstrationResult(
            try criteria.map { criterion in
                guard let row = given[criterion.name] else { return Verdict(criterion, []) }
                return Verdict(
                    criterion: criterion, verdict: try row.get("verdict"),
                    measurementId: try row.getIfPresent("measurement_id"), value: try row.getIfPresent("value"),
                    reservationId: try row.getIfPresent("reservation_id"))
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
