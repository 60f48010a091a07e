import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.quotients.load` and `list`: location quotients by region and industry, computed from tables that an
/// operator loads, beside those that a document prints without its figures (C:215).
enum Quotients {
    struct Figure: Codable, Sendable, Constrained {
        let measure: QuotientMeasure
        /// Left out only with `publishedQuotient`, where the source does not say.
        let year: Int64?
        /// `KR` for the nation, or a region.
        let region: String
        /// `all`, a KSIC section, a strategic industry or one of the plan's groups; any word with `publishedQuotient`.
        let industry: String
        /// Not below zero. Without it and without a share the figure is known to be unknown.
        let value: Int64?
        /// Ten-thousandths of the region's total: 77.5 % is 7750.
        let shareBasisPoints: Int64?
        /// As printed, such as "5.6".
        let publishedQuotient: String?
        let nameKo: String?
        let nameEn: String?
        static let constraints: [String: Schema.Constraint] = [
            "year": .range(1950...2100), "region": .length(2...5), "industry": .length(1...60),
            "value": .range(0...Int64.max), "shareBasisPoints": .range(0...10_000),
            "publishedQuotient": .length(1...12), "nameKo": .length(1...200), "nameEn": .length(1...200),
        ]
    }

    struct Load: Codable, Sendable, Constrained {
        /// One that is there already (same measure, year, region, industry) is replaced.
        let figures: [Figure]
        /// Where they come from, such as a table of the statistics office or a line of a document.
        let source: String
        static let constraints: [String: Schema.Constraint] = [
            "figures": .count(1...1_000), "source": .length(1...200),
        ]
    }

    struct Loaded: Codable, Sendable { let loaded: Int }

    struct List: Codable, Sendable, Constrained {
        let year: Int64?
        let region: Region?
        let industry: String?
        let measure: QuotientMeasure?
        /// Only what a source printed, or only what was computed; default both.
        let published: Bool?
        let limit: Int?
        let after: String?
        static let constraints: [String: Schema.Constraint] = [
            "year": .range(1950...2100), "industry": .length(1...60), "limit": .range(1...200),
            "after": .length(1...200),
        ]
    }

    struct Item: Codable, Sendable {
        let id: String
        let measure: QuotientMeasure
        let year: Int64?
        let region: Region
        let industry: String
        let name: Bilingual
        let isPublished: Bool
        let result: Quotient
        let source: String
    }

    /// The groups of sections that the plan reports (P:272, P:277).
    static let groups: [String: Bilingual] = [
        "services": Bilingual(ko: "서비스업", en: "services"),
        "mining-and-manufacturing": Bilingual(ko: "광제조업", en: "mining and manufacturing"),
        "technology-based": Bilingual(ko: "기술기반업종", en: "technology-based industries"),
    ]

    static let methods: [Method] = [
        .command(
            "matching.quotients.load",
            Bilingual(ko: "입지계수 계산에 쓸 통계를 싣는다", en: "Loads the figures that quotients are computed from"),
            role: .operator,
            idempotent: true, load),
        .query(
            "matching.quotients.list",
            Bilingual(ko: "지역·산업별 입지계수를 조회한다", en: "Lists location quotients by region and industry"), role: .viewer
        ) { (p: List, r: Read) throws -> Page<Item> in try list(p, r.db) },
    ]

    private static func load(_ p: Load, _ w: Write) throws -> Loaded {
        let faults = p.figures.enumerated().flatMap { index, figure in
            figure.faults.map { FieldError("/figures/\(index)" + $0.pointer, $0.value, $0.rule) }
        }
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        for figure in p.figures {
            let name = name(of: figure.industry)
            try w.db.run(
                """
                INSERT INTO quotient_figure (id, measure, year, region, industry, value, share_points, published,
                    name_ko, name_en, source, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET value = excluded.value, share_points = excluded.share_points,
                    published = excluded.published, name_ko = excluded.name_ko, name_en = excluded.name_en,
                    source = excluded.source, updated_at = excluded.updated_at
                """,
                figure.id, figure.measure, figure.year, figure.region, figure.industry, figure.value,
                figure.shareBasisPoints, figure.publishedQuotient, figure.nameKo ?? name?.ko ?? figure.industry,
                figure.nameEn ?? figure.nameKo ?? name?.en ?? figure.industry, p.source, w.now)
        }
        w.audit(subject: "quotients", reason: p.source)
        try w.emit(
            "matching.quotients.loaded", subject: "quotients",
            ["source": JSON.string(p.source), "figures": .integer(Int64(p.figures.count))] as JSON)
        return Loaded(loaded: p.figures.count)
    }

    static func name(of industry: String) -> Bilingual? {
        if industry == QuotientTable.all { return Bilingual(ko: "전 산업", en: "all industries") }
        return KSICSection(rawValue: industry)?.name ?? StrategicIndustry(rawValue: industry)?.name ?? groups[industry]
    }

    private static func list(_ p: List, _ db: Connection) throws -> Page<Item> {
        var listing = Listing("SELECT * FROM quotient_figure")
        listing.add("region <> 'KR'")
        listing.add("industry <> 'all'")
        listing.add("year = ?", p.year)
        listing.add("region = ?", p.region)
        listing.add("industry = ?", p.industry)
        listing.add("measure = ?", p.measure)
        switch p.published {
        case true?: listing.add("published IS NOT NULL")
        case false?: listing.add("published IS NULL")
        case nil: break
        }
        var tables: [String: QuotientTable] = [:]
        return try listing.page(in: db, after: p.after, limit: p.limit, cursor: \.id) { row in
            let measure: QuotientMeasure = try row.get("measure")
            let year: Int64? = try row.getIfPresent("year")
            let (region, industry): (Region, String) = (try row.get("region"), try row.get("industry"))
            let result: Quotient
            let published: String? = try row.getIfPresent("published")
            if let quotient = published.flatMap(Double.init) {
                result = Quotient(
                    quotient: quotient, symmetric: (quotient - 1) / (quotient + 1), cautions: [.publishedOnly])
            } else {
                let key = "\(measure.rawValue)/\(year ?? 0)"
                let table = try tables[key] ?? table(measure, year, db)
                tables[key] = table
                result = table.quotient(region: region.rawValue, industry: industry, measure: measure)
            }
            return Item(
                id: try row.get("id"), measure: measure, year: year, region: region, industry: industry,
                name: Bilingual(ko: try row.get("name_ko"), en: try row.get("name_en")), isPublished: published != nil,
                result: result, source: try row.get("source"))
        }
    }

    private static func table(_ measure: QuotientMeasure, _ year: Int64?, _ db: Connection) throws -> QuotientTable {
        var table = QuotientTable()
        let rows = try db.rows(
            """
            SELECT region, industry, value, share_points FROM quotient_figure
            WHERE measure = ? AND year = ? AND published IS NULL
            """, measure, year)
        for row in rows {
            table.cells[try row.get("region"), default: [:]][try row.get("industry")] = QuotientCell(
                value: try row.getIfPresent("value"), sharePoints: try row.getIfPresent("share_points"))
        }
        return table
    }
}

extension Quotients.Figure {
    var id: String { "\(measure.rawValue)/\(year.map { "\($0)" } ?? "-")/\(region)/\(industry)" }

    /// What a schema cannot say.
    var faults: [FieldError] {
        var faults: [FieldError] = []
        func fault(_ pointer: String, _ value: JSON?, ko: String, en: String) {
            faults.append(FieldError(pointer, value, Bilingual(ko: ko, en: en)))
        }
        if region != QuotientTable.nation, Region(rawValue: region) == nil {
            fault(
                "/region", .string(region), ko: "KR(전국)이나 지역 코드(KR-30 등)여야 합니다",
                en: "must be KR or a region such as KR-30")
        }
        if let publishedQuotient {
            let number = Double(publishedQuotient)
            if number.map({ !$0.isFinite || $0 < 0 || $0 > 10_000 }) ?? true {
                fault(
                    "/publishedQuotient", .string(publishedQuotient), ko: "0 이상의 수여야 합니다", en: "must be a number from 0"
                )
            }
            if value != nil || shareBasisPoints != nil {
                fault(
                    "/value", value.map { .integer($0) }, ko: "공표된 계수와 함께 줄 수 없습니다", en: "not with a printed quotient")
            }
            if region == QuotientTable.nation || nameKo == nil && Quotients.name(of: industry) == nil {
                fault(
                    "/nameKo", nil, ko: "공표된 계수에는 지역과 산업 이름이 있어야 합니다",
                    en: "a printed quotient needs a region and a name")
            }
        } else {
            if measure == .unstated {
                fault("/measure", "unstated", ko: "공표된 계수에만 쓸 수 있습니다", en: "only with a printed quotient")
            }
            if year == nil { fault("/year", nil, ko: "연도가 있어야 합니다", en: "is required") }
            if Quotients.name(of: industry) == nil {
                let codes = (["all"] + Quotients.groups.keys.sorted() + StrategicIndustry.allCases.map(\.rawValue))
                    .joined(separator: ", ")
                fault(
                    "/industry", .string(industry), ko: "KSIC 대분류(A~U)나 다음 가운데 하나여야 합니다: \(codes)",
                    en: "must be a KSIC section (A to U) or one of: \(codes)")
            }
        }
        if value != nil, shareBasisPoints != nil {
            fault(
                "/shareBasisPoints", shareBasisPoints.map { .integer($0) }, ko: "value와 함께 줄 수 없습니다",
                en: "not with value")
        }
        return faults
    }
}
