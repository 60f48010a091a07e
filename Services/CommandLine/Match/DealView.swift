import JSON

/// One deal for people: its stages as a line, and what was done.
struct DealView: Sendable {
    let json: JSON
    /// Of demands and technologies, by identifier.
    let titles: [String: String]

    static let stages = ["interest", "nda", "consulting", "valuation", "negotiation", "contract", "followUp"]

    static func stage(_ stage: String) -> String {
        switch stage {
        case "interest": words("관심", "interest")
        case "nda": words("비밀유지", "NDA")
        case "consulting": words("상담", "consulting")
        case "valuation": words("가치평가", "valuation")
        case "negotiation": words("협상", "terms")
        case "contract": words("계약", "contract")
        case "followUp": words("사업화 추적", "follow-up")
        default: stage
        }
    }

    static func state(_ state: String) -> String {
        switch state {
        case "interest": words("한쪽의 관심", "one side's interest")
        case "agreed": words("양쪽 수락", "both accepted")
        case "committed": Terminal.good(words("이전됨", "transferred"))
        case "declined": Terminal.bad(words("거절됨", "declined"))
        case "withdrawn": Terminal.bad(words("거두어들임", "withdrawn"))
        default: state
        }
    }

    /// What a step of the history did.
    static func action(_ action: String) -> String {
        switch action {
        case "proposed": words("관심 밝힘", "proposed")
        case "accepted": words("수락", "accepted")
        case "agreed": words("양쪽 수락", "both accepted")
        case "declined": words("거절", "declined")
        case "withdrawn": words("거두어들임", "withdrawn")
        case "committed": words("이전", "transferred")
        case "ndaSigned": words("비밀유지 서명", "NDA signed")
        case "disclosed": words("자료 제공", "disclosed")
        case "consulted": words("상담", "consulted")
        case "valued": words("가치평가", "valued")
        case "finished": words("단계 마침", "stage finished")
        case "skipped": words("건너뜀", "skipped")
        case "offered": words("조건 제시", "terms offered")
        case "termsAccepted": words("조건 수락", "terms accepted")
        case "signed": words("계약 서명", "contract signed")
        case "concluded": words("계약 체결", "concluded")
        case "stalled": words("멈춤", "stands still")
        case "moved": words("기관 바뀜", "organisation changed")
        default: action
        }
    }

    /// `● 관심 ─ ● 비밀유지 ─ ◉ 상담 ─ ○ 가치평가 …`: what is behind it, where it stands, what is to come.
    var line: String {
        let now = Self.stages.firstIndex(of: json["stage"]?.string ?? "") ?? 0
        let marks = Self.stages.enumerated().map { index, stage in
            let mark = index < now ? "●" : index == now ? "◉" : "○"
            let text = "\(mark) \(Self.stage(stage))"
            return index == now ? Terminal.strong(text) : text
        }
        return Table.wrapped(marks.map { $0.replacing(" ", with: "\u{A0}") }.joined(separator: " ─ "), Table.pageWidth)
            .joined(separator: "\n").replacing("\u{A0}", with: " ")
    }

    var short: String {
        var head = Terminal.faint(string("id")) + "  " + Self.state(string("state"))
        if let reason = json["reason"]?.string { head += " (\(DeclineReasons.name(reason)))" }
        if json["stalledAt"]?.string != nil { head += " · " + Terminal.bad(words("오래 멈춤", "stands still")) }
        return [
            head, Table.marked(words("  수요 ", "  demand     "), title("demandId")),
            Table.marked(words("  기술 ", "  technology "), title("technologyId")), line, "",
        ].joined(separator: "\n")
    }

    var long: String {
        var lines = [short]
        if json["isContactMasked"]?.bool == true {
            lines.append(words("연락처는 양쪽이 수락한 뒤에 보인다.", "Contacts are shown once both have accepted."))
        }
        for side in ["demand", "supply"] {
            guard let contact = json["\(side)Contact"]?.object, !contact.isEmpty else { continue }
            let text = contact.map(\.value).compactMap(\.string).joined(separator: ", ")
            lines.append(Table.marked(words(side == "demand" ? "수요 쪽: " : "공급 쪽: ", "\(side) side: "), text))
        }
        var table = Table([
            words("때 (UTC)", "WHEN (UTC)"), words("일", "ACTION"), words("쪽", "SIDE"), words("단계", "STAGE"),
            words("까닭·메모", "REASON, NOTE"),
        ])
        for step in json["history"]?.array ?? [] {
            let why = [step["reason"]?.string.map(DeclineReasons.name), step["note"]?.string].compactMap(\.self)
            table.row([
                String((step["at"]?.string ?? "").prefix(16)).replacing("T", with: " "),
                Self.action(step["action"]?.string ?? ""),
                step["side"]?.string.map { $0 == "demand" ? words("수요", "demand") : words("공급", "supply") } ?? "",
                step["stage"]?.string.map(Self.stage) ?? "", Table.fitted(why.joined(separator: ": "), 30),
            ])
        }
        lines.append(table.text)
        if let next = next { lines.append("\n→ " + next) }
        return lines.joined(separator: "\n")
    }

    /// What can be done next.
    private var next: String? {
        let id = string("id")
        switch string("state") {
        case "interest":
            let side = json["demandAcceptedAt"]?.string == nil ? "demand" : "supply"
            return words("상대의 답: ", "The other's answer: ") + "ieum deals accept \(id) --side \(side)"
        case "agreed":
            return words(
                "다음 단계의 메서드: ieum methods matching (matching.deals.…)",
                "Methods of the next steps: ieum methods matching (matching.deals.…)")
        default: return nil
        }
    }

    private func string(_ member: String) -> String { json[member]?.string ?? "" }
    private func title(_ member: String) -> String { titles[string(member)] ?? string(member) }
}
