/// An amount of South Korean won, as a whole number. The won has no minor unit (ISO 4217: KRW, exponent 0), so nothing
/// is ever rounded here; where an amount must be shared out, `split(byLargestRemainder:)` loses nothing.
///
/// JSON form: an integer within ±(2^53 − 1), so that every JSON client reads it exactly (9,007조 is far above any sum
/// in the plan).
public struct Won: Hashable, Sendable, Comparable {
    /// The amount in won, not in thousands, millions or 억.
    public let amount: Int64

    public init(_ amount: Int64) {
        self.amount = amount
    }

    public static let zero = Won(0)

    /// The largest amount that has a JSON form, and the negative of the smallest.
    public static let largest = Won(9_007_199_254_740_991)

    public static func < (left: Won, right: Won) -> Bool { left.amount < right.amount }

    /// A sum of money left the range of 64 bits: a programming or input error, never a value to go on with.
    public struct Overflow: Error, Hashable {
        public init() {}
    }

    public static func + (left: Won, right: Won) throws(Overflow) -> Won {
        try checked(left.amount.addingReportingOverflow(right.amount))
    }

    public static func - (left: Won, right: Won) throws(Overflow) -> Won {
        try checked(left.amount.subtractingReportingOverflow(right.amount))
    }

    public static func * (left: Won, right: Int64) throws(Overflow) -> Won {
        try checked(left.amount.multipliedReportingOverflow(by: right))
    }

    /// The same amount with the other sign.
    public func negated() throws(Overflow) -> Won {
        try Won.zero - self
    }

    /// The sum of all amounts; zero for none.
    public static func sum(_ amounts: some Sequence<Won>) throws(Overflow) -> Won {
        var total = Won.zero
        for amount in amounts { total = try total + amount }
        return total
    }

    private static func checked(_ result: (partialValue: Int64, overflow: Bool)) throws(Overflow) -> Won {
        guard !result.overflow else { throw Overflow() }
        return Won(result.partialValue)
    }
}

extension Won {
    /// Why an amount could not be shared out.
    public enum SplitRefused: Error, Hashable {
        case noWeights
        case negativeWeight(index: Int)
        case weightsSumToZero
        case weightsTooLarge
    }

    /// Shares the amount out in proportion to the weights so that the parts sum to it exactly (largest remainder, also
    /// called Hamilton's method). Equal remainders go to the earlier part, so the result depends on nothing but the input.
    /// A negative amount is shared out as its magnitude would be.
    public func split(byLargestRemainder weights: [Int64]) throws(SplitRefused) -> [Won] {
        guard !weights.isEmpty else { throw .noWeights }
        var total: UInt64 = 0
        for (index, weight) in weights.enumerated() {
            guard weight >= 0 else { throw .negativeWeight(index: index) }
            let (sum, overflow) = total.addingReportingOverflow(UInt64(weight))
            guard !overflow else { throw .weightsTooLarge }
            total = sum
        }
        guard total > 0 else { throw .weightsSumToZero }

        let magnitude = amount.magnitude
        var parts: [UInt64] = []
        var remainders: [(index: Int, remainder: UInt64)] = []
        var given: UInt64 = 0
        for (index, weight) in weights.enumerated() {
            // weight ≤ total, so the high word is below the divisor and the quotient is at most the magnitude.
            let product = magnitude.multipliedFullWidth(by: UInt64(weight))
            let (quotient, remainder) = total.dividingFullWidth(product)
            parts.append(quotient)
            remainders.append((index, remainder))
            given += quotient
        }
        remainders.sort { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
        for entry in remainders.prefix(Int(magnitude - given)) { parts[entry.index] += 1 }
        return parts.map { Won(amount < 0 ? Int64(truncatingIfNeeded: 0 &- $0) : Int64(truncatingIfNeeded: $0)) }
    }
}
