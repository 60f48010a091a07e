import Logging
import ZeroMQ

/// Says when there may be new events: at each that `events.sock` publishes of the wanted types, and every few seconds,
/// since a subscriber may miss some. The events themselves are thrown away here: a consumer reads the log.
final class EventNews: Sendable {
    /// After so long without an event the log is looked at all the same, in milliseconds.
    static let patience = 5_000

    /// One for each consumer.
    let streams: [AsyncStream<Void>]
    private let stop: Mailbox<Void>
    private let thread: DedicatedThread

    /// - Parameter curve: the keys for a gateway on `tcp://`.
    init(endpoint: String, curve: CurveClient?, _ consumers: [Consumer], log: Logger) throws {
        let made = consumers.map { _ in AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }
        streams = made.map(\.stream)
        let stop = try Mailbox<Void>(capacity: 1)
        self.stop = stop
        let topics = Set(consumers.flatMap(\.topics)).sorted()
        thread = try DedicatedThread(name: "ieum-news") { [signals = made.map(\.continuation)] startup in
            do throws(ZeroMQError) {
                let socket = try Self.subscribe(endpoint, curve, topics)
                startup.succeeded()
                try Self.listen(socket, until: stop) { for signal in signals { signal.yield() } }
            } catch {
                startup.failed(error)
                log.error("news of events end: \(error)")
            }
            for signal in signals { signal.finish() }
        }
    }

    deinit { stop.close() }

    /// The streams end. Blocks for a moment.
    func close() {
        stop.close()
        thread.waitUntilEnded()
    }

    private static func subscribe(
        _ endpoint: String, _ curve: CurveClient?, _ topics: [String]
    ) throws(ZeroMQError) -> Socket {
        let socket = try Socket(.subscribe, in: try Context())
        // Only that something came is of interest.
        try socket.set(.receiveHighWaterMark, 100)
        for topic in topics { try socket.subscribe(Array(topic.utf8)) }
        if let curve { try socket.secure(curve) }
        try socket.connect(endpoint)
        return socket
    }

    private static func listen(
        _ socket: borrowing Socket, until stop: Mailbox<Void>, _ tell: () -> Void
    ) throws(ZeroMQError) {
        var poll = Poll()
        _ = poll.watch(socket)
        _ = poll.watch(stop)
        var message = Multipart()
        while !stop.isClosed {
            tell()
            try poll.wait(milliseconds: patience)
            while try socket.receive(into: &message) != .nothing {}
        }
    }
}
