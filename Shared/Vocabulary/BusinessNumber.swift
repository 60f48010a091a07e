/// A business registration number (사업자등록번호): ten digits, the last of which checks the others.
///
/// JSON and SQL form: `124-81-00998`; digits without hyphens are accepted when reading. Numbers that begin with `000`
/// belong to no tax office, so invented demo records use them.
public struct BusinessNumber: Hashable, Sendable {
    /// Ten decimal digits.
    public let digits: String

    /// Nil unless the text is ten digits, with or without the usual hyphens, and the check digit is right.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let numbers = bytes.filter { $0 != UInt8(ascii: "-") }
        guard numbers.count == 10, numbers.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let isHyphenated = bytes.count == 12 && bytes[3] == UInt8(ascii: "-") && bytes[6] == UInt8(ascii: "-")
        guard bytes.count == 10 || isHyphenated else { return nil }
        let values = numbers.map { Int($0 - 0x30) }
        guard Self.checkDigit(of: values.dropLast()) == values[9] else { return nil }
        digits = String(numbers.map { Character(Unicode.Scalar($0)) })
    }

    init(checked digits: String) {
        self.digits = digits
    }

    /// Weights 1 3 7 1 3 7 1 3 5, plus the tens of the last product (five times the ninth digit); the check digit brings
    /// the sum to a multiple of ten.
    static func checkDigit(of nine: some Collection<Int>) -> Int {
        let weights = [1, 3, 7, 1, 3, 7, 1, 3, 5]
        var sum = zip(nine, weights).map { $0 * $1 }.reduce(0, +)
        for (index, digit) in nine.enumerated() where index == 8 { sum += digit * 5 / 10 }
        return (10 - sum % 10) % 10
    }
}

extension BusinessNumber: CustomStringConvertible, LosslessStringConvertible {
    public var description: String {
        digits.prefix(3) + "-" + digits.dropFirst(3).prefix(2) + "-" + digits.dropFirst(5)
    }
}
