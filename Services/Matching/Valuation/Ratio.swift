/// Exact quotients of whole numbers, rounded once: half to even, so that roundings do not lean to one side.
enum Ratio {
    /// `value × factor ÷ divisor` (divisor above 0), exact before the rounding; the nearest 64-bit number beyond.
    static func rounded(_ value: Int64, times factor: Int64, over divisor: Int64) -> Int64 {
        quotient(Int128(value) * Int128(factor), over: Int128(divisor))
    }

    static func quotient(_ value: Int128, over divisor: Int128) -> Int64 {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = rest.magnitude * 2
        let isUp = twice > divisor.magnitude || twice == divisor.magnitude && !whole.isMultiple(of: 2)
        return Int64(clamping: isUp ? whole + (value < 0 ? -1 : 1) : whole)
    }

    /// `value × (10000 ÷ (10000 + rate))^years`: the present value of an amount at the end of a year, in whole won.
    /// Numerator and denominator are kept whole, however long they get, so that nothing drifts with the years.
    static func discounted(_ value: Int64, basisPoints rate: Int, years: Int) -> Int64 {
        var above = Natural(value.magnitude)
        var below = Natural(1)
        var near = Double(value.magnitude)
        for _ in 0..<years {
            above.multiply(by: 10_000)
            below.multiply(by: UInt64(10_000 + rate))
            near *= 10_000 / Double(10_000 + rate)
        }
        // The estimate is off by some 10^-14 of itself; where to look is widened far beyond that, and the search is exact.
        let margin = near * 1e-10 + 2
        let low = UInt64(max(0, near - margin))
        let high = near + margin >= Double(value.magnitude) ? value.magnitude : UInt64(near + margin)
        let magnitude = Int64(clamping: above.dividedHalfToEven(by: below, within: min(low, high)...high))
        return value < 0 ? -magnitude : magnitude
    }
}

/// A natural number of any length, with just what discounting needs.
struct Natural: Hashable, Sendable {
    /// Least significant first; the last is not 0.
    private var limbs: [UInt64]

    init(_ value: UInt64) { limbs = value == 0 ? [] : [value] }

    mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = limbs[index].multipliedFullWidth(by: factor)
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            limbs[index] = low
            carry = product.high + (overflow ? 1 : 0)
        }
        if carry > 0 { limbs.append(carry) }
        if factor == 0 { limbs = [] }
    }

    func times(_ factor: UInt64) -> Natural {
        var product = self
        product.multiply(by: factor)
        return product
    }

    static func compare(_ left: Natural, _ right: Natural) -> Int {
        guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count ? -1 : 1 }
        for (mine, other) in zip(left.limbs, right.limbs).reversed() where mine != other {
            return mine < other ? -1 : 1
        }
        return 0
    }

    /// The quotient, which is known to lie, rounded down, within a range: found by halving it.
    func dividedHalfToEven(by divisor: Natural, within range: ClosedRange<UInt64>) -> UInt64 {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2 + (high - low) % 2
            if Natural.compare(divisor.times(middle), self) <= 0 { low = middle } else { high = middle - 1 }
        }
        // Above the half (2q + 1) ÷ 2 the next number is nearer; on it, the even one is taken.
        let half = Natural.compare(times(2), divisor.times(2 * low + 1))
        return half > 0 || half == 0 && !low.isMultiple(of: 2) ? low + 1 : low
    }
}
