import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// Taking a service's workers out of use without failing a request. A drained worker keeps its registration, finishes
/// what it holds and gets nothing more. A service that was announced to be back keeps its requests in line, although
/// nobody serves it, until a worker registers or the time is over.
extension Broker {
    /// The promise that a service without workers has one again soon.
    struct Awaited: Sendable, Hashable {
        /// Monotonic milliseconds.
        let until: Int64
        /// Whether its requests have a headers frame to be read, as those for announced workers have.
        let isAnnounced: Bool
    }

    /// What a drained worker still holds.
    struct Drained: Sendable, Hashable {
        let instance: String
        let inFlight: Int
    }

    /// A request for this service has somebody to wait for.
    func takesRequests(_ service: Int) -> Bool { services[service].workers > 0 || services[service].awaited != nil }

    /// Drains the workers of a service, or one instance; safe to repeat.
    /// - Parameter wait: milliseconds for which requests wait for a successor when nobody else serves the name.
    /// - Returns: nil when nobody serves or is awaited under that name.
    mutating func drain(
        _ name: ByteKey, instance: String?, wait: Int64?, _ now: Moment, _ out: inout [Outgoing]
    ) -> [Drained]? {
        guard let service = serviceNamed[name] else { return nil }
        let found = workers(of: service, instance)
        guard !found.isEmpty || services[service].awaited != nil else { return nil }
        if let wait {
            expect(service, for: wait, isAnnounced: found.contains { workers[$0]?.isAnnounced ?? false }, now)
        }
        for index in found where workers[index]?.isServing ?? false {
            retire(index)
            workers[index]?.isDrained = true
        }
        failWaitingIfUnserved(service, &out)
        return found.compactMap { workers[$0].map { Drained(instance: $0.identity.instance, inFlight: $0.inFlight) } }
    }

    /// Takes drained workers into use again; false when there are none.
    mutating func resume(_ name: ByteKey, instance: String?, _ now: Moment, _ out: inout [Outgoing]) -> Bool {
        guard let service = serviceNamed[name] else { return false }
        let found = workers(of: service, instance).filter { workers[$0]?.isDrained ?? false }
        for index in found {
            workers[index]?.isDrained = false
            enlist(index)
            released(index, now, &out)
        }
        return !found.isEmpty
    }

    mutating func expect(_ service: Int, for wait: Int64, isAnnounced: Bool, _ now: Moment) {
        let until = now.monotonic + wait
        services[service].awaited = Awaited(
            until: until, isAnnounced: isAnnounced || services[service].awaited?.isAnnounced ?? false)
        wake(at: until)
    }

    /// Nobody came in time: what waited is answered.
    mutating func tickAwaited(_ now: Moment, _ out: inout [Outgoing]) {
        for service in services.indices {
            guard let awaited = services[service].awaited else { continue }
            guard now.monotonic >= awaited.until else {
                wake(at: awaited.until)
                continue
            }
            services[service].awaited = nil
            failWaitingIfUnserved(service, &out)
        }
    }

    private func workers(of service: Int, _ instance: String?) -> [Int] {
        workers.indices.filter { index in
            guard let worker = workers[index], worker.service == service, !worker.isLeaving else { return false }
            return instance == nil || worker.identity.instance == instance
        }
    }
}
