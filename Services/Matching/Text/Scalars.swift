/// What a character is to the tokeniser.
enum ScalarClass {
    /// Hangul syllables and Han characters: cut into bigrams.
    case syllable
    case letter
    case digit
    /// Joins two parts of one Latin term when it stands between them (`LC/MS`, `Wi-Fi`, `0.5`).
    case joiner
    case other
}

extension Unicode.Scalar {
    var scalarClass: ScalarClass {
        switch value {
        case 0x30...0x39: .digit
        case 0x41...0x5A, 0x61...0x7A: .letter
        case 0x2D, 0x2E, 0x2F, 0x26, 0x5F, 0x2C, 0x2010, 0x2011, 0x2019, 0x27: .joiner  // - . / & _ , and hyphens
        case 0..<0x80: .other
        case 0xAC00...0xD7A3, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: .syllable
        default: properties.isAlphabetic ? .letter : .other
        }
    }

    var isHangul: Bool { (0xAC00...0xD7A3).contains(value) }
    var isUpperCaseLatin: Bool { (0x41...0x5A).contains(value) }

    var lowerCased: Unicode.Scalar {
        if value < 0x80 { return isUpperCaseLatin ? Unicode.Scalar(UInt8(value) + 32) : self }
        if scalarClass == .syllable { return self }
        let mapping = properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? self : self
    }
}

/// Characters that are only another way to write others are brought to one form before anything is compared:
/// full-width Latin, unit symbols (㎛ = um), the micro sign, decomposed Hangul as macOS file names carry it, and Han
/// characters that stand for a Korean syllable.
enum Scalars {
    static func normalised(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count / 2)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x80, 0xAC00...0xD7A3: result.append(scalar)
            case 0xFF01...0xFF5E: append(scalar.value - 0xFEE0, to: &result)
            case 0xB5, 0x3BC: result.append("u")
            case 0x1161...0x1175: appendVowel(scalar, to: &result)
            case 0x11A8...0x11C2: appendFinal(scalar, to: &result)
            case 0x4E00...0x9FFF: result.append(readings[scalar] ?? scalar)
            default:
                if let unit = unitSymbols[scalar] {
                    result.append(contentsOf: unit.unicodeScalars)
                } else {
                    result.append(scalar)
                }
            }
        }
        return result
    }

    /// Han characters that plans and news still write for Korean syllables (新산업, 案, 市). Only such as are read in one
    /// way; others stay as they are.
    private static let readings: [Unicode.Scalar: Unicode.Scalar] = Dictionary(
        uniqueKeysWithValues: zip(
            "新案市內外前後大小高低超先非無有民官軍産學硏社發化型力人美中日英韓獨佛對第再脫反親抗省廳者級性論法".unicodeScalars,
            "신안시내외전후대소고저초선비무유민관군산학연사발화형력인미중일영한독불대제재탈반친항성청자급성론법".unicodeScalars))

    private static let unitSymbols: [Unicode.Scalar: String] = [
        "㎚": "nm", "㎛": "um", "㎜": "mm", "㎝": "cm", "㎞": "km", "㎎": "mg", "㎏": "kg", "㎖": "ml", "㎕": "ul",
        "㎡": "m2", "㎥": "m3", "㎐": "hz", "㎑": "khz", "㎒": "mhz", "㎓": "ghz", "㎾": "kw", "㎿": "mw", "㏈": "db",
        "℃": "degc", "Å": "angstrom", "²": "2", "³": "3",
    ]

    private static func append(_ value: UInt32, to result: inout [Unicode.Scalar]) {
        if let scalar = Unicode.Scalar(value) { result.append(scalar) }
    }

    /// A leading consonant followed by a vowel is one syllable (Unicode 3.12, Hangul composition).
    private static func appendVowel(_ vowel: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        guard let lead = result.last, (0x1100...0x1112).contains(lead.value) else { return result.append(vowel) }
        result.removeLast()
        append(0xAC00 + ((lead.value - 0x1100) * 21 + (vowel.value - 0x1161)) * 28, to: &result)
    }

    private static func appendFinal(_ final: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        guard let open = result.last, open.isHangul, (open.value - 0xAC00) % 28 == 0 else {
            return result.append(final)
        }
        result.removeLast()
        append(open.value + final.value - 0x11A7, to: &result)
    }
}
