import Daejeon
import JSON
import ServiceKit
import Vocabulary

/// What a flow did, in sentences.
struct Story {
    let flow: FlowView
    let data: [String: JSON]

    func text(_ line: Line) async throws -> String {
        var lines: [String] = [""]
        lines += need + recommendation
        lines += try await holds(line)
        lines += ["", flow.table, "", ending]
        return lines.joined(separator: "\n")
    }

    private var need: [String] {
        guard let demand = flow.result("demand") else { return [] }
        return [row(words("필요", "Need"), demand["title"], demand["id"])]
    }

    private var recommendation: [String] {
        guard let best = flow.result("recommend")?.at("/items/0") else { return [] }
        let score = best["score"]?.double.map { " · \(words("점수", "score")) \(Story.percent($0))" } ?? ""
        var lines = [row(words("추천된 기술", "Technology"), best["title"], best["id"]) + score]
        let reasons = (best["reasons"]?.array ?? []).sorted {
            ($0["contribution"]?.double ?? $0["value"]?.double ?? 0)
                > ($1["contribution"]?.double ?? $1["value"]?.double ?? 0)
        }
        var said: [String] = []
        for reason in reasons {
            let text = reason[words("ko", "en")]?.string ?? ""
            if !said.contains(text) { said.append(text) }
        }
        lines += said.prefix(3).map { "    · \($0)" }
        return lines
    }

    private func holds(_ line: Line) async throws -> [String] {
        var lines: [String] = []
        if let deal = flow.result("propose") {
            lines.append(row(words("합의", "Deal"), .string(words("양쪽이 수락했다", "both sides accepted")), deal["id"]))
        }
        if let hold = flow.result("hold.reservation") {
            let resource = try? await line.call("testbed.resources.get", ["id": hold["resourceId"] ?? .null])
            let name = resource.flatMap(Story.name)?.string ?? hold["resourceId"]?.string ?? ""
            let when = Story.seoul(hold["start"], hold["end"])
            lines.append(row(words("실증 시간", "Testbed slot"), .string("\(name), \(when)"), hold["id"]))
        }
        if let hold = flow.result("hold.engagement") {
            let share = hold["share"]?.integer ?? 0
            let text = words(
                "전문인력 한 명, 근무의 \(share)%, \(hold["start"]?.string ?? "")부터 \(hold["end"]?.string ?? "")까지",
                "one specialist, \(share)% of full time, \(hold["start"]?.string ?? "") to \(hold["end"]?.string ?? "")"
            )
            lines.append(row(words("전문인력", "Specialist"), .string(text), hold["id"]))
        }
        if let hold = flow.result("hold.coinvestment") {
            let amount = hold["amount"]?.integer ?? 0
            lines.append(row(words("공동투자", "Co-investment"), .string(Story.money(amount)), hold["id"]))
        }
        return lines
    }

    private var ending: String {
        if flow.isCompleted {
            return Terminal.good("✓ ")
                + words(
                    "필요 하나가 거래 하나가 되었다: 보류 넷이 함께 확정되었고, 하나라도 어긋났다면 모두 되돌려졌을 것이다.",
                    "One need became one transaction: all holds were posted together; had one failed, all would have been undone."
                )
        }
        return Terminal.bad("✗ ") + flow.head
    }

    /// What to try next.
    static func next(_ id: String) -> String {
        let ieum = Invocation.name
        let rows = [
            ("\(ieum) status", words("누가 도는가", "who runs")),
            ("\(ieum) flow get \(id)", words("방금 그 거래", "the flow once more")),
            ("\(ieum) events --types 'ieum.*' --limit 30", words("무슨 일이 있었는가", "what happened")),
            ("\(ieum) call matching.demands.list '{\"limit\":3}'", words("다른 필요들", "other needs")),
            ("\(ieum) methods", words("부를 수 있는 모든 것", "everything that can be called")),
            ("\(ieum) down", words("모두 끝내기", "stop everything")),
        ]
        var table = Table([words("이제 해 볼 것", "What to try next"), ""])
        for (command, meaning) in rows { table.row(["  " + command, meaning]) }
        return "\n" + table.text
    }

    // MARK: Words

    private func row(_ label: String, _ text: JSON?, _ id: JSON?) -> String {
        let padding = String(repeating: " ", count: max(1, 16 - Table.width(of: label)))
        return "  \(Terminal.strong(label))\(padding)\(text?.string ?? "") \(Terminal.faint(id?.string ?? ""))"
    }

    /// A name that is a text, a pair of languages, or two members.
    private static func name(_ json: JSON) -> JSON? {
        json.at(words("/name/ko", "/name/en")) ?? json[words("nameKo", "nameEn")] ?? json["name"] ?? json["title"]
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))/100" }

    static func money(_ amount: Int64) -> String { words(Won(amount).text.ko, Won(amount).text.en) }

    /// An interval on a clock in Daejeon.
    static func seoul(_ start: JSON?, _ end: JSON?) -> String {
        guard let start = start?.string.flatMap(Instant.init), let end = end?.string.flatMap(Instant.init) else {
            return ""
        }
        func local(_ instant: Instant) -> (day: String, time: String) {
            let text = Instant(milliseconds: instant.milliseconds + 9 * 3_600_000).description
            return (String(text.prefix(10)), String(text.dropFirst(11).prefix(5)))
        }
        let (from, to) = (local(start), local(end))
        let last = from.day == to.day ? to.time : "\(to.day) \(to.time)"
        return "\(from.day) \(from.time)–\(last) " + words("(한국 시각)", "(Korean time)")
    }
}
