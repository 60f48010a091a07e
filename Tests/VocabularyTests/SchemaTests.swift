import JSON
import Testing
import Vocabulary

/// The vocabulary as parameters of a method: schemas are read off the type, faults are told all at once.
@Suite struct SchemaTests {
    struct Everything: Codable {
        let amount: Won
        let trl: TRL
        let demand: DemandID
        let at: Instant
        let day: Day
        let span: Interval
        let cost: Figure
        let number: BusinessNumber
        let region: Region?
        let state: HoldState
    }

    private let fitting: JSON = [
        "amount": 120_000_000, "trl": 4, "demand": "dmd_019d7f0aa1b27000800000000000abcd",
        "at": "2026-11-21T07:34:28+09:00", "day": "2026-11-21",
        "span": ["start": "2026-11-21T00:00:00Z", "end": "2026-11-22T00:00:00Z"], "cost": ["known": 5],
        "number": "124-81-00998", "state": "held",
    ]

    @Test func whatFitsIsAccepted() throws {
        #expect(Schema.of(Everything.self).validate(fitting).isEmpty)
        let value = try fitting.decode(Everything.self)
        #expect(value.span.duration == .seconds(86_400))
        #expect(value.region == nil)
    }

    @Test func everyFaultIsNamedAtItsPlace() {
        let wrong: JSON = [
            "amount": 1.5, "trl": 12, "demand": "tec_019d7f0aa1b27000800000000000abcd", "at": "yesterday",
            "day": "2025-02-29", "span": ["start": "2026-11-21T00:00:00Z"], "cost": ["known": "5"],
            "number": "124-81-00997", "region": "KR-99", "state": "lost",
        ]
        let pointers = Schema.of(Everything.self).validate(wrong).map(\.pointer)
        #expect(
            Set(pointers) == [
                "/amount", "/trl", "/demand", "/at", "/day", "/span/end", "/cost/known", "/number", "/region", "/state",
            ])
    }
}
