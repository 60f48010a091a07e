import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Testbed

@Suite struct ReservationTests {
    @Test func heldPostedAndRead() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 2, "feePerHour": 50_000])
        let held = try await house.hold(resource, 60, 120, ["purpose": "시험"])
        #expect(held["state"] == "held")
        #expect(held["expiresAt"] == House.at(10))
        #expect(held["units"] == 1)
        let id = try #require(held["id"]?.string)
        #expect(id.hasPrefix("rsv_"))
        let renewed = try await house.kit.call(
            "testbed.reservations.renew", ["id": .string(id), "ttlSeconds": 3_600])
        #expect(renewed["expiresAt"] == House.at(60))
        let posted = try await house.kit.call("testbed.reservations.post", ["id": .string(id)])
        #expect(posted["state"] == "posted")
        // Again is harmless, and leaves no second event.
        #expect(try await house.kit.call("testbed.reservations.post", ["id": .string(id)]) == posted)
        #expect(try await house.kit.call("testbed.reservations.get", ["id": .string(id)]) == posted)
        let refused = try await house.kit.fault("testbed.reservations.void", ["id": .string(id)])
        #expect(refused.code == .conflict)
        #expect(refused.data["state"] == "posted")
        #expect(refused.data["id"] == .string(id))
        #expect(
            try await house.eventTypes().suffix(3) == [
                "ieum.testbed.reservation.held", "ieum.testbed.reservation.renewed", "ieum.testbed.reservation.posted",
            ])
    }

    @Test func aVoidedHoldGivesItsTimeBack() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let held = try await house.hold(resource, 60, 120)
        #expect(try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 60, 120)).code == .conflict)
        let voided = try await house.kit.call(
            "testbed.reservations.void", ["id": try #require(held["id"]), "reason": "다른 날"])
        #expect(voided["state"] == "voided")
        #expect(voided["reason"] == "다른 날")
        let again = try await house.kit.call("testbed.reservations.void", ["id": try #require(held["id"])])
        #expect(again == voided)
        try await house.hold(resource, 60, 120)
        let post = try await house.kit.fault("testbed.reservations.post", ["id": try #require(held["id"])])
        #expect(post.data["state"] == "voided")
    }

    @Test func aHoldStopsCountingTheInstantItExpires() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let held = try await house.hold(resource, 60, 120, ["ttlSeconds": 30])
        let id = try #require(held["id"])
        try await house.kit.advance(seconds: 29)
        #expect(try await house.kit.call("testbed.reservations.get", ["id": id])["state"] == "held")
        #expect(try await house.free(resource, 60, 120) == [])
        try await house.kit.advance(seconds: 1)
        #expect(try await house.kit.call("testbed.reservations.get", ["id": id])["state"] == "expired")
        #expect(try await house.eventTypes().last == "ieum.testbed.reservation.expired")
        for method in ["post", "renew"] {
            var parameters: JSON = ["id": id]
            if method == "renew" { parameters["ttlSeconds"] = 60 }
            let fault = try await house.kit.fault("testbed.reservations.\(method)", parameters)
            #expect(fault.code == .conflict)
            #expect(fault.data["state"] == "expired")
        }
        #expect(try await house.kit.call("testbed.reservations.void", ["id": id])["state"] == "expired")
        try await house.hold(resource, 60, 120)
    }

    @Test func expiryCountsEvenBeforeItsJobRuns() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let held = try await house.hold(resource, 60, 120, ["ttlSeconds": 30])
        // A row that the job has not come to yet.
        let id = try #require(held["id"]?.string)
        try await house.kit.advance(seconds: 60)
        try await house.kit.database.write { db in
            try db.run("UPDATE reservations SET state = 'held', ended_at = NULL WHERE id = ?", id)
        }
        #expect(try await house.kit.call("testbed.reservations.get", ["id": .string(id)])["state"] == "expired")
        #expect(try await house.free(resource, 60, 120) == [[60, 120, 1]])
        let expired = try await house.kit.call("testbed.reservations.list", ["state": "expired"])
        #expect(expired["items"]?.array?.count == 1)
        #expect(try await house.kit.call("testbed.reservations.list", ["state": "held"])["items"] == [])
        try await house.hold(resource, 60, 120)
    }

    @Test func aConflictSaysTheNearestTimesThatAreReallyFree() async throws {
        let house = try await House()
        let hours: JSON = [["days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "18:00"]]
        let resource = try await house.resource(["capacity": 2, "openingHours": hours, "bufferSeconds": 1_800])
        _ = try await house.post(resource, 120, 300, ["units": 2])
        let fault = try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 180, 240))
        #expect(fault.code == .conflict)
        #expect(fault.data["taken"] == 2)
        #expect(fault.data["capacity"] == 2)
        // Earlier: it must end with its own buffer before 120. Later: after the other's buffer, then the next mornings.
        let free = try House.minutes(fault.data["free"])
        #expect(free == [[30, 90, 2], [330, 390, 2], [1_440, 1_500, 2], [2_880, 2_940, 2]])
        for slot in free { try await house.hold(resource, slot[0], slot[1]) }
    }

    @Test func usesOneAfterTheOtherNeedOneUnitOnly() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 2])
        _ = try await house.post(resource, 0, 60)
        _ = try await house.post(resource, 60, 120)
        _ = try await house.post(resource, 0, 120)
        let fault = try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 59, 61))
        #expect(fault.code == .conflict)
        try await house.hold(resource, 120, 180, ["units": 2])
    }

    @Test func everyWrongFieldIsNamedAtOnce() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 2, "access": ["request"], "horizonSeconds": 86_400])
        let wrong: [(JSON, [String])] = [
            (
                House.wish(resource, -10, -10, ["units": 3, "access": "direct"]),
                ["/access", "/end", "/start", "/units"]
            ),
            (House.wish(resource, 60, 60), ["/end"]),
            (House.wish(resource, 60, 50), ["/end"]),
            (House.wish(resource, 1_441, 1_500), ["/start"]),
            (House.wish(resource, 60, 60 + 31 * 1_440 + 1), ["/end"]),
            (
                House.wish(resource, 60, 120, ["units": 0, "ttlSeconds": 0, "holder": ""]),
                ["/holder", "/ttlSeconds", "/units"]
            ),
            (
                ["resourceId": "tec_1", "start": "tomorrow", "units": "1"],
                ["/end", "/holder", "/resourceId", "/start", "/units"]
            ),
        ]
        for (parameters, pointers) in wrong {
            let fault = try await house.kit.fault("testbed.reservations.hold", parameters)
            #expect(fault.code == .invalidParams)
            #expect(fault.pointers == pointers, "\(parameters.text)")
        }
        let short = try await house.resource(["minLengthSeconds": 3_600, "maxLengthSeconds": 7_200])
        for to in [90, 181] {
            let fault = try await house.kit.fault("testbed.reservations.hold", House.wish(short, 60, to))
            #expect(fault.pointers == ["/end"])
        }
        try await house.hold(short, 60, 120)
        let unknown = ResourceID.new(at: house.kit.now).description
        #expect(try await house.kit.fault("testbed.reservations.hold", House.wish(unknown, 1, 2)).code == .notFound)
        for method in ["get", "post", "void", "start", "finish", "cancel"] {
            let id = ReservationID.new(at: house.kit.now).description
            let fault = try await house.kit.fault("testbed.reservations.\(method)", ["id": .string(id)])
            #expect(fault.code == .notFound, "\(method)")
        }
    }

    @Test func closedHoursClosuresAndStatesNameTheirRule() async throws {
        let house = try await House()
        let resource = try await house.resource([
            "openingHours": [["days": ["mon", "tue"], "open": "09:00", "close": "18:00"]]
        ])
        let closed = try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 480, 600))
        #expect(closed.code == .failedPrecondition)
        #expect(closed.rule == "hours.closed")
        #expect(try House.minutes(closed.data["free"]).prefix(2) == [[420, 540, 1], [1_440, 1_560, 1]])

        let announced = try await house.kit.call(
            "testbed.closures.announce",
            [
                "siteId": .string(house.site), "start": House.at(1_440), "end": House.at(1_500), "kind": "maintenance",
                "reason": ["ko": "정전 점검", "en": "Power check"],
            ])
        #expect(announced["affectedCount"] == 0)
        let shut = try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 1_450, 1_510))
        #expect(shut.rule == "closure.announced")
        #expect(shut.data["closureId"] == announced.at("/closure/id"))
        #expect(try House.minutes(shut.data["free"]).prefix(2) == [[480, 540, 1], [1_500, 1_560, 1]])
        try await house.kit.call("testbed.closures.lift", ["id": try #require(announced.at("/closure/id"))])
        try await house.hold(resource, 1_450, 1_510)

        for state in ["maintenance", "retired"] {
            try await house.kit.call("testbed.resources.update", ["id": .string(resource), "state": .string(state)])
            let fault = try await house.kit.fault("testbed.reservations.hold", House.wish(resource, 60, 120))
            #expect(fault.rule == "resource.\(state)")
        }
    }

    @Test func useIsRecordedAndPaidExactly() async throws {
        let house = try await House()
        let resource = try await house.resource(["feePerHour": 100_000, "capacity": 2, "bufferSeconds": 600])
        let id = try await house.post(resource, 10, 130, ["units": 2])
        let parameters: JSON = ["id": .string(id)]
        #expect(try await house.kit.fault("testbed.reservations.start", parameters).rule == "use.tooEarly")
        #expect(try await house.kit.fault("testbed.reservations.finish", parameters).code == .conflict)
        try await house.kit.advance(seconds: 11 * 60)
        #expect(
            try await house.kit.fault("testbed.reservations.start", ["id": .string(id), "at": House.at(20)]).pointers
                == ["/at"])
        let started = try await house.kit.call("testbed.reservations.start", parameters)
        #expect(started["use"] == "started")
        try await house.kit.advance(seconds: 61 * 60 + 1)
        let finished = try await house.kit.call("testbed.reservations.finish", parameters)
        #expect(finished["usedMinutes"] == 62)
        // 100,000 × 2 × 62 ÷ 60 = 206,666.67
        #expect(finished["fee"] == 206_666)
        #expect(finished.at("/feeRule/ko") != nil)
        // The end came early: from then and the buffer on it is free again.
        #expect(try await house.free(resource, 83, 200).first?.first == 83)
        #expect(try await house.kit.fault("testbed.reservations.start", parameters).code == .conflict)

        let unknown = try await house.resource()
        let free = try await house.post(unknown, 80, 90)
        try await house.kit.advance(seconds: 600)
        try await house.kit.call("testbed.reservations.start", ["id": .string(free)])
        let unpriced = try await house.kit.call("testbed.reservations.finish", ["id": .string(free)])
        #expect(unpriced["usedMinutes"] == 0)
        #expect(unpriced["fee"] == nil)
    }

    @Test func whoeverDoesNotComeLosesTheRest() async throws {
        let house = try await House()
        let resource = try await house.resource(["noShowAfterSeconds": 900])
        let id = try await house.post(resource, 10, 130)
        try await house.kit.advance(seconds: 24 * 60)
        #expect(try await house.kit.call("testbed.reservations.get", ["id": .string(id)])["use"] == "planned")
        try await house.kit.advance(seconds: 60)
        let missed = try await house.kit.call("testbed.reservations.get", ["id": .string(id)])
        #expect(missed["use"] == "missed")
        #expect(missed["state"] == "posted")
        #expect(try await house.free(resource, 25, 130) == [[25, 130, 1]])
        #expect(try await house.kit.fault("testbed.reservations.start", ["id": .string(id)]).code == .conflict)
        #expect(try await house.eventTypes().last == "ieum.testbed.reservation.missed")
    }

    @Test func whatWasPostedCanBeGivenBackButNotUndone() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let id = try await house.post(resource, 60, 120)
        let cancelled = try await house.kit.call(
            "testbed.reservations.cancel", ["id": .string(id), "reason": "일정 변경"])
        #expect(cancelled["state"] == "posted")
        #expect(cancelled["use"] == "cancelled")
        #expect(try await house.free(resource, 60, 120) == [[60, 120, 1]])
        let held = try await house.hold(resource, 60, 120)
        #expect(
            try await house.kit.fault("testbed.reservations.cancel", ["id": try #require(held["id"])]).code == .conflict
        )
    }

    /// A time that was given back belongs to nobody: no closure concerns it, no list of that time has it.
    @Test func whatWasGivenBackIsNoLongerInItsTime() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let id = try await house.post(resource, 60, 120)
        func affected() async throws -> JSON? {
            try await house.kit.call(
                "testbed.closures.announce",
                [
                    "resourceId": .string(resource), "start": House.at(30), "end": House.at(180),
                    "kind": "maintenance", "reason": ["ko": "점검", "en": "Service"],
                ])["affected"]
        }
        func listed() async throws -> Int? {
            try await house.kit.call(
                "testbed.reservations.list",
                ["resourceId": .string(resource), "from": House.at(30), "to": House.at(180)])["items"]?.array?.count
        }
        #expect(try await affected() == [.string(id)])
        #expect(try await listed() == 1)
        try await house.kit.call("testbed.reservations.cancel", ["id": .string(id)])
        #expect(try await affected() == [])
        #expect(try await listed() == 0)
    }

    @Test func listsAreFilteredAndPaged() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 10])
        let other = try await house.resource()
        for index in 0..<5 { try await house.hold(resource, index * 10, index * 10 + 10) }
        _ = try await house.post(other, 0, 10, ["holder": "someone"])
        let first = try await house.kit.call(
            "testbed.reservations.list", ["resourceId": .string(resource), "limit": 3])
        #expect(first["items"]?.array?.count == 3)
        let second = try await house.kit.call(
            "testbed.reservations.list",
            ["resourceId": .string(resource), "limit": 3, "after": try #require(first["next"])])
        #expect(second["items"]?.array?.count == 2)
        #expect(second["next"] == nil)
        func count(_ parameters: JSON) async throws -> Int? {
            try await house.kit.call("testbed.reservations.list", parameters)["items"]?.array?.count
        }
        #expect(try await count(["holder": "someone"]) == 1)
        #expect(try await count(["state": "held"]) == 5)
        #expect(try await count(["resourceId": .string(resource), "from": House.at(10), "to": House.at(30)]) == 2)
        #expect(try await house.kit.fault("testbed.reservations.list", ["to": House.at(30)]).pointers == ["/to"])
        #expect(
            try await house.kit.fault("testbed.reservations.list", ["limit": 0, "state": "x"]).pointers == [
                "/limit", "/state",
            ])
    }
}
