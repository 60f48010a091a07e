import Foundation
import JSON
import Testing

@testable import CommandLine

@Suite struct ExpectationTests {
    static let value: JSON = [
        "id": "dmd_01", "state": "open", "trl": 4, "score": 0.75, "items": [["id": 1], ["id": 2]], "note": nil,
    ]

    @Test(arguments: [
        "{}", #"{"state":"open"}"#, #"{"trl":4.0}"#, #"{"items":[{"id":1},{}]}"#, #"{"/items/1/id":2}"#,
        #"{"id":{"$matches":"^dmd_[0-9a-f]+$"}}"#, #"{"score":{"$range":[0,1]}}"#,
        #"{"score":{"$min":0.5,"$max":0.8}}"#,
        #"{"state":{"$oneOf":["open","closed"]}}"#, #"{"items":{"$size":2}}"#, #"{"items":{"$size":{"$min":1}}}"#,
        #"{"items":{"$contains":{"id":2}}}"#, #"{"items":{"$every":{"id":{"$type":"integer"}}}}"#,
        #"{"gone":{"$exists":false},"note":{"$exists":true}}"#, #"{"state":{"$not":"closed"}}"#, #"{"note":null}"#,
        #"{"items":{"$exactly":[{"id":1},{"id":2}]}}"#,
    ])
    func holds(pattern: String) throws {
        let pattern = try JSON(parsing: pattern)
        #expect(throws: Never.self) { try Expectation.check(pattern, ExpectationTests.value) }
    }

    @Test(arguments: [
        (#"{"state":"closed"}"#, "/state"), (#"{"trl":5}"#, "/trl"), (#"{"items":[{}]}"#, "/items"),
        (#"{"items":[{},{"id":3}]}"#, "/items/1/id"), (#"{"gone":1}"#, "/gone"),
        (#"{"id":{"$matches":"^org"}}"#, "/id"),
        (#"{"items":{"$contains":{"id":3}}}"#, "/items"), (#"{"items":{"$every":{"id":1}}}"#, "/items/1/id"),
        (#"{"score":{"$range":[1,2]}}"#, "/score"), (#"{"state":{"$exists":false}}"#, "/state"),
        (#"{"items":{"$exactly":[{"id":1}]}}"#, "/items"), (#"{"state":{"$typo":1}}"#, "/state"),
        (#"{"/items/5/id":1}"#, "/items/5/id"),
    ])
    func namesTheFirstDifference(pattern: String, pointer: String) throws {
        let pattern = try JSON(parsing: pattern)
        do {
            try Expectation.check(pattern, ExpectationTests.value)
            Issue.record("\(pattern) held")
        } catch { #expect(error.pointer == pointer) }
    }
}

@Suite struct ReferencesTests {
    private var references: References {
        var references = References(run: "r1", clock: { .init(timeIntervalSince1970: 1_795_000_000) })
        references["offer"] = ["id": "tec_1", "amount": 5]
        return references
    }

    @Test func keepTheTypeWhenAlone() throws {
        let resolved = try references.resolve([
            "a": "${offer}", "b": "${offer/amount}", "c": "x-${offer/amount}-${run}",
        ])
        #expect(resolved == ["a": ["id": "tec_1", "amount": 5], "b": 5, "c": "x-5-r1"])
    }

    @Test func knowTheTime() throws {
        #expect(try references.resolve("${now}") == "2026-11-18T11:06:40.000Z")
        #expect(try references.resolve("${now+90s}") == "2026-11-18T11:08:10.000Z")
        #expect(try references.resolve("${today-1d}") == "2026-11-17")
    }

    @Test func refuseWhatNobodyCaptured() {
        #expect(throws: References.Unknown.self) { try references.resolve("${demand}") }
        #expect(throws: References.Unknown.self) { try references.resolve("${offer/none}") }
        #expect(throws: References.Unknown.self) { try references.resolve("${nowish}") }
    }
}
