import JSON
import ServiceKit
import Storage
import Vocabulary

enum GapKind: IDKind { static let prefix = "gap" }
typealias GapID = ID<GapKind>

/// A demand with no supply, as a signal that others can refer to: one for each demand, with the demand's digits in its
/// identifier, whether it is open, closed or open again.
struct GapSignal: Codable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable, SQLValue {
        /// Not looked at yet.
        case unchecked
        /// Supplied.
        case met
        case open
        /// The demand is not published any more.
        case gone
    }

    let id: GapID
    let demandId: DemandID
    /// Of the demand, as fields, industries and region are; absent and empty while it is not public.
    let title: String?
    let organisationId: OrganisationID
    let fields: [ScienceField]
    let industries: [StrategicIndustry]
    let region: Region?
    /// `open`; of a closed one `met` or `gone`.
    let state: State
    let reason: GapReason?
    let reasonKo: String?
    let reasonEn: String?
    /// The best offer that may be had, whether or not it suffices.
    let bestTechnologyId: TechnologyID?
    let bestScore: Double?
    /// A demand is met when an offer reaches this score.
    let threshold: Double
    let weightsVersion: Int
    let checkedAt: Instant?
    let openedAt: Instant?
    let closedAt: Instant?
    /// How often it has been opened.
    let openedTimes: Int

    /// Of the row of `gap` joined with that of its demand.
    init(_ row: Row) throws {
        let demandID: DemandID = try row.get("demand_id")
        id = try row.get("id")
        demandId = demandID
        title = try row.getIfPresent("title")
        organisationId = try row.get("organisation_id")
        fields = Codes.list(try row.get("fields"))
        industries = Codes.list(try row.get("industries"))
        region = try row.getIfPresent("region")
        state = try row.get("state")
        let reason: GapReason? = try row.getIfPresent("reason")
        self.reason = reason
        reasonKo = reason?.name.ko
        reasonEn = reason?.name.en
        bestTechnologyId = try row.getIfPresent("best_technology_id")
        bestScore = try row.getIfPresent("best_score")
        threshold = GapWatch.threshold
        weightsVersion = try row.get("weights_version")
        checkedAt = try row.getIfPresent("checked_at")
        openedAt = try row.getIfPresent("opened_at")
        closedAt = try row.getIfPresent("closed_at")
        openedTimes = try row.get("opened_times")
    }

    static let select = """
        SELECT g.*, p.organisation_id, CASE WHEN \(isPublic) THEN p.title END AS title,
            CASE WHEN \(isPublic) THEN p.fields ELSE '' END AS fields,
            CASE WHEN \(isPublic) THEN p.industries ELSE '' END AS industries,
            CASE WHEN \(isPublic) THEN p.region END AS region
        FROM gap g JOIN profile p ON p.id = g.demand_id
        """

    /// A demand that a review took back may say anything by now, and everybody reads signals.
    private static let isPublic = Profile<DemandKind>.isPublic(in: "p")

    static func findIfPresent(_ demand: DemandID, _ db: Connection) throws -> GapSignal? {
        try db.row("\(select) WHERE g.demand_id = ?", demand).map(GapSignal.init)
    }

    static func identifier(of demand: DemandID) throws -> GapID {
        let digits = demand.description.dropFirst(DemandKind.prefix.count)
        guard let id = GapID(GapKind.prefix + digits) else {
            throw Fault.notFound(kind: "demand", id: demand.description)
        }
        return id
    }
}
