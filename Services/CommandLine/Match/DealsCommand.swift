import ArgumentParser
import JSON

/// `ieum deals`: one pair from the first interest to what became of it.
struct DealsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deals",
        abstract: words(
            "관심을 밝히고, 수락하거나 거절하고, 어디까지 왔는지 본다.", "Shows interest, accepts or declines, and tells how far a deal is."),
        discussion: words(
            "그 다음 단계(비밀유지, 상담, 가치평가, 협상, 계약)는 ieum call matching.deals.…; 목록은 ieum methods matching.",
            "The later steps (NDA, consulting, valuation, terms, contract): ieum call matching.deals.…, see ieum methods matching."
        ),
        subcommands: [DealsList.self, DealsShow.self, DealsPropose.self, DealsAccept.self, DealsDecline.self])
}

/// Whose word it is.
enum DealSide: String, ExpressibleByArgument, CaseIterable, Sendable { case demand, supply }

struct DealsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: words("내가 볼 수 있는 거래.", "Lists the deals you may see."))

    @Option(help: .init(words("단계 (interest, nda, consulting …).", "A stage (interest, nda, consulting …).")))
    var stage: String?
    @Option(
        help: .init(
            words(
                "상태 (interest, agreed, committed, declined, withdrawn).",
                "A state (interest, agreed, committed, declined, withdrawn).")))
    var state: String?
    @Flag(help: .init(words("오래 멈춘 것만.", "Only those that stand still.")))
    var stalled = false
    @Option(help: .init(words("보일 수.", "How many.")))
    var limit: Int64 = 20
    @Option(help: .init(words("이 식별자 다음부터.", "Those after this identifier.")))
    var after: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        var request: JSON = ["limit": .integer(limit)]
        request["stage"] = stage.map(JSON.string)
        request["state"] = state.map(JSON.string)
        request["after"] = after.map(JSON.string)
        if stalled { request["isStalled"] = true }
        let parameters = request
        try await Line.open { line in
            let answer = try await line.call("matching.deals.list", parameters)
            let deals = answer["items"]?.array ?? []
            let titles = options.json ? [:] : await line.titles(of: deals)
            options.show(answer) {
                guard !deals.isEmpty else {
                    return words("없다.", "None.") + "\n→ "
                        + words(
                            "관심을 밝힌다: ieum deals propose 수요 기술 --side demand",
                            "Show interest: ieum deals propose DEMAND TECHNOLOGY --side demand")
                }
                let next = answer["next"]?.string.map { "→ " + words("다음: --after \($0)", "More: --after \($0)") }
                return (deals.map { DealView(json: $0, titles: titles).short } + [next].compactMap(\.self))
                    .joined(separator: "\n")
            }
        }
    }
}

struct DealsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: words("하나를 이력과 함께.", "Shows one with its history."))

    @Argument(help: .init(words("거래 (deal_…) 나 그 앞부분.", "The deal (deal_…), or its beginning.")))
    var deal: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let id = try await line.deal(deal)
            let answer = try await line.call("matching.deals.get", ["id": .string(id)])
            let titles = options.json ? [:] : await line.titles(of: [answer])
            options.show(answer) { DealView(json: answer, titles: titles).long }
        }
    }
}

struct DealsPropose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose", abstract: words("한 쌍에 관심을 밝힌다.", "Shows one side's interest in a pair."))

    @Argument(help: .init(words("수요의 식별자나 제목.", "The demand, by identifier or title.")))
    var demand: String
    @Argument(help: .init(words("기술의 식별자나 제목.", "The technology, by identifier or title.")))
    var technology: String
    @Option(help: .init(words("누구의 관심인가 (demand, supply).", "Whose interest it is (demand, supply).")))
    var side: DealSide
    @Option(help: .init(words("덧붙일 말.", "A note.")))
    var note: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            var request: JSON = [
                "demandId": .string(try await line.profile(demand, among: [.demands]).id),
                "technologyId": .string(try await line.profile(technology, among: [.technologies]).id),
                "side": .string(side.rawValue),
            ]
            request["note"] = note.map(JSON.string)
            let answer = try await line.call("matching.deals.propose", request)
            let titles = options.json ? [:] : await line.titles(of: [answer])
            options.show(answer) { DealView(json: answer, titles: titles).short }
        }
    }
}

struct DealsAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "accept", abstract: words("수락한다.", "Accepts a deal."))

    @Argument(help: .init(words("거래 (deal_…) 나 그 앞부분.", "The deal (deal_…), or its beginning.")))
    var deal: String
    @Option(help: .init(words("누구의 말인가 (demand, supply).", "Whose word it is (demand, supply).")))
    var side: DealSide
    @Option(help: .init(words("덧붙일 말.", "A note.")))
    var note: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            var request: JSON = ["id": .string(try await line.deal(deal)), "side": .string(side.rawValue)]
            request["note"] = note.map(JSON.string)
            let answer = try await line.call("matching.deals.accept", request)
            let titles = options.json ? [:] : await line.titles(of: [answer])
            options.show(answer) { DealView(json: answer, titles: titles).short }
        }
    }
}

struct DealsDecline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline", abstract: words("까닭을 밝히고 거절한다.", "Declines a deal with a reason."),
        discussion: words("까닭:", "Reasons:") + "\n" + DeclineReasons.list)

    @Argument(help: .init(words("거래 (deal_…) 나 그 앞부분.", "The deal (deal_…), or its beginning.")))
    var deal: String
    @Option(help: .init(words("누구의 말인가 (demand, supply).", "Whose word it is (demand, supply).")))
    var side: DealSide
    @Option(help: .init(words("까닭. 없으면 목록을 보인다.", "The reason; without it, the list of them.")))
    var reason: String?
    @Option(help: .init(words("덧붙일 말.", "A note.")))
    var note: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        guard let reason, DeclineReasons.all.contains(where: { $0.code == reason }) else {
            throw Failure(
                .usage,
                reason.map { words("그런 까닭은 없다: \($0)", "There is no reason \($0).") }
                    ?? words("까닭이 빠졌다.", "The reason is missing."),
                next: words("--reason 에 하나를 준다:", "Give one with --reason:") + "\n" + DeclineReasons.list)
        }
        try await Line.open { line in
            var request: JSON = [
                "id": .string(try await line.deal(deal)), "side": .string(side.rawValue), "reason": .string(reason),
            ]
            request["note"] = note.map(JSON.string)
            let answer = try await line.call("matching.deals.decline", request)
            let titles = options.json ? [:] : await line.titles(of: [answer])
            options.show(answer) { DealView(json: answer, titles: titles).short }
        }
    }
}

/// The eight reasons of the field (domain.md 2.1), as the service knows them; a test compares.
enum DeclineReasons {
    static let all: [(code: String, ko: String, en: String)] = [
        ("tooEarly", "아직 이른 단계", "too early a stage"),
        ("benefitUnclear", "기존 기술 대비 이점 불분명", "benefit over existing technology unclear"),
        ("commercialRouteUnclear", "사업화 경로 불분명", "commercial route unclear"),
        ("descriptionUnclear", "설명 불충분", "description unclear"),
        ("scientificConcern", "과학·기술적 의문", "scientific concern"),
        ("notAStrategicFit", "전략·수요와 맞지 않음", "no fit with strategy or demand"),
        ("alternativeInUse", "다른 해법을 이미 사용", "an alternative is in use"),
        ("termsUnsuitable", "조건 불일치", "terms unsuitable"),
    ]

    static var list: String {
        all.map { "  " + Table.padded($0.code, 24) + words($0.ko, $0.en) }.joined(separator: "\n")
    }

    static func name(_ code: String) -> String {
        all.first { $0.code == code }.map { words($0.ko, $0.en) } ?? code
    }
}

extension Line {
    /// A deal by its identifier or the beginning of it.
    func deal(_ text: String) async throws -> String {
        let prefix = "deal_"
        let digits = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : ""
        if digits.count == 32 { return text }
        guard !digits.isEmpty, digits.count < 32, digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
            throw Failure(
                .usage, words("거래의 식별자가 아니다: \(text)", "\(text) is no deal."),
                next: words("deal_… 를 준다. 목록: ieum deals list", "Give deal_…; they are listed by: ieum deals list"))
        }
        let start = text + String(repeating: "0", count: 32 - digits.count)
        let answer = try await call("matching.deals.list", ["after": .string(start), "limit": 5])
        let found = (answer["items"]?.array ?? []).compactMap { $0["id"]?.string }.filter { $0.hasPrefix(text) }
        guard let first = found.first, found.count == 1 else {
            throw Failure(
                .usage,
                found.isEmpty
                    ? words("그렇게 시작하는 거래가 없다: \(text)", "No deal begins with \(text).")
                    : words("여럿이다:", "Several:") + "\n  " + found.joined(separator: "\n  "),
                next: words("목록: ieum deals list", "They are listed by: ieum deals list"))
        }
        return first
    }

    /// The titles of the demands and technologies of deals, by identifier.
    func titles(of deals: [JSON]) async -> [String: String] {
        let ids = Set(deals.flatMap { [$0["demandId"]?.string, $0["technologyId"]?.string] }.compactMap(\.self))
        return await withTaskGroup(of: (String, String?).self) { group in
            for id in ids {
                guard let side = ProfileSide(id: id) else { continue }
                group.addTask {
                    (id, try? await self.call("matching.\(side.rawValue).get", ["id": .string(id)])["title"]?.string)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
