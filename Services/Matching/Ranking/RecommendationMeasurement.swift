import Foundation
import JSON
import ServiceKit
import Storage
import Vocabulary

/// `ieum-matching measure-recommendation`: the method `matching.recommend` as a client's request meets it, without the
/// sockets: JSON in, weights, declared circumstances and answers, the index, two hundred candidates scored in both
/// directions, twenty rows read and explained, JSON out. One request at a time, on one thread.
struct RecommendationMeasurement {
    var profiles = 100_000
    var queries = 200
    let say: (String) -> Void

    private static let organisations = 500

    init(say: @escaping (String) -> Void) { self.say = say }

    func run() async throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "ieum-measure-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kit = try TestService(Matching.service, path: folder.appending(path: "matching.sqlite").path)
        defer { kit.database.close() }
        let organisations = try await organisations(kit)
        say("\(profiles) technologies and \(queries) demands of \(organisations.count) organisations are written")
        let demands = try await write(kit, organisations)
        try await answer(kit, demands)
        say("the index is built")
        let clock = ContinuousClock()
        let built = try await clock.measure { try await ask(kit, demands[0]) }
        for demand in demands.prefix(20) { try await ask(kit, demand) }
        var durations: [Duration] = []
        for demand in demands { durations.append(try await clock.measure { try await ask(kit, demand) }) }
        let times = Times(durations)
        say("matching.recommend: \(times)")
        return [
            "profiles": .integer(Int64(profiles)), "buildSeconds": .number(built / .seconds(1)),
            "recommend": times.json,
        ]
    }

    private func ask(_ kit: TestService, _ demand: DemandID) async throws {
        let regions: [JSON] = Region.allCases.filter { $0 != .jeju }.map { .string($0.rawValue) }
        let answer = try await kit.call(
            "matching.recommend",
            [
                "demandId": .string(demand.description), "limit": 20, "filters": ["regions": .array(regions)],
            ])
        guard answer["items"]?.array?.isEmpty == false else {
            throw Fault(.internalError, Bilingual(ko: "추천이 없습니다", en: "nothing was recommended"))
        }
    }

    /// Organisations that have declared something.
    private func organisations(_ kit: TestService) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<Self.organisations {
            let created = try await kit.call(
                "matching.organisations.create",
                [
                    "kind": number % 2 == 0 ? "institute" : "company", "nameKo": .string("기관 \(number)"),
                    "region": "KR-30",
                ])
            let id = created["id"] ?? .null
            try await kit.call(
                "matching.standings.declare",
                [
                    "organisationId": id, "cluster": .string("단지 \(number % 7)"), "capacity": 5,
                    "ownInvestment": .bool(number % 3 == 0), "source": "synthetic",
                ])
            ids.append(id.string ?? "")
        }
        return ids
    }

    private func write(_ kit: TestService, _ organisations: [String]) async throws -> [DemandID] {
        let (profiles, queries, now) = (profiles, queries, kit.now)
        return try await kit.database.write { db in
            var corpus = Corpus()
            var random = SplitMix(state: 3)
            func insert(_ id: String, _ side: Side, _ number: Int, _ text: String) throws {
                try db.run(
                    """
                    INSERT INTO profile (id, side, organisation_id, state, version, title, summary, description,
                        keywords, trl, fields, industries, sections, region, partnerships, exclusive, valid_until,
                        changed, created_at, updated_at, published_at, type)
                    VALUES (?, ?, ?, 'published', 1, ?, ?, '', '', ?, 'NC', ?, '', ?, 'licence', 0, ?, ?, ?, ?, ?, ?)
                    """,
                    id, side, organisations[random.below(organisations.count)], "\(number)", text,
                    1 + random.below(9), random.below(3) == 0 ? "space" : "bio-health",
                    random.below(10) == 0 ? Region.jeju : Region.daejeon, now.adding(seconds: 100 * 86_400), number,
                    now,
                    now, now, side == .demand ? "technologyRequest" : "technologyOffer")
            }
            var number = 0
            for _ in 0..<profiles {
                number += 1
                try insert(TechnologyID.new(at: now).description, .supply, number, corpus.profile())
            }
            let demands = try (0..<queries).map { _ in
                number += 1
                let id = DemandID.new(at: now)
                try insert(id.description, .demand, number, corpus.query())
                return id
            }
            try db.run("UPDATE profile_clock SET sequence = ?", number)
            return demands
        }
    }

    /// Some answers, so that there is something to look up.
    private func answer(_ kit: TestService, _ demands: [DemandID]) async throws {
        for demand in demands.prefix(50) {
            let found = try await kit.call("matching.recommend", ["demandId": .string(demand.description), "limit": 5])
            for item in found["items"]?.array ?? [] {
                try await kit.call(
                    "matching.feedback.record",
                    [
                        "demandId": .string(demand.description), "technologyId": item["id"] ?? .null,
                        "side": "demand", "answer": "notRelevant", "reason": "notAStrategicFit",
                    ])
            }
        }
    }
}
