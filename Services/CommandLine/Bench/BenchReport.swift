import JSON
import ZeroMQ

/// What was measured.
struct BenchReport: Sendable {
    struct Messages: Sendable {
        let outstanding: Int
        let proxy: BenchLoad.Result
        let gateway: BenchLoad.Result
        /// Nil where nats-server is not installed.
        let nats: BenchLoad.Result?
        var ratio: Double { proxy.perSecond > 0 ? gateway.perSecond / proxy.perSecond : 0 }
        var ratioOfP99: Double { proxy.p99Us > 0 ? gateway.p99Us / proxy.p99Us : 0 }
    }

    struct Writes: Sendable {
        let clients: Int
        let perSecond: Double
        let p50Us: Double
        let p99Us: Double
    }

    var messages: [Messages] = []
    var methods: [(name: String, result: BenchLoad.Result)] = []
    var writes: [Writes] = []

    var text: String {
        let echo = "ieum serve echo --credit \(BenchSet.credit)"
        let head = words(
            "본문 \(BenchLoad.bodyBytes)바이트, \(echo), libzmq \(libraryVersion)",
            "\(BenchLoad.bodyBytes)-byte bodies, \(echo), libzmq \(libraryVersion)")
        var parts = [head, messageTable]
        if messages.contains(where: { $0.nats == nil }) {
            parts.append(words("nats-server 는 PATH 에 없어 재지 않았다.", "nats-server is not on PATH and was not measured."))
        }
        if !methods.isEmpty { parts.append(methodTable) }
        if !writes.isEmpty { parts.append(writeTable) }
        return parts.joined(separator: "\n\n")
    }

    private var messageTable: String {
        var table = Table([
            words("동시 요청", "OUTSTANDING"), words("무엇", "WHAT"), words("요청 /s", "REQUESTS /s"), "p50 µs", "p99 µs",
            words("처리량 비율", "RATIO"), words("p99 비율", "RATIO OF p99"),
        ])
        for row in messages {
            let proxy = row.proxy
            for (name, result) in [("zmq_proxy", proxy), ("ieum-gateway", row.gateway), ("nats-server", row.nats)] {
                guard let result else { continue }
                table.row([
                    String(row.outstanding), name, whole(result.perSecond), whole(result.p50Us), whole(result.p99Us),
                    hundredths(proxy.perSecond > 0 ? result.perSecond / proxy.perSecond : 0),
                    hundredths(proxy.p99Us > 0 ? result.p99Us / proxy.p99Us : 0),
                ])
            }
        }
        return table.text
    }

    private var methodTable: String {
        var table = Table([
            words("메서드 (동시 \(Bench.callers))", "METHOD (\(Bench.callers) outstanding)"), words("호출 /s", "CALLS /s"),
            "p50 µs",
            "p99 µs",
        ])
        for (name, result) in methods {
            table.row([name, whole(result.perSecond), whole(result.p50Us), whole(result.p99Us)])
        }
        return table.text
    }

    private var writeTable: String {
        var table = Table([
            words("기록하는 클라이언트", "WRITERS"), words("확인된 기록 /s", "ACKNOWLEDGED WRITES /s"), "p50 µs", "p99 µs",
        ])
        for row in writes {
            table.row([String(row.clients), whole(row.perSecond), whole(row.p50Us), whole(row.p99Us)])
        }
        return table.text
    }

    var json: JSON {
        func form(_ result: BenchLoad.Result) -> JSON {
            ["perSecond": .number(result.perSecond), "p50Us": .number(result.p50Us), "p99Us": .number(result.p99Us)]
        }
        return [
            "libzmq": .string(libraryVersion), "bodyBytes": .integer(Int64(BenchLoad.bodyBytes)),
            "credit": .integer(Int64(BenchSet.credit)),
            "requests": .array(
                messages.map { row in
                    [
                        "outstanding": .integer(Int64(row.outstanding)), "gateway": form(row.gateway),
                        "proxy": form(row.proxy), "nats": row.nats.map(form) ?? .null, "ratio": .number(row.ratio),
                        "ratioOfP99": .number(row.ratioOfP99),
                    ]
                }),
            "methods": .array(
                methods.map { name, result in
                    var entry = form(result)
                    entry["method"] = .string(name)
                    entry["outstanding"] = .integer(Int64(Bench.callers))
                    return entry
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
