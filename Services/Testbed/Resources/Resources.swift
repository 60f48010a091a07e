import JSON
import ServiceKit
import Storage
import Vocabulary

/// The register of resources: equipment, space, data and virtual testbeds (B2, B6, B9, B14-B16, B19-B21).
enum Resources {
    struct Register: Codable, Sendable, Constrained {
        let siteId: SiteID
        let kind: ResourceSort
        let name: Bilingual
        let description: String?
        /// Default 1.
        let capacity: Int?
        /// Default `["direct"]`; the first is what a reservation gets that does not say.
        let access: [Access]?
        let openingHours: [OpeningRule]?
        let feePerHour: Won?
        let minLengthSeconds: Int?
        let maxLengthSeconds: Int?
        let bufferSeconds: Int?
        let horizonSeconds: Int?
        let noShowAfterSeconds: Int?
        let requiresPermit: Bool?
        let state: ResourceState?
        let equipment: Equipment?
        let space: Space?
        let source: String?
        let synthetic: Bool?

        static let constraints = Resources.rules
    }

    /// What is left out stays as it is; `clear` names what becomes unknown.
    struct Update: Codable, Sendable, Constrained {
        enum Clearable: String, Codable, CaseIterable, Sendable {
            case description, openingHours, feePerHour, noShowAfterSeconds, equipment, space, source
        }
        let id: ResourceID
        let siteId: SiteID?
        let name: Bilingual?
        let description: String?
        let capacity: Int?
        let access: [Access]?
        let openingHours: [OpeningRule]?
        let feePerHour: Won?
        let minLengthSeconds: Int?
        let maxLengthSeconds: Int?
        let bufferSeconds: Int?
        let horizonSeconds: Int?
        let noShowAfterSeconds: Int?
        let requiresPermit: Bool?
        let state: ResourceState?
        let equipment: Equipment?
        let space: Space?
        let source: String?
        let synthetic: Bool?
        let clear: [Clearable]?

        static let constraints = Resources.rules.merging(["clear": .count(1...7)]) { first, _ in first }
    }

    struct List: Codable, Sendable, Constrained {
        let siteId: SiteID?
        let kind: ResourceSort?
        let state: ResourceState?
        let limit: Int?
        let after: ResourceID?

        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...200)]
    }

    private static let rules: [String: Schema.Constraint] = [
        "description": .length(1...5_000), "capacity": .range(1...1_000_000), "access": .count(1...2),
        "openingHours": .count(0...50), "feePerHour": .range(0...1_000_000_000_000),
        "minLengthSeconds": .range(1...366 * 86_400), "maxLengthSeconds": .range(1...366 * 86_400),
        "bufferSeconds": .range(0...7 * 86_400), "horizonSeconds": .range(60...5 * 366 * 86_400),
        "noShowAfterSeconds": .range(60...30 * 86_400), "source": .length(1...200),
    ]

    static let methods: [Method] = [
        .command(
            "testbed.resources.register",
            Bilingual(ko: "장비·공간·데이터를 등록한다", en: "Registers equipment, space, data or a virtual testbed"),
            role: .member, register),
        .command(
            "testbed.resources.update", Bilingual(ko: "자원 정보를 고친다", en: "Changes a resource"), role: .member,
            update),
        .query("testbed.resources.get", Bilingual(ko: "자원을 조회한다", en: "Reads a resource"), role: .viewer) {
            (p: ByID<ResourceKind>, r: Read) throws -> Resource in try find(p.id, in: r.db)
        },
        .query("testbed.resources.list", Bilingual(ko: "자원 목록", en: "Lists resources"), role: .viewer) {
            (p: List, r: Read) throws -> Page<Resource> in
            var listing = Listing("SELECT * FROM resources")
            listing.add("site_id = ?", p.siteId)
            listing.add("kind = ?", p.kind)
            listing.add("state = ?", p.state)
            return try listing.page(in: r.db, after: p.after, limit: p.limit, cursor: \.id.description) {
                try Resource($0)
            }
        },
    ]

    private static func register(_ p: Register, _ w: Write) throws -> Resource {
        let resource = Resource(
            id: ResourceID.new(at: w.now), siteId: p.siteId, kind: p.kind, name: p.name, description: p.description,
            capacity: p.capacity ?? 1, access: p.access ?? [.direct], openingHours: p.openingHours,
            timeZone: Resource.timeZone, feePerHour: p.feePerHour, minLengthSeconds: p.minLengthSeconds ?? 60,
            maxLengthSeconds: p.maxLengthSeconds ?? Resource.defaultMaxLengthSeconds,
            bufferSeconds: p.bufferSeconds ?? 0, horizonSeconds: p.horizonSeconds ?? Resource.defaultHorizonSeconds,
            noShowAfterSeconds: p.noShowAfterSeconds, requiresPermit: p.requiresPermit ?? false,
            state: p.state ?? .active, equipment: p.equipment, space: p.space, source: p.source,
            synthetic: p.synthetic ?? false, createdAt: w.now, updatedAt: w.now)
        try check(resource, in: w.db)
        let columns = try resource.columns()
        try w.db.run(
            """
            INSERT INTO resources (id, version, longest_ms, created_at, \(columns.map(\.name).joined(separator: ", ")))
            VALUES (?, 0, 0, ?, \(placeholders(columns.count)))
            """, [resource.id, resource.createdAt] + columns.map(\.value))
        try ResourceSearch.index(resource, in: w.db)
        try w.emit("testbed.resource.registered", subject: resource.id.description, resource)
        w.audit(subject: resource.id.description)
        return resource
    }

    private static func update(_ p: Update, _ w: Write) throws -> Resource {
        let old = try lock(p.id, in: w.db)
        let clear = Set(p.clear ?? [])
        func value<T>(_ new: T?, _ old: T?, _ field: Update.Clearable) -> T? {
            clear.contains(field) ? nil : new ?? old
        }
        let resource = Resource(
            id: old.id, siteId: p.siteId ?? old.siteId, kind: old.kind, name: p.name ?? old.name,
            description: value(p.description, old.description, .description), capacity: p.capacity ?? old.capacity,
            access: p.access ?? old.access, openingHours: value(p.openingHours, old.openingHours, .openingHours),
            timeZone: old.timeZone, feePerHour: value(p.feePerHour, old.feePerHour, .feePerHour),
            minLengthSeconds: p.minLengthSeconds ?? old.minLengthSeconds,
            maxLengthSeconds: p.maxLengthSeconds ?? old.maxLengthSeconds,
            bufferSeconds: p.bufferSeconds ?? old.bufferSeconds, horizonSeconds: p.horizonSeconds ?? old.horizonSeconds,
            noShowAfterSeconds: value(p.noShowAfterSeconds, old.noShowAfterSeconds, .noShowAfterSeconds),
            requiresPermit: p.requiresPermit ?? old.requiresPermit, state: p.state ?? old.state,
            equipment: value(p.equipment, old.equipment, .equipment), space: value(p.space, old.space, .space),
            source: value(p.source, old.source, .source), synthetic: p.synthetic ?? old.synthetic,
            createdAt: old.createdAt, updatedAt: w.now)
        try check(resource, in: w.db)
        if resource.capacity < old.capacity { try checkCapacity(resource, w) }
        let columns = try resource.columns()
        try w.db.run(
            "UPDATE resources SET \(columns.map { "\($0.name) = ?" }.joined(separator: ", ")) WHERE id = ?",
            columns.map(\.value) + [resource.id])
        try ResourceSearch.index(resource, in: w.db)
        try w.emit("testbed.resource.updated", subject: resource.id.description, resource)
        w.audit(subject: resource.id.description)
        return resource
    }

    /// Everything that one field alone does not tell, all at once.
    private static func check(_ resource: Resource, in db: Connection) throws {
        var errors = Names.errors(resource.name, "/name")
        if resource.minLengthSeconds > resource.maxLengthSeconds {
            errors.append(
                FieldError(
                    "/minLengthSeconds", .integer(Int64(resource.minLengthSeconds)),
                    Bilingual(
                        ko: "maxLengthSeconds(\(resource.maxLengthSeconds))보다 클 수 없습니다.",
                        en: "Must not be above maxLengthSeconds (\(resource.maxLengthSeconds)).")))
        }
        if Set(resource.access).count != resource.access.count {
            errors.append(
                FieldError(
                    "/access", try JSON.encode(resource.access),
                    Bilingual(ko: "같은 값을 두 번 쓸 수 없습니다.", en: "Must not name the same value twice.")))
        }
        if resource.equipment != nil && resource.kind != .equipment {
            errors.append(
                FieldError(
                    "/equipment", nil,
                    Bilingual(ko: "kind가 equipment일 때만 쓸 수 있습니다.", en: "Only for a resource of kind equipment.")))
        }
        if let number = resource.equipment?.nfecNumber {
            let other = try db.row(
                "SELECT id FROM resources WHERE nfec_number = ? AND id <> ?", number.description, resource.id)
            if let other {
                let id: String = try other.get("id")
                errors.append(
                    FieldError(
                        "/equipment/nfecNumber", .string(number.description),
                        Bilingual(ko: "이미 \(id)에 등록된 번호입니다.", en: "Already registered as \(id).")))
            }
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        _ = try Sites.find(resource.siteId, in: db)
    }

    /// A smaller capacity must still hold what is reserved already.
    private static func checkCapacity(_ resource: Resource, _ w: Write) throws {
        let future = w.now..<Instant.latest
        let taken = try Reservations.occupancy(of: resource.id, future, now: w.now, in: w.db)
        guard let step = taken.steps.first(where: { $0.units > resource.capacity }) else { return }
        throw Fault.failedPrecondition(
            rule: "resource.capacityInUse",
            Bilingual(
                ko: "\(step.range.lowerBound)에 이미 \(step.units)단위가 예약되어 있습니다. 예약을 옮긴 뒤 줄이세요.",
                en: "\(step.units) units are reserved from \(step.range.lowerBound). Move reservations first."),
            data: [
                "start": .string(step.range.lowerBound.description), "end": .string(step.range.upperBound.description),
                "units": .integer(Int64(step.units)),
            ])
    }

    static func find(_ id: ResourceID, in db: Connection) throws -> Resource {
        guard let row = try db.row("SELECT * FROM resources WHERE id = ?", id) else {
            throw Fault.notFound(kind: "resource", id: id.description)
        }
        return try Resource(row)
    }

    /// Reads a resource so that no other transaction can book it until this one ends: the update takes the row's
    /// lock, on an engine with several writers too.
    static func lock(_ id: ResourceID, in db: Connection) throws -> Resource {
        let changed = try db.run("UPDATE resources SET version = version + 1 WHERE id = ?", id)
        guard changed == 1 else { throw Fault.notFound(kind: "resource", id: id.description) }
        return try find(id, in: db)
    }
}
