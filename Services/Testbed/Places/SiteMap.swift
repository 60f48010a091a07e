import JSON
import ServiceKit
import Storage
import Vocabulary

/// The map of demonstration resources (B1, P:807) as GeoJSON (RFC 7946): WGS84, longitude before latitude.
enum SiteMap {
    struct Ask: Codable, Sendable, Constrained {
        /// `[west, south, east, north]`. West above east crosses the antimeridian (RFC 7946, 5.2).
        let bbox: [Double]?
        /// Only sites that have such resources, and only those counted.
        let kinds: [ResourceSort]?
        /// The moment the free units are counted for; default now.
        let at: Instant?
        /// At most this many features, default 1000.
        let limit: Int?

        static let constraints: [String: Schema.Constraint] = [
            "bbox": .count(4...4), "kinds": .count(1...4), "limit": .range(1...2_000),
        ]
    }

    /// A GeoJSON FeatureCollection; what follows `features` are foreign members (RFC 7946, 6.1).
    struct FeatureCollection: Codable, Sendable {
        var type = "FeatureCollection"
        let features: [Feature]
        let at: Instant
        /// How many sites are in the box, also when there are more than `features` shows.
        let matching: Int
        let isComplete: Bool
        /// Sites of which nobody has said where they are. At most 200; `unlocatedCount` is all of them.
        let unlocated: [Properties]
        let unlocatedCount: Int
    }

    struct Feature: Codable, Sendable {
        var type = "Feature"
        let id: SiteID
        let geometry: Geometry
        let properties: Properties
    }

    struct Geometry: Codable, Sendable {
        var type = "Point"
        /// Longitude, latitude.
        let coordinates: [Double]
    }

    struct Properties: Codable, Sendable {
        let id: SiteID
        let name: Bilingual
        let kind: SiteKind
        let zone: String?
        let operatorName: Bilingual?
        let synthetic: Bool
        /// Resources that are not retired, by kind.
        let resources: [String: Int]
        let resourceCount: Int
        let units: Int
        /// Units that are active, open, not closed and not taken at `at`.
        let freeUnits: Int
    }

    static let unlocatedLimit = 200
    static let defaultLimit = 1_000
    /// So many identifiers go into one statement.
    private static let chunk = 200

    static let methods: [Method] = [
        .query(
            "testbed.map", Bilingual(ko: "실증 자원 지도(GeoJSON)", en: "The map of demonstration resources (GeoJSON)"),
            role: .viewer, map)
    ]

    private static func map(_ p: Ask, _ r: Read) throws -> FeatureCollection {
        let errors = p.bbox.map(boxErrors) ?? []
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        let at = p.at ?? r.now
        let limit = p.limit ?? defaultLimit
        var located = Filter()
        located.add("s.latitude IS NOT NULL")
        located.add(box: p.bbox)
        located.add(kinds: p.kinds)
        var lost = Filter()
        lost.add("s.latitude IS NULL")
        lost.add(kinds: p.kinds)
        let sites = try located.sites(limit, in: r.db)
        let unlocated = try lost.sites(unlocatedLimit, in: r.db)
        let tallies = try tallies(of: sites + unlocated, kinds: p.kinds, at: at, r)
        func properties(_ site: Site) -> Properties {
            let tally = tallies[site.id] ?? Tally()
            return Properties(
                id: site.id, name: site.name, kind: site.kind, zone: site.zone, operatorName: site.operatorName,
                synthetic: site.synthetic, resources: tally.kinds, resourceCount: tally.count, units: tally.units,
                freeUnits: tally.free)
        }
        let features = sites.compactMap { site in
            site.location.map { point in
                Feature(
                    id: site.id, geometry: Geometry(coordinates: [point.longitude, point.latitude]),
                    properties: properties(site))
            }
        }
        let matching = try located.count(in: r.db)
        return FeatureCollection(
            features: features, at: at, matching: matching, isComplete: matching == features.count,
            unlocated: unlocated.map(properties), unlocatedCount: try lost.count(in: r.db))
    }

    /// West, south, east, north; every wrong one at once.
    static func boxErrors(_ box: [Double]) -> [FieldError] {
        let names = [("west", 180.0), ("south", 90.0), ("east", 180.0), ("north", 90.0)]
        var errors: [FieldError] = []
        for (index, (name, most)) in names.enumerated() where !(-most...most).contains(box[index]) {
            errors.append(
                FieldError(
                    "/bbox/\(index)", .number(box[index]),
                    Bilingual(
                        ko: "\(name)은(는) -\(Int(most))~\(Int(most))도입니다. 순서는 서·남·동·북(경도 먼저)입니다.",
                        en: "\(name) is -\(Int(most)) to \(Int(most)) degrees; the order is west, south, east, north."))
            )
        }
        if errors.isEmpty && box[1] > box[3] {
            errors.append(
                FieldError(
                    "/bbox/3", .number(box[3]),
                    Bilingual(ko: "북쪽이 남쪽보다 작습니다.", en: "North must not be south of south.")))
        }
        return errors
    }

    /// Conditions on sites, for the rows and for their count alike.
    private struct Filter {
        private var conditions: [String] = []
        private var arguments: [(any SQLValue)?] = []

        mutating func add(_ condition: String, _ values: [any SQLValue] = []) {
            conditions.append(condition)
            arguments += values.map { Optional($0) }
        }

        mutating func add(box: [Double]?) {
            guard let box, box.count == 4 else { return }
            add("s.latitude BETWEEN ? AND ?", [box[1], box[3]])
            let crosses = box[0] > box[2]
            add("(s.longitude >= ? \(crosses ? "OR" : "AND") s.longitude <= ?)", [box[0], box[2]])
        }

        mutating func add(kinds: [ResourceSort]?) {
            guard let kinds else { return }
            add(
                """
                EXISTS (SELECT 1 FROM resources r WHERE r.site_id = s.id AND r.state <> 'retired'
                    AND r.kind IN (\(placeholders(kinds.count))))
                """, kinds)
        }

        private var condition: String { conditions.joined(separator: " AND ") }

        func sites(_ limit: Int, in db: Connection) throws -> [Site] {
            try db.rows("SELECT s.* FROM sites s WHERE \(condition) ORDER BY s.id LIMIT ?", arguments + [limit])
                .map { try Site($0) }
        }

        func count(in db: Connection) throws -> Int {
            try db.row("SELECT COUNT(*) AS n FROM sites s WHERE \(condition)", arguments)?.get("n") ?? 0
        }
    }

    private struct Tally {
        var kinds: [String: Int] = [:]
        var count = 0
        var units = 0
        var free = 0
    }

    private static func tallies(
        of sites: [Site], kinds: [ResourceSort]?, at: Instant, _ r: Read
    ) throws -> [SiteID: Tally] {
        var tallies: [SiteID: Tally] = [:]
        let moment = at..<at.adding(milliseconds: 1)
        for start in stride(from: 0, to: sites.count, by: chunk) {
            let ids: [any SQLValue] = sites[start..<min(start + chunk, sites.count)].map(\.id)
            let marks = placeholders(ids.count)
            let kindMarks = kinds.map { " AND kind IN (\(placeholders($0.count)))" } ?? ""
            let rows = try r.db.rows(
                "SELECT * FROM resources WHERE site_id IN (\(marks)) AND state <> 'retired'\(kindMarks)",
                ids + (kinds ?? []).map { $0 as any SQLValue })
            let taken = try taken(sites: ids, marks, at: at, r)
            let closed = try closed(sites: ids, marks, at: at, in: r.db)
            for row in rows {
                let resource = try Resource(row)
                let isOpen =
                    resource.state == .active && !closed.contains(resource.id.description)
                    && !closed.contains(resource.siteId.description)
                    && OpeningHours.spans(resource.openingHours, within: moment).contains(at)
                var tally = tallies[resource.siteId] ?? Tally()
                tally.kinds[resource.kind.rawValue, default: 0] += 1
                tally.count += 1
                tally.units += resource.capacity
                if isOpen { tally.free += max(0, resource.capacity - (taken[resource.id] ?? 0)) }
                tallies[resource.siteId] = tally
            }
        }
        return tallies
    }

    private static func taken(
        sites: [any SQLValue], _ marks: String, at: Instant, _ r: Read
    ) throws -> [ResourceID: Int] {
        let rows = try r.db.rows(
            """
            SELECT v.resource_id AS id, SUM(v.units) AS units FROM resources r
            JOIN reservations v ON v.resource_id = r.id
            WHERE r.site_id IN (\(marks)) AND v.start_at <= ? AND v.start_at > ? - r.longest_ms AND v.busy_until > ?
                AND \(Reservations.live(of: "v"))
            GROUP BY v.resource_id
            """, sites + [at, at, at, r.now])
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.get("id"), try $0.get("units")) })
    }

    /// Sites and resources that are closed, by their identifiers.
    private static func closed(
        sites: [any SQLValue], _ marks: String, at: Instant, in db: Connection
    ) throws -> Set<String> {
        let rows = try db.rows(
            """
            SELECT site_id AS id FROM closures
            WHERE site_id IN (\(marks)) AND end_at > ? AND start_at <= ? AND lifted_at IS NULL
            UNION
            SELECT c.resource_id AS id FROM closures c JOIN resources r ON r.id = c.resource_id
            WHERE r.site_id IN (\(marks)) AND c.end_at > ? AND c.start_at <= ? AND c.lifted_at IS NULL
            """, sites + [at, at] + sites + [at, at])
        return Set(try rows.map { try $0.get("id") })
    }
}
