import ArgumentParser
import Foundation
import JSON

/// `ieum check FILE…`: plays scenarios against the running set.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("시나리오 파일을 실행하고 기대와 견준다.", "Plays scenario files and compares with what they expect."),
        discussion: words(
            "YAML 파일의 형식은 Docs/contributors.md 에 있다. 첫 번째로 다른 곳에서 멈추고 1로 끝난다.",
            "Docs/contributors.md has the form of the YAML files. Stops at the first difference and ends with 1."))

    @Argument(help: .init(words("시나리오 파일.", "Scenario files.")))
    var files: [String]

    @Flag(name: .shortAndLong, help: .init(words("걸음마다 보인다.", "Show every step.")))
    var verbose = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        var reports: [ScenarioReport] = []
        // All files are read before the first call: a typing mistake in the last one must not cost a run.
        let scenarios = try files.map { file in (file, try Check.read(file)) }
        try await Line.open { line in
            for (file, scenario) in scenarios {
                let report = await play(scenario, file, line)
                reports.append(report)
                if !json { Terminal.line(report.text) }
            }
        }
        if json { Terminal.line(JSON.array(reports.map(\.json)).pretty()) }
        if reports.contains(where: { $0.stop != nil }) { throw Finished(status: .refused) }
    }

    static func read(_ file: String) throws(Failure) -> Scenario {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Failure(
                .usage, words("파일을 읽을 수 없다: \(file)", "Cannot read \(file)"),
                next: words("경로를 확인한다.", "Check the path."))
        }
        do { return try Scenario(parsing: String(decoding: bytes, as: UTF8.self), file: file) } catch {
            throw Failure(
                .usage, "\(file): \(error)", next: words("형식은 Docs/contributors.md", "The form: Docs/contributors.md"))
        }
    }

    private func play(_ scenario: Scenario, _ file: String, _ line: Line) async -> ScenarioReport {
        let begun = ContinuousClock.now
        let showsSteps = verbose && !json
        let run = ScenarioRun(
            call: { request in
                try await line.call(
                    request.method, request.params, service: request.service, key: request.key,
                    deadline: request.deadline)
            },
            progress: { step, spent in
                if showsSteps {
                    Terminal.line("  \(Terminal.good("✓")) \(step.title) (\(Int(spent / .milliseconds(1))) ms)")
                }
            })
        var stop: ScenarioRun.Stop?
        do { try await run.play(scenario) } catch { stop = error }
        return ScenarioReport(file: file, name: scenario.name, spent: ContinuousClock.now - begun, stop: stop)
    }
}

/// How one scenario went.
struct ScenarioReport: Sendable {
    let file: String
    let name: String
    let spent: Duration
    let stop: ScenarioRun.Stop?

    private var spentMs: Int { Int(spent / .milliseconds(1)) }

    var text: String {
        guard let stop else { return "\(Terminal.good("✓")) \(name) (\(spentMs) ms)" }
        var lines = ["\(Terminal.bad("✗")) \(name)", "  \(file):\(stop.line) · \(stop.title)"]
        if let reason = stop.reason { lines.append("  \(reason)") }
        if let pointer = stop.pointer, !pointer.isEmpty { lines.append(words("  어디:   ", "  where:    ") + pointer) }
        if let expected = stop.expected { lines.append(words("  기대:   ", "  expected: ") + expected) }
        if let actual = stop.actual { lines.append(words("  실제:   ", "  actual:   ") + actual) }
        if let request = stop.request {
            lines.append(words("  보낸 것: ", "  sent:     ") + Expectation.shortened(request))
        }
        if let answer = stop.answer { lines.append(words("  받은 것: ", "  received: ") + Expectation.shortened(answer)) }
        return lines.joined(separator: "\n")
    }

    var json: JSON {
        var form: JSON = [
            "file": .string(file), "scenario": .string(name), "passed": .bool(stop == nil),
            "milliseconds": .integer(Int64(spentMs)),
        ]
        guard let stop else { return form }
        var detail: JSON = ["line": .integer(Int64(stop.line)), "step": .string(stop.title)]
        let texts = [
            ("pointer", stop.pointer), ("expected", stop.expected), ("actual", stop.actual), ("reason", stop.reason),
        ]
        for (name, text) in texts { if let text { detail[name] = .string(text) } }
        if let request = stop.request { detail["request"] = request }
        if let answer = stop.answer { detail["answer"] = answer }
        form["stop"] = detail
        return form
    }
}
