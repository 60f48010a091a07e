import ArgumentParser
import Foundation

/// `ieum doctor`: looks at the surroundings and says what to do about what it finds.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("환경을 살피고 고칠 것을 말한다.", "Checks the surroundings and says what to do."))

    @Flag(help: .init(words("IEUM_* 변수를 모두 보인다.", "List every IEUM_* variable instead.")))
    var settings = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        if settings { return try showSettings() }
        let findings = Examination(
            directories: Directories(), environment: ProcessInfo.processInfo.environment
        ).findings()
        let healthy = !findings.contains { $0.grade == .bad }
        if json {
            try Terminal.json(Report(healthy: healthy, findings: findings))
        } else {
            for finding in findings { Terminal.line(finding.text) }
        }
        if !healthy { throw Finished(status: .unhealthy) }
    }

    private func showSettings() throws {
        let environment = ProcessInfo.processInfo.environment
        if json {
            return try Terminal.json(
                Settings.all.map {
                    [
                        "name": $0.name, "value": environment[$0.name], "default": $0.standard,
                        "meaning": $0.meaning,
                    ]
                })
        }
        var table = Table([
            words("변수", "VARIABLE"), words("지금", "NOW"), words("기본", "DEFAULT"), words("뜻", "MEANING"),
        ])
        for setting in Settings.all {
            table.row([setting.name, environment[setting.name] ?? "-", setting.standard, setting.meaning])
        }
        Terminal.line(table.text)
        Terminal.line(words("한계의 변수: ieum limits", "The variables of the limits: ieum limits"))
    }

    private struct Report: Encodable {
        let healthy: Bool
        let findings: [Finding]
    }
}

/// One thing that was looked at.
struct Finding: Encodable, Sendable {
    enum Grade: String, Encodable, Sendable { case good, warning, bad }

    let subject: String
    let grade: Grade
    let observed: String
    /// What to do; empty when nothing.
    var next = ""

    var text: String {
        let mark =
            switch grade {
            case .good: Terminal.good("✓")
            case .warning: Terminal.strong("!")
            case .bad: Terminal.bad("✗")
            }
        return "\(mark) \(subject): \(observed)" + (next.isEmpty ? "" : "\n  → \(next)")
    }
}
