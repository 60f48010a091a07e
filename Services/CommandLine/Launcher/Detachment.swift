import Foundation
import Subprocess
import Synchronization

/// `ieum up --detach`: the launcher in a session of its own, and the wait until it says that all is ready.
enum Detachment {
    static func start(_ directories: Directories, json: Bool) async throws {
        try directories.prepare()
        try directories.refuseUnfinishedRestore()
        if let live = LaunchRecord.live(directories) {
            throw Failure(
                .unhealthy, words("이미 실행 중이다 (pid \(live.pid)).", "Already running (pid \(live.pid))."),
                next: words("상태는 ieum status, 끝내려면 ieum down.", "See ieum status, or end it with ieum down."))
        }
        let begun = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let launcher = Task { try await spawn() }
        let deadline = ContinuousClock.now + Launcher.readinessLimit + .seconds(10)
        let ended = Mutex<String?>(nil)
        let watch = Task {
            let text = try? await launcher.value
            ended.withLock { $0 = text ?? "" }
        }
        defer { watch.cancel() }
        while ContinuousClock.now < deadline {
            if let record = LaunchRecord.live(directories), record.isReady, record.startedAt >= begun {
                try await Status.show(directories, json: json)
                return
            }
            if let text = ended.withLock({ $0 }) {
                throw Failure(
                    .unhealthy, text, next: words("환경을 확인한다: ieum doctor", "Check the surroundings: ieum doctor"))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure(
            .unhealthy, words("제때 준비되지 않았다.", "Not ready in time."),
            next: words("ieum status 와 ieum logs launcher 를 본다.", "See ieum status and ieum logs launcher."))
    }

    /// Runs the background half; it outlives this process. Returns what it complained about, if it ends early.
    private static func spawn() async throws -> String {
        var options = PlatformOptions()
        options.createSession = true
        let own = Executables.own
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let configuration = Configuration(
            executable: .name(own.lastPathComponent), arguments: ["up", "--background"],
            environment: .inherit.updating(["PATH": "\(own.deletingLastPathComponent().path):\(path)"]),
            platformOptions: options)
        let outcome = try await Subprocess.run(
            configuration, input: .none, output: .discarded, error: .string(limit: 1 << 20))
        return outcome.standardError
    }
}
