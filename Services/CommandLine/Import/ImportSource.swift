import Foundation
import JSON

/// A file to import, read in pieces: whatever its size, only a piece and a batch are in memory.
struct ImportSource: Sendable {
    enum Format: Hashable, Sendable {
        case spreadsheet(separator: UInt8)
        case jsonLines
    }

    /// So many rows, or so much text, go in one request: one transaction of the service.
    static let batchRows = 500
    static let batchBytes = 200 << 10
    private static let pieceBytes = 256 << 10

    let path: String
    let format: Format
    private(set) var encoding: TextEncoding
    /// The names of the columns; nil for JSON Lines.
    private(set) var header: [String]?
    /// The number of the last row.
    private(set) var rows: Int
    /// Of the content: the same file is the same import.
    let hash: String
    private let byteOrderMark: Int

    var name: String { URL(filePath: path).lastPathComponent }

    /// Reads the whole file once, so that what cannot be read at all is said before anything is imported.
    static func examine(_ path: String) throws -> ImportSource {
        guard let handle = FileHandle(forReadingAtPath: path),
            let head = try handle.read(upToCount: SpreadsheetReader.recordLimit), !head.isEmpty
        else { throw Failure.unreadable(path) }
        try? handle.close()
        try refuseOthers(head, path)
        let mark = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = head.dropFirst(mark)
        let isLines = text.first { !$0.isASCIIBlank } == UInt8(ascii: "{")
        let format = isLines ? Format.jsonLines : .spreadsheet(separator: SpreadsheetReader.separator(ofHeader: text))
        var source = ImportSource(
            path: path, format: format, encoding: .utf8, header: nil, rows: 0, hash: try hash(path), byteOrderMark: mark
        )
        guard let flaw = try source.readThrough() else { return source }
        // What Korean Windows saves as plain CSV.
        source.encoding = .cp949
        guard !isLines, try source.readThrough() == nil else { throw Failure.undecodable(path, flaw) }
        return source
    }

    /// Refuses to write over the file that is read.
    func requireOther(_ output: String) throws {
        let files = [path, output].map { URL(filePath: $0).resolvingSymlinksInPath().standardizedFileURL.path() }
        guard files[0] == files[1] else { return }
        throw Failure(
            .usage, words("읽는 파일에 쓸 수 없다: \(output)", "Cannot write to the file that is read: \(output)"),
            next: words("다른 이름을 준다. 아무것도 바꾸지 않았다.", "Give another name. Nothing was changed."))
    }

    /// FNV-1a with the length: it tells one file from another, and no more is asked of it.
    private static func hash(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Failure.unreadable(path) }
        defer { try? handle.close() }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var bytes = 0
        while let piece = try handle.read(upToCount: pieceBytes), !piece.isEmpty {
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            bytes += piece.count
        }
        return "fnv1a64:\(String(hash, radix: 16)):\(bytes)"
    }

    /// Finds the header and the number of rows.
    /// - Returns: the first row that is not text in this encoding.
    private mutating func readThrough() throws -> Int? {
        var batches = try Batches(self)
        while true {
            let batch = try batches.next(from: 1)
            guard let last = batch.last else { break }
            if rows == 0, format != .jsonLines { header = batch[0].cells.map { encoding.text($0) ?? "" } }
            rows = last.row
            for record in batch {
                let isText = record.cells.allSatisfy { cell in
                    cell.allSatisfy { $0 < 0x80 } || encoding.text(cell) != nil
                }
                if !isText {
                    (rows, header) = (0, nil)
                    return record.row
                }
            }
        }
        guard batches.flaws.isEmpty else { throw Failure.notSpreadsheet(path, batches.flaws) }
        return nil
    }

    private static func refuseOthers(_ head: Data, _ path: String) throws {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw Failure.otherForm(
                path, words("UTF-16", "UTF-16"), next: "iconv -f UTF-16 -t UTF-8 '\(path)' > '\(path).utf8.csv'")
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw Failure.otherForm(
                path, words("엑셀 통합문서", "an Excel workbook"),
                next: words(
                    "엑셀에서 '다른 이름으로 저장' → 'CSV UTF-8(쉼표로 분리)'로 저장한다.",
                    "Save it from the spreadsheet as 'CSV UTF-8 (comma delimited)'."))
        }
        // A column may be called `[필수] 제목`.
        let signs = head.filter { !$0.isASCIIBlank }.prefix(2)
        if signs.first == UInt8(ascii: "["), let next = signs.last, "{[]".utf8.contains(next), signs.count == 2 {
            throw Failure.otherForm(
                path, words("JSON 배열 하나", "one JSON array"), next: "jq -c '.[]' '\(path)' > '\(path)l'")
        }
    }

    // MARK: - Rows

    /// Rows of the file in batches, from one row on, as the service takes them.
    struct Batches {
        private let source: ImportSource
        private let handle: FileHandle
        private var reader: RowReader
        private var waiting: [SpreadsheetRecord] = []
        private var skip: Int
        private var isAtEnd = false
        /// What is no CSV; a file has none when its first pass is over.
        private(set) var flaws: [SpreadsheetFlaw] = []

        fileprivate init(_ source: ImportSource) throws {
            guard let handle = FileHandle(forReadingAtPath: source.path) else { throw Failure.unreadable(source.path) }
            self.source = source
            self.handle = handle
            reader = RowReader(source.format)
            skip = source.byteOrderMark
        }

        /// - Parameter first: rows before this one are passed over.
        mutating func next(from first: Int) throws -> [SpreadsheetRecord] {
            var batch: [SpreadsheetRecord] = []
            var bytes = 0
            while batch.count < ImportSource.batchRows, bytes < ImportSource.batchBytes {
                if waiting.isEmpty {
                    guard !isAtEnd else { break }
                    try fill()
                    continue
                }
                var taken = 0
                for record in waiting {
                    guard batch.count < ImportSource.batchRows, bytes < ImportSource.batchBytes else { break }
                    taken += 1
                    guard record.row >= first else { continue }
                    batch.append(record)
                    bytes += record.cells.reduce(16) { $0 + $1.count + 3 }
                }
                waiting.removeFirst(taken)
            }
            return batch
        }

        private mutating func fill() throws {
            var read: [SpreadsheetRecord] = []
            var found: [SpreadsheetFlaw] = []
            let data = try handle.read(upToCount: ImportSource.pieceBytes) ?? Data()
            isAtEnd = data.isEmpty
            do {
                try reader.read(data.dropFirst(skip)) {
                    read.append($0)
                } flaw: {
                    found.append($0)
                }
                if isAtEnd { try reader.end { read.append($0) } }
            } catch let flaw as SpreadsheetFlaw {
                found.append(flaw)
                isAtEnd = true
            }
            skip = 0
            waiting = read
            flaws += found.prefix(1_000 - min(1_000, flaws.count))
            if isAtEnd { try? handle.close() }
        }
    }

    func batches() throws -> Batches { try Batches(self) }

    /// A row as the service takes it: texts by the header, a line of JSON, null for a blank row.
    func json(_ record: SpreadsheetRecord) -> JSON {
        if record.cells.isEmpty { return .null }
        if format == .jsonLines { return .string(encoding.text(record.cells[0]) ?? "") }
        return .array(record.cells.map { .string(encoding.text($0) ?? "") })
    }
}

/// Rows of either format.
private struct RowReader {
    private var spreadsheet: SpreadsheetReader?
    private var line: [UInt8] = []
    private var row = 1

    init(_ format: ImportSource.Format) {
        if case .spreadsheet(let separator) = format { spreadsheet = SpreadsheetReader(separator: separator) }
    }

    mutating func read(
        _ bytes: Data, record: (SpreadsheetRecord) -> Void, flaw: (SpreadsheetFlaw) -> Void
    ) throws {
        if spreadsheet != nil {
            try spreadsheet?.read(bytes, record: record, flaw: flaw)
            return
        }
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine(record)
            } else {
                line.append(byte)
                if line.count > SpreadsheetReader.recordLimit { throw SpreadsheetFlaw(row: row, kind: .tooLarge) }
            }
        }
    }

    mutating func end(record: (SpreadsheetRecord) -> Void) throws {
        if spreadsheet != nil {
            try spreadsheet?.end(record: record)
        } else if !line.isEmpty {
            endLine(record)
        }
    }

    private mutating func endLine(_ record: (SpreadsheetRecord) -> Void) {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        record(SpreadsheetRecord(row: row, cells: line.allSatisfy(\.isASCIIBlank) ? [] : [line]))
        line.removeAll(keepingCapacity: true)
        row += 1
    }
}

extension UInt8 {
    fileprivate var isASCIIBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
