import Dispatch
import Glibc
import JSON
import ServiceKit
import ZeroMQ

/// A peer that says whatever it likes: frames on a socket of its own, and no library that keeps it from nonsense.
struct Stranger: ~Copyable {
    private let endpoint: String
    private let socket: Socket
    private var poll: Poll
    private var message = Multipart()

    private init(_ endpoint: String) throws {
        let socket = try Socket(.dealer, in: Context(), linger: 1000)
        try socket.connect(endpoint)
        var poll = Poll()
        _ = poll.watch(socket)
        self.poll = poll
        self.endpoint = endpoint
        self.socket = socket
    }

    /// Lets a stranger talk to the gateway of a set, on a thread where it may block.
    static func talk<R: Sendable>(
        to set: RunningSet, _ body: @escaping @Sendable (inout Stranger) throws -> R
    ) async throws -> R {
        let endpoint = "ipc://\(set.run)/gateway.sock"
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        var stranger = try Stranger(endpoint)
                        return try body(&stranger)
                    })
            }
        }
    }

    /// One more, on the same thread.
    func another() throws -> Stranger { try Stranger(endpoint) }

    struct Silence: Error { let after: [UInt8] }
    struct NotTaken: Error {}

    /// Sends frames as they are; waits while the socket takes no more.
    mutating func send(_ frames: [[UInt8]]) throws {
        for _ in 0..<5_000 {
            if try socket.send(Multipart(frames)) == .sent { return }
            usleep(1_000)
        }
        throw NotTaken()
    }

    /// The next message, nil when none comes in time.
    mutating func receive(within milliseconds: Int = 10_000) throws -> [[UInt8]]? {
        if try socket.receive(into: &message) == .message { return message.frames }
        try poll.wait(milliseconds: milliseconds)
        return try socket.receive(into: &message) == .message ? message.frames : nil
    }

    /// The first message that fits.
    mutating func receive(where fits: ([[UInt8]]) -> Bool) throws -> [[UInt8]] {
        while let frames = try receive() {
            if fits(frames) { return frames }
        }
        throw Silence(after: [])
    }

    mutating func request(_ service: String, _ body: [[UInt8]]) throws {
        try send([Array("MDPC02".utf8), [1], Array(service.utf8)] + body)
    }

    /// A worker's FINAL after MDP 0.2.
    mutating func reply(to address: [UInt8], _ body: String) throws {
        try send([Array("MDPW02".utf8), [4], address, [], Array(body.utf8)])
    }

    /// The address and the body of the next request that the gateway hands to this worker.
    mutating func work() throws -> (address: [UInt8], body: [UInt8]) {
        let frames = try receive { $0.count > 4 && $0[0] == Array("MDPW02".utf8) && $0[1] == [2] }
        return (frames[2], frames[4])
    }

    /// One request after MDP 0.2 and the JSON of its answer.
    mutating func ask(_ service: String, _ body: [[UInt8]]) throws -> JSON {
        try request(service, body)
        guard let frames = try receive() else { throw Silence(after: Array((body.first ?? []).prefix(200))) }
        return try JSON(parsing: frames.last ?? [])
    }

    /// What was sent before on this socket has been seen when this is answered.
    mutating func settle() throws {
        try request("gateway", [Array(Stranger.ping.utf8)])
        _ = try receive { $0.count == 4 && $0[0] == Array("MDPC02".utf8) && $0[2] == Array("gateway".utf8) }
    }

    /// Says READY after MDP 0.2 and waits for the first heartbeat, or for the refusal.
    /// - Returns: the command that came: 5 is HEARTBEAT, 6 is DISCONNECT.
    mutating func serve(_ service: [UInt8], announcement: [UInt8]? = nil) throws -> UInt8? {
        try send([Array("MDPW02".utf8), [1], service] + (announcement.map { [$0] } ?? []))
        return try receive { $0.first == Array("MDPW02".utf8) }[1].first
    }

    static let ping = #"{"jsonrpc":"2.0","id":"ping","method":"service.ping"}"#
}
