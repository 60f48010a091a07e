/// Rows of text in aligned columns. Hangul and other wide characters count as two cells.
struct Table {
    private var rows: [[String]] = []

    init(_ head: [String]) { rows.append(head) }

    mutating func row(_ cells: [String]) { rows.append(cells) }

    /// The table as lines; the head is underlined by nothing, as in `ps`.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? Table.width(of: $0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 {
                    line += String(repeating: " ", count: widths[column] - Table.width(of: cell) + 2)
                }
            }
            return line
        }.joined(separator: "\n")
    }

    /// How many terminal cells a text takes; colour sequences take none.
    static func width(of text: String) -> Int {
        var cells = 0
        var inColour = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { inColour = true }
            if inColour {
                if scalar == "m" { inColour = false }
                continue
            }
            cells += isWide(scalar) ? 2 : (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
        }
        return cells
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// A span of time in words that fit a table cell: `45 s`, `12 min`, `3 h 4 min`, `2 d 1 h`.
func shortSpan(seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min"
    case ..<86400: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    default: "\(seconds / 86400) d \(seconds % 86400 / 3600) h"
    }
}
