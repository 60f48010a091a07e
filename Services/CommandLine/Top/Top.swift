import ArgumentParser
import Foundation
import Synchronization

/// `ieum top`: who works how hard, now.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("서비스가 지금 하는 일을 계속 보인다.", "Shows what the services do, as it goes."),
        discussion: words(
            "1초마다 새로 그린다. q 나 Ctrl-C 로 끝낸다. 터미널이 아니거나 --json 이면 한 번만 보인다. P50 과 P99 는 가장 바쁜 메서드가 켜진 뒤로 걸린 시간이다.",
            "Drawn again every second; q or Ctrl-C ends it. Once only when it is no terminal, or with --json. P50 and P99 "
                + "are the times of the busiest method since its service's start."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    static let interval = Duration.seconds(1)

    func run() async throws {
        if Terminal.isInteractive, !json { return try await watch() }
        try await Line.open { line in
            let before = try await TopReading.read(line)
            try await Task.sleep(for: Top.interval)
            let report = try await TopReport(from: before, to: TopReading.read(line))
            if json { try Terminal.json(report) } else { Terminal.line(report.text) }
        }
    }

    private func watch() async throws {
        let screen = Screen()
        defer { screen.close() }
        let directories = Directories()
        var before: TopReading?
        let line = try Line(directories)
        defer { line.close() }
        while !screen.isDone {
            do {
                let now = try await TopReading.read(line)
                screen.draw(TopReport(from: before ?? now, to: now).text)
                before = now
            } catch {
                // It may come back: keep watching.
                screen.draw(
                    words("게이트웨이가 답하지 않는다: \(directories.run)", "The gateway does not answer: \(directories.run)"))
                before = nil
            }
            for _ in 0..<20 where !screen.isDone { try await Task.sleep(for: Top.interval / 20) }
        }
    }
}

/// The terminal's other page, without a cursor and without echo, until `q`, Ctrl-C or the end of the input.
private final class Screen: Sendable {
    private let done = Flag()
    private let before: String?

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    init() {
        before = Self.stty(["-g"])
        // Ctrl-C comes as a character, so that the terminal is put right in any case.
        _ = Self.stty(["-icanon", "-echo", "-isig"])
        Terminal.write("\u{1B}[?1049h\u{1B}[?25l")
        Thread.detachNewThread { [done] in
            while let key = try? FileHandle.standardInput.read(upToCount: 1)?.first {
                if [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3].contains(key) { break }
            }
            done.value.store(true, ordering: .relaxed)
        }
    }

    var isDone: Bool { done.value.load(ordering: .relaxed) }

    func draw(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\u{1B}[K\n" }
        Terminal.write("\u{1B}[H" + lines.joined() + "\u{1B}[J")
    }

    func close() {
        Terminal.write("\u{1B}[?25h\u{1B}[?1049l")
        _ = Self.stty([before?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "sane"])
    }

    private static func stty(_ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/stty")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return nil }
        let text = try? output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return text.map { String(decoding: $0, as: UTF8.self) }
    }
}
