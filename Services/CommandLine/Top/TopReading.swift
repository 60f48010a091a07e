import Foundation
import JSON
import ServiceKit

/// Everything that `ieum top` shows, read at one moment. Counts only; rates come from two readings.
struct TopReading: Sendable {
    struct Method: Sendable {
        let count: Int64
        let p50: Int64?
        let p99: Int64?
    }

    struct Service: Sendable {
        var workers: Int64 = 0
        var waiting: Int64 = 0
        var inFlight: Int64 = 0
        var awaited = false
        /// What the gateway accepted for it, and what of that ended with an error of the gateway.
        var requests: Int64 = 0
        var faults: Int64 = 0
        /// Of `service.stats`; nil when it did not answer.
        var instance: String?
        var errors: Int64 = 0
        var residentBytes: Int64?
        var cpuMs: Int64?
        var methods: [String: Method] = [:]
    }

    let at: ContinuousClock.Instant
    let connections: Int64
    let subscriptions: Int64
    let refused: Int64
    var services: [String: Service]

    static let patience = Duration.milliseconds(700)

    static func read(_ line: Line) async throws -> TopReading {
        let stats = try await line.call("gateway.stats", deadline: .seconds(2))
        var services: [String: Service] = [:]
        for entry in stats["services"]?.array ?? [] {
            guard let name = entry["name"]?.string else { continue }
            services[name] = Service(
                workers: entry["workers"]?.integer ?? 0, waiting: entry["waiting"]?.integer ?? 0,
                inFlight: entry["inFlight"]?.integer ?? 0, awaited: entry["awaited"] == true,
                requests: entry["requests"]?.integer ?? 0, faults: entry["faults"]?.integer ?? 0)
        }
        // Whoever announced an instance is one of ours and knows service.stats, but for the gateway's titanic.*.
        let own = Set(
            (stats["workers"]?.array ?? []).filter { $0["instance"] != "" }.compactMap { $0["service"]?.string }
                .filter { !$0.hasPrefix("titanic.") })
        let answers = await withTaskGroup(of: (String, JSON?).self) { group in
            for name in own {
                group.addTask { (name, try? await line.call("service.stats", service: name, deadline: patience)) }
            }
            return await group.reduce(into: [(String, JSON)]()) { list, answer in
                if let stats = answer.1 { list.append((answer.0, stats)) }
            }
        }
        for (name, stats) in answers where stats["methods"]?.array != nil { services[name]?.add(stats) }
        let refused = stats["refused"]?.object?.reduce(Int64(0)) { $0 + ($1.value.integer ?? 0) } ?? 0
        return TopReading(
            at: .now, connections: stats["connections"]?.integer ?? 0,
            subscriptions: stats["subscriptions"]?.integer ?? 0, refused: refused, services: services)
    }
}

extension TopReading.Service {
    fileprivate mutating func add(_ stats: JSON) {
        instance = stats["instance"]?.string
        errors = stats["errors"]?.integer ?? 0
        residentBytes = stats.at("/process/residentBytes")?.integer
        cpuMs = stats.at("/process/cpuMs")?.integer
        for entry in stats["methods"]?.array ?? [] {
            methods[entry["method"]?.string ?? ""] = TopReading.Method(
                count: entry["count"]?.integer ?? 0, p50: entry["p50Us"]?.integer, p99: entry["p99Us"]?.integer)
        }
    }
}
