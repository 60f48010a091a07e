import Logging
import Majordomo
import ZeroMQ

/// One page over HTTP/1.1, `/metrics`, on a thread of its own: a ZMQ_STREAM socket carries the bytes, so that nothing
/// but libzmq is needed for it. Connections, waits and sizes are bounded.
final class MetricsPort: Sendable {
    private static let connections = 32
    /// Milliseconds without a byte after which a connection is closed.
    private static let silence: Int64 = 30_000

    private struct Answer: Sendable {
        let connection: ByteKey
        let request: HTTPRequest
        let text: String
    }

    private struct Connection {
        var received: [UInt8] = []
        var isWaiting = false
        var heardAt: Int64
    }

    private let answers: Mailbox<Answer>
    private let thread: DedicatedThread

    /// - Parameter gather: the page's text.
    init(_ address: MetricsAddress, gather: @escaping @Sendable () async -> String) throws(ZeroMQError) {
        let answers = try Mailbox<Answer>(capacity: Self.connections)
        self.answers = answers
        thread = try DedicatedThread(name: "ieum-metrics") { startup in
            do throws(ZeroMQError) {
                let socket = try Socket(.stream, in: Context(), linger: 250)
                try socket.bind(address.endpoint)
                startup.succeeded()
                var loop = Loop(socket: socket, answers: answers, gather: gather)
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
        let gather: @Sendable () async -> String
        var open: [ByteKey: Connection] = [:]
        var message = Multipart()
        var peer = ByteKey("")

        init(
            socket: consuming Socket, answers: Mailbox<Answer>, gather: @escaping @Sendable () async -> String
        ) {
            self.socket = socket
            self.answers = answers
            self.gather = gather
        }

        mutating func run() throws(ZeroMQError) {
            var poll = Poll()
            let socketIndex = poll.watch(socket)
            let answersIndex = poll.watch(answers)
            while !answers.isClosed {
                try poll.wait(milliseconds: open.isEmpty ? -1 : 1_000)
                let now = Clock.now
                if poll.isReady(socketIndex) { try read(now) }
                if poll.isReady(answersIndex) {
                    for answer in answers.drain() { try give(answer, now) }
                }
                for (key, connection) in open where now - connection.heardAt > MetricsPort.silence {
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
                    open[peer] = Connection(heardAt: now)
                } else if bytes.isEmpty {
                    open[peer] = nil
                    continue
                }
                open[peer]?.received += bytes
                open[peer]?.heardAt = now
                try proceed(peer)
            }
        }

        /// One request after the other of a connection.
        private mutating func proceed(_ key: ByteKey) throws(ZeroMQError) {
            while let connection = open[key], !connection.isWaiting, !connection.received.isEmpty {
                switch HTTPRequest.read(connection.received) {
                case .incomplete: return
                case .malformed:
                    try send(HTTPResponse.malformed.bytes(staysOpen: false), to: key)
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
            open[answer.connection]?.heardAt = now
            let response = HTTPResponse(
                status: "200 OK", contentType: Exposition.contentType, body: answer.text)
            try give(response, answer.request, answer.connection)
            try proceed(answer.connection)
        }

        private mutating func give(
            _ response: HTTPResponse, _ request: HTTPRequest, _ key: ByteKey
        ) throws(ZeroMQError) {
            let bytes = response.bytes(withBody: request.method != "HEAD", staysOpen: request.staysOpen)
            try send(bytes, to: key)
            if !request.staysOpen { try close(key) }
        }

        /// Who does not read its answer is not waited for.
        private func send(_ bytes: [UInt8], to key: ByteKey) throws(ZeroMQError) {
            _ = try socket.send(Multipart([bytes]), to: key)
        }

        /// An empty frame closes the connection after what was sent.
        private mutating func close(_ key: ByteKey) throws(ZeroMQError) {
            open[key] = nil
            try send([], to: key)
        }
    }
}
