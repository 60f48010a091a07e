import JSON
import ServiceKit
import Storage
import ZeroMQ

/// What the gateway tells about itself: who serves, what went through, which limits hold.
enum Administration {
    struct Services: Codable, Sendable {
        let services: [JSON]
        let workers: [JSON]
    }

    struct Table: Codable, Sendable { let items: [JSON] }

    static func methods(
        limits: Limits, _ database: Database, snapshot: @escaping @Sendable () async -> RouterSnapshot?
    ) -> [Method] {
        [
            .action(
                "gateway.services", Bilingual(ko: "지금 답하는 서비스와 워커", en: "The services and workers that answer now"),
                role: .viewer, idempotent: true
            ) { (_: NoParameters, _) throws -> Services in
                let broker = try await required(snapshot()).broker.json
                return Services(services: broker["services"]?.array ?? [], workers: broker["workers"]?.array ?? [])
            },
            .action(
                "gateway.stats", Bilingual(ko: "요청, 거절, 버림의 수", en: "Counts of requests, refusals and drops"),
                role: .viewer, idempotent: true
            ) { (_: NoParameters, _) throws -> JSON in
                let snapshot = try await required(snapshot())
                var json = snapshot.broker.json
                json["connections"] = .integer(Int64(snapshot.door.open))
                json["connectionsRefused"] = .integer(Int64(snapshot.connectionsRefused))
                json["connectionsRefusedForProcess"] = .integer(Int64(snapshot.door.refusedForProcess))
                json["connectionsRefusedForDescriptors"] = .integer(Int64(snapshot.door.refusedForDescriptors))
                json["subscriptions"] = .integer(Int64(snapshot.subscriptions))
                json["stored"] = try await database.read { try TitanicBooks.figures(in: $0) }
                json["subscriptionsRefused"] = .object(
                    JSON.Members(
                        uniqueKeysWithValues: snapshot.subscriptionsRefused.sorted { $0.key < $1.key }
                            .map { ($0.key, .integer(Int64($0.value))) }))
                json["eventsPublished"] = .integer(Int64(snapshot.eventsPublished))
                json["eventsWaiting"] = .integer(Int64(snapshot.publication.waiting))
                json["eventsSkipped"] = .integer(Int64(snapshot.publication.skipped))
                json["subscribersCutOff"] = ["tooSlow": .integer(Int64(snapshot.publication.cutOff))]
                return json
            },
            .immediate("gateway.limits", Bilingual(ko: "모든 한계", en: "Every limit, its value and its variable")) {
                (_: NoParameters, _) in Table(items: limits.json.array ?? [])
            },
        ]
    }

    private static func required(_ snapshot: RouterSnapshot?) throws(Fault) -> RouterSnapshot {
        guard let snapshot else { throw .overloaded(retryAfterMs: 100) }
        return snapshot
    }
}
