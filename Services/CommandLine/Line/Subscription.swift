import JSON
import Synchronization
import ZeroMQ

/// Says when `events.sock` publishes something. The events themselves are read from the log, since a slow subscriber
/// misses some.
final class Subscription: Sendable {
    private static let pollMs = 50

    /// The sequence of the latest event that was published.
    let news: AsyncStream<Int64>
    private let thread: DedicatedThread
    private let isClosed: Flag

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    /// - Parameter types: all when empty; one that ends in `*` stands for all that begin so.
    init(endpoint: String, curve: CurveClient?, types: [String]) throws(ZeroMQError) {
        let (news, heard) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let isClosed = Flag()
        (self.news, self.isClosed) = (news, isClosed)
        let topics = types.isEmpty ? [""] : types.map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 }
        thread = try DedicatedThread(name: "ieum-events") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                let socket = try Socket(.subscribe, in: context)
                if let curve { try socket.secure(curve) }
                for topic in topics { try socket.subscribe(Array(topic.utf8)) }
                try socket.connect(endpoint)
                startup.succeeded()
                var poll = Poll()
                let index = poll.watch(socket)
                var message = Multipart()
                while !isClosed.value.load(ordering: .relaxed) {
                    try poll.wait(milliseconds: Self.pollMs)
                    guard poll.isReady(index) else { continue }
                    while try socket.receive(into: &message) == .message {
                        guard message.count == 2, let event = try? JSON(parsing: message[1]),
                            let sequence = event["sequence"]?.integer
                        else { continue }
                        heard.yield(sequence)
                    }
                }
            } catch { startup.failed(error) }
            heard.finish()
        }
    }

    func close() {
        isClosed.value.store(true, ordering: .relaxed)
        thread.waitUntilEnded()
    }
}
