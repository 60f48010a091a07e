import Foundation
import JSON
import ServiceKit
import Testing

/// Fifty clients at once, each with a connection of its own, want what there is less of: exactly what there is is
/// granted, and everybody else is told so, with what is left.
@Suite(.timeLimit(.minutes(5))) struct ParallelTests {
    @Test func aSlotIsGrantedAsOftenAsItsCapacity() async throws {
        try await Crowd.with { crowd in
            let site = try await crowd.make(
                "testbed.sites.register", ["name": ["ko": "실증랩", "en": "Lab"], "kind": "institute"])
            let resource = try await crowd.make(
                "testbed.resources.register",
                [
                    "siteId": site, "kind": "equipment", "name": ["ko": "현미경", "en": "Microscope"], "capacity": 3,
                    "bufferSeconds": 600,
                ])
            let wish = Crowd.hours(from: 48, to: 50)
            let answers = await crowd.all("testbed.reservations.hold") { number in
                wish.merging(["resourceId": resource, "holder": .string("client \(number)")])
            }
            #expect(answers.held.count == 3)
            #expect(answers.refused.count == Crowd.size - 3)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })

            // What is called free can be had, by everybody who was told of it.
            var free: Set<JSON> = []
            for fault in answers.refused {
                let list = fault.data["free"]?.array ?? []
                #expect(!list.isEmpty, "\(fault.data)")
                free.formUnion(list)
            }
            for slot in free {
                let members: JSON = [
                    "resourceId": resource, "start": slot["start"] ?? .null, "end": slot["end"] ?? .null,
                    "units": slot["units"] ?? 1, "holder": "who was told",
                ]
                let held = try await crowd.set.client.call("testbed.reservations.hold", members)
                #expect(held["state"] == "held")
                _ = try await crowd.set.client.call("testbed.reservations.void", ["id": held["id"] ?? .null])
            }

            // Posted, they stay; voided, they are free again at once.
            for (number, held) in answers.held.enumerated() {
                let action = number == 0 ? "void" : "post"
                _ = try await crowd.set.client.call("testbed.reservations.\(action)", ["id": held["id"] ?? .null])
            }
            let again = await crowd.all("testbed.reservations.hold") { number in
                wish.merging(["resourceId": resource, "holder": .string("client \(number) again")])
            }
            #expect(again.held.count == 1)
        }
    }

    @Test func aFundNeverPromisesMoreThanItsCash() async throws {
        try await Crowd.with { crowd in
            let scene = try await FundScene(crowd, cash: 1_200, cases: 5, amount: 1_000)
            // Every case could take ten; together they could take fifty, and there is money for twelve.
            let answers = await crowd.all("fund.coinvestments.hold") { number in
                [
                    "caseId": scene.cases[number % scene.cases.count], "amount": 100,
                    "holder": .string("client \(number)"),
                ]
            }
            #expect(answers.held.count == 12)
            #expect(answers.refused.count == Crowd.size - 12)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })
            #expect(answers.refused.allSatisfy { $0.data["available"]?.integer ?? .max < 100 })
            try await scene.checkLedger()

            // Posting and voiding all of them at once leaves books that agree.
            let ends = await crowd.all("fund.coinvestments", of: answers.held) { number in
                number % 2 == 0 ? "post" : "void"
            }
            #expect(ends.refused.isEmpty, "\(ends.refused)")
            try await scene.checkLedger()
            let more = await crowd.all("fund.coinvestments.hold") { number in
                [
                    "caseId": scene.cases[number % scene.cases.count], "amount": 100,
                    "holder": .string("later \(number)"),
                ]
            }
            #expect(more.held.count == 6, "what was voided is free again")
            try await scene.checkLedger()
        }
    }

    @Test func anExclusiveTechnologyIsHeldOnce() async throws {
        try await Crowd.with { crowd in
            let demand = try await crowd.published("demands", "company", "시료 내부 관찰")
            let technology = try await crowd.published("technologies", "institute", "소형 전자현미경")
            let answers = await crowd.all("matching.technologies.hold") { number in
                ["technologyId": technology, "demandId": demand, "holder": .string("client \(number)")]
            }
            #expect(answers.held.count == 1)
            #expect(answers.refused.count == Crowd.size - 1)
            #expect(answers.refused.allSatisfy { $0.code == .conflict })
        }
    }

    @Test func aPersonGivesNoMoreTimeThanThereIs() async throws {
        try await Crowd.with { crowd in
            let person = try await crowd.person()
            let answers = await crowd.all("talent.engagements.hold") { number in
                [
                    "personId": person, "start": Crowd.day(60), "end": Crowd.day(150), "share": 20,
                    "holder": .string("client \(number)"),
                ]
            }
            // Half of full time has two fifths in it, twice.
            #expect(answers.held.count == 2)
            #expect(answers.refused.count == Crowd.size - 2)
            #expect(answers.refused.allSatisfy { $0.code == .conflict && !($0.data["free"]?.array ?? []).isEmpty })
        }
    }

    @Test func aCommandSentFiftyTimesWithOneKeyIsDoneOnce() async throws {
        try await Crowd.with { crowd in
            let answers = await crowd.all("matching.organisations.create", key: "one key") { _ in
                ["kind": "company", "nameKo": "하나뿐인 회사", "region": "KR-30"]
            }
            #expect(answers.refused.isEmpty, "\(answers.refused)")
            #expect(Set(answers.held.compactMap { $0["id"]?.string }).count == 1)
            let list = try await crowd.set.client.call("matching.organisations.list")
            #expect(list["items"]?.array?.count == 1)
        }
    }

    @Test func manyFlowsForOneTechnologyEndAsOneTransaction() async throws {
        try await Crowd.with { crowd in
            let technology = try await crowd.published("technologies", "institute", "소형 전자현미경")
            let site = try await crowd.make(
                "testbed.sites.register", ["name": ["ko": "실증랩", "en": "Lab"], "kind": "institute"])
            let resource = try await crowd.make(
                "testbed.resources.register",
                ["siteId": site, "kind": "equipment", "name": ["ko": "현미경", "en": "Microscope"], "capacity": 20])
            let person = try await crowd.person()
            let money = try await FundScene(crowd, cash: 10_000, cases: 1, amount: 10_000)
            var demands: [JSON] = []
            for number in 0..<12 {
                let demand = try await crowd.published("demands", "company", "시료 내부 관찰 \(number)")
                _ = try await crowd.set.client.call(
                    "matching.deals.propose", ["demandId": demand, "technologyId": technology, "side": "supply"])
                demands.append(demand)
            }
            let wishes = demands.map { demand -> JSON in
                [
                    "flow": "commercialize",
                    "input": [
                        "demandId": demand, "technologyId": technology,
                        "reservation": Crowd.hours(from: 48, to: 50).merging(["resourceId": resource]),
                        "engagement": ["personId": person, "start": Crowd.day(60), "end": Crowd.day(150), "share": 5],
                        "coinvestment": ["caseId": money.cases[0], "amount": 100],
                    ],
                ]
            }
            let started = await crowd.all("gateway.flows.start", upTo: wishes.count) { wishes[$0] }
            #expect(started.refused.isEmpty, "\(started.refused)")
            var ends: [String: Int] = [:]
            for flow in started.held { ends[try await crowd.end(of: flow["id"] ?? .null), default: 0] += 1 }
            #expect(ends == ["completed": 1, "voided": 11])

            // One of each is posted, and of the others nothing is held.
            for (method, filter) in [
                ("testbed.reservations.list", ["resourceId": resource]),
                ("talent.engagements.list", ["personId": person]),
                ("fund.coinvestments.list", ["caseId": money.cases[0]]),
            ] as [(String, JSON)] {
                let items = try await crowd.set.client.call(method, filter)["items"]?.array ?? []
                let states = items.compactMap { $0["state"]?.string }
                #expect(states.count { $0 == "posted" } == 1 && !states.contains("held"), "\(method): \(states)")
            }
            try await money.checkLedger()
        }
    }
}
