import Foundation

/// Numbers that the law forbids us to keep (PIPA Art. 24, 24-2: resident and foreigner registration, passport,
/// driving licence) and contact data where only plain words belong.
enum UniqueIdentifiers {
    /// True if the text holds something that looks like a unique identifier. Errs on the side of refusing.
    static func found(in text: String) -> Bool {
        let plain = flattened(text)
        return registrationNumber(in: plain) || licenceOrPassport(in: plain)
    }

    /// True if a text that will be stored in the clear holds an identifier, an e-mail address or a phone number.
    static func contactFound(in text: String) -> Bool {
        if text.contains("@") || text.contains("＠") { return true }
        // Our own identifiers and hashes are long words of letters and digits; whatever they spell is chance.
        let words: [Substring] = text.split(whereSeparator: \.isWhitespace).filter { !looksLikeIdentifier($0) }
        let plain: String = words.joined(separator: " ")
        return found(in: plain) || phoneOrAccount(in: flattened(plain))
    }

    private static func looksLikeIdentifier(_ word: Substring) -> Bool {
        word.utf8.count >= 24 && word.contains(where: \.isLetter)
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-:.".contains($0)) }
    }

    /// Nine digits or more: a date has eight. Spaces and dots go on only where a number begins like a phone number.
    private static func phoneOrAccount(in text: [Character]) -> Bool {
        var run = 0
        var isPhone = false
        for (place, character) in text.enumerated() {
            if isDigit(character) {
                if run == 0 { isPhone = character == "0" || (place > 0 && text[place - 1] == "+") }
                run += 1
                if run >= 9 { return true }
            } else if !(character == "-" || (isPhone && " .()".contains(character))) {
                run = 0
            }
        }
        return false
    }

    /// Digits of every script become ASCII, dashes of every width become "-".
    private static func flattened(_ text: String) -> [Character] {
        text.precomposedStringWithCompatibilityMapping.map { character in
            if let digit = character.wholeNumberValue, (0...9).contains(digit), character.isNumber {
                return Character(String(digit))
            }
            return "‐‑‒–—―−ー~_".contains(character) ? "-" : character
        }
    }

    /// YYMMDD, a separator or none, 1…8 and six more: with a month and a day that exist.
    private static func registrationNumber(in text: [Character]) -> Bool {
        var start = 0
        while start + 13 <= text.count {
            defer { start += 1 }
            if start > 0, isDigit(text[start - 1]) { continue }
            guard let birth = number(text, at: start, count: 6) else { continue }
            var next = start + 6
            while next < text.count, next < start + 9, text[next] == "-" || text[next] == " " || text[next] == "." {
                next += 1
            }
            guard next < text.count, ("1"..."8").contains(text[next]), isDigit(text[next]) else { continue }
            // The last six may be starred out by the writer; the first seven alone are already too much.
            let tail = text[next...].prefix(7).dropFirst()
            guard tail.count == 6, tail.allSatisfy({ isDigit($0) || $0 == "*" || $0 == "x" || $0 == "X" }) else {
                continue
            }
            if next + 7 < text.count, isDigit(text[next + 7]) { continue }
            let (month, day) = (birth / 100 % 100, birth % 100)
            if (1...12).contains(month), (1...31).contains(day) { return true }
        }
        return false
    }

    /// Licence 11-22-333333-44; passport: a letter of the series and eight digits, or M123A4567.
    private static func licenceOrPassport(in text: [Character]) -> Bool {
        let words = text.split { !(isDigit($0) || $0 == "-" || ($0.isASCII && $0.isLetter)) }
        return words.contains { word in
            let parts = word.split(separator: "-", omittingEmptySubsequences: false)
            if parts.map(\.count) == [2, 2, 6, 2], parts.allSatisfy({ $0.allSatisfy(isDigit) }) { return true }
            guard word.count == 9, let series = word.first, "MSRODGmsrodg".contains(series) else { return false }
            let rest = Array(word.dropFirst())
            return rest.allSatisfy(isDigit)
                || (rest[3].isLetter && rest.enumerated().allSatisfy { $0.offset == 3 || isDigit($0.element) })
        }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func number(_ text: [Character], at start: Int, count: Int) -> Int? {
        var value = 0
        for character in text[start..<(start + count)] {
            guard isDigit(character), let digit = character.wholeNumberValue else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
