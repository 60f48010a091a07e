import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import Testbed

@Suite struct PlaceTests {
    @Test func sitesAreRegisteredChangedAndListed() async throws {
        let house = try await House()
        let organisation = OrganisationID.new(at: house.kit.now).description
        let changed = try await house.kit.call(
            "testbed.sites.update",
            [
                "id": .string(house.site), "organisationId": .string(organisation), "address": "대전 유성구",
                "source": "P:963",
            ])
        #expect(changed["name"] == ["ko": "실증랩", "en": "Lab"])
        #expect(changed["location"] == ["longitude": 127.38, "latitude": 36.37])
        #expect(try await house.kit.call("testbed.sites.get", ["id": .string(house.site)]) == changed)
        let cleared = try await house.kit.call(
            "testbed.sites.update", ["id": .string(house.site), "clear": ["location", "address"]])
        #expect(cleared["location"] == nil && cleared["address"] == nil)
        #expect(cleared["source"] == "P:963")
        for filter: JSON in [["kind": "institute"], ["zone": "대덕특구"], ["organisationId": .string(organisation)]] {
            #expect(try await house.kit.call("testbed.sites.list", filter)["items"]?.array?.count == 1)
        }
        #expect(try await house.kit.call("testbed.sites.list", ["kind": "virtual"])["items"] == [])
        #expect(try await house.eventTypes() == ["registered", "updated", "updated"].map { "ieum.testbed.site.\($0)" })
    }

    @Test func wrongSitesNameEveryField() async throws {
        let house = try await House()
        let swapped = try await house.kit.fault(
            "testbed.sites.register",
            ["name": ["ko": "곳"], "kind": "castle", "location": ["longitude": 36.37, "latitude": 127.38]])
        #expect(swapped.pointers == ["/kind", "/location/latitude", "/name/en"])
        let empty = try await house.kit.fault(
            "testbed.sites.register", ["name": ["ko": "", "en": ""], "kind": "institute"])
        #expect(empty.pointers == ["/name/en", "/name/ko"])
        let id = SiteID.new(at: house.kit.now).description
        for method in ["get", "update"] {
            #expect(try await house.kit.fault("testbed.sites.\(method)", ["id": .string(id)]).code == .notFound)
        }
    }

    @Test func resourcesKeepWhatIsKnownAndLeaveOutWhatIsNot() async throws {
        let house = try await House()
        let id = try await house.resource([
            "description": "생물전용", "capacity": 2, "access": ["direct", "request"],
            "openingHours": [["days": ["mon"], "open": "09:00", "close": "24:00"]],
            "equipment": [
                "nfecNumber": "NFEC-2019-03-252687", "model": "JEM-1400", "maker": "JEOL", "acquiredOn": "2019-03-02",
                "acquisitionPrice": 1_200_000_000, "utilisation": "shared", "condition": "idle",
            ],
        ])
        let resource = try await house.kit.call("testbed.resources.get", ["id": .string(id)])
        #expect(resource["feePerHour"] == nil)
        #expect(resource["timeZone"] == "Asia/Seoul")
        #expect(resource.at("/equipment/acquisitionPrice") == 1_200_000_000)
        #expect(resource.at("/equipment/room") == nil)
        #expect(resource.at("/openingHours/0/close") == "24:00")
        let free = try await house.kit.call("testbed.resources.update", ["id": .string(id), "feePerHour": 0])
        #expect(free["feePerHour"] == 0)
        let cleared = try await house.kit.call(
            "testbed.resources.update", ["id": .string(id), "clear": ["feePerHour", "openingHours"]])
        #expect(cleared["feePerHour"] == nil && cleared["openingHours"] == nil)
        #expect(cleared["description"] == "생물전용")
        #expect(
            try await house.kit.call("testbed.resources.list", ["siteId": .string(house.site), "kind": "equipment"])[
                "items"]?[0] == cleared)
        #expect(try await house.kit.call("testbed.resources.list", ["state": "retired"])["items"] == [])

        let twin = try await house.kit.fault(
            "testbed.resources.register",
            [
                "siteId": .string(house.site), "kind": "equipment", "name": ["ko": "", "en": "Twin"],
                "access": ["direct", "direct"], "minLengthSeconds": 100, "maxLengthSeconds": 60,
                "equipment": ["nfecNumber": "NFEC-2019-03-252687"],
            ])
        #expect(twin.pointers == ["/access", "/equipment/nfecNumber", "/minLengthSeconds", "/name/ko"])
        let typed = try await house.kit.fault(
            "testbed.resources.register",
            [
                "siteId": "sit_1", "kind": "boat", "name": ["ko": "가", "en": "a"], "capacity": 0, "feePerHour": -1,
                "openingHours": [["days": [], "open": "9", "close": "25:00"]], "bufferSeconds": 1.5,
            ])
        #expect(
            typed.pointers == [
                "/bufferSeconds", "/capacity", "/feePerHour", "/kind", "/openingHours/0/close", "/openingHours/0/days",
                "/openingHours/0/open", "/siteId",
            ])
        let nowhere = SiteID.new(at: house.kit.now).description
        let fault = try await house.kit.fault(
            "testbed.resources.register",
            ["siteId": .string(nowhere), "kind": "space", "name": ["ko": "가", "en": "a"]])
        #expect(fault.code == .notFound && fault.data["kind"] == "site")
    }

    @Test func capacityIsNotTakenFromUnderAReservation() async throws {
        let house = try await House()
        let id = try await house.resource(["capacity": 3])
        _ = try await house.post(id, 60, 120, ["units": 2])
        let fault = try await house.kit.fault("testbed.resources.update", ["id": .string(id), "capacity": 1])
        #expect(fault.rule == "resource.capacityInUse")
        #expect(fault.data["start"] == House.at(60))
        #expect(
            try await house.kit.call("testbed.resources.update", ["id": .string(id), "capacity": 2])["capacity"] == 2)
    }

    @Test func searchFindsPartsOfWordsInBothLanguages() async throws {
        let house = try await House()
        let tem = try await house.resource(["name": ["ko": "생물전용 투과전자현미경", "en": "Bio TEM"]])
        let sem = try await house.resource([
            "name": ["ko": "주사전자현미경", "en": "SEM"], "equipment": ["model": "SU-8230"], "state": "maintenance",
        ])
        func found(_ parameters: JSON) async throws -> [String] {
            try await house.kit.call("testbed.resources.search", parameters)["items"]?.array?
                .compactMap { $0["id"]?.string } ?? []
        }
        #expect(try await found(["text": "전자현미경"]) == [tem, sem])
        #expect(try await found(["text": "투과 현미경"]) == [tem])
        #expect(try await found(["text": "tem"]) == [tem])
        #expect(try await found(["text": "su-8230"]) == [sem])
        #expect(try await found(["text": "경"]) == [tem, sem])
        #expect(try await found(["text": "전자현미경", "state": "active", "zone": "대덕특구"]) == [tem])
        #expect(try await found(["text": "현미경", "kinds": ["space"]]) == [])
        #expect(try await found(["text": "질량분석기"]) == [])
        let page = try await house.kit.call("testbed.resources.search", ["text": "현미경", "limit": 1])
        #expect(page["next"] == .string(tem))
        #expect(try await found(["text": "현미경", "after": .string(tem)]) == [sem])
        try await house.kit.call(
            "testbed.resources.update", ["id": .string(tem), "name": ["ko": "질량분석기", "en": "MS"]])
        #expect(try await found(["text": "전자현미경"]) == [sem])
        #expect(try await house.kit.fault("testbed.resources.search", ["text": "…"]).pointers == ["/text"])
    }

    @Test func theMapHasLongitudeFirstAndDropsNothingInSilence() async throws {
        let house = try await House()
        let busy = try await house.resource(["capacity": 3])
        _ = try await house.resource(["kind": "space", "capacity": 20, "openingHours": []])
        _ = try await house.resource(["kind": "data", "capacity": 5, "state": "maintenance"])
        _ = try await house.post(busy, 0, 60, ["units": 2])
        try await house.kit.call(
            "testbed.sites.register", ["name": ["ko": "어딘가", "en": "Somewhere"], "kind": "startupFacility"])
        let map = try await house.kit.call("testbed.map", ["bbox": [127, 36, 128, 37]])
        #expect(map["type"] == "FeatureCollection")
        #expect(map["matching"] == 1 && map["isComplete"] == true)
        let feature = try #require(map.at("/features/0"))
        #expect(feature["type"] == "Feature")
        #expect(feature["geometry"] == ["type": "Point", "coordinates": [127.38, 36.37]])
        #expect(feature.at("/properties/resourceCount") == 3)
        #expect(feature.at("/properties/resources") == ["equipment": 1, "space": 1, "data": 1])
        #expect(feature.at("/properties/units") == 28)
        #expect(feature.at("/properties/freeUnits") == 1)
        #expect(map["unlocatedCount"] == 1)
        #expect(map.at("/unlocated/0/name/ko") == "어딘가")

        let later = try await house.kit.call("testbed.map", ["at": House.at(60), "kinds": ["equipment"]])
        #expect(later.at("/features/0/properties/freeUnits") == 3)
        #expect(later.at("/features/0/properties/resourceCount") == 1)
        #expect(later["unlocated"] == [])
        #expect(try await house.kit.call("testbed.map", ["bbox": [128, 36, 129, 37]])["features"] == [])
        // Across the antimeridian: from 170° east to 130° east, the long way round, leaves Korea out or in.
        #expect(try await house.kit.call("testbed.map", ["bbox": [170, -90, 130, 90]])["matching"] == 1)
        #expect(try await house.kit.call("testbed.map", ["bbox": [170, -90, 120, 90]])["matching"] == 0)
        #expect(
            try await house.kit.fault("testbed.map", ["bbox": [36, 127, 37, 128]]).pointers == ["/bbox/1", "/bbox/3"])
        #expect(try await house.kit.fault("testbed.map", ["bbox": [1, 2, 3]]).pointers == ["/bbox"])

        try await house.kit.call(
            "testbed.closures.announce",
            [
                "resourceId": .string(busy), "start": House.at(60), "end": House.at(120), "kind": "event",
                "reason": ["ko": "행사", "en": "Event"],
            ])
        let closed = try await house.kit.call("testbed.map", ["at": House.at(60)])
        #expect(closed.at("/features/0/properties/freeUnits") == 0)
        #expect(closed.at("/features/0/properties/units") == 28)
    }

    @Test func availabilityTakesOffHoursClosuresAndReservations() async throws {
        let house = try await House()
        let resource = try await house.resource([
            "capacity": 3, "openingHours": [["days": ["mon", "tue"], "open": "09:00", "close": "18:00"]],
        ])
        _ = try await house.post(resource, 60, 120, ["units": 2])
        try await house.hold(resource, 100, 180)
        let closure = try await house.kit.call(
            "testbed.closures.announce",
            [
                "resourceId": .string(resource), "start": House.at(170), "end": House.at(240), "kind": "safety",
                "reason": ["ko": "점검", "en": "Check"],
            ])
        #expect(closure["affectedCount"] == 1)
        #expect(
            try await house.free(resource, 0, 2_880) == [
                [0, 60, 3], [60, 100, 1], [120, 170, 2], [240, 540, 3], [1_440, 1_980, 3],
            ])
        #expect(
            try await house.free(resource, 0, 2_880, units: 2) == [
                [0, 60, 3], [120, 170, 2], [240, 540, 3], [1_440, 1_980, 3],
            ])
        #expect(try await house.free(resource, 0, 540, units: 1) == [[0, 100, 1], [120, 170, 2], [240, 540, 3]])
        // The past is never free.
        try await house.kit.advance(seconds: 1_800)
        #expect(try await house.free(resource, -500, 60, units: 1) == [[30, 60, 3]])
        let long = try await house.kit.fault(
            "testbed.availability",
            ["resourceId": .string(resource), "from": House.at(0), "to": House.at(92 * 1_440 + 1), "units": 0])
        #expect(long.pointers == ["/units"])
        let longer = try await house.kit.fault(
            "testbed.availability",
            ["resourceId": .string(resource), "from": House.at(0), "to": House.at(92 * 1_440 + 1)])
        #expect(longer.pointers == ["/to"])
        let turned = try await house.kit.fault(
            "testbed.availability", ["resourceId": .string(resource), "from": House.at(5), "to": House.at(5)])
        #expect(turned.pointers == ["/to"])
        try await house.kit.call("testbed.resources.update", ["id": .string(resource), "state": "retired"])
        #expect(try await house.free(resource, 0, 540) == [])
    }

    @Test func closuresNeedOnePlaceAndATime() async throws {
        let house = try await House()
        let resource = try await house.resource()
        let reason: JSON = ["ko": "", "en": "Why"]
        let fault = try await house.kit.fault(
            "testbed.closures.announce",
            [
                "resourceId": .string(resource), "siteId": .string(house.site), "start": House.at(5),
                "end": House.at(5),
                "kind": "event", "reason": reason,
            ])
        #expect(fault.pointers == ["", "/end", "/reason/ko"])
        _ = try await house.post(resource, 0, 60)
        let closure = try await house.kit.call(
            "testbed.closures.announce",
            [
                "siteId": .string(house.site), "start": House.at(30), "end": House.at(90), "kind": "event",
                "reason": ["ko": "행사", "en": "Event"],
            ])
        #expect(closure["affected"]?.array?.count == 1)
        let id = try #require(closure.at("/closure/id"))
        let lifted = try await house.kit.call("testbed.closures.lift", ["id": id])
        #expect(lifted["liftedAt"] == House.at(0))
        #expect(try await house.kit.call("testbed.closures.lift", ["id": id]) == lifted)
        #expect(try await house.kit.call("testbed.closures.list", ["siteId": .string(house.site)])["items"] == [lifted])
        #expect(try await house.kit.call("testbed.closures.list", ["resourceId": .string(resource)])["items"] == [])
        let nothing = ClosureID.new(at: house.kit.now).description
        #expect(try await house.kit.fault("testbed.closures.lift", ["id": .string(nothing)]).code == .notFound)
    }

    @Test func everyMethodIsDescribed() async throws {
        let house = try await House()
        let document = try await house.kit.call("rpc.discover")
        let names = document["methods"]?.array?.compactMap { $0["name"]?.string } ?? []
        for method in Testbed.service.methods { #expect(names.contains(method.name)) }
        #expect(document.bytes.count < 1_000_000)
    }

    @Test func aLongPageEndsBeforeItsMessageIsTooLarge() async throws {
        let house = try await House()
        let text = String(repeating: "가", count: 5_000)
        for _ in 0..<60 { _ = try await house.resource(["description": .string(text), "kind": "space"]) }
        var seen = 0
        var after: JSON?
        repeat {
            var parameters: JSON = ["limit": 200]
            if let after { parameters["after"] = after }
            let page = try await house.kit.call("testbed.resources.list", parameters)
            #expect(page.bytes.count < 1_000_000)
            seen += page["items"]?.array?.count ?? 0
            after = page["next"]
        } while after != nil
        #expect(seen == 60)
    }

    @Test func whatWasAgreedIsThereAfterARestart() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "testbed-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "testbed.db").path
        let first = try await House(path: path)
        let resource = try await first.resource()
        let id = try await first.post(resource, 60, 120)
        let before = try await first.kit.call("testbed.reservations.get", ["id": .string(id)])
        first.kit.database.close()
        let again = try await House(path: path)
        #expect(try await again.kit.call("testbed.reservations.get", ["id": .string(id)]) == before)
        #expect(try await again.kit.fault("testbed.reservations.hold", House.wish(resource, 60, 120)).code == .conflict)
    }
}
