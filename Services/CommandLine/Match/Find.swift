import ArgumentParser
import JSON

/// `ieum find`: published demands and technologies by words.
struct Find: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("낱말로 기술과 수요를 찾는다.", "Finds technologies and demands by words."),
        discussion: words(
            """
            한국어와 영어를 함께 찾고, 어느 낱말이 맞았는지 보인다.
            예: ieum find 단백질 질량분석
                ieum find 이차전지 전해질 --technologies --trl 4-7 --region 대전
            """,
            """
            Finds Korean and English alike, and shows which words were found.
            For example: ieum find mass spectrometry of proteins
                         ieum find 이차전지 전해질 --technologies --trl 4-7 --region Daejeon
            """))

    @Argument(help: .init(words("찾을 낱말.", "The words."), valueName: "words"))
    var sought: [String]
    @Flag(help: .init(words("기술만.", "Technologies only.")))
    var technologies = false
    @Flag(help: .init(words("수요만.", "Demands only.")))
    var demands = false
    @Option(help: .init(words("쪽마다 보일 수.", "How many of each side.")))
    var limit: Int64 = 5
    @OptionGroup var filters: FilterOptions
    @OptionGroup var options: MatchOptions

    func run() async throws {
        let sides = technologies == demands ? ProfileSide.allCases : [technologies ? .technologies : .demands]
        var request: JSON = ["text": .string(sought.joined(separator: " ")), "limit": .integer(limit)]
        request["filters"] = try filters.json()
        try await Line.open { line in
            var answers: [ProfileSide: JSON] = [:]
            for side in sides { answers[side] = try await line.call("matching.\(side.rawValue).search", request) }
            let names = options.json ? [:] : await line.organisationNames(Hits.organisations(Array(answers.values)))
            options.show(.object(.init(uniqueKeysWithValues: sides.map { ($0.rawValue, answers[$0] ?? .null) }))) {
                Hits(answers: answers, names: names).text
            }
        }
    }
}

/// What was found, side by side.
struct Hits: Sendable {
    let answers: [ProfileSide: JSON]
    /// Of organisations, by identifier.
    let names: [String: String]

    /// Whose profiles the lists name.
    static func organisations(_ answers: [JSON]) -> Set<String> {
        Set(answers.flatMap { $0["items"]?.array ?? [] }.compactMap { $0["organisationId"]?.string })
    }

    var text: String {
        var parts: [String] = []
        var first: String?
        for side in ProfileSide.allCases {
            guard let items = answers[side]?["items"]?.array, !items.isEmpty else { continue }
            first = first ?? items[0]["id"]?.string
            let head = Terminal.strong("\(side.name) \(items.count)")
            parts.append(([head] + items.enumerated().map { block($0 + 1, $1) }).joined(separator: "\n"))
        }
        guard let first else {
            return words(
                "없다. 다른 낱말을 쓰거나 거르는 조건을 줄인다.", "None. Try other words, or fewer filters.")
        }
        parts.append("→ " + words("어울리는 상대: ieum recommend \(first)", "What fits: ieum recommend \(first)"))
        return parts.joined(separator: "\n\n")
    }

    private func block(_ place: Int, _ item: JSON) -> String {
        let mark = Table.padded("\(place).", 4)
        var lines = [Table.marked(mark, item["title"]?.string ?? "", indent: 1)]
        let organisation = item["organisationId"]?.string.flatMap { names[$0] }
        let found = (item["matched"]?.array ?? []).compactMap { $0["text"]?.string }.prefix(5).joined(separator: ", ")
        let line = [organisation, found.isEmpty ? nil : words("맞은 낱말: ", "words: ") + found].compactMap(\.self)
        lines.append(Terminal.faint(Table.marked("", line.joined(separator: " · "), indent: 5)))
        lines.append(Terminal.faint("     " + (item["id"]?.string ?? "")))
        return lines.joined(separator: "\n")
    }
}
