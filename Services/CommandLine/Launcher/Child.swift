import Foundation
import Subprocess

/// One run of one executable, from its start to its end.
///
/// The child lives in a process group of its own, so that a Ctrl-C in the terminal reaches the launcher only and
/// the launcher decides the order of the ends. Its standard input is a pipe that nobody writes to and only the
/// launcher holds: when the launcher ends in whatever way, even by `kill -9`, the child reads the end of its input
/// (`IEUM_PARENT_FD=0`) and stops.
enum Child {
    typealias Handle = Execution<CustomWriteInput, SequenceOutput, CombinedErrorOutput>

    /// Starts `executable` of the directory `binaries` and returns how it ended. What it prints goes to `log`.
    static func run(
        _ executable: String, in binaries: String, environment: [String: String], log: inout LogFile,
        started: (Handle) async -> Void
    ) async throws -> TerminationStatus {
        var changes: [Environment.Key: String?] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { changes[key] = value }
        }
        // A name is looked up in PATH: the siblings of this executable come first.
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        changes["PATH"] = "\(binaries):\(path)"
        changes["IEUM_PARENT_PID"] = String(getpid())
        changes["IEUM_PARENT_FD"] = "0"
        var options = PlatformOptions()
        options.processGroupID = 0
        let configuration = Configuration(
            executable: .name(executable), environment: .inherit.updating(changes), platformOptions: options)
        let outcome = try await Subprocess.run(
            configuration, input: .inputWriter, output: .sequence, error: .combinedWithOutput
        ) { execution in
            await started(execution)
            for try await buffer in execution.standardOutput { log.append(Data(buffer: buffer)) }
        }
        return outcome.terminationStatus
    }
}

extension TerminationStatus {
    /// How a run ended, in words.
    var inWords: String {
        switch self {
        case .exited(let code): words("종료 코드 \(code)", "exit code \(code)")
        case .signaled(let signal): words("신호 \(signal)", "signal \(signal)")
        }
    }
}
