import Foundation
import JSON

/// What this process takes from the machine, from /proc; nil where there is none.
enum ProcessUse {
    static var json: JSON? {
        guard let pages = fields("/proc/self/statm").dropFirst().first.flatMap({ Int64($0) }) else { return nil }
        // After the command's name, which may itself have spaces: field 14 is utime, 15 is stime.
        let stat = text("/proc/self/stat")
        let rest = stat.suffix(from: stat.lastIndex(of: ")") ?? stat.startIndex).split(separator: " ")
        guard rest.count > 13, let user = Int64(rest[12]), let system = Int64(rest[13]) else { return nil }
        return [
            "pid": .integer(Int64(getpid())), "residentBytes": .integer(pages * Int64(sysconf(Int32(_SC_PAGESIZE)))),
            "cpuMs": .integer((user + system) * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))),
        ]
    }

    private static func fields(_ path: String) -> [Substring] { text(path).split(separator: " ") }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
