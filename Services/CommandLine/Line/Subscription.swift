import JSON
import Synchronization
import ZeroMQ

/// What `events.sock` publishes, from now on. libzmq drops silently for a slow reader, and so does this: whoever needs
/// every event looks at `sequence` and reads what is missing from the log.
final class Subscription: Sendable {
    private static let waiting = 10_000
    private static let pollMs = 50

    let events: AsyncStream<JSON>
    private let thread: DedicatedThread
    private let isClosed: Flag

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    init(endpoint: String, curve: CurveClient? = nil) throws(ZeroMQError) {
        let (events, heard) = AsyncStream.makeStream(of: JSON.self, bufferingPolicy: .bufferingOldest(Self.waiting))
        let isClosed = Flag()
        (self.events, self.isClosed) = (events, isClosed)
        thread = try DedicatedThread(name: "ieum-events") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                let socket = try Socket(.subscribe, in: context)
                if let curve { try socket.secure(curve) }
                try socket.subscribe([])
                try socket.connect(endpoint)
                startup.succeeded()
                var poll = Poll()
                let index = poll.watch(socket)
                var message = Multipart()
                while !isClosed.value.load(ordering: .relaxed) {
                    try poll.wait(milliseconds: Self.pollMs)
                    guard poll.isReady(index) else { continue }
                    while try socket.receive(into: &message) == .message {
                        guard message.count == 2, let event = try? JSON(parsing: message[1]) else { continue }
                        heard.yield(event)
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
