import ArgumentParser
import Foundation
import JSON

/// `ieum recommend`: what fits one demand or technology, and why.
struct Recommend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("수요에 맞는 기술, 기술에 맞는 수요를 이유와 함께 보인다.", "Shows what fits a demand or a technology, and why."),
        discussion: words(
            """
            식별자나 그 앞부분, 또는 제목을 준다. 점수는 순서를 정할 뿐 확률이 아니다.
            예: ieum recommend '시료 내부를 볼 수 있는 소형 투과전자현미경'
            """,
            """
            Give an identifier, its beginning, or a title. The score is for ordering; it is not a probability.
            For example: ieum recommend '시료 내부를 볼 수 있는 소형 투과전자현미경'
            """))

    @Argument(help: .init(words("수요나 기술의 식별자 또는 제목.", "A demand or technology: identifier or title.")))
    var profile: String
    @Option(help: .init(words("보일 수.", "How many.")))
    var limit: Int64 = 5
    @OptionGroup var filters: FilterOptions
    @OptionGroup var options: MatchOptions

    func run() async throws {
        let filters = try filters.json()
        try await Line.open { line in
            let asked = try await line.profile(profile)
            var request: JSON = [asked.side.parameter: .string(asked.id), "limit": .integer(limit)]
            request["filters"] = filters
            let answer = try await line.watch("matching.recommend", request, deadline: .seconds(15))
            let names =
                options.json ? [:] : await line.organisationNames(Hits.organisations([answer]))
            options.show(answer) { Recommended(asked: asked, answer: answer, names: names).text }
        }
    }
}

/// A ranked list with the strongest reasons.
struct Recommended: Sendable {
    let asked: FoundProfile
    let answer: JSON
    let names: [String: String]

    var text: String {
        let items = answer["items"]?.array ?? []
        let other = asked.side.other
        let head = words("‘\(asked.title)’에 맞는 \(other.name)", "\(other.name.capitalized) that fit ‘\(asked.title)’")
        var lines = [Terminal.strong(Table.wrapped(head, Table.pageWidth).joined(separator: "\n")), ""]
        guard !items.isEmpty else {
            lines.append(words("없다.", "None."))
            lines.append(
                "→ "
                    + words(
                        "모자란 곳으로 남는다: ieum gaps. 조건을 줄이거나 낱말로 찾는다: ieum find",
                        "It stays a gap: ieum gaps. Allow more, or look for words: ieum find"))
            return lines.joined(separator: "\n")
        }
        for (index, item) in items.enumerated() { lines.append(block(index + 1, item)) }
        lines.append(Terminal.faint(Table.marked("", Scores.meaning(answer))))
        let first = items[0]["id"]?.string ?? ""
        let pair = asked.side == .demands ? "\(asked.id) \(first)" : "\(first) \(asked.id)"
        lines.append("→ " + words("왜: ", "Why: ") + "ieum explain \(pair)")
        return lines.joined(separator: "\n")
    }

    private func block(_ place: Int, _ item: JSON) -> String {
        let mark = Table.padded("\(place).", 4) + Scores.text(item["score"]) + "  "
        let indent = 1 + Table.width(of: mark)
        var lines = [Table.marked(mark, item["title"]?.string ?? "", indent: 1)]
        if let name = item["organisationId"]?.string.flatMap({ names[$0] }) {
            lines.append(Table.marked("", name, indent: indent))
        }
        for reason in Scores.strongest(item["reasons"]?.array ?? [], 3) {
            lines.append(Table.marked("· ", reason, indent: indent))
        }
        lines.append(Terminal.faint(String(repeating: " ", count: indent) + (item["id"]?.string ?? "")))
        return lines.joined(separator: "\n") + "\n"
    }
}
