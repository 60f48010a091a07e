import JSON
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct ExpositionTests {
    @Test func labelsAndHelpAreEscaped() {
        var exposition = Exposition()
        exposition.family("x_total", .counter, "a \"b\" \\ \n c") { $0.add(3, ["who": "a\"b\\c\nd"]) }
        #expect(
            exposition.text == """
                # HELP x_total a "b" \\\\ \\n c
                # TYPE x_total counter
                x_total{who="a\\"b\\\\c\\nd"} 3

                """)
    }

    @Test func aFamilyWithoutSamplesIsLeftOut() {
        var exposition = Exposition()
        exposition.family("x", .gauge, "none") { _ in }
        #expect(exposition.text.isEmpty)
    }

    @Test func numbersAreWritten() {
        var exposition = Exposition()
        exposition.family("x", .gauge, "y") {
            $0.add(0.000_25)
            $0.add(1_048_576.0)
        }
        #expect(exposition.text.hasSuffix("x 0.00025\nx 1048576\n"))
    }

    @Test func servicesBecomeFamilies() throws {
        let stats: JSON = [
            "name": "fund", "instance": "fund-1", "eventsSetAside": 0,
            "process": ["pid": 7, "residentBytes": 4096, "cpuMs": 1_500],
            "methods": [
                [
                    "method": "fund.funds.list", "count": 4, "errors": 1, "totalUs": 2_000, "p50Us": 400,
                    "p95Us": 900, "p99Us": .null,
                ]
            ],
        ]
        let broker = Broker(limits: Limits(), seed: 1).snapshot
        let snapshot = RouterSnapshot(
            broker: broker, door: Door.Counts(), connectionsRefused: 0, subscriptions: 2, eventsPublished: 5)
        let lines = Metrics.text(snapshot, services: [stats]).split(separator: "\n").map(String.init)
        let labels = #"service="fund",method="fund.funds.list""#
        for expected in [
            "ieum_gateway_subscriptions 2", "ieum_gateway_events_published_total 5",
            #"ieum_process_cpu_seconds_total{service="fund",instance="fund-1"} 1.5"#,
            "ieum_method_errors_total{\(labels)} 1",
            "ieum_method_duration_seconds{\(labels),quantile=\"0.5\"} 0.0004",
            "ieum_method_duration_seconds_sum{\(labels)} 0.002", "ieum_method_duration_seconds_count{\(labels)} 4",
        ] {
            #expect(lines.contains(expected))
        }
        #expect(!lines.contains { $0.contains("quantile=\"0.99\"") })
        // Every family once, before its samples.
        let types = lines.filter { $0.hasPrefix("# TYPE") }
        #expect(Set(types).count == types.count)
    }
}

@Suite struct MetricsAddressTests {
    @Test func onlyThisMachineIsAllowed() throws {
        #expect(try MetricsAddress("127.0.0.1:9464").endpoint == "tcp://127.0.0.1:9464")
        #expect(try MetricsAddress("localhost:1").endpoint == "tcp://127.0.0.1:1")
        #expect(try MetricsAddress.of([:]) == nil)
        for wrong in [
            "0.0.0.0:9464", "*:9464", "10.0.0.1:9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", ":9464",
            "127.0.0.256:1", "127.0.0:1", "::1:9464", "127.0.0.1:9464:1", "9464",
        ] {
            #expect(throws: MetricsAddress.Refused.self) { try MetricsAddress(wrong) }
        }
    }
}

@Suite struct HTTPRequestTests {
    private func read(_ text: String) -> HTTPRequest.Reading { HTTPRequest.read(Array(text.utf8)) }

    @Test func aRequestIsReadToItsEnd() {
        let text = "GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"
        #expect(
            read(text + "GET")
                == .whole(HTTPRequest(method: "GET", path: "/metrics", staysOpen: true), text.utf8.count))
        for length in 0..<text.utf8.count {
            #expect(HTTPRequest.read(Array(text.utf8.prefix(length))) == .incomplete)
        }
    }

    @Test func connectionsCloseAsAsked() {
        let close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let old = "GET / HTTP/1.0\r\n\r\n"
        for text in [close, old] {
            #expect(read(text) == .whole(HTTPRequest(method: "GET", path: "/", staysOpen: false), text.utf8.count))
        }
    }

    @Test(arguments: [
        "GET /metrics HTTP/1.1\r\n\r\n", "GET /metrics\r\nHost: a\r\n\r\n", "GET metrics HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/2\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
    ])
    func whatIsNoRequestIsMalformed(text: String) { #expect(read(text) == .malformed) }

    @Test func theHeadIsBounded() {
        #expect(read("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 9_000)) == .malformed)
    }
}
