public import JSON

extension Won: CustomStringConvertible {
    /// The Korean reading, which is also how logs show it.
    public var description: String { korean }

    /// Grouped by ten thousands, as people say it: `1억 2,000만원`, `3조 5,065억원`, `0원`.
    public var korean: String {
        guard amount != 0 else { return "0원" }
        var rest = amount.magnitude
        var groups: [String] = []
        for unit in ["", "만", "억", "조"] {
            let group = rest % 10_000
            rest /= 10_000
            if group > 0 { groups.append(Self.grouped(group) + unit) }
        }
        if rest > 0 { groups.append(Self.grouped(rest) + "경") }
        return (amount < 0 ? "-" : "") + groups.reversed().joined(separator: " ") + "원"
    }

    /// `KRW 120,000,000`; a negative amount is `KRW -5,000`.
    public var english: String {
        "KRW " + (amount < 0 ? "-" : "") + Self.grouped(amount.magnitude)
    }

    public var text: Bilingual { Bilingual(ko: korean, en: english) }

    /// The digits in groups of three: `35,065`.
    static func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }
}
