import ArgumentParser
import Foundation

/// `ieum doctor`: looks at the surroundings and says what to do about what it finds.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("환경을 살피고 고칠 것을 말한다.", "Checks the surroundings and says what to do."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
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
