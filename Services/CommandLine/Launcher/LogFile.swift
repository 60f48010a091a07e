import Foundation

/// One service's log: appended to, and rotated by size (`fund.log`, `fund.log.1` …).
struct LogFile {
    static let longestBytes = 10 << 20
    static let generations = 4

    private let path: String
    private let longestBytes: Int
    private var handle: FileHandle?
    private var bytes = 0

    init(path: String, longestBytes: Int = LogFile.longestBytes) {
        (self.path, self.longestBytes) = (path, longestBytes)
        open()
    }

    private mutating func open() {
        let files = FileManager.default
        if !files.fileExists(atPath: path) {
            _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o640])
        }
        handle = FileHandle(forWritingAtPath: path)
        if let handle { _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC) }
        bytes = Int((try? handle?.seekToEnd()) ?? 0)
    }

    /// Appends whole chunks; a full disk loses log lines, never the service.
    mutating func append(_ chunk: some Collection<UInt8>) {
        if bytes > 0, bytes + chunk.count > longestBytes { rotate() }
        try? handle?.write(contentsOf: Data(chunk))
        bytes += chunk.count
    }

    mutating func append(line: String) { append(Array((line + "\n").utf8)) }

    private mutating func rotate() {
        try? handle?.close()
        let files = FileManager.default
        try? files.removeItem(atPath: "\(path).\(LogFile.generations)")
        for generation in stride(from: LogFile.generations - 1, to: 0, by: -1) {
            try? files.moveItem(atPath: "\(path).\(generation)", toPath: "\(path).\(generation + 1)")
        }
        try? files.moveItem(atPath: path, toPath: "\(path).1")
        open()
    }

    /// The last lines of a log, oldest first.
    static func tail(_ path: String, lines: Int) -> [String] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        let end = (try? handle.seekToEnd()) ?? 0
        let window = UInt64(min(1 << 20, max(lines, 1) * 1024))
        try? handle.seek(toOffset: end > window ? end - window : 0)
        let bytes = (try? handle.readToEnd()) ?? Data()
        let all = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        return all.suffix(lines).map(String.init)
    }

    /// The lines of a log that contain a text, of all generations, oldest first.
    static func lines(of path: String, containing text: String) -> [String] {
        let files = stride(from: generations, to: 0, by: -1).map { "\(path).\($0)" } + [path]
        return files.flatMap { file -> [String] in
            guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.contains(text) }
                .map(String.init)
        }
    }
}
