import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Talent

@Suite struct EngagementTests {
    @Test func followsTheLifeOfAHold() async throws {
        let world = try World()
        let person = try await world.register()
        let held = try await world.kit.call("talent.engagements.hold", world.hold(person, 1, 5, 50))
        let id = try #require(held["id"])
        #expect(held["state"] == "held" && id.string?.hasPrefix("eng_") == true && held["holder"] == "flow-1")
        #expect(held["expiresAt"] == .string(world.kit.now.adding(seconds: 600).description))
        try await world.kit.advance(seconds: 500)
        let shorter = try await world.kit.call("talent.engagements.renew", ["id": id, "ttlSeconds": 10])
        #expect(shorter["expiresAt"] == held["expiresAt"], "a hold is never made shorter")
        let renewed = try await world.kit.call("talent.engagements.renew", ["id": id, "ttlSeconds": 300])
        #expect(renewed["expiresAt"] == .string(world.kit.now.adding(seconds: 300).description))
        let posted = try await world.kit.call("talent.engagements.post", ["id": id])
        #expect(posted["state"] == "posted")
        #expect(try await world.kit.call("talent.engagements.post", ["id": id]) == posted, "posting again is harmless")
        for method in ["void", "renew"] {
            let fault = try await world.fault("talent.engagements.\(method)", ["id": id])
            #expect(fault.code == .conflict && fault.data["state"] == "posted" && fault.data["id"] == id)
        }
        try await world.kit.advance(seconds: 10_000)
        #expect(try await world.kit.call("talent.engagements.get", ["id": id])["state"] == "posted")
        #expect(
            try await world.types().filter { $0.contains("engagement") }
                == ["held", "renewed", "renewed", "posted"].map { "ieum.talent.engagement.\($0)" })
    }

    /// Time is booked by consent: what was held with one that has run out since can be neither kept nor booked.
    @Test func needsAConsentThatStillHolds() async throws {
        let world = try World()
        let person = try await world.register([
            "consents": [
                ["purpose": "engagement", "expiresAt": .string(world.kit.now.adding(seconds: 100).description)]
            ]
        ])
        let id = try #require(
            try await world.kit.call("talent.engagements.hold", world.hold(person, 1, 5, 50))["id"])
        try await world.kit.advance(seconds: 100)
        for method in ["renew", "post"] {
            let fault = try await world.fault("talent.engagements.\(method)", ["id": id])
            #expect(fault.data["rule"] == "consent.engagement", "\(method)")
        }
        try await world.kit.call("talent.consents.grant", ["personId": person, "purpose": "engagement"])
        #expect(try await world.kit.call("talent.engagements.post", ["id": id])["state"] == "posted")
        // Posting again changes nothing, so it needs nothing.
        try await world.kit.call("talent.consents.withdraw", ["personId": person, "purpose": "engagement"])
        #expect(try await world.kit.call("talent.engagements.post", ["id": id])["state"] == "posted")
    }

    @Test func voidsAndExpires() async throws {
        let world = try World()
        let person = try await world.register()
        let one = try await world.kit.call("talent.engagements.hold", world.hold(person, 1, 5, 60))["id"] ?? .null
        let voided = try await world.kit.call("talent.engagements.void", ["id": one, "reason": "changed plans"])
        #expect(voided["state"] == "voided" && voided["reason"] == "changed plans")
        #expect(try await world.kit.call("talent.engagements.void", ["id": one])["state"] == "voided")
        let two =
            try await world.kit.call(
                "talent.engagements.hold", world.hold(person, 1, 5, 60, ["ttlSeconds": 10]))["id"] ?? .null
        try await world.kit.advance(seconds: 10)
        #expect(try await world.kit.call("talent.engagements.get", ["id": two])["state"] == "expired")
        #expect(try await world.types().last == "ieum.talent.engagement.expired")
        let fault = try await world.fault("talent.engagements.post", ["id": two])
        #expect(fault.code == .conflict && fault.data["state"] == "expired")
        #expect(try await world.kit.call("talent.engagements.void", ["id": two])["state"] == "expired")
        // Both gave their share back.
        try await world.kit.call("talent.engagements.hold", world.hold(person, 1, 5, 100))
    }

    @Test func saysWhatIsFreeWhenItRefuses() async throws {
        let world = try World()
        let person = try await world.register(share: 80)
        try await world.kit.call("talent.engagements.hold", world.hold(person, 10, 20, 50))
        let fault = try await world.fault("talent.engagements.hold", world.hold(person, 5, 25, 40))
        #expect(fault.code == .conflict)
        let free: JSON = [
            ["start": world.day(5), "end": world.day(10), "share": 80],
            ["start": world.day(10), "end": world.day(20), "share": 30],
            ["start": world.day(20), "end": world.day(25), "share": 80],
        ]
        #expect(fault.data["free"] == free)
        // The end day is free again.
        try await world.kit.call("talent.engagements.hold", world.hold(person, 20, 25, 80))
        // Beyond the windows nothing is free.
        #expect(try await world.fault("talent.engagements.hold", world.hold(person, 199, 201, 1)).code == .conflict)
    }

    @Test func fiftyAtOnceNeverTakeMoreThanThereIs() async throws {
        let world = try World()
        let person = try await world.register(share: 70)
        let results = await withTaskGroup(of: (granted: Int, refused: Int, other: Int).self) { group in
            for number in 0..<50 {
                group.addTask {
                    // Overlapping stretches of 12 %: at most five fit on a day.
                    let from = 10 + number % 3
                    do {
                        try await world.kit.call(
                            "talent.engagements.hold", world.hold(person, from, from + 10, 12), key: "k\(number)")
                        return (1, 0, 0)
                    } catch let fault as Fault where fault.code == .conflict && fault.data["free"] != nil {
                        return (0, 1, 0)
                    } catch {
                        return (0, 0, 1)
                    }
                }
            }
            return await group.reduce((granted: 0, refused: 0, other: 0)) {
                ($0.granted + $1.granted, $0.refused + $1.refused, $0.other + $1.other)
            }
        }
        #expect(results.granted == 5 && results.refused == 45 && results.other == 0)
        let spans = try await world.kit.database.read { db in
            try Availability.spans(db.rows("SELECT start_day, end_day, share FROM engagements WHERE state = 'held'"))
        }
        #expect(spans.count == 5)
        #expect(
            Shares.excess(
                available: [ShareSpan(start: Day(number: 0), end: Day(number: 99_999), share: 70)], taken: spans
            ).isEmpty)
    }

    /// A seeded mixture of everything that takes and gives time, checked against a day grid after each step.
    @Test(arguments: UInt64(0)..<6)
    func neverExceedsTheWindowsWhateverHappens(seed: UInt64) async throws {
        var random = Seeded(state: seed)
        let world = try World()
        let person = try await world.register(share: 100)
        var ids: [JSON] = []
        for _ in 0..<120 {
            let (from, share) = (Int.random(in: 0...40, using: &random), Int64.random(in: 5...60, using: &random))
            let length = Int.random(in: 1...15, using: &random)
            let id = ids.randomElement(using: &random) ?? "\(EngagementID.new(at: world.kit.now))"
            switch Int.random(in: 0...9, using: &random) {
            case 0...4:
                if let held = try? await world.kit.call(
                    "talent.engagements.hold", world.hold(person, from, from + length, share, ["ttlSeconds": 40]))
                {
                    ids.append(held["id"] ?? .null)
                }
            case 5: _ = try? await world.kit.call("talent.engagements.post", ["id": id])
            case 6: _ = try? await world.kit.call("talent.engagements.void", ["id": id])
            case 7: _ = try? await world.kit.call("talent.engagements.renew", ["id": id, "ttlSeconds": 60])
            case 8: try await world.kit.advance(seconds: Int64.random(in: 1...30, using: &random))
            default:
                _ = try? await world.kit.call(
                    "talent.availability.set",
                    [
                        "personId": person,
                        "windows": [["start": world.day(0), "end": world.day(60), "share": .integer(40 + share)]],
                    ])
            }
            let now = world.kit.now
            let (windows, taken) = try await world.kit.database.read { db in
                (
                    try Availability.spans(db.rows("SELECT start_day, end_day, share FROM availability")),
                    try Availability.spans(
                        db.rows(
                            "SELECT start_day, end_day, share FROM engagements WHERE state = 'posted' "
                                + "OR (state = 'held' AND expires_at > ?)", now))
                )
            }
            let today = Day.inSeoul(at: now)
            for day in (0..<60).map(today.adding) {
                func sum(_ spans: [ShareSpan]) -> Int {
                    spans.reduce(0) { $0 + ($1.start <= day && day < $1.end ? $1.share : 0) }
                }
                #expect(sum(taken) <= sum(windows), "seed \(seed)")
            }
        }
        #expect(!ids.isEmpty)
    }

    @Test func needsAgreementForAPosting() async throws {
        let world = try World()
        let person = try await world.register()
        let posting = try await world.posting()
        let wish = world.hold(person, 10, 40, 40, ["postingId": posting])
        #expect(try await world.fault("talent.engagements.hold", wish).data["rule"] == "posting.notAgreed")
        var onBehalf = wish
        onBehalf["onBehalf"] = true
        let refused = try await world.fault("talent.engagements.hold", onBehalf, roles: member)
        #expect(refused.code == .forbidden)
        let held = try await world.kit.call("talent.engagements.hold", onBehalf, roles: [.viewer, .member, .operator])
        #expect(held["postingId"] == posting)
        try await world.agree(posting, person)
        try await world.kit.call("talent.engagements.hold", wish, roles: member)
        try await world.kit.call("talent.postings.close", ["id": posting])
        #expect(try await world.fault("talent.engagements.hold", wish).data["rule"] == "posting.notPublished")
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let person = try await world.register()
        for (changes, pointer) in [
            (["share": 0], "/share"), (["share": 101], "/share"), (["ttlSeconds": 0], "/ttlSeconds"),
            (["ttlSeconds": 86_401], "/ttlSeconds"), (["holder": ""], "/holder"), (["end": world.day(1)], "/end"),
            (["end": "2026-02-30"], "/end"), (["personId": "x"], "/personId"),
            (["holder": "kim@example.org"], "/holder"),
        ] as [(JSON, String)] {
            #expect(
                try await world.refuses("talent.engagements.hold", world.hold(person, 1, 2, 10, changes), at: pointer))
        }
        let unknown: JSON = "\(PersonID.new(at: world.kit.now))"
        #expect(try await world.fault("talent.engagements.hold", world.hold(unknown, 1, 2, 10)).code == .notFound)
        let engagement: JSON = ["id": "\(EngagementID.new(at: world.kit.now))"]
        for method in ["renew", "post", "void", "get"] {
            #expect(try await world.fault("talent.engagements.\(method)", engagement).code == .notFound)
        }
    }

    @Test func listsByPersonAndHolder() async throws {
        let world = try World()
        let (one, two) = (try await world.register(), try await world.register())
        for (person, holder) in [(one, "flow-a"), (one, "flow-b"), (two, "flow-a")] {
            try await world.kit.call(
                "talent.engagements.hold", world.hold(person, 1, 2, 10, ["holder": .string(holder)]))
        }
        func count(_ parameters: JSON) async throws -> Int? {
            try await world.kit.call("talent.engagements.list", parameters)["items"]?.array?.count
        }
        #expect(try await count([:]) == 3)
        #expect(try await count(["personId": one]) == 2)
        #expect(try await count(["holder": "flow-a"]) == 2)
        #expect(try await count(["holder": "flow-a", "personId": one]) == 1)
        let first = try await world.kit.call("talent.engagements.list", ["limit": 2])
        #expect(try await count(["after": first["next"] ?? .null]) == 1)
    }
}
