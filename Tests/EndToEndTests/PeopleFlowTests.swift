import Foundation
import JSON
import ServiceKit
import Testing
import Vocabulary

/// What waits for people, and what watches by itself, with `kill -9` in between.
@Suite(.timeLimit(.minutes(5))) struct PeopleFlowTests {
    private struct Pair {
        let company: JSON
        let institute: JSON
        let demand: JSON
        let technology: JSON
    }

    private func organisation(_ set: RunningSet, _ kind: JSON, _ name: JSON) async throws -> JSON {
        try await set.persist(
            "matching.organisations.create", ["kind": kind, "nameKo": name, "region": "KR-30"],
            key: UUID().uuidString)["id"] ?? .null
    }

    private func profile(_ set: RunningSet, _ plural: String, _ organisation: JSON, _ title: String) async throws
        -> JSON
    {
        let content: JSON = [
            "organisationId": organisation, "title": .string(title), "summary": .string(title), "trl": 5,
            "fields": ["EG"],
        ]
        let id = try await set.persist("matching.\(plural).create", content, key: UUID().uuidString)["id"] ?? .null
        try await set.persist("matching.\(plural).publish", ["id": id], key: UUID().uuidString)
        return id
    }

    private func pair(_ set: RunningSet, _ title: String) async throws -> Pair {
        let company = try await organisation(set, "company", "가나계측")
        let institute = try await organisation(set, "institute", "다라연구원")
        return Pair(
            company: company, institute: institute, demand: try await profile(set, "demands", company, title),
            technology: try await profile(set, "technologies", institute, title))
    }

    /// Reads until it is so.
    @discardableResult
    private func read(
        _ set: RunningSet, _ method: String, _ parameters: JSON, until done: (JSON) -> Bool
    ) async throws -> JSON {
        var last: JSON = .null
        for _ in 0..<1_500 {
            do {
                last = try await set.persist(method, parameters, key: UUID().uuidString)
                if done(last) { return last }
            } catch let fault as Fault where fault.code == .notFound {}
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Late(method: method, last: last.text)
    }

    private struct Late: Error {
        let method: String
        let last: String
    }

    private func state(of step: String, in flow: JSON) -> String? {
        flow["steps"]?.array?.first { $0["name"]?.string == step }?["state"]?.string
    }

    @Test func theSevenStepsGoOnWhereTheyStoodWhoeverDies() async throws {
        try await RunningSet.with { set in
            let pair = try await pair(set, "칠단계 zq77x")
            let platform =
                try await set.persist(
                    "matching.platforms.create",
                    [
                        "nameKo": "협의체", "purpose": "함께 푼다", "coordinatorId": pair.institute,
                        "neededRoles": ["provider"],
                    ], key: "platform")["id"] ?? .null
            let input: JSON = ["demandId": pair.demand, "technologyId": pair.technology, "platformId": platform]
            let flow =
                try await set.persist(
                    "gateway.flows.start", ["flow": "analysis", "input": input], key: "flow")["id"] ?? .null
            func until(_ step: String, _ wanted: String) async throws -> JSON {
                try await read(set, "gateway.flows.get", ["id": flow]) { state(of: step, in: $0) == wanted }
            }
            _ = try await until("consortium", "waiting")
            try await set.kill("gateway")
            try await set.persist(
                "matching.platforms.assign",
                ["id": platform, "organisationId": pair.institute, "role": "provider"], key: "assign")
            let proposed = try await until("propose", "done")
            try await set.kill("matching")
            let deal = proposed["steps"]?.array?.first { $0["name"]?.string == "propose" }?.at("/result/id") ?? .null
            try await set.persist("matching.deals.accept", ["id": deal, "side": "supply"], key: "accept")
            _ = try await until("consulting", "waiting")
            for stage in ["nda", "consulting"] {
                try await set.kill("gateway")
                try await set.persist(
                    "matching.deals.skip",
                    ["id": deal, "side": "demand", "stage": .string(stage), "reason": "이미 함께 일함"], key: "skip-\(stage)")
            }
            let ended = try await read(set, "gateway.flows.get", ["id": flow]) {
                ["completed", "voided", "unsettled"].contains($0["state"]?.string ?? "")
            }
            #expect(ended["state"] == "completed", "\(ended.text)")
            let committed = try await set.persist("matching.deals.get", ["id": deal], key: "read")
            #expect(committed["state"] == "committed")
        }
    }

    @Test func aGapIsToldOnceHoweverOftenTheServiceDies() async throws {
        try await RunningSet.with { set in
            let company = try await organisation(set, "company", "가나계측")
            let institute = try await organisation(set, "institute", "다라연구원")
            var demands: [JSON] = []
            for number in 0..<5 {
                demands.append(try await profile(set, "demands", company, "zq\(number)gx"))
                try await set.kill("matching")
            }
            for demand in demands {
                try await read(set, "matching.gaps.get", ["demandId": demand]) { $0.at("/signal/state") == "open" }
            }
            try await set.kill("matching")
            _ = try await profile(set, "technologies", institute, "zq0gx")
            try await read(set, "matching.gaps.get", ["demandId": demands[0]]) { $0.at("/signal/state") == "met" }
            try await read(set, "gateway.events.read", ["types": ["ieum.matching.gap.closed"]]) {
                $0["items"]?.array?.isEmpty == false
            }
            let told = try await set.persist(
                "gateway.events.read", ["types": ["ieum.matching.gap."], "limit": 1_000], key: "told")
            let types = (told["items"]?.array ?? []).compactMap { $0["type"]?.string }
            #expect(types.count { $0.hasSuffix("opened") } == 5 && types.count { $0.hasSuffix("closed") } == 1)
        }
    }
}
