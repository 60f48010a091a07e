import JSON
import Majordomo
import ServiceKit
import ZeroMQ

@testable import Gateway

/// A broker with named peers and a clock that the test moves.
struct Stage {
    static let start = Moment(monotonic: 1_000_000, unix: 1_795_000_000_000)
    static let person = Principal(name: "uid:1000", roles: [.viewer, .member])

    var broker: Broker
    var now = start

    init(_ limits: Limits = Limits()) { broker = Broker(limits: limits, seed: 7) }

    static func peer(_ name: String) -> PeerID { .remote(ByteKey(name)) }

    /// One message in; what goes out, with the peers' names.
    @discardableResult
    mutating func send(_ message: Multipart, from name: String) -> [Sent] {
        var out: [Outgoing] = []
        broker.handle(message, from: Self.peer(name), principal: Self.person, now: now, &out)
        return out.map(Sent.init)
    }

    mutating func pass(_ milliseconds: Int64) -> [Sent] {
        var out: [Outgoing] = []
        now.monotonic += milliseconds
        now.unix += milliseconds
        broker.tick(now: now, &out)
        return out.map(Sent.init)
    }

    mutating func undelivered(_ sent: Sent, isGone: Bool = true) -> [Sent] {
        var out: [Outgoing] = []
        broker.undelivered(
            Outgoing(peer: Self.peer(sent.to), message: sent.message), isGone: isGone, now: now, &out)
        return out.map(Sent.init)
    }

    @discardableResult
    mutating func register(
        _ worker: String, _ service: String = "echo", _ version: Version = .v02, announcing: String? = nil
    ) -> [Sent] {
        send(.ready(version, service: service, announcement: announcing.map { Array($0.utf8) }), from: worker)
    }

    @discardableResult
    mutating func ask(
        _ body: String, from client: String = "client", _ service: String = "echo", _ version: Version = .v02,
        headers: String? = nil
    ) -> [Sent] {
        let frames = [Array(body.utf8)] + (headers.map { [Array($0.utf8)] } ?? [])
        return send(.request(version, service: service, body: frames), from: client)
    }

    /// A worker's answer to a request that was sent to it.
    @discardableResult
    mutating func answer(
        _ request: Sent, _ body: String, _ version: Version = .v02, isFinal: Bool = true
    ) -> [Sent] {
        send(
            .reply(version, address: request.token(version), body: [Array(body.utf8)], isFinal: isFinal),
            from: request.to)
    }

    func drops(_ reason: DropReason) -> Int {
        broker.statistics.drops.filter { $0.key.reason == reason }.reduce(0) { $0 + $1.value }
    }
}

struct Sent: Hashable, CustomStringConvertible {
    let to: String
    let message: Multipart

    init(_ outgoing: Outgoing) {
        message = outgoing.message
        to =
            switch outgoing.peer {
            case .remote(let key): key.description
            case .relayed(_, let client): "relayed \(client)"
            case .internal(let number): "internal \(number)"
            }
    }

    init(_ to: String, _ message: Multipart) {
        self.to = to
        self.message = message
    }

    var description: String { "\(to) ← \(message)" }

    func token(_ version: Version = .v02) -> ByteKey { message.key(version == .v01 ? 3 : 2) }

    /// The body frames of a request for a worker, or of a reply for a client.
    var body: [String] {
        for version in Version.allCases {
            if case .request(_, let body) = try? ToWorker(message, version) { return body.map { message.text($0) } }
            if let reply = try? ToClient(message, version) { return reply.body.map { message.text($0) } }
        }
        return []
    }

    var json: JSON { body.first.flatMap { try? JSON(parsing: $0) } ?? .null }

    /// Whether it is a request for a worker.
    var isRequest: Bool {
        Version.allCases.contains { version in
            if case .request = try? ToWorker(message, version) { true } else { false }
        }
    }

    var isFinalReply: Bool { Version.allCases.contains { (try? ToClient(message, $0))?.isFinal ?? false } }
}
