import JSON
public import Logging
public import Storage
import Synchronization
public import Vocabulary

/// A running service without its socket: JSON-RPC text in, JSON-RPC text out. What carries the text (the gateway's
/// socket, the gateway's own process, a test) does not matter here.
public final class Service: Sendable {
    public let definition: ServiceDefinition
    public let database: Database
    /// New for every start of a process.
    public let instance: String
    let log: Logger
    /// Nil when nothing is traced.
    let traces: TraceFile?
    let clock: @Sendable () -> Instant
    let startedAt: Instant
    let statistics = Statistics()
    let ledgers: Ledgers
    let consumptions: [Consumption]
    /// Told when there is something in the outbox. Not a closure: a `Mutex` wraps one anew each time it is looked at,
    /// until the layers overflow the stack.
    let outboxFilled = Mutex<AsyncStream<Void>.Continuation?>(nil)
    /// Bytes of the next attempt to hand events over.
    let relayBytes = Atomic(Outbox.batchBytes)
    private let methods: [String: Method]
    private let running = Atomic<Int>(0)
    private let requests: Running

    /// Requests in one batch.
    static let batchLimit = 100

    public init(
        _ definition: ServiceDefinition, database: Database, log: Logger,
        keyAge: Duration = Configuration.standardKeyAge, traces: TraceFile? = nil,
        consumerPause: Duration = .milliseconds(50), clock: @escaping @Sendable () -> Instant = Instant.now
    ) {
        self.definition = definition
        self.database = database
        self.log = log
        self.traces = traces
        self.clock = clock
        requests = Running(clock: clock)
        startedAt = clock()
        instance = ID<RequestKind>.new(at: startedAt).description.replacing("req_", with: "\(definition.name)-")
        ledgers = Ledgers(keyAge: keyAge)
        consumptions = definition.consumers.map { Consumption($0, firstPause: consumerPause) }
        var all =
            definition.methods
            + Introspection.methods(definition, instance: instance, startedAt: startedAt, statistics: statistics)
            + [
                Backups.method(of: definition, database: database, clock: clock),
                ConsumerLedger.method(of: consumptions),
            ]
        let document = Introspection.openRPC(definition, all)
        all.append(
            .immediate("rpc.discover", Bilingual(ko: "모든 메서드의 OpenRPC 문서", en: "The OpenRPC document of all methods")) {
                (_: NoParameters, _) in document
            })
        methods = Dictionary(all.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("\(first.name) is declared twice")
        }
    }

    /// All migrations of a service: the kit's and its own.
    public static func migrations(of definition: ServiceDefinition) -> [Migration] {
        ServiceSchema.migrations + definition.migrations
    }

    /// Handlers call other services through `client` from now on (`Call.ask`).
    func calls(through client: Client) { requests.client.withLock { $0 = client } }

    /// Requests that have been taken and not answered.
    public var inFlight: Int { running.load(ordering: .relaxed) }

    /// Handles one message. `reply` is called exactly once, from any thread, with the response's text, or nil when
    /// there is none to send (notifications); for the gateway's word that a request was cancelled, it is not called.
    ///
    /// - Parameter partial: sends a PARTIAL before the reply; false when it cannot be taken at the moment.
    public func handle(
        body: some Collection<UInt8>, headers: (some Collection<UInt8>)?,
        partial: (@Sendable ([UInt8]) -> Bool)? = nil, reply: @escaping @Sendable ([UInt8]?) -> Void
    ) {
        let request: JSON
        let context: JSON
        do {
            request = try JSON(parsing: body)
            context = try headers.map { headers throws(JSON.SyntaxError) in try JSON(parsing: headers) } ?? [:]
        } catch {
            return reply(Service.response(.null, .failure(Fault(.parseError, error.message))).bytes)
        }
        if let cancelled = context["cancels"]?.string { return requests.cancel(cancelled) }
        let name = context["requestId"]?.string ?? ""
        let taken = Running.Request(requests, partial: context["partials"] == true ? partial : nil)
        running.add(1, ordering: .relaxed)
        requests.begin(name, taken)
        let done: @Sendable (JSON?) -> Void = { [self] response in
            requests.end(name)
            reply(response?.bytes)
            running.subtract(1, ordering: .relaxed)
        }
        guard case .array(let batch) = request else { return handle(request, context, taken, place: nil, done) }
        guard (1...Service.batchLimit).contains(batch.count) else {
            let rule = Bilingual(
                ko: "묶음에는 요청이 1개 이상 \(Service.batchLimit)개 이하여야 합니다",
                en: "a batch must have 1 to \(Service.batchLimit) requests")
            return done(Service.response(.null, .failure(Fault(.invalidRequest, rule))))
        }
        let responses = Mutex((left: batch.count, list: [JSON]()))
        for (place, item) in batch.enumerated() {
            handle(item, context, taken, place: place) { response in
                let finished: [JSON]? = responses.withLock { state in
                    state.left -= 1
                    if let response { state.list.append(response) }
                    return state.left == 0 ? state.list : nil
                }
                if let finished { done(finished.isEmpty ? nil : .array(finished)) }
            }
        }
    }

    /// - Parameter place: in a batch: its idempotency key stands for each of its requests by its place.
    private func handle(
        _ request: JSON, _ headers: JSON, _ taken: Running.Request, place: Int?,
        _ done: @escaping @Sendable (JSON?) -> Void
    ) {
        let id = request["id"]
        let started = ContinuousClock.now
        let name = request["method"]?.string ?? ""
        let answer: @Sendable (Result<JSON, Fault>) -> Void = { [self] result in
            let fault: Fault? = if case .failure(let fault) = result { fault } else { nil }
            let elapsed = ContinuousClock.now - started
            // Names that a caller made up must not fill the table.
            statistics.record(
                methods[name] == nil ? "(unknown)" : name, microseconds: elapsed.microseconds, fault: fault,
                at: clock())
            if let fault { note(fault, name, headers) }
            // A notification has no id, and no response, not even of an error.
            done(id.map { Service.response($0, result) })
        }
        guard request["jsonrpc"] == "2.0", request["method"]?.string != nil, Service.isValid(id: id) else {
            let rule = Bilingual(
                ko: "JSON-RPC 2.0 요청이 아닙니다: jsonrpc는 \"2.0\", method는 문자열, id는 문자열·숫자·null이어야 합니다",
                en: "not a JSON-RPC 2.0 request: jsonrpc must be \"2.0\", method a string, id a string, number or null")
            return done(Service.response(.null, .failure(Fault(.invalidRequest, rule))))
        }
        do {
            guard let method = methods[name] else {
                throw Fault.unknownMethod(name, of: definition.name, known: methods.keys)
            }
            var call = try Call(method: name, headers: headers, place: place)
            (call.token, call.request, call.logger) = (id ?? .null, taken, log)
            guard call.roles.contains(method.role) else {
                throw Fault.forbidden(permission: method.role.rawValue)
            }
            let parameters = request["params"] ?? [:]
            let faults = method.parameters.validate(parameters)
            guard faults.isEmpty else { throw Fault.invalid(faults) }
            guard let traced = traced(call) else { return run(method, parameters, call, answer) }
            call.traceparent = traced.context.child(traced.id).traceparent
            run(method, parameters, call) { [self, call] result in
                let fault: Fault? = if case .failure(let fault) = result { fault } else { nil }
                end(traced, name, call.requestId, fault)
                answer(result)
            }
        } catch {
            answer(.failure(fault(error, name, headers["requestId"]?.string)))
        }
    }

    private func run(
        _ method: Method, _ parameters: JSON, _ call: Call, _ answer: @escaping @Sendable (Result<JSON, Fault>) -> Void
    ) {
        let outcome: @Sendable (Result<JSON, any Error>) -> Void = { [self] result in
            answer(result.mapError { fault($0, method.name, call.requestId) })
        }
        switch method.body {
        case .immediate(let body):
            outcome(Result { try body(parameters, call) })
        case .query(let body):
            database.submitRead { [self] connection in
                outcome(
                    Result {
                        let now = clock()
                        try call.mustBeInTime(at: now)
                        let db = try connection.get()
                        return try call.reading(db) { try body(parameters, Read(db: db, call: call, now: now)) }
                    })
            }
        case .command(let body):
            database.submitWrite({ [self] db in try execute(method, body, parameters, call, db) }) { [self] result in
                let write = try? result.get()
                if write?.emptiesLog ?? false {
                    Task {
                        await emptyLog()
                        outcome(result.map(\.result))
                    }
                } else {
                    outcome(result.map(\.result))
                }
                if write?.leftEvents ?? false { signalOutbox() }
            }
        case .action(let body):
            let task = Task { [self] in
                do {
                    let now = clock()
                    try call.mustBeInTime(at: now)
                    outcome(.success(try await call.bounded(at: now) { try await body(parameters, call) }))
                } catch {
                    outcome(.failure(error))
                }
            }
            call.request?.isHandled(by: task)
        }
    }

    private struct Executed {
        let result: JSON
        /// Whether the engine's log must be emptied before the result is told.
        var emptiesLog = false
        var leftEvents = false
    }

    private func execute(
        _ method: Method, _ body: (JSON, Write) throws -> JSON, _ parameters: JSON, _ call: Call, _ db: Connection
    ) throws -> Executed {
        let now = clock()
        try call.mustBeInTime(at: now)
        let print = call.idempotencyKey == nil ? "" : fingerprint(call.method, parameters)
        if let first = try ledgers.stored(call, fingerprint: print, in: db) {
            return Executed(result: first)
        }
        let write = Write(service: definition.name, db: db, call: call, now: now)
        let result = try body(parameters, write)
        try ledgers.record(write, result: result, parameters: parameters)
        // Not `nil` in a conditional: that could be JSON's null.
        let kept = method.memory == .answer ? result : Optional.none
        try ledgers.store(kept, of: call, fingerprint: print, at: now, in: db)
        return Executed(result: result, emptiesLog: write.mustEmptyLog, leftEvents: !write.events.isEmpty)
    }

    /// A backup that is being made holds it up; then it is done afterwards, and the operator is told.
    private func emptyLog() async {
        let isEmpty = try? await database.emptyLog()
        guard isEmpty != true else { return }
        log.warning("what was erased stays in the engine's log until a long read, such as a backup, has ended")
        Task { [database, log] in
            while true {
                do {
                    if try await database.emptyLog(within: .seconds(60)) { break }
                } catch { return }
            }
            log.notice("what was erased has left the engine's log")
        }
    }

    func signalOutbox() {
        outboxFilled.withLock { $0 }?.yield()
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
