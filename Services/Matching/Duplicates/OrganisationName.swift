/// The name of an organisation without what does not tell it from another: its legal form, blanks, signs and case.
/// `㈜가나바이오`, `(주) 가나바이오` and `주식회사 가나바이오` are one.
enum OrganisationName {
    private static let marks = [
        "㈜", "(주)", "（주）", "㈔", "(사)", "(재)", "(유)", "(합)", "주식회사", "유한책임회사", "유한회사", "합자회사", "합명회사",
        "재단법인", "사단법인", "농업회사법인", "의료법인", "학교법인",
    ]
    /// Whole words at the end.
    private static let englishForms: Set<String> = [
        "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "gmbh", "plc", "ag",
    ]

    static func key(_ name: String) -> String {
        var text = name.precomposed.lowercased()
        for mark in marks { text = text.replacing(mark, with: " ") }
        var words = text.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        while words.count > 1, let last = words.last, englishForms.contains(last) { words.removeLast() }
        return words.joined()
    }
}
