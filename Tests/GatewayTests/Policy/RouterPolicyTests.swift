import Foundation
import JSON
import Logging
import Majordomo
import Permissions
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// The policy over real sockets. The tests' own user is not the owner here, but somebody in the policy.
@Suite(.timeLimit(.minutes(5)), .serialized) struct RouterPolicyTests {
    private static let own = geteuid()
    private static let server = Result { try CurvePair.new() }
    private static let client = Result { try CurvePair.new() }

    private static func policy(_ grants: String) throws -> Policy {
        try PolicyFile(path: "", owner: own + 1).policy(
            of: "roles:\n  r: {\(grants)}\nprincipals:\n  - {uid: \(own), roles: [r]}\n")
    }

    private static func call(_ method: String) -> [[UInt8]] {
        [Array(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#.utf8)]
    }

    @Test func anotherPolicyHoldsAtOnceForConnectionsThatAreOpen() async throws {
        let house = try House(policy: Self.policy("as: member, serve: [echo], call: [echo.*]"))
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let peer = try RawPeer(house)
        #expect(try peer.ask(Self.call("echo.x"))?.count == 1)
        #expect(try peer.fault(Self.call("fund.x"), "fund") == "forbidden")

        await house.router.adopt(try Self.policy("serve: [echo], call: [echo.y]"))
        #expect(try peer.fault(Self.call("echo.x")) == "forbidden")
        #expect(try peer.fault(Self.call("echo.y")) == nil)

        // Nobody knows who that is any more; its worker goes, and a newcomer is not let in.
        await house.router.adopt(Policy(owner: Self.own + 1))
        #expect(try peer.fault(Self.call("echo.y")) == "unauthenticated")
        let snapshot = try #require(await house.router.snapshot())
        #expect(snapshot.broker.workers.allSatisfy { $0.service != "echo" })
        let newcomer = try RawPeer(house)
        #expect(try newcomer.fault(Self.call("echo.y")) == nil)

        await house.router.adopt(try Self.policy("serve: [echo], call: [echo.*]"))
        #expect(try peer.fault(Self.call("fund.x"), "fund") == "forbidden")
    }

    @Test func topicsArePermittedByTheirBeginning() async throws {
        let house = try House(policy: Self.policy("subscribe: [ieum.matching.*]"))
        defer { house.end() }
        let subscriber = try Subscriber(house, ["ieum.matching.deal.", "ieum.fund."])
        try await Self.until { await house.router.snapshot()?.subscriptions == 1 }
        house.router.publish(topic: "ieum.fund.fund.created", event: [1])
        house.router.publish(topic: "ieum.matching.deal.agreed", event: [2])
        #expect(try subscriber.receive() == "ieum.matching.deal.agreed")
        let refused = await house.router.snapshot()?.subscriptionsRefused
        #expect(refused == ["forbidden": 1])

        // What was granted before ends: libzmq's subscriber connects again and asks again.
        await house.router.adopt(try Self.policy("subscribe: [ieum.fund.*]"))
        let heard = try await Self.first(of: subscriber) {
            house.router.publish(topic: "ieum.matching.deal.agreed", event: [2])
            house.router.publish(topic: "ieum.fund.fund.created", event: [1])
        }
        #expect(heard == "ieum.fund.fund.created")
    }

    @Test func onTcpAKeyIsNeeded() async throws {
        let (server, client) = (try Self.server.get(), try Self.client.get())
        let text = """
            roles: {r: {as: member, call: [echo.*], subscribe: [ieum.*]}}
            principals: [{key: "\(client.publicKey)", name: lab, roles: [r]}]
            """
        // The owner is this user: the worker is its own.
        let policy = try PolicyFile(path: "").policy(of: text)
        let door = try Self.freeDoor(server)
        let house = try House(policy: policy, tcp: door)
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let endpoint = "tcp://127.0.0.1:\(door.port)"

        let peer = try RawPeer(endpoint, CurveClient(keys: client, server: server.publicKey))
        #expect(try peer.ask(Self.call("echo.x"))?.count == 1)
        let headers = try JSON(parsing: try #require(await worker.requests.wait().first?.frames[1]))
        #expect(headers["principal"] == "key:lab")
        #expect(headers["roles"] == ["viewer", "member"])
        #expect(try peer.fault(Self.call("gateway.stats"), "gateway") == "forbidden")
        // Connections on tcp are counted at the same door.
        #expect(await house.router.snapshot()?.door.open ?? 0 >= 3)

        for stranger in [nil, CurveClient(keys: try .new(), server: server.publicKey)] {
            let other = try RawPeer(endpoint, stranger)
            try other.send(.request(.v02, service: "echo", body: Self.call("echo.x")))
            #expect(try other.receive(milliseconds: 400) == nil)
        }
        let subscriber = try Subscriber(
            "tcp://127.0.0.1:\(door.port + 1)", ["ieum."], CurveClient(keys: client, server: server.publicKey))
        let heard = try await Self.first(of: subscriber) {
            house.router.publish(topic: "ieum.fund.fund.created", event: [1])
        }
        #expect(heard == "ieum.fund.fund.created")
    }

    @Test func theModesLetThroughWhomThePolicyReaches() async throws {
        func modes(_ house: House) throws -> [Int] {
            try [house.directory, house.directory + "/gateway.sock", house.directory + "/events.sock"].map {
                (try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? NSNumber)?.intValue ?? 0
            }
        }
        let house = try House()
        defer { house.end() }
        #expect(try modes(house) == [0o750, 0o660, 0o660])
        await house.router.adopt(Policy(owner: Self.own, reach: .everyone))
        #expect(try modes(house) == [0o711, 0o666, 0o666])
        await house.router.adopt(Policy(owner: Self.own, reach: .group(getegid())))
        #expect(try modes(house) == [0o750, 0o660, 0o660])
    }

    /// What was asked twice or in vain ends with its connection as what was granted.
    @Test func subscriptionsAreCountedAsTheyAre() async throws {
        let house = try House(policy: Self.policy("subscribe: [ieum.matching.*]"))
        defer { house.end() }
        let staying = try Subscriber(house, ["ieum.matching.a"])
        try await Self.until { await house.router.snapshot()?.subscriptions == 1 }
        do {
            let leaving = try Subscriber(
                house, ["ieum.matching.b", "ieum.matching.b", "ieum.matching.c", "ieum.fund.", "ieum.talent."])
            try await Self.until { await house.router.snapshot()?.subscriptionsRefused["forbidden"] == 2 }
            #expect(await house.router.snapshot()?.subscriptions == 3)
            _ = leaving
        }
        try await Self.until { await house.router.snapshot()?.door.open == 1 }
        #expect(await house.router.snapshot()?.subscriptions == 1)
        _ = staying
    }

    /// libzmq remembers what a connection asked for in vain, until its end.
    @Test func whoAsksInVainForeverIsDisconnected() async throws {
        let house = try House(policy: Self.policy("subscribe: [ieum.matching.*]"))
        defer { house.end() }
        let socket = try Socket(.xsubscribe, in: Context())
        try socket.connect("ipc://\(house.directory)/events.sock")
        try await Self.until { await house.router.snapshot()?.door.open == 1 }
        for number in 0..<EventsSocket.refusalsMaximum {
            while try socket.send(Multipart([[1] + Array("ieum.fund.\(number)".utf8)])) != .sent {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        try await Self.until { await house.router.snapshot()?.door.taken ?? 0 > 1 }
    }

    // MARK: The file while the gateway runs

    @Test func aFileWithAMistakeChangesNothing() async throws {
        let path = "/tmp/ieum-live-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        try write("roles: {r: {call: [fund.*]}}\nprincipals: [{uid: 77777, roles: [r]}]\n")
        var log = Logger(label: "test")
        log.logLevel = .critical
        let adopted = Recorder<Int>()
        let live = LivePolicy(PolicyFile(path: path), log: log) { adopted.add($0.holders.count) }
        #expect(live.current.holders.count == 1)
        try write("roles: {r: {call: [fund]}}\n")
        await #expect(throws: PolicyMistakes.self) { try await live.reload() }
        #expect(live.current.holders.count == 1)
        #expect(live.json.at("/mistakes/0/line") == 1)
        #expect(adopted.all == [])
        try write("roles: {r: {call: [fund.*]}}\nprincipals: [{uid: 7, roles: [r]}, {uid: 8, roles: [r]}]\n")
        try await live.reload()
        #expect(adopted.all == [2])
        #expect(live.json["mistakes"] == nil)
        // Whoever edits the file needs to tell nobody.
        let watch = Task { await live.watch() }
        defer { watch.cancel() }
        try FileManager.default.removeItem(atPath: path)
        #expect(await adopted.wait(count: 2) == [2, 0])
    }

    // MARK: -

    private static func until(_ holds: () async -> Bool) async throws {
        for _ in 0..<1000 {
            if await holds() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("waited in vain")
    }

    /// Publishes again and again until the subscriber hears something.
    private static func first(of subscriber: borrowing Subscriber, _ publish: () -> Void) async throws -> String? {
        for _ in 0..<200 {
            publish()
            if let topic = try subscriber.receive(milliseconds: 25) { return topic }
        }
        return nil
    }

    /// Two ports that were free a moment ago.
    private static func freeDoor(_ keys: CurvePair) throws -> TCPDoor {
        for _ in 0..<50 {
            let port = UInt16.random(in: 20_000..<60_000)
            guard let first = try? TCPListener(host: "127.0.0.1", port: port),
                let second = try? TCPListener(host: "127.0.0.1", port: port + 1)
            else { continue }
            _ = (first.port, second.port)
            return TCPDoor(host: "127.0.0.1", port: port, keys: keys)
        }
        throw ZeroMQError("free port", code: EADDRINUSE)
    }
}

private struct Subscriber: ~Copyable {
    let socket: Socket

    init(_ house: House, _ topics: [String]) throws { try self.init("ipc://\(house.directory)/events.sock", topics) }

    init(_ endpoint: String, _ topics: [String], _ curve: CurveClient? = nil) throws {
        let socket = try Socket(.subscribe, in: Context())
        if let curve { try socket.secure(curve) }
        for topic in topics { try socket.subscribe(Array(topic.utf8)) }
        try socket.connect(endpoint)
        self.socket = socket
    }

    /// The topic of the next event.
    func receive(milliseconds: Int = 3000) throws -> String? {
        var poll = Poll()
        _ = poll.watch(socket)
        guard try poll.wait(milliseconds: milliseconds) > 0 else { return nil }
        var message = Multipart()
        return try socket.receive(into: &message) == .message ? message.text(0) : nil
    }
}

extension RawPeer {
    fileprivate init(_ endpoint: String, _ curve: CurveClient?) throws {
        let socket = try Socket(.dealer, in: Context())
        if let curve { try socket.secure(curve) }
        try socket.connect(endpoint)
        self.init(socket)
    }
}
