import JSON
import ServiceKit
import Storage
import Vocabulary

enum ItemKind: IDKind { static let prefix = "itm" }
typealias ItemID = ID<ItemKind>

/// Where in a value chain an item stands, in the order in which value is added.
enum ChainStage: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case material, part, equipment, process, product, service

    var name: Bilingual {
        switch self {
        case .material: Bilingual(ko: "소재", en: "material")
        case .part: Bilingual(ko: "부품", en: "part")
        case .equipment: Bilingual(ko: "장비", en: "equipment")
        case .process: Bilingual(ko: "공정", en: "process")
        case .product: Bilingual(ko: "제품", en: "product")
        case .service: Bilingual(ko: "서비스", en: "service")
        }
    }
}

/// How the plan classes the firms on an item (P:1418-1419). A firm that nobody has classed has none.
enum FirmClass: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case growth, leapAgain

    var name: Bilingual {
        switch self {
        case .growth: Bilingual(ko: "성장", en: "growing")
        case .leapAgain: Bilingual(ko: "재도약", en: "to leap again")
        }
    }
}

/// A core item (품목) of a strategic industry.
struct ChainItem: Codable, Sendable {
    let id: ItemID
    let industry: StrategicIndustry
    let stage: ChainStage
    let nameKo: String
    let nameEn: String
    /// With the names, the words by which demands and technologies are found.
    let keywords: [String]
    /// A line of a document; one that begins with `synthetic` was invented.
    let source: String?
    let version: Int
    let updatedAt: Instant

    var text: String { ([nameKo, nameEn] + keywords).joined(separator: "\n") }

    init(_ row: Row) throws {
        id = try row.get("id")
        industry = try row.get("industry")
        stage = try row.get("stage")
        nameKo = try row.get("name_ko")
        nameEn = try row.get("name_en")
        keywords = (try row.get("keywords") as String).split(separator: "\n").map(String.init)
        source = try row.getIfPresent("source")
        version = try row.get("version")
        updatedAt = try row.get("updated_at")
    }

    static func find(_ id: ItemID, _ db: Connection) throws -> ChainItem {
        guard let row = try db.row("SELECT * FROM chain_item WHERE id = ?", id) else {
            throw Fault.notFound(kind: "item", id: id.description)
        }
        return try ChainItem(row)
    }
}

/// An organisation on an item.
struct ChainPlace: Codable, Sendable {
    let itemId: ItemID
    let organisationId: OrganisationID
    let nameKo: String
    let nameEn: String
    let kind: Organisations.Kind
    let region: Region?
    /// Absent while nobody has classed it.
    let firmClass: FirmClass?
    let source: String?

    init(_ row: Row) throws {
        itemId = try row.get("item_id")
        organisationId = try row.get("organisation_id")
        nameKo = try row.get("name_ko")
        nameEn = try row.get("name_en")
        kind = try row.get("kind")
        region = try row.getIfPresent("region")
        firmClass = try row.getIfPresent("class")
        source = try row.getIfPresent("source")
    }
}

/// What is missing at an item. Institutes and universities may stand on it too; firms are what is counted.
struct ChainGap: Codable, Sendable, Hashable {
    enum Rule: String, Codable, CaseIterable, Sendable { case noFirm, singleSupplier }

    let rule: Rule
    let ko: String
    let en: String

    static func of(_ places: [ChainPlace]) -> ChainGap? {
        let firms = places.filter { $0.kind == .company }
        if firms.isEmpty {
            return ChainGap(rule: .noFirm, ko: "이 품목에 기업이 없습니다", en: "no firm is on this item")
        }
        guard let only = firms.first, firms.count == 1 else { return nil }
        return ChainGap(
            rule: .singleSupplier, ko: "기업이 \(only.nameKo) 하나뿐입니다", en: "\(only.nameEn) is the only firm on it")
    }
}

/// The edges of one chain. They may not lead in a circle: value is added from one item to the next.
enum ChainGraph {
    struct Edge: Codable, Sendable, Hashable {
        let from: ItemID
        let to: ItemID
    }

    /// The way from one item to another along the edges, both included; nil when there is none.
    static func path(from start: ItemID, to goal: ItemID, in edges: [Edge]) -> [ItemID]? {
        let next = Dictionary(grouping: edges, by: \.from)
        var cameFrom: [ItemID: ItemID] = [:]
        var seen: Set<ItemID> = [start]
        var queue = [start]
        var place = 0
        while place < queue.count {
            let item = queue[place]
            place += 1
            if item == goal {
                var path = [item]
                while let last = path.last, let before = cameFrom[last] { path.append(before) }
                return path.reversed()
            }
            for edge in next[item] ?? [] where seen.insert(edge.to).inserted {
                cameFrom[edge.to] = item
                queue.append(edge.to)
            }
        }
        return nil
    }
}
