import Foundation
import Glibc
import JSON
import ServiceKit
import Testing
import ZeroMQ

/// Who may do what, over the real executables, with stock clients of another user and of another machine.
@Suite(.timeLimit(.minutes(5))) struct PolicyTests {
    private static let roles = """
        roles:
          partner:
            as: member
            call: [matching.*, fund.funds.list, gateway.events.read]
            subscribe: [ieum.matching.*]
            serve: [echo]

        """

    /// Runs `ieum` in a folder that may have no set yet.
    private static func ieum(
        _ folder: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> RunningSet.Outcome {
        let output = folder + "/ieum-\(UUID().uuidString.prefix(8))"
        let process = try RunningSet.spawn(
            "ieum", arguments, folder: folder, output: output, environment: environment)
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return RunningSet.Outcome(status: process.terminationStatus, output: text)
    }

    private static func write(_ folder: String, policy: String) throws {
        let path = folder + "/data/policy.yaml"
        try policy.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    @Test func anotherMachineComesInWithAKeyAndDoesWhatItMay() async throws {
        let port = try Self.freePort()
        let keys = Keys()
        let environment = ["IEUM_TCP": "tcp://127.0.0.1:\(port)"]
        try await RunningSet.with(
            environment,
            prepare: { folder in
                // Without its keys the gateway would not start.
                keys.server = try JSON(parsing: Self.ieum(folder, ["keys", "server", "--json"]).output)
                try Self.write(folder, policy: Self.roles)
                for name in ["lab", "stranger"] {
                    let added = name == "lab" ? ["--add"] : []
                    let made = try Self.ieum(
                        folder,
                        ["keys", "new", name, "--role", "partner", "--to", "\(folder)/\(name).key", "--json"] + added)
                    #expect(made.status == 0, "\(made.output)")
                }
            }
        ) { set in
            let python = try RunningSet.python()
            let server = try #require(keys.server["publicKey"]?.string)
            let remote = [
                "IEUM_GATEWAY": "tcp://127.0.0.1:\(port)", "IEUM_SERVER_KEY": server,
                "IEUM_KEY": set.folder + "/lab.key",
            ]
            try await Self.documentedClient(set, python, remote)
            let script = try set.write("tcp.py", Self.stranger)
            let outcome = try await set.execute(python, [script], environment: remote)
            #expect(outcome.status == 0 && outcome.output.contains("fine"), "\(outcome.output)")

            // The command line from there, and what it says when a permission is missing.
            let listed = try Self.ieum(set.folder, ["call", "fund.funds.list", "--json"], environment: remote)
            #expect(listed.status == 0, "\(listed.output)")
            let refused = try Self.ieum(set.folder, ["call", "fund.funds.close"], environment: remote)
            #expect(refused.status == 1 && refused.output.contains("call fund.funds.close"), "\(refused.output)")
            let events = ["events", "--json", "--types"]
            let some = try Self.ieum(set.folder, events + ["ieum.matching.*"], environment: remote)
            #expect(some.status == 0, "\(some.output)")
            #expect(try Self.ieum(set.folder, events + ["ieum.fund.*"], environment: remote).status == 1)
            // It runs there, whatever runs here.
            let status = try Self.ieum(
                set.folder, ["status", "--json"],
                environment: remote.merging(["IEUM_RUN": "/nowhere"]) { _, new in new })
            #expect(try JSON(parsing: status.output).at("/services/2/answers") == true, "\(status.output)")

            let stats = try await set.client.call("gateway.stats")
            #expect(stats.at("/refused/forbidden")?.integer ?? 0 > 0)
            #expect(stats.at("/subscriptionsRefused/forbidden")?.integer ?? 0 > 0)
            #expect(stats["drops"]?.array?.contains { $0["reason"] == "forbiddenName" } ?? false)
            let list = try JSON(parsing: Self.ieum(set.folder, ["keys", "list", "--json"]).output)
            #expect(list["server"]?.string == server)
            #expect(list.at("/keys/0/principal") == "key:lab")
        }
    }

    private static func documentedClient(_ set: RunningSet, _ python: String, _ remote: [String: String]) async throws {
        // The document asks the fund for a ping, which this key may not: the same program, two answers.
        let path = try set.write(
            "curve.py", RunningSet.codeBlock(of: "Docs/integrators.md", containing: "# curve.py"))
        let forbidden = try await set.execute(python, [path], environment: remote)
        #expect(forbidden.output.contains("call fund.service.ping"), "\(forbidden.output)")
        try write(set.folder, policy: policyAllowingPing(set))
        let reload = try ieum(set.folder, ["policy", "reload"])
        #expect(reload.status == 0, "\(reload.output)")
        let answered = try await set.execute(python, [path], environment: remote)
        #expect(answered.output.contains(#""status":"ok""#), "\(answered.output)")
        let stranger = remote.merging(["IEUM_KEY": set.folder + "/stranger.key"]) { _, new in new }
        let ignored = try await set.execute(python, [path], environment: stranger)
        #expect(ignored.output.contains("not admitted"), "\(ignored.output)")
    }

    private static func policyAllowingPing(_ set: RunningSet) throws -> String {
        try String(contentsOfFile: set.data + "/policy.yaml", encoding: .utf8)
            .replacing("fund.funds.list", with: "fund.funds.list, fund.service.ping")
    }

    @Test func anotherUserComesInByThePolicyAndItChangesWhileItRuns() async throws {
        let other: UInt32 = 65_534
        try await RunningSet.with { set in
            // Its own folder is closed to others.
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: set.folder)
            let script = try set.write("other.py", Self.otherUser)
            let python = try RunningSet.python()
            let runner = ["--reuid", "\(other)", "--regid", "\(other)", "--clear-groups", python, script]
            func asOther() async throws -> String {
                try await set.execute("/usr/bin/setpriv", runner).output.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            func check(_ permission: [String]) throws -> RunningSet.Outcome {
                try Self.ieum(set.folder, ["policy", "check", "uid:\(other)"] + permission)
            }
            #expect(try check(["call", "matching.demands.list"]).status == 1)
            let policy = Self.roles + "principals:\n  - uid: \(other)\n    roles: [partner]\nreach: everyone\n"
            try Self.write(set.folder, policy: policy)
            let allowed = try check(["call", "matching.demands.list"])
            #expect(allowed.status == 0 && allowed.output.contains("policy.yaml:4"), "\(allowed.output)")
            #expect(allowed.output.contains("policy.yaml:8"), "\(allowed.output)")
            #expect(try check(["subscribe", "ieum.fund."]).status == 1)
            #expect(try Self.ieum(set.folder, ["policy", "reload"]).status == 0)

            guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
                // Only root can be somebody else; the rest of this test needs that.
                Issue.record("not root: another user was not tried", severity: .warning)
                return
            }
            #expect(try await asOther() == "ok, forbidden: call fund.funds.create")
            // A mistake changes nothing, and is told.
            try Self.write(set.folder, policy: policy.replacing("as: member", with: "as: boss"))
            let broken = try Self.ieum(set.folder, ["policy", "reload"])
            #expect(broken.status == 1 && broken.output.contains("line 3: roles.partner.as"), "\(broken.output)")
            #expect(try await asOther() == "ok, forbidden: call fund.funds.create")
            // SIGHUP, and nothing is left of its permissions.
            try Self.write(set.folder, policy: "reach: everyone\n")
            try set.signal("gateway", SIGHUP)
            var last = ""
            for _ in 0..<50 where last != "nothing" { last = try await asOther() }
            #expect(last == "nothing")
            #expect(try await set.client.call("gateway.policy.show")["principals"] == [])
        }
    }

    private static func freePort() throws -> UInt16 {
        for _ in 0..<50 {
            let port = UInt16.random(in: 20_000..<60_000)
            guard let first = try? TCPListener(host: "127.0.0.1", port: port),
                let second = try? TCPListener(host: "127.0.0.1", port: port + 1)
            else { continue }
            _ = (first.port, second.port)
            return port
        }
        throw ZeroMQError("free port", code: EADDRINUSE)
    }

    private final class Keys: @unchecked Sendable { var server: JSON = [:] }

    private static let stranger = """
        # What a key that may do something may not, and what no key at all may: everything else.
        import json, os, zmq, zmq.auth
        gateway, server = os.environ["IEUM_GATEWAY"], os.environ["IEUM_SERVER_KEY"].encode()
        events = gateway.rsplit(":", 1)[0] + ":%d" % (int(gateway.rsplit(":", 1)[1]) + 1)
        context = zmq.Context()
        context.linger = 0
        def connect(kind, endpoint, key="lab", curve=True):
            socket = context.socket(kind)
            if curve:
                path = os.path.dirname(os.environ["IEUM_KEY"]) + "/%s.key" % key
                socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(path)
                socket.curve_serverkey = server
            socket.connect(endpoint)
            return socket
        def ask(socket, service, method, within=10000, **params):
            body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            socket.send_multipart([b"MDPC02", b"\\x01", service, json.dumps(body).encode()])
            return json.loads(socket.recv_multipart()[3]) if socket.poll(within) else None
        lab = connect(zmq.DEALER, gateway)
        assert "result" in ask(lab, b"matching", "matching.demands.list")
        error = ask(lab, b"fund", "fund.funds.create")["error"]
        assert error["code"] == -32002 and error["data"]["permission"] == "call fund.funds.create", error
        error = ask(lab, b"gateway", "gateway.events.read")["error"]
        assert error["code"] == -32002, error
        assert ask(connect(zmq.DEALER, gateway, "stranger"), b"matching", "service.ping", 500) is None
        assert ask(connect(zmq.DEALER, gateway, curve=False), b"matching", "service.ping", 500) is None
        worker = connect(zmq.DEALER, gateway)
        worker.send_multipart([b"MDPW02", b"\\x01", b"fund"])
        assert worker.poll(10000) and worker.recv_multipart() == [b"MDPW02", b"\\x06"]
        worker.send_multipart([b"MDPW02", b"\\x01", b"echo"])
        assert worker.poll(10000) and worker.recv_multipart() == [b"MDPW02", b"\\x05"]
        subscriber = connect(zmq.SUB, events)
        subscriber.subscribe(b"ieum.matching.")
        subscriber.subscribe(b"ieum.")
        heard = []
        for number in range(100):
            created = ask(lab, b"matching", "matching.organisations.create", kind="company",
                          nameKo="시험 %d" % number, region="KR-30")
            assert "result" in created, created
            while subscriber.poll(50):
                heard.append(subscriber.recv_multipart()[0])
            if heard:
                break
        assert heard and all(topic.startswith(b"ieum.matching.") for topic in heard), heard
        print("fine")
        """

    private static let otherUser = """
        import json, os, zmq
        context = zmq.Context()
        context.linger = 0
        socket = context.socket(zmq.DEALER)
        socket.connect("ipc://" + os.environ["IEUM_RUN"] + "/gateway.sock")
        def ask(service, method):
            body = {"jsonrpc": "2.0", "id": 1, "method": method}
            socket.send_multipart([b"MDPC02", b"\\x01", service, json.dumps(body).encode()])
            return json.loads(socket.recv_multipart()[3]) if socket.poll(2000) else None
        answer = ask(b"matching", "matching.demands.list")
        if answer is None or "error" in answer:
            print("nothing")
        else:
            print("ok, forbidden:", ask(b"fund", "fund.funds.create")["error"]["data"]["permission"])
        """
}
