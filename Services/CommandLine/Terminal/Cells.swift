import Foundation

/// Text in the cells of a terminal, where Hangul takes two.
extension Table {
    /// How wide a page is: `COLUMNS` where it is set, else 80, and 60 at least.
    static let pageWidth = max(60, ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80)

    /// The text, cut with an ellipsis where it would take more cells.
    static func fitted(_ text: String, _ cells: Int) -> String {
        guard width(of: text) > cells else { return text }
        return beginning(of: text, cells - 1) + "…"
    }

    /// The text and as many blanks as are missing.
    static func padded(_ text: String, _ cells: Int) -> String {
        text + String(repeating: " ", count: max(0, cells - width(of: text)))
    }

    /// The text in lines of at most so many cells, broken at blanks; a word that is wider than a line is cut.
    static func wrapped(_ text: String, _ cells: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var rest = String(word)
            if !line.isEmpty, width(of: line) + 1 + width(of: rest) <= cells {
                line += " " + rest
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while width(of: rest) > cells {
                let part = beginning(of: rest, cells)
                lines.append(part)
                rest = String(rest.dropFirst(part.count))
            }
            line = rest
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// As many characters as fit, one at least.
    private static func beginning(of text: String, _ cells: Int) -> String {
        var beginning = ""
        for character in text {
            let next = beginning + String(character)
            if width(of: next) > cells, !beginning.isEmpty { break }
            beginning = next
        }
        return beginning
    }

    /// A line that begins with a mark, and goes on below behind as many blanks.
    static func marked(_ mark: String, _ text: String, indent: Int = 0, page: Int = pageWidth) -> String {
        let margin = String(repeating: " ", count: indent + width(of: mark))
        let lines = wrapped(text, page - width(of: margin))
        return String(repeating: " ", count: indent) + mark + lines.joined(separator: "\n" + margin)
    }
}
