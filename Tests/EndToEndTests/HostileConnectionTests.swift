import Foundation
import Glibc
import JSON
import ServiceKit
import Testing

/// Connections that say nothing, nonsense, or too much, and vanish.
@Suite(.timeLimit(.minutes(5))) struct HostileConnectionTests {
    private static func connections(_ set: RunningSet) async throws -> Int64 {
        try await set.client.call("gateway.stats")["connections"]?.integer ?? -1
    }

    @Test func twoThousandConnectionsThatSayNothingDisturbNobody() async throws {
        try await HostileTests.unharmed { set in
            let usual = try await Self.connections(set)
            let crowd = try Crowding(set, count: 2_000, completely: false)
            defer { crowd.end() }
            try await until("they are here") { crowd.isHere }
            // Two in five complete the handshake and stay, if the machine gets to it within the time for it; the others
            // are let go.
            try await until("some are counted") { try await Self.connections(set) >= usual + 50 }
            for service in RunningSet.services {
                #expect(try await set.client.call("service.ping", service: service)["status"] == "ok")
            }
            let newcomer = try Client(endpoint: "ipc://\(set.run)/gateway.sock")
            defer { newcomer.close() }
            #expect(try await newcomer.call("service.ping", service: "fund")["status"] == "ok")
            crowd.end()
            try await until("they are gone") { try await Self.connections(set) <= usual + 5 }
        }
    }

    @Test func aFullHouseServesThoseInsideAndLaterTheOthers() async throws {
        try await HostileTests.unharmed(["IEUM_LIMIT_CONNECTIONS": "60", "IEUM_LIMIT_PROCESS_CONNECTIONS": "60"]) {
            set in
            let crowd = try Crowding(set, count: 100, completely: true)
            defer { crowd.end() }
            try await until("they are here") { crowd.isHere }
            try await until("it is full") {
                try await set.client.call("gateway.stats")["connectionsRefused"]?.integer ?? 0 > 0
            }
            for service in RunningSet.services {
                #expect(try await set.client.call("service.ping", service: service)["status"] == "ok")
            }
            // Some of the crowd may have been given up on a busy machine: newcomers take those places until one finds
            // none.
            var newcomers: [Client] = []
            defer { for newcomer in newcomers { newcomer.close() } }
            var isRefused = false
            while !isRefused, newcomers.count < 60 {
                newcomers.append(try Client(endpoint: "ipc://\(set.run)/gateway.sock"))
                let answer = try? await newcomers.last?.call(
                    "service.ping", service: "fund", deadline: .milliseconds(500))
                isRefused = answer == nil
            }
            #expect(isRefused)
            crowd.end()
            let last = try #require(newcomers.last)
            try await until("the next one comes in") {
                (try? await last.call("service.ping", service: "fund", deadline: .seconds(1))) != nil
            }
        }
    }

    @Test func whoFloodsAndVanishesDisturbsNobody() async throws {
        try await HostileTests.unharmed { set in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for flood in 0..<8 {
                    group.addTask {
                        try await Stranger.talk(to: set) { stranger in
                            let service = RunningSet.services[flood % RunningSet.services.count]
                            for number in 0..<4_000 {
                                if number % 4 == 3 {
                                    try stranger.send([Array("MDPC02".utf8), [1], [0xFF, UInt8(flood)], []])
                                } else {
                                    try stranger.request(service, [Array(Stranger.ping.utf8)])
                                }
                            }
                            // Gone, with thousands of answers on their way.
                        }
                    }
                }
                // Meanwhile the others are served.
                for service in RunningSet.services { try await set.untilAnswers(service) }
                try await group.waitForAll()
            }
            try await until("nothing is left of them") {
                let stats = try await set.client.call("gateway.stats")
                // Nothing is left of them: this very request is all there is.
                return stats["requests"] == 1
            }
        }
    }

    @Test func whoAsksTooMuchOfASleeperIsToldSo() async throws {
        try await HostileTests.unharmed(["IEUM_LIMIT_CLIENT_REQUESTS": "4096"]) { set in
            let outcomes = try await Stranger.talk(to: set) { sleeper in
                guard try sleeper.serve(Array("sleeper".utf8)) == 5 else { return [String: Int]() }
                var client = try sleeper.another()
                for _ in 0..<5_000 { try client.request("sleeper", [Array(Stranger.ping.utf8)]) }
                var outcomes: [String: Int] = [:]
                func count(_ frames: [[UInt8]]) throws {
                    let name = try JSON(parsing: frames.last ?? []).at("/error/data/name")?.string ?? "an answer"
                    outcomes[name, default: 0] += 1
                }
                for _ in 0..<904 {
                    guard let frames = try client.receive() else { return outcomes }
                    try count(frames)
                }
                // It leaves, and nobody waits for it any longer.
                try sleeper.send([Array("MDPW02".utf8), [6]])
                for _ in 0..<4_096 {
                    guard let frames = try client.receive() else { return outcomes }
                    try count(frames)
                }
                return outcomes
            }
            #expect(outcomes == ["overloaded": 904, "workerLost": 1, "noResponders": 4_095], "\(outcomes)")
        }
    }

    @Test func stockSocketsOfEveryKindAreHarmless() async throws {
        try await HostileTests.unharmed { set in
            let script = try set.write("stock.py", Self.stock)
            let outcome = try await set.execute(try RunningSet.python(), [script])
            #expect(outcome.status == 0 && outcome.output.contains("harmless"), "\(outcome.output)")
        }
    }

    @Test func aProcessThatIsKilledWhileItFloodsLeavesNothing() async throws {
        try await HostileTests.unharmed { set in
            let script = try set.write("flood.py", Self.flood)
            let output = set.folder + "/flood.out"
            for _ in 0..<3 {
                let flood = try RunningSet.spawn(try RunningSet.python(), [script], folder: set.folder, output: output)
                try await until("it floods") {
                    (try? String(contentsOfFile: output, encoding: .utf8))?.contains("10000") ?? false
                }
                Glibc.kill(flood.processIdentifier, SIGKILL)
                flood.waitUntilExit()
            }
            try await until("nothing is left of it") {
                let services = try await set.client.call("gateway.stats")["services"]?.array ?? []
                // The worker that the flood was has gone with it, and what it asked for is done.
                return services.allSatisfy { $0["name"] != "flood" || $0["workers"] == 0 }
                    && services.allSatisfy { $0["name"] == "gateway" || $0["inFlight"] == 0 && $0["waiting"] == 0 }
            }
        }
    }

    private func until(_ what: String, _ holds: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while try await !holds() {
            try #require(ContinuousClock.now < end, "waited 30 s until \(what)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let stock = """
        # Stock sockets that do not fit, ids that are claimed, and REQ clients that write nonsense.
        import json, os, zmq
        run = "ipc://" + os.environ["IEUM_RUN"]
        context = zmq.Context()
        context.linger = 0
        others = []
        for endpoint in ("/gateway.sock", "/events.sock"):
            for kind in (zmq.PAIR, zmq.PUB, zmq.SUB, zmq.XSUB, zmq.REP, zmq.PUSH, zmq.PULL, zmq.ROUTER, zmq.REQ):
                other = context.socket(kind)
                other.connect(run + endpoint)
                if kind == zmq.SUB:
                    other.subscribe(b"x" * 5000)
                if kind == zmq.PUB:
                    other.send_multipart([b"\\xff" * 1000] * 50)
                others.append(other)

        # Two peers that claim one id: the second is not heard, the first is not harmed.
        ping = [b"MDPC02", b"\\x01", b"fund", b'{"jsonrpc":"2.0","id":1,"method":"service.ping"}']
        twins = []
        for _ in range(2):
            twin = context.socket(zmq.DEALER)
            twin.setsockopt(zmq.IDENTITY, b"twin")
            twin.connect(run + "/gateway.sock")
            twin.send_multipart(ping)
            twins.append(twin)
            if len(twins) == 1:
                assert twin.poll(10000), "the first twin has no answer"
                assert json.loads(twin.recv_multipart()[3])["result"]["status"] == "ok"
        twins[0].send_multipart(ping)
        assert twins[0].poll(10000), "the second twin silenced the first"

        def ask(*frames):
            socket = context.socket(zmq.REQ)
            socket.connect(run + "/gateway.sock")
            socket.send_multipart(list(frames))
            assert socket.poll(10000), frames
            return socket.recv_multipart()

        assert json.loads(ask(b"MDPC01", b"fund", b"\\xc3\\x28")[2])["error"]["code"] == -32700
        assert json.loads(ask(b"MDPC01", b"nobody", b"{}")[2])["error"]["code"] == -32008
        assert json.loads(ask(b"MDPC01", b"fund", *[b"{}"] * 30)[2])["error"]["code"] == -32009
        assert ask(b"MDPC01", b"titanic.request", b"fund", b"{}")[2] == b"200"
        assert json.loads(ask(b"MDPC01", b"titanic.else", b"fund", b"{}")[2])["error"]["code"] == -32008
        assert ask(b"MDPC01", b"mmi.service", b"fund")[2] == b"200"
        assert ask(b"MDPC01", b"mmi.service", b"")[2] == b"404"
        assert ask(b"MDPC01", b"mmi.restart", b"fund")[2] == b"501"
        # A notification: MDP 0.1 waits for a reply all the same, and gets an empty one.
        assert ask(b"MDPC01", b"fund", b'{"jsonrpc":"2.0","method":"service.ping"}')[2] == b""
        print("harmless")
        """

    private static let flood = """
        # Requests of every kind, as fast as they go, and a worker that never answers.
        import os, zmq
        run = "ipc://" + os.environ["IEUM_RUN"]
        context = zmq.Context()
        worker = context.socket(zmq.DEALER)
        worker.connect(run + "/gateway.sock")
        worker.send_multipart([b"MDPW02", b"\\x01", b"flood"])
        client = context.socket(zmq.DEALER)
        client.connect(run + "/gateway.sock")
        body = b'{"jsonrpc":"2.0","id":1,"method":"service.ping"}'
        services = [b"fund", b"flood", b"matching", b"gateway", b"nobody"]
        sent = 0
        while True:
            client.send_multipart([b"MDPC02", b"\\x01", services[sent % 5], body])
            worker.send_multipart([b"MDPW02", b"\\x04", b"made up", b"", body])
            sent += 1
            if sent % 1000 == 0:
                print(sent, flush=True)
        """
}

/// A process with many connections that say nothing: without a handshake, with garbage or half a message, or with a
/// complete handshake only.
private struct Crowding {
    private let process: Process
    private let output: String

    init(_ set: RunningSet, count: Int, completely: Bool) throws {
        output = set.folder + "/crowding.out"
        process = try RunningSet.spawn(
            try RunningSet.python(),
            [try set.write("crowding.py", Self.program), "\(count)", completely ? "completely" : "anyhow"],
            folder: set.folder, output: output)
    }

    var isHere: Bool { (try? String(contentsOfFile: output, encoding: .utf8))?.contains("here") ?? false }

    func end() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static let program = """
        # Connections: silent, garbage, half a handshake, a whole one, half a message.
        import os, resource, socket, sys, time
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        path = os.environ["IEUM_RUN"] + "/gateway.sock"
        greeting = b"\\xff" + bytes(8) + b"\\x7f\\x03\\x00" + b"NULL".ljust(20, b"\\0") + b"\\0" + bytes(31)
        ready = b"\\x05READY\\x0bSocket-Type\\x00\\x00\\x00\\x06DEALER"
        ready = b"\\x04" + bytes([len(ready)]) + ready
        sayings = [b"", b"GET / HTTP/1.1\\r\\n\\r\\n", greeting, greeting + ready,
                   greeting + ready + b"\\x01\\x06MDPC02\\x01\\x01\\x01\\x01\\x04fu"]
        if sys.argv[2] == "completely":
            sayings = [greeting + ready]
        peers = []
        for number in range(int(sys.argv[1])):
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
            try:
                peer.sendall(sayings[number % len(sayings)])
            except OSError:
                pass  # refused already
            peers.append(peer)
        print("here", flush=True)
        while True:
            time.sleep(1)
        """
}
