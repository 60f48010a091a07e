import Foundation
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(5))) struct SocketTests {
    private let directory = PrivateDirectory()

    /// Receives, waiting up to two seconds.
    private func receive(_ socket: borrowing Socket, _ bounds: Socket.Bounds = .unbounded) throws -> Multipart? {
        var poll = Poll()
        _ = poll.watch(socket)
        var message = Multipart()
        guard try poll.wait(milliseconds: 2000) > 0 else { return nil }
        return try socket.receive(into: &message, bounds: bounds) == .message ? message : nil
    }

    private func route(
        _ router: borrowing Socket, _ message: inout Multipart, _ peer: inout ByteKey, _ bounds: Socket.Bounds
    ) throws -> Socket.Received {
        var poll = Poll()
        _ = poll.watch(router)
        try poll.wait(milliseconds: 2000)
        return try router.receive(into: &message, from: &peer, bounds: bounds)
    }

    /// The descriptor tells of news once, and any use of the socket may take it: the poll asks what has been used.
    @Test func whatASendOrAReceiveHidIsStillFound() throws {
        let context = try Context()
        let near = try Socket(.pair, in: context)
        let far = try Socket(.pair, in: context)
        try near.bind("inproc://hidden")
        try far.connect("inproc://hidden")
        var poll = Poll()
        _ = poll.watch(near)
        var message = Multipart()
        for _ in 0..<3 { _ = try far.send(Multipart("x")) }
        #expect(try poll.wait(milliseconds: 1000) == 1)
        for left in [1, 1, 0] {
            #expect(try near.receive(into: &message) == .message)
            _ = try near.send(Multipart("y"))
            #expect(try poll.wait(milliseconds: 0) == left)
        }
        _ = try near.send(Multipart("y"))
        _ = try far.send(Multipart("x"))
        _ = try near.send(Multipart("y"))
        #expect(try poll.wait(milliseconds: 1000) == 1)
    }

    @Test func routerAndDealerOverOurOwnListener() throws {
        let path = directory.path("a.sock")
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.bind(try Listener(path: path, mode: 0o660))
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)

        let dealer = try Socket(.dealer, in: context)
        try dealer.connect("ipc://\(path)")
        #expect(try dealer.send(Multipart("one", "", "three")) == .sent)
        var message = Multipart()
        var peer = ByteKey("")
        #expect(try route(router, &message, &peer, .unbounded) == .message)
        #expect(message == Multipart("one", "", "three"))
        #expect(peer.count == 5)
        #expect(router.property("Peer-Address") == "localhost:\(getuid()):\(getgid()):\(getpid())")
        #expect(try router.send(Multipart("back"), to: peer) == .sent)
        #expect(try receive(dealer) == Multipart("back"))
        #expect(try router.receive(into: &message, from: &peer) == .nothing)
    }

    /// ZMQ_ROUTER_MANDATORY: a peer that is gone is an error, not silence.
    @Test func unknownPeerIsUnreachable() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.set(.routerMandatory, 1)
        #expect(try router.send(Multipart("x"), to: ByteKey("nobody")) == .unreachable)
    }

    @Test func drainsWhatGoesBeyondTheBounds() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.bind("inproc://bounds")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect("inproc://bounds")
        _ = try dealer.send(Multipart((0..<1000).map { _ in [1] }))
        _ = try dealer.send(Multipart([[1], [UInt8](repeating: 0, count: 5000), [2]]))
        _ = try dealer.send(Multipart("fits"))
        let bounds = Socket.Bounds(frames: 16, bytes: 4000)
        var message = Multipart()
        var peer = ByteKey("")
        #expect(try route(router, &message, &peer, bounds) == .tooManyFrames)
        #expect(message.count == 16)
        #expect(try route(router, &message, &peer, bounds) == .tooLarge)
        #expect(message.frames == [[1], [UInt8](repeating: 0, count: 3999)])
        #expect(try route(router, &message, &peer, bounds) == .message)
        #expect(message == Multipart("fits"))
    }

    /// Ids must not be predictable: without a seed the first one is always 00 6b8b4567.
    @Test func generatedRoutingIDsAreSeeded() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.bind("inproc://seed")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect("inproc://seed")
        _ = try dealer.send(Multipart("x"))
        var message = Multipart()
        var peer = ByteKey("")
        _ = try route(router, &message, &peer, .unbounded)
        #expect(peer.bytes != [0, 0x6b, 0x8b, 0x45, 0x67])
    }

    @Test func monitorTellsOfTheConnection() throws {
        let path = directory.path("m.sock")
        let context = try Context()
        let dealer = try Socket(.dealer, in: context, monitoredAs: "test")
        try dealer.connect("ipc://\(path)")
        var events: [Socket.Event] = []
        func wait() throws {
            var poll = Poll()
            _ = poll.watch(eventsOf: dealer)
            try poll.wait(milliseconds: 2000)
            while let event = dealer.nextEvent() { events.append(event) }
        }
        do {
            let router = try Socket(.router, in: context)
            try router.bind(try Listener(path: path))
            try wait()
        }
        try wait()
        #expect(events.count == 2 && events.first == .handshakeSucceeded)
        guard case .disconnected(let descriptor) = try #require(events.last) else {
            throw ZeroMQError("monitor", code: 0)
        }
        #expect(descriptor > 2)
    }

    /// An event after the end of the monitor's reader would block libzmq's I/O thread, and all sockets with it.
    @Test func endingAMonitoredSocketBlocksNobody() throws {
        let path = directory.path("e.sock")
        let context = try Context()
        for round in 0..<200 {
            let router = try Socket(.router, in: context, monitoredAs: "router\(round)")
            try router.bind(try Listener(path: path))
            let dealer = try Socket(.dealer, in: context, monitoredAs: "dealer\(round)")
            try dealer.connect("ipc://\(path)")
            _ = try dealer.send(Multipart("x"))
            var message = Multipart()
            var peer = ByteKey("")
            #expect(try route(router, &message, &peer, .unbounded) == .message)
            try FileManager.default.removeItem(atPath: path)
        }
    }
}

@Suite struct ListenerTests {
    private let directory = PrivateDirectory()

    @Test func doesNotStealALivePath() throws {
        let path = directory.path("live.sock")
        let first = try Listener(path: path)
        #expect(throws: ZeroMQError("listen", code: EADDRINUSE, subject: path)) { _ = try Listener(path: path) }
        _ = consume first
    }

    @Test func replacesAPathLeftBehind() throws {
        let path = directory.path("stale.sock")
        do { _ = try Listener(path: path) }
        #expect(FileManager.default.fileExists(atPath: path))
        _ = try Listener(path: path)
    }

    @Test func tooLongPathIsRefusedWithItsLength() throws {
        let path = "/tmp/" + String(repeating: "a", count: 103)
        let error = #expect(throws: ZeroMQError.self) { _ = try Listener(path: path) }
        #expect(error?.code == ENAMETOOLONG)
        #expect(error?.description.contains("108 bytes, the system allows 107") ?? false)
    }

    @Test func aLockHasOneHolder() throws {
        let path = directory.path("lock")
        let first = try FileLock(path: path)
        let error = #expect(throws: ZeroMQError.self) { _ = try FileLock(path: path) }
        #expect(error?.code == EWOULDBLOCK)
        _ = consume first
        _ = try FileLock(path: path)
    }
}

/// A directory that ends with its owner.
final class PrivateDirectory: Sendable {
    let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appending(path: "ieum-\(UInt32.random(in: 0 ... .max))")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}
