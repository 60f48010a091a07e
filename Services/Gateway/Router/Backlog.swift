import DequeModule
import ZeroMQ

/// What peers do not take at the moment: a queue for each, bounded by bytes, and all together by a moving bound: a peer
/// may have at most `share` times as much waiting as is still free. libzmq's own queues count messages and, on a
/// ROUTER, drop in silence.
struct Backlog {
    private struct Queue {
        var messages: Deque<Multipart> = []
        var bytes = 0
    }

    private static let share = 4
    private let limit: Int
    private let total: Int
    private var queues: [ByteKey: Queue] = [:]
    /// Of all queues.
    private(set) var bytes = 0

    init(_ limits: Limits) {
        limit = limits.outgoingBytes
        total = limits.outgoingBytesInAll
    }

    var isEmpty: Bool { queues.isEmpty }

    func holds(_ peer: ByteKey) -> Bool { queues[peer] != nil }

    /// False when the peer's queue is full.
    /// - Parameter isPartial: it may fill half of the queue alone, so that a stream leaves room for its end.
    mutating func append(_ message: Multipart, for peer: ByteKey, isPartial: Bool = false) -> Bool {
        let own = queues[peer]?.bytes ?? 0
        let free = max(0, total - bytes)
        let bound = min(isPartial ? limit / 2 : limit, free * Self.share)
        guard own + message.byteCount <= bound, message.byteCount <= free else { return false }
        queues[peer, default: Queue()].messages.append(message)
        queues[peer]?.bytes = own + message.byteCount
        bytes += message.byteCount
        return true
    }

    /// Tries every queue until its peer takes no more.
    /// - Returns: the messages of peers that are gone.
    mutating func flush(
        _ send: (Multipart, ByteKey) throws(ZeroMQError) -> Socket.Sent
    ) throws(ZeroMQError) -> [Outgoing] {
        var undelivered: [Outgoing] = []
        for peer in Array(queues.keys) {
            guard var queue = queues.removeValue(forKey: peer) else { continue }
            var outcome = Socket.Sent.sent
            while outcome == .sent, let message = queue.messages.first {
                outcome = try send(message, peer)
                guard outcome == .sent else { break }
                queue.messages.removeFirst()
                queue.bytes -= message.byteCount
                bytes -= message.byteCount
            }
            if outcome == .unreachable {
                bytes -= queue.bytes
                undelivered += queue.messages.map { Outgoing(peer: .remote(peer), message: $0) }
            } else if !queue.messages.isEmpty {
                queues[peer] = queue
            }
        }
        return undelivered
    }

    mutating func forget(_ peer: ByteKey) {
        guard let queue = queues.removeValue(forKey: peer) else { return }
        bytes -= queue.bytes
    }
}
