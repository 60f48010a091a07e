public import JSON

/// A symbol of the International Patent Classification or of the Cooperative one (CPC), which share their form: the
/// subclass `H01L` or a group of it, `H01L 21/02`. The form is checked, not whether the edition has the symbol.
///
/// JSON and SQL form: as above, with one blank.
public struct PatentClass: Hashable, Sendable {
    /// Section, class and subclass, such as `H01L`.
    public let subclass: String
    /// Main group and subgroup, such as `21/02`; nil for the subclass as a whole.
    public let group: String?

    /// Reads what people write: blanks, small letters and full-width characters are understood.
    public static func parse(_ text: String) throws(CodeMistake) -> PatentClass {
        let plain = text.plainCode
        let symbol = Array(plain.unicodeScalars)
        guard symbol.count >= 4 else {
            throw CodeMistake(
                ko: "서브클래스(H01L)나 그룹(H01L 21/02)까지 적으세요",
                en: "must be a subclass (H01L) or a group (H01L 21/02)")
        }
        guard ("A"..."H").contains(symbol[0]) || symbol[0] == "Y" else {
            throw CodeMistake(
                ko: "섹션 '\(symbol[0])'은(는) 없습니다(A–H, CPC는 Y도)",
                en: "has the unknown section '\(symbol[0])' (A-H; Y in CPC)")
        }
        let classDigits = String(String.UnicodeScalarView(symbol[1...2]))
        guard classDigits.isDecimal, classDigits != "00" else {
            throw CodeMistake(
                ko: "섹션 뒤의 클래스는 두 자리 숫자입니다('\(classDigits)')",
                en: "must have two digits after the section, not '\(classDigits)'"
            )
        }
        guard ("A"..."Z").contains(symbol[3]) else {
            throw CodeMistake(
                ko: "클래스 뒤의 서브클래스는 영문자 하나입니다('\(symbol[3])')",
                en: "must have one letter after the class, not '\(symbol[3])'")
        }
        let subclass = String(String.UnicodeScalarView(symbol[..<4]))
        let rest = String(String.UnicodeScalarView(symbol[4...]))
        guard !rest.isEmpty else { return PatentClass(subclass: subclass, group: nil) }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(\.isDecimal), (1...4).contains(parts[0].count),
            (2...6).contains(parts[1].count), let main = Int(parts[0]), main > 0
        else {
            throw CodeMistake(
                ko: "그룹은 21/02처럼 1–4자리/2–6자리 숫자입니다('\(rest)')",
                en: "must have a group of 1-4 digits, a slash and 2-6 digits, such as 21/02, not '\(rest)'")
        }
        return PatentClass(subclass: subclass, group: "\(main)/\(parts[1])")
    }

    /// The subclass as a whole, in which the group lies.
    public var wider: PatentClass { PatentClass(subclass: subclass, group: nil) }

    /// As an index has it, so that it is found with the blank, without it, and by its subclass.
    public var words: String { group.map { "\(subclass) \($0) \(subclass)\($0)" } ?? subclass }
}

extension PatentClass: CustomStringConvertible, LosslessStringConvertible {
    public init?(_ text: String) {
        guard let symbol = try? PatentClass.parse(text) else { return nil }
        self = symbol
    }

    public var description: String { group.map { "\(subclass) \($0)" } ?? subclass }
}

extension PatentClass: TextCoded {
    public static let title = Bilingual(ko: "특허분류(IPC·CPC)", en: "patent classification symbol (IPC or CPC)")
    public static let pattern = #"^[A-HY]\d\d[A-Z]( \d{1,4}/\d{2,6})?$"#
    public static let sample = PatentClass(subclass: "H01L", group: nil)
}
