import ArgumentParser
import JSON
import ZeroMQ

/// `ieum bench`: how fast, beside what the same machine can do at the same time.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("같은 기계의 zmq_proxy 와 나란히 잰다.", "Measures beside zmq_proxy of the same libzmq."),
        discussion: words(
            "따로 한 벌을 띄워 재고 지운다. 견줄 것은 비율이다: 숫자는 기계와 그때의 부하에 달렸다.",
            "Starts a private set and removes it. Compare the ratios: the figures depend on the machine and its load."),
        subcommands: [BenchRetrieval.self, BenchAssignment.self])

    @Option(help: .init(words("한 번 재는 초.", "Seconds of each measurement.")))
    var seconds = 2.0
    @Option(help: .init(words("번갈아 재는 횟수; 가운데 값을 쓴다.", "Rounds, alternating; the median counts.")))
    var rounds = 3
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    static let levels = [1, 64, 256]
    static let writers = [1, 64]

    func run() async throws {
        let span = Duration.seconds(seconds)
        let (rounds, speaks) = (max(1, rounds), !json)
        let report = try await BenchSet.with { directories in
            var rows: [BenchReport.Row] = []
            for level in Bench.levels {
                rows.append(try await Bench.compare(level, span, rounds, directories))
                if speaks { Terminal.complain(words("동시 \(level) 끝", "\(level) outstanding: done")) }
            }
            var writes: [BenchReport.Writes] = []
            for clients in Bench.writers {
                writes.append(try await BenchWrites(clients: clients, span: span).run(directories))
                if speaks { Terminal.complain(words("기록 \(clients) 끝", "\(clients) writers: done")) }
            }
            return BenchReport(rows: rows, writes: writes)
        }
        Terminal.line(json ? report.json.pretty() : report.text)
    }

    /// Gateway and proxy in turns, so that a change of the machine's load falls on both.
    private static func compare(
        _ outstanding: Int, _ span: Duration, _ rounds: Int, _ directories: Directories
    ) async throws -> BenchReport.Row {
        let gateway = BenchLoad(
            endpoint: directories.gatewayEndpoint, wire: .majordomo(service: "echo"), outstanding: outstanding,
            span: span)
        let proxy = BenchLoad(
            endpoint: BenchPart.front(directories.run), wire: .bare, outstanding: outstanding, span: span)
        var results: (gateway: [BenchLoad.Result], proxy: [BenchLoad.Result]) = ([], [])
        for _ in 0..<rounds {
            results.proxy.append(try await proxy.run())
            results.gateway.append(try await gateway.run())
        }
        return BenchReport.Row(
            outstanding: outstanding, gateway: median(results.gateway), proxy: median(results.proxy))
    }

    private static func median(_ results: [BenchLoad.Result]) -> BenchLoad.Result {
        results.sorted { $0.perSecond < $1.perSecond }[results.count / 2]
    }
}

/// What was measured.
struct BenchReport: Sendable {
    struct Row: Sendable {
        let outstanding: Int
        let gateway: BenchLoad.Result
        let proxy: BenchLoad.Result
        var ratio: Double { proxy.perSecond > 0 ? gateway.perSecond / proxy.perSecond : 0 }
    }

    struct Writes: Sendable {
        let clients: Int
        let perSecond: Double
        let p50Us: Double
        let p99Us: Double
    }

    let rows: [Row]
    let writes: [Writes]

    var text: String {
        var table = Table([
            words("동시 요청", "OUTSTANDING"), words("게이트웨이 /s", "GATEWAY /s"), "p50 µs", "p99 µs",
            "zmq_proxy /s", "p50 µs", "p99 µs", words("비율", "RATIO"),
        ])
        for row in rows {
            table.row([
                String(row.outstanding), whole(row.gateway.perSecond), whole(row.gateway.p50Us),
                whole(row.gateway.p99Us),
                whole(row.proxy.perSecond), whole(row.proxy.p50Us), whole(row.proxy.p99Us), hundredths(row.ratio),
            ])
        }
        var disk = Table([
            words("기록하는 클라이언트", "WRITERS"), words("확인된 기록 /s", "ACKNOWLEDGED WRITES /s"), "p50 µs", "p99 µs",
        ])
        for row in writes {
            disk.row([String(row.clients), whole(row.perSecond), whole(row.p50Us), whole(row.p99Us)])
        }
        let head = words(
            "본문 \(BenchLoad.bodyBytes)바이트, ieum serve echo --credit \(BenchSet.credit), libzmq \(libraryVersion)",
            "\(BenchLoad.bodyBytes)-byte bodies, ieum serve echo --credit \(BenchSet.credit), libzmq \(libraryVersion)")
        return [head, table.text, "", disk.text].joined(separator: "\n")
    }

    var json: JSON {
        func form(_ result: BenchLoad.Result) -> JSON {
            ["perSecond": .number(result.perSecond), "p50Us": .number(result.p50Us), "p99Us": .number(result.p99Us)]
        }
        return [
            "libzmq": .string(libraryVersion), "bodyBytes": .integer(Int64(BenchLoad.bodyBytes)),
            "credit": .integer(Int64(BenchSet.credit)),
            "requests": .array(
                rows.map { row in
                    [
                        "outstanding": .integer(Int64(row.outstanding)), "gateway": form(row.gateway),
                        "proxy": form(row.proxy), "ratio": .number(row.ratio),
                    ]
                }),
            "durableWrites": .array(
                writes.map { row in
                    [
                        "clients": .integer(Int64(row.clients)), "perSecond": .number(row.perSecond),
                        "p50Us": .number(row.p50Us), "p99Us": .number(row.p99Us),
                    ]
                }),
        ]
    }

    private func whole(_ number: Double) -> String { String(Int(number.rounded())) }

    private func hundredths(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
