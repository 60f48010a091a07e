public import JSON

/// The number of a Korean application or registration, or of an international application filed in Korea
/// (domain.md 3.3).
///
/// JSON and SQL form: application `10-2020-0123456`, registration `10-1234567`, PCT `PCT/KR2020/012345`. The first
/// two digits are the right: 10 patent, 20 utility model, 30 design, 40 trade mark.
public struct PatentNumber: Hashable, Sendable {
    public enum Right: Int, CaseIterable, Sendable, Named {
        case patent = 10, utilityModel = 20, design = 30, tradeMark = 40

        public var name: Bilingual {
            switch self {
            case .patent: Bilingual(ko: "특허", en: "patent")
            case .utilityModel: Bilingual(ko: "실용신안", en: "utility model")
            case .design: Bilingual(ko: "디자인", en: "design")
            case .tradeMark: Bilingual(ko: "상표", en: "trade mark")
            }
        }
    }

    public enum Form: Hashable, Sendable {
        case application(Right, year: Int)
        case registration(Right)
        case international(year: Int)
    }

    public let form: Form
    public let serial: Int

    /// The Patent Act of 1946 was the first.
    public static let firstYear = 1946
    /// Korea joined the Patent Cooperation Treaty in 1984.
    public static let firstInternationalYear = 1984

    /// Reads what people write: blanks, long dashes, full-width digits, `제…호` and a leading `KR` are understood, and
    /// so are a number without dashes (9 digits registered, 13 applied for) and a registration's trailing `-0000`.
    ///
    /// - Parameter year: the present one; nothing is applied for in the future.
    public static func parse(_ text: String, thisYear year: Int) throws(CodeMistake) -> PatentNumber {
        var plain = text.plainCode
        if plain.hasPrefix("제") { plain.removeFirst() }
        if plain.hasSuffix("호") { plain.removeLast() }
        if plain.hasPrefix("PCT") { return try international(plain, thisYear: year) }
        if plain.hasPrefix("KR") { plain.removeFirst(2) }
        guard !plain.isEmpty else { throw CodeMistake(ko: "번호가 비어 있습니다", en: "is empty") }
        if let wrong = plain.first(where: { $0 != "-" && !String($0).isDecimal }) {
            throw CodeMistake(
                ko: "숫자와 '-'만 쓸 수 있는데 '\(wrong)'이(가) 있습니다", en: "may have digits and dashes only, not '\(wrong)'")
        }
        let parts = plain.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        switch parts.map(\.count) {
        case [9]: return try registration(parts[0].prefix(2), parts[0].dropFirst(2))
        case [13]:
            return try application(parts[0].prefix(2), parts[0].dropFirst(2).prefix(4), parts[0].dropFirst(6), year)
        case [2, 7], [2, 7, 4], [2, 7, 2, 2]: return try registration(parts[0][...], parts[1][...])
        case [2, 4, 7]: return try application(parts[0][...], parts[1][...], parts[2][...], year)
        case let lengths: throw shape(lengths)
        }
    }

    /// Says which part has how many digits and how many it should have.
    private static func shape(_ lengths: [Int]) -> CodeMistake {
        let found = lengths.map(String.init).joined(separator: "-")
        return CodeMistake(
            ko: "자릿수가 맞지 않습니다(\(found)). 출원번호는 2-4-7(10-2020-0123456), 등록번호는 2-7(10-1234567)자리입니다",
            en: "has \(found) digits; an application has 2-4-7 (10-2020-0123456), a registration 2-7 (10-1234567)")
    }

    private static func registration(_ right: Substring, _ serial: Substring) throws(CodeMistake) -> PatentNumber {
        PatentNumber(form: .registration(try Self.right(right)), serial: try Self.serial(serial))
    }

    private static func application(_ right: Substring, _ year: Substring, _ serial: Substring, _ thisYear: Int)
        throws(CodeMistake) -> PatentNumber
    {
        let right = try Self.right(right)
        let year = try Self.year(year, from: firstYear, thisYear)
        return PatentNumber(form: .application(right, year: year), serial: try Self.serial(serial))
    }

    /// `PCT/KR2020/012345`; before 2004 two digits of the year and five of the number were written.
    private static func international(_ plain: String, thisYear: Int) throws(CodeMistake) -> PatentNumber {
        let parts = plain.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "-" }.map(String.init)
        guard parts.count == 3, parts[0] == "PCT" else {
            throw CodeMistake(ko: "국제출원번호는 PCT/KR2020/012345 꼴입니다", en: "must look like PCT/KR2020/012345")
        }
        guard parts[1].hasPrefix("KR") else {
            throw CodeMistake(
                ko: "한국(KR)을 수리관청으로 한 국제출원만 읽습니다('\(parts[1].prefix(2))')",
                en: "must be filed in Korea (KR), not '\(parts[1].prefix(2))'")
        }
        let (years, digits) = (parts[1].dropFirst(2), parts[2])
        guard String(years).isDecimal, digits.isDecimal,
            [4, 6] == [years.count, digits.count] || [2, 5] == [years.count, digits.count]
        else {
            throw CodeMistake(
                ko: "연도 4자리와 번호 6자리(2004년 전은 2자리와 5자리)여야 합니다",
                en: "must have a year of 4 digits and a number of 6 (2 and 5 before 2004)")
        }
        let century = years.count == 4 ? "" : years >= "84" ? "19" : "20"
        let year = try Self.year(Substring(century + years), from: firstInternationalYear, thisYear)
        return PatentNumber(form: .international(year: year), serial: try Self.serial(digits[...]))
    }

    private static func right(_ digits: Substring) throws(CodeMistake) -> Right {
        guard let right = Int(digits).flatMap(Right.init) else {
            throw CodeMistake(
                ko: "권리 종류 '\(digits)'은(는) 없습니다(10 특허, 20 실용신안, 30 디자인, 40 상표)",
                en: "has the unknown kind '\(digits)' (10 patent, 20 utility model, 30 design, 40 trade mark)")
        }
        return right
    }

    private static func year(_ digits: Substring, from first: Int, _ thisYear: Int) throws(CodeMistake) -> Int {
        let year = Int(digits) ?? 0
        guard year >= first else {
            throw CodeMistake(ko: "연도 \(digits)은(는) \(first)년보다 앞섭니다", en: "has the year \(digits), before \(first)")
        }
        guard year <= thisYear else {
            throw CodeMistake(
                ko: "연도 \(digits)은(는) 아직 오지 않았습니다(올해 \(thisYear)년)",
                en: "has the year \(digits), which is in the future (it is \(thisYear))")
        }
        return year
    }

    private static func serial(_ digits: Substring) throws(CodeMistake) -> Int {
        guard let serial = Int(digits), serial > 0 else {
            throw CodeMistake(ko: "일련번호가 0입니다", en: "has the serial number 0")
        }
        return serial
    }
}

extension PatentNumber: CustomStringConvertible, LosslessStringConvertible {
    /// Reads a number that was checked when it was written, so with any year.
    public init?(_ text: String) {
        guard let number = try? PatentNumber.parse(text, thisYear: 9_999) else { return nil }
        self = number
    }

    public var description: String {
        var bytes: [UInt8] = []
        switch form {
        case .application(let right, let year):
            bytes += "\(right.rawValue)-\(year)-".utf8
            appendPadded(serial, width: 7, to: &bytes)
        case .registration(let right):
            bytes += "\(right.rawValue)-".utf8
            appendPadded(serial, width: 7, to: &bytes)
        case .international(let year):
            bytes += "PCT/KR\(year)/".utf8
            appendPadded(serial, width: 6, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PatentNumber: TextCoded {
    public static let title = Bilingual(ko: "출원·등록번호", en: "patent number")
    public static let pattern = #"^([1-4]0-(\d{4}-)?\d{7}|PCT/KR\d{4}/\d{6})$"#
    public static let sample = PatentNumber(form: .registration(.patent), serial: 1)
}
