import Foundation
import JSON
import Testing

/// Prometheus asks the gateway about all services, on a port of this machine.
@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    @Test func onePageTellsOfAllServices() async throws {
        let port = Int.random(in: 20_000..<30_000)
        try await RunningSet.with(["IEUM_METRICS": "127.0.0.1:\(port)"]) { set in
            let program = try set.write("scrape.py", Self.program)
            let outcome = try await set.execute(RunningSet.python(), [program, String(port)])
            #expect(outcome.status == 0, "\(outcome.output)")
            let answer = try JSON(parsing: outcome.output)
            #expect(answer["services"] == ["fund", "gateway", "matching", "talent", "testbed"])
            #expect(answer["wrong"] == [404, 405, 400])
        }
    }

    /// Asks twice over one connection and reads the text as its grammar has it.
    private static let program = #"""
        import http.client, json, re, socket, sys
        port = int(sys.argv[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(2):
            connection.request("GET", "/metrics")
            response = connection.getresponse()
            assert response.status == 200, response.status
            assert response.getheader("Content-Type").startswith("text/plain; version=0.0.4")
            text = response.read().decode()
        assert text.endswith("\n")
        label = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
        sample = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(%s(?:,%s)*)\})? (-?[0-9.]+(?:e-?[0-9]+)?)' % (label, label))
        kinds, seen, services, family = {}, set(), set(), None
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                family, kind = line.split()[2:]
                assert family not in kinds, family
                kinds[family] = kind
            elif line.startswith("# HELP "):
                continue
            else:
                match = sample.fullmatch(line)
                assert match, line
                name, labels, value = match.groups()
                base = re.sub("_(sum|count)$", "", name) if kinds[family] == "summary" else name
                assert base == family, line
                if kinds[family] == "counter": assert name.endswith("_total"), name
                assert (name, labels) not in seen, line
                seen.add((name, labels))
                float(value)
                if name == "ieum_process_resident_memory_bytes":
                    assert float(value) > 1_000_000, line
                    services.add(re.search('service="([^"]*)"', labels).group(1))
        wrong = []
        for method, path in [("GET", "/"), ("POST", "/metrics")]:
            connection.request(method, path)
            response = connection.getresponse()
            response.read()
            wrong.append(response.status)
        raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        raw.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        wrong.append(int(raw.makefile("rb").read().split()[1]))
        print(json.dumps({"services": sorted(services), "wrong": wrong}))
        """#
}
