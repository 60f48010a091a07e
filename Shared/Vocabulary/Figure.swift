public import JSON

/// A figure of a document that may be silent: known, or left open with the reason. Unknown is not zero: a sum over
/// figures keeps count of what it does not know (25 of the plan's 32 details state no amount, P:2412-2488).
///
/// JSON form: `{"known": 306500000000}` or `{"open": {"ko": "…", "en": "…"}}`.
public enum Figure: Hashable, Sendable {
    case known(Won)
    case open(reason: Bilingual)

    public var amount: Won? {
        if case .known(let amount) = self { amount } else { nil }
    }
}

/// A sum over figures: what is known, and how many parts are open. As an interval it is [known, ∞) as long as anything
/// is open (no figure here is negative), and exactly `known` otherwise.
public struct FigureTotal: Hashable, Sendable, Codable {
    public let known: Won
    public let knownCount: Int
    public let openCount: Int

    public init(known: Won = .zero, knownCount: Int = 0, openCount: Int = 0) {
        self.known = known
        self.knownCount = knownCount
        self.openCount = openCount
    }

    public init(of figures: some Sequence<Figure>) throws(Won.Overflow) {
        var total = FigureTotal()
        for figure in figures { total = try total + figure }
        self = total
    }

    public static func + (total: FigureTotal, figure: Figure) throws(Won.Overflow) -> FigureTotal {
        switch figure {
        case .known(let amount):
            FigureTotal(
                known: try total.known + amount, knownCount: total.knownCount + 1, openCount: total.openCount)
        case .open:
            FigureTotal(known: total.known, knownCount: total.knownCount, openCount: total.openCount + 1)
        }
    }

    public static func + (left: FigureTotal, right: FigureTotal) throws(Won.Overflow) -> FigureTotal {
        FigureTotal(
            known: try left.known + right.known, knownCount: left.knownCount + right.knownCount,
            openCount: left.openCount + right.openCount)
    }

    /// The amount, if nothing is open.
    public var exact: Won? { openCount == 0 ? known : nil }
    public var lowerBound: Won { known }
    /// Nil means unbounded, because a part is open.
    public var upperBound: Won? { exact }

    /// `6조 5,235억원 + 미정 25건` / `KRW 6,523,500,000,000 + 25 open`.
    public var text: Bilingual {
        guard openCount > 0 else { return known.text }
        return Bilingual(ko: "\(known.korean) + 미정 \(openCount)건", en: "\(known.english) + \(openCount) open")
    }
}
