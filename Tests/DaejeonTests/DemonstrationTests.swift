import Daejeon
import JSON
import Testing
import Vocabulary

@Suite struct DemonstrationTests {
    @Test func thereIsEnoughOfEverything() {
        #expect(Daejeon.organisations.count >= 30)
        #expect(Daejeon.offers.count >= 20)
        #expect(Daejeon.demands.count >= 10)
        func count(_ method: String) -> Int { Daejeon.load.count { $0.method == method } }
        #expect(count("testbed.sites.register") >= 10)
        #expect(count("testbed.resources.register") >= 15)
        #expect(count("talent.people.register") >= 10)
        #expect(count("talent.postings.create") >= 5)
        #expect(count("fund.funds.create") >= 5)
    }

    @Test func everyReferenceIsKnownBeforeItIsUsed() throws {
        var results: [String: JSON] = [:]
        for call in Daejeon.load + [Daejeon.commercialize.supplyInterest] {
            #expect(results[call.alias] == nil, "\(call.alias) twice")
            let params = try call.parameters(results: results)
            #expect(!params.text.contains("\"$"), "\(call.alias)")
            #expect(call.method.hasPrefix(call.service + "."))
            #expect(call.idempotencyKey == "import:daejeon:\(call.alias)")
            results[call.alias] = ["id": .string("id-of-\(call.alias)")]
        }
        let now = try #require(Instant("2026-11-20T03:00:00Z"))
        let input = try Daejeon.commercialize.input(now: now, results: results)
        #expect(input["demandId"] == "id-of-dmd-inside-samples")
        #expect(input.at("/reservation/resourceId") == "id-of-tem")
        #expect(input.at("/coinvestment/caseId") == "id-of-case-tem")
    }

    @Test func anUnknownReferenceIsAnError() {
        let call = SeedCall("late", "matching.demands.publish", ["id": "$nowhere.id"])
        #expect(throws: SeedCall.UnknownReference(reference: "$nowhere.id")) { try call.parameters(results: [:]) }
        #expect(throws: SeedCall.UnknownReference(reference: "$nowhere.id")) {
            try call.parameters(results: ["nowhere": ["name": "x"]])
        }
    }

    @Test func loadingIsTheSameEveryTime() {
        #expect(Daejeon.load.map(\.params) == Daejeon.load.map(\.params))
        #expect(Set(Daejeon.load.map(\.idempotencyKey)).count == Daejeon.load.count)
    }

    @Test func whatIsInventedSaysSo() {
        for call in Daejeon.load where call.method == "talent.people.register" {
            #expect(call.synthetic)
            #expect(call.params["name"]?.string?.hasSuffix("(가상)") == true)
            #expect(call.params["email"]?.string?.hasSuffix("@example.org") == true)
        }
        for call in Daejeon.load where call.method.hasSuffix(".create") && call.service == "matching" {
            #expect(call.params["source"]?.string?.hasPrefix("synthetic") == call.synthetic, "\(call.alias)")
        }
        for call in Daejeon.load where call.method.hasSuffix(".register") && call.service == "testbed" {
            #expect(call.params["synthetic"] == .bool(call.synthetic), "\(call.alias)")
            if call.params["location"] != nil {
                #expect(call.params["source"]?.string?.contains("approximate location") == true)
            }
        }
    }

    @Test func placesAreInOrAroundTheCity() {
        for zone in Daejeon.zones {
            guard let point = zone.coordinate else { continue }
            #expect((127.2...127.6).contains(point.longitude) && (36.2...36.5).contains(point.latitude), "\(zone.id)")
            #expect(point.approximate)
        }
    }

    @Test(arguments: [
        ("2026-11-18T03:00:00Z", "2026-11-20T01:00:00.000Z"),  // Wednesday noon in Seoul: Friday
        ("2026-11-19T03:00:00Z", "2026-11-23T01:00:00.000Z"),  // Thursday: Saturday moves to Monday
        ("2026-11-20T16:00:00Z", "2026-11-23T01:00:00.000Z"),  // already Saturday in Seoul: Monday
        ("2026-11-22T03:00:00Z", "2026-11-24T01:00:00.000Z"),
    ])
    func theSlotIsAWeekdayMorningInSeoul(now: String, start: String) throws {
        let slot = Daejeon.commercialize.slot(now: try #require(Instant(now)))
        #expect(slot.start.description == start)
        #expect(slot.duration == .seconds(3 * 3_600))
    }
}
