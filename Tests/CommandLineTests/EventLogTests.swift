import JSON
import Testing

@testable import CommandLine

/// `ieum events` over a log of a thousand events, of which every hundredth is a letter.
@Suite struct EventLogTests {
    private func log(_ types: [String]) -> EventLog {
        EventLog(types: types) { parameters in
            let wanted = parameters["types"]?.array
            let after = parameters["after"]?.integer ?? 0
            let items = (1...Int64(1_000)).filter { $0 > after }.compactMap { sequence -> JSON? in
                let type: JSON = sequence.isMultiple(of: 100) ? "ieum.letters.sent" : "ieum.other"
                return wanted?.contains(type) ?? true ? ["sequence": .integer(sequence), "type": type] : nil
            }
            let limit = Int(parameters["limit"]?.integer ?? 100)
            return ["items": .array(Array(items.prefix(limit))), "last": 1_000]
        }
    }

    private func latest(_ count: Int, _ types: [String]) async throws -> [Int64] {
        try await log(types).latest(count).events.compactMap { $0["sequence"]?.integer }
    }

    @Test func theLatestOfAKindAreFoundHoweverFarApart() async throws {
        #expect(try await latest(3, ["ieum.letters.sent"]) == [800, 900, 1_000])
        #expect(try await latest(50, ["ieum.letters.sent"]).count == 10)
        #expect(try await latest(3, []) == [998, 999, 1_000])
        #expect(try await latest(0, []) == [])
    }

    @Test func everythingAfterIsReadPageByPage() async throws {
        var read: [Int64] = []
        let end = try await log([]).read(after: 10) { read.append($0["sequence"]?.integer ?? 0) }
        #expect(end == 1_000 && read == Array(11...1_000))
    }
}
