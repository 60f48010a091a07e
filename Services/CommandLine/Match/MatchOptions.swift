import ArgumentParser
import JSON
import Vocabulary

/// What the commands about demands and technologies share.
struct MatchOptions: ParsableArguments {
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    /// The answer for programs, or its words for people.
    func show(_ answer: JSON, _ text: () -> String) { Terminal.line(json ? answer.pretty() : text()) }
}

/// The two sides of the exchange, as methods name them.
enum ProfileSide: String, CaseIterable, Sendable {
    case technologies, demands

    var prefix: String { self == .technologies ? "tec_" : "dmd_" }
    var other: ProfileSide { self == .technologies ? .demands : .technologies }
    /// The parameter that names one of them.
    var parameter: String { self == .technologies ? "technologyId" : "demandId" }
    var name: String { self == .technologies ? words("기술", "technologies") : words("수요", "demands") }

    init?(id: String) {
        guard let side = Self.allCases.first(where: { id.hasPrefix($0.prefix) }) else { return nil }
        self = side
    }
}

/// What a list leaves out. Codes or names, in Korean or in English.
struct FilterOptions: ParsableArguments {
    @Option(help: .init(words("유형. 여러 번 줄 수 있다.", "A type, such as technologyOffer. May be repeated.")))
    var type: [String] = []
    @Option(help: .init(words("기술 분야의 코드나 이름.", "A field of science, by code or name.")))
    var field: [String] = []
    @Option(help: .init(words("전략산업의 코드나 이름.", "A strategic industry, by code or name.")))
    var industry: [String] = []
    @Option(help: .init(words("지역 (KR-30, 대전).", "A region (KR-30, Daejeon).")))
    var region: [String] = []
    @Option(
        help: .init(words("협력 유형 (licence, jointResearch …).", "A form of partnership (licence, jointResearch …).")))
    var partnership: [String] = []
    @Option(help: .init(words("기술성숙도 범위 (4-6, 5).", "The technology readiness levels (4-6, 5).")))
    var trl: String?
    @Flag(help: .init(words("다른 거래가 보류한 기술도 보인다.", "Show technologies that another deal holds as well.")))
    var includeHeld = false

    /// The `filters` of a method; nil when nothing was asked for.
    func json() throws(Failure) -> JSON? {
        var filters = JSON.Members()
        if !type.isEmpty { filters["types"] = .array(type.map(JSON.string)) }
        if !partnership.isEmpty { filters["partnerships"] = .array(partnership.map(JSON.string)) }
        filters["fields"] = try Self.codes(field, "--field", ScienceField.self)
        filters["industries"] = try Self.codes(industry, "--industry", StrategicIndustry.self)
        filters["regions"] = try Self.codes(region, "--region", Region.self)
        if let trl {
            let ends = trl.split(separator: "-").map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
                (1...9).contains(first), (1...9).contains(last)
            else {
                throw Failure(
                    .usage, words("--trl 을 읽을 수 없다: \(trl)", "Cannot read --trl \(trl)"),
                    next: words("1-9 사이로 쓴다: --trl 4-6", "Write levels from 1 to 9: --trl 4-6"))
            }
            filters["trlFrom"] = .integer(first)
            filters["trlTo"] = .integer(last)
        }
        if includeHeld { filters["includeHeld"] = true }
        return filters.isEmpty ? nil : .object(filters)
    }

    /// Codes, which may be written as their names.
    static func codes<T: Named & RawRepresentable<String>>(_ texts: [String], _ option: String, _ type: T.Type)
        throws(Failure) -> JSON?
    {
        var codes: [JSON] = []
        for text in texts {
            let wanted = text.lowercased()
            let exact = T.allCases.first {
                [$0.rawValue, $0.name.ko, $0.name.en].contains { $0.lowercased() == wanted }
            }
            let near = T.allCases.filter { $0.name.ko.contains(text) || $0.name.en.lowercased().contains(wanted) }
            guard let code = exact ?? (near.count == 1 ? near.first : nil) else {
                let list = (near.isEmpty ? Array(T.allCases) : near).map {
                    "  \($0.rawValue)  \(words($0.name.ko, $0.name.en))"
                }
                throw Failure(
                    .usage, words("\(option) 에 그런 것이 없거나 여럿이다: \(text)", "\(option) \(text) is none, or several"),
                    next: words("이 가운데 하나:", "One of these:") + "\n" + list.joined(separator: "\n"))
            }
            codes.append(.string(code.rawValue))
        }
        return codes.isEmpty ? nil : .array(codes)
    }
}
