import Dispatch
import ZeroMQ

/// One load: a socket on a thread of its own that keeps a number of requests outstanding for a while. The same code
/// for everything that is compared.
struct BenchLoad: Sendable {
    enum Wire: Sendable {
        /// MDP 0.2 to the service of that name.
        case majordomo(service: String)
        /// A JSON-RPC request to a method, by MDP 0.2.
        case method(String, service: String, params: String)
        /// The body alone, for `zmq_proxy`.
        case bare
        /// Request and reply of nats-server at a port of this machine.
        case nats(port: Int)
    }

    /// How many requests were answered, and how long each took.
    struct Result: Sendable {
        let perSecond: Double
        let p50Us: Double
        let p99Us: Double
    }

    static let bodyBytes = 256
    static let warmUp: Duration = .milliseconds(300)

    /// Not used with nats-server.
    var endpoint = ""
    let wire: Wire
    let outstanding: Int
    let span: Duration

    func run() async throws -> Result {
        let (results, finished) = AsyncStream.makeStream(of: Result.self)
        let thread = try DedicatedThread(name: "ieum-load") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                if case .nats(let port) = wire {
                    let socket = try Socket(.stream, in: context)
                    startup.succeeded()
                    finished.yield(try measureNats(socket, port: port))
                } else {
                    let socket = try Socket(.dealer, in: context)
                    try socket.connect(endpoint)
                    startup.succeeded()
                    finished.yield(try measure(socket))
                }
            } catch { startup.failed(error) }
            finished.finish()
        }
        defer { thread.waitUntilEnded() }
        for await result in results { return result }
        throw Failure(
            .unhealthy, words("측정이 끝나지 않았다.", "The measurement did not end."),
            next: words("다시 해 본다.", "Try again."))
    }

    private func measure(_ socket: borrowing Socket) throws(ZeroMQError) -> Result {
        var poll = Poll()
        let index = poll.watch(socket)
        var window = Window(span)
        var stamp = BenchStamp(body)
        var message = Multipart()
        for _ in 0..<outstanding {
            write(stamp.set(BenchLoad.now), to: &message)
            _ = try socket.send(message)
        }
        while true {
            try poll.wait(milliseconds: 1000)
            if window.isOver(BenchLoad.now) { return window.result }
            guard poll.isReady(index) else { continue }
            while try socket.receive(into: &message) == .message {
                let at = BenchLoad.now
                window.add(BenchStamp.time(in: message[message.count - 1]), at)
                write(stamp.set(at), to: &message)
                _ = try socket.send(message)
            }
        }
    }

    private func measureNats(_ socket: borrowing Socket, port: Int) throws(ZeroMQError) -> Result {
        var connection = try BenchNats.client(socket, port: port)
        var window = Window(span)
        var stamp = BenchStamp(body)
        var out: [UInt8] = []
        for _ in 0..<outstanding { BenchNats.request(stamp.set(BenchLoad.now), to: &out) }
        while true {
            try connection.send(out, socket)
            out.removeAll(keepingCapacity: true)
            try connection.receive(socket) { _, body in
                let at = BenchLoad.now
                window.add(BenchStamp.time(in: body), at)
                BenchNats.request(stamp.set(at), to: &out)
            }
            if window.isOver(BenchLoad.now) { return window.result }
        }
    }

    /// One body is made, and only the time in it is written anew.
    private func write(_ body: [UInt8], to message: inout Multipart) {
        message.removeAll()
        switch wire {
        case .majordomo(let service), .method(_, let service, _):
            message.append("MDPC02" as StaticString)
            message.append(byte: 1)
            message.append(service)
        case .bare, .nats: break
        }
        message.append(body)
    }

    /// What is no call begins with a letter, so that no one takes it for JSON.
    private var body: String {
        if case .method(let name, _, let params) = wire {
            return #"{"jsonrpc":"2.0","id":"\#(BenchStamp.mark)","method":"\#(name)","params":\#(params)}"#
        }
        let begin = "x" + BenchStamp.mark
        return begin + String(repeating: "x", count: BenchLoad.bodyBytes - begin.utf8.count)
    }

    private static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds) }

    /// The warm-up, then the time that counts.
    private struct Window {
        private let span: Int64
        private var begun: Int64
        private var end: Int64
        private var isWarm = false
        private var latencies: [Int64] = []

        init(_ span: Duration) {
            self.span = Self.nanoseconds(span)
            begun = BenchLoad.now
            end = begun + Self.nanoseconds(BenchLoad.warmUp)
            latencies.reserveCapacity(1 << 21)
        }

        mutating func add(_ sent: Int64?, _ now: Int64) { if let sent { latencies.append(now - sent) } }

        mutating func isOver(_ now: Int64) -> Bool {
            if now < end { return false }
            if isWarm {
                end = now
                return true
            }
            (isWarm, begun, end) = (true, now, now + span)
            latencies.removeAll(keepingCapacity: true)
            return false
        }

        var result: Result {
            let sorted = latencies.sorted()
            func percentile(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000
            }
            return Result(
                perSecond: Double(sorted.count) * 1e9 / Double(end - begun), p50Us: percentile(0.5),
                p99Us: percentile(0.99))
        }

        private static func nanoseconds(_ span: Duration) -> Int64 {
            span.components.seconds * 1_000_000_000 + span.components.attoseconds / 1_000_000_000
        }
    }
}
