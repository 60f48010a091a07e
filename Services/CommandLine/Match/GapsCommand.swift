import ArgumentParser
import JSON

/// `ieum gaps`: what is needed and not to be had.
struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: words("맞는 기술이 없는 수요를 보인다.", "Shows the demands that no technology meets."),
        discussion: words(
            "기획이 읽을 신호다. 묶어서: --by field|industry|ksicSection|region|reason",
            "Signals for the plan. Counted in groups: --by field|industry|ksicSection|region|reason"))

    @Option(help: .init(words("무엇으로 묶어 셀까.", "Count them by this.")))
    var by: String?
    @Option(help: .init(words("보일 수.", "How many.")))
    var limit: Int64 = 20
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            if let by {
                let answer = try await line.call("matching.gaps.summary", ["by": .string(by)])
                options.show(answer) { Self.groups(answer) }
                return
            }
            let answer = try await line.call("matching.gaps.list", ["limit": .integer(limit)])
            options.show(answer) { Self.list(answer) }
        }
    }

    static func groups(_ answer: JSON) -> String {
        var table = Table([words("무엇", "WHAT"), words("빈 곳", "GAPS"), words("살핀 수요", "EXAMINED")])
        let groups = (answer["items"]?.array ?? []).filter { $0["open"]?.integer ?? 0 > 0 }
        guard !groups.isEmpty else {
            let examined = answer["examined"]?.integer ?? 0
            return words("없다(살핀 수요 \(examined)건).", "None (of \(examined) demands that were looked at).")
        }
        for group in groups {
            table.row([
                group.at(words("/name/ko", "/name/en"))?.string ?? group["code"]?.string ?? "-",
                group["open"]?.integer.map(String.init) ?? "-", group["examined"]?.integer.map(String.init) ?? "-",
            ])
        }
        return table.text
    }

    static func list(_ answer: JSON) -> String {
        let items = answer["items"]?.array ?? []
        guard !items.isEmpty else {
            return words("없다. 방금 공개한 수요는 잠시 뒤에 살핀다.", "None. What was published just now is looked at in a moment.")
        }
        var lines: [String] = []
        for item in items {
            lines.append(Table.marked("· ", item["title"]?.string ?? ""))
            var why = item[words("reasonKo", "reasonEn")]?.string ?? ""
            if let best = item["bestScore"]?.double {
                why += words(" · 가장 가까운 것 \(Scores.decimals(best, 2))", " · nearest \(Scores.decimals(best, 2))")
            }
            lines.append(Terminal.faint(Table.marked("", why, indent: 2)))
            lines.append(Terminal.faint("  " + (item["demandId"]?.string ?? "")))
        }
        if let demand = items[0]["demandId"]?.string {
            lines.append("→ " + words("무엇이 모자라나: ", "What is lacking: ") + "ieum recommend \(demand)")
        }
        return lines.joined(separator: "\n")
    }
}
