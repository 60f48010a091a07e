import ArgumentParser
import JSON
import ZeroMQ

/// `ieum bench`: how fast, beside what the same machine can do at the same time.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words(
            "같은 기계의 zmq_proxy, nats-server 와 나란히 잰다.", "Measures beside zmq_proxy of the same libzmq and nats-server."),
        discussion: words(
            "따로 한 벌을 띄워 재고 지운다. 견줄 것은 비율이다: 숫자는 기계와 그때의 부하에 달렸다.",
            "Starts a private set and removes it. Compare the ratios: the figures depend on the machine and its load."),
        subcommands: [BenchRetrieval.self, BenchAssignment.self])

    @Option(help: .init(words("한 번 재는 초.", "Seconds of each measurement.")))
    var seconds = 2.0
    @Option(help: .init(words("번갈아 재는 횟수; 가운데 값을 쓴다.", "Rounds, alternating; the median counts.")))
    var rounds = 3
    @Option(
        parsing: .upToNextOption,
        help: .init(words("동시에 떠 있는 요청의 수들.", "How many requests are outstanding, one or more numbers.")))
    var outstanding = [1, 64, 256]
    @Flag(help: .init(words("메시지 길만 재고 메서드와 기록은 재지 않는다.", "Measures the message path alone, no methods or writes.")))
    var messagesOnly = false
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    static let writers = [1, 64]
    static let callers = 64
    /// One that a service answers on its message thread, and one that reads its database.
    static let methods = [("service.ping", "{}"), ("service.key", #"{"key":"bench"}"#)]

    func run() async throws {
        let span = Duration.seconds(seconds)
        let (rounds, levels, isShort, speaks) = (max(1, rounds), outstanding, messagesOnly, !json)
        let report = try await BenchSet.with { directories -> BenchReport in
            var report = BenchReport()
            for level in levels {
                report.messages.append(try await Bench.compare(level, span, rounds, directories))
                if speaks { Terminal.complain(words("동시 \(level) 끝", "\(level) outstanding: done")) }
            }
            if isShort { return report }
            for (method, params) in Bench.methods {
                let load = BenchLoad(
                    endpoint: directories.gatewayEndpoint,
                    wire: .method(method, service: "matching", params: params), outstanding: Bench.callers, span: span)
                report.methods.append((name: method, result: try await load.run()))
                if speaks { Terminal.complain(words("\(method) 끝", "\(method): done")) }
            }
            for clients in Bench.writers {
                report.writes.append(try await BenchWrites(clients: clients, span: span).run(directories))
                if speaks { Terminal.complain(words("기록 \(clients) 끝", "\(clients) writers: done")) }
            }
            return report
        }
        Terminal.line(json ? report.json.pretty() : report.text)
    }

    /// All in turns, so that a change of the machine's load falls on each.
    private static func compare(
        _ outstanding: Int, _ span: Duration, _ rounds: Int, _ directories: Directories
    ) async throws -> BenchReport.Messages {
        let proxy = BenchLoad(
            endpoint: BenchPart.front(directories.run), wire: .bare, outstanding: outstanding, span: span)
        let gateway = BenchLoad(
            endpoint: directories.gatewayEndpoint, wire: .majordomo(service: "echo"), outstanding: outstanding,
            span: span)
        let nats = BenchLoad(wire: .nats(port: BenchNats.port), outstanding: outstanding, span: span)
        var results: (proxy: [BenchLoad.Result], gateway: [BenchLoad.Result], nats: [BenchLoad.Result]) = ([], [], [])
        for _ in 0..<rounds {
            results.proxy.append(try await proxy.run())
            results.gateway.append(try await gateway.run())
            if BenchNats.isInstalled { results.nats.append(try await nats.run()) }
        }
        return BenchReport.Messages(
            outstanding: outstanding, proxy: median(results.proxy), gateway: median(results.gateway),
            nats: results.nats.isEmpty ? nil : median(results.nats))
    }

    private static func median(_ results: [BenchLoad.Result]) -> BenchLoad.Result {
        results.sorted { $0.perSecond < $1.perSecond }[results.count / 2]
    }
}
