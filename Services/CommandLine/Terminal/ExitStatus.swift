import Foundation
import JSON
import ServiceKit

/// Exit codes, for scripts. `ieum help` prints this list.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    /// The service answered with an error, or an expectation was not met.
    case refused = 1
    /// Nobody answered: no gateway, or no worker for that name.
    case unanswered = 2
    /// The deadline passed.
    case timedOut = 3
    /// Something that should run does not, or does not run well.
    case unhealthy = 4
    /// The command line itself was wrong (`EX_USAGE`).
    case usage = 64
    case interrupted = 130

    var meaning: String {
        switch self {
        case .success: words("성공", "success")
        case .refused:
            words(
                "서비스가 오류로 답했거나 기대와 다르다", "the service answered with an error, or an expectation was not met")
        case .unanswered:
            words(
                "답이 없다: 게이트웨이가 없거나 그 이름의 서비스가 없다", "nobody answered: no gateway, or no worker for that name")
        case .timedOut: words("기한이 지났다", "the deadline passed")
        case .unhealthy: words("돌아야 할 것이 돌지 않는다", "something that should run does not, or not well")
        case .usage: words("명령을 잘못 썼다", "the command line was wrong")
        case .interrupted: words("사용자가 멈췄다", "interrupted")
        }
    }

    static var legend: String {
        let lines = allCases.map { "  \($0.rawValue)\t\($0.meaning)" }
        return words("종료 코드:", "Exit codes:") + "\n" + lines.joined(separator: "\n")
    }
}

/// A failure that a person can act on: what is wrong, and what to do next.
struct Failure: Error, CustomStringConvertible, Sendable {
    let status: ExitStatus
    let wrong: String
    let next: String
    /// The answer that was an error, if that is what failed.
    let fault: Fault?

    init(_ status: ExitStatus, _ wrong: String, next: String, fault: Fault? = nil) {
        (self.status, self.wrong, self.next, self.fault) = (status, wrong, next, fault)
    }

    var description: String { next.isEmpty ? wrong : "\(wrong)\n→ \(next)" }

    /// What `--json` prints instead of a result: `error` is the JSON-RPC error object when one came.
    var json: JSON {
        [
            "error": fault?.json ?? ["message": .string(wrong)], "next": .string(next),
            "exitCode": .integer(Int64(status.rawValue)),
        ]
    }
}

/// Ends the command quietly with a status, when everything was said already.
struct Finished: Error, Sendable {
    let status: ExitStatus
}
