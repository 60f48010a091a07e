import ArgumentParser
import Foundation
import JSON

/// `ieum logs`: what the services wrote, and what they write now.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("서비스의 로그를 보인다.", "Shows the services' logs."))

    @Argument(help: .init(words("서비스 이름 (launcher 도 된다). 없으면 모두.", "A service, or launcher. All when left out.")))
    var service: String?

    @Flag(name: .shortAndLong, help: .init(words("새 줄을 계속 보인다.", "Keep showing new lines.")))
    var follow = false

    @Option(name: [.customShort("n"), .long], help: .init(words("처음에 보일 줄 수.", "How many lines to begin with.")))
    var lines = 20

    @Option(
        help: .init(
            words("이 요청 id가 든 줄만, 모든 서비스와 남은 파일에서.", "Only lines with this request id, of all services and files kept.")
        ))
    var request: String?

    @Flag(help: .init(words("한 줄에 JSON 하나.", "One JSON object a line.")))
    var json = false

    func run() async throws {
        let directories = Directories()
        let names = try chosen()
        if let request { return try find(request, names, directories) }
        var readers = names.map { LogReader(name: $0, path: directories.log(of: $0)) }
        for name in names {
            for line in LogFile.tail(directories.log(of: name), lines: lines) { show(name, line, of: names.count) }
        }
        guard follow else { return }
        while true {
            for index in readers.indices {
                for line in readers[index].newLines() { show(readers[index].name, line, of: names.count) }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func find(_ request: String, _ names: [String], _ directories: Directories) throws {
        guard request.count >= 8 else {
            throw Failure(
                .usage, words("요청 id가 너무 짧다: \(request)", "The request id \(request) is too short."),
                next: words("오류의 requestId 나 감사 기록에 있다.", "It stands in an error's requestId and in audit rows."))
        }
        var found = 0
        for name in names {
            for line in LogFile.lines(of: directories.log(of: name), containing: request) {
                found += 1
                show(name, line, of: 2)
            }
        }
        if found == 0 {
            throw Failure(
                .refused, words("그런 줄이 없다: \(request)", "No line has \(request)."),
                next: words(
                    "거절된 요청은 IEUM_LOG_LEVEL=debug 에서만 적는다.",
                    "What callers did wrong is written with IEUM_LOG_LEVEL=debug only."))
        }
    }

    private func chosen() throws -> [String] {
        guard let service else { return Roster.standard.members.map(\.name) + ["launcher"] }
        return service == "launcher" ? [service] : [try Roster.standard.member(service).name]
    }

    private func show(_ name: String, _ line: String, of count: Int) {
        if json {
            Terminal.line((["service": .string(name), "line": .string(line)] as JSON).text)
        } else if count == 1 {
            Terminal.line(line)
        } else {
            let padded = name + String(repeating: " ", count: max(0, 9 - name.count))
            Terminal.line(Terminal.faint(padded) + line)
        }
    }
}

/// Follows one log file from its end on, also across a rotation.
struct LogReader {
    let name: String
    private let path: String
    private var offset: UInt64
    private var file: UInt64?
    private var rest: [UInt8] = []

    init(name: String, path: String) {
        (self.name, self.path) = (name, path)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        offset = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
        file = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
    }

    /// The whole lines that were added since the last call.
    mutating func newLines() -> [String] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let current = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
        var bytes: [UInt8] = []
        if current != file {
            bytes += file == nil ? [] : read(path + ".1", from: offset)
            (file, offset) = (current, 0)
        }
        let added = read(path, from: offset)
        offset += UInt64(added.count)
        rest += bytes + added
        guard let end = rest.lastIndex(of: 10) else { return [] }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        rest.removeSubrange(...end)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func read(_ path: String, from offset: UInt64) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: offset)) != nil, let data = try? handle.readToEnd() else { return [] }
        return Array(data)
    }
}
