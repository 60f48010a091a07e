import Foundation
import JSON
import Testing

@testable import CommandLine

@Suite struct SpreadsheetTests {
    /// Reads in pieces of a size.
    private func read(_ bytes: [UInt8], separator: Character = ",", pieces: Int = .max) throws -> [SpreadsheetRecord] {
        var reader = SpreadsheetReader(separator: separator.asciiValue ?? 0)
        var records: [SpreadsheetRecord] = []
        var place = 0
        while place < bytes.count {
            let end = min(bytes.count, place + min(pieces, bytes.count))
            try reader.read(bytes[place..<end]) {
                records.append($0)
            } flaw: {
                throw $0
            }
            place = end
        }
        try reader.end { records.append($0) }
        return records
    }

    private func cells(_ text: String, separator: Character = ",") throws -> [[String]] {
        try read(Array(text.utf8), separator: separator).map { $0.cells.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test func theCasesOfRFC4180() throws {
        #expect(try cells("a,b\r\nc,d\r\n") == [["a", "b"], ["c", "d"]])
        #expect(try cells("a,b\r\nc,d") == [["a", "b"], ["c", "d"]])
        #expect(try cells("\"a\",\"b\"\"c\"\n\"d\r\ne\",\"f,g\"") == [["a", "b\"c"], ["d\r\ne", "f,g"]])
        #expect(try cells("a,,\n,\n\"\"\n") == [["a", "", ""], ["", ""], [""]])
        #expect(try cells("a\rb\r\nc\n\nd") == [["a"], ["b"], ["c"], [], ["d"]])
        #expect(try cells("5\" 디스크,둘") == [["5\" 디스크", "둘"]])
        #expect(try cells("a;\"b;c\"\n", separator: ";") == [["a", "b;c"]])
        #expect(try cells("").isEmpty)
        // The row is what a spreadsheet shows, whatever line breaks stand inside of cells.
        #expect(try read(Array("h\n\"a\n\n\"\n\nb".utf8)).map(\.row) == [1, 2, 3, 4])
    }

    @Test func whatIsNoCSVIsSaidWithItsRow() throws {
        #expect(throws: SpreadsheetFlaw(row: 2, kind: .openQuote)) { try cells("a\n\"b\nc\n") }
        #expect(throws: SpreadsheetFlaw(row: 3, kind: .textAfterQuote)) { try cells("a\nb\n\"c\"d\n") }
        #expect(throws: SpreadsheetFlaw(row: 2, kind: .tooLarge)) {
            try cells("a\n\"" + String(repeating: "x", count: SpreadsheetReader.recordLimit + 1))
        }
    }

    @Test func whatIsWrittenIsReadAgainInPiecesOfAnySize() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = ["a", "가", "\"", ",", "\n", "\r\n", " ", ";", "😀", "\t", "b"]
        for _ in 0..<300 {
            let rows = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? ""
                    }
                    .joined()
                }
            }
            // A row of one empty cell cannot be told from a blank one.
            let kept = rows.filter { $0 != [""] }
            let text = kept.map { $0.map(SpreadsheetReader.written).joined(separator: ",") + "\r\n" }.joined()
            for pieces in [1, 2, 3, 7, Int.max] {
                let records = try read(Array(text.utf8), pieces: pieces)
                #expect(records.map { $0.cells.map { String(decoding: $0, as: UTF8.self) } } == kept)
                #expect(records.map(\.row) == Array(1..<(kept.count + 1)))
            }
        }
    }

    @Test func theSeparatorIsFoundInTheHeader() {
        for (header, separator) in [
            ("a,b,c\n1;2;3;4;5", ","), ("a;b;c\n", ";"), ("a\tb\n", "\t"), ("\"x;y;z\",b\n", ","), ("하나\n", ","),
            ("a|b", "|"),
        ] { #expect(SpreadsheetReader.separator(ofHeader: header.utf8) == separator.utf8.first) }
    }

    @Test func encodingsAndOtherFormsAreTold() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "ieum-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        func examine(_ bytes: [UInt8]) throws -> ImportSource {
            let file = scratch.appending(path: "\(UUID().uuidString).csv")
            try Data(bytes).write(to: file)
            return try ImportSource.examine(file.path)
        }
        func records(_ source: ImportSource) throws -> [JSON] {
            var batches = try source.batches()
            return try batches.next(from: 2).map(source.json)
        }
        let marked = try examine([0xEF, 0xBB, 0xBF] + "제목,요약\n\"하나\n둘\",셋\n".utf8)
        #expect(marked.header == ["제목", "요약"] && marked.rows == 2 && marked.encoding == .utf8)
        #expect(try records(marked) == [["하나\n둘", "셋"]])
        // 제목,요약 and 뷁 in CP949, the last not in EUC-KR.
        let korean = try examine([0xC1, 0xA6, 0xB8, 0xF1, 0x2C, 0xBF, 0xE4, 0xBE, 0xE0, 0x0A, 0x94, 0xEE, 0x2C, 0x61])
        #expect(korean.encoding == .cp949 && korean.header == ["제목", "요약"])
        #expect(try records(korean) == [["뷁", "a"]])
        let lines = try examine(Array("{\"title\":\"하나\"}\r\n\r\n{\"title\":\"둘\"}".utf8))
        #expect(lines.format == .jsonLines && lines.rows == 3 && lines.header == nil)
        #expect(try records(lines) == [.null, "{\"title\":\"둘\"}"])
        #expect(lines.hash != korean.hash)
        for (bytes, advice) in [
            ([0xFF, 0xFE, 0x61, 0x00], "iconv -f UTF-16"), ([0x50, 0x4B, 0x03, 0x04, 0x0A], "CSV UTF-8"),
            (Array("[{}]".utf8), "jq -c"), ([0x61, 0x0A, 0xFF, 0xFF, 0xFF, 0x0A], "iconv -f"),
        ] as [([UInt8], String)] {
            let failure = #expect(throws: Failure.self) { try examine(bytes) }
            #expect(failure?.next.contains(advice) == true, "\(String(describing: failure))")
        }
    }

    /// `--errors` and `--rejected` never write over what is read, by whatever way it is named.
    @Test func theFileThatIsReadIsNotWritten() throws {
        let scratch = try ScratchDirectory()
        let file = scratch.path + "/기술.csv"
        try Data("[필수] 제목,요약\n하나,둘\n".utf8).write(to: URL(filePath: file))
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link.csv", withDestinationPath: file)
        // A bracket at the head is no JSON array.
        let source = try ImportSource.examine(file)
        #expect(source.header == ["[필수] 제목", "요약"])
        for path in [file, scratch.path + "/./기술.csv", scratch.path + "/link.csv"] {
            #expect(throws: Failure.self) { try ImportReport(source, errors: path, isCheck: true) }
            #expect(throws: Failure.self) {
                try ImportReport(source, errors: nil, isCheck: true).writeRejected(to: path)
            }
        }
        #expect(try ImportSource.examine(file).hash == source.hash)
        _ = try ImportReport(source, errors: scratch.path + "/오류.csv", isCheck: true)
    }

    @Test func whatASpreadsheetWouldComputeIsText() {
        for text in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
            #expect(ImportReport.harmless(text) == "'" + text)
        }
        for text in ["-12.5", "+3", "가", "", "1-2"] { #expect(ImportReport.harmless(text) == text) }
        #expect(Failure.quoted("a';rm x") == #"'a'\'';rm x'"#)
        #expect(ImportReport.short("값\u{1B}[2J\u{7}", 24) == "값\u{FFFD}[2J\u{FFFD}")
    }
}
