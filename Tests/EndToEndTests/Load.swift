import Foundation
import JSON
import ServiceKit
import Testing

/// Callers that never pause, in Swift and in Python: durable writes and pings to every service by MDP 0.2 with many
/// outstanding, and REQ sockets by MDP 0.1 as a stock client has them. They go on until they are told to stop, then
/// say what was not answered as it should be.
struct Load {
    struct Outcome: Sendable {
        var answered = 0
        var failed: [String] = []
    }

    private let set: RunningSet
    private let writers: Task<Outcome, any Error>
    private let strangers: [(process: Process, output: String)]
    private let stop: String

    static let services = ["matching", "fund", "talent", "testbed"]

    init(_ set: RunningSet) throws {
        self.set = set
        let stop = set.folder + "/stop-\(UUID().uuidString.prefix(8))"
        self.stop = stop
        let program = try set.write("load.py", Self.program)
        strangers = try ["req", "req", "dealer"].enumerated().map { number, kind in
            let output = set.folder + "/load-\(number)"
            let process = try RunningSet.spawn(
                RunningSet.python(), [program, kind, stop], folder: set.folder, output: output)
            return (process, output)
        }
        writers = Task {
            try await withThrowingTaskGroup(of: Outcome.self) { group in
                for number in 0..<4 {
                    group.addTask { try await Self.write(set, number, until: stop) }
                }
                return try await group.reduce(into: Outcome()) {
                    $0.answered += $1.answered
                    $0.failed += $1.failed
                }
            }
        }
    }

    /// One caller with a connection of its own.
    private static func write(_ set: RunningSet, _ number: Int, until stop: String) async throws -> Outcome {
        let client = try Client(endpoint: "ipc://\(set.run)/gateway.sock")
        defer { client.close() }
        var outcome = Outcome()
        while !FileManager.default.fileExists(atPath: stop) {
            let service = services[(outcome.answered + number) % services.count]
            do {
                if service == "testbed" {
                    _ = try await client.call(
                        "testbed.sites.register", ["name": ["ko": "실증랩", "en": "Lab"], "kind": "institute"],
                        key: "site-\(number)-\(outcome.answered)")
                } else {
                    _ = try await client.call("service.ping", service: service)
                }
                outcome.answered += 1
            } catch {
                outcome.failed.append("\(service): \(error)")
                if outcome.failed.count > 20 { return outcome }
            }
        }
        return outcome
    }

    /// - Returns: everything that was answered, and everything that was not.
    func end() async throws -> Outcome {
        _ = FileManager.default.createFile(atPath: stop, contents: nil)
        var outcome = try await writers.value
        for (process, output) in strangers {
            for _ in 0..<1_000 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
            let text = try String(contentsOfFile: output, encoding: .utf8)
            let line = text.split(separator: "\n").last.map(String.init) ?? ""
            let told = try #require(try? JSON(parsing: line), "a client did not end well: \(text)")
            outcome.answered += Int(told["answered"]?.integer ?? 0)
            outcome.failed += (told["failed"]?.array ?? []).map(\.text)
            #expect(told["answered"]?.integer ?? 0 > 0, "a client had no answer at all")
        }
        return outcome
    }

    private static let program = """
        import json, os, sys, zmq
        kind, stop = sys.argv[1:3]
        services = ["matching", "fund", "talent", "testbed", "gateway"]
        context = zmq.Context()
        answered, failed = 0, []
        def request(number):
            return json.dumps({"jsonrpc": "2.0", "id": number, "method": "service.ping"}).encode()
        def judge(number, body):
            global answered
            answer = json.loads(body)
            if answer.get("id") == number and "result" in answer: answered += 1
            else: failed.append([number, answer])
        socket = context.socket(zmq.REQ if kind == "req" else zmq.DEALER)
        socket.linger = 0
        socket.rcvtimeo = 20000
        socket.connect(f"ipc://{os.environ['IEUM_RUN']}/gateway.sock")
        number = 0
        open_requests = set()
        while not os.path.exists(stop) or open_requests:
            if kind == "req":
                if os.path.exists(stop): break
                number += 1
                socket.send_multipart([b"MDPC01", services[number % 5].encode(), request(number)])
                try: judge(number, socket.recv_multipart()[2])
                except zmq.Again:
                    failed.append([number, services[number % 5], "no answer"])
                    break
                continue
            while len(open_requests) < 32 and not os.path.exists(stop):
                number += 1
                socket.send_multipart([b"MDPC02", b"\\x01", services[number % 5].encode(), request(number)])
                open_requests.add(number)
            try: body = socket.recv_multipart()[3]
            except zmq.Again:
                failed.append([sorted(open_requests), "no answer"])
                break
            which = json.loads(body).get("id")
            judge(which, body)
            open_requests.discard(which)
        print(json.dumps({"answered": answered, "failed": failed[:20]}), flush=True)
        """
}
