import Logging
import Majordomo
import ZeroMQ

/// One page over HTTP/1.1, `/metrics`, on a thread of its own: a ZMQ_STREAM socket carries the bytes, so that nothing
/// but libzmq is needed for it. Connections, waits and sizes are bounded.
final class MetricsPort: Sendable {
    private static let connections = 32
    /// Answers that wait for one who does not read them.
    private static let unread: Int32 = 8

    private struct Answer: Sendable {
        let connection: ByteKey
        let request: HTTPRequest
        let text: String
    }

    private struct Connection {
        var received: [UInt8] = []
        var isWaiting = false
        /// Since it came, or had its last answer: a request must be whole in time, however slowly its bytes come.
        var since: Int64
        let descriptor: Int32?
    }

    private let answers: Mailbox<Answer>
    private let thread: DedicatedThread

    /// - Parameters:
    ///   - patience: milliseconds for a whole request, after which its connection is closed.
    ///   - gather: the page's text.
    init(
        _ address: MetricsAddress, patience: Int64 = 30_000, gather: @escaping @Sendable () async -> String
    ) throws(ZeroMQError) {
        let answers = try Mailbox<Answer>(capacity: Self.connections)
        self.answers = answers
        thread = try DedicatedThread(name: "ieum-metrics") { startup in
            do throws(ZeroMQError) {
                let socket = try Socket(.stream, in: Context(), linger: 250)
                try socket.set(.sendHighWaterMark, Self.unread)
                try socket.bind(address.endpoint)
                startup.succeeded()
                var loop = Loop(socket: socket, answers: answers, patience: patience, gather: gather)
                try loop.run()
            } catch { startup.failed(error) }
            answers.close()
        }
    }

    deinit { answers.close() }

    func stop() {
        answers.close()
        thread.waitUntilEnded()
    }

    private struct Loop: ~Copyable {
        let socket: Socket
        let answers: Mailbox<Answer>
        let patience: Int64
        let gather: @Sendable () async -> String
        var open: [ByteKey: Connection] = [:]
        var message = Multipart()
        var peer = ByteKey("")

        init(
            socket: consuming Socket, answers: Mailbox<Answer>, patience: Int64,
            gather: @escaping @Sendable () async -> String
        ) {
            self.socket = socket
            self.answers = answers
            self.patience = patience
            self.gather = gather
        }

        mutating func run() throws(ZeroMQError) {
            var poll = Poll()
            let socketIndex = poll.watch(socket)
            let answersIndex = poll.watch(answers)
            while !answers.isClosed {
                try poll.wait(milliseconds: open.isEmpty ? -1 : Int(min(patience, 1_000)))
                let now = Clock.now
                if poll.isReady(socketIndex) { try read(now) }
                if poll.isReady(answersIndex) {
                    for answer in answers.drain() { try give(answer, now) }
                }
                for (key, connection) in open where !connection.isWaiting && now - connection.since > patience {
                    try close(key)
                }
            }
        }

        private mutating func read(_ now: Int64) throws(ZeroMQError) {
            while try socket.receive(into: &message, from: &peer) == .message {
                let bytes = message.count > 0 ? message[0] : []
                if open[peer] == nil {
                    // An empty frame tells of a new connection; of a closed one as well, which is known then.
                    guard open.count < MetricsPort.connections else {
                        try close(peer)
                        continue
                    }
                    open[peer] = Connection(since: now, descriptor: socket.sourceDescriptor)
                } else if bytes.isEmpty {
                    open[peer] = nil
                    continue
                }
                open[peer]?.received += bytes
                try proceed(peer)
            }
        }

        /// One request after the other of a connection.
        private mutating func proceed(_ key: ByteKey) throws(ZeroMQError) {
            while let connection = open[key], !connection.received.isEmpty {
                if connection.isWaiting {
                    // What comes meanwhile is kept, as far as it may be a request.
                    if connection.received.count > HTTPRequest.longestHead { try close(key) }
                    return
                }
                switch HTTPRequest.read(connection.received) {
                case .incomplete: return
                case .malformed:
                    _ = try send(HTTPResponse.malformed.bytes(staysOpen: false), to: key)
                    return try close(key)
                case .whole(let request, let length):
                    open[key]?.received.removeFirst(length)
                    try answer(request, key)
                }
            }
        }

        private mutating func answer(_ request: HTTPRequest, _ key: ByteKey) throws(ZeroMQError) {
            guard ["GET", "HEAD"].contains(request.method) else { return try give(.notAllowed, request, key) }
            guard request.path == "/metrics" else { return try give(.unknown, request, key) }
            open[key]?.isWaiting = true
            Task { [gather, answers] in
                let text = await gather()
                _ = answers.post(Answer(connection: key, request: request, text: text), evenIfFull: true)
            }
        }

        private mutating func give(_ answer: Answer, _ now: Int64) throws(ZeroMQError) {
            guard open[answer.connection] != nil else { return }
            open[answer.connection]?.isWaiting = false
            open[answer.connection]?.since = now
            let response = HTTPResponse(
                status: "200 OK", contentType: Exposition.contentType, body: answer.text)
            try give(response, answer.request, answer.connection)
            try proceed(answer.connection)
        }

        private mutating func give(
            _ response: HTTPResponse, _ request: HTTPRequest, _ key: ByteKey
        ) throws(ZeroMQError) {
            let bytes = response.bytes(withBody: request.method != "HEAD", staysOpen: request.staysOpen)
            // Who does not read its answers is not waited for.
            if try send(bytes, to: key) != .sent || !request.staysOpen { try close(key) }
        }

        private func send(_ bytes: [UInt8], to key: ByteKey) throws(ZeroMQError) -> Socket.Sent {
            try socket.send(Multipart([bytes]), to: key)
        }

        /// An empty frame closes the connection after what was sent. When not even that finds room, it ends at once,
        /// and libzmq tells of it.
        private mutating func close(_ key: ByteKey) throws(ZeroMQError) {
            guard try send([], to: key) == .wouldBlock, let descriptor = open[key]?.descriptor else {
                open[key] = nil
                return
            }
            open[key]?.isWaiting = true
            open[key]?.received = []
            endConnection(descriptor)
        }
    }
}
