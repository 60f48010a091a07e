import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Talent

@Suite struct AvailabilityTests {
    @Test func answersWithTheFreeShareOfEachStretch() async throws {
        let world = try World()
        let person = try await world.register(share: nil)
        let set: JSON = [
            "personId": person,
            "windows": [
                ["start": world.day(30), "end": world.day(60), "share": 20],
                ["start": world.day(0), "end": world.day(30), "share": 60],
            ],
        ]
        try await world.kit.call("talent.availability.set", set)
        try await world.kit.call("talent.engagements.hold", world.hold(person, 10, 20, 25))
        let answer = try await world.kit.call(
            "talent.availability.get", ["personId": person, "from": world.day(5), "to": world.day(70)])
        let free: JSON = [
            ["start": world.day(5), "end": world.day(10), "share": 60],
            ["start": world.day(10), "end": world.day(20), "share": 35],
            ["start": world.day(20), "end": world.day(30), "share": 60],
            ["start": world.day(30), "end": world.day(60), "share": 20],
            ["start": world.day(60), "end": world.day(70), "share": 0],
        ]
        #expect(answer["free"] == free && answer["windows"]?.array?.count == 2)
    }

    /// What begins in the past is stored from today on, and so it is answered.
    @Test func answersWithWhatIsStored() async throws {
        let world = try World()
        let person = try await world.register(share: nil)
        let answer = try await world.kit.call(
            "talent.availability.set",
            [
                "personId": person,
                "windows": [
                    ["start": world.day(-9), "end": world.day(-5), "share": 30],
                    ["start": world.day(-5), "end": world.day(5), "share": 60],
                ],
            ])
        #expect(answer["windows"] == [["start": world.day(0), "end": world.day(5), "share": 60]])
    }

    @Test func neverGoesBelowWhatIsTaken() async throws {
        let world = try World()
        let person = try await world.register()
        let held = try await world.kit.call("talent.engagements.hold", world.hold(person, 10, 20, 50))
        func set(_ from: Int, _ to: Int, _ share: Int64) -> JSON {
            [
                "personId": person,
                "windows": [["start": world.day(from), "end": world.day(to), "share": .integer(share)]],
            ]
        }
        let fault = try await world.fault("talent.availability.set", set(0, 15, 40))
        #expect(fault.code == .conflict)
        let missing: JSON = [
            ["start": world.day(10), "end": world.day(15), "share": 10],
            ["start": world.day(15), "end": world.day(20), "share": 50],
        ]
        #expect(fault.data["missing"] == missing)
        try await world.kit.call("talent.availability.set", set(10, 20, 50))
        try await world.kit.call("talent.engagements.void", ["id": held["id"] ?? .null])
        try await world.kit.call("talent.availability.set", ["personId": person, "windows": []])
        let answer = try await world.kit.call(
            "talent.availability.get", ["personId": person, "from": world.day(0), "to": world.day(30)])
        #expect(answer["free"] == [["start": world.day(0), "end": world.day(30), "share": 0]])
    }

    @Test func keepsThePastAsItWas() async throws {
        let world = try World()
        let person = try await world.register(share: 80)
        let first = world.day(0)
        try await world.kit.advance(seconds: 10 * 86_400)
        try await world.kit.call(
            "talent.availability.set",
            ["personId": person, "windows": [["start": first, "end": world.day(5), "share": 30]]])
        let answer = try await world.kit.call(
            "talent.availability.get", ["personId": person, "from": first, "to": world.day(5)])
        #expect(
            answer["free"] == [
                ["start": first, "end": world.day(0), "share": 80],
                ["start": world.day(0), "end": world.day(5), "share": 30],
            ])
    }

    @Test func refusesBadInput() async throws {
        let world = try World()
        let person = try await world.register()
        for (window, pointer) in [
            (["start": world.day(1), "end": world.day(1), "share": 10], "/windows/0/end"),
            (["start": world.day(1), "end": world.day(2_000), "share": 10], "/windows/0/end"),
            (["start": world.day(1), "end": world.day(2), "share": 0], "/windows/0/share"),
            (["start": world.day(1), "end": world.day(2), "share": 101], "/windows/0/share"),
            (["start": "soon", "end": world.day(2), "share": 10], "/windows/0/start"),
        ] as [(JSON, String)] {
            #expect(
                try await world.refuses(
                    "talent.availability.set", ["personId": person, "windows": [window]], at: pointer), "\(window.text)"
            )
        }
        let overlapping: JSON = [
            ["start": world.day(1), "end": world.day(5), "share": 10],
            ["start": world.day(4), "end": world.day(6), "share": 10],
        ]
        #expect(
            try await world.refuses(
                "talent.availability.set", ["personId": person, "windows": overlapping], at: "/windows"))
        let period: JSON = ["personId": person, "from": world.day(3), "to": world.day(3)]
        #expect(try await world.refuses("talent.availability.get", period, at: "/to"))
        let stranger = try await world.fault(
            "talent.availability.set", ["personId": person, "windows": []], principal: "uid:2", roles: member)
        #expect(stranger.code == .forbidden)
    }
}
