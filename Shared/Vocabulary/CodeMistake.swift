public import JSON

/// What is wrong with a code that somebody wrote, said so that it can be put right.
public struct CodeMistake: Error, Hashable, Sendable {
    public let rule: Bilingual

    init(ko: String, en: String) { rule = Bilingual(ko: ko, en: en) }
}

extension String {
    /// Codes are copied out of documents: full-width letters, long dashes and stray blanks mean the plain ones.
    var plainCode: String {
        var plain = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: plain.append("-")
            case 0xFF01...0xFF5E:
                if let narrow = Unicode.Scalar(scalar.value - 0xFEE0) { plain.append(narrow) }
            case _ where scalar.properties.isWhitespace: break
            default: plain.append(scalar)
            }
        }
        return String(plain).uppercased()
    }

    var isDecimal: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
