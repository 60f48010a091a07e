public import JSON
import Logging
public import Storage
import Synchronization
public import Vocabulary

/// A service in the memory of a test: the same dispatch, validation and transactions, a clock that the test moves.
public final class TestService: Sendable {
    let service: Service
    private let requests = Atomic<Int>(0)

    /// - Parameter path: a file for the database; nil keeps it in memory.
    public init(
        _ definition: ServiceDefinition, now: Instant = Instant(milliseconds: 1_795_000_000_000), path: String? = nil
    ) throws {
        let clock = TestClock(now)
        self.clock = clock
        service = Service(
            definition,
            database: try Database(path: path, migrations: Service.migrations(of: definition)),
            log: Logger(label: "test.\(definition.name)"), consumerPause: .zero, clock: { clock.now })
    }

    private let clock: TestClock
    public var now: Instant { clock.now }
    public var database: Database { service.database }

    /// Calls a method; throws the fault it answers with.
    @discardableResult
    public func call(
        _ method: String, _ parameters: JSON = [:], key: String? = nil, principal: String = "uid:1000",
        roles: Set<Role> = Set(Role.allCases), deadline: Instant? = nil, requestId: String? = nil,
        onPartial: (@Sendable (JSON) -> Void)? = nil
    ) async throws -> JSON {
        let number = requests.add(1, ordering: .relaxed).newValue
        var headers: JSON = [
            "principal": .string(principal), "roles": .array(roles.map { .string($0.rawValue) }),
            "requestId": .string(requestId ?? "test-\(number)"),
        ]
        if let key { headers["idempotencyKey"] = .string(key) }
        if let deadline { headers["deadline"] = .integer(deadline.milliseconds) }
        let request: JSON = [
            "jsonrpc": "2.0", "id": .integer(Int64(number)), "method": .string(method), "params": parameters,
        ]
        if onPartial != nil { headers["partials"] = true }
        let response = await send(request.bytes, headers: headers.bytes) { partial in
            guard let notification = try? JSON(parsing: partial), notification["method"] == "$/progress",
                notification.at("/params/token") == request["id"]
            else { return }
            onPartial?(notification.at("/params/value") ?? .null)
        }
        guard let response else { throw Fault(.internalError) }
        let answer = try JSON(parsing: response)
        if let error = answer["error"] { throw Fault(json: error) }
        return answer["result"] ?? .null
    }

    /// Sends raw text, for tests of the protocol itself.
    public func send(
        _ body: [UInt8], headers: [UInt8]?, onPartial: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            service.handle(
                body: body, headers: headers,
                partial: { partial in
                    onPartial(partial)
                    return true
                }
            ) { continuation.resume(returning: $0) }
        }
    }

    /// Cancels a request, as the gateway says that its caller did.
    public func cancel(requestId: String) {
        let notification: JSON = ["jsonrpc": "2.0", "method": "$/cancelRequest", "params": ["id": 0]]
        let headers: JSON = ["cancels": .string(requestId)]
        service.handle(body: notification.bytes, headers: headers.bytes) { _ in }
    }

    /// Calls a method that must fail, and returns how.
    public func fault(_ method: String, _ parameters: JSON = [:], key: String? = nil) async throws -> Fault {
        do {
            let result = try await call(method, parameters, key: key)
            throw UnexpectedSuccess(method: method, result: result)
        } catch let fault as Fault {
            return fault
        }
    }

    public struct UnexpectedSuccess: Error {
        public let method: String
        public let result: JSON
    }

    /// Moves the clock and runs every job once.
    public func advance(seconds: Int64) async throws {
        clock.advance(seconds: seconds)
        for job in service.definition.jobs + [service.forgettingOldKeys] { try await service.run(job) }
    }

    /// Hands the events of the outbox to `deliver`, as the gateway's log would get them, until there are none left.
    public func relay(_ deliver: @escaping @Sendable ([JSON]) async throws -> Void) async throws {
        while try await service.relayOnce(deliver) {}
    }

    /// Lets the consumers catch up with a log of CloudEvents, each with its `sequence`.
    ///
    /// - Parameter first: the oldest sequence that the log still keeps.
    public func consume(_ log: [JSON], keptFrom first: Int64 = 1) async throws {
        let last = log.compactMap { $0["sequence"]?.integer }.max() ?? 0
        for consumption in service.consumptions {
            let topics = consumption.consumer.topics
            try await consumption.catchUp(service) { after, _, limit in
                let found = log.filter { event in
                    let sequence = event["sequence"]?.integer ?? 0
                    let type = event["type"]?.string ?? ""
                    return sequence > after && sequence >= first && topics.contains { type.hasPrefix($0) }
                }
                let page = Array(found.prefix(limit))
                return [
                    "items": .array(page), "next": found.count > limit ? page.last?["sequence"] ?? .null : .null,
                    "first": .integer(first), "last": .integer(last),
                    "forgotten": .integer(max(0, first - 1 - after)),
                ]
            }
        }
    }

    /// The events emitted so far, as CloudEvents, oldest first.
    public var events: [JSON] {
        get async throws {
            try await database.read { db in
                try db.rows("SELECT event FROM service_outbox ORDER BY position").map {
                    try JSON(parsing: $0.get("event") as String)
                }
            }
        }
    }
}

private final class TestClock: Sendable {
    private let time: Mutex<Instant>
    init(_ now: Instant) { time = Mutex(now) }
    var now: Instant { time.withLock { $0 } }
    func advance(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}
