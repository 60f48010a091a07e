import JSON
import Synchronization
import ZeroMQ

/// One load: a DEALER on a thread of its own that keeps a number of requests outstanding for a while.
struct BenchLoad: Sendable {
    enum Wire: Sendable {
        /// MDP 0.2 to the service of that name.
        case majordomo(service: String)
        /// The body alone, for `zmq_proxy`.
        case bare
    }

    /// Requests that were answered, and how long each took.
    struct Result: Sendable {
        let perSecond: Double
        let p50Us: Double
        let p99Us: Double
    }

    static let bodyBytes = 256
    static let warmUp: Duration = .milliseconds(300)

    let endpoint: String
    let wire: Wire
    let outstanding: Int
    let span: Duration

    func run() async throws -> Result {
        let (results, finished) = AsyncStream.makeStream(of: Result.self)
        let thread = try DedicatedThread(name: "ieum-load") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                let socket = try Socket(.dealer, in: context)
                try socket.connect(endpoint)
                startup.succeeded()
                finished.yield(try measure(socket))
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
        let clock = ContinuousClock()
        let zero = clock.now
        var poll = Poll()
        let index = poll.watch(socket)
        var latencies: [Int64] = []
        latencies.reserveCapacity(1 << 20)
        var message = Multipart()
        for _ in 0..<outstanding { _ = try socket.send(request(at: 0)) }
        var counted = 0
        var begun = zero
        var end = zero + BenchLoad.warmUp
        var isWarm = false
        while true {
            try poll.wait(milliseconds: 1000)
            let now = clock.now
            if now >= end {
                if isWarm {
                    return result(counted, latencies, over: now - begun)
                }
                (isWarm, counted, begun, end) = (true, 0, now, now + span)
                latencies.removeAll(keepingCapacity: true)
            }
            guard poll.isReady(index) else { continue }
            while try socket.receive(into: &message) == .message {
                let at = BenchLoad.nanoseconds(clock.now - zero)
                latencies.append(at - sentAt(message))
                counted += 1
                _ = try socket.send(request(at: at))
            }
        }
    }

    /// The body begins with a letter, so that no one takes it for JSON, and then the time of sending.
    private func request(at time: Int64) -> Multipart {
        var body = [UInt8](repeating: UInt8(ascii: "x"), count: BenchLoad.bodyBytes)
        for byte in 0..<8 { body[byte + 1] = UInt8(truncatingIfNeeded: time >> (8 * Int64(byte))) }
        switch wire {
        case .majordomo(let service): return Multipart([Array("MDPC02".utf8), [1], Array(service.utf8), body])
        case .bare: return Multipart([body])
        }
    }

    private func sentAt(_ message: Multipart) -> Int64 {
        let body = message[message.count - 1]
        guard body.count > 8 else { return 0 }
        return (0..<8).reduce(0) { $0 | Int64(body[body.startIndex + $1 + 1]) << (8 * Int64($1)) }
    }

    private func result(_ count: Int, _ latencies: [Int64], over span: Duration) -> Result {
        let sorted = latencies.sorted()
        func percentile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000
        }
        return Result(
            perSecond: Double(count) * 1e9 / Double(BenchLoad.nanoseconds(span)), p50Us: percentile(0.5),
            p99Us: percentile(0.99))
    }

    private static func nanoseconds(_ span: Duration) -> Int64 {
        span.components.seconds * 1_000_000_000 + span.components.attoseconds / 1_000_000_000
    }
}
