import Foundation
import JSON
import Majordomo
import Synchronization
import Testing
import ZeroMQ

@testable import Gateway

/// RFC 7 and RFC 18: what they ask of clients and workers, told by ours on real sockets and by the session that decides
/// for our worker; and that the broker takes stock clients as the texts describe them.
@Suite(.timeLimit(.minutes(5)), .serialized) struct RFC7And18PeerTests {
    // MARK: Clients

    @Test(
        "RFC 7, 18: the broker MUST use a ROUTER socket to accept requests from clients, and connections from workers")
    func oneRouterTakesClientsAndWorkers() throws {
        let house = try House()
        defer { house.end() }
        // Anonymous peers of both kinds on one socket: only a ROUTER tells them apart and answers each its own.
        let red = try RawPeer(house)
        let blue = try RawPeer(house)
        try red.send(.ready(.v02, service: "red"))
        try blue.send(.ready(.v02, service: "blue"))
        #expect(try red.receive() == .heartbeat(.v02))
        #expect(try blue.receive() == .heartbeat(.v02))
        let one = try RawPeer(house)
        let other = try RawPeer(house)
        try one.send(.request(.v02, service: "red", body: [[1]]))
        try other.send(.request(.v02, service: "blue", body: [[2]]))
        try blue.answer([3])
        try red.answer([4])
        #expect(try other.receive() == Multipart([Array("MDPC02".utf8), [3], Array("blue".utf8), [2, 3]]))
        #expect(try one.receive() == Multipart([Array("MDPC02".utf8), [3], Array("red".utf8), [1, 4]]))
    }

    @Test("RFC 7: clients SHOULD use a REQ socket when implementing a synchronous request-reply pattern")
    func aREQSocketIsAClient() async throws {
        let house = try House()
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let client = try RawPeer(house, .request)
        for text in ["one", "two"] {
            try client.send(Multipart("MDPC01", "echo", text))
            #expect(try client.receive() == Multipart("MDPC01", "echo", text))
        }
    }

    @Test("RFC 7: a client with a DEALER MUST create the empty frame 0 explicitly")
    func theEmptyFrameIsNeeded() async throws {
        let house = try House()
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let client = try RawPeer(house)
        try client.send(Multipart("MDPC01", "echo", "without"))
        try client.send(.request(.v01, service: "echo", body: [Array("with".utf8)]))
        #expect(try client.receive() == Multipart("", "MDPC01", "echo", "with"))
    }

    @Test("RFC 18: clients MUST use a DEALER socket")
    func ourClientIsADealer() async throws {
        var broker = try StockBroker()
        defer { broker.end() }
        let replies = Recorder<String>()
        let peer = try Peer(
            endpoint: broker.endpoint, worker: nil,
            onReply: { _, body, isFinal in replies.add("\(body.text(0)) \(isFinal)") })
        defer { peer.close() }
        // Two at once, which a REQ could not send, and no empty frame in front, which a REQ would.
        for text in ["one", "two"] { #expect(peer.request(service: "echo", body: [Array(text.utf8)])) }
        let frames = [try broker.receive(), try broker.receive()]
        #expect(frames == ["one", "two"].map { Multipart(["MDPC02", "\u{1}", "echo", $0].map { Array($0.utf8) }) })
        try broker.send(Multipart(["MDPC02", "\u{3}", "echo", "x"].map { Array($0.utf8) }))
        #expect(await replies.wait(for: "x true"))
    }

    @Test("RFC 18: the client MUST be prepared to handle zero or more PARTIAL commands", arguments: [0, 1, 7])
    func ourClientTakesPartials(count: Int) async throws {
        var broker = try StockBroker()
        defer { broker.end() }
        let replies = Recorder<Bool>()
        let peer = try Peer(endpoint: broker.endpoint, worker: nil, onReply: { _, _, isFinal in replies.add(isFinal) })
        defer { peer.close() }
        #expect(peer.request(service: "echo", body: [[1]]))
        _ = try broker.receive()
        for kind in Array(repeating: "\u{2}", count: count) + ["\u{3}"] {
            try broker.send(Multipart(["MDPC02", kind, "echo", "x"].map { Array($0.utf8) }))
        }
        #expect(await replies.wait(count: count + 1) == Array(repeating: false, count: count) + [true])
    }

    // MARK: Our worker

    @Test("RFC 7, 18: one worker MUST connect to exactly one broker using a single DEALER socket")
    func ourWorkerHasOneDealer() async throws {
        var broker = try StockBroker()
        defer { broker.end() }
        let peer = try worker(of: broker)
        defer { peer.close() }
        let first = try broker.receive()
        let id = broker.peer
        try broker.send(.heartbeat(.v02))
        #expect(first == .ready(.v02, service: "echo", announcement: [123, 125]))
        // Everything that follows comes over the same connection: one routing id, no frame that a REQ would add.
        for number in 0..<3 {
            var request = Multipart.workerRequest(.v02, address: ByteKey("t\(number)"), reservingBytes: 0)
            request.append("work")
            try broker.send(request)
            let reply = try broker.receive()
            #expect(reply == .reply(.v02, address: ByteKey("t\(number)"), body: [Array("work".utf8)]))
            #expect(broker.peer == id)
        }
    }

    @Test("RFC 7, 18: when the worker receives DISCONNECT it MUST close its socket, and reconnect on a new socket")
    func ourWorkerComesBackOnANewSocket() async throws {
        var broker = try StockBroker()
        defer { broker.end() }
        let peer = try worker(of: broker)
        defer { peer.close() }
        _ = try broker.receive()
        let first = broker.peer
        try broker.send(.disconnect(.v02))
        // The next that comes is READY, by another connection; the old one says nothing more.
        let next = try broker.receive()
        #expect(next == .ready(.v02, service: "echo", announcement: [123, 125]))
        #expect(broker.peer != first)
    }

    @Test("RFC 7, 18: the worker MUST NOT send a further READY", arguments: Version.allCases)
    func ourWorkerSaysReadyOnce(version: Version) {
        var session = WorkerSession(service: "echo", announcement: nil, version: version)
        var actions: [WorkerSession.Action] = []
        session.start(now: 0, &actions)
        for second in 1...3600 {
            session.receive(.heartbeat(version), now: Int64(second) * 1000, &actions)
            session.tick(now: Int64(second) * 1000, &actions)
        }
        #expect(actions.filter { $0 == .send(.ready(version, service: "echo")) }.count == 1)
        #expect(actions.filter { $0 == .open }.count == 1)
    }

    @Test(
        "RFC 7, 18: the worker SHOULD assume the registration succeeded until it hears otherwise",
        arguments: Version.allCases)
    func ourWorkerWorksBeforeItHearsAnything(version: Version) {
        var session = WorkerSession(service: "echo", announcement: nil, version: version)
        var actions: [WorkerSession.Action] = []
        session.start(now: 0, &actions)
        var request = Multipart.workerRequest(version, address: ByteKey("t"), reservingBytes: 0)
        request.append("work")
        session.receive(request, now: 1, &actions)
        guard case .deliver(let work) = actions.last else {
            Issue.record("not delivered")
            return
        }
        #expect(session.accepts(work.address))
        session.tick(now: 1000, &actions)
        #expect(actions.last == .send(.heartbeat(version)))
    }

    @Test(
        "RFC 7, 18: if the worker detects that the broker has disconnected, it SHOULD restart a new conversation",
        arguments: Version.allCases)
    func ourWorkerStartsANewConversation(version: Version) {
        var session = WorkerSession(service: "echo", announcement: nil, version: version)
        var actions: [WorkerSession.Action] = []
        session.start(now: 0, &actions)
        for now in stride(from: Int64(500), through: 10_000, by: 500) { session.tick(now: now, &actions) }
        let ready = WorkerSession.Action.send(.ready(version, service: "echo"))
        #expect(actions.filter { $0 == .open || $0 == ready || $0 == .close } == [.open, ready, .close, .open, ready])
    }

    private func worker(of broker: borrowing StockBroker) throws -> Peer {
        let place = Place()
        let peer = try Peer(
            endpoint: broker.endpoint, worker: ("echo", [123, 125]),
            onRequest: { request in
                _ = place.peer.withLock { $0 }?.reply(request.address, body: request.body.frames)
            },
            onReply: { _, _, _ in })
        place.peer.withLock { $0 = peer }
        return peer
    }

    private final class Place: Sendable { let peer = Mutex<Peer?>(nil) }
}

extension RawPeer {
    /// As a 0.2 worker: answers the next request with its body and these bytes.
    fileprivate borrowing func answer(_ more: [UInt8]) throws {
        while let message = try receive() {
            guard case .request(let address, let body) = try? ToWorker(message, .v02) else { continue }
            let text = Array(message[body.lowerBound]) + more
            return try send(.reply(.v02, address: message.key(address), body: [text]))
        }
        Issue.record("no request came")
    }
}

/// A ROUTER that the test plays broker on, frame by frame.
private struct StockBroker: ~Copyable {
    let endpoint: String
    private let path = "/tmp/ieum-\(UInt32.random(in: 0 ... .max)).sock"
    private let socket: Socket
    /// Who sent last, and gets what is sent.
    private(set) var peer = ByteKey("")

    init() throws {
        let socket = try Socket(.router, in: Context())
        try socket.bind(try Listener(path: path))
        self.socket = socket
        endpoint = "ipc://\(path)"
    }

    func end() { try? FileManager.default.removeItem(atPath: path) }

    func send(_ message: Multipart) throws {
        let sent = try socket.send(message, to: peer)
        #expect(sent == .sent)
    }

    /// The next message that is no heartbeat.
    mutating func receive() throws -> Multipart {
        var poll = Poll()
        _ = poll.watch(socket)
        var message = Multipart()
        for _ in 0..<100 {
            guard try poll.wait(milliseconds: 5000) > 0 else { break }
            while try socket.receive(into: &message, from: &peer) == .message {
                if message != .heartbeat(.v02) { return message }
            }
        }
        Issue.record("nothing came")
        return Multipart()
    }
}
