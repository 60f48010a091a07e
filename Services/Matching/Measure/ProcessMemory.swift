import Foundation
import JSON

/// What this process holds, as the kernel counts it (`/proc/self/smaps_rollup`), in bytes.
struct ProcessMemory {
    /// All pages at hand, those of mapped files too.
    var resident = 0
    /// The same, pages that several processes share divided among them.
    var proportional = 0
    /// What only swapping could take away; the rest are pages of files, which the kernel drops when it needs room.
    var anonymous = 0

    static func now() -> ProcessMemory {
        var memory = ProcessMemory()
        guard let text = try? String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8) else { return memory }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1, let kilobytes = Int(words[1]) else { continue }
            switch words[0] {
            case "Rss:": memory.resident = kilobytes << 10
            case "Pss:": memory.proportional = kilobytes << 10
            case "Anonymous:": memory.anonymous = kilobytes << 10
            default: break
            }
        }
        return memory
    }

    var json: JSON {
        [
            "rssBytes": .integer(Int64(resident)), "pssBytes": .integer(Int64(proportional)),
            "anonymousBytes": .integer(Int64(anonymous)),
        ]
    }
}
