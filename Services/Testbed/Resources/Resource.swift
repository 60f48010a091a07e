import JSON
import ServiceKit
import Storage
import Vocabulary

/// What a resource is: a virtual one (B9) and a data set (B16, B20) are booked in the same calendar as a room.
enum ResourceSort: String, Codable, CaseIterable, Sendable, SQLValue {
    case equipment, space, data, virtual
}

/// How a resource may be used: 직접사용 (the visitor operates it) or 분석의뢰 (the operator does it on request).
enum Access: String, Codable, CaseIterable, Sendable, SQLValue {
    case direct, request
}

/// Only an active resource can be booked; a retired one stays for the record.
enum ResourceState: String, Codable, CaseIterable, Sendable, SQLValue {
    case active, maintenance, retired
}

/// A registration number of the national register of research equipment, `NFEC-2019-03-252687`.
struct NFECNumber: Hashable, Sendable, Decodable, TextCoded {
    static let title = Bilingual(ko: "NFEC 등록번호", en: "NFEC number")
    static let pattern = "^NFEC-[0-9]{4}-[0-9]{2}-[0-9]{4,8}$"
    static let sample = NFECNumber(description: "NFEC-2019-03-252687")

    let description: String

    private init(description: String) { self.description = description }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "NFEC", parts[1].utf8.count == 4, parts[2].utf8.count == 2,
            (4...8).contains(parts[3].utf8.count),
            parts.dropFirst().allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        description = text
    }
}

/// What ZEUS registers about a piece of equipment. What nobody has said is left out.
struct Equipment: Codable, Sendable, Hashable, Constrained {
    enum Utilisation: String, Codable, CaseIterable, Sendable { case sole, shared }
    /// 활용, 저활용, 유휴, 불용.
    enum Condition: String, Codable, CaseIterable, Sendable { case used, underused, idle, unusable }

    /// 국가연구시설장비 등록번호, `NFEC-2019-03-252687`.
    let nfecNumber: NFECNumber?
    let model: String?
    let maker: String?
    let makerCountry: String?
    let acquiredOn: Day?
    let acquisitionPrice: Won?
    /// 국가연구시설장비 표준분류.
    let classCode: String?
    let room: String?
    let utilisation: Utilisation?
    let condition: Condition?

    static let constraints: [String: Schema.Constraint] = [
        "model": .length(1...200), "maker": .length(1...200), "makerCountry": .length(2...60),
        "classCode": .length(1...20), "room": .length(1...200),
    ]
}

/// What a space offers (B14, B15): places for people, size, the growth stage it is meant for, cleanliness class.
struct Space: Codable, Sendable, Hashable, Constrained {
    /// 창업, 성장보육, 본격성장 (C:919).
    enum Stage: String, Codable, CaseIterable, Sendable { case startup, scaleUp, growth }

    let seats: Int?
    let rooms: Int?
    let squareMetres: Double?
    let stage: Stage?
    let cleanroomClass: Int?

    static let constraints: [String: Schema.Constraint] = [
        "seats": .range(1...1_000_000), "rooms": .range(1...1_000_000), "squareMetres": .between(0...100_000_000),
        "cleanroomClass": .range(1...10_000_000),
    ]
}

/// Something that can be booked in whole units.
struct Resource: Codable, Sendable, Hashable {
    let id: ResourceID
    let siteId: SiteID
    let kind: ResourceSort
    let name: Bilingual
    let description: String?
    /// How many units can be used at the same time.
    let capacity: Int
    let access: [Access]
    /// Left out: open at all times. Empty: never open. Asia/Seoul.
    let openingHours: [OpeningRule]?
    let timeZone: String
    /// Won for one unit and hour. Left out: not known, which is not the same as free of charge (0).
    let feePerHour: Won?
    let minLengthSeconds: Int
    let maxLengthSeconds: Int
    /// Kept free after each reservation, for cleaning and preparing.
    let bufferSeconds: Int
    /// How far ahead a reservation may begin.
    let horizonSeconds: Int
    /// A posted reservation that nobody has started this long after its start is missed, and the rest of its time
    /// is free again. Left out: never by itself.
    let noShowAfterSeconds: Int?
    /// May only be booked under a permit (B5).
    let requiresPermit: Bool
    let state: ResourceState
    let equipment: Equipment?
    let space: Space?
    let source: String?
    let synthetic: Bool
    let createdAt: Instant
    let updatedAt: Instant
}

extension Resource {
    static let timeZone = "Asia/Seoul"
    static let defaultMaxLengthSeconds = 31 * 86_400
    static let defaultHorizonSeconds = 365 * 86_400

    init(_ row: Row) throws {
        let access: String = try row.get("access")
        self.init(
            id: try row.get("id"), siteId: try row.get("site_id"), kind: try row.get("kind"),
            name: Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en")),
            description: try row.getIfPresent("description"), capacity: try row.get("capacity"),
            access: access.split(separator: " ").compactMap { Access(rawValue: String($0)) },
            openingHours: try row.json("opening_hours"), timeZone: Resource.timeZone,
            feePerHour: try row.getIfPresent("fee_per_hour"),
            minLengthSeconds: try row.get("min_length_seconds"), maxLengthSeconds: try row.get("max_length_seconds"),
            bufferSeconds: try row.get("buffer_seconds"), horizonSeconds: try row.get("horizon_seconds"),
            noShowAfterSeconds: try row.getIfPresent("no_show_after_seconds"),
            requiresPermit: try row.get("requires_permit"), state: try row.get("state"),
            equipment: try row.json("equipment"), space: try row.json("space"),
            source: try row.getIfPresent("source"), synthetic: try row.get("synthetic"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }

    /// Every column but `id`, `version`, `longest_ms` and `created_at`, with its value.
    func columns() throws -> [(name: String, value: (any SQLValue)?)] {
        [
            ("site_id", siteId), ("kind", kind), ("name_ko", name.ko), ("name_en", name.en),
            ("description", description), ("capacity", capacity),
            ("access", access.map(\.rawValue).joined(separator: " ")),
            ("opening_hours", try openingHours.map { try JSON.encode($0).text }), ("fee_per_hour", feePerHour),
            ("min_length_seconds", minLengthSeconds), ("max_length_seconds", maxLengthSeconds),
            ("buffer_seconds", bufferSeconds), ("horizon_seconds", horizonSeconds),
            ("no_show_after_seconds", noShowAfterSeconds), ("requires_permit", requiresPermit), ("state", state),
            ("nfec_number", equipment?.nfecNumber?.description),
            ("equipment", try equipment.map { try JSON.encode($0).text }),
            ("space", try space.map { try JSON.encode($0).text }), ("source", source), ("synthetic", synthetic),
            ("updated_at", updatedAt),
        ]
    }

    /// When it is open inside `window` and not closed.
    func openTimes(_ window: Range<Instant>, in db: Connection) throws -> Spans {
        OpeningHours.spans(openingHours, within: window)
            .subtracting(Spans(merging: try Closures.of(self, window, in: db).map { $0.start..<$0.end }))
    }
}

extension Row {
    /// A value kept as JSON text; nil for NULL.
    func json<T: Decodable>(_ column: String) throws -> T? {
        let text: String? = try getIfPresent(column)
        return try text.map { try JSON(parsing: $0).decode(T.self) }
    }
}
