import JSON
import Testing
import Vocabulary

@Suite struct IDTests {
    private let moment = Instant(milliseconds: 1_795_246_468_123)

    @Test func theTextIsPrefixAndVersionSevenUUID() throws {
        let id = DemandID.new(at: moment)
        let text = id.description
        #expect(text.hasPrefix("dmd_"))
        #expect(text.utf8.count == 36)
        let digits = Array(text.dropFirst(4))
        #expect(digits[12] == "7")
        #expect("89ab".contains(digits[16]))
        #expect(String(digits[..<12]) == String(moment.milliseconds, radix: 16).leftPadded(to: 12))
        #expect(id.createdAt == moment)
        #expect(DemandID(text) == id)
        #expect(try JSON.encode(id).decode(DemandID.self) == id)
    }

    @Test func laterIdentifiersSortLater() {
        var random = SplitMix(seed: 7)
        var now = moment
        var ids: [TechnologyID] = []
        for _ in 0..<20_000 {
            ids.append(.new(at: now))
            if Int.random(in: 0..<100, using: &random) == 0 {
                now = now.adding(milliseconds: Int64.random(in: 1...1_000, using: &random))
            }
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test func twoClocksThatAlternateKeepTheirOrder() {
        let other = moment.adding(seconds: -1)
        var here: [CaseID] = []
        var there: [CaseID] = []
        for _ in 0..<1_000 {
            here.append(.new(at: moment))
            there.append(.new(at: other))
        }
        #expect(here == here.sorted())
        #expect(there == there.sorted())
    }

    @Test func identifiersFromManyTasksAreDistinct() async {
        let moment = moment
        let all = await withTaskGroup(of: [FlowID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in FlowID.new(at: moment) } } }
            return await group.reduce(into: Set<FlowID>()) { $0.formUnion($1) }
        }
        #expect(all.count == 16_000)
    }

    @Test(arguments: [
        "", "dmd", "dmd_", "tec_019d7f0aa1b27000800000000000abcd", "dmd_019D7F0AA1B27000800000000000ABCD",
        "dmd_019d7f0aa1b27000800000000000abc", "dmd_019d7f0aa1b27000800000000000abcde",
        "dmd-019d7f0aa1b27000800000000000abcd", "dmd_019d7f0a-a1b2-7000-8000-00000000abcd",
        "dmd_019d7f0aa1b27000800000000000abcg", " dmd_019d7f0aa1b27000800000000000abcd",
    ])
    func refuses(text: String) {
        #expect(DemandID(text) == nil)
    }

    @Test func prefixesAreDistinct() {
        let prefixes = [
            DemandKind.prefix, TechnologyKind.prefix, OrganisationKind.prefix, PersonKind.prefix, ResourceKind.prefix,
            ReservationKind.prefix, EngagementKind.prefix, CaseKind.prefix, FundKind.prefix, CoinvestmentKind.prefix,
            DealKind.prefix, HoldKind.prefix, FlowKind.prefix,
        ]
        #expect(Set(prefixes).count == prefixes.count)
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
