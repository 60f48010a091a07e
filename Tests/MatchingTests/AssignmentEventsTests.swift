import JSON
import ServiceKit
import Synchronization
import Testing

@testable import Matching

@Suite struct AssignmentEventsTests {
    let kit: TestService

    init() throws { kit = try TestService(Matching.service) }

    private func event(_ more: JSON = [:]) async throws -> JSON {
        var parameters: JSON = ["kind": "cohort", "title": "가을 기수"]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return ["id": .string(try await kit.call("matching.events.create", parameters).text("id"))]
    }

    private func with(_ event: JSON, _ more: JSON) -> JSON {
        var parameters = event
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return parameters
    }

    private func cohort() async throws -> JSON {
        let event = try await event()
        try await kit.call(
            "matching.events.register",
            with(
                event,
                [
                    "side": "applicants",
                    "participants": [
                        ["id": "가", "preferences": ["큰곳", "작은곳"]], ["id": "나", "preferences": ["큰곳", "작은곳"]],
                        ["id": "다", "preferences": ["큰곳"]],
                    ],
                ]))
        try await kit.call(
            "matching.events.register",
            with(
                event,
                [
                    "side": "hosts",
                    "participants": [
                        ["id": "큰곳", "capacity": 1, "preferences": ["나", "가", "다"]],
                        ["id": "작은곳", "capacity": 2, "preferences": ["가", "나"]],
                    ],
                ]))
        try await kit.call("matching.events.close", event)
        return event
    }

    @Test func aCohortIsAssignedExplainedAndChecked() async throws {
        let event = try await cohort()
        let result = try await kit.call(
            "matching.events.assign", with(event, ["method": "applicantOptimal", "seed": 7]))
        let pairs = result.at("/certificate/assignment")?.array?.map {
            "\($0["applicant"]?.string ?? "")-\($0["host"]?.string ?? "")"
        }
        #expect(pairs == ["가-작은곳", "나-큰곳"])
        let certificate = try await kit.call("matching.events.result", event)
        let verdict = try await kit.call("matching.events.verify", ["certificate": certificate])
        #expect(verdict["isValid"]?.bool == true)
        let explained = try await kit.call(
            "matching.events.explain", with(event, ["side": "applicants", "participant": "다"]))
        #expect(explained.at("/sentences/1/ko")?.string?.contains("큰곳: 정원이 찼고") == true)
        #expect(explained.at("/sentences/1/en")?.string?.contains("prefers everybody it has, down to 나") == true)

        var altered = certificate
        altered["totals"] = ["pairs": 3, "unassignedApplicants": 1, "vacantPlaces": 1, "blockingPairs": 0]
        let refused = try await kit.call("matching.events.verify", ["certificate": altered])
        #expect(refused["isValid"]?.bool == false)
        let types = try await kit.events.compactMap { $0["type"]?.string }
        #expect(types.suffix(2) == ["ieum.matching.event.closed", "ieum.matching.event.assigned"])
    }

    @Test func theSameSeedGivesTheSameBytesAndEveryVersionIsKept() async throws {
        let event = try await cohort()
        for seed in [3, 3, 4] {
            try await kit.call(
                "matching.events.assign", with(event, ["method": "hostOptimal", "seed": .integer(Int64(seed))]))
        }
        let versions = try await [1, 2, 3].asyncMap { version in
            try await kit.call("matching.events.result", with(event, ["version": .integer(version)])).text
        }
        #expect(versions[0] == versions[1] && versions[1] != versions[2])
    }

    @Test func everyFieldThatIsWrongIsNamedAtOnce() async throws {
        let event = try await event()
        let fault = try await kit.fault(
            "matching.events.register",
            with(
                event,
                [
                    "side": "hosts",
                    "participants": [
                        ["id": "a", "preferences": ["x", "x"]], ["id": "a", "preferences": ["x"], "tiers": [["x"]]],
                        ["id": "b", "absentRounds": [0]],
                    ],
                ]))
        #expect(
            fault.pointers == [
                "/participants/0/preferences", "/participants/1/id", "/participants/1/tiers",
                "/participants/2/absentRounds/0",
            ])
        try await kit.call(
            "matching.events.register",
            with(event, ["side": "hosts", "participants": [["id": "b", "preferences": ["없음"]]]]))
        let inconsistent = try await kit.fault("matching.events.close", event)
        #expect(
            inconsistent.data["rule"]?.string == "event.inconsistent"
                && inconsistent.pointers == ["/event/hosts/0/preferences/0"])
        let early = try await kit.fault("matching.events.assign", with(event, ["method": "hostOptimal"]))
        #expect(early.data["rule"]?.string == "event.open")
    }

    @Test func onlyTheOrganiserAssignsAndOthersSeeTheirOwnOnly() async throws {
        let event = try await cohort()
        let member: Set<Role> = [.viewer, .member]
        await #expect(throws: Fault.self) {
            try await kit.call(
                "matching.events.assign", with(event, ["method": "hostOptimal"]), principal: "other", roles: member)
        }
        let seen = try await kit.call("matching.events.get", event, principal: "other", roles: member)
        #expect(seen["applicants"]?.array == [] && seen.at("/event/applicantCount")?.integer == 3)
        await #expect(throws: Fault.self) {
            try await kit.call("matching.events.result", event, principal: "other", roles: member)
        }
    }

    @Test func anExchangeDayFromRecommendationsToTheTimetable() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demands = [try await exchange.demand("이차전지 전해질 소재"), try await exchange.demand("단백질 분석 장비 개발")]
        let offers = [
            try await exchange.technology("이차전지 고체 전해질 제조"), try await exchange.technology("질량분석 기반 단백질 분석 방법"),
        ]
        let event: JSON = [
            "id": .string(
                try await kit.call(
                    "matching.events.create", ["kind": "exchangeDay", "title": "교류회", "tables": 1]
                ).text("id"))
        ]
        try await kit.call(
            "matching.events.register",
            with(
                event,
                [
                    "side": "applicants",
                    "participants": .array(
                        demands.enumerated().map {
                            ["id": .string("수요\($0)"), "capacity": 2, "demandId": .string($1)]
                        }),
                ]))
        try await kit.call(
            "matching.events.register",
            with(
                event,
                [
                    "side": "hosts",
                    "participants": .array(
                        offers.enumerated().map {
                            [
                                "id": .string("기술\($0)"), "capacity": 1, "technologyId": .string($1),
                                "absentRounds": $0 == 0 ? [1] : [],
                            ]
                        }),
                ]))
        let told = Mutex<JSON>(.null)
        let scored = try await kit.call("matching.events.score", event) { value in told.withLock { $0 = value } }
        #expect(scored["scoreCount"]?.integer == 4)
        // Scored again, nothing is left of a pair that the recommendation does not know.
        try await kit.call(
            "matching.events.register",
            with(event, ["side": "applicants", "participants": [["id": "손님", "preferences": ["기술0"]]]]))
        try await kit.call(
            "matching.events.setScores",
            with(event, ["scores": [["applicant": "손님", "host": "기술0", "score": 1]]]))
        let again = try await kit.call("matching.events.score", event)
        #expect(again["scoreCount"]?.integer == 4)
        try await kit.call(
            "matching.events.register",
            with(event, ["side": "applicants", "participants": [["id": "손님", "capacity": 0]]]))
        #expect(told.withLock { $0["done"] == 2 && $0["total"] == 2 })
        try await kit.call("matching.events.close", event)
        for method in AssignmentMethod.allCases {
            let result = try await kit.call(
                "matching.events.assign", with(event, ["method": .string(method.rawValue)]))
            #expect(result.at("/certificate/assignment")?.array?.compactMap { $0["host"]?.string } == ["기술0", "기술1"])
        }
        let schedule = try await kit.call("matching.events.schedule", event)
        let kept = try await kit.call("matching.events.timetable", event)
        #expect(kept == schedule)
        #expect(schedule["rounds"]?.integer == 2 && schedule["isProvenMinimal"]?.bool == true)
        #expect(schedule.at("/meetings/0/host")?.string == "기술1" && schedule["method"]?.string == "orderedColouring")
    }

    @Test func aCertificateIsHeldAgainstItsEventItsProblemAndItsSchedule() async throws {
        let event = try await cohort()
        try await kit.call("matching.events.assign", with(event, ["method": "applicantOptimal", "seed": 1]))
        let certificate = try await kit.call("matching.events.result", event)
        let schedule = try await kit.call("matching.events.schedule", with(event, ["tables": 1]))
        func rules(_ more: JSON) async throws -> [String] {
            let verdict = try await kit.call("matching.events.verify", with(more, ["certificate": certificate]))
            return verdict["violations"]?.array?.compactMap { $0["rule"]?.string } ?? []
        }
        let problem = certificate["problem"] ?? .null
        #expect(try await rules(with(event, ["problem": problem, "schedule": schedule])) == [])
        var raised = problem
        raised["hosts"] = [["id": "큰곳", "capacity": 2], ["id": "작은곳"]]
        #expect(try await rules(["problem": raised]) == ["problem.other"])
        let other = try await cohort()
        try await kit.call("matching.events.assign", with(other, ["method": "applicantOptimal", "seed": 2]))
        #expect(try await rules(other) == ["event.other"])
        var moved = schedule
        moved["rounds"] = 9
        #expect(try await rules(["schedule": moved]) == ["schedule.digest", "schedule.rounds"])
        #expect(try await rules(["schedule": [:]]) == ["schedule.shape"])
    }

    /// Whom one meets is not everybody's to know before the organiser shows it.
    @Test func theScheduleIsSeenByThoseInItAndByAllOncePublished() async throws {
        let event = try await event()
        let members: Set<Role> = [.viewer, .member]
        for (who, side, id) in [("one", "applicants", "a"), ("two", "applicants", "b"), ("host", "hosts", "h")] {
            try await kit.call(
                "matching.events.register",
                with(event, ["side": .string(side), "participants": [["id": .string(id), "capacity": 2]]]),
                principal: who, roles: members)
        }
        try await kit.call("matching.events.close", event)
        try await kit.call("matching.events.assign", with(event, ["method": "hostOptimal", "seed": 1]))
        let early = try await kit.fault("matching.events.publish", event)
        #expect(early.data["rule"]?.string == "event.notScheduled")
        let whole = try await kit.call("matching.events.schedule", event)
        let own = try await kit.call("matching.events.timetable", event, principal: "one", roles: members)
        #expect(own["isExcerpt"] == true && own["meetings"]?.array?.map { $0["applicant"] } == ["a"])
        let hosts = try await kit.call("matching.events.timetable", event, principal: "host", roles: members)
        #expect(hosts["meetings"] == whole["meetings"])
        await #expect(throws: Fault.self) {
            try await kit.call("matching.events.timetable", event, principal: "stranger", roles: [.viewer])
        }
        let published = try await kit.call("matching.events.publish", event)
        #expect(published["publishedVersion"]?.integer == 1)
        let seen = try await kit.call("matching.events.timetable", event, principal: "stranger", roles: [.viewer])
        #expect(seen == whole)
        // Another assignment is not shown by that.
        try await kit.call("matching.events.assign", with(event, ["method": "hostOptimal", "seed": 2]))
        try await kit.call("matching.events.schedule", event)
        await #expect(throws: Fault.self) {
            try await kit.call("matching.events.timetable", event, principal: "stranger", roles: [.viewer])
        }
    }

    /// Who withdraws registers with no places; the lists of others stay as they are.
    @Test func registrationIsReopenedForOneWhoWithdraws() async throws {
        let event = try await cohort()
        try await kit.call("matching.events.assign", with(event, ["method": "applicantOptimal", "seed": 1]))
        let reopened = try await kit.call("matching.events.reopen", event)
        #expect(reopened["state"]?.string == "open")
        try await kit.call(
            "matching.events.register",
            with(
                event,
                ["side": "hosts", "participants": [["id": "큰곳", "capacity": 0, "preferences": ["나", "가", "다"]]]]))
        try await kit.call("matching.events.close", event)
        let result = try await kit.call(
            "matching.events.assign", with(event, ["method": "applicantOptimal", "seed": 1]))
        #expect(result["version"]?.integer == 2)
        #expect(
            result.at("/certificate/assignment")?.array?.map { $0.text }
                == [#"{"applicant":"가","host":"작은곳"}"#, #"{"applicant":"나","host":"작은곳"}"#])
        let explained = try await kit.call(
            "matching.events.explain", with(event, ["side": "applicants", "participant": "다"]))
        #expect(explained.at("/sentences/1/en")?.string == "큰곳: it has no places (capacity 0).")
        let first = try await kit.call("matching.events.result", with(event, ["version": 1]))
        #expect(first.at("/totals/pairs")?.integer == 2)
    }

    @Test func whoDoesNotListOneBackIsNamed() async throws {
        let problem: JSON = [
            "applicants": [["id": "a", "preferences": ["h", "i"]]],
            "hosts": [["id": "h", "preferences": []], ["id": "i"]],
        ]
        let certificate = try await kit.call(
            "matching.assignments.solve", ["problem": problem, "method": "hostOptimal"]
        ).decode(AssignmentCertificate.self)
        let explanation = try #require(AssignmentExplanation("a", .applicants, certificate))
        #expect(explanation.assigned == ["i"])
        #expect(
            explanation.sentences.contains {
                $0.en == "h: it does not list this participant, so they cannot be a pair."
            })
    }

    @Test func aProblemInTheCallIsSolvedAtOnce() async throws {
        let problem: JSON = [
            "applicants": [["id": "a", "capacity": 2], ["id": "b"]], "hosts": [["id": "h"], ["id": "i"]],
            "scores": [
                ["applicant": "a", "host": "h", "score": 5], ["applicant": "b", "host": "h", "score": 4],
                ["applicant": "a", "host": "i", "score": 3],
            ],
        ]
        let certificate = try await kit.call(
            "matching.assignments.solve", ["problem": problem, "method": "maximumScore"])
        #expect(certificate.at("/totals/score")?.integer == 8)
        let verdict = try await kit.call("matching.events.verify", ["certificate": certificate])
        #expect(verdict["isValid"]?.bool == true)
        let fault = try await kit.fault(
            "matching.assignments.solve",
            ["problem": ["applicants": [["id": "a", "preferences": ["x"]]], "hosts": []], "method": "maximumScore"])
        #expect(fault.pointers == ["/problem/applicants/0/preferences/0", "/problem/scores"])
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
