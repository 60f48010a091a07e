import JSON

/// One flow as `gateway.flows.get` tells it, for people.
struct FlowView: Sendable {
    let json: JSON

    var id: String { json["id"]?.string ?? "?" }
    var phase: String { json["state"]?.string ?? "?" }
    var steps: [JSON] { json["steps"]?.array ?? [] }

    /// Nothing happens any more until somebody acts.
    var isAtRest: Bool { ["completed", "voided", "settled", "unsettled"].contains(phase) }
    var isCompleted: Bool { phase == "completed" }

    static func phaseWords(_ phase: String) -> String {
        switch phase {
        case "running": words("진행 중", "running")
        case "waiting": words("승인을 기다림", "waiting for approval")
        case "committed": words("확정됨, 반영 중", "decided, posting")
        case "voiding": words("되돌리는 중", "undoing")
        case "completed": Terminal.good(words("완료", "completed"))
        case "voided": Terminal.bad(words("취소됨", "voided"))
        case "unsettled": Terminal.bad(words("사람이 매듭지어야 함", "unsettled"))
        case "settled": words("매듭지음", "settled")
        default: phase
        }
    }

    /// `✓ hold.reservation  Holds the testbed slot  done  12 ms`, one row a step.
    var table: String {
        var table = Table([
            "", words("단계", "STEP"), words("하는 일", "WHAT IT DOES"), words("상태", "STATE"), words("시도", "TRIES"), "",
        ])
        for step in steps {
            let state = step["state"]?.string ?? ""
            table.row([
                FlowView.mark(state), step["name"]?.string ?? "", title(step), FlowView.stateWords(state),
                step["attempts"]?.integer.map(String.init) ?? "", detail(step),
            ])
        }
        return table.text
    }

    /// The flow's head: identifier, state, and why it ended as it did.
    var head: String {
        var text = "\(json["flow"]?.string ?? "") \(id): \(FlowView.phaseWords(phase))"
        if let reason = json.at(words("/reason/message/ko", "/reason/message/en"))?.string { text += " – \(reason)" }
        if let gate = json["waitingFor"]?.string {
            text += words(" · ‘\(gate)’ 승인을 기다린다", " · waits for the approval of ‘\(gate)’")
        }
        return text
    }

    func step(_ name: String) -> JSON? { steps.first { $0["name"]?.string == name } }
    func result(_ name: String) -> JSON? {
        step(name)?["result"] ?? json["results"]?[name]
    }

    private func title(_ step: JSON) -> String {
        step.at(words("/title/ko", "/title/en"))?.string ?? ""
    }

    private func detail(_ step: JSON) -> String {
        if let message = step.at("/error/data/message/\(words("ko", "en"))")?.string
            ?? step.at("/error/message")?.string
        {
            return Terminal.bad(message)
        }
        return step.at("/result/id")?.string ?? ""
    }

    private static func mark(_ state: String) -> String {
        switch state {
        case "done": Terminal.good("✓")
        case "failed": Terminal.bad("✗")
        case "running", "retrying": "…"
        case "waiting": "◷"
        case "skipped": Terminal.faint("-")
        default: Terminal.faint("·")
        }
    }

    private static func stateWords(_ state: String) -> String {
        switch state {
        case "pending": Terminal.faint(words("아직", "pending"))
        case "waiting": words("기다림", "waiting")
        case "running": words("진행", "running")
        case "retrying": words("다시 시도", "retrying")
        case "done": words("끝", "done")
        case "skipped": Terminal.faint(words("건너뜀", "skipped"))
        case "failed": Terminal.bad(words("실패", "failed"))
        default: state
        }
    }
}
