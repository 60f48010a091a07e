import DequeModule
import Majordomo
import ZeroMQ

/// Between a gateway and its successor: the former keeps the connections of its clients, since libzmq loses what a
/// client just sends into a connection that is being closed, and passes their messages on. One frame stands before
/// each, in both directions: `IEUMR1`, the length of the client's mark, the mark, the client's User-Id.
///
/// Only the user of the gateway can speak so, whom a policy cannot restrict anyway.
enum Relay {
    private static let name = Array("IEUMR1".utf8)

    /// What a message may be larger by.
    static let headerBytes = 1_024

    /// Whether it may begin with a header: no protocol's name is so long.
    static func isMarked(_ message: Multipart) -> Bool {
        message.count > 1 && message.byteCount(of: 0) > name.count && message[0].starts(with: name)
    }

    struct Header: Hashable {
        /// Means something to the sender only: it comes back with the reply.
        let mark: ByteKey
        let userID: String
    }

    static func frame(_ mark: ByteKey, _ userID: String) -> [UInt8] {
        name + [UInt8(truncatingIfNeeded: mark.count)] + mark.bytes + Array(userID.utf8)
    }

    static func header(_ message: Multipart) -> Header? {
        guard isMarked(message) else { return nil }
        let frame = message[0]
        let length = Int(frame[frame.startIndex + name.count])
        let rest = frame.dropFirst(name.count + 1)
        guard rest.count >= length else { return nil }
        return Header(
            mark: ByteKey(rest.prefix(length)), userID: String(decoding: rest.dropFirst(length), as: UTF8.self))
    }

    /// The message behind the frame.
    static func content(_ message: Multipart) -> Multipart {
        var content = Multipart(reservingBytes: message.byteCount)
        content.append(1..<message.count, of: message)
        return content
    }

    static func wrapped(_ message: Multipart, _ mark: ByteKey, _ userID: String = "") -> Multipart {
        var whole = Multipart([frame(mark, userID)])
        whole.append(0..<message.count, of: message)
        return whole
    }
}

extension PeerID {
    /// How a client is found again when a reply comes back: also one that came through a predecessor itself.
    var mark: ByteKey? {
        switch self {
        case .remote(let key): ByteKey([0] + key.bytes)
        case .relayed(let via, let client):
            ByteKey([1, UInt8(truncatingIfNeeded: via.count)] + via.bytes + client.bytes)
        case .internal: nil
        }
    }

    init?(mark: ByteKey) {
        let bytes = mark.bytes
        switch bytes.first {
        case 0: self = .remote(ByteKey(bytes.dropFirst()))
        case 1:
            guard bytes.count > 1, bytes.count >= 2 + Int(bytes[1]) else { return nil }
            let end = 2 + Int(bytes[1])
            self = .relayed(via: ByteKey(bytes[2..<end]), client: ByteKey(bytes[end...]))
        default: return nil
        }
    }
}

/// The connection of a gateway that has handed over to its successor.
struct Successor: ~Copyable {
    let socket: Socket
    private var waiting: Deque<Multipart> = []

    init(_ directory: String, in context: Context) throws(ZeroMQError) {
        let socket = try Socket(.dealer, in: context, linger: RouterSockets.linger, monitoredAs: "successor")
        try socket.set(.sendHighWaterMark, 0)
        try socket.connect("ipc://\(directory)/gateway.sock")
        self.socket = socket
    }

    mutating func send(_ message: Multipart) throws(ZeroMQError) {
        waiting.append(message)
        try flush()
    }

    mutating func flush() throws(ZeroMQError) {
        while let message = waiting.first, try socket.send(message) == .sent { waiting.removeFirst() }
    }
}
