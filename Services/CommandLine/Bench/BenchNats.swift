import Foundation
import ZeroMQ

/// nats-server beside the gateway, where it is installed: request and reply in its text protocol
/// (https://docs.nats.io/reference/reference-protocols/nats-protocol), an echo of ours behind it.
enum BenchNats {
    static let program = "nats-server"
    static var port: Int { 20_000 + Int(getpid()) % 10_000 }
    private static let subject = "bench.echo"
    private static let inbox = "bench.inbox"

    static var isInstalled: Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    static func request(_ body: [UInt8], to out: inout [UInt8]) { publish(subject, reply: inbox, body[...], to: &out) }

    static func client(_ socket: borrowing Socket, port: Int) throws(ZeroMQError) -> Connection {
        try Connection(socket, port: port, subscribing: inbox)
    }

    /// Answers every request with its body, for ever.
    static func echo(_ socket: borrowing Socket, port: Int) throws(ZeroMQError) {
        var connection = try Connection(socket, port: port, subscribing: subject)
        var out: [UInt8] = []
        while true {
            out.removeAll(keepingCapacity: true)
            try connection.receive(socket) { reply, body in
                publish(String(decoding: reply, as: UTF8.self), reply: nil, body, to: &out)
            }
            try connection.send(out, socket)
        }
    }

    private static func publish(_ subject: String, reply: String?, _ body: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(contentsOf: "PUB \(subject) \(reply.map { $0 + " " } ?? "")\(body.count)\r\n".utf8)
        out.append(contentsOf: body)
        out.append(contentsOf: "\r\n".utf8)
    }

    /// A plain TCP connection, as a ZMQ_STREAM socket has it.
    struct Connection: ~Copyable {
        private var poll = Poll()
        private var peer = ByteKey("")
        private var message = Multipart()
        private var unread: [UInt8] = []

        init(_ socket: borrowing Socket, port: Int, subscribing subject: String) throws(ZeroMQError) {
            try socket.connect("tcp://127.0.0.1:\(port)")
            _ = poll.watch(socket)
            // The first message is empty and says that the connection is there.
            while try socket.receive(into: &message, from: &peer) != .message { try poll.wait(milliseconds: 1000) }
            try send(Array("CONNECT {\"verbose\":false}\r\nSUB \(subject) 1\r\n".utf8), socket)
        }

        func send(_ bytes: [UInt8], _ socket: borrowing Socket) throws(ZeroMQError) {
            if !bytes.isEmpty { _ = try socket.send(Multipart([bytes]), to: peer) }
        }

        /// Waits for what comes, up to a second, and visits every message in it.
        mutating func receive(
            _ socket: borrowing Socket, _ visit: (_ reply: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>) -> Void
        ) throws(ZeroMQError) {
            try poll.wait(milliseconds: 1000)
            while try socket.receive(into: &message, from: &peer) == .message {
                unread.append(contentsOf: message.bytes)
            }
            var start = 0
            while let end = unread[start...].firstIndex(of: 13), end + 1 < unread.count {
                let words = unread[start..<end].split(separator: 0x20)
                var next = end + 2
                if words.first?.elementsEqual("MSG".utf8) ?? false {
                    // MSG subject sid [reply] count
                    let count = Int(String(decoding: words[words.count - 1], as: UTF8.self)) ?? 0
                    guard next + count + 2 <= unread.count else { break }
                    visit(words.count > 4 ? words[3] : [], unread[next..<next + count])
                    next += count + 2
                } else if words.first?.elementsEqual("PING".utf8) ?? false {
                    try send(Array("PONG\r\n".utf8), socket)
                }
                start = next
            }
            unread.removeSubrange(..<start)
        }
    }
}
