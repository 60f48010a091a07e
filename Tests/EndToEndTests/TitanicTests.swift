import Foundation
import JSON
import ServiceKit
import Testing

/// Store and forward with stock clients and workers, over the real executables.
@Suite(.timeLimit(.minutes(5))) struct TitanicTests {
    /// As a stock 0.1 client: `store.py SERVICE BODY` prints the UUID; `fetch.py UUID [close]` the status and the reply.
    private static let client = """
        import os, sys, zmq
        socket = zmq.Context().socket(zmq.REQ)
        socket.setsockopt(zmq.RCVTIMEO, 15000)
        socket.connect("ipc://" + os.environ["IEUM_RUN"] + "/gateway.sock")
        def call(service, *frames):
            socket.send_multipart([b"MDPC01", service, *frames])
            answer = socket.recv_multipart()
            assert answer[:2] == [b"MDPC01", service], answer
            return answer[2:]
        arguments = [text.encode() for text in sys.argv[1:]]
        print(b" ".join(call(b"titanic." + arguments[0], *arguments[1:])).decode())
        """

    /// A stock 0.1 worker; with `die` it ends when a request comes, without a word.
    private static let worker = """
        import os, sys, zmq
        socket = zmq.Context().socket(zmq.DEALER)
        socket.connect("ipc://" + os.environ["IEUM_RUN"] + "/gateway.sock")
        socket.send_multipart([b"", b"MDPW01", b"\\x01", sys.argv[1].encode()])
        while True:
            if not socket.poll(500):
                socket.send_multipart([b"", b"MDPW01", b"\\x04"])
                continue
            frames = socket.recv_multipart()
            if frames[2] == b"\\x05":
                socket.send_multipart([b"", b"MDPW01", b"\\x01", sys.argv[1].encode()])
            if frames[2] != b"\\x02":
                continue
            if "die" in sys.argv:
                os._exit(1)
            body = [frame.upper() for frame in frames[5:]]
            socket.send_multipart([b"", b"MDPW01", b"\\x03", frames[3], b"", *body])
        """

    private struct Post {
        let set: RunningSet
        let python: String
        let client: String
        let worker: String

        init(_ set: RunningSet) throws {
            self.set = set
            python = try RunningSet.python()
            client = try set.write("client.py", TitanicTests.client)
            worker = try set.write("worker.py", TitanicTests.worker)
        }

        func ask(_ arguments: String...) async throws -> String {
            let outcome = try await set.execute(python, [client] + arguments)
            return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        func serve(_ arguments: String...) throws -> Process {
            try RunningSet.spawn(
                python, [worker] + arguments, folder: set.folder, output: set.folder + "/worker-\(arguments.count).out")
        }

        func fetch(_ uuid: String, until status: String) async throws -> String {
            var answer = ""
            for _ in 0..<150 {
                answer = try await ask("reply", uuid)
                if answer.hasPrefix(status) { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            return answer
        }

        func ieum(_ arguments: String...) async throws -> JSON {
            let outcome = try await set.execute("ieum", arguments + ["--json"])
            #expect(outcome.status == 0, "\(outcome.output)")
            return try JSON(parsing: Array(outcome.output.utf8))
        }
    }

    @Test func whatWasStoredOutlivesTheGatewayAndIsDeliveredWhenTheServiceComes() async throws {
        try await RunningSet.with { set in
            let post = try Post(set)
            let stored = try await post.ask("request", "upper", "hello", "world")
            #expect(stored.hasPrefix("200 ") && stored.count == 36, "\(stored)")
            let uuid = String(stored.dropFirst(4))
            #expect(try await post.ask("reply", uuid) == "300")
            #expect(try await post.ask("reply", String(repeating: "0", count: 32)) == "400")
            #expect(try await post.ask("request", "upper").hasPrefix("400 "))
            try await set.kill("gateway")
            try await set.untilAnswers("gateway")
            #expect(try await post.ask("reply", uuid) == "300")
            let pending = try await post.ieum("dead-letters", "list", "--pending")
            #expect(pending.at("/items/0/id")?.string == uuid)

            let worker = try post.serve("upper")
            defer { worker.end() }
            #expect(try await post.fetch(uuid, until: "200") == "200 HELLO WORLD")
            try await set.kill("gateway")
            try await set.untilAnswers("gateway")
            #expect(try await post.ask("reply", uuid.lowercased()) == "200 HELLO WORLD")
            #expect(try await post.ask("close", uuid) == "200")
            #expect(try await post.ask("close", uuid) == "200")
            #expect(try await post.ask("reply", uuid) == "400")
            let events = try await set.client.call(
                "gateway.events.read", ["types": ["ieum.gateway.request.finished"]])
            #expect(events["items"]?.array?.compactMap { $0["subject"]?.string } == [uuid])
        }
    }

    @Test func aRequestThatKillsItsWorkerBecomesADeadLetterAndIsRetried() async throws {
        try await RunningSet.with(["IEUM_LIMIT_DELIVERY_ATTEMPTS": "1"]) { set in
            let post = try Post(set)
            let uuid = String(try await post.ask("request", "upper", "poison").dropFirst(4))
            let other = String(try await post.ask("request", "nobody", "waits").dropFirst(4))
            let victim = try post.serve("upper", "die")
            defer { victim.end() }
            #expect(try await post.fetch(uuid, until: "500").contains("workerLost"))
            let listed = try await post.ieum("dead-letters")
            #expect(listed["items"]?.array?.compactMap { $0["id"]?.string } == [uuid])
            #expect(listed.at("/items/0/attempts") == 1)
            #expect(try await post.ieum("dead-letters", "show", uuid)["body"] == ["poison"])
            #expect(try await post.ieum("call", "gateway.stats").at("/stored/dead") == 1)

            let worker = try post.serve("upper")
            defer { worker.end() }
            #expect(try await post.ieum("dead-letters", "retry", uuid)["retried"] == 1)
            #expect(try await post.fetch(uuid, until: "200") == "200 POISON")
            #expect(try await post.ieum("dead-letters")["items"] == [])
            #expect(try await post.ask("reply", other) == "300")
            let refused = try await set.execute("ieum", ["dead-letters", "retry", other])
            #expect(refused.status == 1 && refused.output.contains("notFound"), "\(refused.output)")
        }
    }

    /// Our services change nothing twice: the key that goes with each delivery says which request it is.
    @Test func commandsAreCarriedOutOnceWhoeverIsKilled() async throws {
        try await RunningSet.with { set in
            let program = try set.write(
                "many.py",
                """
                import json, os, sys, zmq
                socket = zmq.Context().socket(zmq.REQ)
                socket.connect("ipc://" + os.environ["IEUM_RUN"] + "/gateway.sock")
                for number in range(60):
                    body = {"jsonrpc": "2.0", "id": number, "method": "matching.organisations.create",
                            "params": {"kind": "company", "nameKo": "우편 %d" % number, "region": "KR-30"}}
                    socket.send_multipart([b"MDPC01", b"titanic.request", b"matching", json.dumps(body).encode()])
                    assert socket.recv_multipart()[2] == b"200"
                """)
            try await set.kill("matching")
            let stored = try await set.execute(RunningSet.python(), [program])
            #expect(stored.status == 0, "\(stored.output)")
            for round in 0..<4 { try await set.kill(round % 2 == 0 ? "matching" : "gateway") }
            var figures: JSON = [:]
            for _ in 0..<300 {
                figures = (try? await set.client.call("gateway.stats")["stored"]) ?? [:]
                if figures["answered"] == 60 { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(figures["answered"] == 60, "\(figures)")
            // The gateway was killed last: matching may not have come back to it yet.
            try await set.untilAnswers("matching")
            let all = try await set.client.call("matching.organisations.list", ["limit": 200])
            let names = (all["items"]?.array ?? []).compactMap { $0["nameKo"]?.string }.filter { $0.hasPrefix("우편") }
            #expect(names.count == 60 && Set(names).count == 60, "\(names.count)")
        }
    }
}
