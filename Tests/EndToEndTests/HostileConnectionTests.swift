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
            let script = try set.write("silent.py", Self.silent)
            let output = set.folder + "/silent.out"
            let crowd = try RunningSet.spawn(
                try RunningSet.python(), [script, set.folder], folder: set.folder, output: output)
            defer { crowd.terminate() }
            try await until {
                (try? String(contentsOfFile: output, encoding: .utf8))?.contains("here") ?? !crowd.isRunning
            }
            #expect(crowd.isRunning, "\((try? String(contentsOfFile: output, encoding: .utf8)) ?? "")")
            // Those that completed the handshake count; the others are let go after the time for it.
            try await until { try await Self.connections(set) >= usual + 800 }
            for service in RunningSet.services {
                #expect(try await set.client.call("service.ping", service: service)["status"] == "ok")
            }
            let newcomer = try Client(endpoint: "ipc://\(set.run)/gateway.sock")
            defer { newcomer.close() }
            #expect(try await newcomer.call("service.ping", service: "fund")["status"] == "ok")

            Glibc.kill(crowd.processIdentifier, SIGKILL)
            try await until { try await Self.connections(set) <= usual + 1 }
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
            try await until {
                let stats = try await set.client.call("gateway.stats")
                // Nothing is left of them: this very request is all there is.
                return stats["requests"] == 1
            }
        }
    }

    @Test func whoAsksTooMuchOfASleeperIsToldSo() async throws {
        try await HostileTests.unharmed { set in
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

    private func until(_ holds: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while try await !holds() {
            try #require(ContinuousClock.now < end, "waited for 30 s")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let silent = """
        # 2,000 connections: silent, garbage, half a handshake, a whole one, half a message.
        import os, resource, socket, sys, time
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        path = os.environ["IEUM_RUN"] + "/gateway.sock"
        greeting = b"\\xff" + bytes(8) + b"\\x7f\\x03\\x00" + b"NULL".ljust(20, b"\\0") + b"\\0" + bytes(31)
        ready = b"\\x05READY\\x0bSocket-Type\\x00\\x00\\x00\\x06DEALER"
        ready = b"\\x04" + bytes([len(ready)]) + ready
        sayings = [b"", b"GET / HTTP/1.1\\r\\n\\r\\n", greeting, greeting + ready,
                   greeting + ready + b"\\x01\\x06MDPC02\\x01\\x01\\x01\\x01\\x04fu"]
        peers = []
        for number in range(2000):
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
            peer.sendall(sayings[number % len(sayings)])
            peers.append(peer)
        print("here", flush=True)
        while True:
            time.sleep(1)
        """
}
