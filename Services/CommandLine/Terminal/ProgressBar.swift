import Foundation
import JSON
import Synchronization

/// One line on standard error that says how far a call is, for a person who watches.
final class ProgressBar: Sendable {
    static let isShown =
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private static let cells = 24

    private let isDrawn = Mutex(false)

    /// - Parameter value: of `$/progress`: `{done, total, ko, en}`.
    func show(_ value: JSON) {
        guard Self.isShown else { return }
        isDrawn.withLock { isDrawn in
            isDrawn = true
            Self.write("\r\u{1B}[K" + Self.text(value))
        }
    }

    /// Makes room for what is printed next.
    func clear() {
        isDrawn.withLock { isDrawn in
            if isDrawn { Self.write("\r\u{1B}[K") }
            isDrawn = false
        }
    }

    static func text(_ value: JSON) -> String {
        let done = max(0, value["done"]?.integer ?? 0)
        let what = value[words("ko", "en")]?.string ?? ""
        guard let total = value["total"]?.integer, total > 0 else { return "\(done)  \(what)" }
        let share = min(1, Double(done) / Double(total))
        let filled = Int(share * Double(cells))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        return "\(bar) \(Int(share * 100)) %  \(done)/\(total)  \(what)"
    }

    private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
