import JSON
import ServiceKit
import Synchronization
import ZeroMQ

/// `gateway.handOver`, both ends: what a gateway is asked by its successor, and how the successor asks.
final class Handover: Sendable {
    struct Parameters: Codable, Sendable {
        /// Only says whose requests the successor should expect; nothing is changed.
        let prepare: Bool?
    }

    struct Result: Codable, Sendable {
        /// Names that are served now.
        let services: [String]
    }

    private struct State {
        var asked: CheckedContinuation<Bool, Never>?
        var isAsked: Bool?
        var successors: [CheckedContinuation<Void, Never>] = []
        var isDone = false
    }

    private let state = Mutex(State())

    /// - Parameter isMovable: false with a door on tcp, whose connections cannot be handed over.
    func method(isMovable: Bool, _ router: @escaping @Sendable () -> GatewayRouter?) -> Method {
        .action(
            "gateway.handOver",
            Bilingual(
                ko: "다음 게이트웨이에 자리를 넘긴다 (ieum restart gateway 가 부른다)",
                en: "Hands over to the next gateway (ieum restart gateway makes it call this)"),
            role: .operator, idempotent: true
        ) { [self] (p: Parameters, _) throws -> Result in
            guard isMovable else {
                throw Fault(
                    .failedPrecondition,
                    Bilingual(
                        ko: "IEUM_TCP 가 있으면 연결을 넘길 수 없습니다. ieum down 뒤 ieum up 하세요",
                        en: "with IEUM_TCP connections cannot be handed over; use ieum down and ieum up"),
                    data: ["rule": "handOverOnUnixSockets"])
            }
            let broker = await router()?.snapshot()?.broker
            let services = (broker?.services ?? []).filter { $0.workers > 0 || $0.isAwaited }.map(\.name)
            if p.prepare != true {
                guard router()?.isSucceeded ?? false else { throw Self.noSuccessor }
                await perform()
            }
            return Result(services: services)
        }
    }

    /// A gateway that handed over to itself would pass requests on to itself for ever.
    private static let noSuccessor = Fault(
        .failedPrecondition,
        Bilingual(
            ko: "자리를 넘겨받을 게이트웨이가 없습니다. ieum restart gateway 를 쓰세요",
            en: "there is no gateway to hand over to; use ieum restart gateway"),
        data: ["rule": "handOverToSuccessor"])

    /// Whether a successor asks; returns when it does, or at the end. Called once.
    func asked() async -> Bool {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.isAsked == nil { state.asked = continuation }
                return state.isAsked
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// No successor will be heard any more.
    func close() { hear(false) }

    private func hear(_ isAsked: Bool) {
        let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.isAsked == nil { state.isAsked = isAsked }
            defer { state.asked = nil }
            return state.asked
        }
        waiting?.resume(returning: isAsked)
    }

    /// Everything that the successor needs is let go of.
    func done() {
        let waiting = state.withLock { state in
            state.isDone = true
            defer { state.successors = [] }
            return state.successors
        }
        for successor in waiting { successor.resume() }
    }

    private func perform() async {
        hear(true)
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if !state.isDone { state.successors.append(continuation) }
                return state.isDone
            }
            if isDone { continuation.resume() }
        }
    }
}

/// The gateway that is to be succeeded, over a connection that it keeps.
struct Predecessor: Sendable {
    private static let patience = Duration.seconds(2)
    private static let limit = Duration.seconds(15)
    /// Milliseconds for which requests wait for workers to move.
    static let returnLimit: Int64 = 30_000

    private let client: Client
    let services: [String]

    /// Nil when nobody answers: then there is nothing to take over.
    init?(_ configuration: Configuration) async throws {
        client = try Client(endpoint: configuration.gatewayEndpoint)
        guard
            let answer = try? await client.call(
                "gateway.handOver", ["prepare": true], deadline: Self.patience)
        else {
            client.close()
            return nil
        }
        services = answer["services"]?.array?.compactMap(\.string) ?? []
    }

    /// Returns when the database is free. If it dies meanwhile, it is free as well.
    func handOver() async {
        _ = try? await client.call("gateway.handOver", deadline: Self.limit)
        client.close()
    }
}
