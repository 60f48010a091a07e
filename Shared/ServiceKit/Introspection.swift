import JSON
import Storage
import Synchronization
import Vocabulary

/// What every service answers about itself. The bodies need the service, which `Service` hands in when it is made.
enum Introspection {
    struct Ping: Codable, Sendable { let status: String }

    struct Information: Codable, Sendable {
        let name: String
        let title: Bilingual
        let instance: String
        let version: String
        let startedAt: Instant
        let methods: [String]
    }

    struct AuditQuery: Codable, Sendable, Constrained {
        let subject: String?
        let after: Int64?
        let limit: Int?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...1_000)]
    }

    struct AuditEntry: Codable, Sendable {
        let position: Int64
        let at: Instant
        let principal: String
        let method: String
        let subject: String?
        let reason: String?
        let requestId: String
    }

    static func methods(_ definition: ServiceDefinition, instance: String, startedAt: Instant, statistics: Statistics)
        -> [Method]
    {
        let information = Information(
            name: definition.name, title: definition.title, instance: instance, version: ServiceDefinition.version,
            startedAt: startedAt, methods: definition.methods.map(\.name))
        return [
            .immediate("service.ping", Bilingual(ko: "살아 있는지 답한다", en: "Answers that it is alive")) {
                (_: NoParameters, _) in Ping(status: "ok")
            },
            .immediate("service.info", Bilingual(ko: "서비스의 이름과 판", en: "Name, version and methods")) {
                (_: NoParameters, _) in information
            },
            .immediate("service.stats", Bilingual(ko: "메서드별 횟수와 시간", en: "Counts and times of each method")) {
                (_: NoParameters, _) -> JSON in
                let totals = statistics.totals
                return [
                    "name": .string(definition.name), "instance": .string(instance),
                    "version": .string(ServiceDefinition.version), "startedAt": .string(startedAt.description),
                    "requests": .integer(totals.requests), "errors": .integer(totals.errors),
                    "eventsSetAside": .integer(Int64(statistics.eventsSetAside.load(ordering: .relaxed))),
                    "eventsUnhandled": .integer(Int64(statistics.eventsUnhandled.load(ordering: .relaxed))),
                    "methods": statistics.json, "process": ProcessUse.json ?? .null,
                ]
            },
            .query(
                "service.audit", Bilingual(ko: "누가 무엇을 왜 바꾸었는지", en: "Who changed what, when and why"), role: .operator,
                audit),
            .query(
                "service.key", Bilingual(ko: "호출자의 멱등 키가 쓰였는지", en: "Whether a key of the caller was used"), key),
            Outbox.method,
        ]
    }

    struct KeyQuery: Codable, Sendable, Constrained {
        let key: String
        static let constraints: [String: Schema.Constraint] = ["key": .length(1...200)]
    }

    struct KeyUse: Codable, Sendable { let usedAt: Instant? }

    private static func key(_ query: KeyQuery, _ read: Read) throws -> KeyUse {
        KeyUse(
            usedAt: try read.db.row(
                "SELECT created_at FROM service_idempotency WHERE principal = ? AND key = ?", read.call.principal,
                query.key)?.get("created_at"))
    }

    private static func audit(_ query: AuditQuery, _ read: Read) throws -> Page<AuditEntry> {
        var listing = Listing("SELECT * FROM service_audit")
        listing.add("subject = ?", query.subject)
        return try listing.page(
            in: read.db, by: "position", after: query.after, limit: query.limit ?? 100, cursor: { "\($0.position)" }
        ) { row in
            AuditEntry(
                position: try row.get("position"), at: try row.get("at"), principal: try row.get("principal"),
                method: try row.get("method"), subject: try row.getIfPresent("subject"),
                reason: try row.getIfPresent("reason"), requestId: try row.get("request_id"))
        }
    }

    /// OpenRPC 1.3: https://spec.open-rpc.org
    static func openRPC(_ definition: ServiceDefinition, _ methods: [Method]) -> JSON {
        [
            "openrpc": "1.3.2",
            "info": [
                "title": .string(definition.title.en), "x-title-ko": .string(definition.title.ko),
                "version": .string(ServiceDefinition.version),
            ],
            "methods": .array(methods.sorted { $0.name < $1.name }.map(describe)),
        ]
    }

    private static func describe(_ method: Method) -> JSON {
        var parameters: [JSON] = []
        if case .object(let properties) = method.parameters.kind {
            parameters = properties.map {
                ["name": .string($0.name), "required": .bool($0.isRequired), "schema": $0.schema.json]
            }
        }
        return [
            "name": .string(method.name), "summary": .string(method.summary.en),
            "x-summary-ko": .string(method.summary.ko), "paramStructure": "by-name", "params": .array(parameters),
            "result": ["name": "result", "schema": method.result.json],
            "x-role": .string(method.role.rawValue), "x-idempotent": .bool(method.isIdempotent),
            "x-remembers": .string(method.memory.rawValue), "x-stream": .bool(method.isStream),
        ]
    }
}
