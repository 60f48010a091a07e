import ArgumentParser
import JSON

/// `ieum explain`: every part of one pair's score, and why the pair is not recommended if it is not.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("한 쌍이 왜 맞는지, 왜 안 되는지 모두 보인다.", "Shows why a pair fits, or why not, part by part."),
        discussion: words(
            "수요와 기술을 어느 순서로든, 식별자나 제목으로 준다.", "Give a demand and a technology in any order, by identifier or title."))

    @Argument(help: .init(words("수요.", "The demand.")))
    var demand: String
    @Argument(help: .init(words("기술.", "The technology.")))
    var technology: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let isTurned = ProfileSide(id: demand) == .technologies || ProfileSide(id: technology) == .demands
            let (first, second) = isTurned ? (technology, demand) : (demand, technology)
            let demand = try await line.profile(first, among: [.demands])
            let technology = try await line.profile(second, among: [.technologies])
            let answer = try await line.call(
                "matching.explain", ["demandId": .string(demand.id), "technologyId": .string(technology.id)])
            options.show(answer) {
                Explained(demand: demand.title, technology: technology.title, answer: answer).text
            }
        }
    }
}

/// One pair, part by part.
struct Explained: Sendable {
    let demand: String
    let technology: String
    let answer: JSON

    var text: String {
        var lines = [
            Table.marked(Table.padded(words("수요", "Demand"), 12), demand),
            Table.marked(Table.padded(words("기술", "Technology"), 12), technology),
            Table.marked(
                Table.padded(words("점수", "Score"), 12),
                "\(Scores.text(answer["score"])) "
                    + words(
                        "(수요 쪽 \(part("demandScore")), 공급 쪽 \(part("supplyScore")))",
                        "(demand side \(part("demandScore")), supply side \(part("supplyScore")))")
                    + ". " + Scores.meaning(answer)),
        ]
        let places = [
            ("inDemandsList", words("수요의 목록", "For demand")), ("inTechnologysList", words("기술의 목록", "For offer")),
        ]
        for (member, title) in places {
            guard let sentence = answer[member]?[words("ko", "en")]?.string else { continue }
            lines.append(Table.marked(Table.padded(title, 12), sentence))
        }
        for filter in answer["hardFilters"]?.array ?? [] {
            lines.append(
                Table.marked(
                    Table.padded(words("안 되는 까닭", "Why not"), 12),
                    Terminal.bad(filter[words("ko", "en")]?.string ?? filter["rule"]?.string ?? "")))
        }
        lines += ["", header] + rows
        lines.append(row(words("합계", "sum"), nil, nil, nil, answer["logit"]?.double))
        lines.append("")
        for cost in (answer["costs"]?.array ?? []).prefix(3) {
            guard let sentence = cost[words("ko", "en")]?.string else { continue }
            lines.append(Table.marked(Table.padded(words("깎은 것", "Cost most"), 15), sentence))
        }
        lines += list("matched", words("맞은 낱말", "Words found")) + list("missing", words("없는 낱말", "Words missing"))
        return lines.joined(separator: "\n")
    }

    private func part(_ name: String) -> String { Scores.text(answer[name]) }

    private var header: String {
        Terminal.strong(
            Table.padded(words("항목", "PART"), 16) + Table.padded(words("쪽", "SIDE"), 8) + right(words("가중치", "WEIGHT"))
                + right(words("값", "VALUE")) + right(words("더함", "ADDS")))
    }

    /// A line a reason, and below it its sentence; where both sides say the same, once.
    private var rows: [String] {
        let reasons = answer["reasons"]?.array ?? []
        return reasons.enumerated().flatMap { index, reason -> [String] in
            let line = row(
                Scores.name(reason["component"]?.string ?? ""), reason["side"]?.string, reason["weight"]?.double,
                reason["value"]?.double, reason["contribution"]?.double)
            let sentence = reason[words("ko", "en")]?.string ?? ""
            let next = index + 1 < reasons.count ? reasons[index + 1] : .null
            let isSaidNext =
                next["component"] == reason["component"] && next[words("ko", "en")]?.string == sentence
            return isSaidNext || sentence.isEmpty
                ? [line] : [line, Terminal.faint(Table.marked("", sentence, indent: 2))]
        }
    }

    private func row(_ name: String, _ side: String?, _ weight: Double?, _ value: Double?, _ adds: Double?) -> String {
        let side = side.map { $0 == "demand" ? words("수요", "demand") : words("공급", "supply") } ?? ""
        return Table.padded(name, 16) + Table.padded(side, 8) + right(weight.map { Scores.decimals($0, 2) })
            + right(value.map { Scores.decimals($0, 2) }) + right(adds.map { Scores.decimals($0, 3) })
    }

    private func right(_ text: String?) -> String {
        let text = text ?? ""
        return String(repeating: " ", count: max(0, 9 - Table.width(of: text))) + text
    }

    private func list(_ member: String, _ title: String) -> [String] {
        let found = (answer[member]?.array ?? []).compactMap { $0["text"]?.string }
        guard !found.isEmpty else { return [] }
        return [Table.marked(Table.padded(title, 15), found.joined(separator: ", "))]
    }
}
