public import JSON
public import Majordomo
import Synchronization
import Vocabulary
public import ZeroMQ

/// Calls methods through the gateway. Many calls may be outstanding at once; answers find their caller by the JSON-RPC
/// id.
public final class Client: Sendable {
    private let peer: Peer
    private let waiting: Waiting

    /// How long after the deadline the answer may still come.
    private static let grace = Duration.milliseconds(100)
    /// How long a call waits when nothing is said.
    public static let standardDeadline = Duration.seconds(30)

    /// - Parameter endpoint: the gateway, such as ``Configuration/gatewayEndpoint``.
    /// - Parameter curve: the keys for a gateway on `tcp://`, such as ``Configuration/curve``.
    public convenience init(
        endpoint: String, curve: CurveClient? = nil, onLink: @escaping @Sendable (LinkState) -> Void = { _ in }
    ) throws {
        try self.init(endpoint: endpoint, curve: curve, worker: nil, onRequest: { _ in }, onLink: onLink)
    }

    init(
        endpoint: String, curve: CurveClient? = nil, worker: (service: String, announcement: [UInt8])?,
        onRequest: @escaping @Sendable (WorkerRequest) -> Void, onLink: @escaping @Sendable (LinkState) -> Void
    ) throws {
        let waiting = Waiting()
        self.waiting = waiting
        peer = try Peer(
            endpoint: endpoint, curve: curve, worker: worker, onRequest: onRequest,
            onReply: { _, body, isFinal in
                if isFinal { waiting.answer(Array(body[0])) } else { waiting.hear(Array(body[0])) }
            },
            onLink: { state in
                if state == .lost { waiting.lost() }
                onLink(state)
            })
    }

    /// Calls a method and returns its result. When the task is cancelled, the request is taken back, and for a second
    /// the service may still say how it ended.
    ///
    /// - Parameters:
    ///   - service: nil for the first part of the method's name; needed for `rpc.*` and `service.*`.
    ///   - key: the idempotency key: a call repeated with the same key changes nothing again.
    ///   - deadline: after it the call fails, here a moment later than there, so that the answer can say whether it
    ///     was begun; the request is not started any more.
    ///   - onPartial: what comes before the result, in order: `{done, total, ko, en}` or `{items}`. Without it, nothing
    ///     does. It must not block: it runs on the connection's thread.
    /// - Throws: the `Fault` that the service or the gateway answered with, `deadlineExceeded` or `cancelled`.
    public func call(
        _ method: String, _ parameters: JSON = [:], service: String? = nil, key: String? = nil,
        deadline: Duration = standardDeadline, traceparent: String? = nil,
        tracestate: String? = nil,
        onPartial: (@Sendable (JSON) -> Void)? = nil
    ) async throws -> JSON {
        let service = service ?? String(method.prefix { $0 != "." })
        var headers: JSON = ["deadline": .integer((Instant.now() + deadline).milliseconds)]
        if let key { headers["idempotencyKey"] = .string(key) }
        if let traceparent { headers["traceparent"] = .string(traceparent) }
        if let tracestate { headers["tracestate"] = .string(tracestate) }
        if onPartial != nil { headers["partials"] = true }
        let headerBytes = headers.bytes
        // A clock that is set anew must not make anybody wait for longer.
        let until = ContinuousClock.now + deadline + Self.grace
        let id = waiting.nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.add(id, Waiting.Call(continuation: continuation, until: until, onPartial: onPartial))
                let request: JSON = [
                    "jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": parameters,
                ]
                if !peer.request(service: service, body: [request.bytes, headerBytes]) {
                    waiting.finish(id, .failure(Fault.overloaded(retryAfterMs: 100)))
                }
                // What `onCancel` sent meanwhile may have gone out before the request.
                if Task.isCancelled { takeBack(id, at: service) }
            }
        } onCancel: {
            takeBack(id, at: service)
        }
    }

    private func takeBack(_ id: Int64, at service: String) {
        guard waiting.cancel(id) else { return }
        let notification: JSON = [
            "jsonrpc": "2.0", "method": "$/cancelRequest", "params": ["id": .integer(id)],
        ]
        _ = peer.request(service: service, body: [notification.bytes], isAnswered: false)
    }

    @discardableResult
    func reply(_ request: WorkerRequest, _ body: [UInt8], isFinal: Bool = true) -> Bool {
        peer.reply(request.address, body: [body], isFinal: isFinal)
    }

    func drain() { peer.drain() }

    /// Fails what is still waiting and closes the connection. Blocks for a bounded time.
    public func close() {
        peer.close()
        waiting.lost()
    }
}

/// The calls that wait for an answer.
private final class Waiting: Sendable {
    struct Call {
        let continuation: CheckedContinuation<JSON, any Error>
        var until: ContinuousClock.Instant
        let onPartial: (@Sendable (JSON) -> Void)?
        var isCancelled = false
    }

    /// How long a cancelled call still waits for its answer.
    private static let patience = Duration.seconds(1)

    private struct State {
        var calls: [Int64: Call] = [:]
        var lastID: Int64 = 0
        var isWatching = false
    }

    private let state = Mutex(State())

    func nextID() -> Int64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func add(_ id: Int64, _ call: Call) {
        let startWatch = state.withLock { state in
            state.calls[id] = call
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if startWatch { Task { await watch() } }
    }

    /// False when it has ended, or is not there yet.
    func cancel(_ id: Int64) -> Bool {
        state.withLock { state in
            guard var call = state.calls[id] else { return false }
            call.isCancelled = true
            call.until = min(call.until, .now + Self.patience)
            state.calls[id] = call
            return true
        }
    }

    /// A PARTIAL: `$/progress` of one of the calls.
    func hear(_ body: [UInt8]) {
        guard let notification = try? JSON(parsing: body), notification["method"] == "$/progress",
            let id = notification.at("/params/token")?.integer, let value = notification.at("/params/value")
        else { return }
        state.withLock { $0.calls[id]?.onPartial }?(value)
    }

    func finish(_ id: Int64, _ result: Result<JSON, any Error>) {
        state.withLock { $0.calls.removeValue(forKey: id) }?.continuation.resume(with: result)
    }

    func answer(_ body: [UInt8]) {
        guard let answer = try? JSON(parsing: body), let id = answer["id"]?.integer else { return }
        if let error = answer["error"] {
            finish(id, .failure(Fault(json: error)))
        } else {
            finish(id, .success(answer["result"] ?? .null))
        }
    }

    /// The connection to the gateway is gone: what was on its way is not answered any more.
    func lost() {
        let calls = state.withLock { state in
            defer { state.calls = [:] }
            return state.calls.values.map(\.continuation)
        }
        let fault = Fault(
            .workerLost,
            Bilingual(
                ko: "답을 기다리는 동안 게이트웨이와 끊겼습니다. 같은 멱등 키로 다시 보내면 안전합니다",
                en: "the gateway was lost before it answered; sending again with the same idempotency key is safe"),
            data: ["gateway": true])
        for continuation in calls { continuation.resume(throwing: fault) }
    }

    /// One task for all deadlines, alive only while calls wait.
    private func watch() async {
        while true {
            try? await Task.sleep(for: .milliseconds(20))
            let now = ContinuousClock.now
            let (late, isEmpty) = state.withLock { state in
                let late = state.calls.filter { $0.value.until <= now }
                for id in late.keys { state.calls.removeValue(forKey: id) }
                if state.calls.isEmpty { state.isWatching = false }
                return (Array(late.values), state.calls.isEmpty)
            }
            for call in late {
                call.continuation.resume(throwing: Fault(call.isCancelled ? .cancelled : .deadlineExceeded))
            }
            if isEmpty { return }
        }
    }
}
