import Foundation

/// How the bytes of a file stand for characters.
enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    /// What Korean Windows calls ANSI; it contains EUC-KR.
    case cp949

    /// Foundation's name of Windows code page 949.
    private static let korean = String.Encoding(rawValue: 0x8000_0422)

    func text(_ bytes: some Collection<UInt8>) -> String? {
        switch self {
        case .utf8: String(validating: bytes, as: UTF8.self)
        case .cp949: TextEncoding.isKorean(bytes) ? String(data: Data(bytes), encoding: TextEncoding.korean) : nil
        }
    }

    /// Whether every character has the bytes of one of code page 949: Foundation reads others too.
    private static func isKorean(_ bytes: some Collection<UInt8>) -> Bool {
        var isTrail = false
        for byte in bytes {
            if isTrail {
                guard (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x81...0xFE).contains(byte)
                else { return false }
                isTrail = false
            } else if byte >= 0x80 {
                guard (0x81...0xFE).contains(byte) else { return false }
                isTrail = true
            }
        }
        return !isTrail
    }
}

/// One record of a CSV file.
struct SpreadsheetRecord: Hashable, Sendable {
    /// As a spreadsheet counts: the header is row 1, whatever line breaks stand inside of quotes.
    let row: Int
    /// Empty for a blank line.
    let cells: [[UInt8]]
}

/// Something that is not CSV.
struct SpreadsheetFlaw: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `"abc"def`
        case textAfterQuote
        /// A quote that was never closed.
        case openQuote
        /// A record larger than any row can be: most likely the same.
        case tooLarge
    }

    let row: Int
    let kind: Kind
}

/// Reads CSV (RFC 4180) a byte at a time, from pieces of any size: quotes, doubled quotes, separators and line breaks
/// inside of quotes, LF, CRLF and CR, with or without a line break at the end. A quote in the middle of a cell that is
/// not quoted stands for itself. Bytes of UTF-8 and of CP949 that are part of a character are never one of the signs
/// that matter here.
struct SpreadsheetReader: Sendable {
    /// Of one row in bytes: twice what the longest texts of a record can have.
    static let recordLimit = 128 << 10

    private enum Place { case start, plain, quoted, afterQuote }

    private let separator: UInt8
    private var place = Place.start
    private var cell: [UInt8] = []
    private var cells: [[UInt8]] = []
    private var size = 0
    private var endedWithReturn = false
    private(set) var row = 1

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(separator: UInt8) { self.separator = separator }

    /// - Parameter record: given every record that ends within these bytes.
    mutating func read(
        _ bytes: some Sequence<UInt8>, record: (SpreadsheetRecord) throws -> Void,
        flaw: (SpreadsheetFlaw) throws -> Void
    ) throws {
        for byte in bytes {
            if endedWithReturn {
                endedWithReturn = false
                if byte == Self.newline { continue }
            }
            size += 1
            if size > Self.recordLimit { throw SpreadsheetFlaw(row: row, kind: .tooLarge) }
            switch (place, byte) {
            case (.quoted, Self.quote): place = .afterQuote
            case (.quoted, _): cell.append(byte)
            case (.start, Self.quote): place = .quoted
            case (.afterQuote, Self.quote):
                cell.append(byte)
                place = .quoted
            case (_, separator):
                endCell()
            case (_, Self.newline), (_, Self.carriageReturn):
                endedWithReturn = byte == Self.carriageReturn
                try endRecord(record)
            case (.afterQuote, _):
                try flaw(SpreadsheetFlaw(row: row, kind: .textAfterQuote))
                cell.append(byte)
                place = .plain
            default:
                cell.append(byte)
                place = .plain
            }
        }
    }

    /// The last record, when no line break follows it.
    mutating func end(record: (SpreadsheetRecord) throws -> Void) throws {
        if place == .quoted { throw SpreadsheetFlaw(row: row, kind: .openQuote) }
        if size > 0 { try endRecord(record) }
    }

    private mutating func endCell() {
        cells.append(cell)
        cell.removeAll(keepingCapacity: true)
        place = .start
    }

    private mutating func endRecord(_ record: (SpreadsheetRecord) throws -> Void) throws {
        let isBlank = cells.isEmpty && cell.isEmpty && place == .start
        if !isBlank { endCell() }
        let complete = SpreadsheetRecord(row: row, cells: isBlank ? [] : cells)
        cells.removeAll(keepingCapacity: true)
        size = 0
        row += 1
        try record(complete)
    }

    /// The separator of a file by its first record: the one of comma, semicolon, tab and bar that stands there most
    /// often outside of quotes.
    static func separator(ofHeader bytes: some Sequence<UInt8>) -> UInt8 {
        let candidates = [",", ";", "\t", "|"].map { (sign: Character) in sign.asciiValue ?? 0 }
        var counts = candidates.map { _ in 0 }
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == newline || byte == carriageReturn { break }
            if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }

    /// A cell as it is written into a CSV file.
    static func written(_ text: String) -> String {
        let isPlain =
            !text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } && text.first != " " && text.last != " "
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
