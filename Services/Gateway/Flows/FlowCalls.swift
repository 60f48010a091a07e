import JSON
import Majordomo
import ServiceKit
import Synchronization
import Vocabulary
import ZeroMQ

/// The flows' calls on their way through the broker; answers find their call by the JSON-RPC id.
final class FlowCalls: Sendable {
    private struct State {
        var waiting: [Int64: (until: Instant, done: @Sendable (CallOutcome) -> Void)] = [:]
        var lastID: Int64 = 0
    }

    /// Sends body frames to a service in somebody's name; false when nothing was sent.
    typealias Request = @Sendable (_ service: String, _ body: [[UInt8]], Principal) -> Bool

    private let state = Mutex(State())
    private let request: Request

    /// The engine gives a call up at its deadline; the entry of one that was never answered goes some time after it.
    private static let keptPastDeadline = Duration.seconds(60)
    private static let sweepAbove = 1_000

    init(request: @escaping Request) {
        self.request = request
    }

    func send(_ call: FlowCall, _ done: @escaping @Sendable (CallOutcome) -> Void) {
        let id = state.withLock { state in
            state.lastID += 1
            state.waiting[state.lastID] = (call.deadline, done)
            if state.waiting.count > Self.sweepAbove {
                let now = Instant.now()
                state.waiting = state.waiting.filter { $0.value.until + Self.keptPastDeadline > now }
            }
            return state.lastID
        }
        let message: JSON = [
            "jsonrpc": "2.0", "id": .integer(id), "method": .string(call.method), "params": call.parameters,
        ]
        let headers: JSON = [
            "deadline": .integer(call.deadline.milliseconds), "idempotencyKey": .string(call.idempotencyKey),
        ]
        let service = String(call.method.prefix { $0 != "." })
        guard !request(service, [message.bytes, headers.bytes], call.sender) else { return }
        finish(
            id, .unavailable(FlowError(code: Fault.Code.overloaded.rawValue, message: "the gateway's queue is full")))
    }

    /// A reply from the broker. Runs on the reactor thread: it hands over.
    func answer(_ body: Multipart) {
        guard body.count > 0, let response = try? JSON(parsing: body[0]), let id = response["id"]?.integer else {
            return
        }
        finish(id, CallOutcome(response: response))
    }

    private func finish(_ id: Int64, _ outcome: CallOutcome) {
        guard let done = state.withLock({ $0.waiting.removeValue(forKey: id)?.done }) else { return }
        Task { done(outcome) }
    }
}
