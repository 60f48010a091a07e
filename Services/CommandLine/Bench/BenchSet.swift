import Foundation
import Subprocess

/// A private set for measuring: gateway, one service with a database, `ieum serve echo`, `zmq_proxy` with a worker, and
/// nats-server where it is installed.
/// It lives in a temporary directory that goes with it.
enum BenchSet {
    static let credit = 64

    static func with<R: Sendable>(_ body: @escaping @Sendable (Directories) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.path + "/ieum-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directories = Directories(environment: ["IEUM_RUN": folder + "/run", "IEUM_DATA": folder + "/data"])
        let binaries = try Executables.directory(for: .standard)
        let roster = Roster(gateway: Roster.standard.gateway, services: [try Roster.standard.member("matching")])
        let launcher = try await Launcher(roster: roster, directories: directories, binaries: binaries)
        await launcher.start()
        var parts = [
            ["serve", "echo", "--json", "--credit", String(credit)], ["bench-part", "proxy", directories.run],
            ["bench-part", "worker", directories.run],
        ].map { arguments in Task { try await part(arguments, directories) } }
        if BenchNats.isInstalled {
            parts += [
                Task { try await nats() },
                Task { try await part(["bench-part", "nats", String(BenchNats.port)], directories) },
            ]
        }
        do {
            let silent = try await Line.probing(directories) { probe in await launcher.waitUntilReady(probe: probe) }
            guard silent.isEmpty else { throw Readiness.failure(silent, directories) }
            try await waitForEcho(directories)
            let result = try await body(directories)
            await end(launcher, parts)
            return result
        } catch {
            await end(launcher, parts)
            throw error
        }
    }

    private static func end(_ launcher: Launcher, _ parts: [Task<Void, any Error>]) async {
        for part in parts { part.cancel() }
        for part in parts { _ = await part.result }
        await launcher.stop()
    }

    /// This executable once more, in another role, until the task is cancelled.
    private static func part(_ arguments: [String], _ directories: Directories) async throws {
        let own = Executables.own
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let configuration = Configuration(
            executable: .name(own.lastPathComponent), arguments: Arguments(arguments),
            environment: .inherit.updating([
                "PATH": "\(own.deletingLastPathComponent().path):\(path)", "IEUM_RUN": directories.run,
                "IEUM_DATA": directories.data, "IEUM_GATEWAY": "",
            ]))
        _ = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .discarded)
    }

    private static func nats() async throws {
        let configuration = Configuration(
            executable: .name(BenchNats.program),
            arguments: Arguments(["--addr", "127.0.0.1", "--port", String(BenchNats.port)]))
        _ = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .discarded)
    }

    private static func waitForEcho(_ directories: Directories) async throws {
        let line = try Line(directories)
        defer { line.close() }
        for _ in 0..<500 {
            if (try? await line.call("echo.hello", deadline: .milliseconds(300))) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure(
            .unhealthy, words("echo 가 답하지 않는다.", "The echo worker does not answer."),
            next: words("환경을 확인한다: ieum doctor", "Check the surroundings: ieum doctor"))
    }
}
