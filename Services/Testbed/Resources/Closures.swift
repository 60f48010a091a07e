import JSON
import ServiceKit
import Storage
import Vocabulary

enum ClosureIDKind: IDKind { static let prefix = "clo" }
typealias ClosureID = ID<ClosureIDKind>

/// A time at which a resource, or everything at a site, cannot be booked although it would be open.
struct Closure: Codable, Sendable, Hashable {
    enum Kind: String, Codable, CaseIterable, Sendable, SQLValue { case maintenance, holiday, event, safety, other }

    let id: ClosureID
    let resourceId: ResourceID?
    let siteId: SiteID?
    let start: Instant
    let end: Instant
    let kind: Kind
    let reason: Bilingual
    let createdAt: Instant
    let liftedAt: Instant?
}

/// Closures of resources and sites.
enum Closures {
    struct Announce: Codable, Sendable {
        /// Exactly one of the two.
        let resourceId: ResourceID?
        let siteId: SiteID?
        let start: Instant
        let end: Instant
        let kind: Closure.Kind
        let reason: Bilingual
    }

    struct Announced: Codable, Sendable {
        let closure: Closure
        /// Held and posted reservations inside the closure. They stay as they are: whoever closes settles them.
        let affected: [ReservationID]
        /// How many there are, `affected` names at most 200.
        let affectedCount: Int
    }

    struct List: Codable, Sendable, Constrained {
        let resourceId: ResourceID?
        let siteId: SiteID?
        let limit: Int?
        let after: ClosureID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    static let affectedLimit = 200

    static let methods: [Method] = [
        .command(
            "testbed.closures.announce",
            Bilingual(ko: "자원이나 장소의 휴무·점검 기간을 알린다", en: "Closes a resource or a site for a time"),
            role: .member, announce),
        .command(
            "testbed.closures.lift", Bilingual(ko: "휴무·점검 기간을 거둔다", en: "Takes a closure back"), role: .member,
            lift),
        .query("testbed.closures.list", Bilingual(ko: "휴무·점검 기간 목록", en: "Lists closures"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Closure> in
            var listing = Listing("SELECT * FROM closures")
            listing.add("resource_id = ?", p.resourceId)
            listing.add("site_id = ?", p.siteId)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Closure($0)
            }
        },
    ]

    private static func announce(_ p: Announce, _ w: Write) throws -> Announced {
        var errors = Names.errors(p.reason, "/reason")
        if (p.resourceId == nil) == (p.siteId == nil) {
            errors.append(
                FieldError(
                    "", nil,
                    Bilingual(
                        ko: "resourceId와 siteId 중 하나만 있어야 합니다.", en: "Needs either resourceId or siteId, not both.")))
        }
        errors += Moments.orderErrors(p.start, p.end)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        let closure = Closure(
            id: ClosureID.new(at: w.now), resourceId: p.resourceId, siteId: p.siteId, start: p.start, end: p.end,
            kind: p.kind, reason: p.reason, createdAt: w.now, liftedAt: nil)
        // The lock keeps a booking that runs at the same time from missing this closure.
        if let id = p.resourceId { _ = try Resources.lock(id, in: w.db) }
        if let id = p.siteId {
            _ = try Sites.find(id, in: w.db)
            try w.db.run("UPDATE resources SET version = version + 1 WHERE site_id = ?", id)
        }
        try w.db.run(
            """
            INSERT INTO closures (id, resource_id, site_id, start_at, end_at, kind, reason_ko, reason_en, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            closure.id, closure.resourceId, closure.siteId, closure.start, closure.end, closure.kind,
            closure.reason.ko, closure.reason.en, closure.createdAt)
        let affected = try affected(by: closure, w)
        let result = Announced(
            closure: closure, affected: Array(affected.prefix(affectedLimit)), affectedCount: affected.count)
        try w.emit("testbed.closure.announced", subject: closure.id.description, result)
        w.audit(subject: closure.id.description)
        return result
    }

    private static func lift(_ p: ByID<ClosureIDKind>, _ w: Write) throws -> Closure {
        guard let row = try w.db.row("SELECT * FROM closures WHERE id = ?", p.id) else {
            throw Fault.notFound(kind: "closure", id: p.id.description)
        }
        guard try Closure(row).liftedAt == nil else { return try Closure(row) }
        try w.db.run("UPDATE closures SET lifted_at = ? WHERE id = ?", w.now, p.id)
        guard let lifted = try w.db.row("SELECT * FROM closures WHERE id = ?", p.id) else {
            throw Fault.notFound(kind: "closure", id: p.id.description)
        }
        let closure = try Closure(lifted)
        try w.emit("testbed.closure.lifted", subject: p.id.description, closure)
        w.audit(subject: p.id.description)
        return closure
    }

    private static func affected(by closure: Closure, _ w: Write) throws -> [ReservationID] {
        let place = closure.resourceId == nil ? "r.site_id" : "r.id"
        let rows = try w.db.rows(
            """
            SELECT v.id AS id FROM resources r JOIN reservations v ON v.resource_id = r.id
            WHERE \(place) = ? AND v.start_at < ? AND v.start_at > ? - r.longest_ms AND v.busy_until > ?
                AND v.end_at > ? AND \(Reservations.live(of: "v")) ORDER BY v.id
            """,
            closure.resourceId?.description ?? closure.siteId?.description, closure.end, closure.start, closure.start,
            closure.start, w.now)
        return try rows.map { try $0.get("id") }
    }

    /// The closures of a resource and of its site that touch `window`.
    static func of(_ resource: Resource, _ window: Range<Instant>, in db: Connection) throws -> [Closure] {
        try db.rows(
            """
            SELECT * FROM closures WHERE resource_id = ? AND end_at > ? AND start_at < ? AND lifted_at IS NULL
            UNION ALL
            SELECT * FROM closures WHERE site_id = ? AND end_at > ? AND start_at < ? AND lifted_at IS NULL
            """,
            resource.id, window.lowerBound, window.upperBound, resource.siteId, window.lowerBound, window.upperBound
        ).map { try Closure($0) }
    }
}

extension Closure {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), resourceId: try row.getIfPresent("resource_id"),
            siteId: try row.getIfPresent("site_id"), start: try row.get("start_at"), end: try row.get("end_at"),
            kind: try row.get("kind"), reason: Bilingual(ko: try row.get("reason_ko"), en: try row.get("reason_en")),
            createdAt: try row.get("created_at"), liftedAt: try row.getIfPresent("lifted_at"))
    }
}
