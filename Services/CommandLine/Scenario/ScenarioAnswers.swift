import JSON
import ServiceKit

/// Requests and answers of a run, and the words of a difference.
extension ScenarioRun {
    func prepare(
        _ action: Scenario.Call, _ step: Scenario.Step, _ references: References
    ) throws(Stop) -> Request {
        Request(
            method: action.method, params: try resolve(action.params, step, references), service: action.service,
            key: try action.key.map { key throws(Stop) in
                let value = try resolve(.string(key), step, references)
                return value.string ?? value.text
            }, deadline: action.deadline ?? ScenarioRun.standardDeadline)
    }

    func send(_ request: Request) async -> Result<JSON, Fault> {
        do { return .success(try await call(request)) } catch let fault as Fault { return .failure(fault) } catch {
            return .failure(Fault(.internalError, data: ["reason": .string("\(error)")]))
        }
    }

    func resolve(_ value: JSON, _ step: Scenario.Step, _ references: References) throws(Stop) -> JSON {
        do { return try references.resolve(value) } catch {
            throw Stop(line: step.line, title: step.title, reason: error.description)
        }
    }

    func verify(
        _ pattern: JSON, _ answer: Result<JSON, Fault>, _ request: Request, _ step: Scenario.Step
    ) throws(Stop) {
        guard case .success(let value) = answer else {
            throw stop(step, request, answer, expected: pattern.text)
        }
        do { try Expectation.check(pattern, value) } catch {
            throw Stop(
                line: step.line, title: step.title, pointer: error.pointer, expected: error.expected,
                actual: error.actual, request: json(request), answer: value)
        }
    }

    /// An error is expected by its name alone, or by a pattern over its JSON form with the name beside the code.
    func verifyFault(_ pattern: JSON, _ fault: Fault, _ request: Request, _ step: Scenario.Step) throws(Stop) {
        var form = fault.json
        form["name"] = .string(fault.code.name)
        let whole: JSON = pattern.string.map { ["name": .string($0)] } ?? pattern
        do { try Expectation.check(whole, form) } catch {
            throw Stop(
                line: step.line, title: step.title, pointer: error.pointer, expected: error.expected,
                actual: error.actual, request: json(request), answer: form)
        }
    }

    func stop(
        _ step: Scenario.Step, _ request: Request, _ answer: Result<JSON, Fault>, expected: String
    ) -> Stop {
        switch answer {
        case .success(let value):
            Stop(
                line: step.line, title: step.title, expected: expected, actual: Expectation.shortened(value),
                request: json(request), answer: value)
        case .failure(let fault):
            Stop(
                line: step.line, title: step.title, expected: expected,
                actual: "\(fault.code.name): \(words(fault.message.ko, fault.message.en))", request: json(request),
                answer: fault.json)
        }
    }

    private func json(_ request: Request) -> JSON {
        var form: JSON = ["method": .string(request.method), "params": request.params]
        if let key = request.key { form["key"] = .string(key) }
        return form
    }

    // MARK: Events

    /// Where the log ends before `step`, the first of the run: older events are not what it waits for.
    func lastSequence(before step: Scenario.Step) async throws(Stop) -> Int64 {
        try await events(after: 0, limit: 1, step).last
    }

    private func events(after position: Int64, limit: Int64, _ step: Scenario.Step) async throws(Stop) -> EventPage {
        let request = Request(
            method: "gateway.events.read", params: ["after": .integer(position), "limit": .integer(limit)],
            service: nil, key: nil, deadline: ScenarioRun.standardDeadline)
        let answer = await send(request)
        guard case .success(let page) = answer else {
            throw stop(step, request, answer, expected: words("이벤트 기록", "the event log"))
        }
        return EventPage(page)
    }

    /// Waits for an event since the start of the run.
    func perform(
        _ action: Scenario.Await, _ step: Scenario.Step, _ references: References, after start: Int64
    ) async throws(Stop) -> JSON.Members {
        let pattern = try action.pattern.map { pattern throws(Stop) in try resolve(pattern, step, references) }
        let deadline = ContinuousClock.now + action.within
        var position = start
        var near: JSON?
        while true {
            let page = try await events(after: position, limit: 200, step)
            for event in page.items where EventPage.matches(action.type, event["type"]?.string ?? "") {
                near = event
                if pattern == nil || Expectation.holds(pattern ?? .null, event) {
                    var members = JSON.Members()
                    for (name, pointer) in action.capture { members[name] = event.at(pointer) ?? .null }
                    return members
                }
            }
            position = max(position, page.items.last?["sequence"]?.integer ?? position)
            guard ContinuousClock.now < deadline else { break }
            if page.items.isEmpty { try? await Task.sleep(for: ScenarioRun.pollInterval) }
        }
        throw Stop(
            line: step.line, title: step.title,
            expected: words("\(action.within) 안에 이벤트 ", "within \(action.within) the event ") + action.type
                + (pattern.map { " " + $0.text } ?? ""),
            actual: near.map { Expectation.shortened($0) } ?? words("오지 않았다", "it did not come"))
    }
}

extension Scenario.Step {
    /// Whether this step or one inside it waits for events.
    var awaitsEvents: Bool {
        switch action {
        case .await: true
        case .parallel(_, let step, _): step.awaitsEvents
        case .together(let steps): steps.contains(where: \.awaitsEvents)
        default: false
        }
    }
}
