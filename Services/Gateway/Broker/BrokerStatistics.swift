import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// Why a message, or one of its answers, went nowhere. Every one is counted.
enum DropReason: Hashable, Sendable {
    case malformed(String)
    case tooManyFrames, tooLarge
    /// A worker answered what is not waiting for it: late, twice, or another's.
    case unknownAddress
    case foreignAddress
    case lateReply
    /// A PARTIAL for a 0.1 client, which can take one reply.
    case partialToStockClient
    case notRegistered, readyTwice, reservedName, forbiddenName, invalidName, invalidAnnouncement, versionChanged,
        tooManyWorkers
    case clientGone, clientTooSlow, workerTooSlow

    var name: String {
        if case .malformed(let reason) = self { return "malformed.\(reason)" }
        return "\(self)"
    }
}

/// What the broker has done, for `gateway.stats` and for tests. Counts only grow.
struct BrokerStatistics: Sendable {
    struct Service: Sendable, Hashable {
        /// Requests that were accepted: each ends as a reply, a fault or with its client gone.
        var requests = 0
        var replies = 0
        var partials = 0
        var faults = 0
        var clientsGone = 0
        /// Cancellations that found their request.
        var cancels = 0
    }

    struct Drop: Sendable, Hashable {
        let peer: String
        let service: String
        let reason: DropReason
    }

    /// A drop by a peer beyond this number of different ones is counted under "others".
    private static let differentDropsMaximum = 1024

    /// Services whose line has passed 80 % of a limit since the log was written last.
    var crowded: Set<String> = []
    var refused: [String: Int] = [:]
    /// Requests that the policy refused, and the last of them.
    var forbidden = 0
    var lastForbidden: (principal: String, permission: String)?
    private(set) var drops: [Drop: Int] = [:]
    private(set) var dropped = 0
    /// The drop that was counted last, for the log.
    private(set) var lastDrop: Drop?

    mutating func drop(peer: String, service: String, _ reason: DropReason) {
        let drop = Drop(peer: peer, service: service, reason: reason)
        dropped += 1
        lastDrop = drop
        if drops[drop] == nil, drops.count >= Self.differentDropsMaximum {
            drops[Drop(peer: "others", service: "", reason: reason), default: 0] += 1
        } else {
            drops[drop, default: 0] += 1
        }
    }

    mutating func refuse(_ code: Fault.Code) { refused[code.name, default: 0] += 1 }
}

extension Broker {
    /// What `gateway.services` and `gateway.stats` show.
    struct Snapshot: Sendable {
        struct Service: Sendable {
            let name: String
            let workers: Int
            let waiting: Int
            let waitingBytes: Int
            let inFlight: Int
            let credit: Int
            let isAwaited: Bool
            let counts: BrokerStatistics.Service
        }
        struct Worker: Sendable {
            let service: String
            let instance: String
            let version: String
            let protocolVersion: String
            let principal: String
            let credit: Int
            let inFlight: Int
            let isLeaving: Bool
            let isDrained: Bool
        }
        let services: [Service]
        let workers: [Worker]
        let clients: Int
        let requests: Int
        let refused: [String: Int]
        let drops: [(peer: String, service: String, reason: String, count: Int)]
    }

    var snapshot: Snapshot {
        let workers = workers.indices.compactMap { self.workers[$0] }
        return Snapshot(
            services: services.enumerated().compactMap { index, entry in
                let own = workers.filter { $0.service == index && $0.isServing }
                return Snapshot.Service(
                    name: entry.name.description, workers: own.count, waiting: entry.waiting,
                    waitingBytes: entry.waitingBytes, inFlight: own.reduce(0) { $0 + $1.inFlight },
                    credit: own.reduce(0) { $0 + $1.credit }, isAwaited: entry.awaited != nil, counts: entry.counts)
            }.sorted { $0.name < $1.name },
            workers: workers.map { worker in
                Snapshot.Worker(
                    service: services[worker.service].name.description, instance: worker.identity.instance,
                    version: worker.identity.release, protocolVersion: worker.version == .v01 ? "MDP 0.1" : "MDP 0.2",
                    principal: worker.principal.name, credit: worker.credit, inFlight: worker.inFlight,
                    isLeaving: worker.isLeaving, isDrained: worker.isDrained)
            },
            clients: clients.count, requests: requests.count, refused: statistics.refused,
            drops: statistics.drops.map { ($0.key.peer, $0.key.service, $0.key.reason.name, $0.value) }
                .sorted { $0.count > $1.count })
    }
}

extension Broker.Snapshot {
    var json: JSON {
        [
            "services": .array(
                services.map { service in
                    [
                        "name": .string(service.name), "workers": .integer(Int64(service.workers)),
                        "waiting": .integer(Int64(service.waiting)),
                        "waitingBytes": .integer(Int64(service.waitingBytes)),
                        "inFlight": .integer(Int64(service.inFlight)), "credit": .integer(Int64(service.credit)),
                        "awaited": .bool(service.isAwaited),
                        "requests": .integer(Int64(service.counts.requests)),
                        "replies": .integer(Int64(service.counts.replies)),
                        "partials": .integer(Int64(service.counts.partials)),
                        "faults": .integer(Int64(service.counts.faults)),
                        "clientsGone": .integer(Int64(service.counts.clientsGone)),
                        "cancels": .integer(Int64(service.counts.cancels)),
                    ]
                }),
            "workers": .array(
                workers.map { worker in
                    [
                        "service": .string(worker.service), "instance": .string(worker.instance),
                        "version": .string(worker.version), "protocol": .string(worker.protocolVersion),
                        "principal": .string(worker.principal), "credit": .integer(Int64(worker.credit)),
                        "inFlight": .integer(Int64(worker.inFlight)), "leaving": .bool(worker.isLeaving),
                        "drained": .bool(worker.isDrained),
                    ]
                }),
            "clients": .integer(Int64(clients)), "requests": .integer(Int64(requests)),
            "refused": .object(
                JSON.Members(
                    uniqueKeysWithValues: refused.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }
                )),
            "drops": .array(
                drops.map { drop in
                    [
                        "peer": .string(drop.peer), "service": .string(drop.service), "reason": .string(drop.reason),
                        "count": .integer(Int64(drop.count)),
                    ]
                }),
        ]
    }
}
