import Foundation
import JSON

/// What is wrong in a file: on the terminal the most frequent and the first, in a CSV file everything.
struct ImportReport {
    private static let shown = 20

    let source: ImportSource
    let isCheck: Bool
    private(set) var failedRows: Set<Int> = []
    private(set) var errors = 0
    private(set) var hints = 0
    private var first: [JSON] = []
    private var firstHints: [JSON] = []
    /// How often each rule of a column was broken.
    private var groups: [String: Int] = [:]
    private let errorsPath: String?
    private let output: FileHandle?
    private var start: Int?
    private var wasDone = false

    init(_ source: ImportSource, errors path: String?, isCheck: Bool) throws {
        (self.source, self.isCheck, errorsPath) = (source, isCheck, path)
        try path.map(source.requireOther)
        output = try path.map(Self.create)
        // With a mark of its encoding, so that a spreadsheet shows Korean.
        try write("\u{FEFF}" + words("행,심각도,열,항목,값,규칙", "row,severity,column,field,value,rule") + "\r\n")
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(
                .usage, words("쓸 수 없는 파일: \(path)", "Cannot write \(path)"), next: words("경로를 확인한다.", "Check the path.")
            )
        }
        return file
    }

    private func write(_ text: String) throws { try output?.write(contentsOf: Data(text.utf8)) }

    mutating func begins(at position: Int?) {
        wasDone = position == nil
        start = position
    }

    mutating func add(_ finding: JSON) throws {
        let rule = finding.at(words("/rule/ko", "/rule/en"))?.string ?? ""
        let column = finding["column"]?.string ?? ""
        if finding["severity"] == "hint" {
            hints += 1
            if firstHints.count < 5 { firstHints.append(finding) }
        } else {
            errors += 1
            failedRows.insert(Int(finding["row"]?.integer ?? 0))
            groups["\(column)\t\(rule)", default: 0] += 1
            if first.count < Self.shown { first.append(finding) }
        }
        let cells = [
            finding["row"]?.text ?? "", finding["severity"]?.string ?? "", Self.harmless(column),
            Self.harmless(finding["field"]?.string ?? ""), Self.harmless(finding["value"]?.string ?? ""), rule,
        ]
        try write(cells.map(SpreadsheetReader.written).joined(separator: ",") + "\r\n")
    }

    /// A spreadsheet would compute what begins so, unless it is a number.
    static func harmless(_ value: String) -> String {
        guard let first = value.unicodeScalars.first, "=@+-\t\r\n".unicodeScalars.contains(first),
            Double(value) == nil
        else { return value }
        return "'" + value
    }

    func close() throws { try output?.close() }

    /// The wrong rows as they are in the file, under its header, with their number left out: to be corrected.
    func writeRejected(to path: String) throws {
        try source.requireOther(path)
        let file = try Self.create(path)
        defer { try? file.close() }
        var batches = try source.batches()
        var isFirst = true
        while true {
            let batch = try batches.next(from: 1)
            if batch.isEmpty { return }
            var text = isFirst && source.header != nil ? "\u{FEFF}" : ""
            isFirst = false
            for record in batch where failedRows.contains(record.row) || (record.row == 1 && source.header != nil) {
                let cells = record.cells.map { source.encoding.text($0) ?? "" }
                if source.format == .jsonLines {
                    text += cells.joined() + "\n"
                } else {
                    text += cells.map(SpreadsheetReader.written).joined(separator: ",") + "\r\n"
                }
            }
            try file.write(contentsOf: Data(text.utf8))
        }
    }

    // MARK: - For people

    func show(_ result: JSON, _ seconds: Double, _ command: ImportFile) {
        Terminal.line(summary(result, seconds))
        if source.encoding == .cp949 {
            Terminal.line(words("UTF-8이 아니어서 CP949(EUC-KR)로 읽었다.", "It is not UTF-8 and was read as CP949 (EUC-KR)."))
        }
        if hints > 0 {
            Terminal.line(words("\n이미 있는 것과 같아 보이는 행 \(hints):", "\nRows that look like what was there: \(hints)"))
            Terminal.line(table(firstHints) + more(hints, 5))
        }
        guard errors > 0 else { return }
        if groups.count < errors {
            Terminal.line(words("\n자주 틀린 것:", "\nMost frequent:"))
            for (group, count) in groups.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(8) {
                Terminal.line("  \(count)×  " + Self.short(group.replacing("\t", with: ": "), 100))
            }
        }
        Terminal.line(
            words("\n오류 \(errors)개, \(failedRows.count)행:", "\n\(errors) errors in \(failedRows.count) rows:"))
        Terminal.line(table(first) + more(errors, Self.shown))
        Terminal.line(advice(command))
    }

    private func summary(_ result: JSON, _ seconds: Double) -> String {
        func count(_ name: String) -> Int64 { result[name]?.integer ?? 0 }
        let name = source.name
        if isCheck {
            return words(
                "\(name): 검사만 했다. 넣을 수 있는 행 \(count("good")), 이미 들어 있는 행 \(count("unchanged")), 틀린 행 \(count("failed")).",
                "\(name): checked only. \(count("good")) rows can be imported, \(count("unchanged")) are in already, "
                    + "\(count("failed")) are wrong.")
        }
        if wasDone {
            return words(
                "\(name): 이미 모두 들어 있다(\(count("created") + count("unchanged"))건). 아무것도 바꾸지 않았다.",
                "\(name): everything is in already (\(count("created") + count("unchanged")) rows). Nothing was changed."
            )
        }
        var text = words(
            "\(name): \(count("created"))건을 넣었다 (\(Self.decimal(seconds)) s).",
            "\(name): imported \(count("created")) rows (\(Self.decimal(seconds)) s).")
        if let start, start > 1 { text += words(" \(start + 1)행부터 이어 넣었다.", " Went on from row \(start + 1).") }
        if count("unchanged") > 0 {
            text += words(" 이미 들어 있던 \(count("unchanged"))행은 그대로다.", " \(count("unchanged")) were in already.")
        }
        if count("failed") > 0 {
            text += words(" 틀린 \(count("failed"))행은 넣지 않았다.", " \(count("failed")) wrong rows were left out.")
        }
        return text
    }

    private static func decimal(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func more(_ all: Int, _ shown: Int) -> String {
        all > shown ? "\n  … " + words("모두 \(all)", "\(all) in all") : ""
    }

    private func table(_ findings: [JSON]) -> String {
        var table = Table(["  " + words("행", "row"), words("열", "column"), words("값", "value"), words("규칙", "rule")])
        for finding in findings {
            let value =
                finding["value"]?.string.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") } ?? "—"
            table.row([
                "  " + (finding["row"]?.text ?? ""), Self.short(finding["column"]?.string ?? "", 40),
                Self.short(value, 24), Self.short(finding.at(words("/rule/ko", "/rule/en"))?.string ?? "", 60),
            ])
        }
        return table.text
    }

    /// What stands in a file moves no cursor.
    static func short(_ text: String, _ count: Int) -> String {
        let plain = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
        return plain.count > count ? plain.prefix(count - 1) + "…" : plain
    }

    private func advice(_ command: ImportFile) -> String {
        var lines: [String] = []
        if let errorsPath { lines.append(words("오류 전부: \(errorsPath)", "All errors: \(errorsPath)")) }
        if let rejected = command.rejected {
            lines.append(
                words("틀린 행: \(rejected). 고쳐서 이 파일을 넣는다.", "The wrong rows: \(rejected). Correct and import that file.")
            )
        } else if isCheck {
            lines.append(words("고친 뒤 --check 없이 실행하면 들어간다.", "Correct them, then run it without --check."))
        } else {
            lines.append(
                words(
                    "파일을 고쳐 같은 명령을 다시 실행한다: 들어간 행은 두 번 들어가지 않는다. 틀린 행만 따로 받으려면 --rejected 다시.csv",
                    "Correct the file and run the same command: what is in is not imported twice. For the wrong rows "
                        + "alone: --rejected again.csv"))
        }
        if errorsPath == nil, errors > Self.shown {
            lines.append(words("오류 전부를 파일로: --errors 오류.csv", "All errors in a file: --errors errors.csv"))
        }
        return "\n" + lines.map { "→ " + $0 }.joined(separator: "\n")
    }

    // MARK: - For programs

    func json(_ result: JSON, seconds: Double) -> JSON {
        var json: JSON = [
            "file": .string(source.name), "rows": .integer(Int64(source.rows)),
            "encoding": .string(source.encoding.rawValue), "isCheck": .bool(isCheck), "wasDone": .bool(wasDone),
            "result": result, "errors": .integer(Int64(errors)), "hints": .integer(Int64(hints)),
            "first": .array(first + firstHints), "seconds": .number((seconds * 1_000).rounded() / 1_000),
        ]
        if let errorsPath { json["errorsFile"] = .string(errorsPath) }
        return json
    }
}
