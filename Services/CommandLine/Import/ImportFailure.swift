import JSON
import ServiceKit

/// What keeps a file from being read at all, and what to do about it.
extension Failure {
    /// The columns do not fit: which ones, by the letters of a spreadsheet. Nil for any other fault.
    init?(header fault: Fault, _ source: ImportSource) {
        let fields = fault.data["fields"]?.array ?? []
        let wrong = fields.filter {
            $0["pointer"]?.string?.hasPrefix("/columns") == true
                || $0["pointer"]?.string?.hasPrefix("/plan/columns") == true
        }
        guard !fields.isEmpty, wrong.count == fields.count else { return nil }
        var unknown: [String] = []
        let lines = wrong.map { field in
            let rule = field.at(words("/rule/ko", "/rule/en"))?.string ?? ""
            guard let place = field["pointer"]?.string?.split(separator: "/").last.flatMap({ Int($0) }) else {
                // The whole header is wrong when it is too long; what is missing has no value.
                let count = field["value"] == nil ? nil : source.header?.count
                return "\n  " + (count.map { words("열 \($0)개: ", "\($0) columns: ") } ?? "") + rule
            }
            let name = ImportReport.short(field["value"]?.string ?? "", 200)
            // Of two of one name none is left out by that name.
            if source.header?.count(where: { $0 == field["value"]?.string }) == 1 { unknown.append(name) }
            return "\n  \(Self.letters(place)) '\(name)': \(rule)"
        }
        let ignore = "--ignore " + Self.quoted(unknown.joined(separator: ","))
        let remedy =
            unknown.isEmpty
            ? words("열 이름을 고친다.", "Rename the columns.")
            : words("열 이름을 고치거나 뺀다: \(ignore)", "Rename the columns, or leave them out: \(ignore)")
        self.init(
            .refused, words("\(source.name): 열이 맞지 않는다.", "\(source.name): the columns do not fit.") + lines.joined(),
            next: remedy + words(" 열 이름은 ieum import --template 에 있다.", " The names stand in ieum import --template."),
            fault: fault)
    }

    /// As one word of a shell: what stands in a file is text, also in a command that is copied from here.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    /// A, B, …, Z, AA, as over the columns of a spreadsheet.
    private static func letters(_ place: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(65 + place % 26)))
        return place < 26 ? letter : letters(place / 26 - 1) + letter
    }

    static func unreadable(_ path: String) -> Failure {
        Failure(
            .usage, words("파일을 읽을 수 없거나 비어 있다: \(path)", "Cannot read \(path), or it is empty"),
            next: words("경로를 확인한다.", "Check the path."))
    }

    static func otherForm(_ path: String, _ form: String, next: String) -> Failure {
        Failure(
            .usage,
            words(
                "\(path)은(는) CSV(UTF-8)나 JSON Lines가 아니라 \(form)이다.",
                "\(path) is \(form), not CSV (UTF-8) or JSON Lines."),
            next: next)
    }

    static func undecodable(_ path: String, _ row: Int) -> Failure {
        Failure(
            .usage,
            words(
                "\(path): UTF-8도 CP949(EUC-KR)도 아니다. \(row)행부터 UTF-8이 아니다.",
                "\(path) is neither UTF-8 nor CP949 (EUC-KR); row \(row) is the first that is not UTF-8."),
            next: words(
                "인코딩을 알아내어 바꾼다: iconv -f 인코딩 -t UTF-8 '\(path)' > '\(path).utf8.csv'",
                "Find out its encoding and convert it: iconv -f ENCODING -t UTF-8 '\(path)' > '\(path).utf8.csv'"))
    }

    static func notSpreadsheet(_ path: String, _ flaws: [SpreadsheetFlaw]) -> Failure {
        let shown = flaws.prefix(20).map { "\n  " + $0.text }.joined()
        let rest = flaws.count > 20 ? words("\n  … 모두 \(flaws.count)곳", "\n  … \(flaws.count) in all") : ""
        return Failure(
            .usage,
            words("\(path): CSV의 따옴표가 맞지 않는다.", "\(path): the quotes of this CSV file do not match.") + shown + rest,
            next: words("그 행을 고친 뒤 다시 실행한다. 아무것도 바꾸지 않았다.", "Correct these rows and run it again. Nothing was changed.")
        )
    }
}

extension SpreadsheetFlaw {
    fileprivate var text: String {
        switch kind {
        case .textAfterQuote:
            words(
                "\(row)행: 닫는 따옴표 뒤에 글자가 있다. 안쪽 따옴표는 둘(\"\")로 적는다",
                "row \(row): text after a closing quote; a quote inside is written twice (\"\")")
        case .openQuote: words("\(row)행: 여는 따옴표가 닫히지 않았다", "row \(row): a quote is opened and never closed")
        case .tooLarge:
            words(
                "\(row)행: 한 행이 \(SpreadsheetReader.recordLimit >> 10) KiB를 넘는다. 닫히지 않은 따옴표를 찾는다",
                "row \(row): larger than \(SpreadsheetReader.recordLimit >> 10) KiB; look for an open quote")
        }
    }
}
