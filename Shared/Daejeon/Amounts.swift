import JSON
import Vocabulary

// Korean documents count money in 억 (100 million won) and 조 (10,000 억).

extension Won {
    static func eok(_ count: Int64) -> Won { Won(count * 100_000_000) }
    /// For amounts with one decimal: `tenthsOfEok(5747)` is 574.7억.
    static func tenthsOfEok(_ count: Int64) -> Won { Won(count * 10_000_000) }
    static func jo(_ count: Int64) -> Won { .eok(count * 10_000) }
}

extension Figure {
    static func eok(_ count: Int64) -> Figure { .known(.eok(count)) }

    /// The document says nothing. It is not zero.
    static let silent = Figure.open(
        reason: Bilingual(ko: "원문에 금액이 없음(미정)", en: "the source states no amount (undetermined)"))
}
