import ArgumentParser
import Foundation

/// `ieum down`: ends the set of this run directory.
struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("모두 깨끗이 끝낸다.", "Stops everything cleanly."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    static let patience: Duration = .seconds(25)

    func run() async throws {
        let directories = Directories()
        guard let record = LaunchRecord.live(directories) else {
            try say(false, words("실행 중인 것이 없다: \(directories.run)", "Nothing is running in \(directories.run)"))
            return
        }
        kill(record.pid, SIGTERM)
        let deadline = ContinuousClock.now + Down.patience
        while Lock.isHeld(directories.locks[0]) {
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .timedOut,
                    words("런처(pid \(record.pid))가 끝나지 않는다.", "The launcher (pid \(record.pid)) does not end."),
                    next: words(
                        "kill -9 \(record.pid) 하면 서비스도 함께 끝난다. 데이터는 안전하다.",
                        "kill -9 \(record.pid) ends it and its services; the data stay whole."))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        try say(true, words("모두 끝났다.", "All stopped."))
    }

    private func say(_ stopped: Bool, _ text: String) throws {
        if json { try Terminal.json(["stopped": stopped]) } else { Terminal.line(text) }
    }
}
