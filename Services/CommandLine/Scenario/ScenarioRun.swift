import Foundation
import JSON
import ServiceKit

/// Plays a scenario against whatever `call` reaches, and stops at the first difference.
struct ScenarioRun: Sendable {
    struct Request: Sendable {
        let method: String
        let params: JSON
        let service: String?
        let key: String?
        let deadline: Duration
    }

    /// Sends one request; throws the `Fault` that came instead of a result.
    typealias Caller = @Sendable (Request) async throws -> JSON

    /// Where a scenario stopped, and why.
    struct Stop: Error, Sendable {
        let line: Int
        let title: String
        var pointer: String?
        var expected: String?
        var actual: String?
        var reason: String?
        var request: JSON?
        var answer: JSON?
    }

    static let standardDeadline: Duration = .seconds(10)
    static let pollInterval: Duration = .milliseconds(25)

    let call: Caller
    /// Told of every finished step of the top level.
    var progress: @Sendable (_ step: Scenario.Step, _ spent: Duration) -> Void = { _, _ in }

    /// Plays all steps.
    /// - Parameter run: what `${run}` stands for.
    func play(_ scenario: Scenario, run: String = ScenarioRun.freshName()) async throws(Stop) {
        var references = References(run: run)
        var start: Int64 = 0
        if let first = scenario.steps.first(where: \.awaitsEvents) { start = try await lastSequence(before: first) }
        for step in scenario.steps {
            let begun = ContinuousClock.now
            let captured = try await perform(step, references, start)
            for (name, value) in captured { references[name] = value }
            progress(step, ContinuousClock.now - begun)
        }
    }

    static func freshName() -> String { String(UUID().uuidString.prefix(8)).lowercased() }

    // MARK: One step

    func perform(_ step: Scenario.Step, _ references: References, _ start: Int64) async throws(Stop) -> JSON.Members {
        switch step.action {
        case .call(let action):
            return try await perform(action, step, references)
        case .await(let action):
            return try await perform(action, step, references, after: start)
        case .parallel(let count, let inner, let tally):
            return try await perform(count, inner, tally, step, references, start)
        case .together(let steps):
            return try await together(steps, references, start)
        case .wait(let span):
            try? await Task.sleep(for: span)
            return .init()
        case .set(let values):
            return try resolve(values, step, references).object ?? .init()
        }
    }

    private func perform(
        _ action: Scenario.Call, _ step: Scenario.Step, _ references: References
    ) async throws(Stop) -> JSON.Members {
        let request = try prepare(action, step, references)
        let deadline = ContinuousClock.now + action.within
        while true {
            let answer = await send(request)
            if let until = action.until {
                let pattern = try resolve(until, step, references)
                if !Expectation.holds(pattern, try? answer.get()), ContinuousClock.now < deadline {
                    try? await Task.sleep(for: ScenarioRun.pollInterval)
                    continue
                }
                try verify(pattern, answer, request, step)
            }
            return try settle(answer, action, request, step, references)
        }
    }

    /// Checks one answer against the step and takes what it captures.
    private func settle(
        _ answer: Result<JSON, Fault>, _ action: Scenario.Call, _ request: Request, _ step: Scenario.Step,
        _ references: References
    ) throws(Stop) -> JSON.Members {
        if let wish = action.error {
            let pattern = try resolve(wish, step, references)
            guard case .failure(let fault) = answer else {
                throw stop(step, request, answer, expected: words("오류 ", "the error ") + wish.text)
            }
            try verifyFault(pattern, fault, request, step)
            return captured(action, fault.json, step)
        }
        guard case .success(let value) = answer else {
            throw stop(step, request, answer, expected: words("결과", "a result"))
        }
        if let expect = action.expect { try verify(try resolve(expect, step, references), answer, request, step) }
        return captured(action, value, step)
    }

    private func captured(_ action: Scenario.Call, _ value: JSON, _ step: Scenario.Step) -> JSON.Members {
        var members = JSON.Members()
        for (name, pointer) in action.capture { members[name] = value.at(pointer) ?? .null }
        return members
    }

    // MARK: Many at once

    private func perform(
        _ count: Int, _ inner: Scenario.Step, _ tally: JSON?, _ step: Scenario.Step, _ references: References,
        _ start: Int64
    ) async throws(Stop) -> JSON.Members {
        let results = await withTaskGroup(of: (Int, Result<JSON.Members, Stop>, String).self) { group in
            for index in 0..<count {
                var own = references
                own["index"] = .integer(Int64(index))
                group.addTask { [own] in await self.one(inner, own, start, isCounted: tally != nil, index) }
            }
            var list: [(Int, Result<JSON.Members, Stop>, String)] = []
            for await result in group { list.append(result) }
            return list.sorted { $0.0 < $1.0 }
        }
        var counts = JSON.Members()
        var lists = JSON.Members()
        for (_, result, outcome) in results {
            let members = try result.get()
            counts[outcome] = .integer((counts[outcome]?.integer ?? 0) + 1)
            for (name, value) in members { lists[name] = .array((lists[name]?.array ?? []) + [value]) }
        }
        if let tally {
            let pattern = try resolve(tally, step, references)
            // An outcome that the scenario does not name must not occur.
            for outcome in counts.keys where pattern[outcome] == nil {
                throw Stop(
                    line: step.line, title: step.title, expected: pattern.text, actual: JSON.object(counts).text)
            }
            do { try Expectation.check(pattern, .object(counts)) } catch {
                throw Stop(
                    line: step.line, title: step.title, pointer: error.pointer, expected: error.expected,
                    actual: error.actual + " · " + JSON.object(counts).text)
            }
        }
        return lists
    }

    /// One copy of a parallel step. When outcomes are counted, an error is an outcome as good as a result.
    private func one(
        _ step: Scenario.Step, _ references: References, _ start: Int64, isCounted: Bool, _ index: Int
    ) async -> (Int, Result<JSON.Members, Stop>, String) {
        guard isCounted, case .call(let action) = step.action else {
            do throws(Stop) { return (index, .success(try await perform(step, references, start)), "ok") } catch {
                return (index, .failure(error), "stopped")
            }
        }
        do throws(Stop) {
            let request = try prepare(action, step, references)
            switch await send(request) {
            case .success(let value):
                if let expect = action.expect {
                    try verify(try resolve(expect, step, references), .success(value), request, step)
                }
                return (index, .success(captured(action, value, step)), "ok")
            case .failure(let fault):
                if let wish = action.error {
                    try verifyFault(try resolve(wish, step, references), fault, request, step)
                }
                return (index, .success(.init()), fault.code.name)
            }
        } catch { return (index, .failure(error), "stopped") }
    }

    private func together(
        _ steps: [Scenario.Step], _ references: References, _ start: Int64
    ) async throws(Stop) -> JSON.Members {
        let results = await withTaskGroup(of: Result<JSON.Members, Stop>.self) { group in
            for step in steps {
                group.addTask {
                    do throws(Stop) { return .success(try await self.perform(step, references, start)) } catch {
                        return .failure(error)
                    }
                }
            }
            var list: [Result<JSON.Members, Stop>] = []
            for await result in group { list.append(result) }
            return list
        }
        var all = JSON.Members()
        for result in results { for (name, value) in try result.get() { all[name] = value } }
        return all
    }
}
