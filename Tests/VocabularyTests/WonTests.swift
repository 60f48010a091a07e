import JSON
import Testing
import Vocabulary

@Suite struct WonTests {
    @Test(
        arguments: [
            (120_000_000, "1억 2,000만원", "KRW 120,000,000"),
            (0, "0원", "KRW 0"),
            (1, "1원", "KRW 1"),
            (9_999, "9,999원", "KRW 9,999"),
            (10_000, "1만원", "KRW 10,000"),
            (12_345_678, "1,234만 5,678원", "KRW 12,345,678"),
            (100_000_001, "1억 1원", "KRW 100,000,001"),
            (3_506_500_000_000, "3조 5,065억원", "KRW 3,506,500,000,000"),
            (-5_000, "-5,000원", "KRW -5,000"),
            (Int64.max, "922경 3,372조 368억 5,477만 5,807원", "KRW 9,223,372,036,854,775,807"),
            (Int64.min, "-922경 3,372조 368억 5,477만 5,808원", "KRW -9,223,372,036,854,775,808"),
        ] as [(Int64, String, String)])
    func formats(amount: Int64, korean: String, english: String) {
        #expect(Won(amount).text == Bilingual(ko: korean, en: english))
    }

    @Test func arithmeticThrowsInsteadOfWrapping() throws {
        #expect(try Won(2) + Won(3) == Won(5))
        #expect(try Won(2) - Won(3) == Won(-1))
        #expect(try Won(2) * 3 == Won(6))
        #expect(try Won.sum([Won(1), Won(2), Won(3)]) == Won(6))
        #expect(throws: Won.Overflow()) { try Won(.max) + Won(1) }
        #expect(throws: Won.Overflow()) { try Won(.min) - Won(1) }
        #expect(throws: Won.Overflow()) { try Won(.max) * 2 }
        #expect(throws: Won.Overflow()) { try Won(.min).negated() }
    }

    @Test(
        arguments: [
            (100, [1, 1, 1], [34, 33, 33]),
            (1, [1, 1], [1, 0]),
            (10, [0, 3, 7], [0, 3, 7]),
            (5, [1, 2, 3], [1, 2, 2]),
            (-100, [1, 1, 1], [-34, -33, -33]),
            (0, [5, 5], [0, 0]),
            (7, [3], [7]),
        ] as [(Int64, [Int64], [Int64])])
    func splits(amount: Int64, weights: [Int64], parts: [Int64]) throws {
        #expect(try Won(amount).split(byLargestRemainder: weights) == parts.map { Won($0) })
    }

    @Test func splitSumsExactlyAndStaysWithinOneWon() throws {
        var random = SplitMix(seed: 20_260_801)
        for _ in 0..<2_000 {
            let amount = Int64.random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &random)
            let weights = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Int64.random(in: 0...1_000_000, using: &random)
            }
            guard weights.contains(where: { $0 > 0 }) else { continue }
            let parts = try Won(amount).split(byLargestRemainder: weights)
            #expect(try Won.sum(parts) == Won(amount))
            let total = weights.reduce(0, +)
            for (part, weight) in zip(parts, weights) {
                let exact = Double(amount) * Double(weight) / Double(total)
                #expect(abs(Double(part.amount) - exact) <= 2)
                if weight == 0 { #expect(part == .zero) }
            }
        }
    }

    @Test func splitAtTheEndsOfTheRange() throws {
        for amount in [Int64.max, Int64.min] {
            let parts = try Won(amount).split(byLargestRemainder: [.max / 2, .max / 2])
            #expect(parts.reduce(0) { $0 &+ $1.amount } == amount)
            #expect(try Won(amount).split(byLargestRemainder: [9]) == [Won(amount)])
        }
    }

    @Test func splitRefusesWhatHasNoAnswer() {
        #expect(throws: Won.SplitRefused.noWeights) { try Won(1).split(byLargestRemainder: []) }
        #expect(throws: Won.SplitRefused.weightsSumToZero) { try Won(1).split(byLargestRemainder: [0, 0]) }
        #expect(throws: Won.SplitRefused.negativeWeight(index: 1)) { try Won(1).split(byLargestRemainder: [1, -1]) }
        #expect(throws: Won.SplitRefused.weightsTooLarge) {
            try Won(1).split(byLargestRemainder: [.max, .max, .max])
        }
    }

    @Test func jsonIsAnIntegerThatEveryClientReadsExactly() throws {
        #expect(try JSON.encode(Won(120_000_000)) == 120_000_000)
        #expect(try (-5 as JSON).decode(Won.self) == Won(-5))
        #expect(try JSON.integer(Won.largest.amount).decode(Won.self) == .largest)
        #expect(throws: FieldErrors.self) { try JSON.integer(Won.largest.amount + 1).decode(Won.self) }
        #expect(throws: FieldErrors.self) { try JSON.integer(-Won.largest.amount - 1).decode(Won.self) }
        #expect(throws: FieldErrors.self) { try JSON.number(1.5).decode(Won.self) }
        #expect(throws: FieldErrors.self) { try JSON.string("5").decode(Won.self) }
    }
}

@Suite struct AmountReadingTests {
    @Test(
        arguments: [
            ("35,065억", 3_506_500_000_000),
            ("1조 2,000억원", 1_200_000_000_000),
            ("약 3조 5,065억 원", 3_506_500_000_000),
            ("574.7억", 57_470_000_000),
            ("7,547.8억", 754_780_000_000),
            ("24.7조", 24_700_000_000_000),
            ("4.7천억", 470_000_000_000),
            ("4천7백억", 470_000_000_000),
            ("1,200백만원", 1_200_000_000),
            ("500천원", 500_000),
            ("1억 2,000만원", 120_000_000),
            ("3억5천만원", 350_000_000),
            ("1만 5원", 10_005),
            ("120,000,000", 120_000_000),
            ("KRW 120,000,000", 120_000_000),
            ("₩5000", 5_000),
            ("KRW -5,000", -5_000),
            ("-1억원", -100_000_000),
            ("0원", 0),
        ] as [(String, Int64)])
    func reads(text: String, amount: Int64) throws {
        let reading = try #require(AmountReading(text))
        #expect(reading.printed == Won(amount))
        #expect(!reading.isSuspicious)
    }

    /// domain.md 1.5: a scanned comma became a point.
    @Test(
        arguments: [
            ("3.569억", 356_900_000, 356_900_000_000),
            ("1.408억", 140_800_000, 140_800_000_000),
            ("7.000", 7, 7_000),
            ("1조 2.000억", 1_000_200_000_000, 1_200_000_000_000),
        ] as [(String, Int64, Int64)])
    func flagsWhatMayBeOffByAThousand(text: String, printed: Int64, suspected: Int64) throws {
        let reading = try #require(AmountReading(text))
        #expect(reading.printed == Won(printed))
        #expect(reading.suspected == Won(suspected))
        #expect(reading.isSuspicious)
    }

    @Test(arguments: [
        "", "원", "억", "미정", "35,06억", ",500억", "1,2345억", "1억 2조", "1억 1억", "1.5", "1..5억", "1.억", "5억 남음", "1.2.3억",
        "99999999999경", "--5", "1.00001만원", "5십백", "１００원", "KRW", "0x10",
    ])
    func refuses(text: String) {
        #expect(AmountReading(text) == nil)
    }

    @Test func readsWhatWeFormat() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            let amount = Won(Int64.random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &random))
            #expect(AmountReading(amount.korean)?.printed == amount)
            #expect(AmountReading(amount.english)?.printed == amount)
        }
    }
}

@Suite struct FigureTests {
    private let open = Figure.open(reason: Bilingual(ko: "원문에 없음", en: "the source is silent"))

    @Test func unknownIsNotZero() throws {
        let total = try FigureTotal(of: [.known(Won(300)), open, .known(Won(0)), open])
        #expect(total == FigureTotal(known: Won(300), knownCount: 2, openCount: 2))
        #expect(total.exact == nil)
        #expect(total.lowerBound == Won(300))
        #expect(total.upperBound == nil)
        #expect(total.text == Bilingual(ko: "300원 + 미정 2건", en: "KRW 300 + 2 open"))
    }

    @Test func aSumOfKnownFiguresIsExact() throws {
        let total = try FigureTotal(of: [.known(Won(1)), .known(Won(2))])
        #expect(total.exact == Won(3))
        #expect(total.upperBound == Won(3))
        #expect(try FigureTotal(of: []).exact == .zero)
        #expect(throws: Won.Overflow()) { try FigureTotal(of: [.known(Won(.max)), .known(Won(1))]) }
    }

    @Test func totalsAddUp() throws {
        let left = try FigureTotal(of: [.known(Won(1)), open])
        let right = try FigureTotal(of: [.known(Won(2))])
        #expect(try left + right == FigureTotal(known: Won(3), knownCount: 2, openCount: 1))
    }

    @Test func jsonSaysWhichItIs() throws {
        #expect(try JSON.encode(Figure.known(Won(5))) == ["known": 5])
        #expect(try JSON.encode(open).at("/open/en") == "the source is silent")
        for figure in [Figure.known(Won(5)), open] {
            #expect(try JSON.encode(figure).decode(Figure.self) == figure)
        }
        #expect(throws: FieldErrors.self) { try (["other": 1] as JSON).decode(Figure.self) }
    }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
