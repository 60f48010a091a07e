import ArgumentParser
import Foundation
import UnixSignals

/// `ieum up`: starts every executable of this set and keeps it running.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("모든 실행 파일을 켜고 지킨다.", "Starts every executable and keeps it running."),
        discussion: words(
            "터미널에 남아 있다가 Ctrl-C 한 번으로 깨끗이 끝난다. --detach 는 뒤에서 돌게 하고 모두 준비되면 돌아온다.",
            "Stays in the foreground until one Ctrl-C; --detach leaves it running and returns when all is ready."))

    @Flag(help: .init(words("뒤에서 돈다.", "Leave it running in the background.")))
    var detach = false

    @Flag(help: .init(words("대전 데이터를 넣고 거래 하나를 끝까지 보인다.", "Load the Daejeon data and run one whole flow.")))
    var demo = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    /// The background half of `--detach`.
    @Flag(help: .hidden) var background = false

    func run() async throws {
        let directories = Directories.own
        let binaries = try Executables.directory(for: .standard)
        if detach {
            try await Detachment.start(directories, json: json)
            if demo { try await Demonstration.run(directories, json: json) }
            return
        }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigusr2)
        let launcher = try await Launcher(roster: .standard, directories: directories, binaries: binaries)
        await launcher.start()
        let work = Task { try await attend(launcher, directories) }
        let waiting = Task {
            for await signal in signals {
                if signal == .sigusr2 {
                    await launcher.succeedGateway()
                } else if signal != .sighup || !background {
                    break
                }
            }
            work.cancel()
        }
        let outcome = await work.result
        if case .success = outcome { await waiting.value }
        say(words("끝내는 중…", "Stopping…"))
        await launcher.stop()
        if case .failure(let error) = outcome, !(error is CancellationError) { throw error }
        say(words("모두 끝났다.", "All stopped."))
    }

    /// Waits for readiness, says so, and runs the demonstration.
    private func attend(_ launcher: Launcher, _ directories: Directories) async throws {
        let begun = ContinuousClock.now
        let silent = try await Line.probing(directories) { probe in await launcher.waitUntilReady(probe: probe) }
        try Task.checkCancellation()
        guard silent.isEmpty else { throw Readiness.failure(silent, directories) }
        let spent = (ContinuousClock.now - begun).formatted(.units(allowed: [.milliseconds], width: .narrow))
        if !background {
            try await Status.show(directories, json: json)
            say(words("\(spent) 만에 준비됐다. Ctrl-C 로 끝낸다.", "Ready in \(spent). Ctrl-C stops everything."))
            if demo { try await Demonstration.run(directories, json: json) }
        }
    }

    private func say(_ text: String) {
        if !json, !background { Terminal.line(text) }
    }
}

/// What to say when not every service answered in time.
enum Readiness {
    static func failure(_ silent: [String], _ directories: Directories) -> Failure {
        let logs = silent.map { name in
            let lines = LogFile.tail(directories.log(of: name), lines: 5).map { "    " + $0 }
            let text =
                lines.isEmpty ? words("    (로그가 비어 있다)", "    (its log is empty)") : lines.joined(separator: "\n")
            return "  \(name):\n\(text)"
        }
        let names = silent.joined(separator: ", ")
        return Failure(
            .unhealthy,
            words("제때 답하지 않았다: \(names)", "Did not answer in time: \(names)") + "\n"
                + logs.joined(separator: "\n"),
            next: words(
                "ieum logs \(silent.first ?? "") 로 전부 보고, ieum doctor 로 환경을 확인한다.",
                "Read all of it with ieum logs \(silent.first ?? ""), and check the surroundings with ieum doctor."))
    }
}
