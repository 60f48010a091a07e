import Foundation
import JSON
import Logging
import Majordomo
import Permissions
import ServiceKit
import Synchronization
import ZeroMQ

@testable import Gateway

/// A gateway's reactor on real sockets in a directory of its own. Its service `gateway` echoes.
final class House: Sendable {
    let directory: String
    let router: GatewayRouter
    let ownReplies = Recorder<String>()

    var endpoint: String { "ipc://\(directory)/gateway.sock" }

    init(
        _ limits: Limits = Limits(), policy: Policy = Policy(owner: geteuid()), tcp: TCPDoor? = nil,
        directory: String? = nil, in context: Context? = nil,
        onFailure: @escaping @Sendable (ZeroMQError) -> Void = { _ in }
    ) throws {
        let directory = directory ?? "/tmp/ieum-\(UInt32.random(in: 0 ... .max))"
        self.directory = directory
        let place = Place()
        let replies = ownReplies
        var log = Logger(label: "test")
        log.logLevel = .critical
        router = try GatewayRouter(
            runDirectory: directory, limits: limits, policy: policy, tcp: tcp, log: log, in: context,
            onRequest: { request in place.router.withLock { $0 }?.reply(request.address, body: request.body.frames) },
            onReply: { service, body, isFinal in replies.add("\(service) \(body.text(0)) \(isFinal)") },
            onFailure: onFailure)
        place.router.withLock { [router] in $0 = router }
        self.place = place
    }

    /// Around a router that somebody else made and ends.
    init(_ router: GatewayRouter, directory: String) {
        self.router = router
        self.directory = directory
        place = Place()
    }

    func end() {
        router.stop()
        place.router.withLock { $0 = nil }
        try? FileManager.default.removeItem(atPath: directory)
    }

    private let place: Place
    private final class Place: Sendable { let router = Mutex<GatewayRouter?>(nil) }
}

/// What callbacks brought, to be waited for.
final class Recorder<Element: Sendable & Equatable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
    var all: [Element] { elements.withLock { $0 } }

    func wait(count: Int = 1) async -> [Element] {
        for _ in 0..<1000 where all.count < count { try? await Task.sleep(for: .milliseconds(5)) }
        return all
    }

    func wait(for element: Element, times: Int = 1) async -> Bool {
        for _ in 0..<1000 {
            if all.filter({ $0 == element }).count >= times { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// A worker of the house's own library that echoes.
final class EchoWorker: Sendable {
    let links = Recorder<LinkState>()
    let requests = Recorder<Multipart>()
    private let peer = Mutex<Peer?>(nil)

    init(_ house: House, service: String = "echo", announcement: String = #"{"credit":16}"#, answers: Bool = true)
        throws
    {
        let links = links
        let requests = requests
        try peer.withLock { place in
            place = try Peer(
                endpoint: house.endpoint, worker: (service, Array(announcement.utf8)),
                onRequest: { [weak self] request in
                    requests.add(request.body)
                    if answers { self?.answer(request) }
                },
                onReply: { _, _, _ in }, onLink: { links.add($0) })
        }
    }

    private func answer(_ request: WorkerRequest) {
        _ = peer.withLock { $0 }?.reply(request.address, body: [request.body.frames[0]])
    }

    func end() { peer.withLock { $0 }?.close() }
}

/// A bare socket, for what no library would send.
struct RawPeer: ~Copyable {
    let socket: Socket

    init(_ house: House, _ kind: Socket.Kind = .dealer) throws {
        let socket = try Socket(kind, in: Context(), linger: 1000)
        try socket.connect(house.endpoint)
        self.socket = socket
    }

    init(_ socket: consuming Socket) { self.socket = socket }

    func send(_ message: Multipart) throws {
        for _ in 0..<1000 {
            if try socket.send(message) == .sent { return }
            usleep(1000)
        }
        throw ZeroMQError("send", code: EAGAIN)
    }

    /// What arrives next, or nil after some time.
    func receive(milliseconds: Int = 3000) throws -> Multipart? {
        var poll = Poll()
        _ = poll.watch(socket)
        guard try poll.wait(milliseconds: milliseconds) > 0 else { return nil }
        var message = Multipart()
        return try socket.receive(into: &message) == .message ? message : nil
    }

    /// Asks as a 0.2 client and gives the answer's body.
    func ask(_ body: [[UInt8]], _ service: String = "echo", within milliseconds: Int = 3000) throws -> [String]? {
        try send(.request(.v02, service: service, body: body))
        while let answer = try receive(milliseconds: milliseconds) {
            guard let reply = try? ToClient(answer, .v02) else { continue }
            return reply.body.map { answer.text($0) }
        }
        return nil
    }

    /// The name of the error in an answer.
    func fault(_ body: [[UInt8]], _ service: String = "echo") throws -> String? {
        try ask(body, service)?.first.flatMap { try? JSON(parsing: $0).at("/error/data/name")?.string }
    }
}
