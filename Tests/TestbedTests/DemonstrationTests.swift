import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Testbed

@Suite struct DemonstrationTests {
    private func create(_ house: House, _ more: JSON = [:]) async throws -> JSON {
        var parameters: JSON = [
            "title": ["ko": "엣지 AI 시제품 실증", "en": "Edge AI prototype"], "type": "project",
            "demandId": .string(DemandID.new(at: house.kit.now).description),
        ]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return try #require(try await house.kit.call("testbed.demonstrations.create", parameters)["id"])
    }

    private static let criteria: JSON = [
        ["name": "지연", "unit": "ms", "atMost": 20], ["name": "정확도", "unit": "%", "atLeast": 95, "atMost": 100],
    ]

    @Test func fromTheIdeaToAResultWhoseEveryClaimHasItsEvidence() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let reservation = try await house.hold(resource, 10, 130)["id"]
        let reservationId = try #require(reservation)
        let id = try await create(house)
        let planned = try await house.kit.call(
            "testbed.demonstrations.plan", ["id": id, "reservationIds": [reservationId], "criteria": Self.criteria])
        #expect(planned["state"] == "planned")
        #expect(planned["resourceIds"] == [.string(resource)])
        let held = try await house.kit.fault("testbed.demonstrations.start", ["id": id])
        #expect(held.rule == "demonstration.reservation")
        try await house.kit.call("testbed.reservations.post", ["id": reservationId])
        try await house.kit.call("testbed.demonstrations.start", ["id": id, "note": "착수"])
        func measure(_ name: String, _ value: Double, _ unit: String, _ more: JSON = [:]) -> JSON {
            var parameters: JSON = [
                "id": id, "name": .string(name), "value": .number(value), "unit": .string(unit), "method": "KS X 1001",
                "reservationId": reservationId,
            ]
            for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
            return parameters
        }
        let unused = try await house.kit.fault("testbed.demonstrations.record", measure("지연", 30, "ms"))
        #expect(unused.rule == "measurement.noUse")
        try await house.kit.advance(seconds: 1_200)
        try await house.kit.call("testbed.reservations.start", ["id": reservationId])
        try await house.kit.call("testbed.demonstrations.record", measure("지연", 30, "ms"))
        try await house.kit.advance(seconds: 600)
        let better = try await house.kit.call("testbed.demonstrations.record", measure("지연", 18.5, "ms"))
        let wrong = try await house.kit.fault(
            "testbed.demonstrations.record", measure("지연", 1, "s", ["measuredAt": House.at(5)]))
        #expect(wrong.pointers == ["/measuredAt", "/unit"])
        try await house.kit.call("testbed.demonstrations.record", measure("온도", 21, "℃"))
        try await house.kit.call("testbed.reservations.finish", ["id": reservationId])
        let finished = try await house.kit.call("testbed.demonstrations.finish", ["id": id])
        #expect(finished["outcome"] == "undetermined")
        #expect(finished.at("/result/verdicts/0/verdict") == "met")
        #expect(finished.at("/result/verdicts/0/value") == 18.5)
        #expect(finished.at("/result/verdicts/0/measurementId") == better["id"])
        #expect(finished.at("/result/verdicts/0/reservationId") == reservationId)
        #expect(finished.at("/result/verdicts/1/verdict") == "notMeasured")
        #expect(finished["measurements"]?.array?.count == 3)
        #expect(finished["measurementCount"] == 3)
        let page = try await house.kit.call("testbed.demonstrations.measurements", ["id": id, "limit": 2])
        #expect(page["items"]?.array == finished["measurements"]?.array?.dropLast())
        #expect(page["next"] == better["id"])
        #expect(
            finished["history"]?.array?.compactMap { $0["state"]?.string } == [
                "created", "planned", "running", "finished",
            ])
        #expect(try await house.kit.call("testbed.demonstrations.get", ["id": id]) == finished)
        let late = try await house.kit.fault("testbed.demonstrations.record", measure("지연", 1, "ms"))
        #expect(late.code == .conflict && late.data["state"] == "finished")
        #expect(
            Set(try await house.eventTypes().filter { $0.contains("demonstration") })
                == Set(
                    ["created", "planned", "started", "measured", "finished"].map { "ieum.testbed.demonstration.\($0)" }
                ))
    }

    @Test func plansAreCheckedWhole() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 2])
        let id = try await create(house)
        let live = try #require(try await house.hold(resource, 10, 20)["id"])
        let gone = try #require(try await house.hold(resource, 10, 20)["id"])
        try await house.kit.call("testbed.reservations.void", ["id": gone])
        let bad = try await house.kit.fault(
            "testbed.demonstrations.plan",
            [
                "id": id, "reservationIds": [live],
                "criteria": [
                    ["name": "a", "unit": "m"], ["name": "a", "unit": "m", "atLeast": 2, "atMost": 1],
                ],
            ])
        #expect(bad.pointers == ["/criteria/0", "/criteria/1/atMost", "/criteria/1/name"])
        let empty = try await house.kit.fault(
            "testbed.demonstrations.plan", ["id": id, "reservationIds": [], "criteria": []])
        #expect(empty.pointers == ["/criteria", "/reservationIds"])
        let voided = try await house.kit.fault(
            "testbed.demonstrations.plan", ["id": id, "reservationIds": [live, gone], "criteria": Self.criteria])
        #expect(voided.rule == "demonstration.reservation")
        #expect(voided.data["state"] == "voided")
        for _ in 0..<2 {
            try await house.kit.call(
                "testbed.demonstrations.plan", ["id": id, "reservationIds": [live, live], "criteria": Self.criteria])
        }
        let early = try await house.kit.fault("testbed.demonstrations.finish", ["id": id])
        #expect(early.data["state"] == "planned")
        let cancelled = try await house.kit.call("testbed.demonstrations.cancel", ["id": id, "reason": "사업 변경"])
        #expect(cancelled["state"] == "cancelled")
        #expect(cancelled.at("/history/3/note") == "사업 변경")
        let unknown = DemonstrationID.new(at: house.kit.now).description
        #expect(try await house.kit.fault("testbed.demonstrations.get", ["id": .string(unknown)]).code == .notFound)
        #expect(try await house.kit.fault("testbed.demonstrations.start", ["id": .string(unknown)]).code == .notFound)
    }

    @Test func listsByStateAndDemand() async throws {
        let house = try await House()
        let demand = DemandID.new(at: house.kit.now).description
        let id = try await create(house, ["demandId": .string(demand), "type": "wideArea"])
        _ = try await create(house)
        let mine = try await house.kit.call("testbed.demonstrations.list", ["demandId": .string(demand)])
        #expect(mine["items"]?.array?.compactMap { $0["id"] } == [id])
        let all = try await house.kit.call("testbed.demonstrations.list", ["state": "created", "limit": 1])
        #expect(all["next"] == id)
        #expect(try await house.kit.call("testbed.demonstrations.list", ["state": "finished"])["items"] == [])
    }

    @Test func anUnlawfulSlotCannotBeHeld() async throws {
        let house = try await House()
        let resource = try await house.resource(["requiresPermit": true, "capacity": 5])
        let other = try await house.resource(["requiresPermit": true])
        func rule(_ resource: String, _ from: Int, _ to: Int, _ more: JSON = [:]) async throws -> String? {
            try await house.kit.fault("testbed.reservations.hold", House.wish(resource, from, to, more)).rule
        }
        #expect(try await rule(resource, 10, 20) == "permit.required")
        let bad = try await house.kit.fault(
            "testbed.permits.grant",
            [
                "kind": "exemption", "number": "", "title": ["ko": "가", "en": "a"], "start": House.at(0),
                "end": House.at(100), "maxUnits": 0,
            ])
        #expect(bad.pointers == ["/maxUnits", "/number"])
        let nowhere = try await house.kit.fault(
            "testbed.permits.grant",
            [
                "kind": "exemption", "number": "1", "title": ["ko": "", "en": "a"], "start": House.at(0),
                "end": House.at(0),
            ])
        #expect(nowhere.pointers == ["/end", "/siteIds", "/title/ko"])
        let permit = try await house.kit.call(
            "testbed.permits.grant",
            [
                "kind": "exemption", "number": "2026-1", "title": ["ko": "자율주행 실증", "en": "Autonomous driving"],
                "start": House.at(0), "end": House.at(100), "resourceIds": [.string(resource)], "maxUnits": 3,
                "insuranceRequired": true,
            ])
        let id = try #require(permit["id"])
        #expect(try await rule(resource, 90, 110, ["permitId": id]) == "permit.period")
        #expect(try await rule(other, 10, 20, ["permitId": id]) == "permit.place")
        #expect(try await rule(resource, 10, 20, ["permitId": id]) == "permit.insurance")
        try await house.kit.call("testbed.permits.insure", ["id": id, "insuredUntil": House.at(50)])
        #expect(try await rule(resource, 10, 51, ["permitId": id]) == "permit.insurance")
        #expect(try await rule(resource, 10, 20, ["permitId": id, "units": 4]) == "permit.scale")
        let held = try await house.hold(resource, 10, 20, ["permitId": id, "units": 3])
        #expect(held["permitId"] == id)
        #expect(try await rule(resource, 19, 25, ["permitId": id]) == "permit.scale")
        try await house.hold(resource, 20, 25, ["permitId": id])

        let project = try await create(house, ["permitId": id])
        let free = try await house.resource()
        let outside = try #require(try await house.hold(free, 10, 20)["id"])
        let fault = try await house.kit.fault(
            "testbed.demonstrations.plan", ["id": project, "reservationIds": [outside], "criteria": Self.criteria])
        #expect(fault.rule == "demonstration.reservation")

        let revoked = try await house.kit.call("testbed.permits.revoke", ["id": id, "reason": "안전 사고"])
        #expect(revoked.at("/permit/state") == "revoked")
        #expect(revoked["affectedCount"] == 2)
        // Held while it was lawful, but no longer.
        let post = try await house.kit.fault("testbed.reservations.post", ["id": try #require(held["id"])])
        #expect(post.rule == "permit.revoked")
        #expect(try await rule(resource, 30, 40, ["permitId": id]) == "permit.revoked")
        #expect(try await house.kit.fault("testbed.permits.revoke", ["id": id, "reason": "다시"]).code == .conflict)
        #expect(try await house.kit.call("testbed.permits.list", ["state": "revoked"])["items"]?.array?.count == 1)
        #expect(try await house.kit.call("testbed.permits.get", ["id": id])["reason"] == "안전 사고")
    }
}
