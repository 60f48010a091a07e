/// An amount of money as read from a Korean text: `35,065억`, `1조 2,000억원`, `4.7천억`, `1,200백만원`, `KRW 5,000`.
///
/// Scanned documents swap the comma that groups thousands with a decimal point, which changes the amount by 1000: the
/// plan's `3.569억` is 3,569억. A number with exactly three digits after its point is therefore kept as printed *and*
/// flagged with the reading that it would have with a comma; who imports decides and notes it.
public struct AmountReading: Hashable, Sendable {
    /// The amount exactly as printed.
    public let printed: Won
    /// The amount if each suspicious point was a comma (×1000); nil when nothing is suspicious.
    public let suspected: Won?

    public var isSuspicious: Bool { suspected != nil }

    /// Reads the whole text; nil when it is not an amount, or is not a whole number of won within 64 bits.
    public init?(_ text: String) {
        var scanner = AmountScanner(text)
        guard let printed = scanner.amount(pointsAreCommas: false) else { return nil }
        self.printed = printed
        guard scanner.sawThreeDecimals else {
            suspected = nil
            return
        }
        var again = AmountScanner(text)
        suspected = again.amount(pointsAreCommas: true)
    }
}

/// Grammar: `[약] [KRW|₩] [-] section+ [원]`, a section being `(number [천|백|십])+ [경|조|억|만]`, sections descending.
private struct AmountScanner {
    private var rest: ArraySlice<Character>
    private(set) var sawThreeDecimals = false

    private static let bigUnits: [Character: Int64] = [
        "만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000, "경": 10_000_000_000_000_000,
    ]
    private static let smallUnits: [Character: Int64] = ["십": 10, "백": 100, "천": 1_000]

    init(_ text: String) {
        rest = Array(text.filter { !$0.isWhitespace })[...]
    }

    mutating func amount(pointsAreCommas: Bool) -> Won? {
        skip("약")
        if !skip("₩") { skip("KRW") }
        let sign: Int64 = skip("-") ? -1 : 1
        var total: Int64 = 0
        var limit = Int64.max
        while let first = rest.first, first.isASCIIDigit {
            guard let section = section(pointsAreCommas: pointsAreCommas) else { return nil }
            guard section.unit < limit else { return nil }
            limit = section.unit
            let (sum, overflow) = total.addingReportingOverflow(section.value)
            guard !overflow else { return nil }
            total = sum
        }
        guard limit != .max else { return nil }
        skip("원")
        return rest.isEmpty ? Won(sign * total) : nil
    }

    /// Numbers with their small units, then the big unit that multiplies them all.
    private mutating func section(pointsAreCommas: Bool) -> (value: Int64, unit: Int64)? {
        var numbers: [(number: Decimal, small: Int64)] = []
        var limit = Int64.max
        while let first = rest.first, first.isASCIIDigit {
            guard let number = number(pointsAreCommas: pointsAreCommas) else { return nil }
            var small: Int64 = 1
            if let next = rest.first, let unit = Self.smallUnits[next] {
                small = unit
                rest.removeFirst()
            }
            guard small < limit else { return nil }
            limit = small
            numbers.append((number, small))
        }
        var unit: Int64 = 1
        if let next = rest.first, let big = Self.bigUnits[next] {
            unit = big
            rest.removeFirst()
        }
        var total: Int64 = 0
        for entry in numbers {
            guard let value = entry.number.times(entry.small, unit) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(value)
            guard !overflow else { return nil }
            total = sum
        }
        return (total, unit)
    }

    private struct Decimal {
        var digits: Int64
        var places: Int

        func times(_ factors: Int64...) -> Int64? {
            var value = digits
            for factor in factors {
                let (product, overflow) = value.multipliedReportingOverflow(by: factor)
                guard !overflow else { return nil }
                value = product
            }
            for _ in 0..<places {
                guard value.isMultiple(of: 10) else { return nil }
                value /= 10
            }
            return value
        }
    }

    /// Digits with well-placed commas, and at most one point.
    private mutating func number(pointsAreCommas: Bool) -> Decimal? {
        let token = rest.prefix { $0.isASCIIDigit || $0 == "," || $0 == "." }
        rest = rest.dropFirst(token.count)
        let halves = token.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, let whole = halves.first, Self.isGrouped(whole) else { return nil }
        var fraction: ArraySlice<Character> = []
        if halves.count == 2 {
            fraction = halves[1]
            guard !fraction.isEmpty, fraction.allSatisfy(\.isASCIIDigit) else { return nil }
        }
        if fraction.count == 3 { sawThreeDecimals = true }
        guard let digits = Int64(String(whole.filter { $0 != "," } + fraction)) else { return nil }
        return Decimal(digits: digits, places: pointsAreCommas && fraction.count == 3 ? 0 : fraction.count)
    }

    /// `1408`, `1,408`, `35,065`; not `35,06` and not `,408`.
    private static func isGrouped(_ digits: ArraySlice<Character>) -> Bool {
        let groups = digits.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first, !first.isEmpty else { return false }
        guard groups.count > 1 else { return true }
        return first.count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 }
    }

    @discardableResult private mutating func skip(_ word: String) -> Bool {
        guard rest.starts(with: word) else { return false }
        rest = rest.dropFirst(word.count)
        return true
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
