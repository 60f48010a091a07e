import JSON
import ServiceKit
import Storage
import Vocabulary

/// What is counted.
enum QuotientMeasure: String, Codable, CaseIterable, Sendable, Named, SQLValue {
    case employment, establishments, startUps, output
    /// The source prints a quotient and does not say of what.
    case unstated

    var name: Bilingual {
        switch self {
        case .employment: Bilingual(ko: "종사자", en: "people employed")
        case .establishments: Bilingual(ko: "사업체", en: "establishments")
        case .startUps: Bilingual(ko: "창업기업", en: "start-ups")
        case .output: Bilingual(ko: "생산액(원)", en: "output in won")
        case .unstated: Bilingual(ko: "밝히지 않음", en: "not stated")
        }
    }

    /// Whether its values count things, so that few of them say little.
    var isCount: Bool { self != .output && self != .unstated }
}

/// One cell of a table: how much of an industry a region has. All nil: the source is silent.
struct QuotientCell: Sendable, Hashable {
    var value: Int64?
    /// Ten-thousandths of the region's total, where the source gives shares only.
    var sharePoints: Int64?
}

/// What became of one quotient.
struct Quotient: Codable, Sendable, Hashable {
    enum Caution: String, Codable, CaseIterable, Sendable {
        /// Fewer than twenty: the relative standard error of a count n is about 1/√n, here above 22 %.
        case smallNumber
        /// Computed from rounded shares; how many things stand behind them is not known.
        case countsUnknown
        /// A total was added up from all its parts, since none was stated.
        case summedTotal
        /// Printed by the source, which does not show what it was computed from.
        case publishedOnly
    }

    /// (e_ir / e_r) / (e_in / e_n); absent when something that it needs is unknown.
    var quotient: Double?
    /// (LQ - 1) / (LQ + 1), in -1...1; 0 is the national average.
    var symmetric: Double?
    var regionValue: Int64?
    var regionTotal: Int64?
    var nationValue: Int64?
    var nationTotal: Int64?
    /// e_ir / e_r and e_in / e_n.
    var regionShare: Double?
    var nationShare: Double?
    /// What is unknown, such as `KR/C` or `KR-30/all`.
    var missing: [String] = []
    var cautions: [Caution] = []

    static let smallNumber: Int64 = 20
}

/// The figures of one measure and year. What is unknown is not zero: a quotient that needs it is unknown too.
struct QuotientTable: Sendable {
    static let nation = "KR"
    static let all = "all"

    /// By region and then industry.
    var cells: [String: [String: QuotientCell]] = [:]

    func quotient(region: String, industry: String, measure: QuotientMeasure) -> Quotient {
        var result = Quotient()
        let own = share(region, industry, &result)
        let national = share(Self.nation, industry, &result)
        (result.regionValue, result.regionTotal, result.regionShare) = (own.value, own.total, own.share)
        (result.nationValue, result.nationTotal, result.nationShare) = (national.value, national.total, national.share)
        if let mine = own.share, let all = national.share, all > 0 {
            let quotient = Self.crossed(own, national) ?? mine / all
            result.quotient = quotient
            result.symmetric = (quotient - 1) / (quotient + 1)
        } else if national.share == 0 {
            result.missing.append("\(Self.nation)/\(industry) > 0")
        }
        if let value = own.value, measure.isCount, value < Quotient.smallNumber { result.cautions.append(.smallNumber) }
        if own.isStated || national.isStated { result.cautions.append(.countsUnknown) }
        return result
    }

    private struct Share {
        var value: Int64?
        var total: Int64?
        var share: Double?
        var isStated = false

        var parts: (value: Double, total: Double)? {
            guard !isStated, let value, let total else { return nil }
            return (Double(value), Double(total))
        }
    }

    /// From counts in one division, so that a half is a half.
    private static func crossed(_ own: Share, _ nation: Share) -> Double? {
        guard let own = own.parts, let nation = nation.parts else { return nil }
        return own.value * nation.total / (own.total * nation.value)
    }

    private func share(_ region: String, _ industry: String, _ result: inout Quotient) -> Share {
        if let points = cells[region]?[industry]?.sharePoints {
            return Share(share: Double(points) / 10_000, isStated: true)
        }
        var share = Share(value: value(region, industry, &result), total: value(region, Self.all, &result))
        for (part, name) in [(share.value, industry), (share.total, Self.all)] where part == nil {
            result.missing.append("\(region)/\(name)")
        }
        if let value = share.value, let total = share.total {
            if total > 0 {
                share.share = Double(value) / Double(total)
            } else {
                result.missing.append("\(region)/all > 0")
            }
        }
        return share
    }

    /// The value that is stated, or else the sum of all the parts that it consists of, if each of them is known.
    private func value(_ region: String, _ industry: String, _ result: inout Quotient) -> Int64? {
        if let stated = cells[region]?[industry]?.value { return stated }
        var sum: Int64?
        if industry == Self.all {
            sum = Self.sum(KSICSection.allCases.map { cells[region]?[$0.rawValue]?.value })
        }
        if sum == nil, region == Self.nation {
            sum = Self.sum(Region.allCases.map { cells[$0.rawValue]?[industry]?.value })
        }
        if sum != nil, !result.cautions.contains(.summedTotal) { result.cautions.append(.summedTotal) }
        return sum
    }

    private static func sum(_ parts: [Int64?]) -> Int64? {
        parts.reduce(0) { sum, part in
            guard let sum, let part else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(part)
            return overflow ? nil : total
        }
    }
}
