import Foundation
import JSON

/// Standard output and standard error.
enum Terminal {
    /// Whether a person is reading: colours and redrawn lines only then.
    static let isInteractive = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private static let usesColour = isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    static func line(_ text: String = "") { write(text + "\n") }

    /// Output without a line end. A reader that went away (`ieum logs | head`) ends the process quietly.
    static func write(_ text: String) {
        do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch { exit(.success) }
    }

    static func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    static func exit(_ status: ExitStatus) -> Never { Foundation.exit(status.rawValue) }

    static func good(_ text: String) -> String { paint(text, "32") }
    static func bad(_ text: String) -> String { paint(text, "31") }
    static func faint(_ text: String) -> String { paint(text, "2") }
    static func strong(_ text: String) -> String { paint(text, "1") }

    private static func paint(_ text: String, _ code: String) -> String {
        usesColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// An encodable value as indented JSON.
    static func json(_ value: some Encodable) throws { line(try JSON.encode(value).pretty()) }
}
