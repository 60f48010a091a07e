import JSON
import ServiceKit
import Storage
import Vocabulary

/// What an organisation declares of itself for matching, with where that can be checked. All of it may be left out;
/// what is declared is shown beside the scores it bears on.
struct Standing: Codable, Sendable {
    let organisationId: OrganisationID
    /// The innovation cluster, complex or zone it works in, such as 대덕특구; compared without case and spaces.
    let cluster: String?
    /// How many agreed deals its people can follow up at once.
    let capacity: Int?
    /// Own money of 100 million won or more for taking technology up.
    let ownInvestment: Bool?
    let governmentSupport: Bool?
    let source: String
    let declaredBy: String
    let declaredAt: Instant

    var firm: FirmFacts { FirmFacts(ownInvestment: ownInvestment, governmentSupport: governmentSupport) }
}

extension Standing {
    init(_ row: Row) throws {
        organisationId = try row.get("organisation_id")
        cluster = try row.getIfPresent("cluster")
        capacity = try row.getIfPresent("capacity")
        ownInvestment = try row.getIfPresent("own_investment")
        governmentSupport = try row.getIfPresent("government_support")
        source = try row.get("source")
        declaredBy = try row.get("principal")
        declaredAt = try row.get("at")
    }
}

/// `matching.standings.*`: capacity, cluster and means, as declared.
enum Standings {
    /// What is not given is not declared any more.
    struct Declare: Codable, Sendable, Constrained {
        let organisationId: OrganisationID
        let cluster: String?
        let capacity: Int?
        let ownInvestment: Bool?
        let governmentSupport: Bool?
        /// Where it can be checked, such as a report or a register.
        let source: String
        static let constraints: [String: Schema.Constraint] = [
            "cluster": .length(1...100), "capacity": .range(0...10_000), "source": .length(1...500),
        ]
    }

    struct DeclareTechnology: Codable, Sendable, Constrained {
        let technologyId: TechnologyID
        /// Absent: the organisation's capacity holds again.
        let capacity: Int?
        let source: String
        static let constraints: [String: Schema.Constraint] = [
            "capacity": .range(0...10_000), "source": .length(1...500),
        ]
    }

    struct TechnologyCapacity: Codable, Sendable {
        let technologyId: TechnologyID
        let capacity: Int?
        /// Agreed deals that have not been committed yet.
        let load: Int
        let source: String
        let declaredBy: String
        let declaredAt: Instant
    }

    struct Get: Codable, Sendable {
        let organisationId: OrganisationID
    }

    struct Answer: Codable, Sendable {
        /// Absent when nothing was ever declared.
        let standing: Standing?
        /// Its agreed deals on the supply side that have not been committed yet.
        let load: Int
    }

    static func methods(_ experience: Experience) -> [Method] {
        [
            .command(
                "matching.standings.declare",
                Bilingual(
                    ko: "기관의 수행 여력·클러스터·자체 투자 등을 근거와 함께 밝힌다",
                    en: "Declares an organisation's capacity, cluster and means, with a source"),
                role: .member, idempotent: true
            ) { (p: Declare, w: Write) throws -> Standing in try declare(p, w) },
            .command(
                "matching.standings.declareTechnology",
                Bilingual(
                    ko: "한 기술의 연구진이 동시에 맡을 수 있는 거래 수를 밝힌다",
                    en: "Declares how many agreed deals the people of one technology can follow up at once"),
                role: .member, idempotent: true
            ) { (p: DeclareTechnology, w: Write) throws -> TechnologyCapacity in try declare(p, experience, w) },
            .query(
                "matching.standings.get",
                Bilingual(ko: "기관이 밝힌 여력과 현재 부담을 조회한다", en: "Reads what an organisation declared, and its load"),
                role: .viewer
            ) { (p: Get, r: Read) throws -> Answer in
                let organisation = try Organisations.find(p.organisationId, r.db).id
                let state = try experience.current(r.db)
                return Answer(standing: state.standings[organisation], load: state.loads[organisation] ?? 0)
            },
        ]
    }

    private static func declare(_ p: Declare, _ w: Write) throws -> Standing {
        let organisation = try Organisations.find(p.organisationId, w.db).id
        try Representation.require(organisation, w.db, w.call)
        try w.db.run(
            """
            INSERT INTO organisation_standing (organisation_id, cluster, capacity, own_investment, government_support,
                source, principal, at, changed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (organisation_id) DO UPDATE SET cluster = excluded.cluster, capacity = excluded.capacity,
                own_investment = excluded.own_investment, government_support = excluded.government_support,
                source = excluded.source, principal = excluded.principal, at = excluded.at, changed = excluded.changed
            """,
            organisation, p.cluster, p.capacity, p.ownInvestment, p.governmentSupport, p.source, w.call.principal,
            w.now, try RankingClock.next(w.db))
        let standing = Standing(
            organisationId: organisation, cluster: p.cluster, capacity: p.capacity, ownInvestment: p.ownInvestment,
            governmentSupport: p.governmentSupport, source: p.source, declaredBy: w.call.principal, declaredAt: w.now)
        w.audit(subject: organisation.description, reason: p.source)
        try w.emit("matching.standing.declared", subject: organisation.description, standing)
        return standing
    }

    private static func declare(_ p: DeclareTechnology, _ experience: Experience, _ w: Write) throws
        -> TechnologyCapacity
    {
        let technology = try Profile<TechnologyKind>.own(p.technologyId, w.read)
        try w.db.run(
            """
            INSERT INTO technology_capacity (technology_id, capacity, source, principal, at, changed)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (technology_id) DO UPDATE SET capacity = excluded.capacity, source = excluded.source,
                principal = excluded.principal, at = excluded.at, changed = excluded.changed
            """,
            technology.id, p.capacity, p.source, w.call.principal, w.now, try RankingClock.next(w.db))
        let state = try experience.current(w.db, isCommitted: false)
        let answer = TechnologyCapacity(
            technologyId: technology.id, capacity: p.capacity, load: state.technologyLoads[technology.id] ?? 0,
            source: p.source, declaredBy: w.call.principal, declaredAt: w.now)
        w.audit(subject: technology.id.description, reason: p.source)
        try w.emit("matching.technology.capacityDeclared", subject: technology.id.description, answer)
        return answer
    }
}
