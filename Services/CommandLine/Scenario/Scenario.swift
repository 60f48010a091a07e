import JSON
import Yams

/// A readable file of calls, expectations and awaited events. `Docs/contributors.md` has the whole form.
struct Scenario: Sendable {
    let name: String
    let steps: [Step]

    /// One entry of `steps`.
    struct Step: Sendable {
        let line: Int
        /// What the report calls it.
        let title: String
        let action: Action
    }

    indirect enum Action: Sendable {
        case call(Call)
        case await(Await)
        /// The same step many times at once; `tally` counts the outcomes (`ok` or the error's name).
        case parallel(count: Int, step: Step, tally: JSON?)
        /// Different steps at once.
        case together([Step])
        case wait(Duration)
        /// Names for values, without a call.
        case set(JSON)
    }

    struct Call: Sendable {
        let method: String
        let service: String?
        let params: JSON
        let key: String?
        let deadline: Duration?
        let expect: JSON?
        /// The error that must come: its name, or a pattern over `{code, name, message, data}`.
        let error: JSON?
        let capture: [(name: String, pointer: String)]
        /// Repeats the call until the result looks like this.
        let until: JSON?
        let within: Duration
    }

    struct Await: Sendable {
        let type: String
        let pattern: JSON?
        let within: Duration
        let capture: [(name: String, pointer: String)]
    }

    static let patience: Duration = .seconds(10)

    init(parsing text: String, file: String) throws(ScenarioText.Mistake) {
        let root = try ScenarioText.parse(text)
        guard let list = root.mapping?["steps"]?.sequence else {
            throw .init(line: 1, reason: words("steps: 목록이 없다", "there is no list `steps:`"))
        }
        name = root.mapping?["scenario"]?.string ?? file
        var steps: [Step] = []
        for node in list { steps.append(try Step(node)) }
        self.steps = steps
    }
}

extension Scenario.Step {
    private static let callMembers: Set<String> = [
        "name", "call", "service", "params", "key", "deadline", "expect", "error", "capture", "until", "within",
    ]

    init(_ node: Node) throws(ScenarioText.Mistake) {
        line = node.mark?.line ?? 0
        guard let pairs = node.mapping else {
            throw .init(line: line, reason: words("걸음은 이름: 값 이어야 한다", "a step must be a mapping"))
        }
        let json = try ScenarioText.json(node)
        let name = json["name"]?.string
        if let method = json["call"]?.string {
            try Self.refuseUnknown(json, Self.callMembers, line)
            action = .call(try Scenario.Call(method, json, line))
            title = name ?? method
        } else if let type = json["await"]?.string {
            try Self.refuseUnknown(json, ["name", "await", "where", "within", "capture"], line)
            action = .await(
                Scenario.Await(
                    type: type, pattern: json["where"], within: try json.span("within", line) ?? Scenario.patience,
                    capture: try json.captures(line)))
            title = name ?? words("이벤트 \(type)", "event \(type)")
        } else if let count = json["parallel"]?.integer, let step = pairs["step"] {
            try Self.refuseUnknown(json, ["name", "parallel", "step", "tally"], line)
            let inner = try Scenario.Step(step)
            action = .parallel(count: Int(max(1, min(count, 10_000))), step: inner, tally: json["tally"])
            title = name ?? "\(count) × \(inner.title)"
        } else if let nodes = pairs["together"]?.sequence {
            var steps: [Scenario.Step] = []
            for node in nodes { steps.append(try Scenario.Step(node)) }
            action = .together(steps)
            title = name ?? steps.map(\.title).joined(separator: " + ")
        } else if let span = try json.span("wait", line) {
            action = .wait(span)
            title = name ?? words("기다림", "wait")
        } else if let values = json["set"], values.object != nil {
            action = .set(values)
            title = name ?? "set"
        } else {
            let known = "call, await, parallel + step, together, wait, set"
            throw .init(line: line, reason: words("걸음은 다음 가운데 하나여야 한다: \(known)", "a step must be one of: \(known)"))
        }
    }

    private static func refuseUnknown(_ json: JSON, _ known: Set<String>, _ line: Int) throws(ScenarioText.Mistake) {
        guard let stranger = json.object?.keys.first(where: { !known.contains($0) }) else { return }
        let list = known.sorted().joined(separator: ", ")
        throw .init(
            line: line, reason: words("모르는 이름 ‘\(stranger)’ (\(list))", "unknown member ‘\(stranger)’ (\(list))"))
    }
}

extension Scenario.Call {
    init(_ method: String, _ json: JSON, _ line: Int) throws(ScenarioText.Mistake) {
        self.method = method
        service = json["service"]?.string
        params = json["params"] ?? [:]
        key = json["key"]?.string
        deadline = try json.span("deadline", line)
        expect = json["expect"]
        error = json["error"]
        capture = try json.captures(line)
        until = json["until"]
        within = try json.span("within", line) ?? Scenario.patience
    }
}

extension JSON {
    /// A span such as `250ms`, `5s`, `2m`.
    fileprivate func span(_ name: String, _ line: Int) throws(ScenarioText.Mistake) -> Duration? {
        guard let value = self[name] else { return nil }
        if let text = value.string, let span = Duration(spelled: text) { return span }
        throw .init(line: line, reason: words("\(name): 250ms, 5s, 2m 처럼 쓴다", "\(name): write 250ms, 5s or 2m"))
    }

    fileprivate func captures(_ line: Int) throws(ScenarioText.Mistake) -> [(name: String, pointer: String)] {
        var list: [(name: String, pointer: String)] = []
        for (name, pointer) in self["capture"]?.object ?? JSON.Members() {
            guard let pointer = pointer.string, pointer.isEmpty || pointer.hasPrefix("/") else {
                throw .init(line: line, reason: words("capture 는 이름: /포인터", "capture takes name: /pointer"))
            }
            list.append((name, pointer))
        }
        return list
    }
}
